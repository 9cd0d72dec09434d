/**
 * Questions about the past, asked of a worker: one at a time, and none is waited for long. The thread is there only while
 * somebody asks.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { JournalAnswer, JournalFound, JournalQuestion } from "../model/journal-search.ts";

export interface ReaderOptions {
  readonly dataPath: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longer than any question that an index answers, and short enough to look at an empty page. */
const patienceMs = 500;
/** The first question waits for the thread to begin, too. */
const beginningMs = 5_000;
const idleMs = 60_000;

type Message = { readonly found: JournalFound } | { readonly error: string };

export class JournalReader {
  readonly #options: ReaderOptions;
  #worker: Worker | undefined;
  #isBusy = false;
  #idle = new AbortController();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  async ask(question: JournalQuestion): Promise<JournalAnswer> {
    if (this.#isBusy) return "busy";
    this.#isBusy = true;
    this.#idle.abort();
    const isNew = this.#worker === undefined;
    const worker = (this.#worker ??= this.#begun());
    const answer = new Promise<JournalAnswer>((resolve) => {
      const died = () => resolve("broken");
      worker.once("exit", died);
      worker.once("message", (message: Message) => {
        worker.off("exit", died);
        this.#isBusy = false;
        this.#rest();
        resolve("found" in message ? message.found : this.#broken(message.error));
      });
    });
    worker.postMessage(question);
    return Promise.race([answer, this.#late(isNew ? beginningMs : patienceMs, answer)]);
  }

  /** A question that is being answered is answered no more. */
  close(): void {
    this.#idle.abort();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isBusy = false;
    void worker?.terminate();
  }

  #begun(): Worker {
    const file = import.meta.url.endsWith(".ts") ? "./reader-worker.ts" : "./reader-worker.js";
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#options.dataPath });
    worker.on("error", (error) =>
      this.#options.log.warn({ err: error }, "the journal cannot be read for the web desk"),
    );
    worker.once("exit", () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#isBusy = false;
    });
    // Nobody has to wait for it when Tyr stops.
    worker.unref();
    return worker;
  }

  /** It goes on in its thread; until it has ended others are told that it is busy. */
  async #late(ms: number, answer: Promise<unknown>): Promise<"slow"> {
    const answered = new AbortController();
    void answer.then(() => answered.abort());
    await this.#options.clock.sleep(ms, answered.signal);
    return "slow";
  }

  #rest(): void {
    const idle = (this.#idle = new AbortController());
    void this.#options.clock.sleep(idleMs, idle.signal).then(() => {
      if (!idle.signal.aborted) this.close();
    });
  }

  #broken(reason: string): "broken" {
    this.#options.log.warn({ reason }, "a question to the journal could not be answered");
    return "broken";
  }
}
