import { expect, test } from "@jest/globals";
import { quoted } from "../../src/model/quoted.ts";

test.each([
  ["Room alias #nowhere:example.org not found", ["#nowhere:example.org"]],
  [
    "User @rude:evil.example:8448 (sent by @mod:example.org) is banned.",
    ["@rude:evil.example:8448", "@mod:example.org"],
  ],
  ["Can't join !abc:example.org.", ["!abc:example.org"]],
  [
    "event $dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ of !dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ is unknown",
    ["$dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ", "!dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ"],
  ],
  ["Too Many Requests! #1: it costs $5: wait", []],
  ["", []],
])("in %p the ids are code, and nothing else is changed", (sentence, ids) => {
  const { text, html } = quoted(sentence);

  expect(text).toBe(sentence);
  expect([...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, id]) => id)).toEqual(ids);
});

test("what is no id is escaped, and the sentence has its bound", () => {
  expect(quoted("<b>@x:y.example</b>").html).toBe("&#60;b&#62;<code>@x:y.example</code>&#60;/b&#62;");
  expect(quoted("word ".repeat(100), 20).text).toBe("word word word word…");
});
