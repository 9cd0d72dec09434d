import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { countMentions } from "../../src/model/mentions.ts";
import { cpuMs } from "../support/cpu-time.ts";

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

const pill = (href: string) => `<a href="${href}">A</a>`;

test.each([
  [
    "in what only replies repeat, of a message that is none",
    `<mx-reply>${pill("https://matrix.to/#/@a:x")}</mx-reply>`,
    1,
  ],
  ["whose address is written with character references", pill("https://matrix.to/#/&#64;a:x"), 1],
  ["all of whose address is", pill("&#109;atrix&#46;to/#/@a:x"), 1],
  ["in an attribute of something else", '<span title="matrix.to/#/@a:x">A</span>', 0],
] as const)("a link to a person %s", (_what, formatted_body, expected) => {
  expect(countMentions({ body: "A", formatted_body })).toBe(expected);
});

test("what a reply repeats mentions nobody", () => {
  const formatted_body = `<mx-reply>${pill("https://matrix.to/#/@a:x")}</mx-reply> yes`;
  const reply = { "m.in_reply_to": { event_id: "$said" } };
  expect(countMentions({ body: "yes", formatted_body, "m.relates_to": reply })).toBe(0);
});

test("of ten thousand links as many count as any limit asks for", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `<a href=matrix:u/${i}:x>`).join("");
  expect(countMentions({ body: "x", formatted_body: many })).toBeGreaterThanOrEqual(1_000);
});

const declaresNobody = { "m.mentions": {} };
const ids = "@a:x @b:x @c:x";
const pills = '<a href="https://matrix.to/#/@a:x">A</a> <a href="https://matrix.to/#/@b:x">B</a>';

test.each([
  ["ids where the client says that nobody is mentioned", { body: ids, ...declaresNobody }, 0],
  ["ids where it mentions another", { body: ids, "m.mentions": { user_ids: ["@d:x"] } }, 1],
  ["the words @room where it says so", { body: "@room hello", ...declaresNobody }, 0],
  ["ids in an edit that says so", { body: `* ${ids}`, "m.new_content": { body: ids, ...declaresNobody } }, 0],
  ["ids in a code block", { body: `look:\n\`\`\`\n${ids}\n\`\`\`\n@d:x` }, 1],
  ["ids in a code block that is not closed", { body: `\`\`\`yaml\n${ids}` }, 0],
  ["ids in code in a line", { body: `see \`${ids}\` and \`\`\`${ids}\`\`\` and @d:x` }, 1],
  ["ids in a quotation", { body: `> <@a:x> ${ids}\n> more @e:x\n\n@d:x yes` }, 1],
  [
    "links in a quotation",
    { body: "x", formatted_body: `<mx-reply><blockquote>${pills}</blockquote></mx-reply>hi` },
    0,
  ],
  [
    "links in code",
    { body: "x", formatted_body: `<pre><code class="a>b">${pills}</code></pre> ${pills}` },
    2,
  ],
] as const)("%s: %j mentions %d", (_what, content, expected) => {
  expect(countMentions(content)).toBe(expected);
});

test.each([
  [
    "links where the client says that nobody is mentioned",
    { body: "x", formatted_body: pills, ...declaresNobody },
    2,
  ],
  ["links after a tag in an attribute", { body: "x", formatted_body: `<i title="<code>">x</i>${pills}` }, 2],
  [
    "links after a quotation within another",
    { body: "x", formatted_body: `<blockquote>a<blockquote>b</blockquote>c</blockquote>${pills}` },
    2,
  ],
  ["ids after a line of backticks in a word", { body: `a\`b\n${ids}` }, 3],
] as const)("not hidden: %s", (_what, content, expected) => {
  expect(countMentions(content)).toBe(expected);
});

test.each([
  ["open fences", { body: "```a\n".repeat(13_000) + "@" }],
  ["backticks", { body: "`@a".repeat(21_000) }],
  ["open tags", { body: "x", formatted_body: "matrix:" + "<a".repeat(32_000) }],
  ["open quotes in tags", { body: "x", formatted_body: "matrix:" + '<a"<a"'.repeat(10_000) }],
  [
    "pairs of quotes in a tag",
    { body: "x", formatted_body: "matrix:<aaaaaaaaaaaaaaaaaaaa" + '""'.repeat(32_000) },
  ],
])("%s take no time", (_what, content) => {
  expect(cpuMs(() => void countMentions(content))).toBeLessThan(500);
});

test("nothing that a sender writes breaks the counting, and no text takes long", () => {
  fc.assert(fc.property(fc.object(), (content) => countMentions(content as never) >= 0));
  const long = "@a:b".repeat(20_000);

  expect(countMentions({ body: long, formatted_body: "matrix.to/#/@".repeat(10_000) })).toBeGreaterThan(0);
});
