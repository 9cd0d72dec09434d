/** Removing what people wrote: one event, the search for a person's events, and the homeserver's own redaction of a person. */
import type { EventId, RoomId, UserId } from "../ids.ts";
import {
  doneOnce,
  forGood,
  leavesNothing,
  needsNothing,
  stoppable,
  nothing,
  roomOfAction,
  userOfAction,
  type Family,
} from "./family.ts";

export interface RedactionFields {
  redact: {
    readonly room: RoomId;
    readonly event: EventId;
    /** Who wrote it, where we know. */
    readonly user: UserId | undefined;
    readonly reason: string;
  };
  /** Redacts a message until a moderator has looked at it. `again`: what its author is told if it was all right. */
  hold: {
    readonly room: RoomId;
    readonly event: EventId;
    readonly user: UserId;
    readonly reason: string;
    readonly again: string;
  };
  /** Finds what `user` wrote in `room`, newest first; what is found comes back as `history-found`. */
  "search-history": {
    readonly room: RoomId;
    readonly user: UserId;
    readonly limit: number;
    readonly reason: string;
    /** Only what was sent at this time or later, ms since the epoch; absent is everything. */
    readonly since?: number;
  };
  /** Synapse's admin API: one request for all rooms (messages, encrypted events and joins only). */
  "redact-by-server": {
    readonly user: UserId;
    readonly rooms: readonly RoomId[];
    readonly limit: number;
    readonly reason: string;
  };
}

const ofWords = { subject: userOfAction, mentions: "fields", changes: "no-state" } as const;

const turn = { urgency: "redact", sameUnderWay: "drop", effect: "unseen" } as const;

export const redaction = {
  redact: {
    ...ofWords,
    room: roomOfAction,
    target: ({ event }) => event,
    turn: { ...turn, rank: "in-turn", request: "write" },
    harm: {
      whom: "person",
      weighs: ({ user }) => (user ? { what: "words", user } : { what: "nothing" }),
      needs: ({ room }) => ({ of: "redact", room }),
      isAgainstSubject: true,
    },
    recheck: { ...stoppable, onlyWhileProtected: true },
    memory: doneOnce,
    undo: forGood,
  },
  hold: {
    ...ofWords,
    room: roomOfAction,
    target: ({ event }) => event,
    turn: { ...turn, rank: "in-turn", request: "write" },
    harm: {
      whom: "person",
      weighs: ({ user }) => ({ what: "words", user }),
      needs: ({ room }) => ({ of: "redact", room }),
      isAgainstSubject: true,
    },
    recheck: { ...stoppable, onlyWhileProtected: true },
    memory: doneOnce,
    // The message stays removed; its author is asked to send it again.
    undo: { how: "if-it-stands", inverse: "none", isNumbered: true, isOffered: true },
  },
  "search-history": {
    ...ofWords,
    room: roomOfAction,
    target: userOfAction,
    turn: { ...turn, rank: "busiest-room", request: "look" },
    // Harms nobody yet; what it finds is redacted.
    harm: {
      whom: "person",
      weighs: ({ user }) => ({ what: "words", user }),
      needs: ({ room }) => ({ of: "redact", room }),
      isAgainstSubject: false,
    },
    recheck: { ...stoppable, onlyWhileProtected: true },
    memory: { ...doneOnce, inDryRun: "perform" },
    undo: { ...leavesNothing, isNumbered: true, isOffered: false },
  },
  "redact-by-server": {
    ...ofWords,
    room: nothing,
    target: ({ user, rooms }) => `${user}\n${rooms.join(" ")}`,
    turn: { ...turn, rank: "busiest-room", request: "look" },
    harm: {
      whom: "person",
      weighs: ({ user }) => ({ what: "words", user }),
      // Proposed only where the homeserver's admin API is open to us.
      needs: needsNothing,
      isAgainstSubject: true,
    },
    recheck: stoppable,
    memory: doneOnce,
    undo: forGood,
  },
} satisfies Family<RedactionFields>;
