import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { markdownLinksIn, parseLink, roomLink, withoutMarkdownLinks } from "../../src/model/links.ts";
import { room, server } from "../support/make.ts";
import { cpuMs } from "../support/cpu-time.ts";

describe("a matrix.to link", () => {
  test.each([
    ["https://matrix.to/#/@ann:example.org", { user: "@ann:example.org" }],
    ["https://matrix.to/#/%40ann%3Aexample.org", { user: "@ann:example.org" }],
    ["http://MATRIX.to/#/#lobby:example.org", { alias: "#lobby:example.org" }],
    [
      "https://matrix.to/#/!r:x?via=a.example&via=b.example",
      { room: "!r:x", via: ["a.example", "b.example"] },
    ],
    ["https://matrix.to/#/!r:x/$event?via=a.example", { room: "!r:x", event: "$event", via: ["a.example"] }],
    ["https://matrix.to/#/%23lobby%3Ax/%24event%3Ax", { alias: "#lobby:x", event: "$event:x" }],
    ["https://matrix.to/#/@a=b/c+d/e:x", { user: "@a=b/c+d/e:x" }],
    ["https://matrix.to/#/@irc/ann:x/", { user: "@irc/ann:x" }],
    ["https://matrix.to/#/%40irc%2Fann%3Ax?via=x", { user: "@irc/ann:x" }],
    ["https://matrix.to/#/#team/night:x", { alias: "#team/night:x" }],
    ["https://matrix.to/#/#team/night:x/$ev?via=x", { alias: "#team/night:x", event: "$ev" }],
    ["https://matrix.to/#/#a/$b:x", { alias: "#a/$b:x", event: undefined }],
    ["https://matrix.to/#/!r/s:x/$ev/en+t=", { room: "!r/s:x", event: "$ev/en+t=" }],
    [
      "https://matrix.to/#/!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM/$ev",
      { room: "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM", event: "$ev" },
    ],
    ["https://matrix.to/#/!r/$ev:x", { room: "!r", event: "$ev:x" }],
    ["https://matrix.to/#/@ann:[::1]:8448", { user: "@ann:[::1]:8448" }],
    ["matrix.to/#/@ann:x", { user: "@ann:x" }],
    ["https://www.matrix.to/#/@ann:x", { user: "@ann:x" }],
    ["https://chat.example.org/#/user/@ann:x", { user: "@ann:x" }],
    [
      "https://example.org:8443/element/#/room/#team/night:x/$ev?via=x",
      { alias: "#team/night:x", event: "$ev" },
    ],
  ])("%s is understood", (text, expected) => {
    expect(parseLink(text)).toMatchObject(expected);
  });

  test.each([
    "https://matrix.to/",
    "https://matrix.to/#/",
    "https://matrix.to/#/ann",
    "https://matrix.to.evil.example/#/@ann:example.org",
    "https://example.org/#/@ann:example.org",
    "see https://matrix.to/#/@ann:example.org",
    "@ann:example.org",
    "",
  ])("%p is none", (text) => {
    expect(parseLink(text)).toBeUndefined();
  });
});

describe("a matrix: URI", () => {
  test.each([
    ["matrix:u/ann:example.org", { user: "@ann:example.org" }],
    ["matrix:u/ann:example.org?action=chat", { user: "@ann:example.org" }],
    ["matrix:r/lobby:example.org", { alias: "#lobby:example.org" }],
    ["matrix:roomid/r:x?via=a.example", { room: "!r:x", via: ["a.example"] }],
    ["matrix:roomid/r:x/e/event?via=a.example", { room: "!r:x", event: "$event" }],
    ["matrix:r/lobby:x/event/ev", { alias: "#lobby:x", event: "$ev" }],
    ["matrix:u/irc/ann:x", { user: "@irc/ann:x" }],
    ["matrix:u/a=b%2Fc+d:x", { user: "@a=b/c+d:x" }],
    ["matrix:roomid/r/s:x/e/ev/ent?via=x", { room: "!r/s:x", event: "$ev/ent" }],
    ["matrix:roomid/abc/e/ev", { room: "!abc", event: "$ev" }],
    ["matrix://authority/u/ann:example.org", { user: "@ann:example.org" }],
  ])("%s is understood", (text, expected) => {
    expect(parseLink(text)).toMatchObject(expected);
  });

  test.each(["matrix:", "matrix:u", "matrix:x/ann:example.org", "matrix:constructor/a:b"])(
    "%s is none",
    (text) => {
      expect(parseLink(text)).toBeUndefined();
    },
  );
});

describe("a Markdown link", () => {
  const ann = "https://matrix.to/#/@ann:x";

  test.each([
    [`ban [Ann](${ann}) spam`, `ban ${ann} spam`],
    [`ban [Ann Ann](<${ann}>) [spam]`, `ban ${ann} [spam]`],
    [`[a [b]](${ann} "title"), [](matrix:u/bob:x)`, `${ann}, matrix:u/bob:x`],
    [`[a]]](${ann})`, ann],
    [`one\n[Ann](${ann})`, `one\n${ann}`],
    ["[irc](https://matrix.to/#/@irc/ann:x)", "https://matrix.to/#/@irc/ann:x"],
  ])("%p is read as %p", (text, expected) => {
    expect(withoutMarkdownLinks(text)).toBe(expected);
  });

  test.each([
    `Ann](${ann})`,
    "[site](https://example.org)",
    "[Ann]",
    `[Ann] (${ann})`,
    `[line\nbreak](${ann})`,
  ])("%p is none", (text) => {
    expect(markdownLinksIn(text)).toEqual([]);
  });

  test.each(["[".repeat(60_000), "](".repeat(30_000), `[](${ann})`.repeat(2_000), "](<".repeat(20_000)])(
    "no text takes long: %#",
    (text) => {
      expect(cpuMs(() => void markdownLinksIn(text))).toBeLessThan(1_000);
    },
  );
});

test("of servers to join through ten are enough", () => {
  const via = Array.from({ length: 50 }, (_, i) => `via=s${i}`).join("&");

  expect(parseLink(`https://matrix.to/#/!r:x?${via}`)?.via).toHaveLength(10);
});

test("a lone percent sign does not break anything", () => {
  expect(parseLink("https://matrix.to/#/@100%:example.org")?.user).toBe("@100%:example.org");
});

test("a link to a room leads back to it", () => {
  const text = roomLink(room("!a/b?c:x"), [server("a.example"), server("[::1]")]);

  expect(parseLink(text)).toMatchObject({ room: "!a/b?c:x", via: ["a.example", "[::1]"] });
});

test("nothing throws", () => {
  const start = fc.constantFrom("https://matrix.to/#/", "matrix:", "");
  fc.assert(
    fc.property(start, fc.string({ unit: "binary" }), (prefix, rest) => {
      const link = parseLink(prefix + rest);

      expect(link === undefined || Boolean(link.user ?? link.room ?? link.alias)).toBe(true);
    }),
  );
});
