/** Who is waiting for the world to change: long polls, tests and listeners. */
import type { HomeserverClock } from "./clock.ts";
import type { StoredEvent } from "./event.ts";

export type EventListener = (event: StoredEvent) => void;

interface Poll {
  readonly userId: string;
  readonly wake: () => void;
}

/** Costs less than the exception that an abort without a reason makes. */
const news = new Error("there is news");

interface Watch {
  readonly what: string;
  readonly check: () => void;
}

export class Changes {
  readonly #clock: HomeserverClock;
  readonly #polls = new Set<Poll>();
  readonly #watches = new Set<Watch>();
  readonly #listeners = new Set<EventListener>();

  constructor(clock: HomeserverClock) {
    this.#clock = clock;
  }

  get waitingFor(): readonly string[] {
    return [...this.#watches].map((watch) => watch.what);
  }

  announceEvent(event: StoredEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Wakes the long polls of the users concerned and looks at every watch. */
  announce(concerns: (userId: string) => boolean): void {
    for (const poll of this.#polls) if (concerns(poll.userId)) poll.wake();
    for (const watch of this.#watches) watch.check();
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  until(predicate: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const watch: Watch = {
        what,
        check: () => {
          try {
            if (!predicate()) return;
            resolve();
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          this.#watches.delete(watch);
        },
      };
      this.#watches.add(watch);
      watch.check();
    });
  }

  /** Resolves on a change for the user, after `ms`, or when the client goes away. */
  async poll(userId: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const poll: Poll = { userId, wake: () => woken.abort(news) };
    this.#polls.add(poll);
    signal?.addEventListener("abort", poll.wake);
    try {
      await this.#clock.sleep(ms, woken.signal);
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#polls.delete(poll);
      signal?.removeEventListener("abort", poll.wake);
    }
  }
}
