import { beforeEach, expect, test } from "@jest/globals";
import type { JsonObject } from "../../../src/kit/json.ts";
import { summariseRules, type RuleCounts } from "../../../src/management-room/progress/rules-summary.ts";
import type { RoomId } from "../../../src/model/ids.ts";
import { readRule, type Rule } from "../../../src/model/policy-rule.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, listA, listB, live, ruleEvent, see, state } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

let world: World;
let counts: Map<RoomId, RuleCounts>;
beforeEach(() => {
  world = aWorld();
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
  counts = new Map();
});

const rule = (entity: string, { list = listA, reason = "", stateKey = entity } = {}) =>
  readRule(list, ruleEvent(entity, { reason, stateKey }), usualLimits) as Rule;
const ruleOf = (content: JsonObject, stateKey = "k") => {
  const event = ruleEvent("@a:x", { stateKey });
  return readRule(listA, { ...event, content: { ...event.content, ...content } }, usualLimits) as Rule;
};
const told = (came: readonly Rule[], went: readonly Rule[] = []) =>
  summariseRules(counts, { came, went }, world).text;

test("a single rule is told by name and reason", () => {
  expect(told([rule("@a:x", { reason: "spam" })])).toBe("List coc: new rule for user @a:x (spam)");
});

test.each([
  [
    { recommendation: "m.allow" },
    "new allow rule for user @a:x (why): bans of this list and of those after it do not apply to them",
  ],
  [
    { recommendation: "fi.mau.meowlnir.unban" },
    "new unban rule for user @a:x (why): bans of this list and of those after it do not apply to them",
  ],
  [
    { recommendation: "m.takedown" },
    "new takedown rule for user @a:x (why): what they wrote is removed as well",
  ],
  [
    { recommendation: "org.example.shun" },
    "new unknown rule for user @a:x (why): it recommends org.example.shun, which I do not know and do not apply",
  ],
  [{ entity: undefined, hashes: { sha256: "x" } }, "new rule for a user that is named by a hash alone (why)"],
])("a rule that is no plain ban is told as what it is: %j", (content, expected) => {
  const one = ruleOf({ reason: "why", ...content });

  expect(told([one])).toBe(`List coc: ${expected}`);
});

test("a rule for a room is told with what it does", () => {
  const event = { ...ruleEvent("!bad:x", { stateKey: "k" }), type: "m.policy.rule.room" };
  const one = readRule(listA, event, usualLimits) as Rule;

  expect(told([one])).toBe(
    "List coc: new rule for room !bad:x: nobody in my rooms is touched by it, and I decline invitations to it",
  );
});

test("an allow rule that goes is told as such", () => {
  expect(told([], [ruleOf({ recommendation: "m.allow" })])).toBe("List coc: allow rule gone for user @a:x");
});

test("among several, those that are no plain bans are counted", () => {
  const more = ["m.ban", "m.allow", "m.allow", "org.example.shun"].map((recommendation, i) =>
    ruleOf({ recommendation }, `key${i}`),
  );

  expect(told(more)).toBe("List coc: 4 new rules (2 allow, 1 unknown)");
});

test("a single rule that went is told by name", () => {
  expect(told([], [rule("@a:x")])).toBe("List coc: rule gone for user @a:x");
});

test("a single rule whose time has come is told to have ended", () => {
  const over = { ...rule("@a:x"), expiresAt: world.dueBy };

  expect(told([], [over])).toBe("List coc: rule ended for user @a:x");
});

test("several are counted, for each list", () => {
  expect(told([rule("@a:x"), rule("@b:x"), rule("@c:x", { list: listB })], [rule("@d:x")])).toBe(
    `List coc: 2 new rules, 1 gone\nList ${listB}: new rule for user @c:x`,
  );
});

test("a changed rule counts once, as new", () => {
  expect(told([rule("@b:x", { stateKey: "k" })], [rule("@a:x", { stateKey: "k" })])).toBe(
    "List coc: new rule for user @b:x",
  );
});

test("a burst adds up", () => {
  told([rule("@a:x")]);

  expect(told([rule("@b:x")])).toBe("List coc: 2 new rules");
});

test("a hostile entity or reason stays on its line", () => {
  const hostile = rule("@a\u202e:x", { reason: "x\nList other: 5 new @room" });

  expect(told([hostile])).not.toMatch(/\n|@room|\u202e/);
});
