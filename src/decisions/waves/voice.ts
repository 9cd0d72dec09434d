/**
 * The voice of a room: who keeps it while newcomers may not speak. One level above the usual one is asked for to say anything,
 * and whoever has spoken here before is named at that level. Nobody gets more than a voice by it.
 */
import { asObject, type JsonObject } from "../../kit/json.ts";
import { dayMs } from "../../kit/duration.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { PathChange } from "../../model/path-changes.ts";
import { readLevel, type PowerLevels } from "../../model/power-levels.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isNewcomer } from "../respond/immunity.ts";

/**
 * Of the whole power levels as JSON. An event may have 65,536 bytes, signatures and references take some of them, and mutes
 * that come meanwhile need place, too.
 */
export const mostBytes = 48_000;
/** People named beside those who were; their ids take 26 kB at an average length. Each is a line in clients that show levels. */
export const mostNames = 1_000;

/** Who spoke within so many days and on an earlier day than today keeps their voice. */
const spokeWithinDays = 30;
/** Where not all can be named, whoever was silent for so long is left out. */
const silentDays = 14;
/** Where nobody is known to have spoken so many days ago, Tyr has not been here for long: nobody there before it is a newcomer. */
const coldDays = 14;

/** Who came so long ago and has never spoken is not counted as silenced. */
const newcomerHours = 24;

/** Types of events by which somebody can be heard or seen, or invites a call; those that start with one of these count, too. */
const speech = [
  ...["m.room.message", "m.room.encrypted", "m.reaction", "m.sticker", "m.poll.", "m.call.", "m.rtc."],
  ...["m.beacon", "org.matrix.msc3381.", "org.matrix.msc3401.", "org.matrix.msc3672.", "org.matrix.msc4143."],
  ...["org.matrix.msc1767.", "org.matrix.msc3245.", "io.element.voice_broadcast", "m.voice"],
];

/** Only the staff has it, by default. */
export const shutLevel = 50;

export interface Voices {
  readonly level: number;
  readonly changes: readonly PathChange[];
  /** Newcomers in the room who cannot speak by it and are of no threat. */
  readonly newcomers: readonly UserId[];
  /** People who are no threat and cannot speak by it, newcomers and those left out included; nobody who never speaks. */
  readonly silenced: readonly UserId[];
  /** How many people speak here and could not be named, as there was no place. */
  readonly leftOut: number;
  readonly bytes: number;
}

export interface Spares {
  /** Ourselves, moderators and exempt people. */
  readonly isSpared: (user: UserId) => boolean;
  readonly world: WorldView;
  readonly at: number;
}

/** Nobody may be able to do more than speak at the level: no other right begins there. */
export function isRoomForLevel(power: PowerLevels, level: number): boolean {
  return !power.rightsAt(level, isSpeech);
}

function isSpeech(type: string): boolean {
  return speech.some((one) => type === one || type.startsWith(one));
}

/** Undefined where newcomers cannot speak already, or no level is free for it. */
export function voicesOf(room: RoomView, members: ReadonlySet<UserId>, spares: Spares): Voices | undefined {
  const levels = asLevels(room);
  const level = room.power.usualLevel + 1;
  if (!levels || !isRoomForLevel(room.power, level)) return undefined;
  const asked = speechAt(levels, level);
  if (asked.length === 0) return undefined;
  const { named, newcomers, silenced, leftOut } = whoSpeaks(room, members, {
    ...spares,
    level,
    levels,
    asked,
  });
  const table = asObject(levels["users"]) || named.length === 0 ? [] : [{ path: ["users"], ours: {} }];
  const changes = [...asked, ...table, ...named.map((user) => raised(["users", user], level, levels))];
  return {
    level,
    changes,
    newcomers,
    silenced,
    leftOut,
    bytes: bytesOf(levels) + bytesOf(Object.fromEntries(changes.map(asEntry))),
  };
}

/** Only those speak who have the level; undefined where it is so already. */
export function shutOf(room: RoomView, level: number): readonly PathChange[] | undefined {
  const levels = asLevels(room);
  const changes = levels && speechAt(levels, level);
  return changes && changes.length > 0 ? changes : undefined;
}

function asLevels(room: RoomView): JsonObject | undefined {
  return room.event("m.room.power_levels")?.content;
}

/** What has to be raised so that nothing can be said below the level. An empty answer: it is so already. */
function speechAt(levels: JsonObject, level: number): readonly PathChange[] {
  const isLower = (value: unknown) => (readLevel(value) ?? 0) < level;
  const types = Object.entries(asObject(levels["events"]) ?? {}).filter(
    ([type, value]) => isSpeech(type) && readLevel(value) !== undefined && isLower(value),
  );
  const paths = [
    ...(isLower(levels["events_default"]) ? [["events_default"]] : []),
    ...types.map(([type]) => ["events", type]),
  ];
  if (paths.length > 0 && isLower(levels["invite"])) paths.push(["invite"]);
  return paths.map((path) => raised(path, level, levels));
}

function raised(path: readonly string[], level: number, levels: JsonObject): PathChange {
  const [first, second] = path;
  const before = readLevel(second === undefined ? levels[first!] : asObject(levels[first!])?.[second]);
  return before === undefined ? { path, ours: level } : { path, ours: level, before };
}

interface WhoView extends Spares {
  readonly level: number;
  readonly levels: JsonObject;
  readonly asked: readonly PathChange[];
}

interface Speakers extends Pick<Voices, "newcomers" | "silenced" | "leftOut"> {
  readonly named: readonly UserId[];
}

/** In the order in which they are named: where there is no place for all, those go without who have been silent for long. */
function whoSpeaks(room: RoomView, members: ReadonlySet<UserId>, view: WhoView): Speakers {
  const { world, at, level } = view;
  const coldDay = dayOf(at) - coldDays;
  const by: Readonly<Record<Acquaintance, UserId[]>> = {
    sure: [],
    lately: [],
    earlier: [],
    before: [],
    newcomer: [],
    nobody: [],
  };
  let isCold = true;
  for (const user of world.members.membersOf(room.id, ["join"])) {
    const own = room.power.of(user);
    // A level of their own below the usual one is a mute.
    if (own >= level || own < room.power.usualLevel) continue;
    if ((world.regulars.get(user)?.firstDay ?? Infinity) <= coldDay) isCold = false;
    by[acquaintanceOf(user, room.id, { ...view, isMember: members.has(user) })].push(user);
  }
  const needed = [...by.sure, ...by.lately];
  const wanted = [...needed, ...by.earlier, ...(isCold ? by.before : [])];
  const named = wanted.slice(0, placeFor(wanted, view));
  const leftOut = needed.slice(named.length);
  const unknown = isCold ? wanted.slice(Math.max(named.length, needed.length)) : [];
  const silenced = [...by.newcomer, ...leftOut, ...unknown];
  return { named, newcomers: by.newcomer, silenced, leftOut: leftOut.length };
}

/** `before`: they were here before us, and were not heard since. `nobody`: of the threat, or silent since they came. */
type Acquaintance = "sure" | "lately" | "earlier" | "before" | "newcomer" | "nobody";

function acquaintanceOf(
  user: UserId,
  room: RoomId,
  { world, at, isSpared, isMember }: Spares & { readonly isMember: boolean },
): Acquaintance {
  if (isSpared(user)) return "sure";
  const spoke = world.regulars.get(user);
  const today = dayOf(at);
  const isKnown = spoke && !isMember && spoke.firstDay < today && spoke.lastDay >= today - spokeWithinDays;
  if (spoke && (isKnown || world.regulars.isRegular(user, at)))
    return spoke.lastDay >= today - silentDays ? "lately" : "earlier";
  if (isMember) return "nobody";
  if (!world.stored.arrivals.get(room, user)) return "before";
  return spoke || isNewcomer({ room, user, at }, newcomerHours, world) ? "newcomer" : "nobody";
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

function placeFor(users: readonly UserId[], { levels, asked, level }: WhoView): number {
  let left = mostBytes - bytesOf(levels) - bytesOf(asked.map(asEntry)) - '"users":{},'.length;
  const each = String(level).length + '"":,'.length;
  for (const [i, user] of users.entries()) {
    left -= Buffer.byteLength(JSON.stringify(user)) - 2 + each;
    if (left < 0 || i === mostNames) return i;
  }
  return users.length;
}

function asEntry({ path, ours }: PathChange): readonly [string, unknown] {
  return [path.at(-1) ?? "", ours];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
