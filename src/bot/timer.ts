/**
 * Sends a tick when something is due, and every 30 seconds otherwise. Copes with a clock that is set back or forward.
 */
import type { Clock } from "../kit/clock.ts";

export interface TimerOptions {
  readonly clock: Clock;
  /** When each part wants a tick, ms since the epoch; undefined while nothing of it waits. */
  readonly dueAt: () => readonly (number | undefined)[];
  /** When the next rule, mute or exemption expires, ms since the epoch. */
  readonly nextEnd: () => number | undefined;
  /** `retryRooms`: rooms in which something failed are to be tried again. */
  readonly tick: (retryRooms: boolean) => void;
}

/** A tick comes this often when nothing is due. */
const tickMs = 30_000;
/**
 * The homeserver tells its time in whole seconds and with a delay: expiry is checked this much later, when it has
 * passed there, too.
 */
const endSlackMs = 250;
/** Expiry is not checked more often than this, however many rules of a list expire one after another. */
const endsEveryMs = 1_000;
/** A timer that is later than this was set before our clock was set forward. */
const lateMs = 1_000;
const retryRoomsMs = 5 * 60_000;

export class Timer {
  readonly #options: TimerOptions;
  #lastRetry: number;
  #nextTickAt: number;
  #wake: AbortController | undefined;
  #wakeAt = 0;
  #stopped = false;

  constructor(options: TimerOptions) {
    this.#options = options;
    this.#lastRetry = options.clock.now();
    this.#nextTickAt = this.#lastRetry + tickMs;
  }

  /** Arranges the next tick. One that comes too early does no harm. */
  set(): void {
    if (this.#stopped) return;
    const { clock, dueAt } = this.#options;
    const now = clock.now();
    const first = Math.min(this.#nextTickAt, this.#nextEndAt(now), ...dueAt().map((at) => at ?? Infinity));
    const due = Math.max(now, first);
    // It should have fired long ago: our clock was set forward while it slept.
    const isLate = this.#wakeAt < now - lateMs;
    if (this.#wake && this.#wakeAt <= due && !isLate) return;
    this.#wake?.abort();
    this.#wakeAt = due;
    const wake = (this.#wake = new AbortController());
    void clock.sleep(Math.min(tickMs, Math.max(1, due - now)), wake.signal).then(() => {
      if (wake.signal.aborted) return;
      this.#wake = undefined;
      this.#tick();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.abort();
  }

  /** What has expired by our clock and not by the homeserver's is left to the regular ticks. */
  #nextEndAt(now: number): number {
    const at = (this.#options.nextEnd() ?? Infinity) + endSlackMs;
    return at > now ? Math.max(at, this.#nextTickAt - tickMs + endsEveryMs) : Infinity;
  }

  #tick(): void {
    const now = this.#options.clock.now();
    this.#nextTickAt = now + tickMs;
    const sinceRetry = now - this.#lastRetry;
    // Negative: the clock was set back. Rooms are tried at once, or they would wait for as long.
    const retryRooms = sinceRetry < 0 || sinceRetry >= retryRoomsMs;
    if (retryRooms) this.#lastRetry = now;
    this.#options.tick(retryRooms);
  }
}
