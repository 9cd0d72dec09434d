/** Files on our own homeserver: finding them, quarantining them and releasing them, by its administrator. */
import type { EventId, MediaUri, RoomId, ServerName, UserId } from "../ids.ts";
import {
  doneOnce,
  forGood,
  leavesNothing,
  needsAdmin,
  noRecheck,
  noTarget,
  nothing,
  roomOfAction,
  stoppable,
  userOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

interface OnFile {
  readonly media: MediaUri;
  /** Who put it there, where we know. */
  readonly user: UserId | undefined;
  readonly reason: string;
}

export interface MediaFields {
  /**
   * Finds the files of an event, who put a file there, or the files that a person, or the people of a server, sent to rooms
   * since a time (ms since the epoch); what is found comes back as `media-found`.
   */
  "find-media": {
    readonly in:
      | { readonly room: RoomId; readonly event: EventId }
      | { readonly media: MediaUri }
      | { readonly by: UserId | ServerName; readonly rooms: readonly RoomId[]; readonly since: number };
    readonly reason: string;
  };
  "quarantine-media": OnFile;
  "unquarantine-media": OnFile;
  "quarantine-media-of-user": { readonly user: UserId; readonly reason: string };
  "quarantine-media-of-room": { readonly room: RoomId; readonly reason: string };
}

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "unseen" } as const;

const onFiles = { mentions: "fields", recheck: stoppable, memory: doneOnce } as const;

const onFile = {
  ...onFiles,
  room: nothing,
  target: ({ media }: OnFile) => media,
  subject: ({ media }: OnFile) => media,
  changes: { placeOf: ({ media }: OnFile) => media },
} as const;

const ifNewest = { how: "if-newest", isNumbered: true, isOffered: true } as const;

export const media = {
  "find-media": {
    ...onFiles,
    room: (action) => ("room" in action.in ? action.in.room : undefined),
    target: ({ in: where }) =>
      "event" in where ? where.event : "media" in where ? where.media : `${where.by} since ${where.since}`,
    subject: nothing,
    changes: "no-state",
    turn: { ...turn, urgency: "reply", request: "look" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    memory: { ...doneOnce, inDryRun: "perform" },
    undo: { ...leavesNothing, isOffered: false },
  },
  "quarantine-media": {
    ...onFile,
    turn: { ...turn, urgency: "banPresent" },
    harm: { whom: "person", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "unquarantine-media" }) },
  },
  "unquarantine-media": {
    ...onFile,
    recheck: noRecheck,
    turn: { ...turn, urgency: "lift" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "quarantine-media" }) },
  },
  "quarantine-media-of-user": {
    ...onFiles,
    room: nothing,
    target: userOfAction,
    subject: userOfAction,
    changes: "no-state",
    turn: { ...turn, urgency: "banPresent" },
    harm: { whom: "person", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: true },
    undo: forGood,
  },
  "quarantine-media-of-room": {
    ...onFiles,
    room: roomOfAction,
    target: noTarget,
    subject: nothing,
    changes: "no-state",
    turn: { ...turn, urgency: "banPresent" },
    harm: { whom: "many", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    undo: forGood,
  },
} satisfies Family<MediaFields>;
