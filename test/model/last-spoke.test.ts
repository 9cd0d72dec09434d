import { expect, test } from "@jest/globals";
import { LastSpoke } from "../../src/model/last-spoke.ts";
import { user } from "../support/make.ts";

const hour = 3_600_000;
const [ann, bob] = [user("@ann:x"), user("@bob:x")];

test("those who spoke last come first, and those before the time not at all", () => {
  const spoke = new LastSpoke();
  spoke.spoke(ann, 10 * hour);
  spoke.spoke(bob, 12 * hour);
  spoke.spoke(ann, 15 * hour);

  expect(spoke.since(0)).toEqual([ann, bob]);
  expect(spoke.since(13 * hour)).toEqual([ann]);
});

test("who talks on is written once an hour", () => {
  const spoke = new LastSpoke();
  for (let minute = 0; minute < 60; minute++) spoke.spoke(ann, hour + minute * 60_000);

  expect(spoke.unwritten.take()).toEqual(new Map([[ann, { at: hour }]]));
  spoke.spoke(ann, 2 * hour);
  expect(spoke.unwritten.take()).toEqual(new Map([[ann, { at: 2 * hour }]]));
});

test("who speaks after the clock was set back spoke at the time that it shows now", () => {
  const spoke = new LastSpoke();
  spoke.spoke(ann, 50 * hour);
  spoke.spoke(ann, 2 * hour);

  expect(spoke.since(3 * hour)).toEqual([]);
});

test("who has been silent for longest is forgotten and deleted beyond five hundred", () => {
  const spoke = new LastSpoke();
  for (let n = 0; n <= 500; n++) spoke.spoke(user(`@u${n}:x`), n * hour);

  expect(spoke.since(0)).toHaveLength(500);
  expect(spoke.unwritten.take().get("@u0:x")).toBeUndefined();
});
