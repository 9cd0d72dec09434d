// What is usual of newcomers: counted, fading, bounded, and the same after a restart.

import { expect, test } from "@jest/globals";
import { dayMs, minuteMs } from "../../src/kit/duration.ts";
import { Newcomers } from "../../src/model/newcomers.ts";

const now = 1_800_000_000_000;
const came = (traits: readonly string[], hasSpoken = true) => ({ traits, hasSpoken });

test("those who have a trait are counted, of all and of those who spoke, and half of it is left after a month", () => {
  const newcomers = new Newcomers();
  for (let i = 0; i < 8; i++) newcomers.learned(came(i % 2 ? ["burst"] : [], i < 6), now);

  expect([newcomers.all(now), newcomers.spoken(now), newcomers.having("burst", now)]).toEqual([8, 6, 4]);
  expect(newcomers.having("burst", now + 30 * dayMs)).toBeCloseTo(2);
  expect(newcomers.having("mask", now)).toBe(0);
});

test("the most joins of a minute are remembered for thirty days, and a clock that goes back forgets none", () => {
  const newcomers = new Newcomers();
  newcomers.joined(12, now);
  newcomers.joined(5, now + dayMs);
  newcomers.joined(3, now - minuteMs);

  expect(newcomers.joinsRecord(now + dayMs)).toBe(12);
  expect(newcomers.joinsRecord(now + 40 * dayMs)).toBe(0);
});

test("what changed is written, and restored as it was", () => {
  const newcomers = new Newcomers();
  newcomers.watched(now);
  newcomers.learned(came(["burst", "kind:link"]), now);
  newcomers.joined(7, now);
  const after = new Newcomers();
  for (const [key, item] of newcomers.unwritten.take()) after.restore(key, item!);

  expect(after.since).toBe(now);
  expect([after.all(now), after.having("kind:link", now), after.joinsRecord(now)]).toEqual([1, 1, 7]);
});

test("traits beyond the bound go, those first that nobody had for longest, and are deleted from the store", () => {
  const newcomers = new Newcomers();
  for (let i = 0; i < 4_100; i++) newcomers.learned(came([`link:h${i}.example`]), now);

  expect(newcomers.having("link:h0.example", now)).toBe(0);
  expect(newcomers.having("link:h4099.example", now)).toBe(1);
  expect([...newcomers.unwritten.take()].filter(([, item]) => item === undefined)).toHaveLength(4);
});
