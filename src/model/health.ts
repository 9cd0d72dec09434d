/** How Tyr itself is doing, for `status` and the first message. Filled by `bot/bot.ts`. */
import type { Say } from "../kit/say.ts";

export interface Health {
  readonly startedAt: number;
  /** What this run does not do, in a sentence; undefined for one like any other. */
  readonly restriction?: Say | undefined;
  /** Acts waiting or under way. */
  readonly pending: number;
  /** The homeserver has asked us to write nothing for so long. */
  readonly pauseLeftMs: number;
  /** Until all that waits is done, where the homeserver's rate limit is what it waits for. */
  readonly expectedMs: number | undefined;
  /** The last sync failed, in words; undefined while all is well. */
  readonly syncTrouble: string | undefined;
  /** Our account is locked or suspended, in the homeserver's words; undefined while it is free. */
  readonly accountTrouble: string | undefined;
  /** Why the data folder cannot be written, in words; undefined while it can. */
  readonly diskTrouble: string | undefined;
  /** Rooms and lists that are wanted and lead nowhere yet. */
  readonly lost: readonly Say[];
  /** Server ACL entries that lists ask for and that are not written, with the reason. */
  readonly aclRefused: readonly { readonly entity: string; readonly why: string }[];
  readonly aclLeftOut: readonly string[];
  /** Globs without a single fixed pair of letters, beyond the number that can be applied without slowing everything. */
  readonly rulesNotApplied: number;
}

/** How a run is getting on. */
export interface Pulse {
  /** Everything was read and judged once; from here on rooms are watched. */
  readonly isCaughtUp: boolean;
  /** Milliseconds since the sync loop last went round, whatever came of it; undefined before its first time. */
  readonly quietForMs: number | undefined;
  /** The last sync failed. */
  readonly isUnanswered: boolean;
  /** Our account is locked or suspended. */
  readonly isLocked: boolean;
  /** The data folder cannot be written. */
  readonly isDiskInTrouble: boolean;
}

/** What moderators are told of the data folder: it cannot be written, or it can be again and so many entries are lost. */
export type DiskNews =
  { readonly kind: "began"; readonly reason: string } | { readonly kind: "over"; readonly lost: number };
