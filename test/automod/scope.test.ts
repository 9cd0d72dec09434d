// Where, when and about whom a rule looks: how the fields are read, and what is passed over by them.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import { compileScope, localParts, looksIn, unknownPlaces, type Scope } from "../../src/automod/scope.ts";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import type { EventSighting } from "../../src/model/signals/sighting.ts";

const replaceable = new Set(["flood", "mention-limit"]);
const read = (fields: string) =>
  readRuleFile(`rule: a\nwhen: links\nthen: redact\n${fields}`, new Map(), { replaceable });
const told = (fields: string) =>
  read(fields).mistakes.map(({ line, column, message, hint }) => `${line}:${column} ${message}; ${hint}`);

describe("the fields", () => {
  test("are read from a word, a list, or what is left out", () => {
    const scope = (fields: string): Scope => read(fields).rules[0]!.scope!;

    expect(scope('rooms: "#a:x.test"').rooms).toEqual({ places: ["#a:x.test"], areLeftOut: false });
    expect(scope('rooms: ["#a:x.test", "!b:x.test"]').rooms?.places).toEqual(["#a:x.test", "!b:x.test"]);
    expect(scope('rooms: { not: ["#a:x.test"] }').rooms).toEqual({ places: ["#a:x.test"], areLeftOut: true });
    expect(scope("during: raid, guarded").during).toEqual(["guarded", "raid"]);
    expect(scope("during: [calm, shut]").during).toEqual(["calm", "shut"]);
    expect(scope("except: regulars").except).toEqual({ regulars: true, who: [], places: [] });
    expect(
      scope(
        'except: [Regulars, "@a:x.test", "@bot-*", x.test, "*.y.test", localhost, "x.test:8448", "#a:x.test"]',
      ).except,
    ).toEqual({
      regulars: true,
      who: ["@a:x.test", "@bot-*", "x.test", "*.y.test", "localhost", "x.test:8448"],
      places: ["#a:x.test"],
    });
    expect(scope("replace: flood").replace).toBe("flood");
  });

  test.each([
    ["rooms: general", '4:8 "general" is no room; a room or space is "#name:server" or "!id", in quotes'],
    ["rooms: #general:x.test", "4:8 rooms needs a text; what begins with #, ! or @ is put in quotes"],
    ["rooms: []", "4:8 rooms is empty; leave rooms out"],
    [
      'rooms: { nor: ["#a:x.test"] }',
      '4:8 rooms are a list of rooms, or those that are left out; write rooms: { not: ["#bots:example.org"] }',
    ],
    ["during: guraded", '4:9 no room is ever "guraded"; did you mean guarded?'],
    ["during: red", '4:9 no room is ever "red"; it is one of calm, guarded, raid, shut'],
    ["except: regulers", '4:9 "regulers" is nobody who can be left alone; did you mean regulars?'],
    [
      'except: ["x y"]',
      '4:10 "x y" is nobody who can be left alone; it is regulars, "@person:server", a server, or "#room:server"; staff is left alone anyway',
    ],
    ['except: "*"', '4:9 "*" is everybody; the rule would find nobody'],
    ['except: "@*:*"', '4:9 "@*:*" is everybody; the rule would find nobody'],
    ["replace: fload", '4:10 no rule that comes with Tyr is called "fload"; did you mean flood?'],
    [
      "replace: heat",
      '4:10 no rule that comes with Tyr is called "heat"; docs/protections.md has all of them',
    ],
    [
      "replace: flood\nduring: raid",
      "4:10 a rule with during cannot take the place of another, which looks everywhere and at all times; leave during or replace out; protections disable flood #room:server switches that one off in a room",
    ],
  ])("%j is refused with place and hint", (fields, mistake) => {
    expect(told(fields)).toEqual([mistake]);
  });

  test("hold no more than a hundred entries", () => {
    const many = Array.from({ length: 101 }, (_, i) => `s${i}.test`);
    expect(told(`except: [${many.join(", ")}]`)).toEqual([
      "4:9 except may have 100 entries, not 101; undefined",
    ]);
  });
});

describe("what is passed over", () => {
  const [lobby, bots, space] = ["!lobby:x.test", "!bots:x.test", "!space:x.test"] as RoomId[];
  const regulars = new Set(["@regular:x.test"]);
  let modes: Map<RoomId, string>;
  const sighting = (room: RoomId, user = "@ann:x.test"): EventSighting =>
    ({
      room,
      user: user as UserId,
      at: 0,
      world: {
        rooms: new Map([
          [lobby, { alias: "#lobby:x.test" }],
          [bots, { alias: undefined }],
          [space, { alias: "#space:x.test" }],
        ]),
        settings: {
          rooms: new Map([
            [lobby, { room: lobby, via: [], space: undefined }],
            [bots, { room: bots, via: [], space }],
          ]),
          spaces: new Map([[space, []]]),
          spacesWithin: new Map(),
        },
        stored: { roomModes: { of: (room: RoomId) => modes.get(room) ?? "calm" } },
        regulars: { isRegular: (who: string) => regulars.has(who) },
        protectedIds: () => [lobby, bots, space],
      },
    }) as unknown as EventSighting;
  const passes = (fields: string, room = lobby!, user?: string) =>
    compileScope(read(fields).rules[0]!.scope)(sighting(room, user));
  beforeEach(() => {
    modes = new Map();
  });

  test("nothing without any of the fields", () => {
    expect(passes("")).toBeUndefined();
  });

  test.each([
    ['rooms: "#lobby:x.test"', undefined, "elsewhere"],
    ['rooms: "!bots:x.test"', "elsewhere", undefined],
    ['rooms: "#space:x.test"', "elsewhere", undefined],
    ['rooms: { not: ["#lobby:x.test"] }', "elsewhere", undefined],
    ['rooms: { not: ["!space:x.test"] }', undefined, "elsewhere"],
    ['rooms: "#gone:x.test"', "elsewhere", "elsewhere"],
    ['except: "#lobby:x.test"', "left alone", undefined],
  ])("by %s: %s in the lobby, %s in a room of the space", (fields, inLobby, inSpace) => {
    expect([passes(fields, lobby), passes(fields, bots)]).toEqual([inLobby, inSpace]);
  });

  test.each([
    ["regulars", ["@regular:x.test"], ["@ann:x.test"]],
    ['"@ann:x.test"', ["@ann:x.test"], ["@anna:x.test", "@ann:y.test"]],
    ['"@bot-*"', ["@bot-1:x.test"], ["@abot-1:x.test"]],
    ["x.test", ["@ann:x.test"], ["@ann:sub.x.test", "@x.test:y.test"]],
    ['"*.x.test"', ["@ann:sub.x.test"], ["@ann:x.test", "@a.x.test:y.test"]],
  ])("except: %s leaves alone %j, and not %j", (except, alone, others) => {
    expect(alone.map((user) => passes(`except: ${except}`, lobby, user))).toEqual(
      alone.map(() => "left alone"),
    );
    expect(others.map((user) => passes(`except: ${except}`, lobby, user))).toEqual(
      others.map(() => undefined),
    );
  });

  test("what happens in another mode of the room; without anybody who tells of modes all rooms are calm", () => {
    expect([passes("during: guarded raid"), passes("during: calm")]).toEqual(["not now", undefined]);
    modes.set(lobby!, "raid");
    expect([passes("during: guarded raid"), passes("during: calm")]).toEqual([undefined, "not now"]);
  });

  test("rooms in which it looks, and those of its rooms that nobody protects, can be told", () => {
    const { world } = sighting(lobby!);
    const { rules } = read('rooms: ["#lobby:x.test", "#gone:x.test"]');
    const inWorld = world as unknown as Parameters<typeof looksIn>[2] & Parameters<typeof unknownPlaces>[1];

    expect([lobby!, bots!].map((room) => looksIn(rules[0]!.scope, room, inWorld))).toEqual([true, false]);
    expect(unknownPlaces(rules[0]!.scope!, inWorld)).toEqual(["#gone:x.test"]);
  });
});

test("what is good here alone is told: rooms, except, and the answers that need our own people and lists", () => {
  const parts = (fields: string) =>
    localParts(readRuleFile(`rule: a\nwhen: links\n${fields}`, new Map()).rules[0]!);

  expect(parts("then: redact+warn")).toEqual([]);
  expect(
    parts("then: redact kick+call ban+list\nexcept: regulars\nrooms: '#a:x.test'\nduring: raid"),
  ).toEqual(["rooms", "except", "call", "list"]);
});
