// What people are called: who imitates the staff, and whose names stand in a text.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/kit/json.ts";
import type { RoomId } from "../../src/model/ids.ts";
import { vocabulary } from "../../src/model/facts/index.ts";
import { EventFacts } from "../../src/model/facts/read.ts";
import { Names } from "../../src/model/names.ts";
import type { World } from "../../src/model/world/world.ts";
import {
  aWorld,
  desk,
  hall,
  live,
  lobby,
  me,
  member,
  nextEvent,
  roomRead,
  see,
  state,
  user,
} from "../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
});

/** Comes, or takes another name. */
const joins = (who: string, content: JsonObject = {}) =>
  state("m.room.member", { membership: "join", ...content }, { stateKey: who, sender: who });
const named = (displayname: string, avatar_url?: string) =>
  avatar_url === undefined ? { displayname } : { displayname, avatar_url };
const imitates = (who: string, content: JsonObject = {}) => {
  const one = joins(who, content);
  see(world, live(lobby, one));
  const sighting = {
    kind: "join",
    room: lobby,
    user: user(who),
    event: one,
    at: world.now,
    late: false,
  } as const;
  return new EventFacts({ ...sighting, speech: world.recentSpeech, world }).get(
    vocabulary.get("author.imitates")!,
  );
};

describe("somebody imitates", () => {
  beforeEach(() => {
    see(world, live(desk, joins("@alice:example.org", named("Alice Miller", "mxc://example.org/alice"))));
  });

  test.each([
    ["@x:evil.example", named("Аlice Miller")],
    ["@x:evil.example", named("Alice MiIler")],
    ["@x:evil.example", named("AliceMi11er")],
    ["@a1ice:evil.example", {}],
    ["@x:evil.example", named("aIice")],
    ["@x:evil.example", named("Alice Miller", "mxc://example.org/alice")],
  ])("the staff by a name that is written differently, or with the same picture: %s %j", (who, content) => {
    expect(imitates(who, content)).toBe(true);
  });

  test.each([
    ["@x:evil.example", named("Alice Miller")],
    ["@x:evil.example", named("alice miller 🌻", "mxc://x/other")],
    ["@alice:evil.example", {}],
    ["@x:evil.example", named("Alice")],
    ["@x:evil.example", named("Alicé Miller")],
    ["@x:evil.example", named("Bob", "mxc://example.org/alice")],
    ["@x:evil.example", {}],
  ])("nobody by a name of their own: %s %j", (who, content) => {
    expect(imitates(who, content)).toBe(false);
  });

  test("us, a creator, and whom a room gave power, by their ids as well", () => {
    expect(imitates("@tуr:evil.example")).toBe(true);
    expect(imitates("@x:evil.example", named("Tуr"))).toBe(true);
    // The moderator of the made rooms has level 100.
    see(world, live(lobby, levels({ "@carol:x.example": 50 })));
    expect(imitates("@y:evil.example", named("Саrol"))).toBe(true);
  });

  test("whom a room gave power after their name was told", () => {
    see(world, live(lobby, joins("@c:x.example", named("Caroline"))));
    expect(imitates("@y:evil.example", named("Сaroline"))).toBe(false);
    see(world, live(lobby, levels({ "@c:x.example": 50 })));
    expect(imitates("@y:evil.example", named("Сaroline"))).toBe(true);
    see(world, live(lobby, levels({})));
    expect(imitates("@y:evil.example", named("Сaroline"))).toBe(false);
  });

  test("the staff by a name that they bear in one of the rooms", () => {
    see(world, live(lobby, joins("@alice:example.org", named("Queen Alice"))));
    see(world, live(lobby, joins("@alice:example.org")));

    for (const name of ["Аlice Miller", "Queen Аlice"])
      expect(imitates("@x:evil.example", named(name))).toBe(true);
    expect(imitates("@x:evil.example", named("Queen Alice"))).toBe(false);
  });

  test("no stranger, and one of the staff nobody", () => {
    see(world, live(lobby, joins("@bob:x.example", named("Robert"))));
    expect(imitates("@x:evil.example", named("Rоbert"))).toBe(false);
    see(world, live(desk, joins("@dan:example.org", named("Аlice Miller"))));
    expect(imitates("@dan:example.org", named("Аlice Miller"))).toBe(false);
  });

  test("after a restart as well", () => {
    const again = aWorld();
    for (const row of world.takeRows()) again.restore(row);
    world = again;

    expect(imitates("@x:evil.example", named("Аlice Miller"))).toBe(true);
  });

  test("after a start on data that has no names, by the names in their ids", () => {
    see(world, live(lobby, levels({ "@carol:x.example": 50 })));
    const rows = world.takeRows().filter((row) => row.kind !== "item" || row.collection !== "name");
    world = aWorld();
    for (const row of rows) world.restore(row);

    expect(imitates("@x:evil.example", named("Сarol"))).toBe(true);
    expect(imitates("@y:evil.example", named("alicе"))).toBe(true);
    expect(imitates("@z:evil.example", named("Alice"))).toBe(false);
  });

  test("and no crowd of strangers makes it forgotten", () => {
    const names = new Names(10);
    names.note(user("@alice:x"), { display: "Alice" }, { isStaff: true, isNews: true });
    for (let i = 0; i < 2_000; i++)
      names.note(user(`@a${i}:evil`), { display: "Alice" }, { isStaff: false, isNews: true });

    expect(names.isImitation(user("@x:evil"), { display: "Аlice" }, (one) => one === "@alice:x")).toBe(true);
    expect(names.unwritten.take().get("@a0:evil")).toBeUndefined();
  });
});

describe("names of people who are here, in a text,", () => {
  const said = (
    body: string,
    { by = "@x:x.example", room = lobby, ...content }: JsonObject & { by?: string; room?: RoomId } = {},
  ) => {
    const sender = user(by);
    const one = {
      type: "m.room.message",
      sender,
      eventId: nextEvent(),
      content: { body, ...content },
      sentAt: 0,
    };
    const sighting = { kind: "message", room, user: sender, event: one, at: world.now, late: false } as const;
    return new EventFacts({ ...sighting, speech: world.recentSpeech, world }).get(
      vocabulary.get("text.names")!,
    );
  };
  beforeEach(() => {
    const people = ["Alice", "Alice Miller", "Bob", "王小明", "Al", "Анна-Мария", "one two three four five"];
    for (const [i, name] of people.entries()) see(world, live(lobby, joins(`@p${i}:x.example`, named(name))));
    see(world, live(hall, joins("@elsewhere:x.example", named("Carol"))));
  });

  test.each([
    ["hello bob", 1],
    ["BOB, bob; Alice!", 2],
    ["ask Alice Miller", 1],
    ["Alice, Alice Miller", 2],
    ["bobsled, malice", 0],
    ["Carol is not here", 0],
    ["Al is too short", 0],
    ["анна мария и 王小明", 2],
    ["one two three four five", 0],
    ["В\u043eb", 1],
  ])("%s: %d", (body, count) => {
    expect(said(body)).toBe(count);
  });

  test("whom it mentions do not count, nor the author", () => {
    expect(said("bob and alice", { "m.mentions": { user_ids: ["@p2:x.example"] } })).toBe(1);
    expect(said("bob", { formatted_body: '<a href="https://matrix.to/#/@p2:x.example">bob</a>' })).toBe(0);
    expect(said("yours, Bob", { by: "@p2:x.example" })).toBe(0);
    see(world, live(lobby, joins("@other:x.example", named("Bob"))));
    expect(said("bob", { "m.mentions": { user_ids: ["@p2:x.example"] } })).toBe(1);
  });

  test("who left, took another name or is of another room does not count", () => {
    see(
      world,
      live(lobby, member("@p0:x.example", "leave")),
      live(lobby, joins("@p2:x.example", named("Robert"))),
    );

    expect([said("alice"), said("bob"), said("robert"), said("carol", { room: hall })]).toEqual([0, 0, 1, 1]);
  });

  test("are known after a restart; of an encrypted message nothing is", () => {
    const again = aWorld();
    for (const row of world.takeRows()) again.restore(row);
    world = again;

    expect(said("bob")).toBe(1);
    const one = { type: "m.room.encrypted", sender: me, eventId: nextEvent(), content: {}, sentAt: 0 };
    const sighting = { kind: "message", room: lobby, user: me, event: one, at: 0, late: false } as const;
    const facts = new EventFacts({ ...sighting, speech: world.recentSpeech, world });
    expect(facts.get(vocabulary.get("text.names")!)).toBeUndefined();
  });

  test("are told by the room that is read at the start", () => {
    const { members: _, ...state } = roomRead(lobby);
    const entry = {
      user: user("@dora:x.example"),
      membership: "join",
      sender: user("@dora:x.example"),
    } as const;
    see(world, { ...state, members: [{ ...entry, eventId: nextEvent(), display: "Dora" }] });

    expect(said("ask dora")).toBe(1);
  });
});

test("names are bounded: a read drives nobody out, who comes drives out the name told least lately", () => {
  const names = new Names(2);
  const tell = (who: string, display: string, isNews = true) =>
    names.note(user(who), { display }, { isStaff: false, isNews });
  const count = () => names.countIn(["anna", "bert", "cleo"], () => true);
  tell("@a:x", "Anna");
  tell("@b:x", "Bert");
  tell("@c:x", "Cleo", false);
  expect(count()).toBe(2);
  expect(names.countIn(["cleo"], () => true)).toBe(0);

  tell("@c:x", "Cleo");

  expect([count(), names.countIn(["anna"], () => true)]).toEqual([2, 0]);
  expect([...names.unwritten.take()].map(([who, item]) => [who, item !== undefined])).toEqual([
    ["@a:x", false],
    ["@b:x", true],
    ["@c:x", true],
  ]);
});

function levels(more: JsonObject) {
  return state("m.room.power_levels", { users: { [me]: 100, "@mod:example.org": 100, ...more } });
}
