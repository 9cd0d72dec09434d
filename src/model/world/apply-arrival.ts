/** How people come to rooms: by whose invitation, when, from which server. What we did not see as it happened is not known. */
import type { MemberEntry, Membership } from "../event.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../ids.ts";
import type { Stamped } from "../time-between.ts";
import { noteJoinActivity } from "./apply-activity.ts";
import type { Beliefs } from "./beliefs.ts";

export interface HowCome {
  /** Their membership until now. */
  readonly before: Membership;
  /** The event came as a change, and not as part of what the room is. */
  readonly live: Stamped | undefined;
  /** When they came to have this membership, in ms; undefined where they were there before us. */
  readonly since: number | undefined;
}

export function noteArrival(
  beliefs: Beliefs,
  room: RoomId,
  { user, membership, sender }: MemberEntry,
  how: HowCome,
): void {
  const { arrivals } = beliefs.stored;
  if (!beliefs.isProtected(room)) return;
  switch (membership) {
    case "invite":
      return arrivals.invited(room, user, sender);
    case "join":
      return how.before === "join" ? undefined : noteJoin(beliefs, room, user, how);
    case "knock":
      return noteServer(beliefs, user, how);
    case "leave":
    case "ban":
      return arrivals.forget(room, user);
  }
}

function noteJoin(beliefs: Beliefs, room: RoomId, user: UserId, how: HowCome): void {
  const { membersKnown, time, stored } = beliefs;
  const { live, before } = how;
  noteServer(beliefs, user, how);
  if (!live || !membersKnown.has(room)) return stored.arrivals.forget(room, user);
  noteJoinActivity(beliefs, room, live.at);
  // In a gap there may have been an invitation, or a join before this one.
  if (time.isAfterGap(room, live.at)) stored.arrivals.forget(room, user);
  else stored.arrivals.joined(room, user, { ...live, wasInvited: before === "invite" });
}

function noteServer(beliefs: Beliefs, user: UserId, { since }: HowCome): void {
  const { servers } = beliefs.stored;
  const server = serverOf(user);
  if (since === undefined) servers.wasThere(server);
  else servers.came(server, { at: since, isNew: () => !hasPeople(beliefs, server) });
}

/** Of a server with very many people we know, some are taken to be here. */
const mostLooked = 100;

function hasPeople({ members }: Beliefs, server: ServerName): boolean {
  let looked = 0;
  for (const user of members.usersOfServer(server))
    if (++looked > mostLooked || members.roomsOf(user, ["join", "knock"]).length > 0) return true;
  return false;
}
