/** What can be asked about the past: what was decided, for what, how it ended, and which rules there once were. */
import type { Cause, Decision, Outcome } from "./decision.ts";
import type { EventId, RoomId } from "./ids.ts";
import type { Rule } from "./policy-rule.ts";

export interface PastAct {
  readonly decision: Decision;
  /** Undefined while it is open. */
  readonly result: Outcome["result"] | undefined;
}

export interface PastRefusal {
  readonly at: number;
  readonly kind: string;
  readonly room: RoomId | undefined;
  readonly why: string;
  readonly because: Cause;
}

/** A rule that is no more, or no longer as it was. */
export interface PastRule {
  readonly rule: Rule;
  readonly endedAt: number;
  /** Who ended it; undefined where its time was over. */
  readonly endedBy: string | undefined;
}

/** A command or an incident that led to something, under its small number. */
export interface PastOccasion {
  readonly number: number;
  readonly because: Extract<Cause, { kind: "command" | "finding" }>;
}

export interface Past {
  ofNumber(number: number): PastOccasion | undefined;
  numberOf(occasion: string): number | undefined;
  /** Newest first. */
  occasions(limit: number): readonly PastOccasion[];
  /** Everything that one event (a command, a rule) led to, in order. */
  ofOccasion(occasion: string): readonly PastAct[];
  /** Everything ever decided about a user, server or entity, newest first. */
  about(subject: string, limit: number): readonly PastAct[];
  /** Everything ever decided in a room, newest first. */
  inRoom(room: RoomId, limit: number): readonly PastAct[];
  refusalsOf(target: string, limit: number): readonly PastRefusal[];
  /** Rules for the entity that are no more, and globs that matched it; newest first. */
  rulesOnce(entity: string, limit: number): readonly PastRule[];
}

/** The event that an act wrote, where it was done. */
export function writtenBy({ result }: PastAct): EventId | undefined {
  return result?.kind === "done" ? result.eventId : undefined;
}
