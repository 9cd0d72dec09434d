// What a text looks like: ornaments are counted, what a script or an emoji needs is not.

import { describe, expect, test } from "@jest/globals";
import { measureText } from "../../src/kit/text-measures.ts";
import { declaration, languages } from "../ordinary/texts.ts";

describe("ornaments are counted", () => {
  test("zalgo: marks of no script, and too many of one", () => {
    expect(measureText("z̷̢̛a̶̡̧l̴g̵o").marks).toBeGreaterThan(0.5);
    expect(measureText(`ก${"\u0e47".repeat(20)}`).marks).toBeGreaterThan(0.5);
  });

  test("invisible signs between Latin letters, and a second one anywhere", () => {
    expect(measureText("f\u200br\u200be\u200be").invisible).toBe(3);
    expect(measureText("\u0645\u06cc\u200c\u200c\u200c\u062e").invisible).toBe(2);
    expect(measureText(`hi${"\u{e0041}".repeat(20)}`).invisible).toBe(20);
    // A flag takes a name, not a message.
    expect(measureText(`\u{1f3f4}${"\u{e0041}".repeat(20)}`).invisible).toBe(14);
  });

  test("a sign again and again, but for lines that programs draw", () => {
    expect(measureText(`N${"O".repeat(40)}`).repeat).toBe(40);
    expect(measureText(`${"=".repeat(80)}\n${"-".repeat(80)}\n${"─".repeat(80)}`).repeat).toBe(0);
  });

  test("capitals, of what has small letters as well", () => {
    expect(measureText("ALL OF IT").capitals).toBe(1);
    expect(measureText("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ").capitals).toBeUndefined();
  });

  test("density, of what puts spaces between words", () => {
    expect(measureText("a".repeat(99) + " ").density).toBeCloseTo(0.99);
    expect(measureText("我昨天更新了系统,现在一切都正常工作了").density).toBeUndefined();
  });
});

describe("what a script or an emoji needs is no ornament", () => {
  test.each([
    ["Persian joiners", "می\u200cخواهم می\u200cروم نمی\u200cدانم", { invisible: 0 }],
    ["Khmer words", "មនុស្ស\u200bទាំង\u200bអស់", { invisible: 0 }],
    ["families", "👨‍👩‍👧‍👦".repeat(6), { invisible: 0 }],
    [
      "flags of parts of countries",
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}".repeat(4),
      { invisible: 0 },
    ],
    ["numbers as emoji", "1️⃣2️⃣3️⃣", { marks: 0 }],
    ["hearts", "❤️❤️❤️", { marks: 0 }],
    ["pointed Hebrew", "שָׁלוֹם עֲלֵיכֶם", { marks: 0 }],
    ["vowelled Arabic", "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ", { marks: 0 }],
  ])("%s", (_, text, measured) => {
    expect(measureText(text)).toMatchObject(measured);
  });

  test.each(languages)("the declaration of human rights in %s, composed or not", (code) => {
    const found = declaration(code)
      .flatMap((text) => [text.normalize("NFC"), text.normalize("NFD")])
      .filter((text) => {
        const { marks = 0, invisible, repeat, density = 0 } = measureText(text);
        return marks > 0.5 || invisible > 3 || repeat > 5 || (text.length > 150 && density > 0.97);
      });

    expect(found).toEqual([]);
  });
});
