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
  if (!before || before.membership === "ban" || !beliefs.isProtected(room)) return;
  const { knocks, departures } = beliefs.stored;
  const isByOthers = sender !== user;
  if (before.membership === "knock" && membership !== "knock") {
    const isRefused = membership === "leave" && isByOthers;
    if (isRefused && knocks.get(room, user)) knocks.set({ room, user, at, state: "refused" });
    else knocks.gone(room, user);
  }
  // Who is banned knocks no more, and who is unbanned is welcome.
  if (membership !== "leave") return;
  const wasHere = before.membership === "join" && (before.since === 0 || isOld(before.since, at));
  if (isByOthers || wasHere) departures.set(user, { room, at, wasRemoved: isByOthers });
}

function isOld(sinceMinutes: number, at: number): boolean {
  return at - sinceMinutes * minuteMs >= hereForMs;
}
