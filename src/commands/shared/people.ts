/** The people whom an argument names, and the protected rooms they are in. */
import { compileGlob } from "../../kit/glob.ts";
import { code, say, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { ArgumentValues, Entity } from "../define.ts";

/** A person and a protected room they are in. */
export interface PersonInRoom {
  readonly room: RoomId;
  readonly user: UserId;
}

/** A person by id, or all known people who match a glob, without Tyr itself. */
export function peopleMeant(who: Entity, world: WorldView): readonly UserId[] {
  if (!who.isGlob) return [who.text as UserId];
  const glob = compileGlob(who.text, { ignoreCase: true });
  return [...world.members.users()].filter((user) => glob.matches(user) && user !== world.self);
}

/** The same people with the protected rooms they are in; `room`: only there. */
export function placesOf(
  who: Entity,
  { room, world }: { room: ArgumentValues["room"] | undefined; world: WorldView },
): readonly PersonInRoom[] {
  return peopleMeant(who, world).flatMap((user) =>
    world
      .protectedRoomsOf(user)
      .filter((id) => !room || room.id === id)
      .map((id) => ({ room: id, user })),
  );
}

export function notProtected(room: ArgumentValues["room"] | undefined, world: WorldView): Say | undefined {
  return room && !world.isProtected(room.id) ? say`${code(room.text)} is not a protected room` : undefined;
}

export function nobodyThere(who: Entity, room: ArgumentValues["room"] | undefined): Say {
  const where = room ? code(room.text) : "a protected room";
  return who.isGlob
    ? say`nobody who matches ${code(who.text)} is in ${where}`
    : say`${code(who.text)} is not in ${where}`;
}

/** Why a command with a glob waits for a yes; undefined for a single person. */
export function globNeedsYes(who: Entity): Say | undefined {
  return who.isGlob ? say`${code(who.text)} is a glob, and may match more than you think of` : undefined;
}
