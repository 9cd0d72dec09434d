/**
 * State that somebody wrote over is put back, value by value, each only while it stands as they wrote it. The event is filled
 * in right before it is sent, so that no other change is lost.
 */
import { stableId } from "../../kit/hash.ts";
import type { JsonObject } from "../../kit/json.ts";
import type { RoomId } from "../ids.ts";
import type { PathChange } from "../path-changes.ts";
import { turnedRound } from "../staff/state-change.ts";
import { doneAgainIfLost, roomOfAction, stoppable, weighsNothing, type Family } from "./family.ts";

export interface PutBackFields {
  "put-back": {
    readonly room: RoomId;
    readonly eventType: string;
    readonly stateKey: string;
    /** `ours` is what they wrote, `before` what comes back. */
    readonly changes: readonly PathChange[];
    /** The whole event as it will be: filled in when it is sent. */
    readonly content?: JsonObject;
  };
}

export const puttingBack = {
  "put-back": {
    room: roomOfAction,
    // Two people may have written over the same event: what each of them changed is an act of its own.
    target: ({ eventType, stateKey, changes }) =>
      `${eventType}\n${stateKey}\n${stableId("change", JSON.stringify(changes))}`,
    subject: roomOfAction,
    mentions: "fields",
    changes: "room-state",
    turn: {
      urgency: "containment",
      rank: "busiest-room",
      request: "write",
      sameUnderWay: "drop",
      effect: "seen",
    },
    harm: {
      // It was so before, and the guard looks that nobody loses power by it whom Tyr needs.
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room, eventType, stateKey, changes }) => ({
        of: "put-back",
        room,
        change: { type: eventType, stateKey, changes },
      }),
      isAgainstSubject: false,
    },
    recheck: { ...stoppable, effect: "looked-at" },
    memory: doneAgainIfLost,
    undo: {
      how: "if-it-stands",
      inverse: ({ kind, room, eventType, stateKey, changes }) => ({
        kind,
        room,
        eventType,
        stateKey,
        changes: turnedRound({ type: eventType, stateKey, changes }).changes,
      }),
      isNumbered: true,
      isOffered: true,
    },
  },
} satisfies Family<PutBackFields>;
