// Time of day in time zones, over changes of clocks.

import { describe, expect, test } from "@jest/globals";
import {
  describeTimeOfDay,
  localTime,
  nextTimeOfDay,
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
