/**
 * Observations: everything that happens is one of these values, stamped once with the time: sync events, gaps, ticks,
 * outcomes of our own acts. The core learns of the world in no other way.
 */
import type { JsonObject } from "../kit/json.ts";
import type { Contained } from "./containments.ts";
import type { Decision, Outcome } from "./decision.ts";
import type { FoundBan, MemberEntry, Membership, RoomEvent, StateEvent } from "./event.ts";
import type { HeardCommand, NamedPeople } from "./heard-command.ts";
import type { EventId, MediaUri, ResolvedAlias, RoomAlias, RoomId, UserId } from "./ids.ts";
import type { Knock, KnockPlace } from "./knocks.ts";
import type { Heated, HeatRecord } from "./heat.ts";
import type { Offence } from "./offences.ts";
import type { Case } from "./reports/cases.ts";
import type { Report } from "./reports/report.ts";
import type { Reporter } from "./reports/reporters.ts";
import type { RuleFileNews, RuleFileTrouble } from "./rule-file-troubles.ts";
import type { RuleHit } from "./rule-hits.ts";
import type { ServerPowers } from "./server-powers.ts";
import type { PolicyVerdict } from "./policy-commands.ts";
import type { PolicyPlace, PolicyTroubleKind } from "./policy-places.ts";
import type { OpenPrompt } from "./open-prompts.ts";
import type { RoomModeItem } from "./room-modes.ts";
import type { StaffAct } from "./staff/staff-acts.ts";
import type { StaffAlarm } from "./staff/staff-alarms.ts";
import type { Question } from "./question.ts";
import type { SettingChange } from "./settings/change.ts";
import type { LearnedNewcomer } from "./newcomers.ts";
import type { Rule } from "./policy-rule.ts";
import type { WaveProfile } from "./wave-profiles.ts";
import type { Wave, WaveMember } from "./waves.ts";
import type { TrialReport } from "./trial-report.ts";

export type Seen =
  /** A state event came into force. `fromTimeline` tells a live change from the `state` block of a gap. */
  | {
      readonly kind: "state";
      readonly room: RoomId;
      readonly event: StateEvent;
      readonly fromTimeline: boolean;
      /** The server tells of no earlier event under this type and state key. */
      readonly isFirst?: boolean;
    }
  /** `late`: read to fill a gap. A command among it is obeyed if it is young enough. */
  | { readonly kind: "message"; readonly room: RoomId; readonly event: RoomEvent; readonly late: boolean }
  /** A message that was told before, and could not be read then, as its key came later. */
  | { readonly kind: "opened"; readonly room: RoomId; readonly event: RoomEvent }
  /** Somebody has read the room as far as this event; told of the management room alone. */
  | { readonly kind: "receipt"; readonly room: RoomId; readonly user: UserId; readonly event: EventId }
  | {
      readonly kind: "redaction";
      readonly room: RoomId;
      readonly sender: UserId;
      readonly redacts: EventId;
      readonly eventId: EventId;
      readonly content: JsonObject;
      /** By the sender's clock, as of all events; 0 where it is missing. */
      readonly sentAt: number;
      /** Read to fill a gap. */
      readonly late: boolean;
    }
  /** A room is about to be read: what sync tells from now on is newer than what the read brings. */
  | { readonly kind: "reading"; readonly room: RoomId }
  /** The whole relevant state of a room was read: at the first start, or to heal a gap. */
  | {
      readonly kind: "room-read";
      readonly room: RoomId;
      readonly state?: readonly StateEvent[];
      readonly members?: readonly MemberEntry[];
    }
  /** Our own membership of a room changed. `by`: who changed it, where it was somebody else. */
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
  /** A command, with what was looked up for it, ready to be answered. */
  | ({
      readonly kind: "command";
      readonly room: RoomId;
      readonly event: RoomEvent;
      readonly aliases: ReadonlyMap<RoomAlias, ResolvedAlias>;
      /** People by the display name that was looked up, in folded case. */
      readonly names?: ReadonlyMap<string, NamedPeople>;
    } & HeardCommand)
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  /** Old events of one person: the result of the action `search-history`. */
  | {
      readonly kind: "history-found";
      readonly decision: string;
      readonly room: RoomId;
      readonly user: UserId;
      readonly events: readonly EventId[];
      /** The same events as they are, where they were read. */
      readonly contents?: readonly RoomEvent[];
    }
  /** Media files: the result of the action `find-media`. `user`: who uploaded or sent them, if known. */
  | {
      readonly kind: "media-found";
      readonly decision: string;
      readonly media: readonly { readonly uri: MediaUri; readonly user: UserId | undefined }[];
    }
  /** How far an act that takes long has come, in words. */
  | { readonly kind: "progress"; readonly decision: Decision; readonly note: string }
  /** An act could not be done and is tried again; told once for each. */
  | { readonly kind: "put-off"; readonly decision: Decision; readonly message: string }
  /** What the homeserver lets us do as its administrator. */
  | { readonly kind: "server-powers"; readonly powers: ServerPowers }
  /** Who is banned in a room: the result of the action `read-bans`. */
  | {
      readonly kind: "bans-read";
      readonly decision: string;
      readonly room: RoomId;
      readonly bans: readonly FoundBan[];
      /** How many further bans were left out. */
      readonly more: number;
    }
  /** The result of the action `try-protection`; without a report somebody has ended it. */
  | { readonly kind: "tried"; readonly decision: string; readonly report: TrialReport | undefined }
  | { readonly kind: "settings-changed"; readonly change: SettingChange }
  /** The community's rule files were looked at, and what was good in them was taken: by changes of settings before this. */
  | {
      readonly kind: "rule-files";
      /** All that there are now. */
      readonly troubles: readonly RuleFileTrouble[];
      readonly news: readonly RuleFileNews[];
      /** Of the files as they are, where nothing is wrong with any. */
      readonly digest: string | undefined;
    }
  /** A protection found somebody at something, and took a step of its ladder. */
  | { readonly kind: "offence"; readonly offence: Offence }
  | { readonly kind: "rule-hit"; readonly hit: RuleHit }
  /** Rules gave heat to somebody, or a step of heat was taken. */
  | { readonly kind: "heat"; readonly who: Heated; readonly record: HeatRecord }
  /** A wave began or changed. `members`: those that are new or changed; `left`: those that fit no more. */
  | {
      readonly kind: "wave";
      readonly wave: Wave;
      readonly members: readonly WaveMember[];
      readonly left: readonly UserId[];
    }
  /** What the members of a wave have in common, or whether that means anything, has changed. */
  | { readonly kind: "wave-profile"; readonly profile: WaveProfile }
  /** Of what is usual of those who come here something was learned. `joins`: so many joined within one minute. */
  | {
      readonly kind: "newcomers-learned";
      readonly learned: readonly LearnedNewcomer[];
      readonly joins: number;
    }
  /** What is known of a containment has changed, by no act. */
  | { readonly kind: "contained"; readonly contained: Contained }
  | { readonly kind: "room-mode"; readonly item: RoomModeItem }
  /** Somebody asks to be let in, or what is known of that has changed. */
  | { readonly kind: "knock"; readonly knock: Knock }
  /** They ask no more. */
  | { readonly kind: "knock-over"; readonly place: KnockPlace }
  /** What a moderator did with their own client was weighed. */
  | { readonly kind: "staff-weighed"; readonly act: StaffAct }
  /** A moderator's account acted far more than moderators do; or what was done about it has changed. */
  | { readonly kind: "staff-alarm"; readonly alarm: StaffAlarm }
  /** Somebody reported a message. `number`: in the list of the homeserver, which may tell of it without saying enough. */
  | { readonly kind: "report"; readonly report?: Report; readonly number?: number }
  /** The list of the homeserver was looked at for the first time: so many reports were there before. */
  | { readonly kind: "reports-begun"; readonly highest: number; readonly total: number }
  /** A case was opened, or has changed. */
  | { readonly kind: "case"; readonly case: Case }
  | { readonly kind: "reporter"; readonly reporter: Reporter }
  /** What is remembered of a room's policy server has changed. */
  | { readonly kind: "policy-place"; readonly place: PolicyPlace }
  /** An act of ours in a room with a policy server was refused, got no answer, or took long. */
  | { readonly kind: "policy-trouble"; readonly room: RoomId; readonly how: PolicyTroubleKind }
  /** Somebody, who says that they are a policy server, wants an event redacted. `content` is the whole, with its signatures. */
  | {
      readonly kind: "policy-command";
      readonly room: RoomId;
      readonly event: EventId;
      readonly content: JsonObject;
    }
  | { readonly kind: "policy-command-judged"; readonly verdict: PolicyVerdict }
  /** A list lost these rules with so many others that they stay in force until somebody says otherwise. */
  | { readonly kind: "rules-kept"; readonly rules: readonly Rule[] }
  /** What lists say of the person is not enough for anything, or is so no longer: then there are no lists. */
  | {
      readonly kind: "flagged";
      readonly user: UserId;
      readonly lists: readonly RoomId[];
      readonly total: number;
    }
  /** A moderator undid these incidents: the findings in them count no more. */
  | { readonly kind: "forgiven"; readonly incidents: readonly string[] }
  /** A command lacks an argument, which a moderator was asked for; or its prompt changed. */
  | { readonly kind: "prompted"; readonly prompt: OpenPrompt }
  /** The prompt of the command was answered, or nobody answers it any more. */
  | { readonly kind: "prompt-over"; readonly command: EventId }
  /** A question was put, or what it is about or its message has changed. */
  | { readonly kind: "asked"; readonly question: Question }
  | {
      readonly kind: "answered";
      readonly question: number;
      readonly yes: boolean;
      /** Of held messages: a no that bans. */
      readonly ban?: true;
      /** Undefined where the time to answer ended. */
      readonly by: UserId | undefined;
    }
  /** The end of a sync response. `token`: everything before it has been seen. */
  | { readonly kind: "synced"; readonly token: string }
  /** Time has passed. `retryRooms`: rooms that could not be joined or read are to be tried again. */
  | { readonly kind: "tick"; readonly retryRooms: boolean };

/** The observations of one kind. */
export type ObservationOf<Kind extends Seen["kind"]> = Extract<Seen, { readonly kind: Kind }> & Stamps;

export type Observation = Seen & Stamps;

interface Stamps {
  /** Milliseconds since the epoch on our clock, stamped on arrival. */
  readonly at: number;
  /**
   * Rules, mutes and the like end at this time if their end is at or before it. The earlier of our clock and the
   * homeserver's, so that one clock that jumps ahead ends nothing.
   */
  readonly dueBy: number;
}
