import { describe, expect, test } from "@jest/globals";
import { bullets, code, lines, plain, say, withoutLinks, type Say } from "../../../src/kit/say.ts";
import { messageContent } from "../../../src/matrix/perform/message-content.ts";
import { roomNamed } from "../../../src/model/named.ts";
import { event, room, user } from "../../support/make.ts";

const self = user("@tyr:example.org");
const htmlOf = (said: Say, maxBytes = 15_000) =>
  String(
    messageContent({ say: said, edits: undefined, replyTo: undefined }, { self, maxBytes })["formatted_body"],
  );

test.each([
  ["markup and pings", "🦄<@room>&\u202E"],
  ["what grows most by escaping", "&<>"],
  ["characters of three bytes", "禁止"],
])("the longest answer full of %s fits into an event, also as an edit, and pings nobody", (_what, piece) => {
  const hostile = piece.repeat(100);
  const items = Array.from({ length: 200 }, (_, i) => say`${i}: ${plain(hostile)} ${code(hostile)}`);
  const answer = lines(plain("All"), bullets(items));

  for (const edits of [undefined, event("$first")]) {
    const content = messageContent({ say: answer, edits, replyTo: event("$to") }, { self, maxBytes: 15_500 });

    const json = JSON.stringify(content);
    expect(Buffer.byteLength(json) < 63_000).toBe(true);
    expect(/@room|\u202E/.test(json)).toBe(false);
    expect(/<(?!br>)/.test(String(content["formatted_body"]))).toBe(false);
    expect(content["m.mentions"]).toEqual({});
    expect(String(content["body"]).includes("shortened")).toBe(true);
  }
});

describe("ids", () => {
  const matrixTo = "https://matrix.to/#/";

  test.each([
    ["@rude:evil.example", "%40rude%3Aevil.example"],
    ["#lobby:example.org", "%23lobby%3Aexample.org"],
    ["!lobby:example.org", "!lobby%3Aexample.org?via=example.org"],
    [
      "!dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ",
      "!dmnmR3hTkgPwdGKsxdLAXJIzjXHnUZLXTmkFYHjaSTQ?via=example.org",
    ],
    ["@it's&so:x.example", "%40it's%26so%3Ax.example"],
  ])("%s is a link that opens it", (id, address) => {
    const html = htmlOf(say`Ban of ${code(id)}.`);
    const href = /<code><a href="([^"]+)">/
      .exec(html)?.[1]
      ?.replaceAll("&#39;", "'")
      .replaceAll("&#38;", "&");

    expect(href).toBe(matrixTo + address);
    // The text within is the id as it was, in code, so that no client shows another name in its place.
    expect(withoutLinks({ text: "", html }).html).toBe(say`Ban of ${code(id)}.`.html);
  });

  test.each([
    "@*:evil.example",
    "@wave?:evil.example",
    "evil.example",
    "!tyr",
    "!tyr ban @rude:evil.example",
    "@name:server",
    "#alias:server",
    "$event",
    `${"@very-long-name".repeat(30)}:x.example`,
  ])("%s is none, and no link", (text) => {
    expect(htmlOf(say`It is ${code(text)}.`)).not.toContain("<a ");
  });

  test("are links as far as there is room, and never cost the message its form", () => {
    const many = bullets(Array.from({ length: 20 }, (_, i) => code(`@person${i}:example.org`)));
    const bare = many.html.length;

    expect(htmlOf(many, bare).match(/<a /g)).toBeNull();
    expect(htmlOf(many, bare + 500).match(/<a /g)!.length).toBeGreaterThan(3);
    expect(htmlOf(many, bare + 500)).toContain("<li><code>@person19:example.org</code></li>");
    expect(htmlOf(many).match(/<a /g)).toHaveLength(20);
  });

  test("and names of rooms lose their links before the message loses its form", () => {
    const many = bullets(
      Array.from({ length: 20 }, (_, i) =>
        roomNamed({ id: room(`!r${i}:example.org`), label: "Lobby" }, { self }),
      ),
    );
    const bare = withoutLinks(many).html.length;

    expect(htmlOf(many).match(/<a /g)).toHaveLength(20);
    expect(htmlOf(many, bare)).toBe(withoutLinks(many).html);
  });
});
