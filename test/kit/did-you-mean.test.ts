import { expect, test } from "@jest/globals";
import { nearest } from "../../src/kit/did-you-mean.ts";

const commands = ["ban", "unban", "kick", "redact", "status", "protect"];

test.each([
  ["bna", "ban"],
  ["kik", "kick"],
  ["REDACT", "redact"],
  ["staus", "status"],
  ["redcat", "redact"],
])("takes %s for %s", (typed, meant) => {
  expect(nearest(typed, commands)).toBe(meant);
});

test("suggests nothing when every candidate is far", () => {
  expect(nearest("weather", commands)).toBeUndefined();
  expect(nearest("xy", commands)).toBeUndefined();
});

test("prefers the nearer of two, and the first of equals", () => {
  expect(nearest("unbam", commands)).toBe("unban");
  expect(nearest("bam", ["bat", "bar"])).toBe("bat");
});

test("has no suggestion for an empty word, an endless one, or no candidates", () => {
  expect(nearest("", commands)).toBeUndefined();
  expect(nearest("ban".repeat(10_000), commands)).toBeUndefined();
  expect(nearest("ban", [])).toBeUndefined();
});
