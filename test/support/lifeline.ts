/**
 * The seams of one run of Tyr, which can be cut all at once: that is what a crash of the process looks like from inside
 * a test. After the cut nothing of the run goes on: what it waits for never comes, and its data file is closed.
 */
import type { Seams } from "../../src/lifecycle/session.ts";
import type { OpenEngine } from "../../src/matrix/crypto/engine.ts";
import type { HttpRequest, HttpResponse } from "../../src/matrix/http/transport.ts";
import type { Database } from "../../src/store/database.ts";
import { Engines } from "./encryption/engines.ts";
import type { FakeClock } from "./fake-clock.ts";

export interface LifelineOptions {
  readonly clock: FakeClock;
  readonly random: () => number;
  readonly send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;
  readonly log: Seams["log"];
  readonly stopwatch?: (() => number) | undefined;
  readonly isDiskFull: () => boolean;
  readonly openDatabase: (dataPath: string) => Database;
  /** In place of one in this process. */
  readonly openEngine?: OpenEngine | undefined;
}

/** Costs less than the exception that an abort without a reason makes. */
const answeredInTime = new Error("answered in time");

export class Lifeline {
  readonly #options: LifelineOptions;
  readonly #dead = new AbortController();
  readonly #databases: Database[] = [];
  readonly #engines: Engines;

  constructor(options: LifelineOptions) {
    this.#options = options;
    this.#engines = new Engines(options.clock);
  }

  get seams(): Seams {
    const { clock, random, log, stopwatch, openEngine } = this.#options;
    const told =
      (level: keyof Seams["log"]): Seams["log"]["info"] =>
      (fields, message) => {
        if (!this.#dead.signal.aborted) log[level](fields, message);
      };
    return {
      clock: {
        // The one that can be set wrong.
        now: () => clock.wall(),
        // Sleeps that are cut short are over, not broken: as `kit/clock.ts` promises.
        sleep: (ms, signal) => this.#whileAlive(clock.sleep(ms, this.#ends(signal)).catch(() => {})),
      },
      random: { next: random },
      send: (request) => this.#whileAlive(this.#send(request)),
      log: { debug: told("debug"), info: told("info"), warn: told("warn"), error: told("error") },
      openDatabase: (path) => this.#open(path),
      openEngine: openEngine ?? this.#engines.opener((work) => this.#whileAlive(work)),
      ...(stopwatch ? { stopwatch } : {}),
    };
  }

  /** `inMidStep`: the run is in the middle of its own work, which must not see the data file close under its hands. */
  cut({ inMidStep }: { inMidStep: boolean }): void {
    this.#dead.abort();
    const close = (): void => {
      for (const database of this.#databases) database.close();
      this.#engines.cut();
    };
    if (inMidStep) setImmediate(close);
    else close();
  }

  /** The data file of this run, to look into. */
  get database(): Database | undefined {
    return this.#databases.at(-1);
  }

  /** A time-out is the client's own doing, so it is done here. */
  async #send(request: HttpRequest): Promise<HttpResponse> {
    const late = new AbortController();
    const answered = new AbortController();
    const timeOut = this.#options.clock.sleep(request.timeoutMs, answered.signal);
    timeOut.then(
      () => late.abort(Object.assign(new Error("no answer in time"), { code: "UND_ERR_HEADERS_TIMEOUT" })),
      () => {},
    );
    try {
      return await this.#options.send(request, AbortSignal.any([late.signal, this.#ends(request.signal)]));
    } finally {
      answered.abort(answeredInTime);
    }
  }

  #ends(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#dead.signal]) : this.#dead.signal;
  }

  /** After the cut the promise neither resolves nor rejects: the run that waited for it is dead. */
  #whileAlive<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#dead;
    if (signal.aborted) {
      work.catch(() => {});
      return new Promise(() => {});
    }
    return new Promise((resolve, reject) => {
      work.then(
        (value) => void (signal.aborted || resolve(value)),
        (error: unknown) => void (signal.aborted || reject(error as Error)),
      );
    });
  }

  #open(path: string): Database {
    const database = this.#options.openDatabase(path);
    this.#databases.push(database);
    const close = database.close.bind(database);
    let isOpen = true;
    // A run that was ending when it was killed would close it a second time.
    database.close = () => {
      if (isOpen) close();
      isOpen = false;
    };
    const transaction = database.transaction.bind(database);
    const run = database.run.bind(database);
    database.transaction = <T>(work: () => T): T => this.#unlessFull(() => transaction(work));
    database.run = (sql, ...values) => this.#unlessFull(() => run(sql, ...values));
    return database;
  }

  #unlessFull<T>(work: () => T): T {
    if (this.#options.isDiskFull())
      throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
    return work();
  }
}
