import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RateLimitEstimate } from "../../src/executor/rate-limit-estimate.ts";

let quota: RateLimitEstimate;
beforeEach(() => {
  quota = new RateLimitEstimate();
});

/** Synapse's leaky bucket as one writer after another meets it: refused, waits as told, gets through. */
function writeThrough(count: number, { from, everyMs }: { from: number; everyMs: number }): number {
  let now = from;
  for (let i = 0; i < count; i++) {
    quota.refused(now, everyMs - 500);
    const startedAt = now + everyMs - 500;
    now = startedAt + 500;
    quota.passed(now, startedAt);
  }
  return now;
}

test("nothing is expected where nothing was refused", () => {
  quota.passed(1_000, 900);

  expect(quota.expectedMs(1_000, 100)).toBeUndefined();
});

test("the first refusal says it all: so many writes take so many times as long", () => {
  quota.refused(1_000, 5_000);

  expect(quota.expectedMs(1_000, 20)).toBe(100_000);
  expect(quota.expectedMs(4_000, 20)).toBe(97_000);
});

test("nothing is expected for nothing", () => {
  quota.refused(1_000, 5_000);

  expect(quota.expectedMs(1_000, 0)).toBeUndefined();
});

test("of refusals at the same time the longest says most", () => {
  quota.refused(1_000, 400);
  quota.refused(1_000, 4_900);
  quota.refused(1_010, 300);

  expect(quota.expectedMs(1_010, 10)).toBeGreaterThan(48_000);
});

test("a refusal for a part of five seconds is taken for the server's default", () => {
  quota.refused(1_000, 3_000);

  expect(quota.expectedMs(1_000, 20)).toBe(100_000);
});

test("a first refusal in the middle of an interval is put right by what gets through", () => {
  quota.refused(1_000, 500);
  const now = writeThrough(5, { from: 1_000, everyMs: 5_000 });

  const expected = quota.expectedMs(now, 20)!;
  expect(expected).toBeGreaterThan(100_000 / 1.33);
  expect(expected).toBeLessThan(100_000 * 1.33);
});

test("what was begun before the first refusal counts for nothing", () => {
  quota.refused(1_000, 5_000);
  for (let i = 0; i < 5; i++) quota.passed(1_010, 900);

  expect(quota.expectedMs(1_010, 20)).toBeGreaterThan(95_000);
});

test("a server that stops letting anything through makes us expect more", () => {
  quota.refused(1_000, 5_000);
  const now = writeThrough(3, { from: 1_000, everyMs: 5_000 });

  expect(quota.expectedMs(now + 60_000, 10)!).toBeGreaterThan(quota.expectedMs(now, 10)!);
});

describe("the limit is over", () => {
  test("when the server has refused nothing for a while", () => {
    quota.refused(1_000, 5_000);
    for (let i = 0; i < 8; i++) quota.passed(7_000 + i, 6_000);

    expect(quota.expectedMs(7_010, 100)).toBeUndefined();
  });

  test("when nothing waits any more; what was learnt holds for the next burst", () => {
    quota.refused(1_000, 5_000);
    const now = writeThrough(6, { from: 1_000, everyMs: 5_000 });
    quota.rested(now);
    expect(quota.expectedMs(now, 10)).toBeUndefined();

    quota.refused(now + 7_000, 300);

    expect(quota.expectedMs(now + 7_000, 20)).toBeGreaterThan(80_000);
  });
});

test("whatever happens, what is expected is never negative, has a bound, and grows with what waits", () => {
  const happening = fc.record({
    what: fc.constantFrom("refused", "passed", "rested"),
    after: fc.nat({ max: 10_000 }),
    ms: fc.nat({ max: 3_600_000 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 100 }), (happenings) => {
      const one = new RateLimitEstimate();
      let now = 0;
      for (const { what, after, ms } of happenings) {
        now += after;
        if (what === "refused") one.refused(now, ms);
        else if (what === "passed") one.passed(now, Math.max(0, now - ms));
        else one.rested(now);

        const few = one.expectedMs(now, 10);
        const many = one.expectedMs(now, 1_000_000);
        expect(few === undefined).toBe(many === undefined);
        expect(few ?? 0).toBeGreaterThanOrEqual(0);
        expect(many ?? 0).toBeGreaterThanOrEqual(few ?? 0);
        expect(many ?? 0).toBeLessThanOrEqual(7 * 86_400_000);
      }
    }),
  );
});
