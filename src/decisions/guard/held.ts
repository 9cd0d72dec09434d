/** What has to wait for a person's yes, and why. */
import type { Say } from "../../kit/say.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { HeldAct } from "../../model/question-about.ts";
import type { Impact, ImpactLimits } from "../../policy/impact/impact.ts";

export interface BlastLimits extends ImpactLimits {
  /** What needs the yes of somebody else: nothing, what is large, whatever waits for a yes. */
  readonly secondPerson: "off" | "large" | "always";
  /** More people than this are for two to decide. */
  readonly secondPersonFrom: number;
  /** People who are hit within so long a time by one list, or by one protection, count together. */
  readonly windowMinutes: number;
  /** People whom commands may remove within an hour, all together. */
  readonly commandPeopleAnHour: number;
  /** People whom one protection may mute, kick or ban within an hour, and within a day. */
  readonly protectionPeopleAnHour: number;
  readonly protectionPeopleADay: number;
}

/** Rules of one list that have to wait. */
export interface HeldRules {
  readonly list: RoomId;
  readonly rules: readonly EventId[];
  readonly impact: Impact;
  readonly reasons: readonly Say[];
}

/** What a protection would do in an incident. */
export interface HeldFindings {
  readonly protection: string;
  readonly incident: string;
  readonly acts: readonly HeldAct[];
  /** The protection has done as much as it may without a person's look: its mutes wait as well. */
  readonly isOverBudget?: true;
}

/** Decisions that have to wait: all of a command, the removals of an incident, or what lists ask for in rooms new to them. */
export interface HeldDecisions {
  readonly by: { readonly command: EventId } | { readonly rooms: readonly RoomId[] } | HeldFindings;
  readonly impact: Impact;
  readonly reasons: readonly Say[];
  /** Of a command: somebody else has to say yes. */
  readonly needsSecond?: boolean;
}
