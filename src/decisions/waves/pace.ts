/**
 * How fast a wave is cleaned up: a first burst at once, then so many acts a second. Bursts of membership events hurt rooms
 * more than the few minutes do in which a contained wave waits.
 */

/** Acts that are done at once, and how many more a second after that. */
export interface PaceLimits {
  readonly burst: number;
  readonly perSecond: number;
}

export class CleaningPace {
  readonly #limits: PaceLimits;
  #left: number;
  #at: number | undefined;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#left = limits.burst;
  }

  /** How many acts may be begun now. A clock that was set back gives none for the time that it went back. */
  allowed(at: number): number {
    const { burst, perSecond } = this.#limits;
    if (this.#at !== undefined && at > this.#at)
      this.#left = Math.min(burst, this.#left + ((at - this.#at) / 1_000) * perSecond);
    this.#at = at;
    return Math.floor(this.#left);
  }

  took(acts: number): void {
    this.#left -= acts;
  }
}
