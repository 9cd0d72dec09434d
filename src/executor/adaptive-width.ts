/**
 * How many requests of one class may be under way at once. The first of a burst goes alone, so that the room that matters
 * most is not slowed down by the others; then the width grows while the server's throughput grows with it. A 429 stops the
 * class for as long as the server says, and halves the width.
 */

import { Wait } from "../kit/wait.ts";

export interface WidthLimits {
  /** Width to open to after the first write of a burst. */
  readonly start: number;
  readonly max: number;
}

/** After so long without work the next burst is led by a single request again. */
const idleMs = 500;
/** The others wait no longer than this for the first one. */
export const longestLeadMs = 80;
/** What may go once the first is done. Each success adds two, so that the effect is seen before the server is overloaded. */
const opening = 8;
/** Completions over which the throughput of a width is judged. */
const sampleSize = 32;

export class AdaptiveWidth {
  readonly #limits: WidthLimits;
  #width: number;
  readonly #pause = new Wait();
  readonly #lead = new Wait();
  /** Successes of this burst; the width opens with them. */
  #opened = 0;
  #lastActive = -Infinity;
  #sample = { startedAt: 0, done: 0, width: 0 };
  #best = { width: 0, perMs: 0 };
  #step = 1;
  /** Successes to come before more than one request at a time may go: after a 429 the server counts what we send. */
  #cautious = 0;

  constructor(limits: WidthLimits) {
    this.#limits = limits;
    this.#width = limits.start;
  }

  get width(): number {
    return this.#width;
  }

  /** Milliseconds until the server allows requests again; 0 when it does. */
  pauseLeft(now: number): number {
    return this.#pause.left(now);
  }

  /** How many requests may be under way now. */
  allowance(now: number): number {
    if (this.#pause.left(now) > 0) return 0;
    if (this.#cautious > 0 || this.#lead.left(now) > 0) return 1;
    return Math.floor(Math.min(this.#width, opening + 2 * this.#opened));
  }

  /** When the allowance grows by itself, if it will. */
  nextChange(now: number): number | undefined {
    const leftMs = this.#pause.left(now) || this.#lead.left(now);
    return leftMs > 0 ? now + leftMs : undefined;
  }

  /** The server has limited our rate shortly before. */
  get isCautious(): boolean {
    return this.#cautious > 0;
  }

  started(now: number, underWay: number, leadMs = longestLeadMs): void {
    if (underWay === 0 && now - this.#lastActive > idleMs) {
      this.#lead.begin(now, leadMs);
      this.#opened = 0;
      this.#sample = { startedAt: 0, done: 0, width: 0 };
    }
    this.#lastActive = now;
  }

  succeeded(now: number): void {
    this.#lastActive = now;
    this.#lead.end();
    this.#opened++;
    if (this.#cautious > 0) this.#cautious--;
    this.#climb(now);
  }

  /** The server limited our rate: no request of the class goes until the time is over. */
  limited(now: number, retryAfterMs: number): void {
    this.#pause.extend(now, retryAfterMs);
    this.#width = Math.max(1, this.#width / 2);
    this.#cautious = 5;
    this.#best = { width: 0, perMs: 0 };
  }

  /** The server cannot be reached: a narrower width, and a short rest. */
  troubled(now: number, restMs: number): void {
    this.#width = Math.max(1, this.#width / 2);
    this.#pause.extend(now, restMs);
  }

  /** Hill climbing on throughput: the width changes in one direction while throughput grows, then in the other. */
  #climb(now: number): void {
    const sample = this.#sample;
    if (sample.done === 0 || sample.width !== Math.floor(this.#width))
      this.#sample = { startedAt: now, done: 0, width: Math.floor(this.#width) };
    this.#sample.done++;
    if (this.#sample.done <= sampleSize) return;
    const perMs = sampleSize / Math.max(1, now - this.#sample.startedAt);
    if (perMs < this.#best.perMs * 1.02) this.#step = -this.#step;
    this.#best = { width: this.#width, perMs };
    this.#width = Math.min(
      this.#limits.max,
      Math.max(Math.min(4, this.#limits.start), this.#width + this.#step * Math.max(1, this.#width / 8)),
    );
    this.#sample = { startedAt: now, done: 0, width: Math.floor(this.#width) };
  }
}
