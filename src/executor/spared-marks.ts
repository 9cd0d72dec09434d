/**
 * Marks at commands are the first writes to be spared: the answer has said the same. As long as nobody knows whether the
 * homeserver limits us, its burst is taken for Synapse's default, and marks leave most of it to acts and answers.
 */
import type { Clock } from "../kit/clock.ts";
import type { Step } from "../model/decision.ts";

/** Synapse lets an account without an exemption write so many events at once, and then one in five seconds. */
const burst = 10;
const perMs = 0.2 / 1_000;
/** A mark leaves so many: a rule, the first bans, and the answer to another command. */
const leaves = 6;
/** So many writes beyond the burst, and no refusal: there is no such limit. */
const proof = 3;
/** Whoever asks for something right after a command does it within this time. */
const longestMs = 4_000;
const lookEveryMs = 1_000;

export class SparedMarks {
  readonly #clock: Clock;
  #left = burst;
  #at = 0;
  #isUnlimited = false;
  /** Marks that were held for as long as they may be. */
  readonly #released = new WeakSet<Step>();
  /** Marks that are held back. */
  held = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A write got through. */
  passed(now: number): void {
    this.#refill(now);
    this.#left--;
    if (this.#left <= -proof) this.#isUnlimited = true;
  }

  refused(): void {
    this.#left = 0;
    this.#isUnlimited = false;
  }

  /** False where the step may be queued now; otherwise `queue` is called for it later. */
  hold(step: Step, queue: () => void, signal: AbortSignal): boolean {
    const { action, because } = step.decision;
    if (action.kind !== "react" || because.kind !== "command") return false;
    if (this.#released.has(step) || !this.#isScarce()) return false;
    this.held++;
    void this.#later(signal).then(() => {
      this.held--;
      this.#released.add(step);
      if (!signal.aborted) queue();
    });
    return true;
  }

  async #later(signal: AbortSignal): Promise<void> {
    for (let ms = 0; ms < longestMs && this.#isScarce() && !signal.aborted; ms += lookEveryMs)
      await this.#clock.sleep(lookEveryMs, signal);
  }

  #isScarce(): boolean {
    this.#refill(this.#clock.now());
    return !this.#isUnlimited && this.#left <= leaves;
  }

  /** Below zero nothing is refilled: what was written beyond the burst is the proof that there is none. */
  #refill(now: number): void {
    if (this.#left >= 0) this.#left = Math.min(burst, this.#left + Math.max(0, now - this.#at) * perMs);
    this.#at = now;
  }
}
