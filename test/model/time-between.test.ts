import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { timeBetween } from "../../src/model/time-between.ts";

const minute = 60_000;
const on = (at: number, sentAt = at) => ({ at, sentAt });

test("is told by our clock, whatever the other clock shows", () => {
  expect(timeBetween(on(1_000, 5), on(3_000, 2_005))).toBe(2_000);
  expect(timeBetween(on(1_000, 900_000), on(3_000, 903_000))).toBe(2_000);
});

test("is unknown where one of the two was held up, or their order is wrong, or a time is missing", () => {
  // A pause of their server: both reached us at once, and were sent twenty minutes apart.
  expect(timeBetween(on(100 * minute, 70 * minute), on(100 * minute, 90 * minute))).toBeUndefined();
  expect(timeBetween(on(100 * minute, 80 * minute), on(101 * minute, 101 * minute))).toBeUndefined();
  expect(timeBetween(on(5_000), on(4_000))).toBeUndefined();
  expect(timeBetween(on(5_000, 0), on(6_000))).toBeUndefined();
});

test("of a long time a tenth may differ", () => {
  expect(timeBetween(on(minute), on(61 * minute, 56 * minute))).toBe(60 * minute);
  expect(timeBetween(on(minute), on(61 * minute, 50 * minute))).toBeUndefined();
});

test("no lie about the time makes it another", () => {
  const time = fc.integer({ min: 1, max: 1e12 });
  fc.assert(
    fc.property(time, time, time, time, (a, b, said, saidLater) => {
      const [first, second] = a < b ? [a, b] : [b, a];
      const told = timeBetween(on(first, said), on(second, saidLater));
      expect([undefined, second - first]).toContain(told);
    }),
  );
});
