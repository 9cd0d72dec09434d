/** The policy server of a room, which is asked about every event before it is sent. */
import type { RoomId } from "../ids.ts";
import type { PolicyServer } from "../policy-server.ts";
import {
  doneAgainIfLost,
  noRecheck,
  noTarget,
  roomOfAction,
  stoppable,
  weighsNothing,
  type Family,
} from "./family.ts";

interface OnPolicyServer {
  readonly room: RoomId;
  /** What it takes the place of. */
  readonly before?: PolicyServer;
  /** The room has an event of the older type, which is written along. */
  readonly alsoUnstable?: true;
}

export interface PolicyServerFields {
  /** `wishAt`: by its time the wish that it carries out; when there is another by then, it is not done. */
  "set-policy-server": OnPolicyServer & { readonly server: PolicyServer; readonly wishAt?: number };
  "clear-policy-server": OnPolicyServer;
}

const onRoom = {
  room: roomOfAction,
  target: noTarget,
  subject: roomOfAction,
  mentions: "fields",
  changes: "room-state",
  memory: doneAgainIfLost,
} as const;

const needs = ({ room }: OnPolicyServer) => ({ of: "policy-server", room }) as const;
const turn = { rank: "busiest-room", request: "write", effect: "seen" } as const;
const ifItStands = { how: "if-it-stands", isNumbered: true, isOffered: true } as const;

export const policyServers = {
  "set-policy-server": {
    ...onRoom,
    turn: { ...turn, urgency: "reply", sameUnderWay: "replace" },
    // Whoever sets it is asked by the command: it weighs on all who want to say something in the room.
    harm: { whom: "many", weighs: weighsNothing, needs, isAgainstSubject: false },
    recheck: { ...stoppable, onlyWhileProtected: true, effect: "looked-at" },
    undo: {
      ...ifItStands,
      inverse: ({ room, server, before, alsoUnstable }) => {
        const there = { room, ...(alsoUnstable ? { alsoUnstable } : {}), before: server };
        return before
          ? { kind: "set-policy-server", ...there, server: before }
          : { kind: "clear-policy-server", ...there };
      },
    },
  },
  "clear-policy-server": {
    ...onRoom,
    // Until it is done nobody may be able to say anything in the room, Tyr's bans included (`executor/precedence.ts`).
    turn: { ...turn, urgency: "containment", sameUnderWay: "drop" },
    harm: { whom: "nobody", weighs: weighsNothing, needs, isAgainstSubject: false },
    recheck: noRecheck,
    undo: {
      ...ifItStands,
      inverse: ({ before, ...rest }) => before && { ...rest, kind: "set-policy-server", server: before },
    },
  },
} satisfies Family<PolicyServerFields>;
