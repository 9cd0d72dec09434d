/** What Tyr believes of the community after three weeks in it, the last two days hour by hour: learned once for a seed. */
import { dayMs, hourMs } from "../../src/kit/duration.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { RoomId } from "../../src/model/ids.ts";
import type { Observation, Seen } from "../../src/model/observation.ts";
import type { Settings } from "../../src/model/settings/settings.ts";
import type { Row } from "../../src/model/world/changes.ts";
import { World } from "../../src/model/world/world.ts";
import { usualLimits } from "../support/limits.ts";
import {
  desk,
  event,
  joining,
  me,
  member,
  room,
  roomRead,
  state,
  user,
  usualSettings,
} from "../support/make.ts";
import { ordinary, size, type Community } from "./community.ts";
import type { Scripted } from "./script.ts";

/** When scenes begin: a Tuesday at noon. */
export const zero = Date.UTC(2026, 0, 6, 12);

export const rooms: readonly RoomId[] = Array.from({ length: size.rooms }, (_, i) =>
  room(`!room${i}:example.org`),
);

/** Days before the scene on which regulars say a word. */
const daysSpoken = [21, 18, 15, 12, 9, 6, 4, 3];
export const learnedHours = 48;
/** A server answers a long poll after so long, if nothing has happened. */
const pollMs = 30_000;

const settings: Settings = {
  ...usualSettings,
  rooms: new Map(rooms.map((id) => [id, { room: id, via: [], space: undefined }])),
  lists: [],
  // Without any nothing is looked at, nor known afterwards.
  protections: new Map([["wave-harmful", { enabled: true }]]),
};

export function emptyWorld(): World {
  return new World(me, {
    people: 20_000,
    eventsEach: 20,
    regulars: { afterDays: 14, days: 5, people: 20_000 },
    limits: usualLimits,
  });
}

/** What comes of a script is seen by a world, as sync would bring it. */
export class Eyes {
  readonly world: World;
  /** Asked after each batch, which the world has applied. */
  readonly #after: (batch: readonly Observation[]) => void;
  readonly #members = new Set<string>();
  #syncedAt = 0;

  constructor(world: World, after: (batch: readonly Observation[]) => void = () => undefined) {
    this.world = world;
    this.#after = after;
  }

  /** `late`: read afterwards, to fill a gap. */
  sees(scripted: Scripted, { at = zero + scripted.at, late = false } = {}): void {
    this.#polled(at);
    const place = `${scripted.room} ${scripted.stateKey ?? ""}`;
    const isFirst = scripted.stateKey !== undefined && !this.#members.has(place);
    if (isFirst) this.#members.add(place);
    this.batch([observed(scripted, { late, isFirst })], at);
  }

  batch(seen: readonly Seen[], at: number): void {
    const stamped = [...seen, { kind: "synced", token: String(at) } as const].map((one): Observation => ({
      ...one,
      at,
      dueBy: at,
    }));
    for (const one of stamped) this.world.apply(one);
    this.#syncedAt = at;
    this.#after(stamped);
  }

  #polled(until: number): void {
    if (until - this.#syncedAt > 10 * pollMs) this.batch([], until - pollMs);
    while (until - this.#syncedAt > pollMs) this.batch([], this.#syncedAt + pollMs);
  }
}

function observed(
  { id, room: n, who, type, stateKey, content, redacts, at: sent, lateMs }: Scripted,
  { late, isFirst }: { readonly late: boolean; readonly isFirst: boolean },
): Seen {
  const [sender, eventId, sentAt] = [user(who), event(id), zero + sent - lateMs - 200];
  const place = rooms[n]!;
  if (redacts !== undefined)
    return {
      kind: "redaction",
      room: place,
      sender,
      redacts: event(redacts),
      eventId,
      content,
      sentAt,
      late,
    };
  const one = { type, sender, eventId, content, sentAt };
  if (stateKey === undefined) return { kind: "message", room: place, event: one, late };
  return {
    kind: "state",
    room: place,
    event: { ...one, stateKey },
    fromTimeline: true,
    ...(isFirst ? { isFirst } : {}),
  };
}

/** Who is where, and who has a level. */
export function roomsRead(
  of: Community,
  at: number,
  joined: (n: number) => Iterable<string>,
): readonly Observation[] {
  const reads = [desk, ...rooms].map((id, i) => {
    const there = i === 0 ? of.staff.map((one) => one.id) : joined(i - 1);
    const read = roomRead(
      id,
      Array.from(there, (who) => member(who, "join", { id: event(`$there-${i}-${who}`) })),
    );
    return { ...read, state: [...read.state!, levels(of, id)] };
  });
  return reads.flatMap((read): Observation[] =>
    [joining(read.room), read].map((one) => ({ ...one, at, dueBy: at })),
  );
}

function levels(of: Community, id: RoomId) {
  const users: JsonObject = Object.fromEntries([
    [me, 100],
    ["@mod:example.org", 100],
    ...of.staff.map((one) => [one.id, 50] as const),
    [of.bridgeBot.id, 50],
    [of.newBridgeBot.id, 50],
  ]);
  return state("m.room.power_levels", { users }, { id: `$levels-${id.slice(1)}` });
}

export function membersOf(of: Community): readonly (readonly string[])[] {
  const there: string[][] = rooms.map(() => []);
  for (const { id, rooms: those } of of.members) for (const n of those) there[n]!.push(id);
  return there;
}

/** The rows of which a world can be made, as after a restart. `after`: whoever learns beside the world. */
export function learned(
  of: Community,
  world: World = emptyWorld(),
  after?: (batch: readonly Observation[]) => void,
): readonly Row[] {
  world.restore({ kind: "settings", settings });
  const there = membersOf(of);
  const eyes = new Eyes(world, after);
  for (const one of roomsRead(of, zero - 22 * dayMs, (n) => there[n]!)) world.apply(one);
  for (const day of daysSpoken) for (const one of wordsOf(of, day)) eyes.sees(one);
  for (const one of ordinary(of, "past", -learnedHours * hourMs, 0)) eyes.sees(one);
  return newest(world.takeRows());
}

function wordsOf({ regulars }: Community, day: number): readonly Scripted[] {
  return regulars.map((one, i) => ({
    ...{ id: `$day-${day}-${i}`, at: -day * dayMs + i * 60_000, lateMs: 0, room: one.rooms[0]!, who: one.id },
    ...{ type: "m.room.message", content: { msgtype: "m.text", body: "good morning" } },
  }));
}

/** Of rows about the same thing the last, and of those that put something back the newest first. */
function newest(rows: readonly Row[]): readonly Row[] {
  const byPlace = new Map<string, Row>();
  for (const row of rows) {
    const key = placeOf(row);
    byPlace.delete(key);
    byPlace.set(key, row);
  }
  return [...byPlace.values()];
}

function placeOf(row: Row): string {
  switch (row.kind) {
    case "item":
      return `item ${row.collection} ${row.key}`;
    case "member":
      return `member ${row.room} ${row.user}`;
    case "state":
      return `state ${row.room} ${row.type} ${row.stateKey}`;
    case "settings":
      return "settings";
    default:
      return `${row.kind} ${row.room}`;
  }
}

/** A world that has lived through it, each its own. */
export function restored(rows: readonly Row[]): World {
  const world = emptyWorld();
  world.restore({ kind: "settings", settings });
  for (const row of rows) world.restore(row);
  return world;
}
