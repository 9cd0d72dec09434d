/**
 * What a part of the bot is: something that remembers and reacts. Each is listed once, in `lifecycle/build-bot.ts`, and
 * the order of that list is the order in which the hooks below are called.
 */
import type { HeldDecisions } from "../decisions/guard/held.ts";
import type { Refusal } from "../decisions/guard/guard.ts";
import type { RulesMoved } from "../decisions/judge/judge.ts";
import type { FindingResponse } from "../decisions/respond/respond.ts";
import type { Words } from "../model/actions/action.ts";
import type { Cause, Decision, Outcome } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";
import type { Changes } from "../model/world/changes.ts";

/** Observations that came together, after the world has applied them, with what changed by them. */
export interface Batch {
  readonly seen: readonly Observation[];
  /** When the last of them came, ms since the epoch. */
  readonly at: number;
  readonly changes: Changes;
  readonly moved: RulesMoved;
}

/** A batch together with what protections found in it. */
export interface LookedAt extends Batch {
  readonly findings: readonly FindingResponse[];
}

/** Proposals that the guard did not allow. */
export interface NotDone {
  /** What waits for a person's yes. */
  readonly held: readonly HeldDecisions[];
  /** Refusals that moderators have not been told yet. */
  readonly refused: readonly Refusal[];
}

/** Somebody's membership of a room. */
export interface MemberPlace {
  readonly room: RoomId;
  readonly user: UserId;
}

/** What an earlier run did not finish, as the journal tells. */
export interface LeftOver {
  /** Decisions without an outcome. */
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
  /** Rooms to judge with this batch although nothing in it changed them. Asked after the world has applied it. */
  roomsToReconsider?(seen: readonly Observation[]): Iterable<RoomId>;
  /** The same for one person in one room. */
  peopleToReconsider?(seen: readonly Observation[]): Iterable<MemberPlace>;
  /**
   * The world has applied the batch; nothing is judged yet. Where a part throws here, nothing of the batch is judged.
   */
  seen?(batch: Batch): void;
  /** Acts. They pass the guard, together with those that lists and protections ask for. */
  proposes?(batch: LookedAt): readonly Decision[];
  /** What the guard held back or refused. */
  guarded?(notDone: NotDone, batch: LookedAt): void;
  /** The act or message is in the journal, and is enqueued once the transaction is written. */
  handedOver?(decision: Decision): void;
  /** The undo number of a command or incident. */
  numbered?(occasion: string, number: number): void;
  /** All that the guard allowed, including acts that are under way already for another cause. */
  allowed?(decisions: readonly Decision[]): void;
  /** An act or message was performed, failed or was called off. */
  ended?(outcome: Outcome, at: number): void;
  /**
   * Messages and reactions in the management room: their type allows no act on anybody, so they skip the guard. Asked
   * when the acts are in the journal.
   */
  says?(batch: LookedAt): readonly Decision<Words>[];
  /** When the part wants a tick, ms since the epoch; undefined while nothing waits. */
  nextAt?(): number | undefined;
  /** Everything was read and judged once: from here on commands are obeyed, and changes are news. */
  caughtUp?(): void;
  /** Called before the acts of an earlier run are continued. */
  resume?(left: LeftOver, at: number): void;
  /** Called after they were. */
  resumed?(at: number): readonly Decision<Words>[];
}
