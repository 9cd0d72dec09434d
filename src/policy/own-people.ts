/** Our own people, whom no rule may hit (Tyr itself and the moderators), who else is left alone, and the rooms that are ours to moderate. */
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

/** Whether nothing is ever done to the person: Tyr itself, the moderators, and who is exempt. */
export function isLeftAlone(
  user: UserId,
  {
    world,
    rulesInForce,
  }: { readonly world: WorldView; readonly rulesInForce: { exemptionOf(user: UserId): unknown } },
): boolean {
  return user === world.self || world.isSpared(user) || rulesInForce.exemptionOf(user) !== undefined;
}

/** Which of our rooms it is, in words for moderators; undefined for a room that is none of ours. */
export function roomOfOurs(room: RoomId, { settings }: Pick<WorldView, "settings">): string | undefined {
  if (room === settings.managementRoom) return "the management room";
  if (settings.lists.some((list) => list.room === room)) return "a list that I watch";
  if (settings.spaces.has(room)) return "a space that I follow";
  return settings.rooms.has(room) ? "a protected room" : undefined;
}
