/**
 * The data file: SQLite in WAL mode, one file in the data folder, with schema versions. Knows rows and
 * transactions, nothing of what they mean.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { databaseFile } from "./files.ts";
import { refuseStrangers } from "./file-header.ts";
import { lockFolder, type Lock } from "./lock.ts";
import { migrations } from "./migrations.ts";
import { damaged, DatabaseTooNew, unusable } from "./storage-errors.ts";

export { databaseFile } from "./files.ts";
export { DatabaseTooNew } from "./storage-errors.ts";

export type Value = SQLInputValue;

export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #lock: Lock | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(sqlite: DatabaseSync, lock?: Lock) {
    this.#sqlite = sqlite;
    this.#lock = lock;
  }

  run(sql: string, ...values: readonly Value[]): { changes: number } {
    return { changes: Number(this.#prepare(sql).run(...values).changes) };
  }

  /** Rows as arrays, in the order of the columns asked for. */
  all(sql: string, ...values: readonly Value[]): readonly Value[][] {
    return this.#prepare(sql).all(...values) as unknown as Value[][];
  }

  /** Rows one at a time: for tables too large to be in memory twice. */
  each(sql: string, ...values: readonly Value[]): Iterable<Value[]> {
    return this.#prepare(sql).iterate(...values) as unknown as Iterable<Value[]>;
  }

  /** All of `work` is written, or nothing of it. A transaction within a transaction is part of the outer one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#sqlite.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = work();
      this.#sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      // On a full disk SQLite has rolled back already.
      if (this.#sqlite.isTransaction) this.#sqlite.exec("ROLLBACK");
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#statements.clear();
    try {
      this.#sqlite.close();
    } finally {
      this.#lock?.release();
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** `dataPath`: `:memory:` for tests, or a folder. It is made if missing, readable by its owner only, and locked while open. */
export function openDatabase(dataPath: string): Database {
  if (dataPath === ":memory:") return new Database(migrated(new DatabaseSync(dataPath), dataPath));
  let lock: Lock | undefined;
  try {
    mkdirSync(dataPath, { recursive: true, mode: 0o700 });
    lock = lockFolder(dataPath);
    const file = join(dataPath, databaseFile);
    refuseStrangers(file);
    if (!existsSync(file)) createDatabase(file, dataPath);
    return new Database(opened(file, dataPath), lock);
  } catch (error) {
    lock?.release();
    throw unusable(error, dataPath);
  }
}

/** Reads what is written meanwhile, and can write nothing itself. */
export function openToRead(dataPath: string): Database {
  return new Database(new DatabaseSync(join(dataPath, databaseFile), { readOnly: true, timeout: 5_000 }));
}

function opened(file: string, dataPath: string): DatabaseSync {
  const sqlite = new DatabaseSync(file);
  try {
    // WAL with NORMAL: a crash of the process loses nothing, a power cut at most the newest transactions, each as a whole.
    // Every 1,000 pages the WAL is moved into the file; what a large transaction added to the WAL is given back to the disk.
    sqlite.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8388608; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000;",
    );
    if (versionOf(sqlite) === 0) throw damaged(file, "is not a database of Tyr");
    return migrated(sqlite, dataPath);
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Made under another name and then renamed, so that an empty file of our name always means lost data. */
function createDatabase(file: string, dataPath: string): void {
  const unfinished = `${file}.new`;
  for (const left of [unfinished, `${unfinished}-journal`, `${unfinished}-wal`, `${unfinished}-shm`])
    rmSync(left, { force: true });
  // It may hold an access token; SQLite gives its side files the same mode.
  closeSync(openSync(unfinished, "wx", 0o600));
  const sqlite = new DatabaseSync(unfinished);
  try {
    migrated(sqlite, dataPath);
    sqlite.exec("PRAGMA journal_mode = WAL");
  } finally {
    sqlite.close();
  }
  renameSync(unfinished, file);
}

function migrated(sqlite: DatabaseSync, dataPath: string): DatabaseSync {
  const version = versionOf(sqlite);
  if (version > migrations.length) {
    const where = join(dataPath, databaseFile);
    throw new DatabaseTooNew(
      `${where} was written by a newer Tyr (schema ${version}, this one knows ${migrations.length}). Use that version, or another data folder.`,
    );
  }
  for (let next = version; next < migrations.length; next++) {
    sqlite.exec(`BEGIN IMMEDIATE; ${migrations[next]!}; PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
  return sqlite;
}

function versionOf(sqlite: DatabaseSync): number {
  return (sqlite.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}
