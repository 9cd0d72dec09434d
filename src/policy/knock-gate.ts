/**
 * The knock gate: at which rooms it answers, and which of those who ask to be let in pass by themselves, as they are known
 * here. Everybody else waits for a moderator. It only looks.
 */
import { dayMs, describeDay, minuteMs } from "../kit/duration.ts";
import { code, say, type Say } from "../kit/say.ts";
import type { Contained } from "../model/containments.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import { roomNamed } from "../model/named.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { Wave } from "../model/waves.ts";
import type { WorldView } from "../model/world/view.ts";
import { canKnock } from "./join-rule.ts";
import { isLeftAlone } from "./own-people.ts";
import type { RulesInForce } from "./rules-in-force.ts";

/** Under this name what the gate does by itself is told, journalled and taken back: a day of a room together. */
export const knockGate = "knock-gate";

export interface KnockLimits {
  /** Whoever is in another protected room for so many days passes. */
  readonly knownAfterDays: number;
  /** Whoever left by themselves may come back within so many days. */
  readonly backWithinDays: number;
}

export interface KnockView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly limits: KnockLimits;
  /** Whether members of a wave that does harm are refused without a moderator's word. */
  readonly refusesWaves: boolean;
  /** Ms since the epoch. */
  readonly at: number;
}

export type KnockVerdict =
  | { readonly is: "passes"; readonly why: Say }
  /** A list bans them, which is done as for anybody. */
  | { readonly is: "listed" }
  /** They belong to a wave that does harm. */
  | { readonly is: "refused"; readonly wave: Wave }
  /** `note`: what a moderator should know of them. */
  | { readonly is: "waits"; readonly note?: Say };

/** A person whom nobody has to ask for may be in so many rooms; who is in more is looked at in the first of them. */
const mostRooms = 64;

/** Whether knocks at the room are answered: a moderator wants it so, or we closed its door for a while. */
export function isGate(id: RoomId, world: WorldView): boolean {
  const room = world.rooms.get(id);
  if (!room?.isKnown || !world.isProtected(id) || !canKnock(room)) return false;
  return world.settings.knockGates.has(id) || isClosedByUs(world.stored.containments.get(id, "join-rule"));
}

/** All of them. */
export function gatesOf(world: WorldView): ReadonlySet<RoomId> {
  const closed = world.stored.containments.standing().filter(isClosedByUs);
  const ids = [...world.settings.knockGates.keys(), ...closed.map(({ room }) => room)];
  return new Set(ids.filter((id) => isGate(id, world)));
}

/** What we changed of the join rule stays for good: it counts as none of what closes a room for a while. */
export function isForGood({ room, key }: Pick<Contained, "room" | "key">, settings: Settings): boolean {
  return key === "join-rule" && settings.knockGates.has(room);
}

/** What is closed for a while, and is to be opened again. */
export function closedForNow({ stored, settings }: WorldView): readonly Contained[] {
  return stored.containments.standing().filter((one) => !isForGood(one, settings));
}

function isClosedByUs(one: Contained | undefined): boolean {
  return one?.key === "join-rule" && one.endedAt === undefined && one.changes.length > 0;
}

/** `room`: where they ask to be let in. */
export function verdictOnKnock(user: UserId, room: RoomId, view: KnockView): KnockVerdict {
  const { world, at } = view;
  if (isLeftAlone(user, view)) return { is: "passes", why: say`a moderator, or exempt` };
  if (view.rulesInForce.verdict(user)?.kind === "ban") return { is: "listed" };
  const wave = waveOf(user, world);
  if (wave) {
    const isHarmful = view.refusesWaves && wave.stage === "harmful" && wave.asksFirst === undefined;
    const isMeant = world.settings.waveVerdicts.get(wave.id)?.is === "clean";
    return isHarmful || isMeant ? { is: "refused", wave } : { is: "waits", note: say`looks like a wave` };
  }
  const rooms = elsewhere(user, room, world);
  const doubt = doubtAbout(user, [room, ...rooms], world);
  if (doubt) return { is: "waits", note: doubt };
  if (world.regulars.isRegular(user, at)) return { is: "passes", why: say`a regular` };
  const why = knownElsewhere(user, rooms, view) ?? wasHere(user, view);
  return why ? { is: "passes", why } : { is: "waits" };
}

/** One that goes on, and of which nobody said that its people are fine. */
function waveOf(user: UserId, { stored, settings }: WorldView): Wave | undefined {
  const member = settings.excused.has(user) ? undefined : stored.waveMembers.get(user);
  const wave = member && stored.waves.get(member.wave);
  return wave && settings.waveVerdicts.get(wave.id)?.is !== "fine" ? wave : undefined;
}

/** The other protected rooms that they are in. */
function elsewhere(user: UserId, room: RoomId, world: WorldView): readonly RoomId[] {
  return world
    .protectedRoomsOf(user, ["join"])
    .filter((id) => id !== room)
    .slice(0, mostRooms);
}

/** Somebody did not want them, so that a person looks. */
function doubtAbout(user: UserId, rooms: readonly RoomId[], world: WorldView): Say | undefined {
  const muted = rooms.find((id) => world.mutes.get(id, user));
  if (muted) return say`is muted in ${nameOf(muted, world)}`;
  const banned = world.protectedRoomsOf(user, ["ban"])[0];
  if (banned) return say`is banned in ${nameOf(banned, world)}`;
  const left = world.stored.departures.get(user);
  return left?.wasRemoved
    ? say`was ${left.wasNeverIn ? "not let into" : "removed from"} ${nameOf(left.room, world)} on ${describeDay(left.at)}`
    : undefined;
}

function knownElsewhere(
  user: UserId,
  rooms: readonly RoomId[],
  { world, limits, at }: KnockView,
): Say | undefined {
  const [first] = rooms;
  if (first === undefined) return undefined;
  const spoke = world.regulars.get(user);
  if (spoke && spoke.firstDay < Math.floor(at / dayMs))
    return say`has spoken here since ${describeDay(spoke.firstDay * dayMs)}`;
  for (const id of rooms) {
    const by = world.stored.arrivals.get(id, user)?.by;
    if (by !== undefined && by !== "nobody" && by !== "unknown" && isTrusted(by, id, { world, at }))
      return say`was invited to ${nameOf(id, world)} by ${code(by)}`;
    const since = (world.members.get(id, user)?.since ?? 0) * minuteMs;
    if (since === 0) return say`was in ${nameOf(id, world)} before me`;
    if (at - since >= limits.knownAfterDays * dayMs)
      return say`is in ${nameOf(id, world)} since ${describeDay(since)}`;
  }
  return undefined;
}

/** Whose invitation vouches for somebody: a moderator, somebody with a level there, or a regular; ours says nothing. */
function isTrusted(
  by: UserId,
  room: RoomId,
  { world, at }: { readonly world: WorldView; readonly at: number },
): boolean {
  if (by === world.self) return false;
  return (
    world.isSpared(by) ||
    world.regulars.isRegular(by, at) ||
    world.rooms.get(room)?.power.isAboveUsual(by) === true
  );
}

function wasHere(user: UserId, { world, limits, at }: KnockView): Say | undefined {
  const left = world.stored.departures.get(user);
  if (!left || left.wasRemoved || Math.abs(at - left.at) > limits.backWithinDays * dayMs) return undefined;
  return say`was in ${nameOf(left.room, world)} until ${describeDay(left.at)}`;
}

function nameOf(id: RoomId, world: WorldView): Say {
  const room = world.rooms.get(id);
  return room ? roomNamed(room, world) : code(id);
}
