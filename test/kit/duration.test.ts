import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeDuration, describeRoughly } from "../../src/kit/duration.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [0, "less than a second"],
  [499, "less than a second"],
  [500, "1 second"],
  [1_500, "2 seconds"],
  [59_600, "1 minute"],
  [minute + 1_000, "1 minute 1 second"],
  [hour - 1, "1 hour"],
  [hour + 5_000, "1 hour"],
  [2 * hour + 3 * minute + 4_000, "2 hours 3 minutes"],
  [day + 5 * minute, "1 day"],
  [2 * day + hour, "2 days 1 hour"],
  [400 * day, "400 days"],
])("%p ms are %s", (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});

test.each([
  [0, "a few seconds"],
  [8_000, "a few seconds"],
  [11_000, "10 seconds"],
  [88_000, "90 seconds"],
  [112_000, "110 seconds"],
  [149_000, "2.5 minutes"],
  [55 * minute, "55 minutes"],
  [150 * minute, "3 hours"],
  [7 * day, "7 days"],
])("%p ms are roughly %s", (ms, words) => {
  expect(describeRoughly(ms)).toBe(words);
});

test("what is said roughly is wrong by a quarter at most", () => {
  const sizes: Readonly<Record<string, number>> = { seconds: 1_000, minutes: minute, hours: hour, days: day };
  fc.assert(
    fc.property(fc.integer({ min: 8_400, max: 99 * day }), (ms) => {
      const [number, unit] = describeRoughly(ms).split(" ");
      const said = Number(number) * sizes[unit!]!;

      expect(Math.abs(said - ms) / ms).toBeLessThanOrEqual(0.25);
    }),
  );
});
