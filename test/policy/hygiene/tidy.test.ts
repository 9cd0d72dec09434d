import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { dayMs } from "../../../src/kit/duration.ts";
import { PolicyList, RuleBudget } from "../../../src/model/policy-list.ts";
import { RuleIndex } from "../../../src/policy/index/rule-index.ts";
import { rulesToTidy, tidyings, type Tidying } from "../../../src/policy/hygiene/tidy.ts";
import { listA, ruleEvent, user } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

type Written = Parameters<typeof ruleEvent>[1] & { entity: string; expiry?: number };
const now = 100 * dayMs;

function listOf(...rules: readonly Written[]): PolicyList {
  const list = new PolicyList(listA, usualLimits, new RuleBudget(10_000));
  rules.forEach(({ entity, expiry, ...more }, i) => {
    const end = expiry === undefined ? {} : { expiry };
    list.apply(ruleEvent(entity, { stateKey: `key ${i}`, ...more, more: end }), now);
  });
  return list;
}
function indexOf(list: PolicyList): RuleIndex {
  const index = new RuleIndex();
  for (const rule of list.rules()) index.add(rule);
  return index;
}
function tidied(list: PolicyList, which: readonly Tidying[] = tidyings, off: readonly string[] = []) {
  const rulesInForce = {
    index: indexOf(list),
    isOff: ({ entity }: { entity: string | undefined }) => off.includes(entity ?? ""),
  };
  return rulesToTidy(list, new Set(which), { rulesInForce, dueBy: now });
}
const found = (...args: Parameters<typeof tidied>) =>
  tidied(...args).map(({ rule, is }) => `${rule.entity} ${rule.stateKey}: ${is}`);

describe("what is twice on a list", () => {
  test("is one of two state keys: the one with a reason stays", () => {
    const list = listOf({ entity: "@a:x.org" }, { entity: "@a:x.org", reason: "spam" });

    expect(found(list)).toEqual(["@a:x.org key 0: duplicates"]);
  });

  test("is one of two dialects under one key: the one in force stays", () => {
    const list = listOf(
      { entity: "@a:x.org", stateKey: "one", type: "m.room.rule.user" },
      { entity: "@a:x.org", stateKey: "one" },
    );

    const [only, ...more] = tidied(list);
    expect(more).toEqual([]);
    expect(only?.rule.eventType).toBe("m.room.rule.user");
  });

  test("is the one that ends sooner", () => {
    const list = listOf(
      { entity: "x.org", type: "m.policy.rule.server" },
      { entity: "X.org", type: "m.policy.rule.server", expiry: now + 5, reason: "spam" },
    );

    expect(found(list)).toEqual(["x.org key 1: duplicates"]);
  });

  test("is no rule for an id in other capitals, no other recommendation, no rule for another kind", () => {
    const list = listOf(
      { entity: "@a:x.org" },
      { entity: "@A:x.org" },
      { entity: "@a:x.org", recommendation: "m.allow" },
      { entity: "@a:x.org", type: "m.policy.rule.room" },
    );

    expect(found(list)).toEqual([]);
  });

  test("stays where it would bring an older rule for somebody else into force", () => {
    const list = listOf(
      { entity: "@other:x.org", stateKey: "one", type: "m.room.rule.user" },
      { entity: "@a:x.org", stateKey: "one" },
      { entity: "@a:x.org", stateKey: "two", reason: "spam" },
    );

    expect(found(list)).toEqual([]);
  });
});

describe("what a wider rule covers", () => {
  test("are names and narrower globs that last no longer", () => {
    const list = listOf(
      { entity: "@*:evil.org" },
      { entity: "@a:evil.org" },
      { entity: "@Spam*:evil.org", expiry: now + 5 },
      { entity: "@a:good.org" },
    );

    expect(found(list)).toEqual(["@a:evil.org key 1: subsumed", "@Spam*:evil.org key 2: subsumed"]);
  });

  test("is none that outlasts it, of another kind or effect, or where the wider one is not applied", () => {
    const wide = { entity: "@*:evil.org", expiry: now + 5 };
    expect(found(listOf(wide, { entity: "@a:evil.org" }))).toEqual([]);
    expect(
      found(listOf({ entity: "@*:evil.org" }, { entity: "@a:evil.org", recommendation: "m.takedown" })),
    ).toEqual([]);
    expect(
      found(listOf({ entity: "evil.org", type: "m.policy.rule.server" }, { entity: "@a:evil.org" })),
    ).toEqual([]);
    const list = listOf({ entity: "@*:evil.org" }, { entity: "@a:evil.org" });
    expect(found(list, tidyings, ["@*:evil.org"])).toEqual([]);
  });

  test("is one of two that cover one another", () => {
    expect(found(listOf({ entity: "@a**:x.org" }, { entity: "@a*:x.org" }))).toHaveLength(1);
  });
});

test("what is over for a day can go, and what ended an hour ago not yet", () => {
  const list = listOf(
    { entity: "@a:x.org", expiry: now - 2 * dayMs },
    { entity: "@b:x.org", expiry: now - 5 },
  );

  expect(found(list)).toEqual(["@a:x.org key 0: expired"]);
  expect(found(list, ["duplicates", "subsumed"])).toEqual([]);
});

test("an expired rule is known until its event is gone, and there are no more of them than the bound", () => {
  const list = listOf({ entity: "@a:x.org", expiry: now + 5, stateKey: "one" });
  list.expire(now + 10);
  expect(list.expired.size).toBe(1);
  list.apply({ ...ruleEvent("@a:x.org", { stateKey: "one" }), content: {} }, now + 20);
  expect(list.expired.size).toBe(0);

  for (let i = 0; i < usualLimits.malformedRemembered + 10; i++)
    list.apply(ruleEvent(`@b${i}:x.org`, { stateKey: `k${i}`, more: { expiry: 5 } }), now);
  expect(list.expired.size).toBe(usualLimits.malformedRemembered);
});

test("whatever goes, everybody is as banned and as allowed as before, to the same end", () => {
  const entity = fc.constantFrom(
    "@a:x.org",
    "@A:x.org",
    "@ab:x.org",
    "@a*:x.org",
    "@a**:x.org",
    "@?:x.org",
    "@*:x.org",
    "@*:*",
    "@a?:x.org",
  );
  const rule = fc.record({
    entity,
    recommendation: fc.constantFrom("m.ban", "m.ban", "m.allow", "m.takedown"),
    type: fc.constantFrom("m.policy.rule.user", "m.policy.rule.user", "m.room.rule.user"),
    stateKey: fc.constantFrom("1", "2", "3", "4", "5", "6"),
    reason: fc.constantFrom("", "spam"),
    expiry: fc.constantFrom(undefined, now + 5, now + 9, now - 3 * dayMs),
  });
  const people = ["@a:x.org", "@A:x.org", "@ab:x.org", "@b:x.org", "@b:y.org"].map(user);
  const effects = (index: RuleIndex) =>
    people.map((one) => {
      const ends = new Map<string, number>();
      for (const { recommendation, expiresAt = Infinity } of index.rulesForUser(one))
        ends.set(recommendation, Math.max(ends.get(recommendation) ?? 0, expiresAt));
      return Object.fromEntries(ends);
    });

  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), (rules) => {
      const list = listOf(...(rules as readonly Written[]));
      const before = effects(indexOf(list));

      for (const { rule: gone } of tidied(list))
        list.apply({ ...ruleEvent("", { type: gone.eventType, stateKey: gone.stateKey }), content: {} }, now);

      expect(effects(indexOf(list))).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
