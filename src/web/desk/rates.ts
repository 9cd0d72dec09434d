/** How often somebody may ask within a minute. */
import { keepNewest } from "../../kit/bounded.ts";

const mostRemembered = 2_000;

export class Rates {
  readonly #counts = new Map<string, { readonly minute: number; count: number }>();

  /** Counts it. */
  allows(who: string, most: number, at: number): boolean {
    const minute = Math.floor(at / 60_000);
    const known = this.#counts.get(who);
    const now = known?.minute === minute ? known : { minute, count: 0 };
    this.#counts.delete(who);
    this.#counts.set(who, now);
    keepNewest(this.#counts, mostRemembered);
    return ++now.count <= most;
  }
}
