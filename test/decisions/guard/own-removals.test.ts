import { expect, test } from "@jest/globals";
import { OwnRemovals } from "../../../src/decisions/guard/own-removals.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { hall, listA, lobby, user } from "../../support/make.ts";

const hour = 3_600_000;
const ban = (n: number, room = lobby): Action => ({
  kind: "ban",
  room,
  user: user(`@x${n}:x.test`),
  reason: "",
  redacts: false,
});
/** Everybody is somewhere, but for one. */
const world = { protectedRoomsOf: (who: string) => (who === "@x99:x.test" ? [] : [lobby]) };
const passed = { waits: false, world };

test("people whom commands remove count together, each once, for an hour", () => {
  const own = new OwnRemovals(3);

  expect(own.weigh([ban(1), ban(1, hall), ban(2)], 0, passed)).toBeUndefined();
  expect(own.weigh([ban(3)], 1_000, passed)).toBeUndefined();
  expect(own.weigh([ban(3)], 2_000, passed)).toBeUndefined();
  expect(own.weigh([ban(4)], 3_000, passed)?.text).toContain("4 people within an hour");
  expect(own.weigh([ban(4)], hour + 1_001, passed)).toBeUndefined();
});

test("a rule for a person counts as their removal, and what lifts or waits counts nothing", () => {
  const own = new OwnRemovals(1);
  const rule = (recommendation: string): Action => ({
    kind: "write-policy",
    list: listA,
    eventType: "m.policy.rule.user",
    stateKey: "rule",
    content: { entity: "@x1:x.test", recommendation },
  });

  expect(own.weigh([{ kind: "unban", room: lobby, user: user("@x9:x.test"), reason: "" }], 0, passed)).toBe(
    undefined,
  );
  expect(own.weigh([ban(99)], 0, passed)).toBeUndefined();
  expect(own.weigh([ban(7)], 0, { waits: true, world })).toBeUndefined();
  expect(own.weigh([rule("m.ban")], 0, passed)).toBeUndefined();
  expect(own.weigh([ban(2)], 0, passed)).toBeDefined();
});

test("what was removed before a restart counts", () => {
  const own = new OwnRemovals(1);
  own.remember(user("@x1:x.test"), 0);

  expect(own.weigh([ban(2)], 1_000, passed)).toBeDefined();
});
