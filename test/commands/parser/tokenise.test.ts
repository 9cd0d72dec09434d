import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { tokenise } from "../../../src/commands/parser/tokenise.ts";

const texts = (line: string) => tokenise(line).map((token) => token.text);

test("words are what stands between spaces, of whatever kind", () => {
  expect(texts("  ban   @a:x\tspam\u00a0wave\n")).toEqual(["ban", "@a:x", "spam", "wave"]);
  expect(texts("")).toEqual([]);
  expect(texts("   ")).toEqual([]);
});

test("each word knows where it stands", () => {
  expect(tokenise('ban "two words" x').map((token) => [token.text, token.start, token.isQuoted])).toEqual([
    ["ban", 0, false],
    ["two words", 4, true],
    ["x", 16, false],
  ]);
});

test.each([
  ["straight double", '"two words"'],
  ["straight single", "'two words'"],
  ["curly double", "“two words”"],
  ["curly single", "‘two words’"],
  ["German", "„two words“"],
  ["German, closed the English way", "„two words”"],
  ["Swedish", "”two words”"],
  ["French", "«two words»"],
  ["Danish", "»two words«"],
])("%s quotes keep words together", (_what, line) => {
  expect(texts(`ban ${line} now`)).toEqual(["ban", "two words", "now"]);
});

describe("an apostrophe", () => {
  test.each(["don't", "it’s", "rock'n'roll", "dogs'"])("in %s is part of the word", (word) => {
    expect(texts(`that ${word} fine`)).toEqual(["that", word, "fine"]);
  });

  test("within single quotes does not close them", () => {
    expect(texts("'he didn't stop' now")).toEqual(["he didn't stop", "now"]);
  });

  test("at the start of a word that is not closed is part of the word", () => {
    expect(texts("'tis the season")).toEqual(["'tis", "the", "season"]);
  });
});

test("a quote that is never closed is an ordinary character", () => {
  expect(texts('ban "unclosed spam')).toEqual(["ban", '"unclosed', "spam"]);
});

test("empty quotes are an empty word", () => {
  expect(tokenise('""')).toMatchObject([{ text: "", start: 0, isQuoted: true }]);
});

describe("what a phone makes of two dashes", () => {
  test.each(["—room", "–room", "—-room", "--room"])("%s is --room", (word) => {
    expect(texts(word)).toEqual(["--room"]);
  });

  test.each(["—", "–", "— room", "5–7", "well—known", "—5"])("%s stays as it is", (line) => {
    expect(texts(line).join(" ")).toBe(line);
  });

  test("stays as it is in quotes", () => {
    expect(texts('"—room"')).toEqual(["—room"]);
  });
});

describe("whatever is typed", () => {
  const line = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."ab '\"“”„‘’‚«»—–-\n😀") }));

  test("nothing throws, and tokens come in order without overlapping", () => {
    fc.assert(
      fc.property(line, (typed) => {
        let end = 0;
        for (const token of tokenise(typed)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          end = token.start + 1;
        }
      }),
    );
  });

  test("nothing but quotes and spaces gets lost", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab'\"“”„ ") }), (typed) => {
        const bare = (text: string) => text.replace(/['"“”„ ]/g, "");

        expect(bare(texts(typed).join(""))).toBe(bare(typed));
      }),
    );
  });

  test.each([
    ['"', '"'],
    ["“", "”"],
    ["«", "»"],
  ])("text between %s and %s comes back as it was", (open, close) => {
    fc.assert(
      fc.property(line, (typed) => {
        fc.pre(!typed.includes(close));

        expect(tokenise(`say ${open}${typed}${close} now`)[1]).toMatchObject({
          text: typed,
          start: 4,
          isQuoted: true,
        });
      }),
    );
  });
});
