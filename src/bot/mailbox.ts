/** The one mailbox: stamps observations with the time and has batches worked off one after another, whatever becomes of each. */
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Observation, Seen } from "../model/observation.ts";

export interface MailboxOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The earlier of our clock, which says `at`, and the homeserver's. */
  readonly dueBy: (at: number) => number;
}

/** Who works off what comes. */
export interface Worker {
  readonly step: (batch: readonly Observation[]) => void;
  /** A batch threw; it is over. */
  readonly broke: () => void;
  /** The mailbox is empty. */
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

  /** What came before waits until now. */
  open(worker: Worker): void {
    this.#worker = worker;
    this.#work();
  }

  /** From here on nothing is taken any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** What comes while a batch is worked off waits for its turn. What is stamped already keeps its time. */
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
      // Ours, and grave; but the next batch has nothing to do with it.
      this.#options.log.error(
        { err: error, kinds: [...new Set(batch.map((one) => one.kind))] },
        "a batch of observations broke",
      );
      broke();
    }
  }
}
