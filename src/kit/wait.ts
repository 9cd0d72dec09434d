/**
 * Waits for a span of time by a clock that may be changed. If the clock is set forward, the wait ends early; if it is set
 * back, by however much, the wait begins anew with its span.
 */

export class Wait {
  #since = 0;
  #ms = 0;

  /** Begins to wait now, unless a longer wait is under way. */
  extend(now: number, ms: number): void {
    if (ms > this.left(now)) this.begin(now, ms);
  }

  begin(now: number, ms: number): void {
    this.#since = now;
    this.#ms = ms;
  }

  end(): void {
    this.#ms = 0;
  }

  /** Remaining milliseconds; 0 when the wait is over. */
  left(now: number): number {
    if (now < this.#since) this.#since = now;
    return Math.max(0, this.#since + this.#ms - now);
  }

  /** When the wait is over, by the clock as it was when `left` was last called. */
  get endsAt(): number {
    return this.#since + this.#ms;
  }
}
