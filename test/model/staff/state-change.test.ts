import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { JsonObject } from "../../../src/kit/json.ts";
import {
  changeOf,
  isAnythingToTakeBack,
  isBeyond,
  together,
  turnedRound,
  without,
  withoutChange,
} from "../../../src/model/staff/state-change.ts";
import type { StateChange } from "../../../src/model/staff/staff-acts.ts";

const levels = { type: "m.room.power_levels", stateKey: "" };
const acl = { type: "m.room.server_acl", stateKey: "" };
const name = { type: "m.room.name", stateKey: "" };

describe("what somebody changed", () => {
  test("of levels is put back value by value, and what another has changed since stays", () => {
    const before = { ban: 50, users: { "@a:x": 100, "@b:x": 50 } };
    const theirs = { ban: 10, users: { "@a:x": 0, "@evil:x": 90 } };
    const change = changeOf(levels, before, theirs)!;

    const now = { ban: 10, kick: 60, users: { "@a:x": 20, "@evil:x": 90 } };

    expect(withoutChange(now, change)).toEqual({ ban: 50, kick: 60, users: { "@a:x": 20, "@b:x": 50 } });
  });

  test("of an ACL is put back entry by entry", () => {
    const before = { allow: ["*"], deny: ["bad.example"] };
    const change = changeOf(acl, before, { allow: ["*"], deny: ["good.example"] })!;

    const now = { allow: ["*"], deny: ["good.example", "worse.example"], allow_ip_literals: false };

    expect(withoutChange(now, change)).toEqual({
      allow: ["*"],
      deny: ["worse.example", "bad.example"],
      allow_ip_literals: false,
    });
  });

  test("of anything else is put back whole, or not at all", () => {
    const change = changeOf(name, { name: "Lobby" }, { name: "Pwned" })!;

    expect(withoutChange({ name: "Pwned" }, change)).toEqual({ name: "Lobby" });
    expect(withoutChange({ name: "Ours" }, change)).toEqual({ name: "Ours" });
  });

  test("is not kept where it is too large, nor where nothing changed", () => {
    expect(changeOf(name, {}, { name: "x".repeat(40_000) })).toBeUndefined();
    expect(changeOf(levels, { ban: 50 }, { ban: "50" })).toBeUndefined();
  });

  test("is beyond us where it is above our level, or of somebody at it", () => {
    const now = { users: { "@tyr:x": 100, "@peer:x": 100 }, users_default: 0 };

    expect(isBeyond({ path: ["ban"], before: 101, ours: 0 }, now, 100)).toBe(true);
    expect(isBeyond({ path: ["users", "@peer:x"], before: 0, ours: 100 }, now, 100)).toBe(true);
    expect(isBeyond({ path: ["users", "@low:x"], before: 50, ours: 0 }, now, 100)).toBe(false);
    expect(isBeyond({ path: ["users", "@low:x"], before: 50, ours: 0 }, now, Infinity)).toBe(false);
  });
});

describe("whatever happens in between", () => {
  const people = fc.constantFrom("@a:x", "@b:x", "@c:x");
  const numbers = fc.integer({ min: -1, max: 3 });
  const anyLevels: fc.Arbitrary<JsonObject> = fc.record(
    { ban: numbers, events_default: numbers, users: fc.dictionary(people, numbers, { maxKeys: 3 }) },
    { requiredKeys: ["users"] },
  );
  const servers = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"));
  const anyAcl: fc.Arbitrary<JsonObject> = fc.record({ allow: servers, deny: servers });
  const anyName: fc.Arbitrary<JsonObject> = fc.record({ name: fc.constantFrom("a", "b", "c") });

  /** Each value of the content by its path. */
  const flat = (content: JsonObject): ReadonlyMap<string, unknown> => {
    const entries = Object.entries(content).flatMap(([key, value]): [string, unknown][] => {
      if (Array.isArray(value)) return value.map((entry) => [`${key} ${entry}`, true]);
      if (typeof value !== "object" || value === null) return [[key, value]];
      return Object.entries(value).map(([inner, one]) => [`${key} ${inner}`, one]);
    });
    return new Map(entries);
  };

  /**
   * Each writes a whole event, as clients do. By value: who wrote it last, and what stood there when the other had written
   * last. That is what has to be there in the end.
   */
  function run(
    start: JsonObject,
    writes: readonly { readonly isTheirs: boolean; readonly content: JsonObject }[],
    place: Pick<StateChange, "type" | "stateKey">,
  ) {
    let now = start;
    let theirs: StateChange | undefined;
    const wanted = new Map(flat(start));
    const byThem = new Map<string, unknown>();
    for (const { isTheirs, content } of writes) {
      const [one, other] = [flat(now), flat(content)];
      for (const key of new Set([...one.keys(), ...other.keys()])) {
        if (one.get(key) === other.get(key)) continue;
        if (isTheirs) {
          if (!byThem.has(key)) byThem.set(key, one.get(key));
        } else {
          byThem.delete(key);
          wanted.set(key, other.get(key));
        }
      }
      const change = changeOf(place, now, content);
      if (change && isTheirs) theirs = theirs ? together(theirs, change) : change;
      else if (change && theirs) theirs = without(theirs, change);
      now = content;
    }
    const expected = new Map(flat(now));
    for (const [key, before] of byThem) expected.set(key, before);
    for (const [key, value] of expected) if (value === undefined) expected.delete(key);
    return { now, theirs, expected };
  }

  test.each([
    ["levels", levels, anyLevels],
    ["server ACLs", acl, anyAcl],
    ["a name", name, anyName],
  ] as const)("%s: nothing of theirs is left, and nothing of others' is taken back", (_, place, any) => {
    fc.assert(
      fc.property(
        any,
        fc.array(fc.record({ isTheirs: fc.boolean(), content: any }), { maxLength: 6 }),
        (start, writes) => {
          const { now, theirs, expected } = run(start, writes, place);

          const after = theirs ? withoutChange(now, theirs) : now;
          // Turned round it gives back what they had, where nobody else has written since.
          const isAlone = theirs !== undefined && writes.every(({ isTheirs }) => isTheirs);
          const back =
            isAlone && isAnythingToTakeBack(now, theirs) ? withoutChange(after, turnedRound(theirs)) : now;

          expect(flat(after)).toEqual(expected);
          expect(theirs !== undefined && isAnythingToTakeBack(after, theirs)).toBe(false);
          expect(flat(back)).toEqual(flat(now));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
