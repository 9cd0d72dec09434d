import { describe, expect, test } from "@jest/globals";
import type { AddressForms } from "../../../src/management-room/hearing/address.ts";
import { detectCommand } from "../../../src/management-room/hearing/detect-command.ts";
import { commands } from "../../../src/commands/index.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import { event, user } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

const said = (content: Record<string, unknown>, type = "m.room.message"): RoomEvent => ({
  type,
  sender: user("@mod:example.org"),
  eventId: event("$1"),
  content: { msgtype: "m.text", ...content },
  sentAt: 0,
});
const forms: AddressForms = {
  prefixes: ["!tyr", "!mjolnir"],
  self: user("@tyr:example.org"),
  displayName: "Tyr the Just",
  foreign: [],
};
const hearing = (more: Partial<AddressForms> = {}) => ({
  forms: { ...forms, ...more },
  commands,
  limits: usualLimits,
});
const heard = (content: Record<string, unknown>, more: Partial<AddressForms> = {}) =>
  detectCommand(said(content), hearing(more));

describe("a command", () => {
  test.each([
    ["!tyr ban @a:x spam", "ban @a:x spam", "!tyr"],
    ["  !TYR   status ", "status", "!tyr"],
    ["!tyr", "", "!tyr"],
    ["!tyr\nban @a:x", "ban @a:x", "!tyr"],
    ["!mjolnir rooms", "rooms", "!mjolnir"],
  ])("%p is heard as %p", (body, text, prefix) => {
    expect(heard({ body })).toMatchObject({ text, prefix });
  });

  test.each(["ban @a:x", "!tyrant ban", "say !tyr ban", "", "! tyr ban", "> !tyr ban @a:x"])(
    "%p is none",
    (body) => {
      expect(heard({ body })).toBeUndefined();
    },
  );

  test.each([
    ["a notice", { msgtype: "m.notice", body: "!tyr status" }],
    ["an edit", { body: "!tyr status", "m.relates_to": { rel_type: "m.replace", event_id: "$0" } }],
    ["no text", { body: { deep: true } }],
  ])("that is %s is none", (_what, content) => {
    expect(heard(content)).toBeUndefined();
  });

  test.each([
    [`!tyr ban @a:x ${"x".repeat(5_000)}`, "5000 characters"],
    ["!tyr ban @a:x\n!tyr ban @b:x", "one command a message"],
  ])("that cannot be one is heard with the reason", (body, problem) => {
    expect(heard({ body })).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test("of another event type is none", () => {
    expect(detectCommand(said({ body: "!tyr status" }, "m.sticker"), hearing())).toBeUndefined();
  });

  test("after the quotation of a reply is heard, the quotation is not", () => {
    expect(heard({ body: "> <@a:x> !tyr ban @b:x\n> more\n\n!tyr status" })?.text).toBe("status");
    expect(heard({ body: "> <@a:x> !tyr ban @b:x\n\nthanks" })).toBeUndefined();
  });
});

describe("a pill", () => {
  test("stands for the id, not for the name", () => {
    const html = '!tyr ban <a href="https://matrix.to/#/@spam:evil.example">Nice Person</a> spam';

    expect(heard({ body: "!tyr ban Nice Person spam", formatted_body: html })?.text).toBe(
      "ban https://matrix.to/#/@spam:evil.example spam",
    );
  });

  test("with an ampersand or dollars in its name or link is the same", () => {
    const html = '!tyr ban <a href="https://matrix.to/#/!r:x?via=a&amp;via=b">Tom &amp; $1</a>';

    expect(heard({ body: "!tyr ban Tom & $1", formatted_body: html })?.text).toBe(
      "ban https://matrix.to/#/!r:x?via=a&via=b",
    );
  });

  test.each([
    ["a character that nobody sees", "@victim:x\u200b", "@victim:x\u200b"],
    ["such a character, as its number", "@victim\u200b:x", "@victim&#8203;:x"],
    ["another kind of space", "@victim:x\u00a0!", "@victim:x&nbsp;!"],
    ["a smiley, as its number", "@victim:x\u{1F600}", "@victim:x&#x1F600;"],
    ["a name as long as may be", `@victim:x ${"x".repeat(240)}`, `@victim:x ${"x".repeat(240)}`],
    ["brackets", `@victim:x ${"<".repeat(200)}`, `@victim:x ${"&lt;".repeat(200)}`],
    ["bold letters", "@victim:x", "<strong>@victim:x</strong>"],
  ])("of a name that is to look like another's id stands for its own, even with %s", (_what, name, shown) => {
    const html = `!tyr ban <a href="https://matrix.to/#/@spam:evil.example">${shown}</a> spam`;

    expect(heard({ body: `!tyr ban ${name} spam`, formatted_body: html })?.text).toBe(
      "ban https://matrix.to/#/@spam:evil.example spam",
    );
  });

  test("that is not found in the text makes it no command, as the text may name somebody else", () => {
    const html = '!tyr ban <a href="https://matrix.to/#/@spam:evil.example">Nice</a> spam';

    expect(heard({ body: "!tyr ban @victim:x spam", formatted_body: html })?.problem).toContain(
      "the link to @spam:evil.example",
    );
    expect(
      heard({ body: "!tyr ban @spam:evil.example spam", formatted_body: html })?.problem,
    ).toBeUndefined();
  });

  test("that leads elsewhere changes nothing", () => {
    const html = '<a href="https://evil.example">status</a>';

    expect(heard({ body: "!tyr status", formatted_body: html })).toMatchObject({
      text: "status",
      problem: undefined,
    });
    expect(heard({ body: "!tyr status", formatted_body: 5 })?.text).toBe("status");
  });

  test.each([
    ["made by a client", "[Nice Person](https://matrix.to/#/@spam:evil.example)", "Nice Person"],
    ["with another name", "[@Nice Person](https://matrix.to/#/%40spam%3Aevil.example)", "Nice Person"],
    [
      "with signs of Markdown in its name",
      "[Nice\\_Person](https://matrix.to/#/@spam:evil.example)",
      "Nice_Person",
    ],
    ["after the same words", "Nice [Nice](https://matrix.to/#/@spam:evil.example)", "Nice"],
  ])("that stands in the text as Markdown, %s, is one id", (_what, written, name) => {
    const html = `!tyr ban <a href="https://matrix.to/#/@spam:evil.example">${name}</a> spam`;

    expect(heard({ body: `!tyr ban ${written} spam`, formatted_body: html })?.text).toBe(
      `ban ${written.startsWith("[") ? "" : "Nice "}https://matrix.to/#/@spam:evil.example spam`,
    );
  });

  test("of a name that is to look like a link to somebody else stands for its own", () => {
    const name = "[x](https://matrix.to/#/@victim:x)";
    const html = `!tyr ban <a href="https://matrix.to/#/@spam:evil.example">${name}</a> spam`;

    expect(heard({ body: `!tyr ban ${name} spam`, formatted_body: html })?.text).toBe(
      "ban https://matrix.to/#/@spam:evil.example spam",
    );
  });

  test.each([
    [
      "!tyr ban [Nice Person](https://matrix.to/#/@spam:evil.example) spam",
      "ban https://matrix.to/#/@spam:evil.example spam",
    ],
    [
      "!tyr redact [this](https://matrix.to/#/!r:x/$ev?via=x) spam",
      "redact https://matrix.to/#/!r:x/$ev?via=x spam",
    ],
    ["!tyr rooms add [Hall](<matrix:r/hall:x>)", "rooms add matrix:r/hall:x"],
  ])("typed as Markdown, %p is read without HTML as well", (body, text) => {
    expect(heard({ body })?.text).toBe(text);
  });

  test("whose name is a link already is left as it is", () => {
    const link = "https://matrix.to/#/@a:x";

    expect(
      heard({ body: `!tyr ban ${link}`, formatted_body: `!tyr ban <a href="${link}">${link}</a>` })?.text,
    ).toBe(`ban ${link}`);
  });
});

test("aliases in Markdown links are found, with slashes in them too", () => {
  expect(heard({ body: "!tyr kick @a:x [Night](https://matrix.to/#/#team/night:x)" })?.aliases).toEqual([
    "#team/night:x",
  ]);
});

test("aliases to be looked up are found once each, in links too, and ten at most", () => {
  expect(heard({ body: "!tyr kick @a:x #lobby:x https://matrix.to/#/#hall:x #lobby:x" })?.aliases).toEqual([
    "#lobby:x",
    "#hall:x",
  ]);
  const many = Array.from({ length: 30 }, (_, i) => `#r${i}:x`).join(" ");
  expect(heard({ body: `!tyr ban ${many}` })?.aliases).toHaveLength(10);
});

describe("a message that calls us by name", () => {
  test.each([
    ["Tyr the Just: status", "status"],
    ["tyr the just, ban @a:x", "ban @a:x"],
    ["@Tyr the Just: status", "status"],
    ["tyr: status", "status"],
    ["TYR, status", "status"],
    ["@tyr:example.org status", "status"],
    ["@tyr:example.org, status", "status"],
    ["@tyr:example.org: status", "status"],
    ["tyr:", ""],
  ])("%p is heard as %p", (body, text) => {
    expect(heard({ body })).toMatchObject({ text, prefix: "!tyr" });
  });

  test.each([
    "tyr status",
    "Tyr the Just status",
    "tyr:status",
    "hey tyr: status",
    "@tyr:example.orgs status",
    "tyrs: x",
  ])("%p is chat", (body) => {
    expect(heard({ body })).toBeUndefined();
  });

  test("by a pill means us whatever the pill shows, and the next pill is an argument", () => {
    const pill = (user: string, shown: string) => `<a href="https://matrix.to/#/${user}">${shown}</a>`;
    const html = `<p>${pill("@tyr:example.org", "Bob")}: ban ${pill("@bob:x", "Bob")}</p>`;

    expect(heard({ body: "Bob: ban Bob", formatted_body: html })?.text).toBe(
      "ban https://matrix.to/#/@bob:x",
    );
  });

  test("by a pill of somebody else, or one that is not at the start, is chat", () => {
    const html = (user: string) => `<a href="https://matrix.to/#/${user}">Tyr</a> status`;

    expect(heard({ body: "Tyr status", formatted_body: html("@other:example.org") })).toBeUndefined();
    expect(
      heard({ body: "ask Tyr status", formatted_body: `ask ${html("@tyr:example.org")}` }),
    ).toBeUndefined();
  });

  test("by a link in Markdown is the same", () => {
    const formatted_body = '<a href="https://matrix.to/#/@tyr:example.org">Tyr</a> status';

    expect(heard({ body: "[Tyr](https://matrix.to/#/@tyr:example.org) status", formatted_body })?.text).toBe(
      "status",
    );
  });
});

test("a prefix that is a word may be called as other bots' are", () => {
  for (const body of ["mod status", "!mod status", "mod: status", "MOD, status"])
    expect(heard({ body }, { prefixes: ["!tyr", "mod"] })?.text).toBe("status");
  expect(heard({ body: "moderators status" }, { prefixes: ["mod"] })).toBeUndefined();
});

describe("the message replied to", () => {
  const reply = { "m.in_reply_to": { event_id: "$0" } };

  test("is named", () => {
    expect(heard({ body: "!tyr ban", "m.relates_to": reply })?.replyTo).toBe("$0");
  });

  test.each([
    ["fills in for older clients", true, undefined],
    ["is meant", false, "$0"],
  ])("in a thread counts where it %s", (_what, is_falling_back, replyTo) => {
    const relation = { ...reply, rel_type: "m.thread", event_id: "$root", is_falling_back };

    expect(heard({ body: "!tyr ban", "m.relates_to": relation })?.replyTo).toBe(replyTo);
  });

  test("that is quoted in HTML lends none of its links", () => {
    const quoted =
      '<mx-reply><blockquote><a href="https://matrix.to/#/!r:x/$0">In reply to</a> <a href="https://matrix.to/#/@a:x">rude</a></blockquote></mx-reply>';

    expect(
      heard({
        body: "> <@a:x> hi\n\n!tyr ban rude",
        formatted_body: `${quoted}!tyr ban rude`,
        "m.relates_to": reply,
      })?.text,
    ).toBe("ban rude");
  });

  test.each([{ event_id: 5 }, { event_id: "no event" }, "text", null])("may be nonsense: %p", (nonsense) => {
    expect(
      heard({ body: "!tyr ban", "m.relates_to": { "m.in_reply_to": nonsense } })?.replyTo,
    ).toBeUndefined();
  });
});

describe("another bot's command", () => {
  const with_ = (foreign: AddressForms["foreign"]) => ({ prefixes: ["!tyr"], foreign });

  test("is heard in our words, with a note where they differ", () => {
    expect(heard({ body: "!mjolnir watch #bans:x" }, with_(["mjolnir"]))).toMatchObject({
      text: "lists watch #bans:x",
      prefix: "!tyr",
      aliases: ["#bans:x"],
      note: { text: "Read as !tyr lists watch #bans:x." },
    });
    expect(heard({ body: "!mjolnir status" }, with_(["mjolnir"]))).not.toHaveProperty("note");
  });

  test("that we do not have is a problem that says what to type", () => {
    expect(heard({ body: "!draupnir safe mode" }, with_(["draupnir"]))?.problem).toContain("!tyr status");
  });

  test("is none of ours while that is switched off", () => {
    expect(heard({ body: "!mjolnir status" }, with_(["draupnir"]))).toBeUndefined();
    expect(heard({ body: "!status" }, with_(["draupnir", "mjolnir"]))).toBeUndefined();
  });

  test("is ours where the config gives its prefix to us", () => {
    expect(heard({ body: "!mjolnir watch #bans:x" }, { foreign: ["mjolnir"] })?.text).toBe("watch #bans:x");
  });
});

describe("a call by a client that knows our commands", () => {
  const call = (command: unknown, args: unknown, user = "@tyr:example.org") =>
    heard({
      body: "whatever",
      "m.mentions": { user_ids: [user] },
      "org.matrix.msc4391.command": { command, arguments: args },
    });

  test.each([
    ["ban", { who: "@a:x", reason: "said no" }, 'ban @a:x "said no"'],
    ["ban", { reason: 'he said "no"', who: "@a:x" }, 'ban @a:x “he said "no"”'],
    ["ban", { who: "@a:x", for: "7 days", unknown: 5 }, 'ban --for "7 days" @a:x'],
    ["redact", { who: "@a:x", limit: 20 }, "redact --limit 20 @a:x"],
    ["lists watch", { room: "#bans:x", "keep-bans": true }, "lists watch --keep-bans #bans:x"],
    [
      "redact",
      { event: { type: "event_id", id: "!r:x", event_id: "$e", via: ["x"] } },
      "redact https://matrix.to/#/!r%3Ax/%24e?via=x",
    ],
    ["status", undefined, "status"],
    ["frobnicate", { a: 1 }, "frobnicate"],
  ])("%s %p is %p", (command, args, text) => {
    expect(call(command, args)?.text).toBe(text);
  });

  test.each([
    ["another bot", "status", {}, "@other:example.org"],
    ["nothing", 5, {}, "@tyr:example.org"],
    ["no word", "  ", {}, "@tyr:example.org"],
  ])("of %s is none", (_what, command, args, to) => {
    expect(call(command, args, to)).toBeUndefined();
  });

  test("of nonsense breaks nothing", () => {
    for (const args of [[], "text", { who: [] }, { who: { id: 5 } }, { who: null, reason: {} }])
      expect(call("ban", args)?.text).toBe("ban");
  });

  test("cannot be longer than a command", () => {
    expect(call("ban", { who: "@a:x", reason: "x".repeat(6_000) })?.problem).toContain("5000 characters");
  });
});
