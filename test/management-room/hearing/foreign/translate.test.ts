// Commands in the words of other bots: every row of their tables becomes a line of ours that is understood.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { tables, translate } from "../../../../src/management-room/hearing/foreign/translate.ts";
import { linesOf } from "../../../../src/management-room/hearing/foreign/peers-page.ts";
import { commands } from "../../../../src/commands/index.ts";
import { parse } from "../../../../src/commands/parser/parse.ts";
import type { ResolvedAlias } from "../../../../src/model/ids.ts";
import { foreignBots, type ForeignBot } from "../../../../src/model/settings/foreign-bots.ts";
import type { World } from "../../../../src/model/world/world.ts";
import { asking } from "../../../support/asking.ts";
import { aWorld, listA, live, lobby, see, state } from "../../../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
});

const aliases = Object.fromEntries(
  ["#lobby", "#bans", "#new"].map((name): [string, ResolvedAlias] => [
    `${name}:example.org`,
    { room: lobby, via: [] },
  ]),
);
const understood = (line: string) => parse(line, asking(world, line, aliases));
const ours = (bot: ForeignBot, line: string) => translate(bot, line, { prefix: "!tyr", isBare: false });

/** Whether the registry has the command that the line begins with; rows for others wait for them. */
const exists = (line: string) => {
  const words = line.split(" ");
  const groups = new Set(commands.filter((one) => one.words.length > 1).map((one) => one.words[0]));
  return commands.some((command) =>
    [command.words, ...command.also].some(
      (wording) =>
        wording.every((word, i) => words[i] === word) &&
        // `lists import` is not `lists` with a word too many.
        (wording.length > 1 || !groups.has(words[0]) || words.length === 1 || words[1]!.match(/^[@!#]|coc/)),
    ),
  );
};

describe.each(foreignBots)("%s", (bot) => {
  test.each(tables[bot].flatMap((row) => linesOf(row).map((line) => [line])))(
    "%p is understood, or told what to type",
    (example) => {
      const translated = ours(bot, example);

      if (!translated) throw new Error(`${example} is not translated`);
      const line = "line" in translated && exists(translated.line) ? translated.line : undefined;
      const result = line === undefined ? undefined : understood(line);
      expect(result && !result.ok ? `${line}: ${result.problem.text}` : undefined).toBeUndefined();
    },
  );

  test("has an example that begins with the words of its row, for each row", () => {
    for (const row of tables[bot])
      for (const line of linesOf(row)) expect(line.startsWith(row.words.join(" "))).toBe(true);
  });

  test("tells what to type in sentences without their full stop", () => {
    const told = tables[bot].flatMap(linesOf).flatMap((line) => {
      const translated = ours(bot, line);
      return translated && "instead" in translated ? [translated.instead] : [];
    });

    expect(told.filter((sentence) => !/^[A-Z!].+[^.]$/.test(sentence))).toEqual([]);
  });

  test("has no words twice", () => {
    const all = tables[bot].map(({ words }) => words.join(" "));

    expect(all.filter((words, i) => all.indexOf(words) !== i)).toEqual([]);
  });

  test("takes words that are ours alone for ours", () => {
    expect(ours(bot, "why @rude:example.org")).toEqual({ line: "why @rude:example.org" });
  });
});

test.each<[ForeignBot, string, string]>([
  ["mjolnir", "ban coc user *.example.org spam wave --force", "ban coc user *.example.org spam wave"],
  ["mjolnir", 'unban coc @a:b "true"', 'unban coc @a:b "true"'],
  ["mjolnir", "unban coc @a:b true", "unban coc @a:b"],
  ["mjolnir", "status joins #lobby:example.org", "since 1d show #lobby:example.org"],
  ["mjolnir", "redact @a:b 20", "redact @a:b --limit 20"],
  ["mjolnir", "redact @a:b !r:x 20", "redact @a:b !r:x --limit 20"],
  ["mjolnir", "since 2h ban 50 * spam wave", "since 2h ban --limit 50 spam wave"],
  ["mjolnir", "since 2h kick 5 #a:b #c:d spam", "since 2h kick --limit 5 #a:b #c:d spam"],
  ["mjolnir", "shutdown room #a:b you are removed", "shutdown #a:b --purge --notify you are removed"],
  ["draupnir", "shutdown room #a:b spam --notify", "shutdown #a:b --purge --notify spam"],
  ["draupnir", "shutdown room #a:b --notify", "shutdown #a:b --purge"],
  ["draupnir", "powerlevel @a:b 50 #a:b #c:d", "powerlevel @a:b 50 #a:b #c:d"],
  ["meowlnir", "rooms purge !r:x --async", "rooms purge !r:x"],
  ["meowlnir", "lists create spam --name Spam", "lists create spam --name Spam"],
  ["mjolnir", "Enable MentionSpam", "protections enable mention-limit"],
  ["mjolnir", "enable constructor", "protections enable constructor"],
  ["mjolnir", "ignored", "exempt list"],
  ["mjolnir", "shutdown room #a:b", "shutdown #a:b --purge"],
  ["draupnir", "unban @a:b --invite", "unban @a:b --invite"],
  ["meowlnir", "leave #lobby:example.org", "rooms leave #lobby:example.org"],
  ["meowlnir", "send-as-bot #lobby:example.org hello", "say #lobby:example.org hello"],
  ["draupnir", "deactivate @a:b --no-confirm", "deactivate @a:b --erase"],
  ["draupnir", "shutdown room #a:b --no-confirm illegal content", "shutdown #a:b --purge illegal content"],
  ["meowlnir", "deactivate @a:b --erase asked for it", "deactivate @a:b --erase asked for it"],
  ["meowlnir", "rooms block !r:x --async --confirm", "shutdown !r:x --purge"],
  ["meowlnir", "lists create spam --alias spam-bans --public", "lists create spam spam-bans --public"],
  ["draupnir", "policy remove @a:b coc takedown --no-confirm", "unban coc @a:b"],
  [
    "draupnir",
    "kick @*:b calm down --glob --room #lobby:example.org",
    "kick @*:b #lobby:example.org calm down",
  ],
  ["draupnir", "redact @a:b --limit=5 off topic", "redact @a:b --limit 5 off topic"],
  ["draupnir", "hijack room #lobby:example.org @a:b", "make-admin #lobby:example.org @a:b"],
  ["meowlnir", "pl all @a:b 50", "powerlevel @a:b 50"],
  [
    "meowlnir",
    "lists subscribe #bans:example.org bans --dont-auto-unban",
    "lists watch #bans:example.org --keep-bans",
  ],
  ["meowlnir", "remove-ban coc @a:b", "unban coc @a:b"],
  ["meowlnir", "takedown coc @a:b", "ban coc @a:b --takedown"],
  ["meowlnir", "ban --hash coc @a:b spam", "ban --hash coc @a:b spam"],
  ["meowlnir", "add-unban coc @a:b appeal", "allow coc @a:b appeal"],
  ["meowlnir", "remove-unban coc @a:b", "unallow coc @a:b"],
  ["draupnir", "takedown @a:b coc --no-confirm", "ban @a:b coc --takedown --hash"],
  ["draupnir", "takedown @a:b coc --plain-text", "ban @a:b coc --takedown"],
  ["draupnir", "takedown @a*:b coc", "ban @a*:b coc --takedown"],
  ["draupnir", "takedown @a:b coc why?", "ban @a:b coc why? --takedown --hash"],
  [
    "draupnir",
    "takedown https://matrix.to/#/!r:b?via=b coc",
    "ban https://matrix.to/#/!r:b?via=b coc --takedown --hash",
  ],
  ["meowlnir", "rooms protect #lobby:example.org", "rooms add #lobby:example.org"],
])("%s: %p means %p", (bot, theirs, line) => {
  expect(ours(bot, theirs)).toEqual({ line });
});

test.each<[ForeignBot, string, RegExp]>([
  ["draupnir", "kick @a:b bye --room lobby", /\(lobby\): name it as #alias/],
  ["draupnir", "redact @a:b --room", /\(\): name it as #alias/],
  ["meowlnir", "kick --room lobby @a:b bye", /\(lobby\): name it as #alias/],
  ["draupnir", "deactivate @a:b --purge-messages", /!mod deactivate @a:b --erase/],
  ["mjolnir", "suspend @a:b --quarantine", /!mod suspend @a:b, then !mod quarantine-media @a:b/],
])("%s: %p has no counterpart, and the answer names what to type", (bot, theirs, instead) => {
  const translated = translate(bot, theirs, { prefix: "!mod", isBare: false });

  expect(translated).toEqual({ instead: expect.stringMatching(instead) });
});

test("an exclamation mark before a word that is no command of Meowlnir's is for somebody else", () => {
  expect(translate("meowlnir", "weather Berlin", { prefix: "!tyr", isBare: true })).toBeUndefined();
  expect(translate("meowlnir", "", { prefix: "!tyr", isBare: true })).toEqual({ line: "status" });
});
