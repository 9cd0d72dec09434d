// Names that look the same, and names that are written the same.

import { expect, test } from "@jest/globals";
import { skeletonOf, writtenForm } from "../../src/kit/skeleton.ts";

const looksLike = (one: string, other: string) => skeletonOf(one) === skeletonOf(other);
const isWrittenLike = (one: string, other: string) => writtenForm(one) === writtenForm(other);

test.each([
  ["Аlice", "another alphabet"],
  ["AIice", "a capital i"],
  ["A1ice", "a digit"],
  ["Ali\u200Bce", "an invisible sign"],
  ["𝐀lice", "a letter for formulas"],
  ["Ａｌｉｃｅ", "wide letters"],
  ["Ali\u0331ce", "a mark that no letter has"],
])("%s looks like Alice, and is written differently: %s", (name) => {
  expect([looksLike(name, "Alice"), isWrittenLike(name, "Alice")]).toEqual([true, false]);
});

test.each(["alice", "ALICE", "Alice 🌻", "Alice 👩‍💻", "[Alice]", "A.lice", " Alice "])(
  "%s is another Alice",
  (name) => {
    expect([looksLike(name, "Alice"), isWrittenLike(name, "Alice")]).toEqual([true, true]);
  },
);

test.each([
  ["Alicé", "Alice"],
  ["Alice2", "Alice"],
  ["Alicia", "Alice"],
  ["Анна", "Hanna"],
  ["דנה", "דניאל"],
])("%s does not look like %s", (one, other) => {
  expect(looksLike(one, other)).toBe(false);
});

test("names of other alphabets are themselves", () => {
  for (const name of ["Анна", "Γιώργος", "דנה", "สมชาย", "Nguyễn", "王小明", "محمد"]) {
    expect(isWrittenLike(name, name)).toBe(true);
    expect(skeletonOf(name)).not.toBe("");
  }
});

test("hostile names break nothing", () => {
  for (const name of ["", "\uD800", "\u0300".repeat(500), "a".repeat(100_000), "\u202E\u200D"]) {
    expect(skeletonOf(name).length).toBeLessThan(200);
    expect(() => writtenForm(name)).not.toThrow();
  }
});
