/** How the messages of a person are removed: those that we remember are redacted, the others searched for. */
import type { Action } from "../model/actions/action.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

export interface Cleaning {
  readonly user: UserId;
  readonly rooms: readonly RoomId[];
  /** At most so many events are removed in a room, the newest. */
  readonly limit: number;
  readonly reason: string;
  /** Only what was sent at this time or later, in ms since the epoch. */
  readonly since?: number | undefined;
  /** Search even where we remember everything that the person wrote, as a moderator asked for it. */
  readonly isThorough?: boolean;
}

export function cleaningOf(
  { user, rooms, limit, reason, since, isThorough = false }: Cleaning,
  world: WorldView,
): readonly Action[] {
  const known = rooms.flatMap((room) =>
    world.recentEvents
      .eventsOf(user, room, since)
      .slice(0, limit)
      .map((event): Action => ({ kind: "redact", room, event, user, reason })),
  );
  const unseen = rooms.filter((room) => isThorough || !world.recentEvents.isComplete(user, room));
  if (unseen.length === 0) return known;
  // The homeserver's own redaction knows no time.
  if (world.isServerAdmin && since === undefined)
    return [...known, { kind: "redact-by-server", user, rooms: unseen, limit, reason }];
  return [
    ...known,
    ...unseen.map((room): Action => ({
      kind: "search-history",
      room,
      user,
      limit,
      reason,
      ...(since === undefined ? {} : { since }),
    })),
  ];
}
