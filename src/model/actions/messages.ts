/** Messages, marks and files that Tyr sends, and the descriptions of its commands. */
import type { JsonObject } from "../../kit/json.ts";
import type { Say } from "../../kit/say.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { StashQuery } from "../stash.ts";
import type { Subject } from "../subject.ts";
import {
  doneAgainIfLost,
  doneOnce,
  forGood,
  harmsNobody,
  leavesNothing,
  noRecheck,
  nothing,
  roomOfAction,
  stoppable,
  userOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

/** Whom a message mentions, so that their clients notify them. */
export type Notified = "room" | { readonly users: readonly UserId[] };

export interface MessageFields {
  /** A message to moderators, in place of an earlier one where `edits` names it. */
  tell: {
    readonly room: RoomId;
    /** What the message is about: its revisions are edits of one message. */
    readonly key: string;
    readonly revision: number;
    readonly say: Say;
    readonly edits: EventId | undefined;
    readonly replyTo: EventId | undefined;
    /** Nobody where it is absent: most of what we say is for whoever looks. */
    readonly notifies?: Notified;
    /** Whom and what it is about, for commands that reply to it. */
    readonly about?: Subject;
    /** Sent before everything that waits. */
    readonly goesFirst?: true;
  };
  /** The message that puts a question; the answer comes as an observation. */
  ask: {
    readonly room: RoomId;
    readonly question: number;
    readonly say: Say;
    readonly replyTo: EventId | undefined;
    readonly notifies?: Notified;
    readonly about?: Subject;
  };
  /** A message to a person, in the room where they are. It names them, so that they see it. */
  warn: { readonly room: RoomId; readonly user: UserId; readonly text: string };
  /** A message to a room, or to some people in it, which it mentions. `key`: a second one on the same matter is the same one. */
  post: {
    readonly room: RoomId;
    readonly text: string;
    readonly users: readonly UserId[];
    readonly key: string;
  };
  react: { readonly room: RoomId; readonly event: EventId; readonly with: string };
  /** The rules of a list, as they are when it is sent, in a file for the management room. */
  "send-file": { readonly room: RoomId; readonly list: RoomId; readonly format: "csv" | "jsonl" };
  /** What was removed of a person, or by a command or an incident: read when it is sent, so that the journal has no word of it. */
  "show-removed": {
    readonly room: RoomId;
    readonly of: StashQuery;
    /** So many at most, the newest. */
    readonly limit: number;
  };
  /** What people reported: read when it is sent, so that the journal has no word of it. */
  "show-reported": {
    readonly room: RoomId;
    readonly report: number;
    readonly of: readonly { readonly room: RoomId; readonly event: EventId }[];
  };
  /** Describes one of our commands in the room's state (MSC4391); empty `content` takes the description back. */
  "describe-command": { readonly room: RoomId; readonly stateKey: string; readonly content: JsonObject };
}

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "unseen" } as const;

const message = {
  room: roomOfAction,
  mentions: "nothing",
  changes: "no-state",
  recheck: noRecheck,
} as const;

const toModerators = {
  ...message,
  subject: nothing,
  harm: harmsNobody,
  memory: { ...doneOnce, inDryRun: "say" },
  undo: leavesNothing,
} as const;

export const messages = {
  tell: {
    ...toModerators,
    target: ({ key, revision }) => `${key}\n${revision}`,
    turn: { ...turn, urgency: ({ revision, notifies }) => (revision === 0 || notifies ? "reply" : "notice") },
  },
  ask: {
    ...toModerators,
    target: ({ question }) => String(question),
    turn: { ...turn, urgency: "reply" },
  },
  warn: {
    ...message,
    // A second warning with the same words is the same one.
    target: ({ user, text }) => `${user}\n${text}`,
    subject: userOfAction,
    mentions: "fields",
    turn: { ...turn, urgency: "reply" },
    recheck: stoppable,
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room }) => ({ of: "message", room }),
      isAgainstSubject: true,
    },
    memory: doneOnce,
    undo: forGood,
  },
  post: {
    ...message,
    target: ({ key }) => key,
    subject: nothing,
    turn: { ...turn, urgency: "reply" },
    recheck: stoppable,
    harm: {
      whom: "nobody",
      weighs: weighsNothing,
      needs: ({ room }) => ({ of: "message", room }),
      isAgainstSubject: false,
    },
    memory: doneOnce,
    undo: { ...leavesNothing, isOffered: false },
  },
  react: {
    ...toModerators,
    // A command bears one mark: another mark, decided after a crash, is the same act.
    target: ({ event }) => event,
    turn: { ...turn, urgency: "notice" },
  },
  "send-file": {
    ...toModerators,
    target: ({ list, format }) => `${list} ${format}`,
    mentions: "fields",
    turn: { ...turn, urgency: "reply" },
    undo: { ...leavesNothing, isOffered: false },
  },
  "show-removed": {
    ...toModerators,
    target: ({ of }) => ("user" in of ? of.user : of.occasion),
    subject: ({ of }) => ("user" in of ? of.user : undefined),
    turn: { ...turn, urgency: "reply" },
    undo: { ...leavesNothing, isOffered: false },
  },
  "show-reported": {
    ...toModerators,
    target: ({ report }) => String(report),
    turn: { ...turn, urgency: "reply" },
    undo: { ...leavesNothing, isOffered: false },
  },
  "describe-command": {
    ...message,
    target: ({ stateKey }) => stateKey,
    subject: nothing,
    mentions: "fields",
    changes: "room-state",
    turn: { ...turn, urgency: "housekeeping" },
    harm: harmsNobody,
    memory: doneAgainIfLost,
    undo: leavesNothing,
  },
} satisfies Family<MessageFields>;
