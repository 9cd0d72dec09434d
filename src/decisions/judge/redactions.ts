/** Redactions that belong to a ban, and the redactions and quarantines that follow from a search. */
import { decide, type Decision } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import type { WorldView } from "../../model/world/view.ts";
import { cleaningOf } from "../../policy/redactions.ts";

/** Adds redactions for every ban that asks for them, from wherever it comes. All rooms of one person are treated together. */
export function withCleaning(
  decisions: readonly Decision[],
  { world, limit, at }: { world: WorldView; limit: number; at: number },
): readonly Decision[] {
  const bans = new Map<string, { ban: Decision; user: UserId; reason: string; rooms: RoomId[] }>();
  for (const ban of decisions) {
    const { action } = ban;
    if (action.kind !== "ban" || !action.redacts) continue;
    const { user, reason, room } = action;
    const known = bans.get(user) ?? { ban, user, reason, rooms: [] };
    known.rooms.push(room);
    bans.set(user, known);
  }
  const redactions = [...bans.values()].flatMap(({ ban, ...about }) =>
    cleaningOf({ ...about, limit }, world).map((action) => decide(action, ban.because, { at, replaces: "" })),
  );
  return redactions.length === 0 ? decisions : [...decisions, ...redactions];
}

/** Redacts each event that a search found, for the reason of the search: it is decided with the search. */
export function cleanFound(search: Decision, events: readonly EventId[]): readonly Decision[] {
  const { action, because, at } = search;
  if (action.kind !== "search-history") return [];
  const { room, user, reason } = action;
  return events.map((event) =>
    decide({ kind: "redact", room, event, user, reason }, because, { at, replaces: "" }),
  );
}

/** Quarantines each file that a search found, for the reason of the search: it is decided with the search. */
export function quarantineFound(
  search: Decision,
  media: Extract<Observation, { kind: "media-found" }>["media"],
): readonly Decision[] {
  const { action, because, at } = search;
  if (action.kind !== "find-media") return [];
  const { reason } = action;
  return media.map(({ uri, user }) =>
    decide({ kind: "quarantine-media", media: uri, user, reason }, because, { at, replaces: "" }),
  );
}
