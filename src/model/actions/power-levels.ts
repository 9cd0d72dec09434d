/** Acts on one person's power level in a room: mute, unmute, set-power-level. The other levels stay as they are by then. */
import type { JsonObject } from "../../kit/json.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { LevelEntry } from "../power-levels.ts";
import {
  doneAgainIfLost,
  stoppable,
  roomOfAction,
  userOfAction,
  weighsNothing,
  type Family,
  type PowerNeed,
} from "./family.ts";

interface OnLevel {
  readonly room: RoomId;
  readonly user: UserId;
  /** The entry that it replaces. */
  readonly before: LevelEntry;
  /** All levels of the room as they will be: filled in when it is sent, so that no other change is lost. */
  readonly levels?: JsonObject;
}

export interface PowerLevelFields {
  /** Takes the person's voice by a level below all that the room asks for. `until`: when it ends by itself. */
  mute: OnLevel & { readonly reason: string; readonly level: number; readonly until?: number };
  /** `until`: when the mute would have ended by itself; a mute that is made again ends then, too. */
  unmute: OnLevel & { readonly reason: string; readonly level: LevelEntry; readonly until?: number };
  /** `isStop`: of an account that does harm with it, which comes before everything else. */
  "set-power-level": OnLevel & { readonly level: LevelEntry; readonly isStop?: true };
}

const onLevel = {
  room: roomOfAction,
  subject: userOfAction,
  mentions: "fields",
  changes: "room-state",
  memory: doneAgainIfLost,
} as const;

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "seen" } as const;

const ifItStands = { how: "if-it-stands", isNumbered: true, isOffered: true } as const;

const needsLevels = (action: {
  readonly room: RoomId;
  readonly user: UserId;
  readonly level: LevelEntry;
}): PowerNeed => ({ of: "levels", room: action.room, user: action.user, level: action.level });

export const powerLevels = {
  mute: {
    ...onLevel,
    target: userOfAction,
    turn: { ...turn, urgency: "banPresent" },
    harm: {
      whom: "person",
      weighs: ({ room, user }) => ({ what: "silence", room, user }),
      needs: needsLevels,
      isAgainstSubject: true,
    },
    recheck: { onlyWhileProtected: true, effect: "looked-at", whileStopped: "by-command" },
    undo: {
      ...ifItStands,
      inverse: ({ room, user, reason, level, before, until }) => ({
        kind: "unmute",
        room,
        user,
        reason,
        level: before,
        before: level,
        ...endingAt(until),
      }),
    },
  },
  unmute: {
    ...onLevel,
    target: userOfAction,
    turn: { ...turn, urgency: "lift" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsLevels, isAgainstSubject: false },
    recheck: { onlyWhileProtected: false, effect: "looked-at", whileStopped: "done" },
    undo: {
      ...ifItStands,
      // An entry that was no number had been put there by a person; ours always are.
      inverse: ({ room, user, reason, level, before, until }) =>
        typeof before === "number"
          ? { kind: "mute", room, user, reason, level: before, before: level, ...endingAt(until) }
          : { kind: "set-power-level", room, user, level: before, before: level },
    },
  },
  "set-power-level": {
    ...onLevel,
    target: ({ user, level }) => `${user}\n${String(level)}`,
    turn: { ...turn, urgency: ({ isStop }) => (isStop ? "containment" : "lift") },
    // A level with which nothing can be said is weighed by the guard as the mute that it is.
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsLevels, isAgainstSubject: false },
    recheck: { ...stoppable, effect: "looked-at" },
    undo: {
      ...ifItStands,
      inverse: ({ room, user, level, before }) => ({
        kind: "set-power-level",
        room,
        user,
        level: before,
        before: level,
      }),
    },
  },
} satisfies Family<PowerLevelFields>;

function endingAt(until: number | undefined): { readonly until?: number } {
  return until === undefined ? {} : { until };
}
