/**
 * The engine in a worker, from this side. A worker that dies or is silent is begun anew, with the keys that are on disk,
 * and asked the same once more.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../../kit/clock.ts";
import { EngineDied, EngineLost, engineQuestions, type Engine, type OpenEngine } from "./engine.ts";
import type { Answer, Question, WorkerData } from "./worker.ts";

/** Nothing that is asked takes a tenth of it. */
const silentMs = 10_000;
/** To open a store takes a fraction of a second. */
const opensInMs = 60_000;
/** A worker that dies so often within a minute will die again. */
const mostDeaths = 3;
const countedMs = 60_000;

interface Waiting {
  readonly question: Question;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  /** It was asked of a worker that died. */
  isRepeated: boolean;
  readonly answered: AbortController;
}

/** Keys stay in the file of `store`, so that two may not be open on one store at a time. */
export function engineInWorker(clock: Clock): OpenEngine {
  return async ({ user, device, store }) => {
    const client = new WorkerClient({ user, device, store }, clock);
    await client.openedInTime();
    return client.engine;
  };
}

class WorkerClient {
  readonly engine: Engine;
  readonly #opened: Promise<void>;
  #isOpen = false;
  readonly #data: WorkerData;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #deaths: number[] = [];
  #lost: EngineLost | undefined;

  constructor(data: WorkerData, clock: Clock) {
    this.#data = data;
    this.#clock = clock;
    const ask = (question: keyof Engine) => (argument: unknown) => this.#ask(question, argument);
    const asked = Object.fromEntries(engineQuestions.map((name) => [name, ask(name)]));
    this.engine = { ...asked, close: () => this.#close() } as unknown as Engine;
    this.#opened = new Promise((resolve, reject) => this.#begin(resolve, reject));
  }

  /** Rejects where the store cannot be opened, or that takes too long. */
  async openedInTime(): Promise<void> {
    const enough = new AbortController();
    const late = this.#clock.sleep(opensInMs, enough.signal).then(() => {
      if (!this.#isOpen) throw new EngineLost("its store could not be opened in time");
    });
    try {
      await Promise.race([this.#opened, late]);
      this.#isOpen = true;
    } catch (error) {
      const worker = this.#worker;
      this.#worker = undefined;
      this.#giveUp(error instanceof Error ? error.message : String(error));
      await worker?.terminate();
      throw error;
    } finally {
      enough.abort();
    }
  }

  /** `opened` and `failed` are called once at most. */
  #begin(opened: () => void, failed: (error: Error) => void): void {
    const file = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#data });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (answer: Answer) => {
      if (answer.id !== 0) return this.#answered(answer);
      if (!("error" in answer)) return opened();
      this.#worker = undefined;
      failed(new Error(answer.error));
    });
    const died = (error: unknown) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const why = error instanceof Error ? error.message : `it ended with ${String(error)}`;
      failed(new EngineLost(why));
      if (this.#isOpen) this.#died(why);
    };
    worker.on("error", died);
    worker.on("exit", died);
  }

  #ask(question: keyof Engine, argument: unknown): Promise<unknown> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const answered = new AbortController();
      const waiting: Waiting = {
        question: { id, question, argument },
        resolve,
        reject,
        isRepeated: false,
        answered,
      };
      this.#waiting.set(id, waiting);
      this.#worker?.postMessage(waiting.question);
      void this.#watch(waiting);
    });
  }

  async #watch({ question: { id }, answered }: Waiting): Promise<void> {
    const asked = this.#worker;
    await this.#clock.sleep(silentMs, answered.signal);
    if (!this.#waiting.has(id) || !asked || this.#worker !== asked) return;
    this.#worker = undefined;
    void asked.terminate();
    this.#died("it did not answer");
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    waiting.answered.abort();
    if ("error" in answer) waiting.reject(new Error(answer.error));
    else waiting.resolve(answer.answer as never);
  }

  #died(why: string): void {
    const now = this.#clock.now();
    this.#deaths = [...this.#deaths.filter((at) => Math.abs(now - at) < countedMs), now];
    if (this.#lost) return;
    if (this.#deaths.length >= mostDeaths) return this.#giveUp(why);
    for (const waiting of [...this.#waiting.values()].filter(({ isRepeated }) => isRepeated))
      this.#reject(waiting, new EngineDied(`the engine of encryption died of it twice (${why})`));
    const left = [...this.#waiting.values()];
    const opened = () => void this.#askAgain(left);
    this.#begin(opened, (error) => {
      if (!(error instanceof EngineLost)) this.#giveUp(error.message);
    });
  }

  /** One after the other: what the engine dies of is to take no other question with it. */
  async #askAgain(left: readonly Waiting[]): Promise<void> {
    const worker = this.#worker;
    for (const waiting of left) {
      if (this.#worker !== worker || !this.#waiting.has(waiting.question.id)) continue;
      waiting.isRepeated = true;
      this.#worker?.postMessage(waiting.question);
      await this.#watch(waiting);
    }
  }

  #giveUp(why: string): void {
    this.#lost = new EngineLost(why);
    for (const waiting of this.#waiting.values()) this.#reject(waiting, this.#lost);
  }

  #reject(waiting: Waiting, error: Error): void {
    this.#waiting.delete(waiting.question.id);
    waiting.answered.abort();
    waiting.reject(error);
  }

  async #close(): Promise<void> {
    if (!this.#worker || this.#lost) return;
    await this.#ask("close", undefined).catch(() => {});
    const worker = this.#worker;
    this.#worker = undefined;
    // What is still under way there is answered no more: nobody is to wait for it.
    this.#giveUp("it was closed");
    await worker?.terminate();
  }
}
