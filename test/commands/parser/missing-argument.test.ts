import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MissingArgument, ParseContext } from "../../../src/commands/define.ts";
import { choiceNamed, completedLine, isSureAnswer } from "../../../src/commands/parser/missing-argument.ts";
import { parse } from "../../../src/commands/parser/parse.ts";
import { plain } from "../../../src/kit/say.ts";
import type { World } from "../../../src/model/world/world.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, listA, live, see, state, user } from "../../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
});
const choices = ["coc", "spam"].map((typed) => ({ typed, shown: plain(typed) }));
const missing = (more: Partial<MissingArgument> = {}): MissingArgument => ({
  kind: "person",
  before: "kick",
  after: "",
  choices: [],
  ...more,
});

test("the answer goes where it was lacking", () => {
  expect(completedLine(missing(), "@a:x")).toBe("kick @a:x");
  expect(completedLine(missing({ before: "ban", after: " @a:x coc is rude" }), "spam")).toBe(
    "ban spam @a:x coc is rude",
  );
});

test("what was typed around the answer stays as it was, quotes included", () => {
  expect(completedLine(missing({ before: "ban", after: ' @a:x "two  words" --for 7d' }), "coc")).toBe(
    'ban coc @a:x "two  words" --for 7d',
  );
});

test.each([
  ["1", "coc"],
  [" 2. ", "spam"],
  ["#2", "spam"],
  ["2️⃣", "spam"],
  ["2\u20e3", "spam"],
  ["3", undefined],
  ["0", undefined],
  ["🔟", undefined],
  ["two", undefined],
  ["12", undefined],
])("%p chooses %p", (text, typed) => {
  expect(choiceNamed(text, missing({ choices }))?.typed).toBe(typed);
});

describe("without a reply", () => {
  const sure = (text: string, more: Partial<MissingArgument> = {}) =>
    isSureAnswer(text, missing(more), asking(world, text));

  test.each(["@a:x", "https://matrix.to/#/@a:x", "<@a:x>.", "@*:evil.example"])("%s is an answer", (text) => {
    expect(sure(text)).toBe(true);
  });

  test.each(["Bob", "@a:x did it", "no", "", "#lobby:x", "a.example"])("%p is chat", (text) => {
    expect(sure(text)).toBe(false);
  });

  test("a list is answered by its name or its number, a server by nothing that could be a word", () => {
    expect(["coc", "COC", "1", "spam"].map((text) => sure(text, { kind: "list", choices }))).toEqual(
      Array(4).fill(true),
    );
    expect(sure("ok.fine", { kind: "entity" })).toBe(false);
    expect(sure("3", { kind: "list", choices })).toBe(false);
  });
});

describe("a command that lacks something tells where it goes", () => {
  const missingOf = (text: string, more: Partial<ParseContext> = {}) => {
    const read = parse(text, { ...asking(world, text), ...more });
    if (read.ok || !read.missing) throw new Error(`${text} lacks nothing`);
    return read.missing;
  };

  test("at its end", () => {
    expect(completedLine(missingOf("ban coc --for 7d"), "@a:x spam")).toBe("ban coc --for 7d @a:x spam");
  });

  test("instead of a name that several have", () => {
    const names = new Map([["bob", { people: [user("@b1:x"), user("@b2:x")], isCut: false }]]);
    const found = missingOf('ban coc "Bob" he said so', { lookedUp: { aliases: new Map(), names } });

    expect(found.choices.map(({ typed }) => typed)).toEqual(["@b1:x", "@b2:x"]);
    expect(completedLine(found, "@b2:x")).toBe("ban coc @b2:x he said so");
  });

  test("before the words that follow it, where the message replied to is about several", () => {
    const subject = { who: ["@a:x", "@b:x"], rooms: [], events: [] };

    expect(
      completedLine(missingOf("ban coc spam wave", { lookedUp: { aliases: new Map(), subject } }), "@b:x"),
    ).toBe("ban coc @b:x spam wave");
  });
});

test("one person of a name is not taken where the directory may know more", () => {
  const names = new Map([["bob", { people: [user("@b1:x")], isCut: true }]]);
  const read = parse("ban Bob spam", {
    ...asking(world, "ban Bob spam"),
    lookedUp: { aliases: new Map(), names },
  });

  expect(read).toMatchObject({
    ok: false,
    problem: { text: expect.stringContaining("several people and others") },
  });
});

test("a name is only looked up where a person is needed and nothing else fits", () => {
  const nameIn = (text: string) => {
    const read = parse(text, asking(world, text));
    return read.ok ? undefined : read.name;
  };

  expect(["kick Bob", "kick @Bob now", 'ban "Bob Builder" spam', "ban user Bob"].map(nameIn)).toEqual([
    "Bob",
    "Bob",
    "Bob Builder",
    "Bob",
  ]);
  expect(
    [
      "ban server Bob",
      "kick @bob:x Bob",
      "rooms add Bob",
      "lists unwatch Bob",
      `kick ${"B".repeat(200)}`,
      "bna Bob",
    ].map(nameIn),
  ).toEqual(Array(6).fill(undefined));
});
