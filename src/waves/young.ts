/**
 * Whom the recogniser looks at: people who came lately, or have hardly spoken, and whom nobody with a level let in. It never
 * looks at regulars, at anybody who was here before us, at staff, or at ghosts of a bridge.
 */
import type { UserId } from "../model/ids.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import type { WorldView } from "../model/world/view.ts";

/** Whoever has spoken on more days is known here, regular or not. */
const daysYoung = 2;

export interface YoungView {
  readonly world: WorldView;
  /** Nothing is ever done to them. */
  readonly isLeftAlone: (user: UserId) => boolean;
}

export type Person = Pick<EventSighting, "user" | "room" | "at">;

/** The one test that everybody's events cost. */
export function isKnownSpeaker({ user, at }: Person, { world: { regulars } }: YoungView): boolean {
  const record = regulars.get(user);
  return record !== undefined && (record.days > daysYoung || regulars.isRegular(user, at));
}

/** Asked once, when an account is first seen. */
export function isYoung(person: Person, view: YoungView): boolean {
  const { user, room } = person;
  const { world, isLeftAlone } = view;
  if (isLeftAlone(user) || hasLevel(user, room, view)) return false;
  const by = world.stored.arrivals.get(room, user)?.by;
  if (by !== undefined && by !== "nobody" && by !== "unknown") {
    if (by === world.self || isLeftAlone(by) || hasLevel(by, room, view)) return false;
  }
  // Of who was there before us it is not known when they came.
  return world.protectedRoomsOf(user).every((one) => (world.members.get(one, user)?.since ?? 0) > 0);
}

export function hasLevel(user: UserId, room: Person["room"], { world }: YoungView): boolean {
  return world.rooms.get(room)?.power.isAboveUsual(user) === true;
}
