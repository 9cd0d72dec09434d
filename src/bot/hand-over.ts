/**
 * From steps to acts: writes a batch down in one transaction (what was believed, how far the sync was read, how acts
 * ended, what will be done and said), and only then hands the steps to the executor. A crash in between leaves either
 * nothing of the batch, which is then synced again, or all of it, which is then resumed.
 */
import { isOfHeat } from "../automod/heat.ts";
import type { Executor } from "../executor/executor.ts";
import type { Journal } from "../journal/journal.ts";
import type { JournalPast } from "../journal/past.ts";
import type { Stash } from "../journal/stash.ts";
import type { Clock } from "../kit/clock.ts";
import type { Action, Words } from "../model/actions/action.ts";
import { actKey, isNumbered } from "../model/actions/traits.ts";
import type { Decision, Outcome, Step } from "../model/decision.ts";
import type { Refusal } from "../decisions/guard/guard.ts";
import { stepOf } from "../decisions/plan.ts";
import type { Observation } from "../model/observation.ts";
import type { RuleChange } from "../model/policy-rule.ts";
import { isSingleUse } from "../model/question.ts";
import type { World } from "../model/world/world.ts";
import type { BufferedWrites, Write } from "../store/buffered-writes.ts";

export interface HandOverOptions {
  readonly world: World;
  readonly writes: BufferedWrites;
  readonly journal: Journal;
  readonly past: JournalPast;
  readonly stash: Stash;
  readonly executor: Executor;
  readonly clock: Clock;
}

/** Told while a batch is written. */
export interface Listeners {
  readonly handedOver: (decision: Decision) => void;
  readonly numbered: (occasion: string, number: number) => void;
}

/** What is written down with the acts. */
export interface ActsOfBatch {
  readonly steps: readonly Step[];
  readonly outcomes: readonly { readonly outcome: Outcome; readonly at: number }[];
  readonly refused: readonly Refusal[];
  /** Rules that came, went or changed. */
  readonly rules: readonly RuleChange[];
}

/** Writes what belongs to the batch, while its transaction is open. */
export interface Pen {
  readonly acts: (acts: ActsOfBatch) => void;
  /** Each group is enqueued by itself, in this order. */
  readonly words: (groups: readonly (readonly Decision<Words>[])[]) => void;
}

export class HandOver {
  readonly #options: HandOverOptions;
  readonly #listeners: Listeners;
  /** Keys of the steps that are written with the open transaction and enqueued after it. */
  readonly #leaving = new Set<string>();

  constructor(options: HandOverOptions, listeners: Listeners) {
    this.#options = options;
    this.#listeners = listeners;
  }

  /** Whether an act with the same effect waits, is being performed, or is about to be handed over. */
  isUnderWay(key: string): boolean {
    return this.#leaving.has(key) || this.#options.executor.isUnderWay(key);
  }

  /** Steps that have not ended, those included that are about to be enqueued. */
  get pending(): number {
    return this.#options.executor.pending + this.#leaving.size;
  }

  /** Writes one transaction, then enqueues its steps; also where nothing can be written, as on a full disk. */
  batch(seen: readonly Observation[], decide: (pen: Pen) => void): void {
    const { world, writes, executor, clock } = this.#options;
    const leaving: (readonly Step[])[] = [];
    const now = clock.now();
    const body = (write: Write) =>
      decide({
        acts: (acts) => void leaving.push(this.#acts(acts, { write, now })),
        words: (groups) => void leaving.push(...this.#words(groups, write)),
      });
    try {
      writes.inTransaction(now, body, () => ({
        rows: world.takeRows(),
        token: seen.findLast((one) => one.kind === "synced")?.token,
      }));
    } finally {
      this.#leaving.clear();
      for (const steps of leaving) executor.enqueue(steps);
    }
  }

  #acts(
    { steps, outcomes, refused, rules }: ActsOfBatch,
    { write, now }: { write: Write; now: number },
  ): readonly Step[] {
    const { journal, past, stash, world } = this.#options;
    const decisions = steps.map((step) => step.decision);
    const removed = stash.sealedOf(decisions);
    const work = () => {
      for (const { outcome, at } of outcomes) {
        journal.close(outcome, at);
        stash.ended(outcome);
      }
      stash.keep(removed);
      for (const { decision, why } of refused) journal.refuse({ decision, why: why.text });
      past.rulesEnded(rules, now);
      for (const occasion of numberedIn(steps, world))
        this.#listeners.numbered(occasion, past.number(occasion));
      return journal.open(decisions);
    };
    const size = outcomes.length + refused.length + rules.length + steps.length + removed.length;
    return this.#handed(steps, write(work, size));
  }

  #words(groups: readonly (readonly Decision<Words>[])[], write: Write): readonly (readonly Step[])[] {
    const decisions = groups.flat();
    if (decisions.length === 0) return [];
    const opened = write(() => this.#options.journal.open(decisions), decisions.length);
    return groups.map((group) =>
      this.#handed(
        group.map((decision) => stepOf(decision, this.#options.world)),
        opened,
      ),
    );
  }

  /** `opened` is undefined where nothing could be written. */
  #handed(steps: readonly Step[], opened: ReadonlySet<string> | undefined): readonly Step[] {
    const handed = opened ? steps.filter((step) => opened.has(step.decision.id)) : steps;
    for (const { decision } of handed) {
      this.#leaving.add(actKey(decision.action));
      this.#listeners.handedOver(decision);
    }
    return handed;
  }
}

/** Commands and incidents that get an undo number: those of which an act can be taken back. */
function numberedIn(steps: readonly Step[], world: World): ReadonlySet<string> {
  return new Set(
    steps.flatMap(({ decision: { action, because } }) => {
      if (because.kind === "finding") return isNumbered(action) || isOfHeat(because) ? because.incident : [];
      if (because.kind !== "command" || because.via || !isNumbered(action)) return [];
      return answersCommand(action, world) ? [] : because.event;
    }),
  );
}

/** A yes to a command or an offer gets no undo number: the command that it leads to has one. */
function answersCommand(action: Action, { questions }: World): boolean {
  const question = action.kind === "answer-question" ? questions.get(action.question) : undefined;
  return question !== undefined && isSingleUse(question);
}
