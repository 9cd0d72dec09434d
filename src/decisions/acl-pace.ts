/**
 * When to write server ACLs. The first change of a burst goes out at once; then one more round when the rules
 * have stopped coming, or after a limit. Each ACL is a large event that every server of the room has to check,
 * so a burst of rules must not become a burst of ACLs. Knows time only by being told.
 */
export interface AclPaceLimits {
  /** Rules that come closer together than this belong to one burst. */
  readonly quietMs: number;
  /** A burst that does not end gets a round this often. */
  readonly maxWaitMs: number;
}

export class AclPace {
  readonly #limits: AclPaceLimits;
  #firstChange: number | undefined;
  #lastChange = 0;
  #lastRound = -Infinity;

  constructor(limits: AclPaceLimits) {
    this.#limits = limits;
  }

  /** Something that ACLs depend on has changed. */
  note(at: number): void {
    this.#firstChange ??= at;
    this.#lastChange = at;
  }

  /** When the next round should be written: at or before now means at once; undefined when nothing waits. */
  dueAt(): number | undefined {
    if (this.#firstChange === undefined) return undefined;
    const isBurst = this.#firstChange - this.#lastRound < this.#limits.maxWaitMs;
    if (!isBurst) return this.#firstChange;
    return Math.min(this.#lastChange + this.#limits.quietMs, this.#firstChange + this.#limits.maxWaitMs);
  }

  /** A round was decided. */
  wrote(at: number): void {
    this.#firstChange = undefined;
    this.#lastRound = at;
  }
}
