// Who keeps their voice while newcomers may not speak, in rooms old and new, and where not all can be named.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { shutOf, voicesOf } from "../../../src/decisions/waves/voice.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import type { UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import { World } from "../../../src/model/world/world.ts";
import { usualLimits } from "../../support/limits.ts";
import {
  desk,
  event,
  joining,
  live,
  lobby,
  me,
  member,
  roomRead,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";

const day = 86_400_000;
const mod = user("@mod:example.org");

let world: World;
let now: number;
const believe = (...seen: readonly Seen[]) => {
  for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
};
const levels = (content: JsonObject) =>
  believe(live(lobby, state("m.room.power_levels", { users: { [me]: 100 }, ...content }, { id: "$levels" })));
const said = (sender: UserId) =>
  believe({
    kind: "message",
    room: lobby,
    event: { eventId: event(`$${sender}-${now}`), sender, sentAt: now, type: "m.room.message", content: {} },
    late: false,
  });
/** Somebody who came while we were there and spoke so many days ago. */
const speaker = (name: string, ...daysAgo: readonly number[]) => {
  const who = user(`@${name}:a.test`);
  believe(live(lobby, member(who, "join")));
  const today = now;
  for (const ago of daysAgo.toSorted((a, b) => b - a)) {
    now = today - ago * day;
    said(who);
  }
  now = today;
  return who;
};
const voices = (members: readonly UserId[] = []) =>
  voicesOf(world.rooms.get(lobby)!, new Set(members), {
    world,
    at: now,
    isSpared: (one) => world.isSpared(one) || one === me,
  });
const named = (of: ReturnType<typeof voices>) =>
  of?.changes.flatMap(({ path }) => (path[0] === "users" && path[1] ? [path[1]] : [])) ?? [];

beforeEach(() => {
  world = new World(me, {
    people: 5_000,
    eventsEach: 1,
    regulars: { afterDays: 14, days: 5, people: 5_000 },
    limits: usualLimits,
  });
  world.restore({ kind: "settings", settings: usualSettings });
  now = 1_800_000_000_000;
  for (const id of [lobby, desk]) believe(joining(id), roomRead(id));
});

describe("who keeps their voice", () => {
  test("has spoken on an earlier day within a month, is a regular, or is one of us", () => {
    const lately = speaker("lately", 3);
    const long = speaker("long", 60, 59, 58, 57, 56, 40);
    speaker("once", 45);
    speaker("today", 0);
    believe(live(desk, member(mod, "join")), live(lobby, member(mod, "join")));
    levels({});

    expect(named(voices())).toEqual([mod, lately, long]);
  });

  test("is no member of the wave, unless they are a regular", () => {
    const regular = speaker("regular", 60, 50, 40, 30, 20, 1);
    const spammer = speaker("spammer", 2);

    expect(named(voices([regular, spammer]))).toEqual([regular]);
  });

  test("is everybody who was there before, where nobody is known yet", () => {
    believe(roomRead(lobby, [member("@old:a.test", "join"), member("@older:a.test", "join")]));
    levels({});

    expect(named(voices()).toSorted()).toEqual(["@old:a.test", "@older:a.test"]);
  });

  test("is not who has a level of their own below the usual one, which is a mute", () => {
    const muted = speaker("muted", 3);
    levels({ users: { [me]: 100, [muted]: -1 } });

    expect(named(voices())).toEqual([]);
  });
});

describe("the level", () => {
  test("is one above the usual, and is asked for by all that can be said, and for invitations", () => {
    levels({
      users_default: 5,
      events_default: 5,
      invite: 0,
      events: { "m.reaction": 0, "m.room.name": 50 },
    });

    expect(voices()).toMatchObject({
      level: 6,
      changes: [
        { path: ["events_default"], ours: 6, before: 5 },
        { path: ["events", "m.reaction"], ours: 6, before: 0 },
        { path: ["invite"], ours: 6, before: 0 },
      ],
    });
  });

  test("of old rooms, written as a text, is read as its number", () => {
    levels({ users_default: "0", events_default: "0" });

    expect(voices()?.changes[0]).toEqual({ path: ["events_default"], ours: 1, before: 0 });
  });

  test.each([
    { kick: 1 },
    { state_default: 1 },
    { notifications: { room: 1 } },
    { events: { "m.room.topic": 1 } },
  ])("is not free where anything but speech begins there: %j", (content) => {
    levels(content);

    expect(voices()).toBeUndefined();
  });

  test("is not raised where newcomers cannot speak anyway", () => {
    levels({ events_default: 10 });

    expect(voices()).toBeUndefined();
  });

  test("of a room that is shut is that of the staff", () => {
    levels({ events_default: 10, events: { "m.sticker": 60 } });

    expect(shutOf(world.rooms.get(lobby)!, 50)).toEqual([
      { path: ["events_default"], ours: 50, before: 10 },
      { path: ["invite"], ours: 50 },
    ]);
    levels({ events_default: 50 });
    expect(shutOf(world.rooms.get(lobby)!, 50)).toBeUndefined();
  });
});

describe("where there is no place for all", () => {
  test("a thousand are named, first those who spoke lately; who did and is left out is counted", () => {
    for (let i = 0; i < 20; i++) speaker(`silent${i}`, 20);
    for (let i = 0; i < 1_005; i++) speaker(`lively${i}`, 2);
    levels({});

    const found = voices()!;

    expect(named(found)).toHaveLength(1_000);
    expect(named(found).every((who) => who.startsWith("@lively"))).toBe(true);
    expect(found.leftOut).toBe(5);
  });

  test("the event stays below 48 kB", () => {
    const long = "a-name-that-is-quite-long".repeat(4);
    for (let i = 0; i < 600; i++) speaker(`${long}${i}`, 2);
    levels({});

    const found = voices()!;

    expect(found.bytes).toBeLessThan(48_000);
    expect(found.leftOut).toBeGreaterThan(100);
  });
});
