/** Facts about an author that are told from what is remembered of them, and of the staff. */
import { dayMs } from "../../kit/duration.ts";
import { asObject } from "../../kit/json.ts";
import { nameIn } from "../event.ts";
import { parseEventId, type EventId, type UserId } from "../ids.ts";
import type { EventSighting, SightedWorld } from "../signals/sighting.ts";
import type { SaidEvent } from "../spoken.ts";
import type { Source } from "./source.ts";

export function spoken({ sighting }: Source): number | undefined {
  return sighting.world.stored.spoken.before(saidIn(sighting), replacedBy(sighting));
}

export function spokenAnywhere({ sighting }: Source): number | undefined {
  const { world, user } = sighting;
  const rooms = world.protectedRoomsOf(user);
  return world.stored.spoken.beforeAnywhere(saidIn(sighting), rooms, replacedBy(sighting));
}

function saidIn({ room, user, event: { eventId } }: EventSighting): SaidEvent {
  return { room, user, event: eventId };
}

/** Of an edit, the message that it changes. */
function replacedBy({ event: { content } }: EventSighting): EventId | undefined {
  const relation = asObject(content["m.relates_to"]);
  return relation?.["rel_type"] === "m.replace" ? parseEventId(relation["event_id"]) : undefined;
}

export function offences({ sighting: { world, user, at } }: Source): number {
  return world.stored.offences.timesFound(user, { at, withinMs: dayMs });
}

/** Nobody of the staff imitates another. */
export function imitates({ sighting: { world, room, user, event } }: Source): boolean {
  const isStaff = (one: UserId) =>
    world.rooms.get(room)?.power.isAboveUsual(one) === true || isStaffSomewhere(one, world);
  return !isStaff(user) && world.stored.names.isImitation(user, nameIn(event.content), isStaff);
}

/** Asked of those alone whose names look the same. */
function isStaffSomewhere(user: UserId, world: SightedWorld): boolean {
  if (user === world.self || world.isSpared(user)) return true;
  return world.protectedRoomsOf(user).some((room) => world.rooms.get(room)?.power.isAboveUsual(user));
}
