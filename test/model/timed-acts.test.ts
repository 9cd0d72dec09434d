// What was done for a time: the newest act on a place counts, and what outlives a restart is written.

import { beforeEach, expect, test } from "@jest/globals";
import { TimedActs, placeOfList, placeOfProtection } from "../../src/model/timed-acts.ts";
import type { SettingChange } from "../../src/model/settings/change.ts";
import { hall, lobby, user } from "../support/make.ts";

const ann = user("@ann:x");
const suspend = (until?: number) =>
  ({ kind: "suspend", user: ann, reason: "", ...(until === undefined ? {} : { until }) }) as const;
const setting = (change: SettingChange, until?: number) =>
  ({ kind: "change-settings", change, ...(until === undefined ? {} : { until }) }) as const;
const enabling = (enabled: boolean | null, until?: number, room = lobby) =>
  setting({ kind: "set-protection", protection: "flood", room, values: { enabled } }, until);
const watching = { kind: "watch", list: { room: hall, via: [], liftsBans: true } } as const;

let acts: TimedActs;
beforeEach(() => {
  acts = new TimedActs();
});

test("end by their time, the first of them first", () => {
  acts.done(suspend(20));
  acts.done(enabling(true, 10));

  expect(acts.nextEnd).toBe(10);
  expect(acts.over(9)).toEqual([]);
  expect(acts.over(10).map(({ place }) => place)).toEqual([placeOfProtection("flood", lobby)]);
  expect(acts.over(20)).toHaveLength(2);
});

test.each([
  ["its opposite", [suspend(10), { kind: "unsuspend", user: ann, reason: "" }]],
  ["the same without an end", [suspend(10), suspend()]],
  ["a list that is unwatched", [setting(watching, 10), setting({ kind: "unwatch", list: hall })]],
  ["a protection that is set otherwise", [enabling(true, 10), enabling(false)]],
] as const)("are ended by %s", (_how, those) => {
  for (const one of those) acts.done(one);

  expect(acts.nextEnd).toBe(Infinity);
});

test("stay for acts on other places, and take a later end", () => {
  acts.done(enabling(true, 10));
  acts.done(enabling(false, undefined, hall));
  acts.done(setting({ kind: "set-protection", protection: "flood", room: lobby, values: { limit: 5 } }));
  acts.done(setting({ kind: "set-default-list", list: hall }));
  acts.done(enabling(true, 30));

  expect(acts.get(placeOfProtection("flood", lobby))?.until).toBe(30);
  expect(acts.get(placeOfList(hall))).toBeUndefined();
});

test("are written, and restored without being written again", () => {
  acts.done(suspend(10));
  acts.done(enabling(true, 10));
  acts.done(enabling(null));
  const written = [...acts.unwritten.take()];
  const again = new TimedActs();
  for (const [place, act] of written) if (act) again.restore(place, act);

  expect(again.over(10).map(({ action }) => action)).toEqual([suspend(10)]);
  expect([...again.unwritten.take()]).toEqual([]);
});

test("beyond the bound forget the oldest", () => {
  for (let n = 0; n <= 500; n++) acts.done({ ...suspend(n), user: user(`@p${n}:x`) });

  expect(acts.over(500)).toHaveLength(500);
  expect(acts.nextEnd).toBe(1);
});
