import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { StateEvent } from "../../src/model/event.ts";
import { PolicyList, RuleBudget } from "../../src/model/policy-list.ts";
import {
  contentOfRule,
  isRuleType,
  normaliseEntity,
  readRule,
  ruleEventTypes,
  type Rule,
} from "../../src/model/policy-rule.ts";
import { event, listA, ruleEvent, state, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const stable = "m.policy.rule.user";
const middle = "m.room.rule.user";
const oldest = "org.matrix.mjolnir.rule.user";
const redaction = { event: event("$redaction"), by: user("@mod:example.org") };

let list: PolicyList;
beforeEach(() => {
  list = new PolicyList(listA, usualLimits, new RuleBudget(100_000));
});

const read = (one: StateEvent) => readRule(listA, one, usualLimits) as Rule;
/** The clock stands at 0 unless a test is about time. */
const apply = (one: StateEvent, now = 0) => list.apply(one, now);
const reread = (...events: readonly StateEvent[]) =>
  list.reconcile(events, { newer: new Set(), now: 0 }).changes;
const inForce = () => [...list.rules()].map((rule) => rule.entity);

describe("reading a rule", () => {
  test("takes all nine event types and nothing else", () => {
    expect(ruleEventTypes).toHaveLength(9);
    expect(ruleEventTypes.every(isRuleType)).toBe(true);
    expect(isRuleType("m.policy.rule.event")).toBe(false);
    expect(
      readRule(listA, state("m.room.topic", { entity: "@a:x", recommendation: "m.ban" }), usualLimits),
    ).toBeUndefined();
  });

  test.each([
    ["m.ban", "ban"],
    ["org.matrix.mjolnir.ban", "ban"],
    ["m.takedown", "takedown"],
    ["org.matrix.msc4204.takedown", "takedown"],
    ["m.allow", "allow"],
    ["org.matrix.mjolnir.allow", "allow"],
    ["fi.mau.meowlnir.unban", "allow"],
    ["m.mute", "other"],
    ["M.BAN", "other"],
    ["", "other"],
    ["constructor", "other"],
  ])("%s is %s", (recommendation, meant) => {
    expect(read(ruleEvent("@a:x", { recommendation })).recommendation).toBe(meant);
  });

  test("an empty content is a removed rule, and no complaint", () => {
    expect(readRule(listA, state(stable, {}), usualLimits)).toBeUndefined();
  });

  test.each([
    ["no entity", { recommendation: "m.ban" }],
    ["no recommendation", { entity: "@a:x" }],
    ["an empty entity", { entity: "", recommendation: "m.ban" }],
    ["an entity of 513 characters", { entity: "@".padEnd(513, "a"), recommendation: "m.ban" }],
    ["a number as entity", { entity: 5, recommendation: "m.ban" }],
    ["an array as recommendation", { entity: "@a:x", recommendation: ["m.ban"] }],
    ["a hash that is a number", { hashes: { sha256: 5 }, recommendation: "m.ban" }],
  ])("%s is told in a sentence", (_what, content) => {
    expect(readRule(listA, state(stable, content), usualLimits)).toMatch(/^the .{10,}$/);
  });

  test("a missing or odd reason is an empty one, a long one is cut", () => {
    expect(read(state(stable, { entity: "@a:x", recommendation: "m.ban" })).reason).toBe("");
    expect(read(state(stable, { entity: "@a:x", recommendation: "m.ban", reason: 7 })).reason).toBe("");
    expect(read(ruleEvent("@a:x", { reason: "a".repeat(60_000) })).reason).toHaveLength(500);
  });

  test.each(["hashes", "org.matrix.msc4205.hashes"])("a hash under %s stands for the entity", (field) => {
    const rule = read(state(stable, { [field]: { sha256: "abc=" }, recommendation: "m.ban" }));

    expect(rule).toMatchObject({ entity: undefined, hash: "abc=" });
  });

  test("where both are given the entity is believed", () => {
    const rule = read(ruleEvent("@a:x", { more: { hashes: { sha256: "abc=" } } }));

    expect(rule).toMatchObject({ entity: "@a:x", hash: undefined });
  });

  test.each([
    [{ expiry: 5_000 }, 5_000],
    [{ "support.feline.policy.expiry.rev.2": 6_000 }, 6_000],
    [{ expiry: 0 }, undefined],
    [{ expiry: -1 }, undefined],
    [{ expiry: "5000" }, undefined],
    [{}, undefined],
  ])("%p expires at %p", (more, at) => {
    expect(read(ruleEvent("@a:x", { more })).expiresAt).toBe(at);
  });

  test("servers are kept in lower case without port, users and rooms as written", () => {
    expect(normaliseEntity("server", " Evil.Example:8448 ")).toBe("evil.example");
    expect(normaliseEntity("server", "[2001:DB8::1]:8448")).toBe("[2001:db8::1]");
    expect(normaliseEntity("user", "@Ann:Example.org:8448")).toBe("@Ann:Example.org:8448");
    expect(normaliseEntity("room", "!Room:example.org")).toBe("!Room:example.org");
  });

  test("never throws, whatever the content holds", () => {
    const content = fc.dictionary(
      fc.constantFrom("entity", "recommendation", "reason", "hashes", "expiry", "__proto__"),
      fc.oneof(fc.jsonValue(), fc.constant("m.ban"), fc.constant("@a:x")),
    );
    fc.assert(
      fc.property(content, fc.constantFrom(...ruleEventTypes), (one, type) => {
        const rule = readRule(listA, state(type, one), usualLimits);

        const isWhole = typeof rule !== "object" || (rule.entity === undefined) === (rule.hash !== undefined);
        expect(isWhole).toBe(true);
      }),
    );
  });
});

describe("of several dialects under one key", () => {
  test("the newest is in force, whatever the order of arrival", () => {
    apply(ruleEvent("@middle:x", { type: middle, stateKey: "k" }));
    apply(ruleEvent("@stable:x", { type: stable, stateKey: "k" }));
    const change = apply(ruleEvent("@oldest:x", { type: oldest, stateKey: "k" }));

    expect(change).toBeUndefined();
    expect(inForce()).toEqual(["@stable:x"]);
    expect(list.size).toBe(1);
  });

  test("the older come back one by one as the newer are blanked", () => {
    for (const type of [oldest, stable, middle]) apply(ruleEvent(`@${type}:x`, { type, stateKey: "k" }));

    const first = apply(state(stable, {}, { stateKey: "k" }));
    const second = apply(state(middle, {}, { stateKey: "k" }));
    const third = apply(state(oldest, {}, { stateKey: "k" }));

    expect(
      [first, second, third].map((change) => [change?.before?.eventType, change?.after?.eventType]),
    ).toEqual([
      [stable, middle],
      [middle, oldest],
      [oldest, undefined],
    ]);
    expect(list.size).toBe(0);
  });

  test("another kind or key is another rule", () => {
    apply(ruleEvent("@a:x", { stateKey: "k" }));
    apply(ruleEvent("a.example", { type: "m.policy.rule.server", stateKey: "k" }));
    apply(ruleEvent("@b:x", { stateKey: "l" }));

    expect(inForce()).toEqual(["@a:x", "a.example", "@b:x"]);
  });

  test("a broken newer one leaves the older in force", () => {
    apply(ruleEvent("@oldest:x", { type: oldest, stateKey: "k" }));
    apply(state(stable, { entity: "@b:x" }, { stateKey: "k", id: "$broken" }));

    expect(inForce()).toEqual(["@oldest:x"]);
    expect([...list.malformed.values()].at(-1)).toContain("recommendation");
  });

  test("a hidden rule for somebody is found, and those for others under its key are not", () => {
    apply(ruleEvent("@a:x", { type: oldest, stateKey: "k" }));
    apply(ruleEvent("@b:x", { stateKey: "k" }));

    expect(list.variantsFor((rule) => rule.entity === "@a:x").map((rule) => rule.entity)).toEqual(["@a:x"]);
  });

  test("all of them have to be blanked to take the rule back", () => {
    for (const type of [oldest, stable]) apply(ruleEvent("@a:x", { type, stateKey: "k" }));
    apply(ruleEvent("@b:x", { stateKey: "l" }));

    const found = list.variantsFor((rule) => rule.entity === "@a:x");

    expect(found.map((rule) => rule.eventType)).toEqual([stable, oldest]);
  });
});

describe("what changed", () => {
  test("is told as a pair of before and after, with who did it", () => {
    const first = apply(ruleEvent("@a:x", { stateKey: "k", id: "$1" }));
    const second = apply(ruleEvent("@b:x", { stateKey: "k", id: "$2" }));

    expect(first).toMatchObject({ list: listA, before: undefined, after: { entity: "@a:x" }, event: "$1" });
    expect(second).toMatchObject({
      before: { entity: "@a:x" },
      after: { entity: "@b:x" },
      by: "@mod:example.org",
    });
  });

  test("is nothing when the same event is told again", () => {
    const one = ruleEvent("@a:x");
    apply(one);

    expect(apply(one)).toBeUndefined();
  });

  test("is nothing when a rule that never was is blanked", () => {
    expect(apply(state(stable, {}, { stateKey: "nothing" }))).toBeUndefined();
  });
});

describe("a redaction", () => {
  test("of the rule in force removes it", () => {
    apply(ruleEvent("@a:x", { id: "$rule" }));

    expect(list.redact(event("$rule"), redaction)).toMatchObject({
      before: { entity: "@a:x" },
      after: undefined,
      event: "$redaction",
      by: "@mod:example.org",
    });
    expect(list.size).toBe(0);
  });

  test("of an event that was replaced removes nothing", () => {
    apply(ruleEvent("@a:x", { stateKey: "k", id: "$old" }));
    apply(ruleEvent("@b:x", { stateKey: "k", id: "$new" }));

    expect(list.redact(event("$old"), redaction)).toBeUndefined();
    expect(inForce()).toEqual(["@b:x"]);
  });

  test("of a shadowed variant changes nothing now, and it does not come back later", () => {
    apply(ruleEvent("@oldest:x", { type: oldest, stateKey: "k", id: "$oldest" }));
    apply(ruleEvent("@stable:x", { stateKey: "k", id: "$stable" }));

    expect(list.redact(event("$oldest"), redaction)).toBeUndefined();
    expect(list.redact(event("$stable"), redaction)?.after).toBeUndefined();
    expect(list.size).toBe(0);
  });

  test("of the newest variant brings the older into force", () => {
    apply(ruleEvent("@oldest:x", { type: oldest, stateKey: "k" }));
    apply(ruleEvent("@stable:x", { stateKey: "k", id: "$stable" }));

    expect(list.redact(event("$stable"), redaction)?.after?.entity).toBe("@oldest:x");
  });

  test("of something else, or a second one, does nothing", () => {
    apply(ruleEvent("@a:x", { id: "$rule" }));
    list.redact(event("$rule"), redaction);

    expect(list.redact(event("$rule"), redaction)).toBeUndefined();
    expect(list.redact(event("$message"), redaction)).toBeUndefined();
  });
});

describe("the whole state read again", () => {
  test("removes what it does not hold, adds what is new, and tells only that", () => {
    const stays = ruleEvent("@stays:x");
    apply(stays);
    apply(ruleEvent("@gone:x"));

    const changes = reread(stays, ruleEvent("@new:x"));

    expect(changes.map(({ before, after }) => [before?.entity, after?.entity])).toEqual([
      [undefined, "@new:x"],
      ["@gone:x", undefined],
    ]);
    expect(inForce()).toEqual(["@stays:x", "@new:x"]);
  });

  test("notices a rule that was redacted meanwhile: same event, no content", () => {
    apply(ruleEvent("@a:x", { stateKey: "k", id: "$rule" }));

    reread(state(stable, {}, { stateKey: "k", id: "$rule" }));

    expect(list.size).toBe(0);
  });

  test("leaves alone what is newer than the reading", () => {
    apply(ruleEvent("@late:x", { stateKey: "late" }));

    expect(list.reconcile([], { newer: new Set([`${stable}\nlate`]), now: 0 }).changes).toEqual([]);
    expect(inForce()).toEqual(["@late:x"]);
  });

  test("forgets shadowed variants that are gone", () => {
    apply(ruleEvent("@oldest:x", { type: oldest, stateKey: "k" }));
    const newest = ruleEvent("@stable:x", { stateKey: "k", id: "$stable" });
    apply(newest);

    expect(reread(newest)).toEqual([]);
    list.redact(event("$stable"), redaction);

    expect(list.size).toBe(0);
  });
});

describe("a rule with an end", () => {
  test("is dropped when its time has come, and not before", () => {
    apply(ruleEvent("@a:x", { more: { expiry: 5_000 } }));

    expect(list.expire(4_999)).toEqual([]);
    expect(list.expire(5_000)).toMatchObject([
      { before: { entity: "@a:x" }, after: undefined, by: undefined },
    ]);
    expect(list.expire(6_000)).toEqual([]);
  });

  test("that has passed already is never in force", () => {
    expect(apply(ruleEvent("@a:x", { more: { expiry: 5_000 } }), 5_000)).toBeUndefined();
    expect(list.size).toBe(0);
  });

  test("does not come back when it is read again", () => {
    const rule = ruleEvent("@a:x", { more: { expiry: 5_000 } });
    apply(rule);
    list.expire(6_000);

    expect(list.reconcile([rule], { newer: new Set(), now: 6_000 }).changes).toEqual([]);
    expect(list.size).toBe(0);
  });

  test("tells when to look again, and that it went by itself", () => {
    expect(list.nextEnd).toBe(Infinity);
    apply(ruleEvent("@a:x", { more: { expiry: 5_000 } }));
    apply(ruleEvent("@b:x", { more: { expiry: 9_000 } }));
    expect(list.nextEnd).toBe(5_000);

    expect(list.expire(5_000)).toMatchObject([{ before: { entity: "@a:x" }, isExpiry: true }]);
    expect(list.nextEnd).toBe(9_000);
    list.expire(9_000);
    expect(list.nextEnd).toBe(Infinity);
  });

  test("is found at its place while it is there", () => {
    apply(ruleEvent("@a:x", { stateKey: "k", more: { expiry: 5_000 } }));
    expect(list.ruleAt(stable, "k")).toMatchObject({ entity: "@a:x" });
    expect(list.ruleAt("m.room.rule.user", "k")).toBeUndefined();
    list.expire(5_000);

    expect(list.ruleAt(stable, "k")).toBeUndefined();
  });

  test("is written under both names, and read again as it was", () => {
    const rule = read(ruleEvent("@a:x", { reason: "spam", more: { expiry: 5_000 } }));
    const content = contentOfRule(rule);

    expect(content).toMatchObject({ expiry: 5_000, "support.feline.policy.expiry.rev.2": 5_000 });
    expect(read(state(stable, content, { stateKey: rule.stateKey })).expiresAt).toBe(5_000);
  });

  test("may be renewed", () => {
    apply(ruleEvent("@a:x", { stateKey: "k", more: { expiry: 5_000 } }));
    apply(ruleEvent("@a:x", { stateKey: "k" }));

    expect(list.expire(6_000)).toEqual([]);
  });
});

test("of malformed rules the newest fifty are remembered", () => {
  for (let i = 0; i < 80; i++) apply(state(stable, { entity: "@a:x" }, { stateKey: `${i}`, id: `$${i}` }));

  expect(list.malformed.size).toBe(50);
  expect([...list.malformed.keys()].at(-1)).toMatch(/79$/);
});

describe("a naive reading of the current state", () => {
  const step = fc.oneof(
    fc.record({
      type: fc.constantFrom(stable, middle, oldest, "m.policy.rule.server"),
      stateKey: fc.constantFrom("k", "l"),
      content: fc.constantFrom<Record<string, unknown>>(
        {},
        { entity: "@a:x", recommendation: "m.ban" },
        { entity: "@b:x", recommendation: "m.allow" },
        { entity: "broken" },
      ),
    }),
    fc.record({ redacts: fc.nat({ max: 12 }) }),
    fc.record({ reread: fc.constant(true) }),
  );

  test("always agrees on what is in force, and the changes add up to it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const subject = new PolicyList(listA, usualLimits, new RuleBudget(100_000));
        const current = new Map<string, StateEvent>();
        const told = new Map<string, Rule>();
        let events = 0;
        let wasKnown = true;

        for (const one of steps) {
          const changes = [];
          if ("type" in one) {
            const written = state(one.type, one.content, { stateKey: one.stateKey, id: `$${events++}` });
            current.set(`${one.type} ${one.stateKey}`, written);
            changes.push(subject.apply(written, 0));
          } else if ("redacts" in one) {
            const target = event(`$${one.redacts}`);
            for (const [key, held] of current)
              if (held.eventId === target) current.set(key, { ...held, content: {} });
            changes.push(subject.redact(target, redaction));
          } else
            changes.push(...subject.reconcile([...current.values()], { newer: new Set(), now: 0 }).changes);
          for (const change of changes) {
            wasKnown &&= !change?.before || told.delete(change.before.eventId);
            if (change?.after) told.set(change.after.eventId, change.after);
          }
        }

        const wanted = new Set<string>();
        for (const key of ["k", "l"]) {
          const users = [stable, middle, oldest].flatMap((type) => current.get(`${type} ${key}`) ?? []);
          const winner = users.find((held) => typeof readRule(listA, held, usualLimits) === "object");
          const ofServer = current.get(`m.policy.rule.server ${key}`);
          if (winner) wanted.add(winner.eventId);
          if (ofServer && typeof readRule(listA, ofServer, usualLimits) === "object")
            wanted.add(ofServer.eventId);
        }
        expect(new Set([...subject.rules()].map((rule) => rule.eventId))).toEqual(wanted);
        expect(new Set(told.keys())).toEqual(wanted);
        expect(wasKnown).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a list with more rules than are taken in", () => {
  const small = { ...usualLimits, rulesPerList: 3 };
  beforeEach(() => {
    list = new PolicyList(listA, small, new RuleBudget(100));
  });
  const rules = (...names: readonly string[]) => names.map((name, i) => ruleEvent(name, { sentAt: i }));
  const entities = () => [...list.rules()].map((rule) => rule.entity);

  test("leaves out those that come last and counts them, and the others work on", () => {
    for (const rule of rules("@a:x", "@b:x", "@c:x", "@d:x", "@e:x")) list.apply(rule, 0);

    expect(entities()).toEqual(["@a:x", "@b:x", "@c:x"]);
    expect(list.leftOut).toBe(2);
    expect(list.apply(ruleEvent("@a:x", { reason: "edited" }), 0)?.after?.reason).toBe("edited");
  });

  test("read as a whole, it leaves out the newest, whatever their order", () => {
    list.reconcile(rules("@a:x", "@b:x", "@c:x", "@d:x", "@e:x").toReversed(), { newer: new Set(), now: 0 });

    expect(entities()).toEqual(["@a:x", "@b:x", "@c:x"]);
    expect(list.leftOut).toBe(2);
  });

  test("takes in new ones again once others are gone", () => {
    const all = rules("@a:x", "@b:x", "@c:x", "@d:x");
    for (const rule of all) list.apply(rule, 0);
    list.apply({ ...all[0]!, content: {}, eventId: event("$gone") }, 0);

    expect(list.apply(ruleEvent("@f:x"), 0)?.after?.entity).toBe("@f:x");
    list.reconcile(rules("@b:x", "@c:x"), { newer: new Set(), now: 0 });
    expect(list.leftOut).toBe(0);
  });

  test("shares what there is for all lists with the others", () => {
    const budget = new RuleBudget(2);
    const [one, other] = [new PolicyList(listA, small, budget), new PolicyList(listA, small, budget)];
    for (const rule of rules("@a:x", "@b:x")) one.apply(rule, 0);
    other.apply(ruleEvent("@c:x"), 0);
    expect([one.size, other.size, other.leftOut]).toEqual([2, 0, 1]);

    one.apply({ ...ruleEvent("@a:x"), content: {} }, 0);
    other.apply(ruleEvent("@c:x"), 0);
    expect(other.size).toBe(1);
  });

  test("keeps nothing of what was left out, and of a rule only what is needed to know it again", () => {
    const [a, , , d] = rules("@a:x", "@b:x", "@c:x", "@d:x");
    const large = { ...a!, content: { ...a!.content, reason: "r".repeat(60_000), more: "m".repeat(60_000) } };
    for (const rule of [large, ...rules("@b:x", "@c:x"), d!]) list.apply(rule, 0);

    const kept = list.contentToKeep(large)!;
    expect(list.contentToKeep(d!)).toBeUndefined();
    expect(JSON.stringify(kept).length).toBeLessThan(700);
    expect(readRule(listA, { ...large, content: kept }, small)).toEqual(
      list.ruleAt(large.type, large.stateKey),
    );
  });
});
