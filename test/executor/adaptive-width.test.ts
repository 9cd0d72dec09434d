import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AdaptiveWidth } from "../../src/executor/adaptive-width.ts";

const limits = { start: 8, max: 64 };

describe("the first write of a burst", () => {
  test("goes alone until it has succeeded; then the width opens with each success", () => {
    const pace = new AdaptiveWidth(limits);

    pace.started(1_000, 0);
    expect(pace.allowance(1_000)).toBe(1);

    pace.succeeded(1_010);
    expect(pace.allowance(1_010)).toBe(8);
    pace.succeeded(1_020);
    expect(pace.allowance(1_020)).toBe(8);
    pace.succeeded(1_030);
    expect(pace.allowance(1_030)).toBe(8);
  });

  test("holds nobody longer than 80 ms, however slow it is", () => {
    const pace = new AdaptiveWidth(limits);
    pace.started(1_000, 0);
    const over = pace.nextChange(1_000)!;

    expect(over).toBeGreaterThan(1_000);
    expect(over).toBeLessThanOrEqual(1_080);
    expect(pace.allowance(over - 1)).toBe(1);
    expect(pace.allowance(over)).toBe(8);
    expect(pace.nextChange(over)).toBeUndefined();
  });

  test("is a first one only after half a second without work", () => {
    const pace = new AdaptiveWidth(limits);
    pace.started(1_000, 0);
    pace.succeeded(1_010);

    pace.started(1_500, 0);
    expect(pace.allowance(1_500)).toBe(8);

    pace.started(2_001, 0);
    expect(pace.allowance(2_001)).toBe(1);
  });
});

describe("a 429", () => {
  test("stops everybody for as long as the server says", () => {
    const pace = new AdaptiveWidth(limits);
    pace.limited(1_000, 2_000);

    expect(pace.allowance(2_999)).toBe(0);
    expect(pace.pauseLeft(2_000)).toBe(1_000);
    expect(pace.nextChange(1_000)).toBe(3_000);
    expect(pace.pauseLeft(3_000)).toBe(0);
  });

  test("is not cut short by a second, shorter one", () => {
    const pace = new AdaptiveWidth(limits);
    pace.limited(1_000, 5_000);
    pace.limited(1_100, 100);

    expect(pace.pauseLeft(1_100)).toBe(4_900);
  });

  test("is followed by single writes until a few have succeeded, then by half the width", () => {
    const pace = new AdaptiveWidth(limits);
    pace.limited(1_000, 500);
    const widths = [];
    for (let i = 0; i < 6; i++) {
      widths.push(pace.allowance(2_000 + i));
      pace.succeeded(2_000 + i);
    }

    expect(widths).toEqual([1, 1, 1, 1, 1, 4]);
  });
});

test("trouble of the server narrows the width, but never below one", () => {
  const pace = new AdaptiveWidth(limits);
  for (let i = 0; i < 20; i++) pace.troubled(1_000, 100);

  expect(pace.width).toBe(1);
  expect(pace.allowance(1_099)).toBe(0);
  expect(pace.allowance(1_100)).toBe(1);
});

test("whatever happens, the width stays within its limits and writing goes on some time", () => {
  const happening = fc.record({
    what: fc.constantFrom("started", "succeeded", "limited", "troubled"),
    after: fc.nat({ max: 1_000 }),
    ms: fc.nat({ max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 300 }), (happenings) => {
      const pace = new AdaptiveWidth(limits);
      let now = 0;
      for (const { what, after, ms } of happenings) {
        now += after;
        if (what === "started") pace.started(now, 0);
        else if (what === "succeeded") pace.succeeded(now);
        else if (what === "limited") pace.limited(now, ms);
        else pace.troubled(now, ms);

        expect(pace.width).toBeGreaterThanOrEqual(1);
        expect(pace.width).toBeLessThanOrEqual(64);
        expect(pace.allowance(now + pace.pauseLeft(now))).toBeGreaterThanOrEqual(1);
        const next = pace.nextChange(now);
        expect(pace.allowance(now) > 0 || next! > now).toBe(true);
      }
    }),
  );
});

describe("where our clock was set back", () => {
  test("a pause begins anew and lasts no longer than the server asked", () => {
    const pace = new AdaptiveWidth(limits);
    pace.limited(86_400_000, 2_000);

    expect(pace.pauseLeft(1_000)).toBe(2_000);
    expect(pace.nextChange(1_000)).toBe(3_000);
    expect(pace.allowance(3_000)).toBe(1);
  });

  test("the first write of a burst keeps the others no longer than usual", () => {
    const pace = new AdaptiveWidth(limits);
    pace.started(86_400_000, 0);
    expect(pace.allowance(1_000)).toBe(1);

    expect(pace.allowance(1_080)).toBe(8);
  });
});
