import { describe, expect, test } from "@jest/globals";
import type { StaffAct } from "../../../src/model/staff/staff-acts.ts";
import { StaffActs } from "../../../src/model/staff/staff-acts.ts";
import { StaffAlarms } from "../../../src/model/staff/staff-alarms.ts";
import { StaffHours } from "../../../src/model/staff/staff-hours.ts";
import { event, lobby, user } from "../../support/make.ts";

const day = 86_400_000;
const hour = 3_600_000;
const olga = user("@olga:x.test");

const act = (n: number, more: Partial<StaffAct> = {}): Omit<StaffAct, "seq"> => ({
  user: olga,
  room: lobby,
  event: event(`$${n}`),
  at: n,
  sentAt: n,
  kind: "ban",
  counts: [`@x${n}:x.test`],
  ...more,
});

describe("what moderators did", () => {
  test("is told in order, whatever the order in which it is put back", () => {
    const acts = new StaffActs();
    for (const n of [1, 2, 3]) acts.set(act(n));
    const stored = [...acts.unwritten.take()];

    const again = new StaffActs();
    for (const [key, item] of stored.toReversed()) again.restore(key, item!);
    again.set(act(4));

    expect([...again.of(olga)].map((one) => one.event)).toEqual(["$1", "$2", "$3", "$4"]);
    expect([...again.unwritten.take().keys()]).toEqual([`${olga} $4`]);
  });

  test("keeps its place when it is weighed", () => {
    const acts = new StaffActs();
    acts.set(act(1));
    acts.set(act(2));
    acts.set(act(1, { thirds: 3 }));

    expect([...acts.of(olga)].map(({ seq, thirds }) => [seq, thirds])).toEqual([
      [1, 3],
      [2, undefined],
    ]);
  });

  test("is forgotten after a day, and beyond two thousand of one person", () => {
    const acts = new StaffActs();
    for (let n = 0; n < 2_001; n++) acts.set(act(n));
    expect([...acts.of(olga)]).toHaveLength(2_000);
    expect(acts.get(olga, event("$0"))).toBeUndefined();

    acts.forgetOld(day + 1_999);

    expect([...acts.of(olga)].map((one) => one.event)).toEqual(["$2000"]);
    const rows = [...acts.unwritten.take().values()];
    expect(rows.filter((one) => one === undefined)).toHaveLength(2_000);
  });

  test("of others stays when one does ever so much", () => {
    const acts = new StaffActs();
    const paul = user("@paul:x.test");
    acts.set(act(0, { user: paul }));
    for (let i = 0; i < 6; i++)
      for (let n = 0; n < 2_000; n++) acts.set(act(n, { user: user(`@o${i}:x.test`) }));

    expect([...acts.of(paul)]).toHaveLength(1);
    expect(Array.from({ length: 6 }, (_, i) => [...acts.of(user(`@o${i}:x.test`))].length)).toEqual(
      expect.arrayContaining([expect.any(Number)]),
    );
    const all = Array.from({ length: 6 }, (_, i) => [...acts.of(user(`@o${i}:x.test`))].length);
    expect(all.reduce((sum, one) => sum + one, 1)).toBe(10_000);
  });
});

describe("the newest change of a state event", () => {
  const paul = user("@paul:x.test");
  const change = (n: number, more: Partial<StaffAct> = {}) =>
    act(n, { kind: "state", changed: { type: "m.room.pinned_events", stateKey: "", changes: [] }, ...more });
  const newest = (acts: StaffActs, type = "m.room.pinned_events", stateKey = "") =>
    acts.newestAt(lobby, type, stateKey)?.event;

  test("is known, whoever made it, also when it is weighed and put back in any order", () => {
    const acts = new StaffActs();
    acts.set(change(1));
    acts.set(change(2, { user: paul }));
    acts.set(change(1, { thirds: 3 }));
    const again = new StaffActs();
    for (const [key, item] of [...acts.unwritten.take()].toReversed()) again.restore(key, item!);

    expect([newest(acts), newest(again)]).toEqual(["$2", "$2"]);
  });

  test("is that of its own place", () => {
    const acts = new StaffActs();
    acts.set(change(1, { changed: { type: "a b", stateKey: "c", changes: [] } }));
    acts.set(change(2, { changed: { type: "a", stateKey: "b c", changes: [] } }));

    expect([newest(acts, "a b", "c"), newest(acts, "a", "b c"), newest(acts)]).toEqual([
      ...["$1", "$2", undefined],
    ]);
  });

  test("is unknown once it is forgotten, though an older one is remembered", () => {
    const acts = new StaffActs();
    acts.set(change(1));
    acts.set(change(2, { user: paul }));
    for (let n = 3; n < 2_003; n++) acts.set(act(n, { user: paul }));

    expect(acts.get(olga, event("$1"))).toBeDefined();
    expect(newest(acts)).toBeUndefined();
  });
});

describe("the hour of the day", () => {
  const hoursOf = (...hours: readonly number[]) => {
    const known = new StaffHours();
    for (const one of hours) known.acted(olga, one * hour);
    return known;
  };

  test("is unusual where they act at others, and never did at about this one", () => {
    const known = hoursOf(9, 12, 15);

    expect([3, 8, 10, 14, 22].map((one) => known.isUnusual(olga, 2 * day + one * hour))).toEqual([
      ...[true, false, false, false, true],
    ]);
  });

  test("is not unusual of somebody of whom little is known, nor by what they did today", () => {
    expect(hoursOf(9, 12).isUnusual(olga, 2 * day + 3 * hour)).toBe(false);
    expect(hoursOf(9, 12, 15).isUnusual(olga, 20 * hour)).toBe(false);
  });

  test("is known after a restart", () => {
    const known = hoursOf(9, 12, 15);
    const again = new StaffHours();
    for (const [key, item] of known.unwritten.take()) again.restore(key, item!);

    expect(again.isUnusual(olga, 2 * day + 3 * hour)).toBe(true);
  });

  test("is remembered of a thousand people", () => {
    const known = hoursOf(9, 12, 15);
    for (let n = 0; n < 1_000; n++) known.acted(user(`@o${n}:x.test`), hour);

    expect(known.isUnusual(olga, 2 * day + 3 * hour)).toBe(false);
  });
});

test("of alarms the newest two hundred are remembered, one for each account", () => {
  const alarms = new StaffAlarms();
  for (let n = 0; n < 201; n++)
    alarms.set({ user: user(`@o${n}:x.test`), incident: "i", at: n, since: n, room: lobby });
  alarms.set({ user: user("@o5:x.test"), incident: "i", at: 500, since: 1, room: lobby });

  expect([...alarms.all()]).toHaveLength(200);
  expect(alarms.get(user("@o0:x.test"))).toBeUndefined();
  expect([...alarms.all()].at(-1)?.at).toBe(500);
});
