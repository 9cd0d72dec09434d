/** Acts on one person's membership of a room: ban, unban, kick, invite, and the no to somebody who knocks. */
import type { RoomId, UserId } from "../ids.ts";
import {
  doneAgainIfLost,
  doneOnce,
  forGood,
  noRecheck,
  roomOfAction,
  userOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

interface OnMember {
  readonly room: RoomId;
  readonly user: UserId;
  readonly reason: string;
}

export interface MembershipFields {
  /** `redacts`: carries the field of MSC4293, so that servers and clients that know it hide all the person wrote. */
  ban: OnMember & { readonly redacts: boolean };
  unban: OnMember;
  kick: OnMember;
  invite: OnMember;
  /** They are told no, and may ask again. */
  "refuse-knock": OnMember;
}

const onMember = {
  room: roomOfAction,
  target: userOfAction,
  subject: userOfAction,
  mentions: "fields",
  changes: "room-state",
} as const;

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "seen" } as const;

const ifItStands = { how: "if-it-stands", isNumbered: true, isOffered: true } as const;

export const membership = {
  ban: {
    ...onMember,
    turn: { ...turn, urgency: (_action, isPresent) => (isPresent ? "banPresent" : "banAbsent") },
    harm: {
      whom: "person",
      weighs: ({ room, user }) => ({ what: "removal", room, user }),
      needs: ({ room, user }) => ({ of: "ban", room, user }),
      isAgainstSubject: true,
    },
    recheck: { onlyWhileProtected: true, effect: "looked-at", whileStopped: "by-command" },
    memory: { ...doneAgainIfLost, afterCrash: "judge-anew-for-lists" },
    undo: { ...ifItStands, inverse: ({ room, user, reason }) => ({ kind: "unban", room, user, reason }) },
  },
  unban: {
    ...onMember,
    turn: { ...turn, urgency: "lift" },
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room, user }) => ({ of: "unban", room, user }),
      isAgainstSubject: false,
    },
    // Not only in protected rooms: a room that is protected no longer may be left as it was found.
    recheck: { onlyWhileProtected: false, effect: "looked-at", whileStopped: "done" },
    memory: { ...doneAgainIfLost, afterCrash: "judge-anew-for-lists" },
    undo: {
      ...ifItStands,
      inverse: ({ room, user, reason }) => ({ kind: "ban", room, user, reason, redacts: false }),
    },
  },
  kick: {
    ...onMember,
    turn: { ...turn, urgency: "banPresent" },
    harm: {
      whom: "person",
      weighs: ({ room, user }) => ({ what: "removal", room, user }),
      needs: ({ room, user }) => ({ of: "kick", room, user }),
      isAgainstSubject: true,
    },
    recheck: { onlyWhileProtected: false, effect: "looked-at", whileStopped: "by-command" },
    memory: doneOnce,
    undo: { ...ifItStands, inverse: ({ room, user, reason }) => ({ kind: "invite", room, user, reason }) },
  },
  invite: {
    ...onMember,
    // After the lift of a ban, as both are writes to one room.
    turn: { ...turn, urgency: "reply" },
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room }) => ({ of: "invite", room }),
      isAgainstSubject: false,
    },
    recheck: noRecheck,
    memory: doneAgainIfLost,
    undo: { ...ifItStands, inverse: ({ room, user, reason }) => ({ kind: "kick", room, user, reason }) },
  },
  "refuse-knock": {
    ...onMember,
    turn: { ...turn, urgency: "banAbsent" },
    harm: {
      whom: "person",
      // Nobody who is here goes.
      weighs: weighsNothing,
      needs: ({ room, user }) => ({ of: "kick", room, user }),
      isAgainstSubject: true,
    },
    recheck: { onlyWhileProtected: true, effect: "looked-at", whileStopped: "by-command" },
    memory: doneOnce,
    // Only they can ask again; an invitation would be more than they had.
    undo: forGood,
  },
} satisfies Family<MembershipFields>;
