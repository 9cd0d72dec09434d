/** How people come to rooms: by whose invitation, and when. What we did not see as it happened is not known. */
import type { MemberEntry, Membership } from "../event.ts";
import type { RoomId } from "../ids.ts";
import type { Stamped } from "../time-between.ts";
import { noteJoinActivity } from "./apply-activity.ts";
import type { Beliefs } from "./beliefs.ts";

/** `live`: the event came as a change, and not as part of what the room is. `before`: their membership until now. */
export function noteArrival(
  beliefs: Beliefs,
  room: RoomId,
  { user, membership, sender }: MemberEntry,
  { before, live }: { readonly before: Membership; readonly live: Stamped | undefined },
): void {
  const { membersKnown, time } = beliefs;
  const { arrivals } = beliefs.stored;
  if (!beliefs.isProtected(room)) return;
  switch (membership) {
    case "invite":
      return arrivals.invited(room, user, sender);
    case "join":
      if (before === "join") return;
      if (live) noteJoinActivity(beliefs, room, live.at);
      // In a gap there may have been an invitation, or a join before this one.
      return live && membersKnown.has(room) && !time.isAfterGap(room, live.at)
        ? arrivals.joined(room, user, { ...live, wasInvited: before === "invite" })
        : arrivals.forget(room, user);
    case "knock":
      return;
    case "leave":
    case "ban":
      return arrivals.forget(room, user);
  }
}
