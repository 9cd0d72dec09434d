/**
 * The queue of observations: stamps them with the time and has batches processed one after another, even if one throws.
 */
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Observation, Seen } from "../model/observation.ts";

export interface MailboxOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The earlier of our clock, which says `at`, and the homeserver's. */
  readonly dueBy: (at: number) => number;
}

/** Processes the batches. */
export interface Worker {
  readonly step: (batch: readonly Observation[]) => void;
  /** Called after a batch that threw. */
  readonly broke: () => void;
  /** Called when the queue is empty. */
  readonly rested: () => void;
}

export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #waiting: (readonly Observation[])[] = [];
  #worker: Worker | undefined;
  #isWorking = false;
  #isClosed = false;

  constructor(options: MailboxOptions) {
    this.#options = options;
  }

  /** Begins with the batches that came before there was a worker. */
  open(worker: Worker): void {
    this.#worker = worker;
    this.#work();
  }

  /** What is received from now on is dropped. */
  close(): void {
    this.#isClosed = true;
  }

  /** Processes the batch, or queues it behind the one in progress. Observations with a time keep it. */
  readonly receive = (seen: readonly Seen[] | readonly Observation[]): void => {
    if (seen.length === 0 || this.#isClosed) return;
    const at = this.#options.clock.now();
    const dueBy = this.#options.dueBy(at);
    this.#waiting.push(seen.map((one) => ("at" in one ? one : { ...one, at, dueBy })));
    this.#work();
  };

  #work(): void {
    const worker = this.#worker;
    if (!worker || this.#isWorking) return;
    this.#isWorking = true;
    for (let batch = this.#waiting.shift(); batch; batch = this.#waiting.shift()) this.#safely(batch, worker);
    this.#isWorking = false;
    worker.rested();
  }

  #safely(batch: readonly Observation[], { step, broke }: Worker): void {
    try {
      step(batch);
    } catch (error) {
      // A fault of ours. The next batch does not depend on this one.
      this.#options.log.error(
        { err: error, kinds: [...new Set(batch.map((one) => one.kind))] },
        "a batch of observations broke",
      );
      broke();
    }
  }
}
