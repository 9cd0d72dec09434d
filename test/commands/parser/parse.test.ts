import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commands } from "../../../src/commands/index.ts";
import { withoutPrefix } from "../../../src/management-room/hearing/address.ts";
import { parse } from "../../../src/commands/parser/parse.ts";
import type { ResolvedAlias } from "../../../src/model/ids.ts";
import type { World } from "../../../src/model/world/world.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, listA, live, lobby, see, state } from "../../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
});

const aliases: Record<string, ResolvedAlias> = {
  "#lobby:example.org": { room: lobby, via: ["example.org"] },
  "#nowhere:example.org": { problem: "no such room" },
};
const parsed = (text: string) => parse(text, asking(world, text, aliases));
function good(text: string) {
  const result = parsed(text);
  if (!result.ok) throw new Error(result.problem.text);
  const { list, ...args } = result.args as { list?: { room: string } };
  return {
    words: result.command.words.join(" "),
    args: list ? { ...args, list: list.room } : args,
    flags: result.flags,
  };
}
function bad(text: string): string {
  const result = parsed(text);
  if (result.ok) throw new Error(`${text} was understood as ${result.command.words.join(" ")}`);
  return result.problem.text;
}

const rude = { kind: "user", text: "@rude:example.org", isGlob: false };

describe("arguments", () => {
  test.each(["ban coc @rude:example.org insults galore", "ban @rude:example.org coc insults galore"])(
    "may stand in either order: %s",
    (text) => {
      expect(good(text)).toMatchObject({
        words: "ban",
        args: { who: rude, list: listA, reason: "insults galore" },
      });
    },
  );

  test.each([
    ["@rude:example.org", rude],
    ["https://matrix.to/#/@rude:example.org", rude],
    ["matrix:u/rude:example.org", rude],
    ["@*:evil.example", { kind: "user", text: "@*:evil.example", isGlob: true }],
    ["Evil.Example:8448", { kind: "server", text: "evil.example", isGlob: false }],
    ["*.evil.example", { kind: "server", text: "*.evil.example", isGlob: true }],
    ["192.0.2.1", { kind: "server", text: "192.0.2.1", isGlob: false }],
    ["[2001:db8::1]", { kind: "server", text: "[2001:db8::1]", isGlob: false }],
    ["!bad:example.org", { kind: "room", text: "!bad:example.org", isGlob: false }],
    ["#lobby:example.org", { kind: "room", text: lobby, isGlob: false }],
  ])("%s names whom", (typed, who) => {
    expect(good(`ban ${typed} because`)).toMatchObject({ args: { who, reason: "because" } });
  });

  test.each([
    [`ban ${listA} @rude:example.org insults`, { who: rude, list: listA, reason: "insults" }],
    [`ban @rude:example.org ${listA} insults`, { who: rude, list: listA, reason: "insults" }],
    [`ban ${listA} coc`, { who: { kind: "room", text: listA, isGlob: false }, list: listA }],
    [`ban room ${listA} spam`, { who: { kind: "room", text: listA, isGlob: false }, reason: "spam" }],
    [`undo ${listA}`, { who: { kind: "room", text: listA, isGlob: false } }],
  ])("a list named by its room is the list where somebody else is named: %s", (text, args) => {
    expect(good(text).args).toMatchObject(args);
  });

  test("a list named by its room is not banned for a name that nobody has", () => {
    expect(bad(`ban ${listA} "Carol the Loud" rude`)).toMatch(/^Carol the Loud is not a user/);
  });

  test("a kind before the entity says how it is meant", () => {
    expect(good("ban server localhost.localdomain")).toMatchObject({ args: { who: { kind: "server" } } });
    expect(good("ban user *.example")).toMatchObject({ args: { who: { kind: "user", isGlob: true } } });
  });

  test("a list is known by its id and in any case", () => {
    expect(good("lists unwatch COC").args).toEqual({ list: listA });
    expect(good(`lists unwatch ${listA}`).args).toEqual({ list: listA });
  });

  test("a room may be an alias, an id or a link", () => {
    for (const typed of ["#lobby:example.org", lobby, `https://matrix.to/#/${lobby}`])
      expect(good(`kick @rude:example.org ${typed} now`)).toMatchObject({
        args: { room: { id: lobby }, reason: "now" },
      });
  });

  test.each([
    "https://matrix.to/#/!lobby:example.org/$event?via=example.org",
    "https://matrix.to/#/%21lobby%3Aexample.org/%24event",
    "https://matrix.to/#/#lobby:example.org/$event",
    "https://matrix.to/#/%23lobby%3Aexample.org/%24event.",
    "matrix:roomid/lobby:example.org/e/event?via=example.org",
    "matrix:r/lobby:example.org/e/event",
    "<https://matrix.to/#/!lobby:example.org/$event>",
  ])("an event may be %s", (link) => {
    expect(good(`redact ${link} off topic`)).toMatchObject({
      args: { event: { room: lobby, event: "$event" }, reason: "off topic" },
    });
  });

  test.each([
    "!AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd",
    "https://matrix.to/#/!AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd?via=example.org",
    "matrix:roomid/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd",
  ])("a room of version 12 may be %s", (typed) => {
    expect(good(`rooms add ${typed}`)).toMatchObject({
      args: { room: { id: "!AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd" } },
    });
  });

  test.each([
    ["@rude:example.org.", "@rude:example.org"],
    ["@rude:example.org,", "@rude:example.org"],
    ["@rude:example.org:", "@rude:example.org"],
    ["<@rude:example.org>", "@rude:example.org"],
    ["\u2068@rude:example.org\u200b", "@rude:example.org"],
    ["@rude:[2001:db8::1]", "@rude:[2001:db8::1]"],
    ["@rude:[2001:db8::1].", "@rude:[2001:db8::1]"],
    ["@*:evil.example?", "@*:evil.example?"],
    ["evil.example.", "evil.example"],
  ])("what a chat has put around %p does no harm", (typed, text) => {
    expect(good(`ban ${typed} e.g. this.`)).toMatchObject({ args: { who: { text }, reason: "e.g. this." } });
  });

  test("what follows the first word that fits nothing is the reason, quotes and all", () => {
    expect(good('ban @rude:example.org said "go away" to @ann:x').args).toMatchObject({
      reason: "said go away to @ann:x",
    });
    expect(good("ban @rude:example.org").args).not.toHaveProperty("reason");
  });
});

describe("what is wrong is told with what to type", () => {
  test("a missing argument", () => {
    expect(bad("ban")).toMatch(
      /^Whom or what\?\nReply to this with @name:server[^]*Usage: !tyr ban [^]*For example: !tyr ban /,
    );
  });

  test("a word that cannot be what is needed, with a caret under it", () => {
    const [problem, line, caret] = bad("ban spammer for spam").split("\n");

    expect(problem).toContain("spammer is not a user");
    expect(line).toBe("ban spammer for spam");
    expect(caret).toBe("    ^");
  });

  test("an alias that leads nowhere", () => {
    expect(bad("kick @rude:example.org #nowhere:example.org")).toContain("no such room");
    expect(bad("rooms add #unknown:example.org")).toContain("leads nowhere");
  });

  test("a user id that is none", () => {
    expect(bad("ban @rude")).toContain("not a user id");
  });

  test("words too many", () => {
    expect(bad("status please")).toContain("please");
  });

  test.each([
    ["bna @rude:example.org", "!tyr ban"],
    ["lists wach #lobby:example.org", "!tyr lists watch"],
    ["exempt ad @rude:example.org", "!tyr exempt add"],
  ])("%s means something else", (text, meant) => {
    expect(bad(text)).toContain(`Did you mean ${meant}?`);
  });

  test("a command that is like no other", () => {
    expect(bad("frobnicate")).toMatch(/frobnicate\. !tyr help all lists them all\.$/);
  });
});

describe("flags", () => {
  test.each(["--limit 20", "--limit=20", "—limit 20", "–limit 20"])("%s is a number", (flag) => {
    expect(good(`redact @rude:example.org ${flag} spam`)).toMatchObject({
      flags: { limit: 20 },
      args: { reason: "spam" },
    });
  });

  test("may stand anywhere", () => {
    expect(good("redact --limit 20 @rude:example.org")).toMatchObject({
      flags: { limit: 20 },
      args: { who: rude },
    });
    expect(good(`lists watch --keep-bans ${lobby}`)).toMatchObject({ flags: { "keep-bans": true } });
    expect(good(`lists watch ${lobby}`)).toMatchObject({ flags: { "keep-bans": false } });
  });

  test.each([
    ["--name Bans", "Bans"],
    ["--name=Bans", "Bans"],
    ['--name "Bans of ours"', "Bans of ours"],
    ['--name "--public"', "--public"],
    ["", undefined],
  ])("(%s) may be a text", (typed, name) => {
    expect(good(`lists create coc ${typed}`)).toMatchObject({ flags: { name, public: false } });
    expect(good(`lists create ${typed} coc bans`)).toMatchObject({
      args: { shortcode: "coc", alias: "bans" },
    });
  });

  test.each(["--limit", "--limit many", "--limit -5", "--limit 1.5", "--limit="])(
    "%s is no number",
    (flag) => {
      expect(bad(`redact @rude:example.org ${flag}`)).toContain("--limit needs a whole number");
    },
  );

  test.each(["--for 7d", "--for=7d", "—for 7d", "–for=7D", "--For 168h", '--for "7 days"', "--for “1 Week”"])(
    "%s is a span of time",
    (flag) => {
      for (const text of [`ban @rude:example.org ${flag} insults`, `ban ${flag} @rude:example.org insults`])
        expect(good(text)).toMatchObject({
          flags: { for: 7 * 86_400_000 },
          args: { who: rude, reason: "insults" },
        });
    },
  );

  test("that are not given have no span of time", () => {
    expect(good("ban @rude:example.org for 7d").flags).toMatchObject({ for: undefined });
    expect(good("ban @rude:example.org for 7d").args).toMatchObject({ reason: "for 7d" });
  });

  test.each([
    "--for",
    "--for=",
    "--for 5",
    "--for 0d",
    "--for -5d",
    "--for 11y",
    "--for NaN",
    "--for --for",
    '--for ""',
    "--for spam",
  ])("%s is no span of time, and examples are shown", (flag) => {
    expect(bad(`ban @rude:example.org ${flag}`)).toMatch(
      /--for needs a span of time from a minute to ten years, such as 30m, 12h, 7d/,
    );
  });

  test.each([
    ["ban @a:x --for 5 spam", 16],
    ["ban @a:x --for=5 spam", 16],
    ["ban @a:x —for=5 spam", 15],
    ["ban @a:x --For 5", 16],
    ["ban @a:x --for", 10],
    ["redact @a:x --Limit many", 21],
  ])("the caret stands under the value that is wrong: %s", (text, column) => {
    const lines = bad(text).split("\n");
    const caret = lines.findIndex((line) => /^ *\^$/.test(line));

    expect(lines[caret]!.length).toBe(column);
    expect(lines[caret - 1]).toBe(text.slice(0, lines[caret - 1]!.length));
  });

  test("that do not exist are told, with the one probably meant", () => {
    expect(bad("redact @rude:example.org --limt 5")).toContain("Did you mean --limit?");
    expect(bad("status --constructor")).toMatch(/--constructor is no flag of this command\.$/m);
  });

  test("in quotes are words", () => {
    expect(good('ban @rude:example.org "--force" of nature').args).toMatchObject({
      reason: "--force of nature",
    });
  });

  test("misspelt after a phone's dash are no part of the reason", () => {
    expect(bad("ban @a:x spam —fro 7d")).toContain("Did you mean --for?");
    expect(good("ban @a:x spam —again and again").args).toMatchObject({ reason: "spam --again and again" });
  });

  test("of one dash or none are words", () => {
    expect(good("ban @rude:example.org -v - -- 3").args).toMatchObject({ reason: "-v - -- 3" });
  });
});

test("nothing at all asks how things are", () => {
  expect(good("").words).toBe("status");
});

test("upper and lower case of a command's words are alike", () => {
  expect(good("Lists Unwatch coc").words).toBe("lists unwatch");
});

test("nothing that is typed throws", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "ban",
      "lists",
      "watch",
      "redact",
      "coc",
      "@a:x",
      "--limit",
      "--for",
      "--for=",
      "7d",
      "--",
      "=",
      "user",
      '"',
      "’",
      "#a:b",
    ),
    fc.constantFrom(...commands.flatMap((command) => command.words)),
    fc.string({ maxLength: 8 }),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), (words) => {
      const result = parsed(words.join(" "));

      expect(result.ok || result.problem.text !== "").toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe("the prefix", () => {
  test.each([
    ["!tyr status", { text: "status", prefix: "!tyr" }],
    ["!TYR\tstatus", { text: "status", prefix: "!tyr" }],
    ["!tyr", { text: "", prefix: "!tyr" }],
    ["!tyrstatus", undefined],
    ["tyr status", undefined],
  ])("of %p", (body, expected) => {
    expect(withoutPrefix(body, ["!tyr"])).toEqual(expected);
  });
});
