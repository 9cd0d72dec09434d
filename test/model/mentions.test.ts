import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { countMentions } from "../../src/model/mentions.ts";

test.each([
  [{ body: "hello" }, 0],
  [{ body: "mail me: someone@example.org" }, 0],
  [{ body: "hey @a:x.org and @b:y.org, (@a:x.org)" }, 2],
  [{ body: "@room look" }, 1],
  [{ body: "x", "m.mentions": { user_ids: ["@a:x", "@b:x", "@a:x"], room: true } }, 3],
  [{ body: "Ann", formatted_body: '<a href="https://matrix.to/#/@ann:x.org">Ann</a>' }, 1],
  [{ body: "Ann", formatted_body: '<a href="https://matrix.to/#/%40ann%3Ax.org">Ann</a> %' }, 1],
  [
    {
      body: "@ann:x.org",
      "m.mentions": { user_ids: ["@ann:x.org"] },
      formatted_body: "matrix.to/#/@ann:x.org",
    },
    1,
  ],
  [{ body: "* hi", "m.new_content": { body: "@a:x.org @b:x.org" } }, 2],
  [{ body: "x", "m.mentions": { user_ids: ["@a:x", "@b:x"] }, "m.new_content": { body: "x" } }, 2],
  [{ body: "Ann", formatted_body: '<a href="matrix:u/ann:x.org">Ann</a>' }, 1],
  [{ body: `${" ".repeat(30_000)}@a:x.org` }, 1],
  [{ body: 7, "m.mentions": "all of you" }, 0],
  [{ body: "x", "m.mentions": { user_ids: [7, null, {}] } }, 0],
] as const)("%j calls %d", (content, expected) => {
  expect(countMentions(content)).toBe(expected);
});

test("nothing that a sender writes breaks the counting, and no text takes long", () => {
  fc.assert(fc.property(fc.object(), (content) => countMentions(content as never) >= 0));
  const long = "@a:b".repeat(20_000);

  expect(countMentions({ body: long, formatted_body: "matrix.to/#/@".repeat(10_000) })).toBeGreaterThan(0);
});
