/**
 * What a part of the bot is: something that remembers and reacts. Each is listed once, in `lifecycle/build-bot.ts`, and
 * the order of that list is the order in which the hooks below are called.
 */
import type { HeldDecisions } from "../decisions/guard/blast-radius.ts";
import type { Refusal } from "../decisions/guard/guard.ts";
import type { RulesMoved } from "../decisions/judge/judge.ts";
import type { FindingResponse } from "../decisions/respond/respond.ts";
import type { Words } from "../model/actions/action.ts";
import type { Cause, Decision, Outcome } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";
import type { Changes } from "../model/world/changes.ts";

/** Observations that came together and are believed by now, with what changed by them. */
export interface Batch {
  readonly seen: readonly Observation[];
  /** When the last of them came, ms since the epoch. */
  readonly at: number;
  readonly changes: Changes;
  readonly moved: RulesMoved;
}

/** A batch that protections have looked at as well. */
export interface LookedAt extends Batch {
  readonly findings: readonly FindingResponse[];
}

/** What of the proposals is not done. */
export interface NotDone {
  /** What waits for a person's yes. */
  readonly held: readonly HeldDecisions[];
  /** Refusals that are news. */
  readonly refused: readonly Refusal[];
}

/** What an earlier run did not finish, as the journal tells. */
export interface LeftOver {
  /** Decided, and without an outcome. */
  readonly open: readonly Decision[];
  /** Commands whose reply was not completed. */
  readonly unanswered: readonly Extract<Cause, { kind: "command" }>[];
}

/**
 * Every hook may be left out. All are called within a batch and in this order, but for `nextAt`, `caughtUp`, `resume` and
 * `resumed`. A part that throws is logged by its name, and the other parts are called all the same.
 */
export interface Part {
  readonly name: string;
  /** Rooms to judge again together with what the batch changed. Asked when the batch is believed. */
  roomsToReconsider?(seen: readonly Observation[]): Iterable<RoomId>;
  /** The batch is believed and nothing is judged. Where a part throws here, nothing of the batch is judged. */
  seen?(batch: Batch): void;
  /** Acts. They pass the guard together with what was judged and what protections answer. */
  proposes?(batch: LookedAt): readonly Decision[];
  /** The guard has spoken. */
  guarded?(notDone: NotDone, batch: LookedAt): void;
  /** The act is in the journal and will be handed to the executor; so are words, once they are. */
  handedOver?(decision: Decision): void;
  /** The command or incident has got a number by which it can be taken back. */
  numbered?(occasion: string, number: number): void;
  /** All that the guard allowed, those acts included that are under way already for another reason. */
  allowed?(decisions: readonly Decision[]): void;
  /** An act is over. */
  ended?(outcome: Outcome, at: number): void;
  /** Words and marks: by their type they touch nobody, and go past the guard. Decided when the acts are in the journal. */
  says?(batch: LookedAt): readonly Decision<Words>[];
  /** When something is due, should nothing else happen. */
  nextAt?(): number | undefined;
  /** Everything was read and judged once: from here on commands are obeyed, and changes are news. */
  caughtUp?(): void;
  /** Before what an earlier run left is taken up. */
  resume?(left: LeftOver, at: number): void;
  /** After it was taken up. */
  resumed?(at: number): readonly Decision<Words>[];
}
