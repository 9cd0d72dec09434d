import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  describeDuration,
  describeRoughly,
  durationExamples,
  parseDuration,
} from "../../src/kit/duration.ts";

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

describe("a span of time as people write it", () => {
  test.each([
    ["30m", 30 * minute],
    ["12h", 12 * hour],
    ["7d", 7 * day],
    ["2w", 14 * day],
    ["1y", 365 * day],
    ["3mo", 90 * day],
    ["1d12h", 36 * hour],
    ["12h1d", 36 * hour],
    ["90s", 90_000],
    ["60s", minute],
    ["90 minutes", 90 * minute],
    ["1 hour", hour],
    ["1 day, 12 hours", 36 * hour],
    ["1 day and 12 hours", 36 * hour],
    ["1 week, 2 days, and 3 hours", 9 * day + 3 * hour],
    ["7D", 7 * day],
    ["2 Weeks", 14 * day],
    ["  7d ", 7 * day],
    ["7\u00a0d", 7 * day],
    ["７ｄ", 7 * day],
    ["007d", 7 * day],
    ["10y", 3_650 * day],
    ...durationExamples.map((text) => [text, expect.any(Number)] as const),
  ])("%p is understood", (text, ms) => {
    expect(parseDuration(text)).toEqual(ms);
  });

  test.each([
    "",
    " ",
    "5",
    "d",
    "0",
    "0d",
    "0m",
    "59s",
    "-7d",
    "+7d",
    "--7d",
    "7 d - 1h",
    "1.5h",
    "1,5h",
    "½h",
    "1e3h",
    "0x7d",
    "NaN",
    "NaNd",
    "Infinity",
    "∞d",
    "7dd",
    "7d7d",
    "1h 2hours",
    "7 fortnights",
    "7constructor",
    "7d.",
    ",7d",
    "and 7d",
    "for 7d",
    "7d spam",
    "11y",
    "9y13mo",
    "99999999999999999999d",
    "1d".repeat(500),
    "forever",
    "P7D",
    "7:30",
    "٧d",
  ])("%p is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test("is at least a minute and at most ten years, or none; and nothing throws", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom("1", "12", "d", "h", "y", "m", " ", ",", "and", "-", "."),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const ms = parseDuration(pieces.join("")) ?? minute;

        expect(ms >= minute && ms <= 3_650 * day && Number.isInteger(ms)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
