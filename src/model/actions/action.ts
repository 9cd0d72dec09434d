/**
 * What could be done, as data. Judging and commands produce these; only `executor/` has them performed.
 * `inverse` tells how each is taken back: redaction has no inverse, and the type says so.
 */
import { asString, type JsonObject } from "../../kit/json.ts";
import type { Say } from "../../kit/say.ts";
import type { EventId, MediaUri, RoomAlias, RoomId, UserId } from "../ids.ts";
import type { LevelEntry } from "../power-levels.ts";
import { subjectOfChange, type SettingChange } from "../settings/change.ts";
import type { Subject } from "../subject.ts";

export type Action =
  /** `redacts`: carries the MSC4293 field, so that servers and clients that know it hide all the person wrote. */
  | {
      readonly kind: "ban";
      readonly room: RoomId;
      readonly user: UserId;
      readonly reason: string;
      readonly redacts: boolean;
    }
  | { readonly kind: "unban"; readonly room: RoomId; readonly user: UserId; readonly reason: string }
  | { readonly kind: "kick"; readonly room: RoomId; readonly user: UserId; readonly reason: string }
  | { readonly kind: "invite"; readonly room: RoomId; readonly user: UserId; readonly reason: string }
  /**
   * Takes the person's voice by a level below all that the room asks for. `before`: the entry it replaces, put back by
   * `unmute`. `until`: when it ends by itself.
   */
  | {
      readonly kind: "mute";
      readonly room: RoomId;
      readonly user: UserId;
      readonly reason: string;
      readonly level: number;
      readonly before: LevelEntry;
      readonly until?: number;
      /** All levels of the room as they will be: filled in when it is sent, so that no other change is lost. */
      readonly levels?: JsonObject;
    }
  | {
      readonly kind: "unmute";
      readonly room: RoomId;
      readonly user: UserId;
      readonly reason: string;
      readonly level: LevelEntry;
      readonly before: LevelEntry;
      /** When the mute would have ended by itself: so does one that is made again. */
      readonly until?: number;
      readonly levels?: JsonObject;
    }
  | {
      readonly kind: "set-power-level";
      readonly room: RoomId;
      readonly user: UserId;
      readonly level: LevelEntry;
      readonly before: LevelEntry;
      readonly levels?: JsonObject;
    }
  /** A word to a person, in the room where they are. It names them, so that they see it. */
  | { readonly kind: "warn"; readonly room: RoomId; readonly user: UserId; readonly text: string }
  | {
      readonly kind: "redact";
      readonly room: RoomId;
      readonly event: EventId;
      readonly user: UserId | undefined;
      readonly reason: string;
    }
  /** Finds what `user` wrote in `room`, newest first; the answer comes back as `history-found`. */
  | {
      readonly kind: "search-history";
      readonly room: RoomId;
      readonly user: UserId;
      readonly limit: number;
      readonly reason: string;
    }
  /** Synapse admin API: one request for all rooms (messages, encrypted events and joins only). */
  | {
      readonly kind: "redact-by-server";
      readonly user: UserId;
      readonly rooms: readonly RoomId[];
      readonly limit: number;
      readonly reason: string;
    }
  /** `content` is the whole event; `before` the content it replaces, kept for undo. */
  | {
      readonly kind: "set-server-acl";
      readonly room: RoomId;
      readonly content: ServerAclContent;
      readonly before: ServerAclContent | undefined;
    }
  | {
      readonly kind: "write-policy";
      readonly list: RoomId;
      readonly eventType: string;
      readonly stateKey: string;
      readonly content: JsonObject;
      /** What stood there, where anything did; kept for undo. */
      readonly before?: JsonObject;
    }
  /** Blanks one rule event. A rule in several dialects takes one of these for each. */
  | {
      readonly kind: "remove-policy";
      readonly list: RoomId;
      readonly eventType: string;
      readonly stateKey: string;
      readonly before: JsonObject;
    }
  | {
      readonly kind: "create-list";
      readonly shortcode: string;
      readonly alias: string;
      readonly inviter: UserId;
    }
  | { readonly kind: "join"; readonly room: RoomId; readonly via: readonly string[] }
  | { readonly kind: "leave"; readonly room: RoomId }
  /** `back`: the change that takes it back, where there is one. */
  | { readonly kind: "change-settings"; readonly change: SettingChange; readonly back?: SettingChange }
  /** A message to moderators, in place of an earlier one where `edits` names it. */
  | {
      readonly kind: "tell";
      readonly room: RoomId;
      readonly key: string;
      readonly revision: number;
      readonly say: Say;
      readonly edits: EventId | undefined;
      readonly replyTo: EventId | undefined;
      /** What it is about, for commands that reply to it. */
      readonly about?: Subject;
    }
  /** Describes one of our commands in the room's state, or takes the description back where `content` is empty. */
  | {
      readonly kind: "describe-command";
      readonly room: RoomId;
      readonly stateKey: string;
      readonly content: JsonObject;
    }
  | { readonly kind: "react"; readonly room: RoomId; readonly event: EventId; readonly with: string }
  /** The message that puts a question; the answer comes as an observation. */
  | {
      readonly kind: "ask";
      readonly room: RoomId;
      readonly question: number;
      readonly say: Say;
      readonly replyTo: EventId | undefined;
      readonly about?: Subject;
    }
  /** A person's answer, or none in time. Ours alone, like `change-settings`. */
  | {
      readonly kind: "answer-question";
      readonly question: number;
      readonly yes: boolean;
      readonly by: UserId | undefined;
    }
  /** Reads a room where we have no sight of it; the answer comes back as `room-read`. */
  | { readonly kind: "read-room"; readonly room: RoomId; readonly state: boolean; readonly members: boolean }
  /** Reads who is banned in a room and why; the answer comes back as `bans-read`. */
  | { readonly kind: "read-bans"; readonly room: RoomId }
  /** The rules of a list, as they are when it is sent, in a file for the management room. */
  | {
      readonly kind: "send-file";
      readonly room: RoomId;
      readonly list: RoomId;
      readonly format: "csv" | "jsonl";
    }
  /** Fetches what a `limited` sync skipped between two tokens, and reads the state again that matters. */
  | {
      readonly kind: "fill-gap";
      readonly room: RoomId;
      readonly from: string;
      readonly to: string;
      readonly readState: boolean;
    }
  | ServerAction;

/**
 * Acts of an administrator of the homeserver, and those on its directory. `reason` is for those who ask later: nothing of
 * it is shown to the person, but where it says so.
 */
export type ServerAction =
  | Each<"suspend" | "unsuspend" | "lock" | "unlock", { readonly user: UserId; readonly reason: string }>
  /** For good. `erase`: who joins a room from now on does not see what the person wrote there. */
  | { readonly kind: "deactivate"; readonly user: UserId; readonly erase: boolean; readonly reason: string }
  /** Finds the files of an event, or who put the file there; the answer comes back as `media-found`. */
  | {
      readonly kind: "find-media";
      readonly in: { readonly room: RoomId; readonly event: EventId } | { readonly media: MediaUri };
      readonly reason: string;
    }
  /** `user`: who put it there, where we know. */
  | Each<
      "quarantine-media" | "unquarantine-media",
      { readonly media: MediaUri; readonly user: UserId | undefined; readonly reason: string }
    >
  | { readonly kind: "quarantine-media-of-user"; readonly user: UserId; readonly reason: string }
  | { readonly kind: "quarantine-media-of-room"; readonly room: RoomId; readonly reason: string }
  /** Removes everybody of the homeserver and lets nobody of it back in. `purge`: and removes what was said. */
  | {
      readonly kind: "shutdown-room";
      readonly room: RoomId;
      readonly purge: boolean;
      readonly reason: string;
    }
  /** Gives the highest level that anybody of the homeserver has there. */
  | { readonly kind: "make-room-admin"; readonly room: RoomId; readonly user: UserId }
  | Each<"add-alias" | "remove-alias", { readonly alias: RoomAlias; readonly room: RoomId }>
  /** Whether the room is in the homeserver's public list of rooms. */
  | Each<"list-publicly" | "unlist-publicly", { readonly room: RoomId }>;

/** One variant for each kind. */
type Each<Kinds extends string, Rest> = Kinds extends string ? { readonly kind: Kinds } & Rest : never;

export type ActionKind = Action["kind"];
/** Acts that change one person's level and leave the rest of the room's levels as they are by then. */
export type LevelChange = ActionOf<"mute"> | ActionOf<"unmute"> | ActionOf<"set-power-level">;

export function isLevelChange(action: Action): action is LevelChange {
  return action.kind === "mute" || action.kind === "unmute" || action.kind === "set-power-level";
}

export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>;

/**
 * Words and marks of Tyr's own: the only acts that may be handed to the executor without passing the guard, as none of
 * them touches a person or changes a protected room. A `warn` is no part of them: it is said to somebody.
 */
export type Words = ActionOf<"tell" | "ask" | "react" | "describe-command">;

/** `m.room.server_acl` (client-server specification, "Server Access Control Lists"). */
export interface ServerAclContent {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly allow_ip_literals: boolean;
}

/** The room whose lane the action runs in; local and account-wide acts have none. */
export function roomOf(action: Action): RoomId | undefined {
  switch (action.kind) {
    case "write-policy":
    case "remove-policy":
      return action.list;
    case "redact-by-server":
    case "create-list":
    case "change-settings":
    case "answer-question":
    case "suspend":
    case "unsuspend":
    case "lock":
    case "unlock":
    case "deactivate":
    case "quarantine-media":
    case "unquarantine-media":
    case "quarantine-media-of-user":
      return undefined;
    case "find-media":
      return "room" in action.in ? action.in.room : undefined;
    default:
      return action.room;
  }
}

/**
 * The account, file or entry of the directory that the act sets to one of two states: what counts there is the newest
 * act. Acts on the same place go one after another.
 */
export function placeOf(action: Action): string | undefined {
  switch (action.kind) {
    case "suspend":
    case "unsuspend":
      return `suspension of ${action.user}`;
    case "lock":
    case "unlock":
      return `lock of ${action.user}`;
    case "quarantine-media":
    case "unquarantine-media":
      return action.media;
    case "add-alias":
    case "remove-alias":
      return action.alias;
    case "list-publicly":
    case "unlist-publicly":
      return `listing of ${action.room}`;
    default:
      return undefined;
  }
}

/** Whom or what the action is about, within its room. Two actions with equal kind, room and target are the same act. */
export function targetOf(action: Action): string {
  switch (action.kind) {
    case "ban":
    case "unban":
    case "kick":
    case "invite":
    case "mute":
    case "unmute":
    case "search-history":
    case "suspend":
    case "unsuspend":
    case "lock":
    case "unlock":
    case "deactivate":
    case "quarantine-media-of-user":
    case "make-room-admin":
      return action.user;
    case "quarantine-media":
    case "unquarantine-media":
      return action.media;
    case "find-media":
      return "event" in action.in ? action.in.event : action.in.media;
    case "add-alias":
    case "remove-alias":
      return action.alias;
    case "set-power-level":
      return `${action.user}\n${String(action.level)}`;
    // A second warning with the same words is the same one.
    case "warn":
      return `${action.user}\n${action.text}`;
    case "redact-by-server":
      return `${action.user}\n${action.rooms.join(" ")}`;
    case "redact":
    // A command bears one mark: should a crash make us think otherwise of it, it is the same act.
    case "react":
      return action.event;
    case "ask":
      return String(action.question);
    case "answer-question":
      return `${action.question} ${action.yes}`;
    case "write-policy":
    case "remove-policy":
      return `${action.eventType}\n${action.stateKey}`;
    case "describe-command":
      return action.stateKey;
    case "create-list":
      return action.shortcode;
    case "tell":
      return `${action.key}\n${action.revision}`;
    case "change-settings":
      return JSON.stringify(action.change);
    case "set-server-acl":
    case "join":
    case "leave":
    case "quarantine-media-of-room":
    case "shutdown-room":
    case "list-publicly":
    case "unlist-publicly":
    case "read-bans":
      return "";
    case "send-file":
      return `${action.list} ${action.format}`;
    case "read-room":
      return `${action.state} ${action.members}`;
    case "fill-gap":
      return action.to;
  }
}

/** Whom or what the action is about, for people who ask later: a user, a server, a room, an entity; in lower case. */
export function subjectOf(action: Action): string | undefined {
  switch (action.kind) {
    case "write-policy":
      return asString(action.content["entity"])?.toLowerCase();
    case "remove-policy":
      return asString(action.before["entity"])?.toLowerCase();
    case "change-settings":
      return subjectOfChange(action.change)?.toLowerCase();
    case "quarantine-media":
    case "unquarantine-media":
      return action.media.toLowerCase();
    case "add-alias":
    case "remove-alias":
      return action.alias.toLowerCase();
    case "list-publicly":
    case "unlist-publicly":
      return action.room.toLowerCase();
    default:
      return "user" in action ? action.user?.toLowerCase() : undefined;
  }
}

/** Acts that change nothing on the homeserver: they are done at once, past all lanes and limits. */
export function isLocal(action: Action): action is ActionOf<"change-settings" | "answer-question"> {
  return action.kind === "change-settings" || action.kind === "answer-question";
}

/** Two acts with the same key have the same effect. */
export function actKey(action: Action): string {
  return `${action.kind}\n${roomOf(action) ?? ""}\n${targetOf(action)}`;
}

/** Acts that change a room's current state, or that of another place: at most one of them is in flight in each. */
export function isStateWrite(action: Action): boolean {
  if (placeOf(action) !== undefined) return true;
  switch (action.kind) {
    case "ban":
    case "unban":
    case "kick":
    case "invite":
    case "mute":
    case "unmute":
    case "set-power-level":
    case "set-server-acl":
    case "describe-command":
    case "write-policy":
    case "remove-policy":
    case "join":
    case "leave":
      return true;
    default:
      return false;
  }
}

/** Whether it changes anything that somebody may want back: words and looks do not. */
export function isUndoable(action: Action): boolean {
  if (action.kind === "change-settings") return !isPreview(action.change);
  return ![
    "tell",
    "react",
    "ask",
    "describe-command",
    "read-room",
    "read-bans",
    "fill-gap",
    "send-file",
    "join",
    "find-media",
    "leave",
  ].includes(action.kind);
}

/** Notes why we are in a room, which is nothing that anybody settled. */
function isPreview({ kind }: SettingChange): boolean {
  return kind === "preview" || kind === "end-preview";
}

/** How an act is taken back; `undefined` where it cannot be. */
export function inverse(action: Action): Action | undefined {
  switch (action.kind) {
    case "ban":
      return { kind: "unban", room: action.room, user: action.user, reason: action.reason };
    case "unban":
      return { kind: "ban", room: action.room, user: action.user, reason: action.reason, redacts: false };
    case "set-server-acl":
      return action.before && { ...action, content: action.before, before: action.content };
    case "kick":
      return { kind: "invite", room: action.room, user: action.user, reason: action.reason };
    case "invite":
      return { kind: "kick", room: action.room, user: action.user, reason: action.reason };
    case "mute": {
      const { room, user, reason, level, before, until } = action;
      return { kind: "unmute", room, user, reason, level: before, before: level, ...endingAt(until) };
    }
    case "unmute": {
      const { room, user, reason, level, before, until } = action;
      // An entry that was no number had been put there by a person; ours always are.
      return typeof before === "number"
        ? { kind: "mute", room, user, reason, level: before, before: level, ...endingAt(until) }
        : { kind: "set-power-level", room, user, level: before, before: level };
    }
    case "set-power-level":
      return { ...action, level: action.before, before: action.level };
    case "change-settings":
      return action.back && { kind: "change-settings", change: action.back, back: action.change };
    case "write-policy":
      if (action.before) return { ...action, content: action.before, before: action.content };
      return {
        kind: "remove-policy",
        list: action.list,
        eventType: action.eventType,
        stateKey: action.stateKey,
        before: action.content,
      };
    case "remove-policy":
      return {
        kind: "write-policy",
        list: action.list,
        eventType: action.eventType,
        stateKey: action.stateKey,
        content: action.before,
      };
    case "join":
      return { kind: "leave", room: action.room };
    default:
      return isTwoWay(action) ? ({ ...action, kind: opposites[action.kind] } as Action) : undefined;
  }
}

function endingAt(until: number | undefined): { readonly until?: number } {
  return until === undefined ? {} : { until };
}

type TwoWay = keyof typeof opposites;
const opposites = {
  suspend: "unsuspend",
  unsuspend: "suspend",
  lock: "unlock",
  unlock: "lock",
  "quarantine-media": "unquarantine-media",
  "unquarantine-media": "quarantine-media",
  "add-alias": "remove-alias",
  "remove-alias": "add-alias",
  "list-publicly": "unlist-publicly",
  "unlist-publicly": "list-publicly",
} as const satisfies Partial<Record<ActionKind, ActionKind>>;

function isTwoWay(action: Action): action is ActionOf<TwoWay> {
  return action.kind in opposites;
}
