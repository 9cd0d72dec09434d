import { expect, test } from "@jest/globals";
import { OpenedWords } from "../../src/model/opened-words.ts";
import { event } from "../support/make.ts";

test("the same word as another event is a repetition, and the first event stays the first", () => {
  const words = new OpenedWords();
  words.opened("session 1", event("$first"));
  words.opened("session 1", event("$again"));

  expect(words.isRepeated("session 1", event("$again"))).toBe(true);
  expect(words.isRepeated("session 1", event("$first"))).toBe(false);
  expect(words.isRepeated("session 2", event("$again"))).toBe(false);
});

test("is written once, and known after a restart", () => {
  const words = new OpenedWords();
  words.opened("session 1", event("$first"));
  words.opened("session 1", event("$first"));
  const rows = [...words.unwritten.take()];
  const restored = new OpenedWords();
  for (const [place, word] of rows) restored.restore(place, word!);

  expect(rows).toHaveLength(1);
  expect(restored.isRepeated("session 1", event("$again"))).toBe(true);
});

test("20,000 words are kept, and the oldest forgotten in the store as well", () => {
  const words = new OpenedWords();
  for (let i = 0; i <= 20_000; i++) words.opened(`session ${i}`, event("$first"));

  expect(words.isRepeated("session 0", event("$again"))).toBe(false);
  expect(words.isRepeated("session 1", event("$again"))).toBe(true);
  expect(new Map(words.unwritten.take()).get("session 0")).toBeUndefined();
});
