import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { foldName, withoutInvisible } from "../../src/kit/invisible-characters.ts";

describe("a name", () => {
  test.each([
    ["Bob", "bob"],
    ["  BOB  the\u00a0 Builder ", "bob the builder"],
    ["Ｂｏｂ", "bob"],
    ["B\u200bo\u2060b\ufeff", "bob"],
    ["\u202eBob\u202c", "bob"],
    ["Jose\u0301", "jos\u00e9"],
  ])("%p is %p", (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  test.each([
    ["Bob", "Bοb"],
    ["Bob", "Bób"],
    ["Bob", "B0b"],
    ["Bob", "Bo b"],
  ])("%p is not %p, which only looks alike", (one, other) => {
    expect(foldName(one)).not.toBe(foldName(other));
  });

  test("stays what it is when it is folded again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(foldName(foldName(name))).toBe(foldName(name));
      }),
    );
  });
});

test("what nobody sees is removed, what has a meaning stays", () => {
  expect(withoutInvisible("\u2068@a\u200b:x\u2069")).toBe("@a:x");
  expect(withoutInvisible("Привет, 世界 👍🏽")).toBe("Привет, 世界 👍🏽");
});
