/** Small builders for unit tests: ids, events and rules with everything filled in that a test does not talk about. */
import type { JsonObject } from "../../src/kit/json.ts";
import type { Membership, StateEvent } from "../../src/model/event.ts";
import {
  parseEventId,
  parseRoomAlias,
  parseRoomId,
  parseServerName,
  parseUserId,
  type EventId,
  type RoomAlias,
  type RoomId,
  type ServerName,
  type UserId,
} from "../../src/model/ids.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { Settings } from "../../src/model/settings/settings.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import { World } from "../../src/model/world/world.ts";
import { usualLimits } from "./limits.ts";

export const user = (text: string): UserId => checked(parseUserId(text), text);
export const room = (text: string): RoomId => checked(parseRoomId(text), text);
export const event = (text: string): EventId => checked(parseEventId(text), text);
export const alias = (text: string): RoomAlias => checked(parseRoomAlias(text), text);
export const server = (text: string): ServerName => checked(parseServerName(text), text);

let made = 0;
/** An event id that no other event of this run has. */
export const nextEvent = (): EventId => event(`$made-${(made += 1)}`);

export function state(
  type: string,
  content: JsonObject,
  {
    stateKey = "",
    sender = "@mod:example.org",
    id = nextEvent(),
    sentAt = 0,
  }: { stateKey?: string; sender?: string; id?: string; sentAt?: number } = {},
): StateEvent {
  return { type, stateKey, sender: user(sender), eventId: event(id), content, sentAt };
}

/** A membership event as a timeline would bring it. */
export function member(
  who: string,
  membership: Membership,
  { by = who, id = nextEvent() }: { by?: string; id?: string } = {},
): StateEvent {
  return state("m.room.member", { membership }, { stateKey: who, sender: by, id });
}

/** A rule of the stable dialect against a user, unless said otherwise. */
export function ruleEvent(
  entity: string,
  {
    type = "m.policy.rule.user",
    stateKey = `rule:${entity}`,
    recommendation = "m.ban",
    reason = "",
    id = nextEvent(),
    sentAt = 0,
    more = {},
  }: {
    type?: string;
    stateKey?: string;
    recommendation?: string;
    reason?: string;
    id?: string;
    sentAt?: number;
    more?: JsonObject;
  } = {},
): StateEvent {
  return state(type, { entity, recommendation, reason, ...more }, { stateKey, id, sentAt });
}

export const me = user("@tyr:example.org");
export const lobby = room("!lobby:example.org");
export const hall = room("!hall:example.org");
export const listA = room("!list-a:example.org");
export const listB = room("!list-b:example.org");
export const desk = room("!desk:example.org");

/** Two protected rooms, two lists (the first lifts bans), a management room. */
export const usualSettings: Settings = {
  ...noSettings,
  managementRoom: desk,
  rooms: new Map([lobby, hall].map((id) => [id, { room: id, via: [], space: undefined }])),
  lists: [
    { room: listA, via: [], liftsBans: true },
    { room: listB, via: [], liftsBans: true },
  ],
};

/** A world that is in all its rooms, with level 100 in each. `unread`: rooms whose members it does not know yet. */
export function aWorld(
  settings: Settings = usualSettings,
  { unread = [] }: { unread?: readonly RoomId[] } = {},
): World {
  const world = new World(me, {
    people: 100,
    eventsEach: 20,
    regulars: { afterDays: 14, days: 5, people: 100 },
    limits: usualLimits,
  });
  world.restore({ kind: "settings", settings });
  for (const id of [lobby, hall, listA, listB, desk]) {
    const { members = [], ...state } = roomRead(id);
    see(world, joining(id), unread.includes(id) ? state : { ...state, members });
  }
  world.takeChanges();
  world.takeRows();
  return world;
}

/** We are in the room. */
export const joining = (id: RoomId): Extract<Seen, { kind: "own-membership" }> => ({
  kind: "own-membership",
  room: id,
  membership: "join",
  by: undefined,
  reason: undefined,
});

/** We are in the room no more. */
export const leaving = (id: RoomId): Seen => ({ ...joining(id), membership: "leave" });

/** The whole of a room, in which we have level 100. */
export function roomRead(
  id: RoomId,
  members: readonly StateEvent[] = [],
): Extract<Seen, { kind: "room-read" }> {
  return {
    kind: "room-read",
    room: id,
    state: [
      state("m.room.create", { room_version: "11" }, { id: `$create-${id.slice(1)}` }),
      state(
        "m.room.power_levels",
        { users: { [me]: 100, "@mod:example.org": 100 } },
        { id: `$power-${id.slice(1)}` },
      ),
    ],
    members: members.map((one) => ({
      user: user(one.stateKey),
      membership: one.content["membership"] as Membership,
      sender: one.sender,
      eventId: one.eventId,
    })),
  };
}

/** Lets the world see things one after another, a second apart. */
export function see(world: World, ...seen: readonly Seen[]): void {
  for (const one of seen) {
    const at = world.now + 1_000;
    world.apply({ ...one, at, dueBy: at });
  }
}

export const live = (id: RoomId, one: StateEvent): Seen => ({
  kind: "state",
  room: id,
  event: one,
  fromTimeline: true,
});

/** The same, with nothing before it under its key: somebody's first join. */
export const first = (seen: Seen): Seen => (seen.kind === "state" ? { ...seen, isFirst: true } : seen);

function checked<T>(parsed: T | undefined, text: string): T {
  if (parsed === undefined) throw new Error(`the test made an invalid id: ${text}`);
  return parsed;
}
