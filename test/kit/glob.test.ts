import { describe, expect, test } from "@jest/globals";
import { canonicalGlob, compileGlob, foldCase, hasWildcard } from "../../src/kit/glob.ts";
import { cpuMs } from "../support/cpu-time.ts";

function matches(pattern: string, text: string, ignoreCase = false): boolean {
  return compileGlob(pattern, { ignoreCase }).matches(text);
}

describe("a glob", () => {
  test.each([
    ["@spam*:evil.tld", "@spammer:evil.tld"],
    ["@spam*:evil.tld", "@spam:evil.tld"],
    ["*", ""],
    ["*.evil.tld", "a.b.evil.tld"],
    ["*evil*", "not evil at all"],
    ["a*b*c", "abbbc"],
    ["@??:x", "@ab:x"],
    ["a?*", "ab"],
    ["*?*", "x"],
    ["*ab", "aab"],
  ])("%j matches %j", (pattern, text) => {
    expect(matches(pattern, text)).toBe(true);
  });

  test.each([
    ["@spam*:evil.tld", "@spam:evil.tld.org"],
    ["*.evil.tld", "evil.tld"],
    ["@??:x", "@a:x"],
    ["*?*", ""],
    ["", "a"],
    ["ab*ba", "aba"],
    ["a*b*c", "acb"],
    ["a?", "a"],
  ])("%j does not match %j", (pattern, text) => {
    expect(matches(pattern, text)).toBe(false);
  });

  test("counts an emoji as one character", () => {
    expect(matches("@?:x", "@😀:x")).toBe(true);
    expect(matches("@??:x", "@😀:x")).toBe(false);
    expect(matches("*??", "😀")).toBe(false);
    expect(matches("*😀*", "a😀b")).toBe(true);
  });

  test("never matches half of an emoji", () => {
    expect(matches("*\ude00", "😀")).toBe(false);
    expect(matches("\ud83d*", "😀")).toBe(false);
  });

  test("crosses line breaks", () => {
    expect(matches("a*b", "a\n\r\u2028b")).toBe(true);
    expect(matches("a?b", "a\nb")).toBe(true);
  });

  test("knows no escapes, classes or braces", () => {
    expect(matches("a\\d", "a5")).toBe(false);
    expect(matches("a\\*", "a\\b")).toBe(true);
    expect(matches("[ab]*", "a")).toBe(false);
    expect(matches("{a,b}*", "{a,b}c")).toBe(true);
    expect(matches("a.c*", "abc")).toBe(false);
  });

  test("minds case unless told otherwise", () => {
    expect(matches("@Spam*", "@spammer")).toBe(false);
    expect(matches("@Spam*", "@sPAMMER", true)).toBe(true);
    expect(matches("*Σ", "ΑΣ", true)).toBe(true);
    expect(matches("?", "İ", true)).toBe(true);
  });

  test("answers at once where backtracking would take for ever", () => {
    const ms = cpuMs(() => {
      expect(matches(`${"*a".repeat(200)}*b`, "a".repeat(255))).toBe(false);
      expect(matches(`${"*?a".repeat(150)}*b`, "a".repeat(255))).toBe(false);
    });

    // A backtracking matcher would need years; the generous limit is for slow machines.
    expect(ms).toBeLessThan(1000);
  });
});

test("equal patterns have one canonical form", () => {
  expect(canonicalGlob("a**b")).toBe("a*b");
  expect(canonicalGlob("*?*?*")).toBe("??*");
  expect(canonicalGlob("a*b?c")).toBe("a*b?c");
});

test("only * and ? are wildcards", () => {
  expect(hasWildcard("@a[b]+\\:x")).toBe(false);
  expect(hasWildcard("a?")).toBe(true);
  expect(hasWildcard("*")).toBe(true);
});

test("case is folded character by character", () => {
  expect(foldCase("@ABC:X")).toBe("@abc:x");
  expect(foldCase("ΑΣ")).toBe("ασ");
  expect(foldCase("İx")).toBe("İx");
});
