/**
 * Time for stories: it stands still until everybody waits, then jumps to the next sleeper. Nothing
 * sleeps in real time, and the same story always runs in the same order.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

interface Sleeper {
  readonly dueAt: number;
  readonly order: number;
  readonly wake: () => void;
}

export interface RunOptions {
  /** How much fake time may pass; ten minutes unless said otherwise. */
  readonly limitMs?: number;
  /** What is being waited for, for the error message. */
  readonly what?: string;
}

/** Turns of the event loop without outstanding work that count as "nothing is going on". */
const quietTurns = 3;
/** Where all work is promises, one turn runs all of it. */
const quietTurnsOfPromises = 1;
/** Bounds work that never calms down, such as a loop that yields to itself. */
const mostTurns = 200_000;

export class FakeClock {
  #now: number;
  #steppedMs = 0;
  #order = 0;
  /** Registered or woken sleepers; tells a drain that something happened. */
  #activity = 0;
  readonly #sleepers = new Set<Sleeper>();
  /** What takes real time all the same. */
  readonly #outside = new Set<Promise<unknown>>();
  readonly #onlyPromises: boolean;

  /** `onlyPromises`: the code under test reads no files by itself and sets no immediates, so there is less to wait for. */
  constructor(start = Date.UTC(2025, 0, 1), { onlyPromises = false }: { onlyPromises?: boolean } = {}) {
    this.#now = start;
    this.#onlyPromises = onlyPromises;
  }

  now(): number {
    return this.#now;
  }

  /** Our wall clock, which somebody may have set: `now()` is the time of everybody else. */
  wall(): number {
    return this.#now + this.#steppedMs;
  }

  /** Sets our wall clock forth or, below zero, back. Sleeps take as long as before. */
  step(ms: number): void {
    this.#steppedMs += ms;
  }

  /** Everybody was asleep for so long: who would have woken meanwhile wakes at its end. */
  async skip(ms: number): Promise<void> {
    await this.settle();
    this.#wakeAt(this.#now + ms);
    await this.settle();
  }

  get pendingSleeps(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#activity += 1;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        dueAt: this.#now + Math.max(0, ms),
        order: (this.#order += 1),
        wake: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Time stands still until it is done: for what no turn of the event loop shows, such as a library being loaded. */
  standStill<T>(work: Promise<T>): Promise<T> {
    const over: Promise<unknown> = Promise.allSettled([work]);
    this.#outside.add(over);
    void over.then(() => this.#outside.delete(over));
    return work;
  }

  /** Lets `ms` pass, waking everybody due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let due = this.#nextDue(); due !== undefined && due <= end; due = this.#nextDue()) {
      this.#wakeAt(due);
      await this.settle();
    }
    this.#now = end;
    await this.settle();
  }

  /** Runs, jumping over idle time, until the promise settles or the predicate holds. */
  async runUntil<T>(target: Promise<T> | (() => boolean), options: RunOptions = {}): Promise<T> {
    const goal = typeof target === "function" ? predicateGoal<T>(target) : promiseGoal(target);
    const end = this.#now + (options.limitMs ?? 600_000);
    for (;;) {
      if (await this.settle(goal.isReached)) return goal.value();
      const due = this.#nextDue();
      if (due === undefined) throw this.#stuck("nothing is pending any more", options);
      if (due > end) throw this.#stuck("the limit of fake time is passed", options);
      this.#wakeAt(due);
    }
  }

  /** Runs everything that needs no time to pass; true as soon as `isReached` says so. */
  async settle(isReached: () => boolean = () => false): Promise<boolean> {
    const enough = this.#onlyPromises ? quietTurnsOfPromises : quietTurns;
    let quiet = 0;
    for (let turn = 0; quiet < enough; turn += 1) {
      if (isReached()) return true;
      if (turn >= mostTurns) throw new Error("FakeClock: the code under test never comes to rest");
      const before = this.#activity;
      await nextTurn();
      if (this.#outside.size > 0) await Promise.all(this.#outside);
      const isBusy = !this.#onlyPromises && hasOutstandingWork();
      quiet = this.#activity === before && !isBusy ? quiet + 1 : 0;
    }
    return isReached();
  }

  #nextDue(): number | undefined {
    let earliest: number | undefined;
    for (const { dueAt } of this.#sleepers) {
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
    return earliest;
  }

  #wakeAt(due: number): void {
    this.#now = due;
    this.#activity += 1;
    const ready = [...this.#sleepers].filter((sleeper) => sleeper.dueAt <= due);
    ready.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    for (const sleeper of ready) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  #stuck(why: string, options: RunOptions): Error {
    const sleeps = [...this.#sleepers]
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, 10)
      .map((sleeper) => `${sleeper.dueAt - this.#now} ms`);
    const more = this.#sleepers.size > 10 ? `, and ${this.#sleepers.size - 10} more` : "";
    return new Error(
      `FakeClock: ${options.what ?? "the goal"} was not reached: ${why}. ` +
        `Now ${new Date(this.#now).toISOString()}; sleeping: ${sleeps.join(", ") || "nobody"}${more}.`,
    );
  }
}

interface Goal<T> {
  readonly isReached: () => boolean;
  readonly value: () => Promise<T>;
}

function promiseGoal<T>(promise: Promise<T>): Goal<T> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  return { isReached: () => isSettled, value: () => promise };
}

function predicateGoal<T>(predicate: () => boolean): Goal<T> {
  return { isReached: predicate, value: () => Promise.resolve(undefined as T) };
}

/** File work and immediates of the code under test, which finish without our help. */
function hasOutstandingWork(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind === "Immediate" || kind.startsWith("FSReq"));
}
