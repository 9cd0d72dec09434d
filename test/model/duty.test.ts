// Who is on duty: over midnight, by weekday, by zone, away for a while.

import { describe, expect, test } from "@jest/globals";
import { nextOnDuty, onDuty } from "../../src/model/duty.ts";
import type { UserId } from "../../src/model/ids.ts";
import type { Watch } from "../../src/model/settings/duty.ts";

const olga = "@olga:example.org" as UserId;
const ben = "@ben:example.org" as UserId;
const at = (iso: string) => Date.parse(iso);
const daily = [0, 1, 2, 3, 4, 5, 6];
const watch = (from: number, to: number, more: Partial<Watch> = {}): Watch => ({
  from: from * 60,
  to: to * 60,
  zone: "UTC",
  days: daily,
  ...more,
});
const roster = (watches: readonly (readonly [UserId, Watch])[], away: readonly [UserId, number][] = []) => ({
  duty: new Map(watches.map(([user, one]) => [user, [one]])),
  offDuty: new Map(away),
});

describe("on duty", () => {
  test("by day: from its beginning to before its end", () => {
    const settings = roster([[olga, watch(8, 16)]]);

    expect(onDuty(settings, at("2026-11-30T08:00:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-11-30T15:59:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-11-30T16:00:00Z"))).toEqual([]);
    expect(onDuty(settings, at("2026-11-30T07:59:00Z"))).toEqual([]);
  });

  test("past midnight: on the day after the one on which it begins", () => {
    // The 27th is a Friday.
    const settings = roster([[olga, watch(22, 6, { days: [5] })]]);

    expect(onDuty(settings, at("2026-11-27T23:00:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-11-28T05:59:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-11-27T05:00:00Z"))).toEqual([]);
    expect(onDuty(settings, at("2026-11-28T23:00:00Z"))).toEqual([]);
  });

  test("a whole day, where it ends when it begins", () => {
    const settings = roster([[olga, watch(9, 9, { days: [1] })]]);

    expect(onDuty(settings, at("2026-11-30T09:00:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-12-01T08:59:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-12-01T09:00:00Z"))).toEqual([]);
  });

  test("by the clock of the person's own zone", () => {
    const settings = roster([[olga, watch(22, 6, { zone: "Europe/Berlin" })]]);

    expect(onDuty(settings, at("2026-11-30T21:00:00Z"))).toEqual([olga]);
    expect(onDuty(settings, at("2026-11-30T05:30:00Z"))).toEqual([]);
  });

  test("not while away, and again after that", () => {
    const settings = roster([[olga, watch(0, 0)]], [[olga, at("2026-12-01T00:00:00Z")]]);

    expect(onDuty(settings, at("2026-11-30T12:00:00Z"))).toEqual([]);
    expect(onDuty(settings, at("2026-12-01T00:00:00Z"))).toEqual([olga]);
  });
});

describe("next", () => {
  test("who comes on duty after those who are", () => {
    const settings = roster([
      [olga, watch(22, 6)],
      [ben, watch(6, 14)],
    ]);

    const next = nextOnDuty(settings, at("2026-11-30T23:10:00Z"));

    expect(next).toEqual({ users: [ben], at: at("2026-12-01T06:00:00Z") });
  });

  test("nobody, where the roster has nobody else", () => {
    expect(nextOnDuty(roster([[olga, watch(0, 0)]]), at("2026-11-30T23:10:00Z"))).toBeUndefined();
  });
});
