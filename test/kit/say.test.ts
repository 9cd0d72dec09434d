import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  bold,
  bullets,
  code,
  count,
  escapeHtml,
  folded,
  joined,
  link,
  lines,
  plain,
  say,
  shortened,
  someOf,
} from "../../src/kit/say.ts";

describe("text from outside", () => {
  test("cannot break the layout in HTML, and stays readable in plain text", () => {
    const said = say`Banned ${'<b onclick="x">\'&'} now`;

    expect(said.text).toBe('Banned <b onclick="x">\'& now');
    expect(said.html).toBe("Banned &#60;b onclick=&#34;x&#34;&#62;&#39;&#38; now");
  });

  test.each([
    ["line breaks", "one\r\ntwo\u2028three", "one two three"],
    ["direction overrides", "abc\u202Etxt.exe\u202C", "abc txt.exe"],
    ["isolates", "\u2066a\u2069b", "a b"],
    ["zero-width characters", "in\u200bvis\u200dible\ufeff", "in vis ible"],
    ["control characters", "bell\u0007\u001b[31m", "bell [31m"],
    ["tag characters", "flag\u{e0067}\u{e007f}", "flag"],
    ["a soft hyphen", "soft\u00adhyphen", "soft hyphen"],
  ])("loses %s", (_what, value, shown) => {
    expect(plain(value).text).toBe(shown);
  });

  test.each(["@room", "@ROOM", "hey @room!", "@room@room"])("%p pings nobody", (value) => {
    expect(plain(value).text).not.toMatch(/@room/i);
    expect(code(value).html).not.toMatch(/@room/i);
  });

  test("is shortened by characters, never in the middle of one", () => {
    expect(plain("😀".repeat(400)).text).toBe(`${"😀".repeat(299)}…`);
    expect(plain("abcdef", 4).text).toBe("abc…");
    expect(plain("abcd", 4).text).toBe("abcd");
    expect(plain("x".repeat(1_000_000)).text).toHaveLength(300);
  });

  test("is always one short line without unseen characters, and its HTML has no tags", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 2, max: 40 }), (value, maxLength) => {
        const { text, html } = plain(value, maxLength);

        expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u200b-\u200f]/u);
        expect(html).not.toMatch(/[<>"']/);
        // Where it held "@room" a joiner is added to each.
        expect([...text.replaceAll("\u2060", "")].length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });
});

describe("a sentence", () => {
  test("keeps what was said in its parts, and does not escape it twice", () => {
    const said = say`${code("<a>")} and ${bold("b & c")} and ${3}`;

    expect(said.text).toBe("<a> and b & c and 3");
    expect(said.html).toBe("<code>&#60;a&#62;</code> and <b>b &#38; c</b> and 3");
  });

  test("escapes its own letters too", () => {
    expect(say`a < b`.html).toBe("a &#60; b");
  });
});

test("lines leave out what is not there", () => {
  expect(lines(plain("a"), undefined, plain("b"))).toEqual({ text: "a\nb", html: "a<br>b" });
  expect(lines()).toEqual({ text: "", html: "" });
});

describe("a list, a fold or code among lines", () => {
  const list = bullets([plain("a")]);
  const fold = folded(plain("All"), list);
  const block = { text: "x\n^", html: "<pre><code>x\n^</code></pre>" };

  test.each([
    ["a list", list],
    ["code", block],
  ])("%s has no blank line before or after it", (_what, part) => {
    expect(lines(plain("before"), part, plain("after")).html).toBe(`before${part.html}after`);
  });

  test("a fold has none after it, and begins a line where no folds are shown", () => {
    expect(lines(plain("before"), fold, fold, plain("after")).html).toBe(
      `before<br>${fold.html}<div>${fold.html}</div>after`,
    );
  });

  test.each([
    ["a list", list],
    ["code", block],
    ["a fold", fold],
  ])("code that begins the line after %s is marked alone, not with the whole line", (_what, part) => {
    expect(lines(part, say`${code("help")} explains`, plain("after"), code("end")).html).toBe(
      `${part.html}<div><code>help</code> explains</div>after<br><code>end</code>`,
    );
  });

  test("a sentence in a fold begins a line, too", () => {
    expect(folded(plain("More"), lines(plain("a"), plain("b"))).html).toBe(
      "<details><summary>More</summary><div>a<br>b</div></details>",
    );
  });

  test("sentences that only hold a tag stay lines", () => {
    expect(lines(code("a"), bold("b")).html).toBe("<code>a</code><br><b>b</b>");
  });
});

test("a name that is a link says only what it is called, whatever that is", () => {
  const said = link('<b>"@room', 'https://matrix.to/#/!x"y');

  expect(said.text).toBe('<b>"@\u2060room');
  expect(said.html).toBe(
    '<code><a href="https://matrix.to/#/!x&#34;y">&#60;b&#62;&#34;@\u2060room</a></code>',
  );
});

test("bullets and folded parts read well as plain text", () => {
  const list = bullets([plain("a"), plain("b")]);

  expect(list).toEqual({ text: "• a\n• b", html: "<ul><li>a</li><li>b</li></ul>" });
  expect(folded(plain("All"), list)).toEqual({
    text: "All\n• a\n• b",
    html: "<details><summary>All</summary><ul><li>a</li><li>b</li></ul></details>",
  });
});

test.each([
  [0, "0 rooms"],
  [1, "1 room"],
  [2, "2 rooms"],
  [1_234_567, "1,234,567 rooms"],
])("%p is counted as %s", (n, text) => {
  expect(count(n, "room").text).toBe(text);
  expect(count(1, "person", "people").text).toBe("1 person");
});

test("escaping leaves nothing that HTML would read", () => {
  expect(escapeHtml("<>&\"'")).toBe("&#60;&#62;&#38;&#34;&#39;");
});

describe("several things in a row", () => {
  const three = [say`a`, bold("b"), say`c`];

  test("are joined by commas, or by what is asked for", () => {
    expect(joined(three)).toEqual({ text: "a, b, c", html: "a, <b>b</b>, c" });
    expect(joined(three, " and ").text).toBe("a and b and c");
    expect(joined([]).text).toBe("");
  });

  test("are named up to a number, and the others counted", () => {
    expect(someOf(three, 3).text).toBe("a, b, c");
    expect(someOf(three, 2).text).toBe("a, b and 1 more");
    expect(someOf(three, 3, 1_203).text).toBe("a, b, c and 1,200 more");
  });
});

describe("a long text", () => {
  const bytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

  test("is left as it is where it fits, and loses its dress where it does not", () => {
    const said = bullets([say`one`, say`two`]);

    expect(shortened(said, 500)).toEqual(said);
    expect(shortened(bullets(Array.from({ length: 100 }, () => code("word"))), 500).html).not.toContain(
      "<code>",
    );
  });

  test.each(["a", '"', "&", "\\", "\n", "漢", "😀"])("of %p fits in both its forms", (character) => {
    const said = { text: character.repeat(20_000), html: escapeHtml(character.repeat(20_000)) };

    const { text, html } = shortened(said, 1_000);

    expect(Math.max(bytes(text), bytes(html))).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/… \(shortened: (20|40),000 characters in all\)$/);
    expect(text.isWellFormed()).toBe(true);
  });
});
