/** What is ours: the people whom a rule must never hit (Tyr itself and the moderators), and the rooms we look after. */
import { compileGlob } from "../kit/glob.ts";
import { serverOf, type RoomId, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

/** The first of Tyr and the moderators whom the entity (literal or glob, of a user or server) matches. */
export function hitAmongUs(entity: string, world: WorldView): UserId | undefined {
  const glob = compileGlob(entity, { ignoreCase: true });
  for (const user of [world.self, ...world.spared()]) {
    if (glob.matches(user) || glob.matches(serverOf(user))) return user;
  }
  return undefined;
}

/** What the room is to us, in words; undefined where it is nothing. */
export function roomOfOurs(room: RoomId, { settings }: Pick<WorldView, "settings">): string | undefined {
  if (room === settings.managementRoom) return "the management room";
  if (settings.lists.some((list) => list.room === room)) return "a list that I watch";
  if (settings.spaces.has(room)) return "a space that I follow";
  return settings.rooms.has(room) ? "a protected room" : undefined;
}
