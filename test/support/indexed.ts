// IndexedDB as the tests of ours use it, whoever implements it.

/** What both implementations have of IndexedDB, as far as the programs use it. */
export interface Implementation {
  readonly factory: { open(name: string, version?: number): Asked };
  readonly ranges: {
    only(key: unknown): unknown;
    lowerBound(lower: unknown, isOpen?: boolean): unknown;
    upperBound(upper: unknown, isOpen?: boolean): unknown;
    bound(lower: unknown, upper: unknown, lowerOpen?: boolean, upperOpen?: boolean): unknown;
  };
}

export interface Asked {
  onsuccess: unknown;
  onerror: unknown;
  onupgradeneeded?: unknown;
  readonly result: unknown;
  readonly error: Error | null;
  readonly transaction: unknown;
}

export interface Readable {
  get(query: unknown): Asked;
  getAll(query?: unknown, count?: number): Asked;
  count(query?: unknown): Asked;
  openCursor(query?: unknown): Asked;
}

export interface Store extends Readable {
  put(value: unknown, key: unknown): Asked;
  add(value: unknown, key: unknown): Asked;
  delete(query: unknown): Asked;
  clear(): Asked;
  getAllKeys(query?: unknown, count?: number): Asked;
  index(name: string): Readable;
  createIndex(name: string, path: string | readonly string[], options?: { unique?: boolean }): unknown;
}

export interface Transaction {
  oncomplete: unknown;
  onabort: unknown;
  readonly error: Error | null;
  objectStore(name: string): Store;
  commit(): void;
  abort(): void;
}

export interface Connection {
  readonly version: number;
  readonly objectStoreNames: { readonly length: number; item(at: number): string | null };
  createObjectStore(name: string): Store;
  deleteObjectStore(name: string): void;
  transaction(names: readonly string[], mode: "readonly" | "readwrite"): Transaction;
  close(): void;
}

/** `upgrade` is called where the base has another version. */
export function open(
  { factory }: Pick<Implementation, "factory">,
  version?: number,
  upgrade?: (made: Connection, transaction: Transaction) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const request = factory.open("tests", version);
    request.onupgradeneeded = () => {
      upgrade?.(request.result as Connection, request.transaction as Transaction);
    };
    Object.assign(request, {
      onsuccess: () => resolve(request.result as Connection),
      onerror: () => reject(request.error!),
    });
  });
}

/** What it found, or the name of its error. */
export function answered(request: Asked): Promise<unknown> {
  return new Promise((resolve) => {
    Object.assign(request, {
      onsuccess: () => resolve({ found: request.result }),
      onerror: () => resolve(request.error!.name),
    });
  });
}

/** How it ended. */
export function endOf(transaction: Transaction): Promise<string> {
  return new Promise((resolve) => {
    Object.assign(transaction, {
      oncomplete: () => resolve("complete"),
      onabort: () => resolve(`aborted: ${transaction.error?.name ?? "asked for"}`),
    });
  });
}

/** One store in one connection, for tests that say what happens step by step. */
export async function oneStore({ factory }: Pick<Implementation, "factory">): Promise<OneStore> {
  const connection = await open({ factory }, 1, (made) => made.createObjectStore("one"));
  const write: OneStore["write"] = (asked) => {
    const transaction = connection.transaction(["one"], "readwrite");
    const end = endOf(transaction);
    asked(transaction.objectStore("one"), transaction);
    return end;
  };
  const read = async (): Promise<unknown> => {
    const store = connection.transaction(["one"], "readonly").objectStore("one");
    return ((await answered(store.getAllKeys())) as { found: unknown }).found;
  };
  return { write, read, connection };
}

export interface OneStore {
  /** Resolves with how the transaction ended. */
  readonly write: (asked: (store: Store, transaction: Transaction) => void) => Promise<string>;
  /** The keys. */
  readonly read: () => Promise<unknown>;
  readonly connection: Connection;
}
