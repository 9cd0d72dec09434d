/** Whom somebody's rules, or a protection, have hit within the window: those who are reached one by one count together. */
import type { UserId } from "../../model/ids.ts";

export class RecentHits {
  readonly #windowMs: number;
  /** When, by whom they hit. */
  readonly #hitBy = new Map<string, Map<UserId, number>>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  note(by: string, user: UserId, at: number): void {
    const hits = this.#hitBy.get(by);
    if (hits) hits.set(user, at);
    else this.#hitBy.set(by, new Map([[user, at]]));
  }

  /** Those that are in the window now; whoever is added counts from then on. */
  of(by: string, at: number): Map<UserId, number> {
    const hits = this.#hitBy.get(by) ?? new Map<UserId, number>();
    for (const [user, hitAt] of hits) if (hitAt < at - this.#windowMs || hitAt > at) hits.delete(user);
    this.#hitBy.set(by, hits);
    return hits;
  }
}
