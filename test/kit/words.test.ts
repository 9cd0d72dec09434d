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

test("five thousand words and a long text of short words take bounded work", () => {
  const many = compileWords(Array.from({ length: 5_000 }, (_, i) => `word${i}`));

  expect(many.areIn(fold("word4999 ".repeat(3)))).toBe(true);
  expect(many.areSpelledIn(fold("a b ".repeat(4_000)))).toBe(false);
});
