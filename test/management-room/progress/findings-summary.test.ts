// One incident in a few lines.

import { describe, expect, test } from "@jest/globals";
import { FoundSums, type FoundNews } from "../../../src/management-room/progress/findings-summary.ts";
import { say } from "../../../src/kit/say.ts";
import type { Target } from "../../../src/model/finding.ts";
import { hall, lobby, server, user } from "../../support/make.ts";

const person = (name: string, room = lobby): Target => ({
  kind: "person",
  user: user(`@${name}:x.test`),
  room,
  evidence: [],
});

function summary(...all: readonly (Partial<FoundNews> & { readonly about: Target })[]): string {
  const sums = new FoundSums();
  for (const { about, ...more } of all)
    sums.add({
      finding: { protection: "flood", about, sentence: "12 messages" },
      isRepeat: false,
      responses: ["redact", "mute"],
      heat: 0,
      unfit: [],
      mode: "act",
      isSpared: false,
      lacksList: false,
      ...more,
    });
  return sums.describe("flood", (room) => (room === lobby ? say`Lobby` : say`Hall`)).text;
}

describe("an incident", () => {
  test("names the room and the people, with what was found", () => {
    expect(summary({ about: person("ann") }, { about: person("bob") })).toBe(
      "flood in Lobby: @ann:x.test (12 messages), @bob:x.test (12 messages).",
    );
  });

  test("counts rooms, and people beyond five, each once", () => {
    const people = ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ about: person(name) }));

    const text = summary(...people, { about: person("a", hall), isRepeat: true });

    expect(text).toContain("flood in 2 rooms: @a:x.test (12 messages), ");
    expect(text).toContain("@e:x.test (12 messages) and 2 more. 1 time it was a repeat.");
    expect(text).not.toContain("@f:x.test");
  });

  test.each<[string, Partial<FoundNews>, string]>([
    ["only told", { mode: "alert" }, "Alert only, so nothing was done. It would have been: redact+mute."],
    ["about a regular", { isSpared: true }, "1 regular among them: muted, and neither kicked nor banned."],
    [
      "without a list",
      { lacksList: true },
      "There is no list that I may write to, so the ban is in the room alone.",
    ],
  ])("that is %s says so", (_what, more, expected) => {
    expect(summary({ about: person("ann"), ...more }).split("\n")).toEqual([
      "flood in Lobby: @ann:x.test (12 messages).",
      expected,
    ]);
  });

  test("names rooms and servers, and what of the response does not fit them", () => {
    const about: Target = { kind: "server", server: server("x.test"), room: lobby, evidence: [] };

    expect(summary({ about, unfit: ["kick", "ban"], lacksList: true }).split("\n")).toEqual([
      "flood in Lobby: x.test (12 messages).",
      "There is no list that I may write to, so no server is banned.",
      "Left out, as only people can be answered with it: kick, ban.",
    ]);
  });
});
