import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseLink, roomLink } from "../../src/model/links.ts";
import { room, server } from "../support/make.ts";

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
