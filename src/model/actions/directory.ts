/** Entries of our own homeserver's directory: aliases and the public list of rooms. */
import type { RoomAlias, RoomId } from "../ids.ts";
import { doneOnce, harmsNobody, noTarget, roomOfAction, stoppable, type Family } from "./family.ts";

interface OnAlias {
  readonly alias: RoomAlias;
  readonly room: RoomId;
}

interface OnListing {
  readonly room: RoomId;
}

export interface DirectoryFields {
  "add-alias": OnAlias;
  "remove-alias": OnAlias;
  "list-publicly": OnListing;
  "unlist-publicly": OnListing;
}

const onEntry = {
  room: roomOfAction,
  mentions: "fields",
  // The homeserver decides by the room's levels and the alias' owner, and tells when it refuses.
  harm: harmsNobody,
  recheck: stoppable,
  memory: doneOnce,
} as const;

const onAlias = {
  ...onEntry,
  target: ({ alias }: OnAlias) => alias,
  subject: ({ alias }: OnAlias) => alias,
  changes: { placeOf: ({ alias }: OnAlias) => alias },
} as const;

const onListing = {
  ...onEntry,
  target: noTarget,
  subject: roomOfAction,
  changes: { placeOf: ({ room }: OnListing) => `listing of ${room}` },
} as const;

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "unseen" } as const;

const ifNewest = { how: "if-newest", isNumbered: true, isOffered: true } as const;

export const directory = {
  "add-alias": {
    ...onAlias,
    turn: { ...turn, urgency: "reply" },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "remove-alias" }) },
  },
  "remove-alias": {
    ...onAlias,
    // Before the alias is given to another room.
    turn: { ...turn, urgency: "lift" },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "add-alias" }) },
  },
  "list-publicly": {
    ...onListing,
    turn: { ...turn, urgency: "reply" },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "unlist-publicly" }) },
  },
  "unlist-publicly": {
    ...onListing,
    turn: { ...turn, urgency: "reply" },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "list-publicly" }) },
  },
} satisfies Family<DirectoryFields>;
