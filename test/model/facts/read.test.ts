// The facts of an event: what is told of it, and what is unknown.

import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../../src/kit/json.ts";
import type { Fact, FactValue } from "../../../src/model/facts/fact.ts";
import { vocabulary } from "../../../src/model/facts/index.ts";
import { kindsIn } from "../../../src/model/facts/kinds.ts";
import { EventFacts } from "../../../src/model/facts/read.ts";
import { readers } from "../../../src/model/facts/readers.ts";
import type { EventSighting } from "../../../src/model/signals/sighting.ts";
import { aWorld, event, lobby, user } from "../../support/make.ts";

const world = aWorld();

function factsOf(
  content: JsonObject,
  {
    type = "m.room.message",
    kind = "message",
    who = "@a:x.example",
  }: { type?: string; kind?: EventSighting["kind"]; who?: string } = {},
): EventFacts {
  const sender = user(who);
  return new EventFacts({
    kind,
    room: lobby,
    user: sender,
    event: { type, sender, eventId: event("$1"), content, sentAt: 90_000 },
    at: 100_000,
    late: false,
    speech: { of: () => [] },
    world,
  });
}

const get = (facts: EventFacts, name: string): FactValue | undefined => facts.get(vocabulary.get(name)!);
const links = (facts: EventFacts, name: string) =>
  facts.links()?.map((link) => link.get(vocabulary.get(name)!));

test("there are a hundred and four facts, and each that waits for nothing is told by somebody", () => {
  const untold = (fact: Fact) =>
    !readers.has(fact.name) && !fact.ofLink && fact.waitsFor === undefined && !special.has(fact.name);
  /** Told elsewhere: by the settings of the rule, or folded. */
  const special = new Set(["author.newcomer", "text"]);

  expect(vocabulary.size).toBe(104);
  expect([...vocabulary.values()].filter(untold).map(({ name }) => name)).toEqual([]);
  expect([...readers.keys()].filter((name) => !vocabulary.has(name))).toEqual([]);
  expect([...readers.keys()].filter((name) => vocabulary.get(name)?.waitsFor !== undefined)).toEqual([]);
});

describe("the kinds of an event", () => {
  test.each([
    [{ msgtype: "m.text", body: "x" }, "m.room.message", ["message"]],
    [{ msgtype: "m.image", body: "x" }, "m.room.message", ["media"]],
    [
      { "m.relates_to": { rel_type: "m.replace" }, "m.new_content": { msgtype: "m.text" } },
      "m.room.message",
      ["edit"],
    ],
    [
      { "m.relates_to": { rel_type: "m.replace" }, "m.new_content": { msgtype: "m.image" } },
      "m.room.message",
      ["edit", "media"],
    ],
    [{}, "m.sticker", ["sticker"]],
    [{}, "m.reaction", ["reaction"]],
    [{}, "m.poll.start", ["poll"]],
    [{}, "m.room.encrypted", ["message"]],
    [{}, "org.example.thing", ["other"]],
  ] as const)("%j of %s are %j", (content, type, kinds) => {
    expect(kindsIn(factsOf(content, { type }).kinds)).toEqual(kinds);
  });
});

describe("every surface is read", () => {
  test.each([
    ["the body", { body: "airdrop" }, {}],
    ["the formatted text", { body: "x", formatted_body: "<b>air</b>drop" }, {}],
    [
      "an edit",
      { body: "* x", "m.new_content": { body: "airdrop" }, "m.relates_to": { rel_type: "m.replace" } },
      {},
    ],
    ["a file name", { msgtype: "m.file", body: "x", filename: "airdrop" }, {}],
    ["a picture's title", { body: "x", formatted_body: '<img title="airdrop">' }, {}],
    ["a reaction", { "m.relates_to": { key: "airdrop" } }, { type: "m.reaction" }],
    ["a poll", { "m.poll": { question: { "m.text": [{ body: "airdrop" }] } } }, { type: "m.poll.start" }],
    [
      "an answer of a poll",
      {
        "org.matrix.msc3381.poll.start": {
          question: { body: "x" },
          answers: [{ "org.matrix.msc1767.text": "airdrop" }],
        },
      },
      { type: "org.matrix.msc3381.poll.start" },
    ],
    ["a name", { membership: "join", displayname: "airdrop" }, { type: "m.room.member", kind: "join" }],
  ] as const)("%s", (_, content, options) => {
    expect(factsOf(content, options).folded(vocabulary.get("text")!)?.words).toContain("airdrop");
  });

  const edit = { "m.relates_to": { rel_type: "m.replace" } };
  const padding = "lorem ipsum ".repeat(2_000);

  test.each([
    ["beside new content that is no edit's", { body: "airdrop", "m.new_content": { body: "hello" } }],
    [
      "in what old clients show of an edit",
      { body: "* airdrop", "m.new_content": { body: "hello" }, ...edit },
    ],
    [
      "in what old clients show formatted of an edit",
      { body: "* x", formatted_body: "airdrop", "m.new_content": { body: "x" }, ...edit },
    ],
    ["formatted, after a long body", { body: padding, formatted_body: "airdrop" }],
    ["after many signs that nobody sees", { body: `${"\u200b".repeat(20_000)}airdrop ${padding}` }],
    ["at the end of a long text", { body: `${padding} airdrop` }],
    ["in lines that look like a reply's", { body: "> airdrop\nx", "m.relates_to": { "m.in_reply_to": {} } }],
  ])("a word %s is found", (_where, content) => {
    expect(factsOf(content).folded(vocabulary.get("text")!)?.words).toContain("airdrop");
  });

  test("an edit that says the same to all clients is read once", () => {
    const said = { body: "hello there", formatted_body: "<b>hello</b> there" };
    const content = { body: "* hello there", formatted_body: "* <b>hello</b> there", "m.new_content": said };

    expect(get(factsOf({ ...content, ...edit }), "text.length")).toBe(11);
  });

  test("the question of a poll is read by its old and its new name", () => {
    const question = { "org.matrix.msc1767.text": "hello", "m.text": [{ body: "airdrop" }] };
    const facts = factsOf({ "m.poll": { question } }, { type: "m.poll.start" });

    expect(facts.folded(vocabulary.get("text")!)?.text).toBe("hello airdrop");
  });

  test("but not what a reply repeats", () => {
    const reply = {
      body: "> <@b:x> airdrop\n\nyes",
      formatted_body: "<mx-reply>airdrop</mx-reply>yes",
      "m.relates_to": { "m.in_reply_to": { event_id: "$0" } },
    };

    expect(factsOf(reply).folded(vocabulary.get("text")!)?.text).toBe("yes");
  });
});

describe("single facts", () => {
  test.each([
    ["event.late", { body: "x" }, 10_000],
    ["event.edit", { body: "x" }, false],
    ["event.reply", { "m.relates_to": { "m.in_reply_to": { event_id: "$0" } } }, true],
    ["text.length", { body: "abc" }, 3],
    ["text.capitals", { body: "ABcd" }, 0.5],
    ["text.capitals", { body: "123" }, undefined],
    ["text.repeat", { body: "noooooo" }, 6],
    ["text.invisible", { body: "a\u200bb\u200b" }, 2],
    ["text.padding", { body: "  a " }, 3],
    ["text.emoji", { body: "😀😀" }, 2],
    ["text.mentions_declared", { body: "x", "m.mentions": {} }, true],
    ["text.pings_room", { body: "x", "m.mentions": { room: true } }, true],
    ["text.contacts", { body: "write to @cheap_coins or +49 170 1234567" }, 2],
    ["text.contacts", { body: "ask @a:x.example at 10:30" }, 0],
    ["links", { body: "https://a.example and https://b.example" }, 2],
    ["media", { msgtype: "m.image" }, 1],
    ["media", { msgtype: "m.text" }, 0],
    ["media.kind", { msgtype: "m.audio", "org.matrix.msc3245.voice": {} }, "voice"],
    ["media.size", { msgtype: "m.image", info: { size: 3_000 } }, 3_000],
    ["media.size", { msgtype: "m.image", info: { size: "big" } }, undefined],
    ["media.inline_height", { formatted_body: '<img height="64">' }, 64],
    ["author.server", { body: "x" }, "x.example"],
    ["author.local", { body: "x" }, false],
    ["author.age", { body: "x" }, undefined],
    ["author.flagged", { body: "x" }, false],
  ] as const)("%s of %j is %j", (name, content, value) => {
    expect(get(factsOf(content), name)).toBe(value);
  });

  test.each([
    ["@0f3a9bc2d1:x.example", true],
    ["@facade:x.example", false],
    ["@deadbeefcafe:x.example", false],
    ["@alice:x.example", false],
  ])("the name of %s is hexadecimal: %s", (who, isHex) => {
    expect(get(factsOf({}, { who }), "author.name_hex")).toBe(isHex);
  });

  test("nearly the same text has the same key, another has another, a short one has none", () => {
    const key = (body: string) => get(factsOf({ body }), "text.key");
    const text = "Dear friends, the fastest way to double what you have is to write to me today";

    expect(key(text)).toBeDefined();
    expect(key(text.toUpperCase())).toBe(key(text));
    expect(key("The meeting of the garden club is on Thursday at eight o'clock")).not.toBe(key(text));
    expect(key("hello all")).toBeUndefined();
  });
});

describe("links", () => {
  test.each([
    ["https://www.shop.example.co.uk/x", "link.domain", ["example.co.uk"]],
    ["https://bit.ly/x", "link.kind", ["shortener"]],
    ["https://t.me/x", "link.kind", ["invite"]],
    ["https://matrix.to/#/#a:b.example", "link.kind", ["matrix"]],
    ["https://a.example/x.exe", "link.kind", ["file"]],
    ["https://a.example/", "link.kind", ["web"]],
  ])("%s: %s is %j", (body, name, values) => {
    expect(links(factsOf({ body }), name)).toEqual(values);
  });

  test.each([
    ["with white space before it", '<a href=" https://evil.example">x</a>'],
    ["with a line break in it", '<a href="htt\nps://evil.example">x</a>'],
    ["with named references", '<a href="https&colon;//evil&period;example">x</a>'],
    ["with a dot at its end", '<a href="https://evil.example./">x</a>'],
  ])("an address %s is read as a browser does", (_how, formatted_body) => {
    expect(links(factsOf({ body: "x", formatted_body }), "link.domain")).toEqual(["evil.example"]);
  });

  test("hundreds of links to one host hide no other one, and are not all kept", () => {
    const decoys = Array.from({ length: 500 }, (_, i) => `https://good.example/${i}`).join(" ");
    const domains = links(factsOf({ body: `${decoys} https://evil.example` }), "link.domain")!;

    expect(domains).toContain("evil.example");
    expect(domains.length).toBe(65);
  });

  test("a link that shows another host has a false face; what it shows is a link as well", () => {
    const html = (shown: string) => ({
      body: "x",
      formatted_body: `<a href="https://evil.example">${shown}</a>`,
    });

    expect(links(factsOf(html("https://bank.example")), "link.false_face")).toEqual([true, false]);
    expect(links(factsOf(html("click")), "link.false_face")).toEqual([false]);
  });
});

test("of what is encrypted nothing is known but that somebody said something", () => {
  const facts = factsOf({ ciphertext: "x" }, { type: "m.room.encrypted" });

  expect(get(facts, "event.encrypted")).toBe(true);
  expect(facts.links()).toBeUndefined();
  expect(facts.folded(vocabulary.get("text")!)).toBeUndefined();
  expect(["text.length", "links", "media", "text.masked"].map((name) => get(facts, name))).toEqual(
    Array(4).fill(undefined),
  );
});

test.each(["m.room.message", "m.sticker", "m.reaction", "m.poll.start"])(
  "of a %s that was redacted before it came nothing is known of what it said",
  (type) => {
    const facts = factsOf({}, { type });

    expect(get(facts, "event.encrypted")).toBe(false);
    expect(facts.links()).toBeUndefined();
    expect(facts.folded(vocabulary.get("text")!)).toBeUndefined();
    expect(get(facts, "text.length")).toBeUndefined();
  },
);

test("hostile content breaks nothing", () => {
  const hostile: JsonObject = {
    body: 3,
    formatted_body: [],
    info: "x",
    "m.relates_to": [],
    "m.mentions": 3,
    "m.new_content": "x",
    "m.poll": { question: 3, answers: 3 },
    filename: {},
  };
  const facts = factsOf(hostile);

  for (const fact of vocabulary.values()) expect(() => facts.get(fact)).not.toThrow();
  expect(facts.links()).toEqual([]);
});
