import { beforeEach, describe, expect, test } from "@jest/globals";
import { aWorld, live, lobby, member, see, user } from "../../support/make.ts";
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

    expect(flight.undoOf(decided(oneOfEach.ban, byCommand(), 100))).toEqual({ by: undoing, at: 100 });
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
