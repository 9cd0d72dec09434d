import { expect, test } from "@jest/globals";
import { ModeratorBudgets } from "../../../src/decisions/guard/moderator-budgets.ts";
import { dayMs, minuteMs } from "../../../src/kit/duration.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { aWorld, listA, lobby, see, user } from "../../support/make.ts";

const limits = { removals: 3, removalsADay: 6, unbans: 2, unbansADay: 4, rulesTaken: 1, rulesTakenADay: 2 };
const [olga, paul] = [user("@olga:x"), user("@paul:x")];
const person = (n: number) => user(`@p${n}:x`);
const ban = (n: number): Action => ({
  kind: "ban",
  room: lobby,
  user: person(n),
  reason: "",
  redacts: false,
});
const unban = (n: number): Action => ({ kind: "unban", room: lobby, user: person(n), reason: "" });
const untake = (n: number): Action => ({
  kind: "remove-policy",
  list: listA,
  eventType: "m.policy.rule.user",
  stateKey: `rule ${n}`,
  before: {},
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const start = 1_700_000_000_000;

function aMonth() {
  const world = aWorld();
  const budgets = new ModeratorBudgets(limits);
  const does = (
    actions: readonly Action[],
    ms: number,
    { by = olga, waits = false, hits = undefined as number[] | undefined } = {},
  ) => {
    const people = actions.flatMap((one) => (one.kind === "ban" ? one.user : []));
    const whom = new Set(hits ? hits.map(person) : people);
    return budgets.weigh(actions, { by, at: start + ms, world, hits: whom, waits })?.text;
  };
  return { world, budgets, does };
}

test("removals within ten minutes are bounded, each moderator's by themselves", () => {
  const { does } = aMonth();

  expect(does(range(1, 3).map(ban), 0)).toBeUndefined();
  expect(does([ban(3)], 1)).toBeUndefined();
  expect(does([ban(4)], minuteMs)).toMatch(
    /^@olga:x would have removed 4 people within ten minutes, and 3 is what one moderator does alone/,
  );
  expect(does([ban(4)], minuteMs, { by: paul })).toBeUndefined();
  expect(does([ban(4)], 11 * minuteMs)).toBeUndefined();
});

test("it is told from when on there is room again, where there will be", () => {
  const { does } = aMonth();
  does(range(1, 3).map(ban), 0);

  expect(does([ban(4)], minuteMs)).toContain("there is room for this again from 2023-11-14 22:23");
  expect(does(range(4, 7).map(ban), minuteMs)).not.toContain("room for this");
});

test("who is slow is bounded by the day", () => {
  const { does } = aMonth();
  for (const n of range(1, 6)) expect(does([ban(n)], n * 15 * minuteMs)).toBeUndefined();

  expect(does([ban(7)], 5 * 60 * minuteMs)).toMatch(/7 people within a day, and 6 is/);
  expect(does([ban(7)], dayMs + 16 * minuteMs)).toBeUndefined();
});

test("newcomers, who waits anyway, and whom a protection acted against do not count", () => {
  const { does, world } = aMonth();
  for (const n of range(10, 20))
    see(world, {
      kind: "rule-hit",
      hit: {
        protection: "flood",
        room: lobby,
        user: person(n),
        acts: true,
        event: `$${n}`,
        at: start,
      } as never,
    });

  expect(does(range(1, 50).map(ban), 0, { hits: [] })).toBeUndefined();
  expect(does(range(1, 3).map(ban), 0, { waits: true })).toBeUndefined();
  expect(does(range(10, 20).map(ban), 0)).toBeUndefined();
  expect(does(range(1, 3).map(ban), 0)).toBeUndefined();
  expect(does([ban(4)], 0)).toBeDefined();
});

test("lifted bans and rules taken off lists are bounded, too", () => {
  const { does } = aMonth();
  expect(does([unban(1), unban(2)], 0)).toBeUndefined();
  expect(does([untake(1)], 0)).toBeUndefined();

  expect(does([unban(3)], 1)).toMatch(/lifted the bans of 3 people/);
  expect(does([untake(2)], 1)).toMatch(/taken off lists 2 rules/);
  expect(does([ban(1)], 1)).toBeUndefined();
});

test("what was done before a restart counts", () => {
  const { budgets, does } = aMonth();
  for (const n of range(1, 3)) budgets.remember({ by: olga, kind: "kick", target: person(n), at: start });
  budgets.remember({ by: olga, kind: "mute", target: person(9), at: start });

  expect(does([ban(4)], 1)).toBeDefined();
  expect(does([unban(1), unban(2)], 1)).toBeUndefined();
});

test("where the clock was set back nothing of later counts", () => {
  const { does } = aMonth();
  does(range(1, 3).map(ban), dayMs);

  expect(does(range(4, 6).map(ban), 0)).toBeUndefined();
});
