/**
 * Acts that contain a room and release it. `contain` and `release` write one state event each, which is filled in right before
 * it is sent, so that no other change is lost. Servers that are kept out for a while are ours to remember: the server ACL
 * follows from that (docs/adr/0032).
 */
import type { JsonObject } from "../../kit/json.ts";
import type { RoomId, ServerName } from "../ids.ts";
import type { PathChange, WrittenKey } from "../path-changes.ts";
import type { RoomMode } from "../room-mode.ts";
import {
  doneAgainIfLost,
  leavesNothing,
  noTarget,
  nothing,
  roomOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

interface OnRoom {
  readonly room: RoomId;
}

export interface ContainmentFields {
  contain: OnRoom & {
    readonly key: WrittenKey;
    readonly changes: readonly PathChange[];
    /** How long it stays at least, in ms. */
    readonly stayMs: number;
    /** The waves that it is for. */
    readonly waves: readonly string[];
    /** It was lost by nobody's doing and is done again: what stood there before it is known. */
    readonly isRepair?: true;
    /** The whole event as it will be: filled in when it is sent. */
    readonly content?: JsonObject;
  };
  /** Takes back what of the containment is still ours. */
  release: OnRoom & { readonly key: WrittenKey; readonly content?: JsonObject };
}

/** Ours to remember, and done at once. */
export interface OwnContainmentFields {
  /** The server ACL of the room denies these servers, too. */
  "deny-servers": OnRoom & {
    readonly servers: readonly ServerName[];
    readonly stayMs: number;
    readonly waves: readonly string[];
  };
  /** It denies those only that lists or people want denied. */
  "readmit-servers": OnRoom;
  /** `by-itself`: no moderator has said anything of the room. */
  "set-room-mode": OnRoom & {
    readonly mode: RoomMode | "by-itself";
    /** When it ends by itself, ms since the epoch. */
    readonly until?: number;
    readonly before: RoomMode | "by-itself";
  };
}

const onRoom = {
  room: roomOfAction,
  subject: roomOfAction,
  mentions: "fields",
} as const;

export const containment = {
  contain: {
    ...onRoom,
    target: ({ key, changes }) =>
      `${key} ${changes.flatMap(({ ours }) => (typeof ours === "number" ? ours : [])).at(0) ?? ""}`,
    changes: "room-state",
    turn: {
      urgency: "containment",
      rank: "busiest-room",
      request: "write",
      sameUnderWay: "drop",
      effect: "seen",
    },
    harm: {
      whom: "many",
      // Nobody is removed, and it is given back as it was. Whom it may silence is bounded by `decisions/waves/cut.ts`.
      weighs: weighsNothing,
      needs: ({ room, key, changes }) => ({ of: "containment", room, key, changes }),
      isAgainstSubject: false,
    },
    recheck: { onlyWhileProtected: true, effect: "looked-at", whileStopped: "by-command" },
    memory: doneAgainIfLost,
    undo: {
      how: "if-it-stands",
      inverse: ({ room, key }) => ({ kind: "release", room, key }),
      isNumbered: true,
      isOffered: true,
    },
  },
  release: {
    ...onRoom,
    target: ({ key }) => key,
    changes: "room-state",
    turn: { urgency: "lift", rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "seen" },
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room, key }) => ({ of: "containment", room, key, changes: [] }),
      isAgainstSubject: false,
    },
    recheck: { onlyWhileProtected: false, effect: "looked-at", whileStopped: "done" },
    memory: doneAgainIfLost,
    // Whoever wants it contained again says so: it is made anew then, for those who are there by then.
    undo: leavesNothing,
  },
} satisfies Family<ContainmentFields>;

const ours = {
  ...onRoom,
  changes: "own-settings",
  turn: {
    urgency: "containment",
    rank: "busiest-room",
    request: "write",
    sameUnderWay: "drop",
    effect: "unseen",
  },
  memory: doneAgainIfLost,
} as const;

export const ownContainment = {
  "deny-servers": {
    ...ours,
    target: ({ servers }) => servers.join(" "),
    harm: {
      whom: "many",
      weighs: weighsNothing,
      needs: ({ room }) => ({ of: "server-acl", room }),
      isAgainstSubject: false,
    },
    recheck: { onlyWhileProtected: true, effect: "no-question", whileStopped: "dropped" },
    undo: {
      how: "if-it-stands",
      inverse: ({ room }) => ({ kind: "readmit-servers", room }),
      isNumbered: true,
      isOffered: true,
    },
  },
  "readmit-servers": {
    ...ours,
    target: noTarget,
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: () => ({ of: "nothing" }),
      isAgainstSubject: false,
    },
    recheck: { onlyWhileProtected: false, effect: "no-question", whileStopped: "done" },
    undo: leavesNothing,
  },
  "set-room-mode": {
    ...ours,
    subject: nothing,
    target: ({ mode, until }) => `${mode} ${until ?? ""}`,
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: () => ({ of: "nothing" }),
      isAgainstSubject: false,
    },
    recheck: { onlyWhileProtected: false, effect: "no-question", whileStopped: "done" },
    undo: {
      how: "if-it-stands",
      inverse: ({ room, mode, before }) => ({ kind: "set-room-mode", room, mode: before, before: mode }),
      isNumbered: true,
      isOffered: true,
    },
  },
} satisfies Family<OwnContainmentFields>;
