/** What is asked of a store, and what comes of it: `IDBRequest` and its events, of which only `on...` properties are told. */
import { reasonOf } from "../storage-errors.ts";

export interface IndexedEvent {
  readonly type: string;
  readonly target: unknown;
}

export interface VersionChange extends IndexedEvent {
  readonly oldVersion: number;
  readonly newVersion: number;
}

export type Listener<E = IndexedEvent> = ((event: E) => unknown) | null;

export class Request {
  onsuccess: Listener = null;
  onerror: Listener = null;
  /** The transaction that it belongs to; of a request to open, that of the upgrade as long as it goes on. */
  transaction: unknown = null;
  readyState: "pending" | "done" = "pending";
  #result: unknown;
  #error: DOMException | null = null;

  get result(): unknown {
    this.#refusePending();
    return this.#result;
  }

  get error(): DOMException | null {
    this.#refusePending();
    return this.#error;
  }

  /** A cursor asks its request anew for each step. */
  begin(): this {
    this.readyState = "pending";
    return this;
  }

  succeed(result: unknown): void {
    this.readyState = "done";
    this.#result = result;
    this.#error = null;
  }

  fail(error: DOMException): void {
    this.readyState = "done";
    this.#result = undefined;
    this.#error = error;
  }

  #refusePending(): void {
    if (this.readyState === "pending")
      throw new DOMException("the request is not answered yet", "InvalidStateError");
  }
}

export class OpenRequest extends Request {
  onupgradeneeded: Listener<VersionChange> = null;
}

/** False where the listener threw, which aborts the transaction; the error itself ends the thread, as ours alone can be. */
export function told(listener: Listener, event: IndexedEvent): boolean {
  try {
    listener?.(event);
    return true;
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
    return false;
  }
}

/** Of the disk, by the name that the standard has for it. What is neither of the disk nor of a request is a bug of ours. */
export function exceptionOf(error: unknown): DOMException {
  if (error instanceof DOMException) return error;
  const reason = reasonOf(error);
  if (reason === undefined) throw error;
  const isFull = reason.startsWith("the disk is full");
  return new DOMException(reason, isFull ? "QuotaExceededError" : "UnknownError");
}
