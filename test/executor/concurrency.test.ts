import { beforeEach, describe, expect, test } from "@jest/globals";

import { Concurrency, type Act, type SlotKind } from "../../src/executor/concurrency.ts";

let concurrency: Concurrency;
beforeEach(() => {
  concurrency = new Concurrency({ start: 16, max: 64 });
});

const begin = (slot: SlotKind, startedAt = 1_000): Act => {
  const act = { slot, startedAt };
  concurrency.begin(act);
  return act;
};
/** As many as may begin at that moment, taking up the leader's place first. */
const beginAll = (slot: SlotKind, now: number): readonly Act[] => {
  const begun: Act[] = [];
  while (concurrency.isFree(slot, now)) begun.push(begin(slot, now));
  return begun;
};

describe("an act that takes much longer than usual", () => {
  test("counts no more, and is told once", () => {
    const slow = begin("write");
    expect(concurrency.isFree("write", 1_010)).toBe(false);
    expect(concurrency.turnedSlow(1_200)).toEqual([]);

    const due = concurrency.nextChange(1_100)!;

    expect(due).toBeLessThanOrEqual(1_500);
    expect(concurrency.turnedSlow(due)).toEqual([slow]);
    expect(concurrency.turnedSlow(due)).toEqual([]);
    expect(concurrency.active).toBe(1);
    concurrency.end(slow);
    expect(concurrency.active).toBe(0);
  });

  test("is measured by what acts usually take here, which one slow room hardly moves", () => {
    let now = 1_000;
    for (let i = 0; i < 60; i++) {
      const act = begin("write", now);
      now += 2_000;
      concurrency.end(act);
      concurrency.succeeded(act, now);
    }
    begin("write", now);
    expect(concurrency.turnedSlow(now + 5_000)).toEqual([]);

    const quick = new Concurrency({ start: 16, max: 64 });
    for (let i = 0; i < 60; i++) quick.succeeded({ slot: "write", startedAt: 0 }, i % 20 === 0 ? 10_000 : 30);
    expect(quick.isSlow({ slot: "write", startedAt: 0 }, 500)).toBe(true);
  });

  test("is waited for longer while the server counts our writes, as it holds back its refusals", () => {
    const act = begin("write");
    concurrency.limited(act, 1_100, 200);

    expect(concurrency.turnedSlow(1_900)).toEqual([]);
    expect(concurrency.turnedSlow(2_000)).toEqual([act]);
  });
});

test("rooms known to be slow take a quarter of the places and no place of the others", () => {
  expect(beginAll("slow-write", 1_000)).toHaveLength(16);

  expect(concurrency.isFree("write", 1_000)).toBe(true);
});

test("a pause of one class of requests is none of the others'", () => {
  const join = begin("join");
  concurrency.limited(join, 1_000, 100_000);
  concurrency.end(join);

  expect(concurrency.isFree("join", 2_000)).toBe(false);
  expect(concurrency.isFree("write", 2_000)).toBe(true);
  expect(concurrency.isFree("look", 2_000)).toBe(true);
  expect(concurrency.pauseLeft(2_000)).toBe(0);
});

test("where nothing can be reached, everybody rests", () => {
  concurrency.troubled(1_000, 500);

  for (const slot of ["write", "slow-write", "join", "look"] as const) {
    expect(concurrency.isFree(slot, 1_400)).toBe(false);
    expect(concurrency.isFree(slot, 1_500)).toBe(true);
  }
});

test("however slow everything is, there is an end to what is under slot at once", () => {
  for (let now = 1_000; now < 600_000; now += 1_000) {
    concurrency.turnedSlow(now);
    for (const slot of ["look", "join", "write", "slow-write"] as const) beginAll(slot, now);
  }

  expect(concurrency.activeIn("look")).toBe(16);
  expect(concurrency.activeIn("join")).toBe(8);
  expect(concurrency.active).toBe(64);
});

test("with a single place allowed, each class of requests can still have it", () => {
  concurrency = new Concurrency({ start: 1, max: 1 });

  for (const slot of ["write", "slow-write", "join", "look"] as const) {
    const [act, ...more] = beginAll(slot, 1_000);
    expect(more).toEqual([]);
    concurrency.end(act!);
  }
});
