/** Tyr's own presence in rooms, and what it reads of them. */
import type { RoomId } from "../ids.ts";
import {
  doneAgainIfLost,
  doneOnce,
  harmsNobody,
  leavesNothing,
  noRecheck,
  noTarget,
  nothing,
  roomOfAction,
  stoppable,
  type Family,
} from "./family.ts";

export interface RoomFields {
  /** `via`: servers that may help to join. */
  join: { readonly room: RoomId; readonly via: readonly string[] };
  leave: { readonly room: RoomId };
  /** Reads a room where we have no sight of it; what is read comes back as `room-read`. */
  "read-room": { readonly room: RoomId; readonly state: boolean; readonly members: boolean };
  /** Reads who is banned in a room and why; what is read comes back as `bans-read`. */
  "read-bans": { readonly room: RoomId };
  /** Fetches what a `limited` sync skipped between two tokens, and reads the state again that matters. */
  "fill-gap": {
    readonly room: RoomId;
    readonly from: string;
    readonly to: string;
    readonly readState: boolean;
  };
  /**
   * Reads the past of rooms since a time (ms since the epoch), and looks at it as a protection would; what comes of it
   * comes back as `tried`. `against`: another one, or another version, that is tried on the same.
   */
  "try-protection": {
    readonly protection: string;
    readonly against?: string;
    readonly rooms: readonly RoomId[];
    readonly since: number;
  };
}

const inRoom = {
  room: roomOfAction,
  subject: nothing,
  mentions: "fields",
  harm: harmsNobody,
  recheck: noRecheck,
  undo: leavesNothing,
} as const;

const turn = {
  urgency: "housekeeping",
  rank: "busiest-room",
  sameUnderWay: "drop",
  effect: "unseen",
} as const;

const read = { ...inRoom, changes: "no-state", turn: { ...turn, request: "look" } } as const;

export const rooms = {
  join: {
    ...inRoom,
    target: noTarget,
    changes: "room-state",
    turn: { ...turn, urgency: "reply", request: "join", effect: "seen" },
    memory: {
      ...doneAgainIfLost,
      afterRefusal: "asked-again",
      inDryRun: { recordOnce: () => "joined" },
    },
    undo: { ...leavesNothing, inverse: ({ room }) => ({ kind: "leave", room }) },
  },
  leave: {
    ...inRoom,
    target: noTarget,
    changes: "room-state",
    turn: { ...turn, request: "write" },
    memory: doneAgainIfLost,
  },
  "read-room": {
    ...read,
    target: ({ state, members }) => `${state} ${members}`,
    memory: { ...doneAgainIfLost, afterRefusal: "asked-again", inDryRun: "perform" },
  },
  "read-bans": { ...read, target: noTarget, memory: { ...doneAgainIfLost, inDryRun: "perform" } },
  "try-protection": {
    ...read,
    room: nothing,
    mentions: "nothing",
    target: ({ protection, against, rooms, since }) =>
      `${protection}${against === undefined ? "" : ` against ${against}`} ${since} ${rooms.join(" ")}`,
    recheck: stoppable,
    // What was read is lost with the run, and the moderator is asked to say it again.
    memory: { ...doneOnce, afterCrash: "judge-anew", afterRefusal: "asked-again", inDryRun: "perform" },
  },
  "fill-gap": { ...read, target: ({ to }) => to, memory: { ...doneOnce, inDryRun: "perform" } },
} satisfies Family<RoomFields>;
