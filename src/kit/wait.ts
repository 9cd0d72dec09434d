/**
 * A span of time that has to pass by a clock that somebody may set. Set forward, the wait ends early; set back, it
 * begins anew: it never grows by as much as the clock was set back.
 */

export class Wait {
  #since = 0;
  #ms = 0;

  /** Waits from now on; a wait that is under way and longer stays. */
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

  /** Milliseconds that are left; 0 when it is over. */
  left(now: number): number {
    if (now < this.#since) this.#since = now;
    return Math.max(0, this.#since + this.#ms - now);
  }

  /** When it is over, by the clock of the last look. */
  get endsAt(): number {
    return this.#since + this.#ms;
  }
}
