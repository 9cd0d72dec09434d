// What other bots' detectors become: the table names each, and what is taken over says the same.

import { describe, expect, test } from "@jest/globals";
import { Registry } from "../../src/automod/registry.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import { foreignDetectors } from "../../src/model/foreign-detectors.ts";
import { readTakeover } from "../../src/takeover/read-all.ts";
import { shipped } from "../../src/protections/shipped.ts";

const names = new Set(shipped.map(({ name }) => name));

const waiting = new Set(
  new Registry(shipped)
    .known(noSettings)
    .all.filter(({ waitsFor }) => waitsFor !== undefined)
    .map(({ name }) => name),
);

test("each row of the table names rules that there are, or says why there is none", () => {
  for (const [name, { ours, note }] of Object.values(foreignDetectors).flatMap((bot) =>
    Object.entries(bot),
  )) {
    expect([name, ours.filter((one) => !names.has(one))]).toEqual([name, []]);
    expect([name, ours.length > 0 || note !== undefined]).toEqual([name, true]);
  }
});

function taken(bot: "mjolnir" | "draupnir" | "meowlnir", name: string, settings: object = {}) {
  const version = bot === "draupnir" ? { "ge.applied-langua.ge.draupnir.schema_version": 8 } : {};
  const enabled = { enabled: [name], ...version };
  return readTakeover(
    {
      accountData:
        bot === "meowlnir" ? new Map() : new Map([["org.matrix.mjolnir.enabled_protections", enabled]]),
      state: [
        bot === "meowlnir"
          ? {
              type: "fi.mau.meowlnir.protected_rooms",
              state_key: "",
              content: { protections: { [name]: settings } },
            }
          : { type: "org.matrix.mjolnir.setting", state_key: name, content: settings },
      ],
    },
    { writesAcls: true, prefix: "!tyr" },
  );
}
const usual: Readonly<Record<string, object>> = {
  bad_words: { patterns: ["rude", "\\bspam\\b", "^(a|b)+$"] },
  bad_displaynames: { patterns: ["admin"] },
  no_media: { deny_custom_reactions: true, deny_inline_images: true },
  max_mentions: { limit: 5, per: 60, must_have_mentions: true },
  anti_flood: { limit: 5, per: 60 },
  join_rate: { limit: 20, per: 90 },
};

describe.each(["mjolnir", "draupnir", "meowlnir"] as const)("%s", (bot) => {
  test.each(Object.entries(foreignDetectors[bot]))(
    "%s is known, and becomes what the table says",
    (name, row) => {
      const { protections, notTakenOver, changes } = taken(bot, name, usual[name]);

      for (const { becomes } of protections) expect(row.ours).toContain(becomes);
      expect(protections.length + notTakenOver.length + changes.length).toBeGreaterThan(0);
      const told = notTakenOver.map(({ text }) => text).join();
      expect(told).not.toContain("I do not know");
      // What is said to find nothing yet is what waits for a part that is still to come.
      expect(told.includes("can find nothing yet") && !row.ours.some((one) => waiting.has(one))).toBe(false);
    },
  );
});

test("patterns that are words become a list; what is none is told with how to write it", () => {
  const [words] = taken("meowlnir", "bad_words", usual["bad_words"]).protections;

  expect(words?.lists).toEqual([{ name: "bad-words", kind: "words", entries: ["*rude*", "spam"] }]);
  expect(words?.differs).toBe(
    "One pattern is no list of words: protections add makes a rule of one, with when text.raw matches /^(a|b)+$/",
  );
});

test("patterns of which none is a word are not taken over", () => {
  const { protections, notTakenOver } = taken("meowlnir", "bad_words", { patterns: ["a.*b", 7] });

  expect(protections).toEqual([]);
  expect(notTakenOver[0]?.text).toContain("when text.raw matches /a.*b/");
});

test("a rate of joins has the same numbers, in whole minutes", () => {
  expect(taken("meowlnir", "join_rate", usual["join_rate"]).protections[0]).toMatchObject({
    becomes: "join-rate",
    values: { enabled: true, limit: 21, minutes: 2 },
  });
  expect(taken("mjolnir", "JoinWaveShortCircuit", { maxPer: 9_999 }).notTakenOver[0]?.text).toContain(
    "let pass more joins",
  );
});

test("media that are allowed stay so", () => {
  const { protections } = taken("meowlnir", "no_media", { allow_images: true, allow_audio: true });

  expect(protections.map(({ becomes }) => becomes)).toEqual(["no-videos", "no-files", "no-stickers"]);
});
