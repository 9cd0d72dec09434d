import { describe, expect, test } from "@jest/globals";
import { readAddress, type AddressForms } from "../../../src/management-room/hearing/address.ts";
import { user } from "../../support/make.ts";

const forms = (more: Partial<AddressForms> = {}): AddressForms => ({
  prefixes: ["!tyr"],
  self: user("@tyr:example.org"),
  displayName: "Tyr the Just",
  foreign: [],
  ...more,
});
const own = "https://matrix.to/#/@tyr:example.org";

test.each([
  ["a prefix", "!tyr status", { text: "status", prefix: "!tyr", bot: undefined, hasPill: false }],
  ["our name", "Tyr the Just: status", { text: "status", prefix: undefined, bot: undefined, hasPill: false }],
  [
    "our id",
    "@tyr:example.org status",
    { text: "status", prefix: undefined, bot: undefined, hasPill: false },
  ],
  [
    "the name in our id",
    "tyr, status",
    { text: "status", prefix: undefined, bot: undefined, hasPill: false },
  ],
])("%s addresses us", (_what, body, expected) => {
  expect(readAddress(body, "", forms())).toEqual(expected);
});

test("characters that nobody sees before the address are ignored", () => {
  expect(readAddress("\u200b\u2060\ufeff !tyr status", "", forms())?.text).toBe("status");
});

test("where our display name is not known, nothing but the name in our id counts", () => {
  expect(readAddress("Tyr the Just: status", "", forms({ displayName: undefined }))).toBeUndefined();
  expect(readAddress(": status", "", forms({ displayName: "" }))).toBeUndefined();
});

describe("a pill at the start", () => {
  const pill = (href: string, shown = "Tyr") => `<a href="${href}">${shown}</a>`;

  test.each([
    ["a matrix.to link", pill(own)],
    ["one with an encoded id", pill("https://matrix.to/#/%40tyr%3Aexample.org")],
    ["a matrix: URI", pill("matrix:u/tyr:example.org")],
    ["a link with further attributes", `<a class="x" href="${own}" rel="nofollow">Tyr</a>`],
    ["bold letters", pill(own, "<b>Tyr</b>")],
    ["a paragraph around it", `<p>${pill(own)} status</p>`],
    ["capital letters in its markup", `<A HREF="${own}">Tyr</A>`],
  ])("of our id addresses us: %s", (_what, html) => {
    expect(readAddress("Tyr status", html, forms())).toEqual({
      text: "status",
      prefix: undefined,
      bot: undefined,
      hasPill: true,
    });
  });

  test.each([
    ["somebody else", pill("https://matrix.to/#/@other:example.org")],
    ["a room", pill("https://matrix.to/#/#tyr:example.org")],
    ["a website", pill("https://example.org/@tyr:example.org")],
    ["us, but after other words", `hello ${pill(own)}`],
  ])("of %s does not", (_what, html) => {
    expect(readAddress("Tyr status", html, forms())).toBeUndefined();
  });

  test("addresses us only where the plain text begins with what it shows, as a whole word", () => {
    expect(readAddress("Bob status", pill(own), forms())).toBeUndefined();
    expect(readAddress("Tyrant status", pill(own), forms())).toBeUndefined();
    expect(readAddress("Tyr, status", pill(own), forms())?.text).toBe("status");
  });

  test("is read with the references of HTML", () => {
    expect(readAddress('"T&T" <1> status', pill(own, "&quot;T&amp;T&quot; &lt;1&#62;"), forms())?.text).toBe(
      "status",
    );
  });
});

describe("another bot's prefix", () => {
  test("addresses us where its commands are understood", () => {
    expect(readAddress("!draupnir status", "", forms({ foreign: ["draupnir"] }))).toEqual({
      text: "status",
      prefix: "!draupnir",
      bot: "draupnir",
      hasPill: false,
    });
    expect(readAddress("!draupnir status", "", forms())).toBeUndefined();
  });

  test("of Meowlnir may be an exclamation mark alone", () => {
    const meowlnir = forms({ foreign: ["meowlnir"] });

    expect(readAddress("!match @a:x", "", meowlnir)).toMatchObject({ text: "match @a:x", prefix: "!" });
    expect(readAddress("!!", "", meowlnir)).toBeUndefined();
    expect(readAddress("!meowlnir match @a:x", "", meowlnir)).toMatchObject({ text: "match @a:x" });
  });

  test("of ours counts first", () => {
    expect(readAddress("!tyr status", "", forms({ foreign: ["meowlnir"] }))?.bot).toBeUndefined();
  });
});

test("markup that never ends is read in no time", () => {
  for (const hostile of ["<", "<a ", '<a href="', `<a href="${own}">`, "&#", "<!--", "<p>"]) {
    const started = performance.now();
    readAddress("Tyr status", hostile.repeat(20_000 / hostile.length), forms());
    expect(performance.now() - started).toBeLessThan(1_000);
  }
});
