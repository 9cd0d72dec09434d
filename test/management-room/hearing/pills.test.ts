import { describe, expect, test } from "@jest/globals";
import { pillsIn } from "../../../src/management-room/hearing/pills.ts";

const bob = "https://matrix.to/#/@bob:x";

test("pills are found in their order, with what they show", () => {
  const html = `hello <a href="${bob}">Bob</a> and <a href="matrix:r/lobby:x">the lobby</a>`;

  expect(pillsIn(html)).toEqual([
    { link: bob, name: "Bob", isAtStart: false },
    { link: "matrix:r/lobby:x", name: "the lobby", isAtStart: false },
  ]);
});

test.each([
  ["single quotes", `<a class='x' href='${bob}'>Bob</a>`],
  ["no quotes", `<a href=${bob}>Bob</a>`],
  ["spaces", `<a\n href = "${bob}" >Bob</a>`],
  ["capitals", `<A HREF="${bob}">Bob</A>`],
])("an address may be written with %s", (_how, html) => {
  expect(pillsIn(html)).toEqual([{ link: bob, name: "Bob", isAtStart: true }]);
});

test.each([
  ["a website", '<a href="https://example.org/#/@bob:x">Bob</a>'],
  ["what only looks like an address", `<a data-href="${bob}">Bob</a>`],
  ["a link that shows nothing", `<a href="${bob}"></a>`],
  ["text", `&lt;a href="${bob}"&gt;Bob&lt;/a&gt;`],
])("%s is no pill", (_what, html) => {
  expect(pillsIn(html)).toEqual([]);
});

test.each([
  ["nothing", "", true],
  ["a paragraph and spaces", "<p>\n ", true],
  ["a word", "hi ", false],
  ["a tag that shows nothing", "<b>", true],
])("with %s before it, a pill is at the start: %p", (_what, before, isAtStart) => {
  expect(pillsIn(`${before}<a href="${bob}">Bob</a>`)[0]?.isAtStart).toBe(isAtStart);
});

describe("what it shows", () => {
  const shown = (html: string) => pillsIn(`<a href="${bob}">${html}</a>`)[0]?.name;

  test.each([
    ["<b>Bob</b> <i>B</i>", "Bob B"],
    ["Tom &amp; &quot;T&quot; &lt;3 &gt; &apos;&nbsp;!", `Tom & "T" <3 > '\u00a0!`],
    ["&#66;&#x6f;b &#128512;", "Bob \u{1F600}"],
    ["&amp;amp;", "&amp;"],
    ["&LT;&AMP;&#X41;", "<&A"],
  ])("%p is %p", (html, text) => {
    expect(shown(html)).toBe(text);
  });

  test.each([
    "&constructor;",
    "&toString;",
    "&unknown;",
    "&#0;",
    "&#1114112;",
    "&#xffffff;",
    "& &;",
    "&Lt;",
    "&Nbsp;",
  ])("%p stays as it is", (html) => {
    expect(shown(html)).toBe(html);
  });
});

test("references in the address are read, too", () => {
  expect(pillsIn(`<a href="https://matrix.to/#/!r:x?via=a&amp;via=b">r</a>`)[0]?.link).toBe(
    "https://matrix.to/#/!r:x?via=a&via=b",
  );
});
