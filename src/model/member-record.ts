/** What is kept of one person's membership of one room. */
import type { Membership } from "./event.ts";
import type { RoomId } from "./ids.ts";

export interface MemberRecord {
  readonly membership: Exclude<Membership, "leave">;
  /** A digest of the membership event's id: tells this event from the next one of this person in this room. */
  readonly stamp: number;
  /** The ban was written by our own account. */
  readonly isOurs: boolean;
  /** The list whose rule our ban enforces; undefined for every other membership. */
  readonly forList: RoomId | undefined;
  /** When the person came to have this membership here, in minutes since the epoch; 0 where that is not known. */
  readonly since: number;
}

/** The code of each membership in memory, in three bits. */
export const codes = { join: 1, invite: 2, knock: 3, ban: 4 } as const;
/** The membership of each code. */
export const names = ["leave", "join", "invite", "knock", "ban"] as const;

/** In the room, or invited, or asking to join: a ban or a kick would remove them. */
export const present: readonly Membership[] = ["join", "invite", "knock"];

export function isPresent(membership: Membership): boolean {
  return present.includes(membership);
}
