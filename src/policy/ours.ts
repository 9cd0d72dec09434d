/** Whether a rule would hit those it must never hit: Tyr itself and the moderators. */
import { compileGlob } from "../kit/glob.ts";
import { serverOf, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world.ts";

/** The first of Tyr and the moderators whom the entity (literal or glob, of a user or server) matches. */
export function hitAmongUs(entity: string, world: WorldView): UserId | undefined {
  const glob = compileGlob(entity, { ignoreCase: true });
  for (const user of [world.self, ...world.spared()]) {
    if (glob.matches(user) || glob.matches(serverOf(user))) return user;
  }
  return undefined;
}
