/**
 * The rows behind IndexedDB: bases (what IndexedDB calls databases), stores, their records, and what their indexes find. Values
 * are bytes here, and keys too, made by `keys.ts`. All that is written here is part of the transaction around it.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../kit/clock.ts";
import { Database, type Value } from "../database.ts";
import { after, type KeyRange } from "./keys.ts";

export const schemaVersion = 1;

/** The ids of stores and indexes are never used again, as what belonged to one that is gone may still wait to be deleted. */
export const schema = `
  CREATE TABLE base (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE store (id INTEGER PRIMARY KEY AUTOINCREMENT, base TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (base, name));
  CREATE TABLE lookup (
    id INTEGER PRIMARY KEY AUTOINCREMENT, store INTEGER NOT NULL, name TEXT NOT NULL,
    path TEXT NOT NULL, is_unique INTEGER NOT NULL, UNIQUE (store, name));
  CREATE TABLE record (
    id INTEGER PRIMARY KEY, store INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
    made_at INTEGER NOT NULL, UNIQUE (store, key));
  CREATE TABLE entry (
    lookup INTEGER NOT NULL, found BLOB NOT NULL, key BLOB NOT NULL, PRIMARY KEY (lookup, found, key)) WITHOUT ROWID;
  CREATE INDEX entry_by_key ON entry (lookup, key);
`;

export type KeyPath = string | readonly string[];

export interface IndexRow {
  readonly id: number;
  readonly path: KeyPath;
  readonly isUnique: boolean;
}

export interface StoreRow {
  readonly id: number;
  readonly indexes: Map<string, IndexRow>;
}

/** A record as a reader gets it: `found` is the key of the index, or of the store where none was asked. */
export interface Row {
  readonly found: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface Query {
  readonly store: StoreRow;
  readonly index?: IndexRow | undefined;
  readonly range: KeyRange;
  readonly limit?: number;
  /** Only what comes after it: where a cursor stands. */
  readonly past?: Row;
}

export interface Written {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** What each index of the store finds it by; one that does not find it is left out. */
  readonly found: ReadonlyMap<IndexRow, Uint8Array>;
}

export class Tables {
  readonly #sqlite: DatabaseSync;
  readonly #rows: Database;
  readonly #clock: Pick<Clock, "now">;

  constructor(sqlite: DatabaseSync, clock: Pick<Clock, "now">) {
    this.#sqlite = sqlite;
    this.#rows = new Database(sqlite);
    this.#clock = clock;
  }

  begin(): void {
    this.#rows.run("BEGIN IMMEDIATE");
  }

  commit(): void {
    this.#rows.run("COMMIT");
  }

  rollback(): void {
    // On a full disk SQLite has rolled back already.
    if (this.#sqlite.isTransaction) this.#rows.run("ROLLBACK");
  }

  close(): void {
    this.#rows.close();
  }

  /** 0: there is none of that name. */
  version(base: string): number {
    return Number(this.#rows.all("SELECT version FROM base WHERE name = ?", base)[0]?.[0] ?? 0);
  }

  setVersion(base: string, version: number): void {
    this.#rows.run("INSERT OR REPLACE INTO base VALUES (?, ?)", base, version);
  }

  /** By name. */
  stores(base: string): Map<string, StoreRow> {
    const rows = this.#rows.all("SELECT id, name FROM store WHERE base = ? ORDER BY name", base);
    return new Map(
      rows.map(([id, name]) => [name as string, { id: Number(id), indexes: this.#indexes(id!) }]),
    );
  }

  #indexes(store: Value): Map<string, IndexRow> {
    const rows = this.#rows.all("SELECT id, name, path, is_unique FROM lookup WHERE store = ?", store);
    return new Map(
      rows.map(([id, name, path, isUnique]) => [
        name as string,
        { id: Number(id), path: JSON.parse(path as string) as KeyPath, isUnique: isUnique === 1 },
      ]),
    );
  }

  addStore(base: string, name: string): StoreRow {
    this.#rows.run("INSERT INTO store (base, name) VALUES (?, ?)", base, name);
    return { id: this.#lastId(), indexes: new Map() };
  }

  addIndex(
    store: StoreRow,
    { name, path, isUnique }: { name: string; path: KeyPath; isUnique: boolean },
  ): IndexRow {
    const sql = "INSERT INTO lookup (store, name, path, is_unique) VALUES (?, ?, ?, ?)";
    this.#rows.run(sql, store.id, name, JSON.stringify(path), isUnique ? 1 : 0);
    return { id: this.#lastId(), path, isUnique };
  }

  /** Its name is free at once; what it holds is deleted by `clear`. */
  removeStore({ id }: StoreRow): void {
    this.#rows.run("DELETE FROM store WHERE id = ?", id);
    this.#rows.run("DELETE FROM lookup WHERE store = ?", id);
  }

  #lastId(): number {
    return Number(this.#rows.all("SELECT last_insert_rowid()")[0]![0]);
  }

  /** In the order of their keys. */
  read({ store, index, range: { from, to }, limit = -1, past }: Query): readonly Row[] {
    if (index) {
      const sql = `SELECT e.found, e.key, r.value FROM entry e JOIN record r ON r.store = ? AND r.key = e.key
        WHERE e.lookup = ? AND e.found >= ? AND e.found < ? AND (e.found, e.key) > (?, ?)
        ORDER BY e.found, e.key LIMIT ?`;
      const [pastFound, pastKey] = past ? [past.found, past.key] : [nothing, nothing];
      return this.#rows.all(sql, store.id, index.id, from, to, pastFound, pastKey, limit).map(rowOf);
    }
    const sql =
      "SELECT key, key, value FROM record WHERE store = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?";
    return this.#rows.all(sql, store.id, past ? after(past.key) : from, to, limit).map(rowOf);
  }

  /** Without their values. */
  keys({ store, range: { from, to }, limit = -1 }: Query): readonly Uint8Array[] {
    const sql = "SELECT key FROM record WHERE store = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?";
    return this.#rows.all(sql, store.id, from, to, limit).map(([key]) => key as Uint8Array);
  }

  count({ store, index, range: { from, to } }: Query): number {
    const rows = index
      ? this.#rows.all(
          "SELECT count(*) FROM entry WHERE lookup = ? AND found >= ? AND found < ?",
          index.id,
          from,
          to,
        )
      : this.#rows.all(
          "SELECT count(*) FROM record WHERE store = ? AND key >= ? AND key < ?",
          store.id,
          from,
          to,
        );
    return Number(rows[0]![0]);
  }

  /** Throws `ConstraintError` where an index that allows one only has another record by that key, or the key is taken. */
  put(store: StoreRow, written: Written, { isNew }: { isNew: boolean }): void {
    const { key, value, found } = written;
    for (const [index, by] of found) if (index.isUnique) this.#refuseTaken(index, by, key);
    const conflict = isNew ? "NOTHING" : "UPDATE SET value = excluded.value";
    const sql = `INSERT INTO record (store, key, value, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (store, key) DO ${conflict}`;
    const { changes } = this.#rows.run(sql, store.id, key, value, this.#clock.now());
    if (changes === 0) throw new DOMException("there is a record with this key already", "ConstraintError");
    for (const index of store.indexes.values()) this.#enter(index, key, found.get(index));
  }

  /** What an index finds a record by; written only where that is new. */
  #enter(index: IndexRow, key: Uint8Array, by: Uint8Array | undefined): void {
    const before = this.#rows.all(
      "SELECT found FROM entry WHERE lookup = ? AND key = ?",
      index.id,
      key,
    )[0]?.[0];
    if (before && by && Buffer.compare(before as Uint8Array, by) === 0) return;
    if (before) this.#rows.run("DELETE FROM entry WHERE lookup = ? AND key = ?", index.id, key);
    if (by) this.#rows.run("INSERT INTO entry VALUES (?, ?, ?)", index.id, by, key);
  }

  /** For a new index: enters a record that is there already. */
  enter(index: IndexRow, key: Uint8Array, by: Uint8Array): void {
    if (index.isUnique) this.#refuseTaken(index, by, key);
    this.#enter(index, key, by);
  }

  #refuseTaken(index: IndexRow, by: Uint8Array, key: Uint8Array): void {
    const sql = "SELECT 1 FROM entry WHERE lookup = ? AND found = ? AND key <> ?";
    if (this.#rows.all(sql, index.id, by, key).length > 0)
      throw new DOMException("the index has a record by this key already", "ConstraintError");
  }

  delete(store: StoreRow, { from, to }: KeyRange): void {
    for (const { id } of store.indexes.values())
      this.#rows.run("DELETE FROM entry WHERE lookup = ? AND key >= ? AND key < ?", id, from, to);
    this.#rows.run("DELETE FROM record WHERE store = ? AND key >= ? AND key < ?", store.id, from, to);
  }

  clear(store: StoreRow): void {
    for (const { id } of store.indexes.values()) this.#rows.run("DELETE FROM entry WHERE lookup = ?", id);
    this.#rows.run("DELETE FROM record WHERE store = ?", store.id);
  }

  /** How many records were deleted of those that were first written before `madeBefore`. */
  deleteOlder(store: StoreRow, { from, to }: KeyRange, madeBefore: number): number {
    const older = "SELECT key FROM record WHERE store = ? AND key >= ? AND key < ? AND made_at < ?";
    for (const { id } of store.indexes.values())
      this.#rows.run(
        `DELETE FROM entry WHERE lookup = ? AND key IN (${older})`,
        id,
        store.id,
        from,
        to,
        madeBefore,
      );
    const sql = "DELETE FROM record WHERE store = ? AND key >= ? AND key < ? AND made_at < ?";
    return this.#rows.run(sql, store.id, from, to, madeBefore).changes;
  }
}

/** Sorts before every key. */
const nothing = Uint8Array.of(0x00);

function rowOf([found, key, value]: readonly Value[]): Row {
  return { found: found as Uint8Array, key: key as Uint8Array, value: value as Uint8Array };
}
