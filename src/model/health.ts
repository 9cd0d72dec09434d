/** The health of a run of Tyr: for moderators (`Health`) and for probes (`Pulse`). Both are made by `bot/own-health.ts`. */
import type { Say } from "../kit/say.ts";
import type { Decision } from "./decision.ts";

export interface Health {
  readonly startedAt: number;
  /** What this run does not do (as a dry run), in a sentence; undefined for an ordinary one. */
  readonly restriction?: Say | undefined;
  /** Acts waiting or under way. */
  readonly pending: number;
  /** Which they are. */
  readonly atWork: () => AtWork;
  /** Ms for which the homeserver has asked us to write nothing. */
  readonly pauseLeftMs: number;
  /** Ms until all waiting acts are done; undefined where no rate limit delays them. */
  readonly expectedMs: number | undefined;
  /** Ms between two writes when a rate limit last delayed them; undefined where none has in this run. */
  readonly limitedEveryMs?: number | undefined;
  /** The last sync failed, in words; undefined while all is well. */
  readonly syncTrouble: string | undefined;
  /** Our account is locked or suspended, in the homeserver's words; undefined while it is free. */
  readonly accountTrouble: string | undefined;
  /** Why the data folder cannot be written, in words; undefined while it can. */
  readonly diskTrouble: string | undefined;
  /** Why what was removed cannot be kept or read, in words; undefined while all is well. */
  readonly stashTrouble?: string | undefined;
  readonly encryption: EncryptionHealth;
  /** Configured rooms and lists that could not be found yet, in words. */
  readonly lost: readonly Say[];
  readonly acls: AclHealth;
  readonly unused: {
    /** Globs without a single fixed pair of letters, beyond the number that can be applied without slowing everything. */
    readonly rules: number;
    /** By name: why a protection of the room cannot be used, such as a list of it that is gone. */
    readonly protections: ReadonlyMap<string, string>;
  };
}

export interface AclHealth {
  /** Entries that lists ask for and that are not written, or only in part, with the reason. */
  readonly refused: readonly {
    readonly entity: string;
    readonly why: string;
    readonly isInPart?: boolean;
  }[];
  /** Servers for which there was no room. */
  readonly leftOut: readonly string[];
  /** Ms until server rules that have come are written; undefined where none wait. */
  readonly dueMs?: number | undefined;
}

/** How it stands with reading and writing in encrypted rooms. */
export type EncryptionHealth =
  /** No room needs it. */
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  /** `fingerprint`: our device's ed25519 key, as clients show it. */
  | {
      readonly kind: "on";
      readonly device: string;
      readonly fingerprint: string;
      /** What of it does not work, in a sentence or two. */
      readonly trouble?: string;
      /** Why keys that others gave us cannot be written to the disk, in words. */
      readonly notKept?: string;
    }
  /** A sentence or two: what is wrong, and what to do. */
  | { readonly kind: "off"; readonly why: string };

export interface AtWork {
  /** In the queues. */
  readonly waiting: readonly Decision[];
  /** Being performed. */
  readonly underWay: readonly Decision[];
}

/** What probes can ask. */
export interface Pulse {
  /** Everything was read and judged once; from here on rooms are watched. */
  readonly isCaughtUp: boolean;
  /** Milliseconds since the last sync request ended, well or badly; undefined before the first. */
  readonly quietForMs: number | undefined;
  /** The last sync failed. */
  readonly isUnanswered: boolean;
  /** Our account is locked or suspended. */
  readonly isLocked: boolean;
  /** The data folder cannot be written, or the keys in it. */
  readonly isDiskInTrouble: boolean;
}

/** What moderators are told of the data folder: it cannot be written, or it can be again and so many entries are lost. */
export type DiskNews =
  { readonly kind: "began"; readonly reason: string } | { readonly kind: "over"; readonly lost: number };
