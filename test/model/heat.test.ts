// Heat: what rules gave, as it cools; bounded, and taken back.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { minuteMs } from "../../src/kit/duration.ts";
import type { EventId, RoomId, UserId } from "../../src/model/ids.ts";
import { cooled, Heat, heatOf, withGain, type HeatGain, type HeatRecord } from "../../src/model/heat.ts";

const room = "!r:x" as RoomId;
const who = (n: number) => `@p${n}:x` as UserId;
const gain = (heat: number, at = 0, more: Partial<HeatGain> = {}): HeatGain => ({
  rule: "links",
  room,
  event: `$${at}` as EventId,
  at,
  heat,
  halfLifeMs: 10 * minuteMs,
  ...more,
});
const record = (...gains: readonly HeatGain[]): HeatRecord => ({ gains });
const all = (heat: Heat, people: number, now = 0) =>
  Array.from({ length: people }, (_, n) => heat.of(who(n), now));

describe("a gain", () => {
  test("halves again and again, each in its own time; a clock that was set back cools, too", () => {
    expect(cooled(gain(60), 0)).toBe(60);
    expect(cooled(gain(60), 10 * minuteMs)).toBe(30);
    expect(cooled(gain(60), 20 * minuteMs)).toBe(15);
    expect(cooled(gain(60, 0, { halfLifeMs: minuteMs }), 2 * minuteMs)).toBe(15);
    expect(cooled(gain(60, 10 * minuteMs), 0)).toBe(30);
  });

  test("is told apart among the newest sixteen; of those before them the sum is kept", () => {
    const times = fc.array(fc.integer({ min: 0, max: minuteMs * 60 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 1_000 }), (unsorted, amount) => {
        const gains = unsorted.toSorted((one, other) => one - other).map((at) => gain(amount, at));
        const made = gains.reduce<HeatRecord | undefined>((before, one) => withGain(before, one), undefined)!;
        const now = gains.at(-1)!.at + minuteMs;

        expect(made.gains).toEqual(gains.slice(-16));
        expect(heatOf(made, now)).toBeCloseTo(
          gains.reduce((sum, one) => sum + cooled(one, now), 0),
          4,
        );
      }),
    );
  });
});

describe("people", () => {
  test("are forgotten once they are cold, with the next who gains something, also in the store", () => {
    const heat = new Heat(100);
    heat.set(who(0), record(gain(30)), 0);
    heat.unwritten.take();
    const later = 50 * minuteMs;
    heat.set(who(1), record(gain(30, later)), later);

    expect(heat.get(who(0))).toBeUndefined();
    expect([...heat.unwritten.take()]).toEqual([
      [who(1), record(gain(30, later))],
      [who(0), undefined],
    ]);
  });

  test("who are colder than one are never kept", () => {
    const heat = new Heat(100);
    heat.set(who(0), record(gain(0.5)), 0);
    expect(heat.get(who(0))).toBeUndefined();
  });

  test("beyond the bound go by their heat, an eighth at once", () => {
    const heat = new Heat(8);
    const given = [90, 20, 80, 30, 70, 40, 60, 50];
    for (const [n, one] of given.entries()) heat.set(who(n), record(gain(one)), 0);
    heat.set(who(8), record(gain(10)), 0);
    expect(all(heat, 9)).toEqual([...given, 0]);
    heat.set(who(9), record(gain(45)), 0);
    expect(all(heat, 10)).toEqual([90, 0, 80, 30, 70, 40, 60, 50, 0, 45]);
  });

  test("are what they were after a restart, and no more than the bound", () => {
    const heat = new Heat(8);
    for (let n = 0; n < 8; n++) heat.set(who(n), record(gain(20 + n)), 0);
    const written = structuredClone([...heat.unwritten.take()]);
    const [again, smaller] = [new Heat(8), new Heat(4)];
    for (const [key, item] of written) {
      again.restore(key, item!);
      smaller.restore(key, item!);
    }

    expect(all(again, 8)).toEqual(all(heat, 8));
    expect(all(smaller, 8).filter((one) => one > 0)).toHaveLength(4);
    expect(again.unwritten.take().size).toBe(0);
  });
});

describe("an incident that is taken back", () => {
  test("for one person leaves others as they are", () => {
    const heat = new Heat();
    for (const n of [0, 1]) heat.set(who(n), { ...record(gain(30)), incidents: ["it"] }, 0);
    heat.forgive(new Set(["it"]), [who(0), who(7)]);
    expect(all(heat, 2)).toEqual([0, 30]);
  });

  test("takes all heat of those whom its steps met, and what its rule gave to others", () => {
    const heat = new Heat(100);
    heat.set(who(0), { ...record(gain(30), gain(40)), incidents: ["older", "it"] }, 0);
    heat.set(who(1), record(gain(30, 0, { incident: "it" }), gain(20)), 0);
    heat.set(who(2), { ...record(gain(30)), incidents: ["another"] }, 0);
    expect(heat.metIn("it")).toEqual([who(0)]);
    heat.unwritten.take();

    heat.forgive(new Set(["it"]));

    expect(all(heat, 3)).toEqual([0, 20, 30]);
    expect([...heat.unwritten.take().keys()]).toEqual([who(0), who(1)]);
  });
});
