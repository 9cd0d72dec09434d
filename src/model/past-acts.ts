/** What can be asked about the past: what was decided, why, how it ended, and which rules there once were. */
import type { Action } from "./actions/action.ts";
import type { Cause, Decision, Outcome } from "./decision.ts";
import type { EventId, RoomId } from "./ids.ts";
import type { StashView } from "./stash.ts";
import type { Rule } from "./policy-rule.ts";

export interface PastAct {
  readonly decision: Decision;
  /** How it ended; undefined while it is open. */
  readonly result: Outcome["result"] | undefined;
}

export interface PastRefusal {
  readonly at: number;
  readonly kind: string;
  readonly room: RoomId | undefined;
  readonly why: string;
  readonly because: Cause;
}

/** A rule that was removed or changed, as it was before. */
export interface PastRule {
  readonly rule: Rule;
  readonly endedAt: number;
  /** Who removed or changed it; undefined where its time was over. */
  readonly endedBy: string | undefined;
}

/** A command or an incident that led to something, under its undo number. */
export interface PastOccasion {
  readonly number: number;
  readonly because: Extract<Cause, { kind: "command" | "finding" }>;
}

export interface Past {
  /** What was removed, as long as that is kept. */
  readonly stash: StashView;
  ofNumber(number: number): PastOccasion | undefined;
  numberOf(occasion: string): number | undefined;
  /** Newest first. */
  occasions(limit: number): readonly PastOccasion[];
  /** Everything that one occasion (a command, a rule, an incident) led to, in order. */
  ofOccasion(occasion: string): readonly PastAct[];
  /** Everything ever decided about a user, server or entity, newest first. */
  about(subject: string, limit: number): readonly PastAct[];
  /** Everything ever decided in a room, newest first. */
  inRoom(room: RoomId, limit: number): readonly PastAct[];
  /** What wrote the message of ours in the room; undefined where it is older than what is looked at. */
  ofMessage(message: EventId, room: RoomId): Action | undefined;
  refusalsOf(target: string, limit: number): readonly PastRefusal[];
  /** Former rules for the entity, and former globs that match it; newest first. */
  rulesOnce(entity: string, limit: number): readonly PastRule[];
  /** Former rules of the list that went or were changed since then; newest first. */
  rulesGoneFrom(list: RoomId, since: number, limit: number): readonly PastRule[];
}

/** The event that the act wrote; undefined where it is not done or wrote none. */
export function writtenBy({ result }: PastAct): EventId | undefined {
  return result?.kind === "done" ? result.eventId : undefined;
}
