import { expect, test } from "@jest/globals";
import { restAfter, restOfAll, Retries } from "../../src/executor/retries.ts";

test("a lane rests longer after each failure, and never longer than a minute", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map(restAfter)).toEqual([
    100, 200, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ]);
});

test("where nothing can be reached, everything rests as long as the lane would, and 5 s at most", () => {
  expect([100, 5_000, 60_000].map(restOfAll)).toEqual([100, 5_000, 5_000]);
});

test("an act is given up after its twelfth failure, and another one has failures of its own", () => {
  const retries = new Retries();
  for (let i = 1; i < 12; i++) expect(retries.failed("a")).toBe(true);

  expect(retries.failed("b")).toBe(true);
  expect(retries.failed("a")).toBe(false);
});

test("an act that ended meanwhile starts anew", () => {
  const retries = new Retries();
  for (let i = 1; i < 12; i++) retries.failed("a");

  retries.ended("a");

  expect(retries.failed("a")).toBe(true);
});
