/**
 * Trying a protection on the past: what is read for it, how it is done in small steps, and what comes of it. Nothing of it
 * is kept but the report.
 */
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { Membership } from "./event.ts";
import type { RoomId } from "./ids.ts";
import type { Seen } from "./observation.ts";
import type { TrialReport } from "./trial-report.ts";

/** Events of one request: more would make a homeserver slow for others. */
export const eventsOfPage = 100;
/** Reading ends after so many requests, and so long: a moderator waits, and the homeserver has other work. */
export const mostPages = 500;
export const longestReadMs = 5 * minuteMs;
/** So many events and bytes of them are held in memory at most. */
export const mostEvents = 50_000;
export const mostBytes = 64 * 1024 * 1024;
/** The first days only tell who is who: what they hold is not counted as found. */
export const warmUpMs = 3 * dayMs;
/** A try goes back no further. */
export const longestTryMs = 90 * dayMs;

/** An event of the past, as a page of `/messages` tells it. */
export interface PastEvent {
  readonly seen: Extract<Seen, { readonly kind: "message" | "state" }>;
  /** Its content was taken away. */
  readonly isRedacted: boolean;
  /** It was taken away, and is as it was kept when that was done. */
  readonly wasKept?: true;
  /** Of a membership: what the person was before it; undefined where the server does not tell. */
  readonly before: Membership | undefined;
}

/** One try, as the act that reads for it drives it. All of it is quick, and nothing waits. */
export interface Trial {
  /** Somebody has ended it. */
  readonly isCalledOff: () => boolean;
  /** No more is held in memory. */
  readonly isFull: () => boolean;
  /** A page of the past of a room, newest first. */
  readonly take: (room: RoomId, page: readonly PastEvent[]) => void;
  readonly cannotRead: (room: RoomId, why: string) => void;
  /** Everything from `from` on was read, in ms since the epoch. `isWhole`: there is nothing before what was read. */
  readonly wasRead: (from: number, isWhole: boolean) => void;
  /** Works off a few events, or as much of something else; false when all is done. */
  readonly work: () => boolean;
  readonly report: () => TrialReport;
}
