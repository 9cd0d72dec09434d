/**
 * The only hands. Takes steps, has them performed in order of danger, many rooms at once and one state write at
 * a time in each, and tells how every one of them ended. It never judges: what comes in is done.
 */
import type { Clock } from "../kit/clock.ts";
import type { Decision, Outcome, Step } from "../model/decision.ts";
import { actKey, isLocal } from "../model/action.ts";
import { Lanes } from "./lanes.ts";
import { Pace, type PaceLimits } from "./pace.ts";

/** How an attempt ended. Whoever performs has already retried what a single request can retry. */
export type Attempt =
  | Outcome["result"]
  /** 429: the server wants silence for so long. */
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  /** The room or server could not do it now. `everywhere`: nothing at all could be reached. */
  | { readonly kind: "unavailable"; readonly everywhere: boolean; readonly message: string };

export type Perform = (decision: Decision, signal: AbortSignal) => Promise<Attempt>;

export interface ExecutorLimits extends PaceLimits {
  /** Steps that may wait in one lane; beyond it the least urgent are refused and said to be. */
  readonly maxQueuedPerRoom: number;
}

/** A lane whose writes fail rests 1, 2, 4 ... seconds, at most this long. */
const longestRestMs = 60_000;
/** After so many in a row an act is given up for now (about four minutes); a rule's act is judged again later. */
const mostAttempts = 8;

export class Executor {
  readonly #clock: Clock;
  readonly #perform: Perform;
  readonly #ended: (outcome: Outcome) => void;
  readonly #stillHolds: (decision: Decision) => boolean;
  readonly #limits: ExecutorLimits;
  readonly #lanes = new Lanes();
  readonly #pace: Pace;
  /** Acts waiting or being performed, by their effect. */
  readonly #keys = new Map<string, number>();
  readonly #abort = new AbortController();
  #active = 0;
  #stopped = false;
  #wake: AbortController | undefined;
  #idle: (() => void)[] = [];

  constructor(options: {
    clock: Clock;
    perform: Perform;
    ended: (outcome: Outcome) => void;
    /** Asked right before an act that has waited: what it was decided for may be gone. */
    stillHolds?: (decision: Decision) => boolean;
    limits: ExecutorLimits;
  }) {
    this.#clock = options.clock;
    this.#perform = options.perform;
    this.#ended = options.ended;
    this.#stillHolds = options.stillHolds ?? (() => true);
    this.#limits = options.limits;
    this.#pace = new Pace(options.limits);
  }

  /** Steps not ended yet. */
  get pending(): number {
    return this.#lanes.waiting + this.#active;
  }

  /** Milliseconds the server has asked us to wait, from now. */
  pauseLeft(): number {
    return this.#pace.pauseLeft(this.#clock.now());
  }

  /** Whether an act with the same effect waits or is being performed. */
  isUnderWay(key: string): boolean {
    return this.#keys.has(key);
  }

  enqueue(steps: readonly Step[]): void {
    for (const step of steps) this.#add(step);
    this.#run();
  }

  /** Resolves when nothing waits and nothing is under way. */
  whenIdle(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Starts nothing new and gives what is under way `graceMs` to end. What waits stays open in the journal. */
  async stop(graceMs: number): Promise<void> {
    const done =
      this.#active === 0 ? Promise.resolve() : new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#stopped = true;
    this.#wake?.abort();
    const timeout = new AbortController();
    await Promise.race([done, this.#clock.sleep(graceMs, timeout.signal)]);
    timeout.abort();
    this.#abort.abort();
  }

  #add(step: Step): void {
    const { decision, lane } = step;
    const key = actKey(decision.action);
    // Ours alone: no server can slow it down or forbid it, and what waits may depend on it.
    if (isLocal(decision.action)) return void this.#settleAtOnce(step);
    if (decision.action.kind === "set-server-acl") this.#supersede(step);
    this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    this.#lanes.add(step);
    if (this.#lanes.waitingIn(lane) <= this.#limits.maxQueuedPerRoom) return;
    const least = this.#lanes.withdrawLast(lane);
    const message = `${this.#limits.maxQueuedPerRoom} acts are already waiting for this room`;
    if (least) this.#finish(least, { kind: "failed", lasting: false, code: "QUEUE_FULL", message });
  }

  async #settleAtOnce(step: Step): Promise<void> {
    this.#active++;
    const attempt = await this.#perform(step.decision, this.#abort.signal).catch(faultOf);
    this.#active--;
    const isOver = attempt.kind !== "limited" && attempt.kind !== "unavailable";
    this.#ended({
      decision: step.decision,
      result: isOver ? attempt : { kind: "failed", lasting: false, code: "INTERNAL", message: attempt.kind },
    });
    this.#run();
  }

  /** Of several ACLs that wait for one room only the newest is worth sending. */
  #supersede(step: Step): void {
    const older = this.#lanes.withdraw(
      step.lane,
      (waiting) => waiting.decision.action.kind === "set-server-acl",
    );
    if (older) this.#finish(older, { kind: "superseded" });
  }

  #run(): void {
    this.#startWhatMay();
    const isIdle = this.#active === 0 && (this.#stopped || this.#lanes.waiting === 0);
    if (isIdle) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #startWhatMay(): void {
    while (!this.#stopped) {
      const now = this.#clock.now();
      if (this.#active >= this.#pace.allowance(now)) return this.#sleepUntil(this.#pace.nextChange(now));
      const next = this.#lanes.next(now);
      if (!("step" in next)) return this.#sleepUntil(next.wakeAt);
      if (!this.#stillHolds(next.step.decision)) {
        this.#lanes.ended(next.step);
        this.#finish(next.step, { kind: "superseded" });
        continue;
      }
      this.#pace.started(now, this.#active);
      this.#active++;
      void this.#attempt(next.step);
    }
  }

  async #attempt(step: Step): Promise<void> {
    const attempt = await this.#perform(step.decision, this.#abort.signal).catch(faultOf);
    this.#active--;
    if (!this.#abort.signal.aborted) this.#settle(step, attempt);
    this.#run();
  }

  #settle(step: Step, attempt: Attempt): void {
    const now = this.#clock.now();
    switch (attempt.kind) {
      case "limited":
        this.#pace.limited(now, attempt.retryAfterMs);
        this.#lanes.ended(step);
        return this.#retry(step);
      case "unavailable": {
        if (!attempt.everywhere && this.#lanes.failuresIn(step.lane) >= mostAttempts) {
          // Something about this very act may be the trouble: the others of the room must not wait for it for ever.
          this.#lanes.ended(step);
          return this.#finish(step, {
            kind: "failed",
            lasting: false,
            code: "UNAVAILABLE",
            message: attempt.message,
          });
        }
        const restMs = Math.min(longestRestMs, 1000 * 2 ** this.#lanes.failuresIn(step.lane));
        if (attempt.everywhere) this.#pace.troubled(now, Math.min(restMs, 5_000));
        this.#lanes.ended(step, { until: now + restMs });
        return this.#retry(step);
      }
      default:
        if (attempt.kind === "done") this.#pace.succeeded(now);
        this.#lanes.ended(step);
        this.#finish(step, attempt);
    }
  }

  /** Back to the head of its class, unless a newer ACL has come meanwhile. */
  #retry(step: Step): void {
    const isNewerWaiting = (waiting: Step) =>
      step.decision.action.kind === "set-server-acl" && waiting.decision.action.kind === "set-server-acl";
    const newer = this.#lanes.withdraw(step.lane, isNewerWaiting);
    if (!newer) return this.#lanes.putBack(step);
    this.#lanes.putBack(newer);
    this.#finish(step, { kind: "superseded" });
  }

  #finish(step: Step, result: Outcome["result"]): void {
    const key = actKey(step.decision.action);
    const left = (this.#keys.get(key) ?? 1) - 1;
    if (left > 0) this.#keys.set(key, left);
    else this.#keys.delete(key);
    this.#ended({ decision: step.decision, result });
  }

  #sleepUntil(at: number | undefined): void {
    this.#wake?.abort();
    if (at === undefined || this.#stopped) return;
    const wake = (this.#wake = new AbortController());
    void this.#clock.sleep(Math.max(1, at - this.#clock.now()), wake.signal).then(() => {
      if (!wake.signal.aborted) this.#run();
    });
  }
}

/** A fault of ours while performing is an outcome like any other. */
function faultOf(error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", lasting: false, code: "INTERNAL", message };
}
