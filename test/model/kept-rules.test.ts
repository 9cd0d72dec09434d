import { expect, test } from "@jest/globals";
import { KeptRules } from "../../src/model/kept-rules.ts";
import { readRule, type Rule } from "../../src/model/policy-rule.ts";
import { listA, listB, ruleEvent } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const rule = (entity: string, list = listA, more: Parameters<typeof ruleEvent>[1] = {}): Rule =>
  readRule(list, ruleEvent(entity, more), usualLimits) as Rule;

test("rules are kept by list, found by what they say, and written once", () => {
  const kept = new KeptRules(10);
  const [a, b] = [rule("@a:x"), rule("@b:x", listB)];
  kept.add(a);
  kept.add(a);
  kept.add(b);

  expect([kept.countOf(listA), kept.countOf(listB), kept.room]).toEqual([1, 1, 8]);
  expect(kept.sameAs(rule("@a:x", listA, { reason: "other" }))).toBe(a);
  expect(kept.sameAs(rule("@a:x", listB))).toBeUndefined();
  expect([...kept.unwritten.take()]).toEqual([
    [a.eventId, a],
    [b.eventId, b],
  ]);

  expect(kept.delete(a.eventId)).toBe(a);
  expect(kept.delete(a.eventId)).toBeUndefined();
  expect([...kept.unwritten.take()]).toEqual([[a.eventId, undefined]]);
});

test("beyond the bound nothing is kept, and what is kept stays", () => {
  const kept = new KeptRules(1);
  const [a, b] = [rule("@a:x"), rule("@b:x")];
  kept.add(a);
  kept.add(b);

  expect([kept.has(a.eventId), kept.has(b.eventId)]).toEqual([true, false]);
});

test("one whose own time is over is told", () => {
  const kept = new KeptRules(10);
  const ending = rule("@a:x", listA, { more: { expiry: 5 } });
  kept.add(ending);
  kept.add(rule("@b:x"));

  expect(kept.over(4)).toEqual([]);
  expect(kept.over(5)).toEqual([ending]);
});
