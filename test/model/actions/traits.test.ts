/** What the traits of a kind say must fit together: claims over all kinds, those that are still to come included. */
import { describe, expect, test } from "@jest/globals";
import type { ActionKind } from "../../../src/model/actions/action.ts";
import {
  everyActionKind,
  inverse,
  placeOf,
  powerNeededFor,
  roomOf,
  traitsOf,
  weightOf,
} from "../../../src/model/actions/traits.ts";
import { words } from "../../../src/model/actions/words.ts";
import { everyKind, oneOfEach } from "../../support/one-of-each.ts";

const kindsWhere = (holds: (kind: ActionKind) => boolean) => everyKind.filter(holds);
const traits = (kind: ActionKind) => traitsOf(oneOfEach[kind]);

test("the fixture has one of each kind", () => {
  expect(everyKind.toSorted()).toEqual(everyActionKind.toSorted());
});

describe("an act", () => {
  test("that harms a person names the person", () => {
    expect(kindsWhere((kind) => traits(kind).harm.whom === "person" && !("user" in oneOfEach[kind]))).toEqual(
      [],
    );
  });

  test("that weighs on somebody harms somebody, but for a rule, whose people are found when it comes back", () => {
    expect(
      kindsWhere(
        (kind) => weightOf(oneOfEach[kind]).what !== "nothing" && traits(kind).harm.whom === "nobody",
      ),
    ).toEqual(["write-policy"]);
  });

  test("that harms somebody needs a power, but for the homeserver's redaction, which asks for it elsewhere", () => {
    expect(
      kindsWhere(
        (kind) => traits(kind).harm.whom !== "nobody" && powerNeededFor(oneOfEach[kind]).of === "nothing",
      ),
    ).toEqual(["redact-by-server"]);
  });

  test("that harms somebody is recorded in a dry run, but for the search, which only looks", () => {
    expect(
      kindsWhere((kind) => traits(kind).harm.whom !== "nobody" && traits(kind).memory.inDryRun === "perform"),
    ).toEqual(["search-history"]);
  });

  test("that a dry run performs changes nothing", () => {
    expect(
      kindsWhere((kind) => traits(kind).memory.inDryRun === "perform" && traits(kind).changes !== "no-state"),
    ).toEqual([]);
  });

  test("that changes a room's state is done in a room", () => {
    expect(
      kindsWhere((kind) => traits(kind).changes === "room-state" && roomOf(oneOfEach[kind]) === undefined),
    ).toEqual([]);
  });

  test("that changes no state has nothing to be replaced by, so the same is not done twice at once", () => {
    expect(
      kindsWhere((kind) => traits(kind).changes === "no-state" && traits(kind).turn.sameUnderWay !== "drop"),
    ).toEqual([]);
  });
});

describe("taking back", () => {
  test("by the newest act on a place needs a place and an inverse on the same place", () => {
    const newest = kindsWhere((kind) => traits(kind).undo.how === "if-newest");
    expect(newest).toHaveLength(12);

    for (const kind of newest) {
      const act = oneOfEach[kind];
      expect(placeOf(act)).toBeDefined();
      expect(placeOf(inverse(act)!)).toBe(placeOf(act));
    }
  });

  test("for good there is nothing, and no number promises that there is", () => {
    const final = kindsWhere((kind) => traits(kind).undo.how === "final");

    expect(final.filter((kind) => inverse(oneOfEach[kind]) !== undefined)).toEqual([]);
    expect(final.filter((kind) => traits(kind).undo.isOffered)).toEqual([]);
  });

  test("what an undo does, and what it leaves alone, has a name", () => {
    const acts = kindsWhere((kind) => ["if-newest", "if-it-stands"].includes(traits(kind).undo.how));
    const unnamed = (kind: ActionKind, names: "toTakeBack" | "leftAlone") => words[kind][names][0] === "act";

    expect(acts.filter((kind) => unnamed(kind, "toTakeBack"))).toEqual([]);
    // An invitation that was answered is no longer there, and nothing is said of it.
    expect(acts.filter((kind) => unnamed(kind, "leftAlone"))).toEqual(["invite"]);
  });
});
