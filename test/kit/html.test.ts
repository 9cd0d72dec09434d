import { describe, expect, test } from "@jest/globals";
import { readHtml } from "../../src/kit/html.ts";

describe("what is seen", () => {
  test.each([
    ["<b>bold</b> text", "bold text"],
    ["<p>one</p><p>two</p>", "one\n\ntwo"],
    ["a<br>b", "a\nb"],
    ["a &lt;b&gt; &amp; &#33;", "a <b> & !"],
    ['a <b title="<mx-reply>">b</b> c', "a b c"],
    ["<i title='</i><!--'>shown</i>", "shown"],
    ["a < b and c > d", "a < b and c > d"],
    ["<b unclosed", "<b unclosed"],
    ["<!-- hidden -->shown", "shown"],
    ["<!-->shown", "shown"],
    ["<!--->shown", "shown"],
    ["<!-- hidden --!>shown", "shown"],
    ["fr<style>x</style>ee", "free\nx"],
    ["fr<script><b>x</b></script>ee", "free\nx"],
    ["evil&period;example &#00000000102;r&#101e", "evil.example free"],
    ["&#x000000066;ree", "free"],
  ])("of %s is %s", (html, text) => {
    expect(readHtml(html).text).toBe(text);
  });
});

test.each([
  ['<a href="https://evil.example">click</a>', "https://evil.example", "click"],
  ["<a href='https://evil.example'>click</a>", "https://evil.example", "click"],
  ["<a href=https://evil.example>click</a>", "https://evil.example", "click"],
  ['<a href="https://a.example/?x=1&amp;y=2"><b>cl</b>ick</a>', "https://a.example/?x=1&y=2", "click"],
  ['<a href="https://first.example" href="https://second.example">x</a>', "https://first.example", "x"],
  ['<a data-href="https://no.example" href="https://yes.example">x</a>', "https://yes.example", "x"],
  ['<a title="a > b" href="https://yes.example">x</a>', "https://yes.example", "x"],
  ['<a href="https://open.example">never closed', "https://open.example", "never closed"],
])("links are found in %s", (html, href, shown) => {
  expect(readHtml(html).links).toMatchObject([{ href, shown }]);
});

test("what a reply repeats is left out of a reply, and of nothing else", () => {
  const html = "<mx-reply><blockquote>quoted</blockquote></mx-reply>said";

  expect(readHtml(html, { isReply: true }).text).toBe("said");
  expect(readHtml(html).text).toContain("quoted");
});

test("pictures are found with their words and height", () => {
  expect(readHtml('<img src="mxc://a/b" alt=":x:" title="laugh" height="32" />').images).toEqual([
    { words: "laugh :x:", height: 32 },
  ]);
});

test("hostile HTML is read in bounded work, and no more is kept than is looked at", () => {
  const { links, images } = readHtml('<a href="x"><img>'.repeat(20_000));

  expect(links.length).toBe(1_000);
  expect(images.length).toBe(1_000);
  expect(readHtml("<".repeat(60_000)).text.length).toBe(60_000);
  expect(readHtml('<a href="'.repeat(7_000)).links).toEqual([]);
  expect(readHtml("<style>".repeat(9_000)).text).toBe("");
  expect(readHtml(`&#${"0".repeat(60_000)}`).text.length).toBe(60_002);
});
