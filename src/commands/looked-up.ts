/** What was found out about a command before it is run, or by an earlier pass of it. */
import type { Outcome } from "../model/decision.ts";
import type { FoundBan, RoomEvent } from "../model/event.ts";
import type { GivenText, NamedPeople } from "../model/heard-command.ts";
import type { ResolvedAlias, RoomAlias } from "../model/ids.ts";
import type { RoomLookedUp } from "../model/room-details.ts";
import type { FoundPolicyServer } from "../model/policy-server.ts";
import type { Subject } from "../model/subject.ts";
import type { TrialReport } from "../model/trial-report.ts";

/** Results of the reads that an earlier pass of this command requested. */
export interface EarlierReads {
  readonly outcomes: readonly Outcome[];
  readonly bans: readonly FoundBan[];
  /** Further bans that were not read. */
  readonly bansLeftOut: number;
  /** Of a protection that was tried on the past; undefined without a report: somebody has ended it. */
  readonly tried?: { readonly report: TrialReport | undefined } | undefined;
  /** A command that was said later takes this one back. */
  readonly isCalledOff: boolean;
  /** The reads take too long: the command must reply with what there is. */
  readonly isOverdue: boolean;
}

/** What was asked of the homeserver about a command, before it is read. */
export interface LookedUp {
  readonly aliases: ReadonlyMap<RoomAlias, ResolvedAlias>;
  /** People by the folded display names in the command. */
  readonly names?: ReadonlyMap<string, NamedPeople> | undefined;
  /** What the message is about that the command replies to. */
  readonly subject?: Subject | undefined;
  /** The event that a command names that reads it first; undefined where it could not be read. */
  readonly named?: RoomEvent | undefined;
  /** What the homeserver tells of the room that a command names that reads that first; undefined where it could not be read. */
  readonly details?: RoomLookedUp | undefined;
  /** Of a command that takes one: the text of a file or a message; undefined where there is none. */
  readonly given?: GivenText | undefined;
  /** Of a command that names a policy server: what the server that it names says of itself. */
  readonly policyServer?: FoundPolicyServer | undefined;
  /** Undefined where the command is run for the first time. */
  readonly earlierReads?: EarlierReads | undefined;
}
