import { describe, expect, test } from "@jest/globals";
import type { Calls } from "../../src/commands/address.ts";
import { hear } from "../../src/commands/hear.ts";
import { commands } from "../../src/commands/index.ts";
import type { RoomEvent } from "../../src/model/event.ts";
import { event, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const said = (content: Record<string, unknown>, type = "m.room.message"): RoomEvent => ({
  type,
  sender: user("@mod:example.org"),
  eventId: event("$1"),
  content: { msgtype: "m.text", ...content },
  sentAt: 0,
});
const calls: Calls = {
  prefixes: ["!tyr", "!mjolnir"],
  self: user("@tyr:example.org"),
  displayName: "Tyr the Just",
  foreign: [],
};
const hearing = (more: Partial<Calls> = {}) => ({
  calls: { ...calls, ...more },
  commands,
  limits: usualLimits,
});
const heard = (content: Record<string, unknown>, more: Partial<Calls> = {}) =>
  hear(said(content), hearing(more));

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
    expect(hear(said({ body: "!tyr status" }, "m.sticker"), hearing())).toBeUndefined();
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

  test("that is not in the text, or leads elsewhere, changes nothing", () => {
    const html = '<a href="https://matrix.to/#/@a:x">somebody</a> <a href="https://evil.example">status</a>';

    expect(heard({ body: "!tyr status", formatted_body: html })?.text).toBe("status");
    expect(heard({ body: "!tyr status", formatted_body: 5 })?.text).toBe("status");
  });

  test("whose name is a link already is left as it is", () => {
    const link = "https://matrix.to/#/@a:x";

    expect(
      heard({ body: `!tyr ban ${link}`, formatted_body: `!tyr ban <a href="${link}">${link}</a>` })?.text,
    ).toBe(`ban ${link}`);
  });
});

test("aliases to be looked up are found once each, in links too, and ten at most", () => {
  expect(heard({ body: "!tyr kick @a:x #lobby:x https://matrix.to/#/#hall:x #lobby:x" })?.aliases).toEqual([
    "#lobby:x",
    "#hall:x",
  ]);
  const many = Array.from({ length: 30 }, (_, i) => `#r${i}:x`).join(" ");
  expect(heard({ body: `!tyr ban ${many}` })?.aliases).toHaveLength(10);
});
