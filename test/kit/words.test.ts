import { describe, expect, test } from "@jest/globals";
import { fold } from "../../src/kit/fold.ts";
import { compileWords } from "../../src/kit/words.ts";

const words = compileWords([
  "airdrop",
  "free nitro",
  "*coin",
  "crypto*",
  "contact me on *",
  "空投",
  "sex",
  "hello",
]);
const areIn = (text: string) => words.areIn(fold(text));
const areSpelledIn = (text: string) => words.areSpelledIn(fold(text));

describe("words and phrases", () => {
  test.each([
    "Airdrop!",
    "get FREE   nitro",
    "dogecoin",
    "cryptography",
    "contact me on telegram",
    "领取空投吧",
  ])("are in: %s", (text) => {
    expect(areIn(text)).toBe(true);
  });

  test.each([
    "airdrops",
    "free of nitro",
    "coins",
    "contact me on",
    "nothing",
    "",
    "a i r d r o p",
    "unisex",
  ])("are not in: %s", (text) => {
    expect(areIn(text)).toBe(false);
  });

  test("nothing is in anything where nothing is looked for", () => {
    expect(compileWords([]).areIn(fold("airdrop"))).toBe(false);
    expect(compileWords(["", "  "]).areSpelledIn(fold("airdrop"))).toBe(false);
  });
});

describe("letters that are spelled out", () => {
  test.each([
    "A I R D R O P",
    "a.i.r.d.r.o.p",
    "ai rd ro p",
    "а1rdr0p",
    "aiiirdroop",
    "airdrop",
    "free nitro",
    "he11o",
    "空投",
  ])("are found in: %s", (text) => {
    expect(areSpelledIn(text)).toBe(true);
  });

  test.each(["as expected", "air drop", "dogecoin", "i am a no", "s e t", "", "1234"])(
    "are not in: %s",
    (text) => {
      expect(areSpelledIn(text)).toBe(false);
    },
  );
});

describe("parts of words", () => {
  test.each([
    ["*air*drop*", "megaairxdrops", true],
    ["*air*drop*", "dropair", false],
    ["a*a", "a", false],
    ["a*a", "aba", true],
    ["* nitro", "free nitro", true],
    ["* nitro", "nitro", false],
    ["*coin to *", "send bitcoin to me", true],
    ["* *", "two words", true],
    ["* *", "one", false],
    ["x*", "box", false],
  ])("%s in %s: %s", (entry, text, isThere) => {
    expect(compileWords([entry]).areIn(fold(text))).toBe(isThere);
  });

  test("with many stars are looked for in linear time", () => {
    expect(compileWords(["*a*a*a*a*a*a*b"]).areIn(fold("a".repeat(8_000)))).toBe(false);
  });
});

test("a sign of an unspaced script that is no letter is in no text", () => {
  expect(compileWords(["\u2e80"]).areIn(fold("hello"))).toBe(false);
});

describe("five thousand entries", () => {
  const entries = (make: (word: string) => string) =>
    compileWords(Array.from({ length: 5_000 }, (_, i) => make((i * 7_919 + 46_656).toString(36))));
  /** So often it is looked: with work for each entry it would take minutes. */
  const times = 30;

  test.each<[string, (word: string) => string, string]>([
    ["parts of words", (word) => `*${word}coin`, "word ab cd "],
    ["phrases", (word) => `free ${word}`, "free ab "],
    ["phrases with any first word", (word) => `* ${word}x`, "free ab "],
    ["runs of signs", (word) => `空${word}`, "空 ab "],
    ["one long word of single letters", () => "abcdefg".repeat(28), "h a b c d e f "],
  ])("that are %s take work that grows with the text", (_what, make, text) => {
    const many = entries(make);
    const long = fold(text.repeat(600));

    for (let i = 0; i < times; i++) {
      expect(many.areIn(long)).toBe(false);
      expect(many.areSpelledIn(long)).toBe(false);
    }
  });
});

test("five thousand words and a long text of short words take bounded work", () => {
  const many = compileWords(Array.from({ length: 5_000 }, (_, i) => `word${i}`));

  expect(many.areIn(fold("word4999 ".repeat(3)))).toBe(true);
  expect(many.areSpelledIn(fold("a b ".repeat(4_000)))).toBe(false);
});
