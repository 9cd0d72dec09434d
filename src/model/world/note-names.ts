/** What people are called: noted of whoever is in a protected room or of the staff, as membership events tell it. */
import type { MemberEntry } from "../event.ts";
import type { RoomId, UserId } from "../ids.ts";
import { present } from "../member-record.ts";
import type { Beliefs } from "./beliefs.ts";

/** A room may give a thousand people a level of their own; the staff is fewer. */
const mostNamed = 256;

export function noteName(
  beliefs: Beliefs,
  room: RoomId,
  { user, membership, display, avatar }: MemberEntry,
  { isNews }: { readonly isNews: boolean },
): void {
  const { members, stored } = beliefs;
  const name = { ...(display ? { display } : {}), ...(avatar ? { avatar } : {}) };
  if (membership === "join")
    stored.names.note(user, name, { isStaff: isOfStaff(beliefs, room, user), isNews });
  else if (members.roomsOf(user, present).length === 0) stored.names.forget(user);
}

/** Those whom the room gives power, whatever they are called. */
export function noteNamesOfStaff(beliefs: Beliefs, room: RoomId): void {
  for (const user of staffOf(beliefs, room)) beliefs.stored.names.becameStaff(user);
}

/** Ourselves, and whom the room gives power. */
export function staffOf({ rooms, self }: Beliefs, room: RoomId): readonly UserId[] {
  const power = rooms.get(room)?.power;
  const named = power?.named().filter((user) => power.isAboveUsual(user)) ?? [];
  return [self, ...named.slice(0, mostNamed)];
}

/** Ourselves, whoever is in the management room, and who has more power than others in the room. */
export function isOfStaff({ self, settings, members, rooms }: Beliefs, room: RoomId, user: UserId): boolean {
  const { managementRoom } = settings;
  if (user === self || room === managementRoom) return true;
  if (managementRoom !== undefined && members.membershipOf(managementRoom, user) === "join") return true;
  return rooms.get(room)?.power.isAboveUsual(user) === true;
}
