// Folding: masked words are read as they are meant, and honest text of any script stays as it is.

import { describe, expect, test } from "@jest/globals";
import { fold, maxFolded } from "../../src/kit/fold.ts";

describe("masked words", () => {
  test.each([
    ["аirdrоррp", "airdroppp"],
    ["ΑΙRDROP", "airdrop"],
    ["ai\u200brdrop", "airdrop"],
    ["air\u00addrop", "airdrop"],
    ["беcплaтнo", "бесплатно"],
    ["get уоur сосо now", "get your coco now"],
    ["get \u202eortin eerf\u202c now", "get free nitro now"],
    ["\u202eortin eerf", "free nitro"],
  ])("%s is %s, and masked", (text, meant) => {
    expect(fold(text)).toMatchObject({ text: meant, masked: true });
  });
});

describe("without letter case, width and ornaments it is the same, and not masked", () => {
  test.each([
    ["FREE Nitro!", "free nitro"],
    ["ａｉｒｄｒｏｐ", "airdrop"],
    ["𝐟𝐫𝐞𝐞 𝓷𝓲𝓽𝓻𝓸", "free nitro"],
    ["z̷̢̛a̶̡̧l̴g̵o", "zalgo"],
    ["don't", "don t"],
    ["ꜰʀᴇᴇ ɴɪᴛʀᴏ", "free nitro"],
    ["🅵🆁🅴🅴 🅝🅘🅣🅡🅞", "free nitro"],
    ["🅰️🅱️", "ab"],
  ])("%s is %s", (text, meant) => {
    expect(fold(text)).toMatchObject({ text: meant, masked: false });
  });
});

describe("honest text is not touched", () => {
  test.each([
    ["Russian", "съешь ещё этих мягких французских булок да выпей чаю"],
    ["Ukrainian", "чуєш їх доцю га кумедна ж ти прощайся без ґольфів"],
    ["Greek", "ξεσκεπάζω την ψυχοφθόρα βδελυγμία"],
    ["Hebrew", "שָׁלוֹם עֲלֵיכֶם"],
    ["Arabic", "نص حكيم له سر قاطع"],
    ["Thai", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า"],
    ["Vietnamese", "tôi chỉ muốn hỏi một câu về điều này"],
    ["Chinese", "空投是什么意思"],
    ["Japanese", "いろはにほへと"],
    ["Korean", "키스의 고유조건은 입술끼리"],
    ["Hindi", "नमस्ते दुनिया"],
    ["Persian with a joiner", "می\u200cخواهم"],
    ["Russian with a brand", "купил iphone для мамы"],
    ["Russian words between Latin ones", "we say вата not vata"],
    ["Greek letters of a formula", "the α and β of this"],
    ["phonetic signs", "ɪntəˈnæʃənəl ʀəʊˈtɪɹi ʙɪɴ"],
    ["a blood type", "mine is 🅰"],
    ["emoji", "nice 👨‍👩‍👧 family"],
  ])("%s", (_, text) => {
    const folded = fold(text);

    expect(folded.masked).toBe(false);
    expect(folded.text).toBe((text.normalize("NFKC").match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []).join(" "));
  });
});

test("a Russian name between Latin words is no masked word, nor is a formula", () => {
  expect(fold("the Москва hotel")).toMatchObject({ text: "the москва hotel", masked: false });
  for (const formula of ["Σ αᵢ xᵢ ≤ β", "χ²ₙ", "Σᵢⱼₖ", "x̂ᵀΣ⁻¹x̂", "σxy", "sinα", "ρgh"])
    expect(fold(formula).masked).toBe(false);
});

test("an override changes nothing of what runs from right to left without it", () => {
  expect(fold("\u202eשלום\u202c")).toMatchObject({ text: "שלום" });
});

test("only so many letters are looked at", () => {
  expect(fold("a".repeat(100_000)).text.length).toBe(maxFolded);
  expect(fold("é".repeat(100_000)).text.length).toBeLessThanOrEqual(maxFolded);
});
