/**
 * A transaction of IndexedDB (`IDBTransaction`): its requests are worked off in their order, one for each turn of the event loop,
 * so that whoever waits for the answer has asked for more before the transaction counts as over. One that writes is a
 * transaction of SQLite, and `complete` is told when that is on disk.
 */
import { ObjectStore, type Requests } from "./object-store.ts";
import { exceptionOf, type Listener, Request, told } from "./request.ts";
import type { Schedule, Turn } from "./schedule.ts";
import type { StoreRow, Tables } from "./tables.ts";

export type Mode = "readonly" | "readwrite" | "versionchange";

interface Work {
  readonly request: Request | undefined;
  readonly run: () => unknown;
  /** Tells of the end of it; false: what was told threw. */
  readonly tell: () => boolean;
}

export interface Surroundings {
  readonly tables: Tables;
  readonly schedule: Schedule;
}

export class Transaction implements Requests, Turn {
  oncomplete: Listener = null;
  onabort: Listener = null;
  onerror: Listener = null;
  /** Why it was aborted; null also where that was asked for. */
  error: DOMException | null = null;
  readonly mode: Mode;
  readonly scope: ReadonlySet<number> | undefined;
  readonly stores: ReadonlyMap<string, StoreRow>;
  readonly #around: Surroundings;
  readonly #queue: Work[] = [];
  #state: "open" | "committing" | "over" = "open";
  #hasBegun = false;
  #whenOver: (how: { readonly isDone: boolean }) => void = () => {};

  constructor(around: Surroundings, mode: Mode, stores: ReadonlyMap<string, StoreRow>) {
    this.#around = around;
    this.mode = mode;
    this.stores = stores;
    this.scope = mode === "versionchange" ? undefined : new Set([...stores.values()].map(({ id }) => id));
    around.schedule.add(this);
  }

  get tables(): Tables {
    return this.#around.tables;
  }

  get writes(): boolean {
    return this.mode !== "readonly";
  }

  /** `listener` is called after its events, when it is on disk (`isDone`) or undone. */
  whenOver(listener: (how: { readonly isDone: boolean }) => void): void {
    this.#whenOver = listener;
  }

  objectStore(name: string): ObjectStore {
    if (this.#state === "over") throw new DOMException("the transaction is over", "InvalidStateError");
    const store = this.stores.get(name);
    if (!store) throw new DOMException(`this transaction does not reach ${name}`, "NotFoundError");
    return new ObjectStore(this, name, store);
  }

  ask(run: () => unknown, request: Request = new Request()): Request {
    request.begin().transaction = this;
    return this.#add({
      request,
      run,
      tell: () => told(request.onsuccess, { type: "success", target: request }),
    });
  }

  /** Work that nobody is answered about but by `tell`; false aborts the transaction. */
  queue(run: () => unknown, tell: () => boolean = () => true): void {
    this.#add({ request: undefined, run, tell });
  }

  #add<R extends Request | undefined>(work: Work & { readonly request: R }): R {
    if (this.#state !== "open")
      throw new DOMException("the transaction takes no more requests", "TransactionInactiveError");
    this.#queue.push(work);
    return work.request;
  }

  /** Takes no more requests. It ends by itself as well, when it has none left. */
  commit(): void {
    if (this.#state !== "open") throw new DOMException("the transaction is over", "InvalidStateError");
    this.#state = "committing";
  }

  abort(): void {
    if (this.#state !== "open") throw new DOMException("the transaction is over", "InvalidStateError");
    this.#undo(null);
  }

  begin(): void {
    setImmediate(() => this.#step());
  }

  end(): void {
    this.#undoOnce(new DOMException("the file was closed", "AbortError"));
  }

  /** Unless a listener has aborted it, or it is over. */
  #undoOnce(error: DOMException): void {
    if (this.#state !== "over") this.#undo(error);
  }

  #step(): void {
    if (this.#state === "over") return;
    const work = this.#queue.shift();
    if (!work) return this.#end();
    const { request = new Request() } = work;
    try {
      if (this.writes && !this.#hasBegun) this.tables.begin();
      this.#hasBegun = true;
      request.succeed(work.run());
    } catch (error) {
      return this.#fail(request, error);
    }
    setImmediate(() => this.#step());
    if (!work.tell()) this.#undoOnce(new DOMException("a listener failed", "AbortError"));
  }

  #end(): void {
    try {
      if (this.writes && this.#hasBegun) this.tables.commit();
    } catch (error) {
      return this.#fail(new Request(), error);
    }
    this.#state = "over";
    told(this.oncomplete, { type: "complete", target: this });
    this.#leave({ isDone: true });
  }

  /**
   * The whole transaction is undone. It is told of one failed request only: the engine listens once, and reads the reason out
   * of that request. So a commit that fails, which the standard gives no request, names one, too.
   */
  #fail(request: Request, error: unknown): void {
    const exception = exceptionOf(error);
    request.fail(exception);
    this.#undo(exception, request);
  }

  #undo(error: DOMException | null, failed?: Request): void {
    this.#state = "over";
    this.error = error;
    if (this.writes && this.#hasBegun) this.tables.rollback();
    const left = this.#queue.splice(0).flatMap(({ request }) => request ?? []);
    setImmediate(() => {
      if (failed) {
        told(failed.onerror, { type: "error", target: failed });
        told(this.onerror, { type: "error", target: failed });
      }
      for (const request of left) {
        request.fail(new DOMException("the transaction was aborted", "AbortError"));
        told(request.onerror, { type: "error", target: request });
      }
      told(this.onabort, { type: "abort", target: this });
      this.#leave({ isDone: false });
    });
  }

  #leave(how: { readonly isDone: boolean }): void {
    this.#around.schedule.remove(this);
    this.#whenOver(how);
  }
}
