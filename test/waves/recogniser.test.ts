// Which waves are recognised, by what proof, and who is never part of one.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { ACommunity, hex, humanName, regular } from "./a-community.ts";

let here: ACommunity;
beforeEach(() => {
  here = new ACommunity();
});

const spam = (i: number) =>
  `Dear friend number ${i}, earn money at home with our trading group, join now at https://evil.example/x`;

/** Joins, and writes three seconds later. */
function comesAndSays(who: string, body: string): void {
  here.joins(who);
  here.passes(2_000);
  here.says(who, body);
}

describe("a wave", () => {
  test("of machine names of one new server is suspected before anybody speaks", () => {
    for (let i = 0; i < 10; i++) here.joins(hex(i));

    expect(here.wave).toMatchObject({ stage: "suspected" });
    expect(here.wave!.accounts).toBeGreaterThanOrEqual(5);
    expect(here.wave!.shares.map(({ shown }) => shown)).toContain("accounts of evil.example");
    expect(here.member(hex(9))).toMatchObject({ wave: here.wave!.id, messages: [] });
  });

  test("that writes the same within seconds is harmful by its pace", () => {
    for (let i = 0; i < 6; i++) comesAndSays(hex(i), spam(i));

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "pace" });
    expect(here.member(hex(0))!.messages).toHaveLength(1);
  });
});

describe("no wave", () => {
  test("are regulars, whatever they say", () => {
    for (let i = 0; i < 40; i += 4) here.says(regular(i), spam(0));

    expect(here.waves).toEqual([]);
  });

  test("are people with names of people from servers that are known", () => {
    for (let i = 700; i < 760; i++) comesAndSays(`@${humanName(i)}:matrix.org`, "hi, nice to be here");

    expect(here.waves).toEqual([]);
  });
});
