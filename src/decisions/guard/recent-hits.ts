/** What was weighed within the window: people who are hit one by one count together, and no rule is weighed twice. */
import type { EventId, UserId } from "../../model/ids.ts";

export class RecentHits {
  readonly #windowMs: number;
  /** By the list or protection that hit: its people, and when, in ms since the epoch. */
  readonly #hitBy = new Map<string, Map<UserId, number>>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  note(by: string, people: Iterable<UserId>, at: number): void {
    const hits = this.#of(by);
    for (const user of people) hits.set(user, at);
  }

  /** The people hit within the window that ends at `at`; the others are forgotten. */
  of(by: string, at: number): ReadonlyMap<UserId, number> {
    const hits = this.#of(by);
    // A time after `at`: the clock was set back.
    for (const [user, hitAt] of hits) if (hitAt < at - this.#windowMs || hitAt > at) hits.delete(user);
    return hits;
  }

  #of(by: string): Map<UserId, number> {
    let hits = this.#hitBy.get(by);
    if (!hits) this.#hitBy.set(by, (hits = new Map()));
    return hits;
  }
}

/** Rules that came within the window: they were weighed when they came. */
export class RecentRules {
  readonly #windowMs: number;
  /** When each came, oldest first. */
  readonly #came = new Map<EventId, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  note(rule: EventId, at: number): void {
    this.#came.set(rule, at);
  }

  has(rule: EventId): boolean {
    return this.#came.has(rule);
  }

  forgetBefore(at: number): void {
    for (const [rule, cameAt] of this.#came) {
      if (cameAt >= at - this.#windowMs && cameAt <= at) break;
      this.#came.delete(rule);
    }
  }
}
