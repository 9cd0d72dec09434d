// The way back: what a key looks like after we wrote it, with everything in it that is not ours.

import { describe, expect, test } from "@jest/globals";
import { accountDataWrites } from "../../src/takeover/account-data-writes.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import { parseRoomId } from "../../src/model/ids.ts";
import { parseAddress } from "../../src/takeover/earlier-bot.ts";

const [rooms, lists, defaultList, protections] = accountDataWrites as [
  (typeof accountDataWrites)[0],
  (typeof accountDataWrites)[0],
  (typeof accountDataWrites)[0],
  (typeof accountDataWrites)[0],
];
const merge = (key: typeof rooms, there: JsonObject, ours: JsonObject, before: JsonObject = {}) =>
  key.merge({
    current: there,
    lastWritten: before,
    ours,
    roomOf: (text) => {
      const id = parseAddress(text)?.id;
      return parseRoomId(id === "#found:x" ? "!found:x" : id);
    },
  });

describe("protected rooms", () => {
  test.each([
    ["are added", { rooms: ["!a:x"] }, ["!a:x", "!b:x"], [], { rooms: ["!a:x", "!b:x"] }],
    ["go where we had them", { rooms: ["!a:x", "!b:x"] }, ["!b:x"], ["!a:x"], { rooms: ["!b:x"] }],
    ["stay where we never had them", { rooms: ["!a:x"] }, ["!b:x"], [], { rooms: ["!a:x", "!b:x"] }],
    ["that are none stay", { rooms: ["?", 7, null] }, ["!b:x"], [], { rooms: ["?", 7, null, "!b:x"] }],
    ["bring no second field", { x: 1 }, ["!b:x"], [], { x: 1, rooms: ["!b:x"] }],
    ["are put beside nothing broken", { rooms: "?" }, ["!b:x"], [], { rooms: ["!b:x"] }],
  ])("%s", (_what, there, ours, before, expected) => {
    expect(merge(rooms, there, { rooms: ours }, { rooms: before })).toEqual(expected);
  });

  test("where there are none and were none, nothing is written", () => {
    expect(merge(rooms, {}, { rooms: [] })).toBeUndefined();
  });
});

describe("watched lists", () => {
  const link = (room: string) => `https://matrix.to/#/${room}`;

  test("keep the words in which they stand there, whatever the servers", () => {
    const there = { references: [`${link("!a:x")}?via=y`, link("#found:x"), link("#lost:x")] };

    expect(merge(lists, there, { references: [link("!a:x"), link("!found:x")] })).toEqual(there);
  });

  test("go under whatever words they stand there", () => {
    const there = { references: [`${link("!a:x")}?via=y`, link("#found:x")] };
    const before = { references: [link("!a:x"), link("!found:x")] };

    expect(merge(lists, there, { references: [] }, before)).toEqual({ references: [] });
  });
});

describe("the default list", () => {
  test("is written where it is another, with the fields beside it", () => {
    expect(merge(defaultList, { shortcode: "old", x: 1 }, { shortcode: "coc" })).toEqual({
      shortcode: "coc",
      x: 1,
    });
  });

  test("stays as it is written there", () => {
    expect(merge(defaultList, { shortcode: "COC" }, { shortcode: "coc" })).toBeUndefined();
  });
});

describe("enabled protections", () => {
  const draupnir = { "ge.applied-langua.ge.draupnir.schema_version": 8 };

  test.each([
    [{ enabled: ["X"] }, ["mention-limit"], [], { enabled: ["X", "MentionSpam"] }],
    [
      { enabled: ["X"], ...draupnir },
      ["mention-limit"],
      [],
      { enabled: ["X", "MentionLimitProtection"], ...draupnir },
    ],
    [{ enabled: ["MentionSpam", "X"] }, [], ["mention-limit"], { enabled: ["X"] }],
    [{ enabled: ["MentionSpam", "X"] }, [], [], undefined],
    [{}, [], ["flood"], undefined],
    [{}, ["flood"], [], { enabled: ["BasicFloodingProtection"] }],
    [{ enabled: [7, {}] }, ["flood"], [], { enabled: [7, {}, "BasicFloodingProtection"] }],
  ])("%j with %j of ours, before %j", (there, ours, before, expected) => {
    expect(merge(protections, there, { enabled: ours }, { enabled: before })).toEqual(expected);
  });
});
