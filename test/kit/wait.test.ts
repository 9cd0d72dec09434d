import { beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Wait } from "../../src/kit/wait.ts";

let wait: Wait;
beforeEach(() => {
  wait = new Wait();
});

test("nothing is waited for in the beginning", () => {
  expect(wait.left(0)).toBe(0);
  expect(wait.left(5_000)).toBe(0);
});

test("gets shorter with the time, and is over when it has passed", () => {
  wait.begin(1_000, 100);

  expect([1_000, 1_040, 1_100, 2_000].map((now) => wait.left(now))).toEqual([100, 60, 0, 0]);
});

test("may be ended early", () => {
  wait.begin(1_000, 100);
  wait.end();

  expect(wait.left(1_000)).toBe(0);
});

test("is extended by a longer one only", () => {
  wait.begin(1_000, 100);
  wait.extend(1_050, 20);
  expect(wait.endsAt).toBe(1_100);

  wait.extend(1_050, 60);
  expect(wait.endsAt).toBe(1_110);
});

test("begins anew where the clock was set back, and ends after its own length", () => {
  wait.begin(86_400_000, 100);

  expect(wait.left(500)).toBe(100);
  expect(wait.left(600)).toBe(0);
});

test("is never longer than it was meant to be, whatever the clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.nat({ max: 10_000 })), { minLength: 1 }), (looks) => {
      const subject = new Wait();
      subject.begin(0, 10_000);
      for (const [now] of looks) expect(subject.left(now)).toBeLessThanOrEqual(10_000);
    }),
  );
});
