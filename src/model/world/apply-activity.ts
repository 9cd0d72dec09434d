/** What happens in a room, counted: for how busy it is now, and for what is usual there. */
import { minuteMs } from "../../kit/duration.ts";
import type { RoomEvent } from "../event.ts";
import type { RoomId } from "../ids.ts";
import type { Beliefs } from "./beliefs.ts";

/** What reaches us at once after a longer pause did not happen in the last minute, or hour. */
const longestPauseMs = minuteMs;
const longestPauseForJoinsMs = 10 * minuteMs;

/** `late`: read to fill a gap. It belongs to about this hour, and not to this minute. */
export function noteMessageActivity(
  { stored: { usual }, pace, time }: Beliefs,
  room: RoomId,
  event: RoomEvent,
  { at, late }: { readonly at: number; readonly late: boolean },
): void {
  usual.note(room, "messages", at);
  const pauseMs = time.sinceSyncMs(at);
  if (late || pauseMs === Infinity) return;
  pace.noteDelay(room, event, at);
  if (pauseMs <= longestPauseMs) pace.noteMessage(room, at);
}

export function noteJoinActivity({ stored: { usual }, pace, time }: Beliefs, room: RoomId, at: number): void {
  usual.note(room, "joins", at);
  if (time.sinceSyncMs(at) <= longestPauseForJoinsMs) pace.noteJoin(room, at);
}

/** At the end of a sync: hours that are over are written down. */
export function noteHours({ stored: { usual }, time }: Beliefs, at: number): void {
  usual.closeHours(at, { since: time.watchedSince });
}
