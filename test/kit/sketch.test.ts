// Texts of which words were replaced are alike, others are not.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { likeness, readSketch, sameText, sketchOf, writeSketch } from "../../src/kit/sketch.ts";

const spam = "dear friend earn money at home with our trading group and join us right now for free";

test("the same text is wholly alike, one with another word nearly, another one not at all", () => {
  const one = sketchOf(spam)!;

  expect(likeness(one, sketchOf(spam)!)).toBe(1);
  expect(likeness(one, sketchOf(spam.replace("money", "a fortune"))!)).toBeGreaterThan(sameText);
  expect(
    likeness(one, sketchOf("how do i build this on my machine with the new compiler please")!),
  ).toBeLessThan(0.1);
});

test("short texts are like nothing", () => {
  expect(sketchOf("good morning to all")).toBeUndefined();
});

test("what is written is read again, and whatever is read does no harm", () => {
  const one = sketchOf(spam)!;
  expect(readSketch(writeSketch(one))).toEqual(one);

  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readSketch(text);
      expect(likeness(read, one)).toBeGreaterThanOrEqual(0);
      expect(likeness(one, read)).toBeLessThanOrEqual(1);
    }),
  );
});

test("it is the same from both sides, from 0 to 1, and holds a bounded number of hashes", () => {
  const texts = fc.string({ minLength: 30, maxLength: 2_000 });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const [one, other] = [sketchOf(a), sketchOf(b)];
      if (!one || !other) return;
      expect(likeness(one, other)).toBe(likeness(other, one));
      expect(likeness(one, other)).toBeLessThanOrEqual(1);
      expect(one.hashes.length).toBeLessThanOrEqual(32);
      expect(one.hashes).toEqual([...new Set(one.hashes)].toSorted((x, y) => x - y));
    }),
  );
});
