import { describe, expect, test } from "@jest/globals";
import { RulesRoom, sharedListType, sharedRuleType } from "../../src/model/rules-room.ts";
import type { StateEvent } from "../../src/model/event.ts";
import { event, user } from "../support/make.ts";

const ann = user("@ann:example.org");
let ids = 0;
const state = (type: string, stateKey: string, content: StateEvent["content"]): StateEvent => ({
  type,
  stateKey,
  content,
  sender: ann,
  eventId: event(`$${ids++}`),
  sentAt: ids,
});
const rule = (key: string, text = "when: links", more: StateEvent["content"] = {}) =>
  state(sharedRuleType, key, { rule: text, ...more });
const list = (key: string, entries: unknown, kind: unknown = "words") =>
  state(sharedListType, key, { kind, entries });
const holding = (...events: readonly StateEvent[]) => {
  const room = new RulesRoom();
  for (const one of events) room.apply(one);
  return room;
};

describe("what is kept", () => {
  test("is the newest rule and list of each name", () => {
    const room = holding(
      rule("a"),
      rule("a", "when: media", { version: 3, digest: "d" }),
      list("bad", ["x", " x ", "y"]),
    );

    expect(room.rules.get("a")).toMatchObject({ text: "when: media", version: 3, digest: "d", by: ann });
    expect(room.lists.get("bad")).toMatchObject({ kind: "words", entries: ["x", "y"] });
    expect(room.leftOut).toBe(0);
  });

  test("goes with an empty event, a redaction, and when a read does not tell of it", () => {
    const [a, b, c] = [rule("a"), rule("b"), list("c", ["x"])];
    const room = holding(a, b, c, rule("d"));
    room.apply(state(sharedRuleType, "a", {}));
    expect(room.redact(b.eventId)).toEqual({ type: sharedRuleType, key: "b" });
    room.keepOnly([], new Set([`${sharedRuleType}\nd`]));

    expect([...room.rules.keys()]).toEqual(["d"]);
    expect(room.lists.size).toBe(0);
    expect(room.redact(event("$unknown"))).toBeUndefined();
  });

  test("counts each change, and nothing twice", () => {
    const a = rule("a");
    const room = holding(a);
    const before = room.revision;
    room.apply(a);
    expect(room.revision).toBe(before);
    room.apply(rule("a", "when: media"));
    expect(room.revision).toBeGreaterThan(before);
  });
});

describe("what is left out", () => {
  test.each([
    ["a text that is none", rule("a", 7 as never)],
    ["a long text", rule("a", "x".repeat(8_001))],
    ["entries that are none", list("a", "airdrop")],
    ["no entries", list("a", [])],
    [
      "too many entries",
      list(
        "a",
        Array.from({ length: 5_001 }, (_, i) => `w${i}`),
      ),
    ],
    ["a long entry", list("a", ["x".repeat(201)])],
    ["an empty entry", list("a", ["a", " "])],
    ["half a letter", list("a", ["\ud800"])],
  ])("is counted: %s", (_what, odd) => {
    const room = holding(odd);

    expect(room.rules.size + room.lists.size).toBe(0);
    expect(room.leftOut).toBe(1);
  });

  test("is a name that is none, in silence", () => {
    expect(holding(rule("<b>"), rule("A"), rule("a".repeat(41)), rule("")).rules.size).toBe(0);
  });

  test("is what goes beyond 256 kB, until there is room again", () => {
    const room = holding(...Array.from({ length: 40 }, (_, i) => rule(`r${i}`, "x".repeat(8_000))));
    expect(room.rules.size).toBe(32);
    expect(room.leftOut).toBe(8);

    room.apply(state(sharedRuleType, "r0", {}));
    room.apply(rule("r39", "x".repeat(8_000)));
    expect(room.rules.size).toBe(32);
    expect(room.leftOut).toBe(7);
  });

  test("is what goes beyond six hundred, and no more of it is remembered", () => {
    const room = holding(...Array.from({ length: 2_000 }, (_, i) => rule(`r${i}`)));

    expect(room.rules.size).toBe(600);
    expect(room.leftOut).toBe(600);
  });

  test("has an odd version or digest, which is not believed", () => {
    const room = holding(
      rule("a", "x", { version: 1e300, digest: { a: 1 } }),
      rule("b", "x", { version: -2 }),
    );

    expect(room.rules.get("a")).toMatchObject({ version: 1, digest: undefined });
    expect(room.rules.get("b")).toMatchObject({ version: 1 });
  });
});
