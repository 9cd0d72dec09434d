/** What has to be done to remove what somebody wrote: redact what we saw ourselves, search for the rest. */
import type { Action } from "../model/actions/action.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

export interface Cleaning {
  readonly user: UserId;
  readonly rooms: readonly RoomId[];
  /** Newest events in a room that are removed at most. */
  readonly limit: number;
  readonly reason: string;
  /** Search even where we believe to have seen everything: a person asked. */
  readonly isThorough?: boolean;
}

export function cleaningOf(
  { user, rooms, limit, reason, isThorough = false }: Cleaning,
  world: WorldView,
): readonly Action[] {
  const known = rooms.flatMap((room) =>
    world.history
      .eventsOf(user, room)
      .slice(0, limit)
      .map((event): Action => ({ kind: "redact", room, event, user, reason })),
  );
  const unseen = rooms.filter((room) => isThorough || !world.history.isComplete(user, room));
  if (unseen.length === 0) return known;
  if (world.isServerAdmin)
    return [...known, { kind: "redact-by-server", user, rooms: unseen, limit, reason }];
  return [...known, ...unseen.map((room): Action => ({ kind: "search-history", room, user, limit, reason }))];
}
