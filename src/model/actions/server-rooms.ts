/** Acts of the homeserver's administrator on whole rooms. */
import type { RoomId, UserId } from "../ids.ts";
import {
  doneOnce,
  forGood,
  needsAdmin,
  stoppable,
  noTarget,
  nothing,
  roomOfAction,
  userOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

export interface ServerRoomFields {
  /** Removes everybody of the homeserver and lets nobody of it back in. `purge`: and removes what was said. */
  "shutdown-room": {
    readonly room: RoomId;
    readonly purge: boolean;
    readonly reason: string;
    /** Those who are removed find themselves in a new room, in which we say the reason. */
    readonly tells?: true;
    /** It can be joined again, and its history comes anew from other homeservers. */
    readonly staysOpen?: true;
  };
  /** Lets nobody of the homeserver join; who is in the room stays. */
  "block-room": { readonly room: RoomId; readonly reason: string };
  "unblock-room": { readonly room: RoomId; readonly reason: string };
  /** Gives the highest level that anybody of the homeserver has there. */
  "make-room-admin": { readonly room: RoomId; readonly user: UserId };
}

const onRoom = { room: roomOfAction, mentions: "fields", changes: "no-state", memory: doneOnce } as const;

const turn = { urgency: "reply", rank: "busiest-room", sameUnderWay: "drop", effect: "unseen" } as const;

const onBlock = {
  ...onRoom,
  target: noTarget,
  subject: roomOfAction,
  changes: { placeOf: ({ room }: { readonly room: RoomId }) => `block of ${room}` },
  recheck: stoppable,
} as const;

const ifNewest = { how: "if-newest", isNumbered: true, isOffered: true } as const;

export const serverRooms = {
  "shutdown-room": {
    ...onRoom,
    target: noTarget,
    subject: nothing,
    // Synapse works on it for minutes, and writing does not have to wait for that.
    turn: { ...turn, request: "look" },
    harm: { whom: "many", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    recheck: { onlyWhileProtected: false, effect: "looked-at", whileStopped: "by-command" },
    undo: forGood,
  },
  "block-room": {
    ...onBlock,
    turn: { ...turn, request: "write" },
    harm: { whom: "many", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "unblock-room" }) },
  },
  "unblock-room": {
    ...onBlock,
    turn: { ...turn, request: "write" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "block-room" }) },
  },
  "make-room-admin": {
    ...onRoom,
    target: userOfAction,
    subject: userOfAction,
    turn: { ...turn, request: "write" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsAdmin, isAgainstSubject: false },
    recheck: stoppable,
    undo: forGood,
  },
} satisfies Family<ServerRoomFields>;
