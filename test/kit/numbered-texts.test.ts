import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { none, Numbered } from "../../src/kit/numbered-texts.ts";

describe("numbered texts", () => {
  test("are found by their number and by themselves", () => {
    const numbered = new Numbered(0);

    const [a, b] = [numbered.add("a"), numbered.add("b")];

    expect([numbered.numberOf("a"), numbered.numberOf("b")]).toEqual([a, b]);
    expect([numbered.textOf(a), numbered.textOf(b)]).toEqual(["a", "b"]);
    expect(numbered.numberOf("c")).toBe(none);
  });

  test("keep their numbers while there come to be thousands", () => {
    const numbered = new Numbered(0);
    const texts = Array.from({ length: 5_000 }, (_, i) => `@person${i}:example.org`);

    const numbers = texts.map((text) => numbered.add(text));

    expect(texts.map((text) => numbered.numberOf(text))).toEqual(numbers);
    expect(new Set(numbers).size).toBe(5_000);
    expect([...numbered.texts()]).toEqual(texts);
  });

  test("that go leave their number to the next, and no space grows", () => {
    const numbered = new Numbered(0);
    const first = numbered.add("a");
    numbered.add("b");

    numbered.remove(first);

    expect(numbered.numberOf("a")).toBe(none);
    expect([...numbered.texts()]).toEqual(["b"]);
    expect(numbered.add("c")).toBe(first);
    expect(numbered.mostAtOnce).toBe(2);
  });

  test("come and go as in a map, whatever the seed", () => {
    const step = fc.record({ text: fc.string({ maxLength: 2, unit: fc.constantFrom("a", "b", "é") }) });

    fc.assert(
      fc.property(fc.integer(), fc.array(step, { maxLength: 100 }), (seed, steps) => {
        const numbered = new Numbered(seed);
        const expected = new Map<string, number>();
        for (const { text } of steps) {
          const number = expected.get(text);
          if (number === undefined) expected.set(text, numbered.add(text));
          else {
            numbered.remove(number);
            expected.delete(text);
          }
        }
        expect(numbered.size).toBe(expected.size);
        expect(new Set(numbered.texts())).toEqual(new Set(expected.keys()));
        for (const text of ["a", "b", "é", "aa", "ab", "ba"])
          expect(numbered.numberOf(text)).toBe(expected.get(text) ?? none);
      }),
    );
  });
});
