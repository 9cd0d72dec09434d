/** Whom the bans and kicks of an incident put out of which rooms, and who of them is still outside although nothing keeps them out. */
import type { RoomId, UserId } from "../model/ids.ts";
import type { Past } from "../model/past-acts.ts";
import type { WorldView } from "../model/world/view.ts";

export interface Removed {
  readonly room: RoomId;
  readonly user: UserId;
}

export interface RemovedBy {
  /** Still banned, perhaps not for long. */
  readonly banned: readonly Removed[];
  /** Neither banned nor back. */
  readonly outside: readonly Removed[];
}

/** Of rooms that are still protected, each person once a room. */
export function removedBy(
  incident: string,
  { world, past }: { readonly world: WorldView; readonly past: Pick<Past, "ofOccasion"> },
): RemovedBy {
  const removed = new Map<string, Removed>();
  for (const { decision, result } of past.ofOccasion(incident)) {
    const { action } = decision;
    if ((action.kind !== "ban" && action.kind !== "kick") || result?.kind !== "done") continue;
    const { room, user } = action;
    if (world.isProtected(room)) removed.set(`${room} ${user}`, { room, user });
  }
  const now = (is: string) =>
    [...removed.values()].filter(({ room, user }) => world.members.membershipOf(room, user) === is);
  return { banned: now("ban"), outside: now("leave") };
}
