/**
 * When each person in the management room last said something there: who looks at it these days is who can be notified.
 */
import { hourMs } from "../kit/duration.ts";
import type { UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Spoke {
  /** Milliseconds since the epoch, by our clock. */
  readonly at: number;
}

/** Who spoke when, to read only. */
export type LastSpokeView = Readonly<Pick<LastSpoke, "since">>;

/** More than anybody has as moderators; beyond it those who have been silent for longest are forgotten. */
const remembered = 500;
/** Known more exactly than days: each change is written to the store. */
const everyMs = hourMs;

export class LastSpoke {
  readonly storedAs = "spoke";
  readonly unwritten = new UnwrittenItems<Spoke>();
  /** Those who spoke last come last. */
  readonly #all = new Map<UserId, Spoke>();

  get view(): LastSpokeView {
    return this;
  }

  spoke(user: UserId, at: number): void {
    const known = this.#all.get(user);
    // Where `at` is earlier, our clock was set back.
    if (known && at >= known.at && at - known.at < everyMs) return;
    this.restore(user, { at });
    this.unwritten.note(user, { at });
    const silent = this.#all.size > remembered ? this.#all.keys().next().value : undefined;
    if (silent === undefined) return;
    this.#all.delete(silent);
    this.unwritten.note(silent, undefined);
  }

  restore(user: UserId, spoke: Spoke): void {
    this.#all.delete(user);
    this.#all.set(user, spoke);
  }

  /** Who spoke at that time or later, those first who spoke last. */
  since(at: number): readonly UserId[] {
    return [...this.#all]
      .filter(([, spoke]) => spoke.at >= at)
      .sort(([, a], [, b]) => b.at - a.at)
      .map(([user]) => user);
  }
}
