// What rules cost: measured of one event in 64, told once, and no fault of theirs where the machine stood still.

import { describe, expect, test } from "@jest/globals";
import { dearUs, RuleCosts, tooDearUs } from "../../src/automod/rule-costs.ts";

const rule = { name: "shouting", version: 1 };

/** Rules take as long as it is told. */
class Measuring {
  #us = 0;
  readonly #times: number[] = [];
  readonly costs = new RuleCosts(() => (this.#us += this.#times.shift() ?? 0));

  take(us: number, times: number, of = rule): void {
    for (let i = 0; i < times; i++) {
      this.#times.push(0, us);
      this.costs.measure(of, () => undefined);
    }
  }
}

test("one event in 64 is measured, and none without a stopwatch", () => {
  const { costs } = new Measuring();
  const due = Array.from({ length: 640 }, () => costs.isDue()).filter(Boolean);

  expect(due).toHaveLength(10);
  const none = new RuleCosts();
  expect(Array.from({ length: 640 }, () => none.isDue())).not.toContain(true);
  none.measure(rule, () => expect("asked once more").toBe("left alone"));
  expect(none.of(rule)).toBeUndefined();
});

test("what a rule takes is told once it was measured sixteen times, and follows what it takes now", () => {
  const measuring = new Measuring();
  measuring.take(12, 15);
  expect(measuring.costs.of(rule)).toBeUndefined();

  measuring.take(12, 1);
  expect(measuring.costs.of(rule)).toBe(12);
  expect(measuring.costs.of({ ...rule, version: 2 })).toBeUndefined();

  measuring.take(3, 64);
  expect(measuring.costs.of(rule)).toBe(3);
});

describe("a dear rule", () => {
  test("is told of once, and once more where it gets far too dear", () => {
    const measuring = new Measuring();
    measuring.take(dearUs + 1, 40);
    expect(measuring.costs.takeDear()).toEqual([{ ...rule, isTooDear: false }]);

    measuring.take(dearUs + 1, 200);
    expect(measuring.costs.takeDear()).toEqual([]);

    measuring.take(tooDearUs + 1, 200);
    expect(measuring.costs.takeDear()).toEqual([{ ...rule, isTooDear: true }]);
    measuring.take(tooDearUs * 9, 200);
    expect(measuring.costs.takeDear()).toEqual([]);
  });

  test("in another version is another one", () => {
    const measuring = new Measuring();
    measuring.take(tooDearUs + 1, 16);
    measuring.take(tooDearUs + 1, 16, { ...rule, version: 2 });

    expect(measuring.costs.takeDear()).toEqual([
      { ...rule, isTooDear: true },
      { ...rule, version: 2, isTooDear: true },
    ]);
  });

  test("is none for a pause of the machine", () => {
    const measuring = new Measuring();
    for (let i = 0; i < 10; i++) {
      measuring.take(2, 20);
      measuring.take(20_000, 1);
    }

    expect(measuring.costs.takeDear()).toEqual([]);
    expect(measuring.costs.of(rule)).toBe(2);
  });
});

test("of more rules than there may be none is kept for ever", () => {
  const measuring = new Measuring();
  for (let i = 0; i < 2_001; i++) measuring.take(1, 16, { name: `rule-${i}`, version: 1 });

  expect(measuring.costs.of({ name: "rule-0", version: 1 })).toBeUndefined();
  expect(measuring.costs.of({ name: "rule-2000", version: 1 })).toBe(1);
});
