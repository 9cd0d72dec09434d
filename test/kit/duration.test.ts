import { expect, test } from "@jest/globals";
import { describeDuration } from "../../src/kit/duration.ts";

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
