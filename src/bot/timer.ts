/** Wakes the bot when the next thing is due, and ticks when nothing else happens. Knows of clocks that somebody sets. */
import type { Clock } from "../kit/clock.ts";

export interface AlarmOptions {
  readonly clock: Clock;
  /** When something is due, if nothing else happens; undefined while nothing waits. */
  readonly dueAt: () => readonly (number | undefined)[];
  /** When the earliest of the rules and exemptions ends that end by themselves. */
  readonly nextEnd: () => number | undefined;
  /** `retryRooms`: time to try again the rooms in which something failed. */
  readonly tick: (retryRooms: boolean) => void;
}

/** The clock ticks this often when nothing else happens; rooms are tried again by it. */
const tickMs = 30_000;
/** The homeserver's clock is told in whole seconds and takes its way to us: what ends is looked at when it has ended there too. */
const endSlackMs = 250;
/** Nor is it looked at more often than this, however many rules a list lets end one after another. */
const endsEveryMs = 1_000;
/** A timer that is later than this was set by another time of day. */
const lateMs = 1_000;
const retryRoomsMs = 5 * 60_000;

export class Timer {
  readonly #options: AlarmOptions;
  #lastRetry: number;
  #nextTickAt: number;
  #wake: AbortController | undefined;
  #wakeAt = 0;
  #stopped = false;

  constructor(options: AlarmOptions) {
    this.#options = options;
    this.#lastRetry = options.clock.now();
    this.#nextTickAt = this.#lastRetry + tickMs;
  }

  /** Sleeps until the next thing is due, or the next tick. Waking too early does no harm. */
  set(): void {
    if (this.#stopped) return;
    const { clock, dueAt } = this.#options;
    const now = clock.now();
    const first = Math.min(this.#nextTickAt, this.#nextEndAt(now), ...dueAt().map((at) => at ?? Infinity));
    const due = Math.max(now, first);
    // It should have rung long ago: our clock was set forward, and the timer knows nothing of it.
    const isLate = this.#wakeAt < now - lateMs;
    if (this.#wake && this.#wakeAt <= due && !isLate) return;
    this.#wake?.abort();
    this.#wakeAt = due;
    const wake = (this.#wake = new AbortController());
    void clock.sleep(Math.min(tickMs, Math.max(1, due - now)), wake.signal).then(() => {
      if (wake.signal.aborted) return;
      this.#wake = undefined;
      this.#ring();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.abort();
  }

  /** What our clock has passed and the homeserver's has not waits for the ticks. */
  #nextEndAt(now: number): number {
    const at = (this.#options.nextEnd() ?? Infinity) + endSlackMs;
    return at > now ? Math.max(at, this.#nextTickAt - tickMs + endsEveryMs) : Infinity;
  }

  #ring(): void {
    const now = this.#options.clock.now();
    this.#nextTickAt = now + tickMs;
    const sinceRetry = now - this.#lastRetry;
    // A clock that was set back must not put the rooms off for as long.
    const retryRooms = sinceRetry < 0 || sinceRetry >= retryRoomsMs;
    if (retryRooms) this.#lastRetry = now;
    this.#options.tick(retryRooms);
  }
}
