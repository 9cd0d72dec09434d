import { expect, test } from "@jest/globals";
import { SharedTexts } from "../../src/kit/interned-texts.ts";

test("every text comes out as it went in, however many there are", () => {
  const texts = new SharedTexts();
  const many = Array.from({ length: 5_000 }, (_, i) => `${"long ".repeat(i % 60)}text ${i}`);

  expect(many.map((text) => texts.one(text))).toEqual(many);
  expect(many.map((text) => texts.one(text))).toEqual(many);
});
