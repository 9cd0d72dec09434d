import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SlotKind } from "../../src/executor/hand.ts";
import { Concurrency, type Act } from "../../src/executor/concurrency.ts";

let hands: Concurrency;
beforeEach(() => {
  hands = new Concurrency({ start: 16, max: 64 });
});

const begin = (way: SlotKind, startedAt = 1_000): Act => {
  const act = { way, startedAt };
  hands.begin(act);
  return act;
};
/** As many as may begin at that moment, taking up the leader's place first. */
const beginAll = (way: SlotKind, now: number): readonly Act[] => {
  const begun: Act[] = [];
  while (hands.isFree(way, now)) begun.push(begin(way, now));
  return begun;
};

describe("an act that takes much longer than usual", () => {
  test("counts no more, and is told once", () => {
    const slow = begin("write");
    expect(hands.isFree("write", 1_010)).toBe(false);
    expect(hands.turnedSlow(1_200)).toEqual([]);

    const due = hands.nextChange(1_100)!;

    expect(due).toBeLessThanOrEqual(1_500);
    expect(hands.turnedSlow(due)).toEqual([slow]);
    expect(hands.turnedSlow(due)).toEqual([]);
    expect(hands.active).toBe(1);
    hands.end(slow);
    expect(hands.active).toBe(0);
  });

  test("is measured by what acts usually take here, which one slow room hardly moves", () => {
    let now = 1_000;
    for (let i = 0; i < 60; i++) {
      const act = begin("write", now);
      now += 2_000;
      hands.end(act);
      hands.succeeded(act, now);
    }
    begin("write", now);
    expect(hands.turnedSlow(now + 5_000)).toEqual([]);

    const quick = new Concurrency({ start: 16, max: 64 });
    for (let i = 0; i < 60; i++) quick.succeeded({ way: "write", startedAt: 0 }, i % 20 === 0 ? 10_000 : 30);
    expect(quick.isSlow({ way: "write", startedAt: 0 }, 500)).toBe(true);
  });

  test("is waited for longer while the server counts our writes, as it holds back its refusals", () => {
    const act = begin("write");
    hands.limited(act, 1_100, 200);

    expect(hands.turnedSlow(1_900)).toEqual([]);
    expect(hands.turnedSlow(2_000)).toEqual([act]);
  });
});

test("rooms known to be slow take a quarter of the places and no place of the others", () => {
  expect(beginAll("beside", 1_000)).toHaveLength(16);

  expect(hands.isFree("write", 1_000)).toBe(true);
});

test("a pause of one hand is none of the others'", () => {
  const join = begin("join");
  hands.limited(join, 1_000, 100_000);
  hands.end(join);

  expect(hands.isFree("join", 2_000)).toBe(false);
  expect(hands.isFree("write", 2_000)).toBe(true);
  expect(hands.isFree("look", 2_000)).toBe(true);
  expect(hands.pauseLeft(2_000)).toBe(0);
});

test("where nothing can be reached, everybody rests", () => {
  hands.troubled(1_000, 500);

  for (const way of ["write", "beside", "join", "look"] as const) {
    expect(hands.isFree(way, 1_400)).toBe(false);
    expect(hands.isFree(way, 1_500)).toBe(true);
  }
});

test("however slow everything is, there is an end to what is under way at once", () => {
  for (let now = 1_000; now < 600_000; now += 1_000) {
    hands.turnedSlow(now);
    for (const way of ["look", "join", "write", "beside"] as const) beginAll(way, now);
  }

  expect(hands.activeIn("look")).toBe(16);
  expect(hands.activeIn("join")).toBe(8);
  expect(hands.active).toBe(64);
});

test("with a single place allowed, each hand can still have it", () => {
  hands = new Concurrency({ start: 1, max: 1 });

  for (const way of ["write", "beside", "join", "look"] as const) {
    const [act, ...more] = beginAll(way, 1_000);
    expect(more).toEqual([]);
    hands.end(act!);
  }
});
