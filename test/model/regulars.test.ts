import { beforeEach, expect, test } from "@jest/globals";
import { Regulars } from "../../src/model/regulars.ts";
import { user } from "../support/make.ts";

const ann = user("@ann:example.org");
const dayMs = 86_400_000;
const day = (n: number) => (20_000 + n) * dayMs + 5_000;

let regulars: Regulars;
beforeEach(() => {
  regulars = new Regulars({ afterDays: 14, days: 3, people: 2 });
});

test("a regular has spoken on several days, the first of them long ago", () => {
  for (const n of [0, 1, 14]) regulars.spoke(ann, day(n));

  expect(regulars.isRegular(ann, day(13))).toBe(false);
  expect(regulars.isRegular(ann, day(14))).toBe(true);
});

test("who spoke much on one day is none, nor who spoke seldom, nor who never did", () => {
  for (let i = 0; i < 100; i++) regulars.spoke(ann, day(0) + i);
  expect(regulars.isRegular(ann, day(100))).toBe(false);

  regulars.spoke(ann, day(50));
  expect(regulars.isRegular(ann, day(100))).toBe(false);
  expect(regulars.isRegular(user("@other:example.org"), day(100))).toBe(false);
});

test("there is something to store at most once a day, and a day that was counted is not counted again", () => {
  expect(regulars.spoke(ann, day(3))?.record).toEqual({ firstDay: 20_003, lastDay: 20_003, days: 1 });
  expect(regulars.spoke(ann, day(3) + 1)).toBeUndefined();
  // A clock that was a week ahead for a while.
  expect(regulars.spoke(ann, day(10))?.record.days).toBe(2);
  expect(regulars.spoke(ann, day(4))).toBeUndefined();
});

test("of too many the one silent for longest is forgotten, and named", () => {
  const [bob, cid] = [user("@bob:example.org"), user("@cid:example.org")];
  regulars.spoke(ann, day(0));
  regulars.spoke(bob, day(0));
  regulars.spoke(ann, day(1));

  expect(regulars.spoke(cid, day(1))?.forgotten).toBe(bob);
  expect(regulars.get(bob)).toBeUndefined();
  expect(regulars.get(ann)?.days).toBe(2);
});
