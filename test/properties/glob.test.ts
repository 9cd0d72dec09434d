import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalGlob, compileGlob, foldCase, matchesGlob } from "../../src/kit/glob.ts";
import { naiveGlob } from "../support/naive-glob.ts";

// Few characters, so that patterns and texts often nearly match. Half surrogates can arrive through JSON escapes.
const character = fc.constantFrom("a", "b", "A", "Σ", "ς", "İ", "\n", "😀", "\ud83d", "\ude00");
const text = fc.array(character, { maxLength: 10 }).map((characters) => characters.join(""));
const pattern = fc
  .array(fc.oneof(character, fc.constantFrom("*", "?")), { maxLength: 10 })
  .map((parts) => parts.join(""));

test("the matcher agrees with the definition", () => {
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      expect(compileGlob(glob, { ignoreCase: false }).matches(subject)).toBe(naiveGlob(glob, subject));
    }),
    { numRuns: 3000 },
  );
});

test("without case it agrees with the definition over folded text", () => {
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      expect(compileGlob(glob, { ignoreCase: true }).matches(subject)).toBe(
        naiveGlob(foldCase(glob), foldCase(subject)),
      );
    }),
    { numRuns: 3000 },
  );
});

test("what matches exactly also matches without case", () => {
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      const withoutCase = compileGlob(glob, { ignoreCase: true }).matches(subject);
      expect(withoutCase || !matchesGlob(glob, subject)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("the canonical form means the same", () => {
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      expect(naiveGlob(canonicalGlob(glob), subject)).toBe(naiveGlob(glob, subject));
    }),
    { numRuns: 2000 },
  );
});
