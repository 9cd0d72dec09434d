import { describe, expect, test } from "@jest/globals";
import { compilePattern, fixedLetters, patternProblem } from "../../src/kit/pattern.ts";

describe("letters that every match has", () => {
  test.each([
    ["free nitro", ["free nitro"]],
    ["free|nitro", ["free", "nitro"]],
    ["free\\s+nitro", ["nitro"]],
    ["(?:a|b)nitro[0-9]", ["nitro"]],
    ["nitro?", ["nitr"]],
    ["ni+tro", ["tro"]],
    ["https?:\\/\\/evil", ["://evil"]],
    ["a.b", undefined],
    ["[abc]{3}", undefined],
    ["(nitro)?", undefined],
    ["nitro|ab", undefined],
    ["\\w+@\\w+", undefined],
  ] as const)("of %s are %j", (source, letters) => {
    expect(fixedLetters(source)).toEqual(letters);
  });
});

describe("a pattern", () => {
  test.each([
    ["free\\s+nitro", "get free  nitro", true],
    ["FREE", "free", true],
    ["nitro?", "nitr", true],
    ["ni+tro", "niiitro", true],
    ["^a.b$", "axb", true],
    ["^a.b$", "xaxb", false],
    ["evil|bad", "so bad", true],
    ["evil", "live", false],
    ["\\x41bcd", "abcd", true],
    ["\\pLabc", "xabc", true],
    ["\\PLabc", "1abc", true],
    ["\\0123ab", "\n3ab", true],
  ])("%s in %s: %s", (source, text, found) => {
    expect(patternProblem(source)).toBeUndefined();
    expect(compilePattern(source).matches(text)).toBe(found);
  });

  test.each(["(?=x)", "(?!x)", "(?<=x)y", "(a)\\1", "(?>a)"])(
    "%s is refused as it would not be linear",
    (source) => {
      expect(patternProblem(source)?.kind).toBe("unsafe");
    },
  );

  test.each(["(", "[z-a]", "*", "a{2,1}"])("%s is refused as it breaks off", (source) => {
    expect(patternProblem(source)?.kind).toBe("broken");
  });

  test.each(["(a?){250}(a?){250}xyz", "[a-z]{1000}x", "(?:a{1,100}b?){1,9}"])(
    "%s is refused, as it repeats more than a long text has time for",
    (source) => {
      expect(patternProblem(source)?.what).toContain("repeats more");
    },
  );

  test("looks at the first letters alone, as many as are folded", () => {
    const { matches } = compilePattern("xyz");

    expect(matches(`${"a".repeat(23_997)}xyz`)).toBe(true);
    expect(matches(`${"a".repeat(23_998)}xyz`)).toBe(false);
  });

  test("made to hang takes no time to speak of", () => {
    expect(compilePattern("(a+)+b").matches("a".repeat(30_000))).toBe(false);
  });
});
