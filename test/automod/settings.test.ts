// The kinds of settings: what fits, how it is read, how the docs show it.

import { describe, expect, test } from "@jest/globals";
import {
  defaultInDocs,
  fits,
  isSameValue,
  rangeInDocs,
  readSetting,
  type SettingSpec,
} from "../../src/automod/settings.ts";
import type { SettingValue } from "../../src/model/settings/protections.ts";

const number: SettingSpec = { type: "number", about: "", unit: "seconds", default: 10, min: 1, max: 600 };
const yesNo: SettingSpec = { type: "yes-no", about: "", default: false };
const duration: SettingSpec = { type: "duration", about: "", default: "1h" };
const text: SettingSpec = { type: "text", about: "", default: "" };
const ladder: SettingSpec = { type: "ladder", about: "", default: "redact" };
const list: SettingSpec = { type: "list", about: "", unit: "words", default: ["crypto*", "dm me"], max: 3 };
const rising: SettingSpec = { type: "rising", about: "", unit: "heat", default: "40 60", most: 3, max: 100 };

function read(spec: SettingSpec, typed: string): SettingValue | { readonly problem: string } {
  const found = readSetting(spec, typed);
  return "problem" in found ? { problem: found.problem.text } : found.value;
}

describe("what is typed", () => {
  test.each<[string, SettingSpec, string, SettingValue]>([
    ["a number", number, " 42 ", 42],
    ["yes", yesNo, "Yes", true],
    ["off", yesNo, "off", false],
    ["a duration", duration, "30m", "30m"],
    ["no duration", duration, "never", ""],
    ["a text", text, "spam", "spam"],
    ["no text", text, "None", ""],
    ["a ladder", ladder, "Warn  redact + ban", "warn  redact+ban"],
    ["rising numbers", rising, " 5, 20  100 ", "5 20 100"],
    ["one of them", rising, "5", "5"],
    ["a list", list, "free nitro,dm  me , *coin", ["free nitro", "dm me", "*coin"]],
    ["a list of one", list, "airdrop", ["airdrop"]],
    ["a list that says one thing twice", list, "a, b, a,, b", ["a", "b"]],
    ["an empty list", list, "none", []],
  ])("%s is read", (_what, spec, typed, expected) => {
    expect(read(spec, typed)).toEqual(expected);
  });

  test.each<[string, SettingSpec, string, string]>([
    ["a number that is none", number, "many", "needs a whole number from 1 to 600 (seconds), not many"],
    ["a number beyond its bounds", number, "601", "needs a whole number from 1 to 600 (seconds), not 601"],
    ["neither yes nor no", yesNo, "maybe", "needs yes or no, not maybe"],
    ["no span of time", duration, "soon", "needs a span of time such as 30m or 1d, or none, not soon"],
    [
      "an unknown response",
      ladder,
      "smite",
      '"smite" is no answer; there are alert, hold, redact, warn, mute, kick, ban, list, reply, call',
    ],
    ...["60 40", "40 40", "0 40", "1 2 3 4", "40 101", "40 many", "4.5", ""].map(
      (typed): [string, SettingSpec, string, string] => [
        `what does not rise: ${typed}`,
        rising,
        typed,
        `needs up to 3 whole numbers from 1 to 100, each greater than the one before, such as 40 60, not ${typed}`,
      ],
    ),
    ["too many entries", list, "a,b,c,d", "may have 3 words, not 4"],
    ["a long entry", list, "x".repeat(101), `may have words of 100 letters, not ${"x".repeat(39)}…`],
  ])("%s is refused, with what fits", (_what, spec, typed, problem) => {
    expect(read(spec, typed)).toEqual({ problem });
  });
});

describe("what is stored", () => {
  test.each<[SettingSpec, SettingValue, boolean]>([
    [number, 10, true],
    [number, 0, false],
    [number, 1.5, false],
    [number, "10", false],
    [yesNo, true, true],
    [yesNo, "yes", false],
    [duration, "1h", true],
    [duration, 1, false],
    [ladder, "redact+ban", true],
    [ladder, "smite", false],
    [text, "anything", true],
    [text, ["anything"], false],
    [rising, "1 2", true],
    [rising, "2 1", false],
    [rising, 1, false],
    [list, [], true],
    [list, ["a", "b", "c"], true],
    [list, ["a", "b", "c", "d"], false],
    [list, [""], false],
    [list, "a", false],
  ])("%j: %j fits: %p", (spec, value, expected) => {
    expect(fits(spec, value)).toBe(expected);
  });

  test("is the same list where the entries are the same", () => {
    expect(isSameValue(["a", "b"], ["a", "b"])).toBe(true);
    expect(isSameValue(["a", "b"], ["b", "a"])).toBe(false);
    expect(isSameValue("a", ["a"])).toBe(false);
  });
});

test.each<[SettingSpec, string, string]>([
  [number, "10 seconds", " From 1 to 600."],
  [yesNo, "no", ""],
  [duration, "`1h`", ""],
  [text, "none", ""],
  [ladder, "`redact`", ""],
  [rising, "`40 60`", " Up to 3 whole numbers up to 100 that rise."],
  [list, "`crypto*`, `dm me`", " Up to 3 words, with commas between them."],
])("the docs show %j as %s", (spec, value, range) => {
  expect([defaultInDocs(spec), rangeInDocs(spec)]).toEqual([value, range]);
});
