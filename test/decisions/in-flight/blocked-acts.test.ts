import { beforeEach, describe, expect, test } from "@jest/globals";
import { aWorld, hall, lobby } from "../../support/make.ts";
import { oneOfEach } from "../../support/one-of-each.ts";
import { aFlight, byCommand, byRule, decided, failedForNow, refusedForGood, type Flight } from "./flight.ts";

let flight: Flight;
beforeEach(() => {
  flight = aFlight(aWorld());
});

const ban = decided(oneOfEach.ban, byRule);
const banElsewhere = decided({ ...oneOfEach.ban, room: hall }, byRule);

describe("what the homeserver has refused for good", () => {
  test("is not asked again by itself, nor is anything else blocked for it", () => {
    flight.ended({ decision: ban, result: refusedForGood });

    expect([ban, banElsewhere].map(flight.isBlocked)).toEqual([true, false]);
  });

  test("is asked again once something changes in its room, and in no other", () => {
    flight.ended({ decision: ban, result: refusedForGood });
    flight.ended({ decision: banElsewhere, result: refusedForGood });

    flight.roomsChanged(hall);

    expect([ban, banElsewhere].map(flight.isBlocked)).toEqual([true, false]);
  });

  test("is asked again when a person commands it", () => {
    flight.ended({ decision: ban, result: refusedForGood });

    expect(flight.isBlocked(decided(oneOfEach.ban, byCommand()))).toBe(false);
  });

  test("leaves no room to be judged again", () => {
    flight.ended({ decision: ban, result: refusedForGood });

    expect(flight.takeFailedRooms()).toEqual([]);
  });

  test("is no refusal where we refused it ourselves", () => {
    flight.ended({ decision: ban, result: { ...refusedForGood, code: "REFUSED" } });

    expect(flight.isBlocked(ban)).toBe(false);
  });
});

describe("what failed for now", () => {
  test("leaves its room to be judged again, once", () => {
    flight.ended({ decision: ban, result: failedForNow });
    flight.ended({ decision: ban, result: failedForNow });

    expect(flight.isBlocked(ban)).toBe(false);
    expect(flight.takeFailedRooms()).toEqual([lobby]);
    expect(flight.takeFailedRooms()).toEqual([]);
  });

  test("is nothing to judge where it was done in no room", () => {
    flight.ended({ decision: decided(oneOfEach.suspend, byRule), result: failedForNow });

    expect(flight.takeFailedRooms()).toEqual([]);
  });
});

describe("in a dry run", () => {
  const acl = oneOfEach["set-server-acl"];

  test("an ACL is recorded once for each content", () => {
    flight.ended({ decision: decided(acl, byRule), result: { kind: "recorded" } });

    expect(flight.isBlocked(decided(acl, byRule))).toBe(true);
    expect(flight.isBlocked(decided({ ...acl, before: undefined }, byRule))).toBe(true);
    expect(flight.isBlocked(decided({ ...acl, content: { ...acl.content, deny: [] } }, byRule))).toBe(false);
  });

  test("a join is recorded once for each room", () => {
    flight.ended({ decision: decided(oneOfEach.join, byRule), result: { kind: "recorded" } });

    expect(flight.isBlocked(decided({ ...oneOfEach.join, via: [] }, byRule))).toBe(true);
    expect(flight.isBlocked(decided({ ...oneOfEach.join, room: lobby }, byRule))).toBe(false);
  });
});
