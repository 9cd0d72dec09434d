import { expect, test } from "@jest/globals";
import { InternedTexts } from "../../src/kit/interned-texts.ts";

test("every text comes out as it went in, however many there are", () => {
  const texts = new InternedTexts();
  const many = Array.from({ length: 5_000 }, (_, i) => `${"long ".repeat(i % 60)}text ${i}`);

  expect(many.map((text) => texts.intern(text))).toEqual(many);
  expect(many.map((text) => texts.intern(text))).toEqual(many);
});
