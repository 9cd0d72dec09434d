/**
 * The only hands. Takes steps, has them performed in order of danger, many rooms at once and one state write at
 * a time in each, and tells how every one of them ended. It never judges: what comes in is done.
 */
import type { Clock } from "../kit/clock.ts";
import { priority } from "../model/actions/priority.ts";
import type { Decision, Outcome, Step } from "../model/decision.ts";
import { actKey, isLocal, requestClassOf } from "../model/actions/traits.ts";
import { Concurrency, type Act } from "./concurrency.ts";
import { Lanes } from "./lanes.ts";
import type { WidthLimits } from "./adaptive-width.ts";
import { RateLimitEstimate } from "./rate-limit-estimate.ts";

/** How an attempt ended. Whoever performs has already retried what a single request can retry. */
export type Attempt =
  | Outcome["result"]
  /** 429: the server wants silence for so long. */
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  /** The room or server could not do it now. `everywhere`: nothing at all could be reached. */
  | { readonly kind: "unavailable"; readonly everywhere: boolean; readonly message: string };

export type Perform = (decision: Decision, signal: AbortSignal) => Promise<Attempt>;

export interface ExecutorLimits extends WidthLimits {
  /** Steps that may wait in one lane; beyond it the least urgent are refused and said to be. */
  readonly maxQueuedPerRoom: number;
}

/** A lane whose writes fail rests for so long, then twice as long each time, up to a minute. */
const firstRestsMs = [100, 200, 1_000];
const longestRestMs = 60_000;
/** After so many in a row an act is given up for now (about four minutes); a rule's act is judged again later. */
const mostAttempts = 12;
/** Where nothing can be reached, everybody rests, and looks again soon. */
const longestRestOfAllMs = 5_000;

/** What is told of the work while it lasts, in messages: they cost writes, too. */
const mostWords = 3;

interface Underway extends Act {
  readonly step: Step;
}

export class Executor {
  readonly #clock: Clock;
  readonly #perform: Perform;
  readonly #ended: (outcome: Outcome) => void;
  readonly #stillHolds: (decision: Decision) => boolean;
  readonly #limits: ExecutorLimits;
  readonly #lanes = new Lanes();
  readonly #concurrency: Concurrency<Underway>;
  readonly #quota = new RateLimitEstimate();
  /** Acts waiting or being performed, by their effect. */
  readonly #keys = new Map<string, number>();
  /** Where moderators are answered. */
  readonly #answeredIn = new Set<string>();
  /** How often an act could not be done so far, by its decision. */
  readonly #failures = new Map<string, number>();
  readonly #abort = new AbortController();
  /** Changes of our own settings, which no hand does. */
  #settling = 0;
  #stopped = false;
  #wake: { readonly at: number; readonly abort: AbortController } | undefined;
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
    this.#concurrency = new Concurrency(options.limits);
  }

  /** Steps not ended yet. */
  get pending(): number {
    return this.#lanes.waiting + this.#active;
  }

  get #active(): number {
    return this.#concurrency.active + this.#settling;
  }

  /** Milliseconds the server has asked us to wait, from now. */
  pauseLeft(): number {
    return this.#concurrency.pauseLeft(this.#clock.now());
  }

  /** Milliseconds until everything that waits now is done, where the server's rate limit is what it waits for. */
  expectedMs(): number | undefined {
    const writes = this.#lanes.waitingFor("write") + this.#concurrency.activeIn("write");
    const words = Math.min(mostWords, Math.ceil(writes / 8));
    return this.#quota.expectedMs(this.#clock.now(), writes + words);
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
    this.#wake?.abort.abort();
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
    this.#supersede(step);
    this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    if (isAnswer(decision)) this.#answeredIn.add(lane);
    this.#lanes.add(this.#isAwaitedWord(step) ? { ...step, ...atOnce } : step);
    if (this.#lanes.waitingIn(lane) <= this.#limits.maxQueuedPerRoom) return;
    const least = this.#lanes.withdrawLast(lane);
    const message = `${this.#limits.maxQueuedPerRoom} acts are already waiting for this room`;
    if (least) this.#finish(least, { kind: "failed", lasting: false, code: "QUEUE_FULL", message });
  }

  async #settleAtOnce(step: Step): Promise<void> {
    this.#settling++;
    const attempt = await this.#perform(step.decision, this.#abort.signal).catch(faultOf);
    this.#settling--;
    const isOver = attempt.kind !== "limited" && attempt.kind !== "unavailable";
    this.#ended({
      decision: step.decision,
      result: isOver ? attempt : { kind: "failed", lasting: false, code: "INTERNAL", message: attempt.kind },
    });
    this.#run();
  }

  /** Of several ACLs that wait for one room, and of several edits of one message, only the newest is worth sending. */
  #supersede(step: Step): void {
    const older = this.#lanes.withdraw(step.lane, (waiting) => replaces(step.decision, waiting.decision));
    if (older) this.#finish(older, { kind: "superseded" });
  }

  /** Under a rate limit the answer to a moderator would come when all is over: it costs few writes, and goes first. */
  #isAwaitedWord({ decision }: Step): boolean {
    return isAnswer(decision) && this.expectedMs() !== undefined;
  }

  /** An answer may have been given before the first refusal: a slow server refuses late. */
  #hastenWords(): void {
    if (this.expectedMs() === undefined) return;
    const isOvertaken = ({ decision, rank }: Step) => isAnswer(decision) && rank !== atOnce.rank;
    for (const lane of this.#answeredIn) {
      for (let step = this.#lanes.withdraw(lane, isOvertaken); step;) {
        this.#lanes.add({ ...step, ...atOnce });
        step = this.#lanes.withdraw(lane, isOvertaken);
      }
    }
  }

  #run(): void {
    this.#startWhatMay();
    const isIdle = this.#active === 0 && (this.#stopped || this.#lanes.waiting === 0);
    if (this.#lanes.waitingFor("write") + this.#concurrency.activeIn("write") === 0)
      this.#quota.rested(this.#clock.now());
    if (isIdle) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #startWhatMay(): void {
    while (!this.#stopped) {
      const now = this.#clock.now();
      for (const { step } of this.#concurrency.turnedSlow(now)) this.#lanes.noteSlow(step.lane, true);
      const next = this.#lanes.next(now, (slot) => this.#concurrency.isFree(slot, now));
      if (!("step" in next)) return this.#sleepUntil(this.#nextChange(now, next.wakeAt));
      const { step, slot } = next;
      if (!this.#stillHolds(step.decision)) {
        this.#lanes.ended(step);
        this.#finish(step, { kind: "superseded" });
        continue;
      }
      const act: Underway = { step, slot, startedAt: now };
      this.#concurrency.begin(act);
      void this.#attempt(act);
    }
  }

  /** When something that waits may go, if nothing ends before. */
  #nextChange(now: number, wakeAt: number | undefined): number | undefined {
    const change = this.#lanes.waiting > 0 ? this.#concurrency.nextChange(now) : undefined;
    return change === undefined ? wakeAt : Math.min(change, wakeAt ?? Infinity);
  }

  async #attempt(act: Underway): Promise<void> {
    const attempt = await this.#perform(act.step.decision, this.#abort.signal).catch(faultOf);
    this.#concurrency.end(act);
    if (!this.#abort.signal.aborted) this.#settle(act, attempt);
    this.#run();
  }

  #settle(act: Underway, attempt: Attempt): void {
    const now = this.#clock.now();
    const { step } = act;
    const isWrite = requestClassOf(step.decision.action) === "write";
    switch (attempt.kind) {
      case "limited":
        this.#concurrency.limited(act, now, attempt.retryAfterMs);
        if (isWrite) this.#quota.refused(now, attempt.retryAfterMs);
        this.#lanes.ended(step);
        this.#retry(step);
        return this.#hastenWords();
      case "unavailable":
        return this.#unavailable(step, attempt, now);
      default:
        if (attempt.kind === "done") this.#concurrency.succeeded(act, now);
        if (attempt.kind === "done" && isWrite) this.#quota.passed(now, act.startedAt);
        this.#lanes.ended(step);
        if (isWrite) this.#lanes.noteSlow(step.lane, this.#concurrency.isSlow(act, now));
        this.#finish(step, attempt);
    }
  }

  #unavailable(step: Step, attempt: Extract<Attempt, { kind: "unavailable" }>, now: number): void {
    const { everywhere, message } = attempt;
    const failures = (this.#failures.get(step.decision.id) ?? 0) + 1;
    if (!everywhere && failures >= mostAttempts) {
      // Something about this very act may be the trouble: the others of the room must not wait for it for ever.
      this.#lanes.ended(step);
      return this.#finish(step, { kind: "failed", lasting: false, code: "UNAVAILABLE", message });
    }
    if (!everywhere) this.#failures.set(step.decision.id, failures);
    const restMs = restAfter(this.#lanes.failuresIn(step.lane));
    if (everywhere) this.#concurrency.troubled(now, Math.min(restMs, longestRestOfAllMs));
    this.#lanes.ended(step, { now, ms: restMs });
    // A broken room is tried beside the others, who have better use for their places.
    if (!everywhere) this.#lanes.noteSlow(step.lane, true);
    this.#retry(step);
  }

  /** Back to where it was, unless something newer has come that replaces it. */
  #retry(step: Step): void {
    const newer = this.#lanes.withdraw(step.lane, (waiting) => replaces(waiting.decision, step.decision));
    if (!newer) return this.#lanes.putBack(step);
    this.#lanes.putBack(newer);
    this.#finish(step, { kind: "superseded" });
  }

  #finish(step: Step, result: Outcome["result"]): void {
    this.#failures.delete(step.decision.id);
    const key = actKey(step.decision.action);
    const left = (this.#keys.get(key) ?? 1) - 1;
    if (left > 0) this.#keys.set(key, left);
    else this.#keys.delete(key);
    this.#ended({ decision: step.decision, result });
  }

  #sleepUntil(at: number | undefined): void {
    // Waking too early does no harm, and to arrange it anew for every act would cost more than the act.
    if (at === undefined || this.#stopped || (this.#wake && this.#wake.at <= at)) return;
    this.#wake?.abort.abort();
    const wake = (this.#wake = { at, abort: new AbortController() });
    void this.#clock.sleep(Math.max(1, at - this.#clock.now()), wake.abort.signal).then(() => {
      if (wake.abort.signal.aborted) return;
      this.#wake = undefined;
      this.#run();
    });
  }
}

/** Words that a moderator waits for. */
function isAnswer({ action }: Decision): boolean {
  return action.kind === "tell" && action.replyTo !== undefined;
}

/** Before everything but containment. */
const atOnce = { priority: priority.banPresent, rank: Number.MIN_SAFE_INTEGER };

function restAfter(failures: number): number {
  const doublings = Math.max(0, failures - (firstRestsMs.length - 1));
  const first = firstRestsMs[Math.min(failures, firstRestsMs.length - 1)]!;
  return Math.min(longestRestMs, first * 2 ** doublings);
}

/** The first message cannot be replaced: its edits need its id. */
function replaces({ action: newer }: Decision, { action: older }: Decision): boolean {
  if (newer.kind === "set-server-acl") return older.kind === "set-server-acl";
  if (newer.kind !== "tell" || older.kind !== "tell") return false;
  return newer.key === older.key && older.edits !== undefined && newer.revision > older.revision;
}

/** A fault of ours while performing is an outcome like any other. */
function faultOf(error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", lasting: false, code: "INTERNAL", message };
}
