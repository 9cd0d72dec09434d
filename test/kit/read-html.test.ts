import { describe, expect, test } from "@jest/globals";
import { readHtml } from "../../src/kit/read-html.ts";

describe("what is seen", () => {
  test.each([
    ["<b>bold</b> text", "bold text"],
    ["<p>one</p><p>two</p>", "one\n\ntwo"],
    ["a<br>b", "a\nb"],
    ["a &lt;b&gt; &amp; &#33;", "a <b> & !"],
    ["<mx-reply><blockquote>quoted</blockquote></mx-reply>said", "said"],
    ["a < b and c > d", "a < b and c > d"],
    ["<b unclosed", "<b unclosed"],
    ["<!-- hidden -->shown", "shown"],
  ])("of %s is %s", (html, text) => {
    expect(readHtml(html).text).toBe(text);
  });
});

test.each([
  ['<a href="https://evil.example">click</a>', "https://evil.example", "click"],
  ["<a href='https://evil.example'>click</a>", "https://evil.example", "click"],
  ["<a href=https://evil.example>click</a>", "https://evil.example", "click"],
  ['<a href="https://a.example/?x=1&amp;y=2"><b>cl</b>ick</a>', "https://a.example/?x=1&y=2", "click"],
  ['<a href="https://open.example">never closed', "https://open.example", "never closed"],
])("links are found in %s", (html, href, shown) => {
  expect(readHtml(html).links).toEqual([{ href, shown }]);
});

test("pictures are found with their words and height", () => {
  expect(readHtml('<img src="mxc://a/b" alt=":x:" title="laugh" height="32" />').images).toEqual([
    { words: "laugh :x:", height: 32 },
  ]);
});

test("hostile HTML is read in bounded work, and no more is kept than is looked at", () => {
  const { links, images } = readHtml('<a href="x"><img>'.repeat(20_000));

  expect(links.length).toBe(64);
  expect(images.length).toBe(64);
  expect(readHtml("<".repeat(60_000)).text.length).toBe(60_000);
  expect(readHtml('<a href="'.repeat(7_000)).links).toEqual([]);
});
