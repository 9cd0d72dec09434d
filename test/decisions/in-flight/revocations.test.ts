import { beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Base64 } from "../../../src/kit/hash.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import { aWorld, event, live, lobby, member, see, user } from "../../support/make.ts";
import { oneOfEach } from "../../support/one-of-each.ts";
import { aFlight, byCommand, byFinding, decided, type Flight } from "./flight.ts";

const ann = user("@ann:example.org");
let flight: Flight;
beforeEach(() => {
  const world = aWorld();
  see(world, live(lobby, member(ann, "join")));
  flight = aFlight(world);
});

const undoing = byCommand("$undo");

describe("a command that was taken back", () => {
  test("is known with the one that took it back, for what was decided until then", () => {
    flight.undone(["$command"], undoing, 100);

    expect(flight.undoOf(decided(oneOfEach.ban, byCommand(), 100))).toEqual(undoing);
    expect(flight.undoOf(decided(oneOfEach.ban, byCommand(), 101))).toBeUndefined();
    expect(flight.undoOf(decided(oneOfEach.ban, byCommand("$other"), 100))).toBeUndefined();
  });

  test("calls off what of it still waits, but not its words and marks", () => {
    flight.undone(["$command"], undoing, 200);

    expect(flight.stillHolds(decided(oneOfEach.kick, byCommand("$other")))).toBe(true);
    expect(flight.stillHolds(decided(oneOfEach.kick))).toBe(false);
    expect(flight.stillHolds(decided(oneOfEach["change-settings"]))).toBe(false);
    expect(flight.stillHolds(decided(oneOfEach.tell))).toBe(true);
    expect(flight.stillHolds(decided(oneOfEach.react))).toBe(true);
  });

  test("may be an incident of a protection", () => {
    flight.undone(["flood 1"], undoing, 200);

    expect([flight.isUndone("flood 1"), flight.isUndone("flood 2")]).toEqual([true, false]);
    expect(flight.stillHolds(decided(oneOfEach.mute, byFinding))).toBe(false);
  });
});

describe("once somebody was unbanned by command", () => {
  const writing = (at: number) =>
    decided({ ...oneOfEach["write-policy"], content: { entity: "@Ann:example.org" } }, byCommand(), at);

  test("bans and mutes of commands and protections before that hold no more, later ones do", () => {
    flight.tookBack("@ANN:example.org", 100);

    expect(flight.stillHolds(decided(oneOfEach.ban, byCommand(), 99))).toBe(false);
    expect(flight.stillHolds(decided(oneOfEach.mute, byFinding, 99))).toBe(false);
    expect(flight.stillHolds(decided(oneOfEach.ban, byCommand(), 100))).toBe(true);
  });

  test("it is nothing to others, nor to what removes nobody for long", () => {
    flight.tookBack("@bob:example.org", 100);
    expect(flight.stillHolds(decided(oneOfEach.ban, byCommand(), 99))).toBe(true);

    flight.tookBack(ann, 100);
    expect(flight.stillHolds(decided(oneOfEach.kick, byCommand(), 99))).toBe(true);
  });

  test("rules that were decided before are not written any more", () => {
    flight.tookBack(ann, 100);

    expect([writing(99), writing(100)].map(flight.stillHolds)).toEqual([false, true]);
  });

  test("neither are rules that hold a hash of the name; rules that allow it are", () => {
    const rule = (content: JsonObject) => decided({ ...oneOfEach["write-policy"], content }, byCommand(), 99);
    flight.tookBack("@Ann:example.org", 100);

    const hashes = { sha256: sha256Base64("@Ann:example.org") };
    expect(flight.stillHolds(rule({ hashes, recommendation: "m.ban" }))).toBe(false);
    expect(flight.stillHolds(rule({ entity: "@Ann:example.org", recommendation: "m.allow" }))).toBe(true);
  });

  test("a rule that is handed over afterwards ends it, even where a clock that was set back says otherwise", () => {
    flight.tookBack(ann, 100);

    flight.handedOver(writing(50));

    expect(flight.stillHolds(writing(50))).toBe(true);
    expect(flight.stillHolds(decided(oneOfEach.ban, { ...byCommand(), event: event("$later") }, 50))).toBe(
      true,
    );
  });
});
