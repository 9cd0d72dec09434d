/** Removing what somebody wrote: what we saw ourselves at once, the rest after a search of the room's history. */
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world.ts";

export interface Cleaning {
  readonly user: UserId;
  readonly rooms: readonly RoomId[];
  /** Newest events a room that are searched for. */
  readonly limit: number;
  readonly reason: string;
  readonly because: Cause;
}

/** Redactions of the person's events that we know of, and a search where we may not know all. */
export function clean(
  { user, rooms, limit, reason, because }: Cleaning,
  { world, at }: { world: WorldView; at: number },
): readonly Decision[] {
  const known = rooms.flatMap((room) => {
    const events = world.history.eventsOf(user, room).slice(0, limit);
    return events.map((event) => redaction({ room, event, user, reason, because }, at));
  });
  const unseen = rooms.filter((room) => !world.history.isComplete(user, room));
  if (unseen.length === 0) return known;
  if (world.isServerAdmin) {
    return [
      ...known,
      decide({ kind: "redact-by-server", user, rooms: unseen, limit, reason }, because, {
        at,
        replaces: unseen.join(" "),
      }),
    ];
  }
  const searches = unseen.map((room) =>
    decide({ kind: "search-history", room, user, limit, reason }, because, { at, replaces: "" }),
  );
  return [...known, ...searches];
}

/** The answer of a search: each event found, for the reason the search was made. */
export function cleanFound(search: Decision, events: readonly EventId[], at: number): readonly Decision[] {
  const { action, because } = search;
  if (action.kind !== "search-history") return [];
  const { room, user, reason } = action;
  return events.map((event) => redaction({ room, event, user, reason, because }, at));
}

function redaction(
  {
    room,
    event,
    user,
    reason,
    because,
  }: { room: RoomId; event: EventId; user: UserId; reason: string; because: Cause },
  at: number,
): Decision {
  return decide({ kind: "redact", room, event, user, reason }, because, { at, replaces: "" });
}
