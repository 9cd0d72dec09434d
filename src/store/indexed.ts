/**
 * The part of IndexedDB that the engine of the encryption uses, in a file of SQLite: the engine is made for browsers, and keeps
 * its keys in memory or in IndexedDB. What is told to be complete is on the disk, and survives a power cut; nothing is loaded
 * when the file is opened. Knows nothing of keys.
 */
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../kit/clock.ts";
import { refuseStrangers } from "./file-header.ts";
import { Connection, Factory } from "./indexed/connection.ts";
import { everything, KeyRange } from "./indexed/keys.ts";
import { Cursor, CursorWithValue } from "./indexed/object-store.ts";
import { OpenRequest, Request } from "./indexed/request.ts";
import { Schedule } from "./indexed/schedule.ts";
import { schema, schemaVersion, Tables } from "./indexed/tables.ts";
import { damaged, DatabaseTooNew, DataUnusable, isDamage, reasonOf } from "./storage-errors.ts";

export interface Indexed {
  /** The engine's name for its store: what is opened under it, or under a name that begins with it and "::", is in this file. */
  readonly storeName: string;
  readonly factory: Factory;
  /** Makes `indexedDB` and its classes globals of this thread. Names of no file go to the one installed last. */
  install(): void;
  /** Resolves with how many records were deleted. */
  deleteOlder(older: Older): Promise<number>;
  /** What is under way is undone. */
  close(): void;
}

export interface Older {
  /** The part of its name that follows "::". */
  readonly base: string;
  readonly store: string;
  /** All of them where undefined. */
  readonly range?: KeyRange;
  /** Milliseconds: only what was first written before. */
  readonly madeBefore: number;
}

const hint =
  "Move it away and start again: with a password in the config I log in anew, with new keys. What was encrypted for the old ones stays closed.";

/**
 * `file`: `:memory:`, or a file, which is made where there is none, readable by its owner only. One thread may use it at a time.
 * `clock`: when records are first written, for `deleteOlder`. Throws `DataUnusable`, which says what is wrong.
 */
export function openIndexed(file: string, clock: Pick<Clock, "now"> = systemClock): Indexed {
  return indexedOn(openFile(file), clock);
}

/** For tests, which fill the disk. */
export function indexedOn(sqlite: DatabaseSync, clock: Pick<Clock, "now"> = systemClock): Indexed {
  const around = { tables: new Tables(sqlite, clock), schedule: new Schedule() };
  const storeName = `file-${(opened += 1)}`;
  const factory = new Factory(around);
  return {
    storeName,
    factory,
    install() {
      installed.set(storeName, factory);
      Object.assign(globalThis, globals);
    },
    deleteOlder: ({ base, store, range = everything, madeBefore }) =>
      new Promise((resolve, reject) => {
        const transaction = new Connection(around, base).transaction(store, "readwrite");
        const row = transaction.objectStore(store).store;
        const request = transaction.ask(() => around.tables.deleteOlder(row, range, madeBefore));
        transaction.whenOver(({ isDone }) =>
          isDone ? resolve(request.result as number) : reject(transaction.error!),
        );
      }),
    close() {
      installed.delete(storeName);
      around.schedule.close();
      around.tables.close();
    },
  };
}

/** Counts the files of this thread, to tell their names apart. */
let opened = 0;
const installed = new Map<string, Factory>();

/** What the engine looks for: it asks of each answer whether it is of these classes. */
const globals = {
  indexedDB: {
    open(name: string, version?: number): OpenRequest {
      const [store, ...base] = name.split("::");
      const factory = installed.get(store!) ?? [...installed.values()].at(-1);
      if (!factory) throw new DOMException("no file is installed", "InvalidStateError");
      return factory.open(base.join("::") || name, version);
    },
  },
  IDBKeyRange: KeyRange,
  IDBDatabase: Connection,
  IDBRequest: Request,
  IDBOpenDBRequest: OpenRequest,
  IDBCursor: Cursor,
  IDBCursorWithValue: CursorWithValue,
};

function openFile(file: string): DatabaseSync {
  let sqlite: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") makeReady(file);
    sqlite = new DatabaseSync(file, { timeout: 5_000 });
    // FULL: a power cut takes nothing that was told to be complete. Keys that are set back in time are refused by the clients
    // of others. Deleted keys are overwritten.
    sqlite.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8388608; PRAGMA secure_delete = ON; PRAGMA cache_size = -2000;",
    );
    prepare(sqlite, file);
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw inWords(error, file);
  }
}

/** SQLite gives its side files the same mode. An empty file is one whose making was interrupted. */
function makeReady(file: string): void {
  if (existsSync(file) && statSync(file).size > 0) refuseStrangers(file, hint);
  else closeSync(openSync(file, "a", 0o600));
}

function prepare(sqlite: DatabaseSync, file: string): void {
  const one = (sql: string) => Number(Object.values(sqlite.prepare(sql).get() ?? {})[0]);
  const version = one("PRAGMA user_version");
  if (version > schemaVersion)
    throw new DatabaseTooNew(
      `${file} was written by a newer Tyr (schema ${version}, this one knows ${schemaVersion}). Use that version.`,
    );
  if (version === schemaVersion) return;
  if (one("SELECT count(*) FROM sqlite_schema") > 0) throw damaged(file, "is not a database of keys", hint);
  sqlite.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
}

function inWords(error: unknown, file: string): unknown {
  if (error instanceof DataUnusable) return error;
  if (isDamage(error)) return damaged(file, "is damaged", hint);
  const reason = reasonOf(error);
  return reason === undefined ? error : new DataUnusable(`${file} cannot be used: ${reason}`);
}
