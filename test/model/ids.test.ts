import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  isSameServer,
  parseEventId,
  parseMediaUri,
  parseRoomAlias,
  parseRoomId,
  parseServerName,
  parseUserId,
  serverInId,
  serverOf,
  withoutPort,
} from "../../src/model/ids.ts";
import { alias, room, user } from "../support/make.ts";

test.each([
  "@alice:example.org",
  "@Alice With Capitals:example.org:8448",
  "@historical/=id😀:[::1]:8448",
  "@a:b",
])("%s is a user id", (text) => {
  expect(parseUserId(text)).toBe(text);
});

test.each([
  ["nothing", ""],
  ["a sigil alone", "@"],
  ["no server", "@alice"],
  ["an empty server", "@alice:"],
  ["another sigil", "!alice:example.org"],
  ["a line break", "@ali\nce:example.org"],
  ["a NUL", "@ali\0ce:example.org"],
  ["256 characters", `@${"a".repeat(252)}:bc`],
  ["a number", 7],
  ["null", null],
  ["an array", ["@alice:example.org"]],
])("%s is no user id", (_what, value) => {
  expect(parseUserId(value)).toBeUndefined();
});

describe("room ids", () => {
  test.each(["!opaque:example.org", "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"])("%s is one", (text) => {
    expect(parseRoomId(text)).toBe(text);
  });

  test.each(["!", "#room:example.org", "!a b:example.org", 3, undefined])("%p is none", (value) => {
    expect(parseRoomId(value)).toBeUndefined();
  });

  test("name a server before version 12, and none since", () => {
    expect(serverInId(room("!opaque:example.org:8448"))).toBe("example.org:8448");
    expect(serverInId(room("!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"))).toBeUndefined();
    expect(serverInId(alias("#lobby:example.org"))).toBe("example.org");
  });
});

test.each(["$old:example.org", "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg"])(
  "%s is an event id",
  (text) => {
    expect(parseEventId(text)).toBe(text);
  },
);

test.each(["$", "event", "$two words", { id: "$a" }])("%p is no event id", (value) => {
  expect(parseEventId(value)).toBeUndefined();
});

test.each(["#", "#:example.org", "#lobby:", "#lobby", "#lob by:example.org"])("%s is no alias", (value) => {
  expect(parseRoomAlias(value)).toBeUndefined();
});

describe("servers", () => {
  test.each([
    ["Example.ORG", "example.org"],
    ["example.org:8448", "example.org"],
    ["192.0.2.1:8448", "192.0.2.1"],
    ["[2001:DB8::1]", "[2001:db8::1]"],
    ["[2001:db8::1]:8448", "[2001:db8::1]"],
    ["localhost", "localhost"],
  ])("%s is compared as %s", (written, compared) => {
    expect(parseServerName(written)).toBe(compared);
  });

  test.each(["", ":8448", "*.example.org", "exa mple.org", "a/b", "[::1", "a:b:c", 5, "x".repeat(256)])(
    "%p is no server name",
    (value) => {
      expect(parseServerName(value)).toBeUndefined();
    },
  );

  test.each([
    ["example.org:1", "example.org"],
    ["*.example.org:8448", "*.example.org"],
    ["example.org:123456", "example.org:123456"],
    ["[::1]", "[::1]"],
    ["[::1:2222]", "[::1:2222]"],
  ])("%s without its port is %s", (written, bare) => {
    expect(withoutPort(written)).toBe(bare);
  });

  test("of a user id is what follows the first colon", () => {
    expect(serverOf(user("@a:Example.org:8448"))).toBe("example.org");
    expect(serverOf(user("@a:[::1]:8448"))).toBe("[::1]");
  });
});

test("no parser throws, and what one accepts is the text itself", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string(), fc.string({ unit: "binary" })), (value) => {
      for (const parse of [parseUserId, parseRoomId, parseEventId, parseRoomAlias]) {
        const parsed = parse(value);
        expect(parsed === undefined || parsed === value).toBe(true);
      }
      const name = parseServerName(value);
      expect(name === undefined || parseServerName(name) === name).toBe(true);
    }),
  );
});

describe("an address of a file", () => {
  test.each(["mxc://example.org/SEsfnsuifSDFSSEF", "mxc://example.org:8448/a_b-c", "mxc://[::1]/a"])(
    "%s is one",
    (text) => {
      expect(parseMediaUri(text)).toBe(text);
    },
  );

  test.each([
    "mxc://example.org",
    "mxc://example.org/",
    "mxc://example.org/a/b",
    "mxc://example.org/a?b",
    "mxc:///a",
    "mxc://ex ample/a",
    "https://example.org/a",
    `mxc://example.org/${"a".repeat(600)}`,
    7,
    undefined,
  ])("%p is none", (text) => {
    expect(parseMediaUri(text)).toBeUndefined();
  });
});

test("a port is part of a homeserver's name, upper case is not", () => {
  const at = (server: string) => parseUserId(`@a:${server}`)!;

  expect(isSameServer(at("Example.org"), parseRoomAlias("#b:example.org")!)).toBe(true);
  expect(isSameServer(at("example.org"), at("example.org:8448"))).toBe(false);
  expect(isSameServer(at("example.org"), at("sub.example.org"))).toBe(false);
});
