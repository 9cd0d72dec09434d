/** What a transaction reads and writes: `IDBObjectStore`, `IDBIndex`, `IDBCursorWithValue`. Values are kept by structured clone. */
import { deserialize, serialize } from "node:v8";
import {
  decodeKey,
  encodeKey,
  everything,
  type Key,
  keyIn,
  type KeyRange,
  rangeOf,
  rangeOrAll,
} from "./keys.ts";
import type { Request } from "./request.ts";
import type { IndexRow, KeyPath, Row, StoreRow, Tables, Written } from "./tables.ts";

/** The transaction, as its stores need it. */
export interface Requests {
  readonly tables: Tables;
  readonly writes: boolean;
  readonly mode: string;
  /** `run` is called in its turn; what it returns is the result, what it throws the error. */
  ask(run: () => unknown, request?: Request): Request;
  /** The same with nobody to be answered. */
  queue(run: () => unknown): void;
}

/** What can be read of a store, and of an index of it. */
abstract class Source {
  readonly name: string;
  readonly transaction: Requests;
  readonly store: StoreRow;
  readonly #lookup: IndexRow | undefined;

  constructor(transaction: Requests, name: string, store: StoreRow, index?: IndexRow) {
    this.transaction = transaction;
    this.name = name;
    this.store = store;
    this.#lookup = index;
  }

  get(query: unknown): Request {
    const range = rangeOf(query);
    return this.#ask(() => valueOf(this.#read(range, 1)[0]));
  }

  getAll(query?: unknown, count?: number): Request {
    const range = rangeOrAll(query);
    return this.#ask(() => this.#read(range, count).map(valueOf));
  }

  count(query?: unknown): Request {
    const range = rangeOrAll(query);
    return this.#ask(() => this.transaction.tables.count({ store: this.store, index: this.#lookup, range }));
  }

  /** The result is null where there is none, or no more. */
  openCursor(query?: unknown): Request {
    const range = rangeOrAll(query);
    const request: Request = this.#ask(() => {
      const first = this.#read(range, 1)[0];
      if (!first) return null;
      return new CursorWithValue({
        source: this,
        request,
        row: first,
        next: (past) => this.#read(range, 1, past)[0],
      });
    });
    return request;
  }

  #read(range: KeyRange, count: number | undefined, past?: Row): readonly Row[] {
    // To the standard, a count of 0 is none.
    const limit = count ? { limit: count } : {};
    return this.transaction.tables.read({
      store: this.store,
      index: this.#lookup,
      range,
      ...limit,
      ...(past && { past }),
    });
  }

  #ask(run: () => unknown): Request {
    return this.transaction.ask(run);
  }
}

export class ObjectStore extends Source {
  put(value: unknown, key: unknown): Request {
    return this.#write(value, key, { isNew: false });
  }

  /** Fails where there is a record with that key. */
  add(value: unknown, key: unknown): Request {
    return this.#write(value, key, { isNew: true });
  }

  #write(value: unknown, key: unknown, how: { readonly isNew: boolean }): Request {
    this.refuseReading();
    // Value and keys are those of this moment, whatever becomes of the object afterwards.
    const written = writtenOf(this.store, value, encodeKey(key));
    return this.transaction.ask(() => {
      this.transaction.tables.put(this.store, written, how);
      return key;
    });
  }

  delete(query: unknown): Request {
    this.refuseReading();
    const range = rangeOf(query);
    return this.transaction.ask(() => this.transaction.tables.delete(this.store, range));
  }

  clear(): Request {
    this.refuseReading();
    return this.transaction.ask(() => this.transaction.tables.clear(this.store));
  }

  getAllKeys(query?: unknown, count?: number): Request {
    const range = rangeOrAll(query);
    const { store } = this;
    return this.transaction.ask(() =>
      this.transaction.tables.keys({ store, range, ...(count ? { limit: count } : {}) }).map(decodeKey),
    );
  }

  index(name: string): Index {
    const index = this.store.indexes.get(name);
    if (!index) throw new DOMException(`there is no index ${name}`, "NotFoundError");
    return new Index(this.transaction, name, this.store, index);
  }

  /** In an upgrade only. It finds what is in the store already, too. */
  createIndex(name: string, path: KeyPath, options: { readonly unique?: boolean } = {}): Index {
    const { tables, mode } = this.transaction;
    if (mode !== "versionchange")
      throw new DOMException("indexes are made in an upgrade", "InvalidStateError");
    if (this.store.indexes.has(name)) throw new DOMException(`there is an index ${name}`, "ConstraintError");
    const index = tables.addIndex(this.store, { name, path, isUnique: options.unique === true });
    this.store.indexes.set(name, index);
    this.transaction.queue(() => {
      for (const { key, value } of tables.read({ store: this.store, range: everything })) {
        const by = foundBy(path, deserialize(value));
        if (by) tables.enter(index, key, by);
      }
    });
    return new Index(this.transaction, name, this.store, index);
  }

  refuseReading(): void {
    if (!this.transaction.writes) throw new DOMException("the transaction only reads", "ReadOnlyError");
  }
}

export class Index extends Source {}

interface Standing {
  readonly source: Source;
  readonly request: Request;
  readonly row: Row;
  readonly next: (past: Row) => Row | undefined;
}

/** `IDBCursor`: the engine asks for it by this name as well. */
export class Cursor {
  readonly request: Request;
  readonly source: Source;
  protected row: Row;
  readonly #next: Standing["next"];

  constructor({ source, request, row, next }: Standing) {
    this.source = source;
    this.request = request;
    this.row = row;
    this.#next = next;
  }

  get key(): Key {
    return decodeKey(this.row.found);
  }

  get primaryKey(): Key {
    return decodeKey(this.row.key);
  }

  /** Its request is answered anew: with this cursor, or null at the end. */
  continue(): void {
    this.source.transaction.ask(() => {
      const next = this.#next(this.row);
      if (!next) return null;
      this.row = next;
      return this;
    }, this.request);
  }
}

export class CursorWithValue extends Cursor {
  get value(): unknown {
    return valueOf(this.row);
  }

  update(value: unknown): Request {
    return this.#store().put(value, this.primaryKey);
  }

  delete(): Request {
    return this.#store().delete(this.primaryKey);
  }

  #store(): ObjectStore {
    return new ObjectStore(this.source.transaction, this.source.name, this.source.store);
  }
}

function valueOf(row: Row | undefined): unknown {
  return row && (deserialize(row.value) as unknown);
}

function writtenOf(store: StoreRow, value: unknown, key: Uint8Array): Written {
  const found = new Map<IndexRow, Uint8Array>();
  for (const index of store.indexes.values()) {
    const by = foundBy(index.path, value);
    if (by) found.set(index, by);
  }
  return { key, value: serialize(value), found };
}

/** The key of a value in an index; undefined where the value has none. */
function foundBy(path: KeyPath, value: unknown): Uint8Array | undefined {
  return keyIn(typeof path === "string" ? at(path, value) : path.map((one) => at(one, value)));
}

function at(path: string, value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[path] : undefined;
}
