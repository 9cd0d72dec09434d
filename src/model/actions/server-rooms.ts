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
  /** Gives the highest level that anybody of the homeserver has there. */
  "make-room-admin": { readonly room: RoomId; readonly user: UserId };
}

const onRoom = { room: roomOfAction, mentions: "fields", changes: "no-state", memory: doneOnce } as const;

const turn = { urgency: "reply", rank: "busiest-room", sameUnderWay: "drop", effect: "unseen" } as const;

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
