/**
 * When to write server ACLs. The first change of a burst goes out at once; then one more round when that one is
 * written and the rules have stopped coming, or after a limit. Each ACL is a large event that every server of the room
 * has to check, so a burst of rules must not become a burst of ACLs. Knows time only by being told.
 */
export interface AclPaceLimits {
  /** Rules that come closer together than this belong to one burst. */
  readonly quietMs: number;
  /** A burst that does not end, or a round that one slow room holds up, gets the next round after this. */
  readonly maxWaitMs: number;
}

export class AclPace {
  readonly #limits: AclPaceLimits;
  #firstChange: number | undefined;
  #lastChange = 0;
  #lastRound = -Infinity;
  /** ACLs of earlier rounds that are not written yet. */
  #outstanding = 0;

  constructor(limits: AclPaceLimits) {
    this.#limits = limits;
  }

  /** What seems to lie ahead was noted before our clock was set back: no wait may grow by as much as that. */
  lookedAt(now: number): void {
    if (this.#firstChange !== undefined) this.#firstChange = Math.min(now, this.#firstChange);
    this.#lastChange = Math.min(now, this.#lastChange);
    this.#lastRound = Math.min(now, this.#lastRound);
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
    const latest = this.#firstChange + this.#limits.maxWaitMs;
    return this.#outstanding > 0 ? latest : Math.min(this.#lastChange + this.#limits.quietMs, latest);
  }

  /** A round was decided. */
  decided(at: number): void {
    this.#firstChange = undefined;
    this.#lastRound = at;
  }

  /** An ACL was handed over to be written. */
  began(): void {
    this.#outstanding++;
  }

  /** An ACL is written, or will not be. While a round is written the server is slow, and so are the rules. */
  ended(at: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#lastChange = Math.max(this.#lastChange, at);
  }
}
