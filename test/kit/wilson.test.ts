import { expect, test } from "@jest/globals";
import { wilsonLowerBound } from "../../src/kit/wilson.ts";

test.each([
  // The textbook's figures.
  [38, 42, 0.7793],
  [1, 1, 0.2065],
  [10, 10, 0.7225],
  [0, 10, 0],
  [50, 100, 0.4038],
  [9_900, 10_000, 0.9879],
])("%i of %i: at least %f", (right, all, least) => {
  expect(wilsonLowerBound(right, all)).toBeCloseTo(least, 4);
});

test("of nothing nothing is known, and what cannot be is cut", () => {
  expect(wilsonLowerBound(0, 0)).toBe(0);
  expect(wilsonLowerBound(5, 3)).toBeLessThanOrEqual(1);
});

test("it is below the share, and the nearer the more cases there are", () => {
  for (const all of [1, 10, 100, 1_000]) {
    const gap = (n: number) => 0.9 - wilsonLowerBound(0.9 * n, n);
    expect(gap(all)).toBeGreaterThan(gap(all * 10));
  }
});
