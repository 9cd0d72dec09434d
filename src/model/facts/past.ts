/** Facts that are told from what is remembered: how somebody came, what they wrote before. */
import { asObject } from "../../kit/json.ts";
import { parseEventId, serverOf } from "../ids.ts";
import { timeBetween } from "../time-between.ts";
import type { FactValue } from "./fact.ts";
import type { Source } from "./source.ts";

/** From the message to its edit, in ms. */
export function editAfter({ sighting: { world, room, user, event, at } }: Source): number | undefined {
  const edited = parseEventId(asObject(event.content["m.relates_to"])?.["event_id"]);
  const before = edited && world.recentEvents.timesOf(user, room, edited);
  return before && timeBetween(before, { at, sentAt: event.sentAt });
}

export function delay({ sighting: { world, room, user } }: Source): number | undefined {
  return world.stored.arrivals.get(room, user)?.delayMs;
}

/** Negative, where the clock was set back, is as new as can be. */
export function serverAge({ sighting: { world, user, at } }: Source): number | undefined {
  const since = world.stored.servers.since(serverOf(user));
  return since === undefined ? undefined : Math.max(0, at - since);
}

/** What the inviter is today counts: who was a stranger then may be one of the staff by now. */
export function invitedBy({ sighting: { world, room, user, at } }: Source): FactValue | undefined {
  const by = world.stored.arrivals.get(room, user)?.by;
  if (by === undefined || by === "unknown") return undefined;
  if (by === "nobody") return by;
  const isStaff = by === world.self || world.isSpared(by) || world.rooms.get(room)?.power.isAboveUsual(by);
  if (isStaff === true) return "staff";
  return world.regulars.isRegular(by, at) ? "regular" : "somebody";
}
