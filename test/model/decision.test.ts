import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, occasionOf, type Cause } from "../../src/model/decision.ts";
import { event, hall, listA, lobby, user } from "../support/make.ts";

const ann = user("@ann:example.org");
const ban: Action = { kind: "ban", room: lobby, user: ann, reason: "spam", redacts: false };
const byRule: Cause = {
  kind: "rule",
  list: listA,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: ann,
};
const idOf = (action: Action, because: Cause, replaces = "7", at = 1) =>
  decide(action, because, { at, replaces }).id;

test("the same act for the same cause over the same state has the same id, whenever it is decided", () => {
  expect(idOf(ban, byRule, "7", 1)).toBe(idOf({ ...ban, reason: "other" }, byRule, "7", 999));
});

test("another room, kind, cause or state makes another id", () => {
  const ids = [
    idOf(ban, byRule),
    idOf({ ...ban, room: hall }, byRule),
    idOf({ kind: "kick", room: lobby, user: ann, reason: "" }, byRule),
    idOf(ban, { ...byRule, event: event("$other") }),
    idOf(ban, byRule, "8"),
    idOf(ban, { kind: "rule-removed", list: listA, event: "$rule", entity: ann }),
  ];

  expect(new Set(ids).size).toBe(ids.length);
});

test("ids are short and fit into a path", () => {
  expect(idOf(ban, byRule)).toMatch(/^[\w-]{24}$/);
});

test("parts do not run into each other", () => {
  const part = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      const one = idOf(
        { kind: "write-policy", list: listA, eventType: "t", stateKey: a, content: {} },
        byRule,
        b,
      );
      const other = idOf(
        { kind: "write-policy", list: listA, eventType: "t", stateKey: c, content: {} },
        byRule,
        d,
      );

      expect(one).not.toBe(other);
    }),
  );
});

describe("the occasion", () => {
  test("of what a rule or a command leads to is its event", () => {
    expect(occasionOf(byRule)).toBe("$rule");
    expect(occasionOf({ kind: "command", event: event("$c"), by: ann, text: "ban" })).toBe("$c");
  });

  test("of a removal is not that of the rule", () => {
    expect(occasionOf({ kind: "rule-removed", list: listA, event: "$rule", entity: ann })).not.toBe("$rule");
  });
});
