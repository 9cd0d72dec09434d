/** The people whom an argument names, and the protected rooms they are in. */
import { compileGlob } from "../../kit/glob.ts";
import { code, count, say, type Say } from "../../kit/say.ts";
import { bridgeOfBot } from "../../model/bridges.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { roomsWithin } from "../../model/settings/holders.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import type { ArgumentValues, CommandContext, Entity } from "../define.ts";

/** A person and a protected room they are in. */
export interface PersonInRoom {
  readonly room: RoomId;
  readonly user: UserId;
}

/** A person by id, or all known people who match a glob, without Tyr itself and the bots of bridges. */
export function peopleMeant(who: Entity, world: WorldView): readonly UserId[] {
  if (!who.isGlob) return [who.text as UserId];
  const glob = compileGlob(who.text, { ignoreCase: true });
  return [...world.members.users()].filter(
    (user) => glob.matches(user) && user !== world.self && !bridgeOfBot(user, world.settings),
  );
}

export interface Places {
  readonly there: readonly PersonInRoom[];
  /** How many people match and are in the rooms, but are left out as moderators or exempt. */
  readonly spared: number;
}

/**
 * The same people with the protected rooms they are in; `room`: only there. Whom a glob matches and nothing is done to
 * (moderators, exempt people) is left out; a person who is named is not, so that the guard says why.
 */
export function placesOf(
  who: Entity,
  { room, context }: { room: ArgumentValues["room"] | undefined; context: CommandContext },
): Places {
  const { world } = context;
  const rooms = roomsMeant(room, world);
  const all = peopleMeant(who, world).flatMap((user) =>
    world
      .protectedRoomsOf(user)
      .filter((id) => rooms?.has(id) ?? true)
      .map((id) => ({ room: id, user })),
  );
  const there = all.filter(({ user }) => !who.isGlob || !isLeftAlone(user, context));
  return { there, spared: peopleIn(all) - peopleIn(there) };
}

function peopleIn(places: readonly PersonInRoom[]): number {
  return new Set(places.map(({ user }) => user)).size;
}

/** "; 2 people are spared"; empty where none are. */
export function sparedNote(spared: number): Say | "" {
  if (spared === 0) return "";
  return say`; ${count(spared, "person", "people")} ${spared === 1 ? "is spared, as a moderator" : "are spared, as moderators"} or exempt`;
}

/** The rooms that a command is for: the one named, a space with all its rooms, or undefined for all protected rooms. */
export function roomsMeant(
  room: ArgumentValues["room"] | undefined,
  { settings }: Pick<WorldView, "settings">,
): ReadonlySet<RoomId> | undefined {
  return room && roomsWithin(room.id, settings);
}

export function notProtected(room: ArgumentValues["room"] | undefined, world: WorldView): Say | undefined {
  return room && !world.isProtected(room.id) ? say`${code(room.text)} is not a protected room` : undefined;
}

export function nobodyThere(
  who: Entity,
  { room, spared }: { room: ArgumentValues["room"] | undefined; spared: number },
): Say {
  const where = room ? code(room.text) : "a protected room";
  if (spared > 0)
    return say`nobody whom I may touch matches ${code(who.text)} in ${where}${sparedNote(spared)}`;
  return who.isGlob
    ? say`nobody who matches ${code(who.text)} is in ${where}`
    : say`${code(who.text)} is not in ${where}`;
}

/** Why a command with a glob waits for a yes; undefined for a single person. */
export function globNeedsYes(who: Entity): Say | undefined {
  return who.isGlob ? say`${code(who.text)} is a glob, and may match more than you think of` : undefined;
}
