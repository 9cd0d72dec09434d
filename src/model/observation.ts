/**
 * What comes in. Everything that happens is one of these values, stamped once with the time: sync events,
 * gaps, ticks, outcomes of our own acts. The core learns of the world in no other way.
 */
import type { Decision, Outcome } from "./decision.ts";
import type { FoundBan, MemberEntry, Membership, RoomEvent, StateEvent } from "./event.ts";
import type { HeardCommand, NamedPeople } from "./heard-command.ts";
import type { EventId, MediaUri, ResolvedAlias, RoomAlias, RoomId, UserId } from "./ids.ts";
import type { Offence } from "./offences.ts";
import type { ServerPowers } from "./server-powers.ts";
import type { Question } from "./question.ts";
import type { SettingChange } from "./settings/change.ts";

export type Seen =
  /** A state event came into force. `fromTimeline` tells a live change from the `state` block of a gap. */
  | {
      readonly kind: "state";
      readonly room: RoomId;
      readonly event: StateEvent;
      readonly fromTimeline: boolean;
      /** Nothing stood under its key before, as far as the server tells. */
      readonly isFirst?: boolean;
    }
  /** `late`: recovered from a gap, so it is history and never a command. */
  | { readonly kind: "message"; readonly room: RoomId; readonly event: RoomEvent; readonly late: boolean }
  | {
      readonly kind: "redaction";
      readonly room: RoomId;
      readonly sender: UserId;
      readonly redacts: EventId;
      readonly eventId: EventId;
    }
  /** A room is about to be read: what sync tells from now on is newer than the answer. */
  | { readonly kind: "reading"; readonly room: RoomId }
  /** The whole relevant state of a room was read: at the first start, or to heal a gap. */
  | {
      readonly kind: "room-read";
      readonly room: RoomId;
      readonly state?: readonly StateEvent[];
      readonly members?: readonly MemberEntry[];
    }
  /** Our own standing in a room changed. `via`: servers that may help to join. */
  | {
      readonly kind: "own-membership";
      readonly room: RoomId;
      readonly membership: Membership;
      readonly by: UserId | undefined;
      readonly reason: string | undefined;
    }
  /** The server skipped events (`limited`): everything between the tokens `to` (older) and `from` (newer). */
  | { readonly kind: "gap"; readonly room: RoomId; readonly from: string; readonly to: string }
  /** Something a server sent that is not what the specification says. Counted, shown in `status`, never fatal. */
  | { readonly kind: "malformed"; readonly room: RoomId | undefined; readonly what: string }
  /** A command, with whatever had to be looked up for it, ready to be answered. */
  | ({
      readonly kind: "command";
      readonly room: RoomId;
      readonly event: RoomEvent;
      readonly aliases: ReadonlyMap<RoomAlias, ResolvedAlias>;
      /** People by the folded display name under which they were looked for. */
      readonly names?: ReadonlyMap<string, NamedPeople>;
    } & HeardCommand)
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  /** Old events of one person, found in answer to `search-history`. */
  | {
      readonly kind: "history-found";
      readonly decision: string;
      readonly room: RoomId;
      readonly user: UserId;
      readonly events: readonly EventId[];
    }
  /** The files of an event or under an address, found in answer to `find-media`. `user`: who put them there, if known. */
  | {
      readonly kind: "media-found";
      readonly decision: string;
      readonly media: readonly { readonly uri: MediaUri; readonly user: UserId | undefined }[];
    }
  /** How far an act has come that takes long, for people. */
  | { readonly kind: "progress"; readonly decision: Decision; readonly note: string }
  /** What the homeserver lets us do as its administrator. */
  | { readonly kind: "server-powers"; readonly powers: ServerPowers }
  /** Who is banned in a room, found in answer to `read-bans`. */
  | {
      readonly kind: "bans-read";
      readonly decision: string;
      readonly room: RoomId;
      readonly bans: readonly FoundBan[];
      /** Further ones that were left out. */
      readonly more: number;
    }
  | { readonly kind: "settings-changed"; readonly change: SettingChange }
  /** What somebody was found at, and how it was answered. */
  | { readonly kind: "offence"; readonly offence: Offence }
  /** A moderator took these incidents back: what was found in them counts no more. */
  | { readonly kind: "forgiven"; readonly incidents: readonly string[] }
  /** A question was put, or what it is about or its message has changed. */
  | { readonly kind: "asked"; readonly question: Question }
  | {
      readonly kind: "answered";
      readonly question: number;
      readonly yes: boolean;
      /** Undefined where nobody answered in time. */
      readonly by: UserId | undefined;
    }
  /** The sync response that ended here; everything before it was told. */
  | { readonly kind: "synced"; readonly token: string }
  /** The clock. `retryRooms`: time to try again the rooms that could not be joined or read. */
  | { readonly kind: "tick"; readonly retryRooms: boolean };

/** The observations of one kind. */
export type ObservationOf<Kind extends Seen["kind"]> = Extract<Seen, { readonly kind: Kind }> & Stamps;

export type Observation = Seen & Stamps;

interface Stamps {
  /** Milliseconds since the epoch on our clock, stamped on arrival. */
  readonly at: number;
  /**
   * What is due by this time is over: the earlier of our clock and the homeserver's, so that one that jumps ahead ends
   * nothing.
   */
  readonly dueBy: number;
}
