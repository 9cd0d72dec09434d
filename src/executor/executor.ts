/**
 * The only place that has anything performed. Takes steps, performs them in order of urgency, many rooms at once and one
 * state write at a time in each, and tells how every one of them ended. It never judges: what comes in is done.
 */
import type { Clock } from "../kit/clock.ts";
import type { Decision, Outcome, Step } from "../model/decision.ts";
import { actKey, isLocal, requestClassOf } from "../model/actions/traits.ts";
import { Concurrency, type Act } from "./concurrency.ts";
import { Lanes } from "./lanes.ts";
import type { WidthLimits } from "./adaptive-width.ts";
import { atOnce, inTurn, isReply } from "./precedence.ts";
import { RateLimitEstimate } from "./rate-limit-estimate.ts";
import { faultOf, restAfter, restOfAll, Retries } from "./retries.ts";
import { SparedMarks } from "./spared-marks.ts";
import { Succession, type StillHolds } from "./succession.ts";

/** How an attempt ended. Retries that one request allows have been made by then. */
export type Attempt =
  | Outcome["result"]
  /** 429: the server wants no requests for so long. */
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  /** The room or server could not do it now. `everywhere`: nothing at all could be reached. */
  | { readonly kind: "unavailable"; readonly everywhere: boolean; readonly message: string };

export type Perform = (decision: Decision, signal: AbortSignal) => Promise<Attempt>;

export interface ExecutorLimits extends WidthLimits {
  /** Steps that may wait in one lane; beyond it the least urgent are refused and said to be. */
  readonly maxQueuedPerRoom: number;
}

/** Messages that tell of the work while it lasts: they are writes, too, and delay what waits. */
const mostMessages = 3;

interface Underway extends Act {
  readonly step: Step;
}

export class Executor {
  readonly #clock: Clock;
  readonly #perform: Perform;
  readonly #ended: (outcome: Outcome) => void;
  readonly #stillHolds: StillHolds;
  readonly #limits: ExecutorLimits;
  readonly #lanes = new Lanes();
  readonly #succession = new Succession(this.#lanes);
  readonly #concurrency: Concurrency<Underway>;
  readonly rateLimit = new RateLimitEstimate();
  readonly #marks: SparedMarks;
  /** Acts waiting or being performed, by their effect. */
  readonly #keys = new Map<string, number>();
  /** Lanes in which moderators got replies. */
  readonly #repliedIn = new Set<string>();
  readonly #retries = new Retries();
  readonly #abort = new AbortController();
  /** Changes of our own settings under way: they take no slot. */
  #local = 0;
  #stopped = false;
  #wake: { readonly at: number; readonly abort: AbortController } | undefined;
  #idle: (() => void)[] = [];

  constructor(options: {
    clock: Clock;
    perform: Perform;
    ended: (outcome: Outcome) => void;
    stillHolds?: StillHolds;
    limits: ExecutorLimits;
  }) {
    this.#clock = options.clock;
    this.#perform = options.perform;
    this.#ended = options.ended;
    this.#stillHolds = options.stillHolds ?? (() => "yes");
    this.#limits = options.limits;
    this.#concurrency = new Concurrency(options.limits);
    this.#marks = new SparedMarks(options.clock);
  }

  /** Steps not ended yet. */
  get pending(): number {
    return this.#lanes.waiting + this.#marks.held + this.#active;
  }

  get #active(): number {
    return this.#concurrency.active + this.#local;
  }

  /** Milliseconds the server has asked us to wait, from now. */
  pauseLeft(): number {
    return this.#concurrency.pauseLeft(this.#clock.now());
  }

  /** Milliseconds until everything that waits now is done, where the server's rate limit is what it waits for. */
  expectedMs(): number | undefined {
    const writes = this.#lanes.waitingFor("write") + this.#concurrency.activeIn("write");
    const messages = Math.min(mostMessages, Math.ceil(writes / 8));
    return this.rateLimit.expectedMs(this.#clock.now(), writes + messages);
  }

  /** Whether an act with the same effect waits or is being performed. */
  isUnderWay(key: string): boolean {
    return this.#keys.has(key);
  }

  enqueue(steps: readonly Step[]): void {
    for (const step of steps)
      if (!this.#marks.hold(step, () => this.enqueue([step]), this.#abort.signal)) this.#add(step);
    this.#run();
  }

  /** The decisions that wait, and those that are being performed. */
  atWork(): { readonly waiting: readonly Decision[]; readonly underWay: readonly Decision[] } {
    return {
      waiting: [...this.#lanes.all()].map(({ decision }) => decision),
      underWay: this.#concurrency.acts().map(({ step }) => step.decision),
    };
  }

  /**
   * Takes out what waits and is no longer wanted, for the caller to tell how it ended. What is being performed goes on.
   * `mayBeDone`: an attempt got no answer.
   */
  drop(isUnwanted: (decision: Decision, mayBeDone: boolean) => boolean): readonly Decision[] {
    const dropped = this.#lanes.withdrawAll((step) =>
      isUnwanted(step.decision, this.#succession.mayBeDone(step)),
    );
    for (const { decision } of dropped) this.#forget(decision);
    this.#run();
    return dropped.map(({ decision }) => decision);
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
    // Our own settings: no server can slow a change down or forbid it, and what waits may depend on it.
    if (isLocal(decision.action)) return void this.#performLocal(step);
    this.#supersede(step);
    this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    if (isReply(decision)) this.#repliedIn.add(lane);
    this.#lanes.add(inTurn(step, this.expectedMs() !== undefined));
    if (this.#lanes.waitingIn(lane) <= this.#limits.maxQueuedPerRoom) return;
    const least = this.#lanes.withdrawLast(lane);
    const message = `${this.#limits.maxQueuedPerRoom} acts are already waiting for this room`;
    if (least) this.#finish(least, { kind: "failed", lasting: false, code: "QUEUE_FULL", message });
  }

  async #performLocal({ decision }: Step): Promise<void> {
    this.#local++;
    const attempt = await this.#perform(decision, this.#abort.signal).catch(faultOf);
    this.#local--;
    const isOver = attempt.kind !== "limited" && attempt.kind !== "unavailable";
    this.#ended({ decision, result: isOver ? attempt : faultOf(attempt.kind) });
    this.#run();
  }

  #supersede(step: Step): void {
    for (const older of this.#succession.replacedBy(step)) this.#finish(older, { kind: "superseded" });
  }

  /** Moves replies forward that were queued before the first refusal: a slow server refuses late. */
  #hastenReplies(): void {
    if (this.expectedMs() === undefined) return;
    const isOvertaken = ({ decision, rank }: Step) => isReply(decision) && rank !== atOnce.rank;
    for (const lane of this.#repliedIn) {
      for (let step = this.#lanes.withdraw(lane, isOvertaken); step;) {
        this.#lanes.add({ ...step, ...atOnce });
        step = this.#lanes.withdraw(lane, isOvertaken);
      }
    }
  }

  #run(): void {
    this.#startWhatMay();
    const isIdle = this.#active === 0 && (this.#stopped || this.#lanes.waiting + this.#marks.held === 0);
    if (this.#lanes.waitingFor("write") + this.#concurrency.activeIn("write") === 0)
      this.rateLimit.rested(this.#clock.now());
    if (isIdle) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #startWhatMay(): void {
    while (!this.#stopped) {
      const now = this.#clock.now();
      for (const { step } of this.#concurrency.turnedSlow(now)) this.#lanes.noteSlow(step.lane, true);
      const next = this.#lanes.next(now, (slot) => this.#concurrency.isFree(slot, now));
      if (!("step" in next)) return this.#sleepUntil(this.#nextChange(now, next.wakeAt));
      const { step, slot } = next;
      const holds = this.#stillHolds(step.decision, this.#succession.mayBeDone(step));
      if (holds !== "yes") {
        this.#lanes.ended(step);
        this.#finish(step, { kind: holds === "done already" ? "done" : "superseded" });
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
    if (!this.#abort.signal.aborted) this.#conclude(act, attempt);
    this.#run();
  }

  #conclude(act: Underway, attempt: Attempt): void {
    const now = this.#clock.now();
    const { step } = act;
    const isWrite = requestClassOf(step.decision.action) === "write";
    switch (attempt.kind) {
      case "limited":
        this.#concurrency.limited(act, now, attempt.retryAfterMs);
        if (isWrite) this.rateLimit.refused(now, attempt.retryAfterMs);
        this.#marks.refused();
        this.#lanes.ended(step);
        this.#retry(step);
        return this.#hastenReplies();
      case "unavailable":
        return this.#unavailable(step, attempt, now);
      default:
        if (attempt.kind === "done") this.#concurrency.succeeded(act, now);
        if (attempt.kind === "done" && isWrite) {
          this.rateLimit.passed(now, act.startedAt);
          this.#marks.passed(now);
        }
        this.#lanes.ended(step);
        if (isWrite) this.#lanes.noteSlow(step.lane, this.#concurrency.isSlow(act, now));
        this.#finish(step, attempt);
    }
  }

  #unavailable(step: Step, attempt: Extract<Attempt, { kind: "unavailable" }>, now: number): void {
    const { everywhere, message } = attempt;
    this.#succession.noAnswer(step);
    if (!everywhere && !this.#retries.failed(step.decision.id)) {
      // The other acts of the room must not wait for this one for ever.
      this.#lanes.ended(step);
      return this.#finish(step, { kind: "failed", lasting: false, code: "UNAVAILABLE", message });
    }
    const restMs = restAfter(this.#lanes.failuresIn(step.lane));
    if (everywhere) this.#concurrency.troubled(now, restOfAll(restMs));
    this.#lanes.ended(step, { now, ms: restMs });
    // A broken room gets the few slots of slow rooms: the others have better use for theirs.
    if (!everywhere) this.#lanes.noteSlow(step.lane, true);
    this.#retry(step);
  }

  #retry(step: Step): void {
    if (!this.#succession.putBack(step)) this.#finish(step, { kind: "superseded" });
  }

  #finish({ decision }: Step, result: Outcome["result"]): void {
    this.#forget(decision);
    this.#ended({ decision, result });
  }

  #forget({ id, action }: Decision): void {
    this.#retries.ended(id);
    this.#succession.ended(id);
    const key = actKey(action);
    const left = (this.#keys.get(key) ?? 1) - 1;
    if (left > 0) this.#keys.set(key, left);
    else this.#keys.delete(key);
  }

  #sleepUntil(at: number | undefined): void {
    // Waking too early does no harm; arranging the sleep anew for every act would cost more than the act.
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
