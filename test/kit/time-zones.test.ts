// Time of day in time zones, over changes of clocks.

import { describe, expect, test } from "@jest/globals";
import {
  describeTimeOfDay,
  isWithin,
  localTime,
  nextTimeOfDay,
  parseHours,
  parseTimeOfDay,
  parseTimeZone,
} from "../../src/kit/time-zones.ts";

const at = (iso: string) => Date.parse(iso);

describe("local time", () => {
  test.each([
    ["2026-11-30T03:12:00Z", "UTC", 192, 1],
    ["2026-11-30T23:30:00Z", "Europe/Berlin", 30, 2],
    ["2026-07-01T22:30:00Z", "Europe/Berlin", 30, 4],
    ["2026-11-30T03:12:00Z", "Asia/Kolkata", 522, 1],
    ["2026-11-30T03:12:00Z", "America/New_York", 1332, 0],
  ])("of %s in %s", (iso, zone, minutes, weekday) => {
    expect(localTime(at(iso), zone)).toEqual({ minutes, weekday });
  });
});

describe("a zone", () => {
  test("is read whatever its case, and written as it is called", () => {
    expect(parseTimeZone("europe/berlin")).toBe("Europe/Berlin");
  });

  test.each(["Berlin", "", "x".repeat(1_000), "Europe/Berlin; --"])("is not %j", (text) => {
    expect(parseTimeZone(text)).toBeUndefined();
  });
});

describe("the next time of day", () => {
  test.each([
    ["2026-11-30T03:12:40Z", "UTC", "2026-11-30T07:30:00Z"],
    ["2026-11-30T07:30:00Z", "UTC", "2026-12-01T07:30:00Z"],
    ["2026-11-30T07:29:59Z", "UTC", "2026-11-30T07:30:00Z"],
    ["2026-11-30T23:59:00Z", "Europe/Berlin", "2026-12-01T06:30:00Z"],
  ])("after %s in %s", (iso, zone, next) => {
    expect(new Date(nextTimeOfDay(450, zone, at(iso))).toISOString()).toBe(next.replace("Z", ".000Z"));
  });
});

test.each([
  ["07:30", 450],
  ["7:30", 450],
  ["23:59", 1439],
  ["24:00", undefined],
  ["12:60", undefined],
  ["noon", undefined],
])("%s is so many minutes", (text, minutes) => {
  expect(parseTimeOfDay(text)).toBe(minutes);
});

test("minutes are told as a time of day", () => {
  expect([0, 450, 1439].map(describeTimeOfDay)).toEqual(["00:00", "07:30", "23:59"]);
});

describe("hours of a day", () => {
  test.each([
    ["23:00-07:00", { from: 1380, to: 420 }],
    ["9:00 – 17:30", { from: 540, to: 1050 }],
    ["07:00", undefined],
    ["07:00-07:00", undefined],
    ["25:00-07:00", undefined],
    ["7-9", undefined],
    ["07:00-08:00-09:00", undefined],
  ])("%s", (text, hours) => {
    expect(parseHours(text)).toEqual(hours);
  });

  test("may go past midnight; their end is no part of them", () => {
    const night = { from: 1380, to: 420 };

    expect([1379, 1380, 0, 419, 420].map((minutes) => isWithin(night, minutes))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});
