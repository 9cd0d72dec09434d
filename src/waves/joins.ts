/** How many accounts come in a minute, of all rooms together, and whether anybody could have expected so many. */
import { minuteMs } from "../kit/duration.ts";
import { SlidingCount } from "../model/sliding-count.ts";
import type { ExpectedCrowd } from "../model/settings/waves.ts";
import type { ServerName } from "../model/ids.ts";
import type { Account } from "./account.ts";

/** So many joins of new accounts within a minute are a burst. How usual bursts are here says what that is worth. */
const burst = 5;
/** After a start what comes may have been held up for long. */
const graceMs = 3 * minuteMs;

export interface Burst {
  readonly isBurst: boolean;
  /** Of servers from which nobody came before. */
  readonly isOfStrangers: boolean;
}

export const noBurst: Burst = { isBurst: false, isOfStrangers: false };

export class Joins {
  readonly #lastMinute = new SlidingCount(minuteMs);
  /** Of servers from which nobody came before. */
  readonly #strangers = new SlidingCount(minuteMs);
  #begunAt: number | undefined;
  /** Those who came in the present minute of the clock. */
  #minute = 0;
  #cameInMinute: Account[] = [];
  readonly #expected = new Map<string, number>();

  begin(at: number): void {
    this.#begunAt ??= at;
  }

  /** `heldUpMs`: for how long it may have been on its way. */
  joined(
    at: number,
    { heldUpMs, isServerNew }: { readonly heldUpMs: number; readonly isServerNew: boolean },
  ): Burst {
    if (heldUpMs > minuteMs || Math.abs(at - (this.#begunAt ?? at)) < graceMs) return noBurst;
    this.#lastMinute.add(at);
    if (isServerNew) this.#strangers.add(at);
    return {
      isBurst: this.#lastMinute.at(at) >= burst,
      isOfStrangers: isServerNew && this.#strangers.at(at) >= burst,
    };
  }

  inLastMinute(at: number): number {
    return this.#lastMinute.at(at);
  }

  /** Told of each account that came. Gives those of a minute that is over. */
  came(account: Account, at: number): readonly Account[] {
    const minute = Math.floor(at / minuteMs);
    const over = minute === this.#minute ? [] : this.#cameInMinute;
    if (minute !== this.#minute) [this.#minute, this.#cameInMinute] = [minute, []];
    this.#cameInMinute.push(account);
    return over;
  }

  /** One more of a crowd that somebody said would come. Those beyond the number that was said are not. */
  takeExpected(server: ServerName, crowds: Iterable<ExpectedCrowd>, at: number): boolean {
    for (const crowd of crowds) {
      if (at > crowd.until || (crowd.from !== "*" && crowd.from !== server)) continue;
      const key = `${crowd.from} ${crowd.at} ${crowd.until}`;
      const came = this.#expected.get(key) ?? 0;
      if (came >= crowd.people) continue;
      this.#expected.set(key, came + 1);
      return true;
    }
    return false;
  }
}
