/** What the journal can be asked on the web, and what it answers. */
import type { PastAct } from "./past-acts.ts";
import type { RoomId } from "./ids.ts";

export interface JournalQuestion {
  /** Words of reasons, commands, rules, people: all of them, the last one may be a beginning. */
  readonly text?: string | undefined;
  /** Whom or what it was done to. */
  readonly who?: string | undefined;
  /** Who said that it be done. */
  readonly by?: string | undefined;
  /** In one of these. */
  readonly rooms?: readonly RoomId[] | undefined;
  /** A kind of act: "ban". */
  readonly kind?: string | undefined;
  /** Ms since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** The newest first. */
export interface JournalFound {
  readonly acts: readonly PastAct[];
  /** There are older ones: ask again until the time of the last. */
  readonly isMore: boolean;
}

/** `slow`: it takes too long, and is not waited for; `busy`: another question is; `broken`: the journal cannot be read. */
export type JournalAnswer = JournalFound | "slow" | "busy" | "broken";
