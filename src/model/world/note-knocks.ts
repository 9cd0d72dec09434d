/** How knocks at protected rooms end, and who left such a room lately, or was removed from it. */
import { dayMs, minuteMs } from "../../kit/duration.ts";
import type { MemberEntry } from "../event.ts";
import type { RoomId } from "../ids.ts";
import type { MemberRecord } from "../member-record.ts";
import type { Beliefs } from "./beliefs.ts";

/** Whoever comes and goes within this time was not here, and a raid of throw-away accounts fills no memory. */
const hereForMs = dayMs;

/** `before`: what was known of their membership until now. */
export function noteKnock(
  beliefs: Beliefs,
  room: RoomId,
  { user, membership, sender }: MemberEntry,
  { before, at }: { readonly before: MemberRecord | undefined; readonly at: number },
): void {
  if (!before || !beliefs.isProtected(room)) return;
  const { knocks, departures } = beliefs.stored;
  const isByOthers = sender !== user;
  // Who is unbanned is welcome, whatever came before.
  if (before.membership === "ban") {
    if (membership !== "ban") departures.delete(user);
    return;
  }
  if (before.membership === "knock" && membership !== "knock") {
    const isRefused = membership === "leave" && isByOthers;
    if (isRefused && knocks.get(room, user)) knocks.set({ room, user, at, state: "refused" });
    else knocks.gone(room, user);
  }
  if (membership !== "leave") return;
  const wasIn = before.membership === "join";
  const wasHere = wasIn && (before.since === 0 || isOld(before.since, at));
  // Whoever was removed from one room does not come back by leaving another; who was let in there again does.
  const last = departures.get(user);
  const isRemovedElsewhere = last?.wasRemoved === true && last.room !== room;
  if (isByOthers || (wasHere && !isRemovedElsewhere))
    departures.set(user, { room, at, wasRemoved: isByOthers, ...(wasIn ? {} : { wasNeverIn: true }) });
}

function isOld(sinceMinutes: number, at: number): boolean {
  return at - sinceMinutes * minuteMs >= hereForMs;
}
