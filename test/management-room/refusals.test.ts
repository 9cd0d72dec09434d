import { beforeEach, expect, test } from "@jest/globals";
import type { Refusal } from "../../src/decisions/guard/guard.ts";
import { say } from "../../src/kit/say.ts";
import { decide, type Cause } from "../../src/model/decision.ts";
import { Refusals } from "../../src/management-room/refusals.ts";
import { event, hall, listA, lobby, user } from "../support/make.ts";

const byRule: Cause = {
  kind: "rule",
  list: listA,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: "@a:x",
};
const byCommand: Cause = { kind: "command", event: event("$command"), by: user("@mod:x"), text: "ban @a:x" };
const refusal = (because: Cause, room = lobby): Refusal => ({
  decision: decide({ kind: "ban", room, user: user("@a:x"), reason: "", redacts: false }, because, {
    at: 0,
    replaces: "",
  }),
  why: say`I lack the level`,
  key: `level ${room}`,
});
const none = new Set<never>();

let refusals: Refusals;
beforeEach(() => {
  refusals = new Refusals(2);
});

test("what the lists ask for is news once", () => {
  expect(refusals.newsAmong([refusal(byRule)], none)).toHaveLength(1);
  expect(refusals.newsAmong([refusal(byRule)], none)).toHaveLength(0);
});

test("it is news again when something has changed in its room, and in no other", () => {
  refusals.newsAmong([refusal(byRule), refusal(byRule, hall)], none);

  const again = refusals.newsAmong([refusal(byRule), refusal(byRule, hall)], new Set([hall]));

  expect(again.map(({ key }) => key)).toEqual([`level ${hall}`]);
});

test("what a moderator asked for is always news", () => {
  refusals.newsAmong([refusal(byCommand)], none);

  expect(refusals.newsAmong([refusal(byCommand)], none)).toHaveLength(1);
});

test("no more are remembered than may be", () => {
  const rooms = [lobby, hall, listA];
  refusals.newsAmong(
    rooms.map((room) => refusal(byRule, room)),
    none,
  );

  expect(refusals.newsAmong([refusal(byRule, lobby)], none)).toHaveLength(1);
});
