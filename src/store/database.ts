/**
 * The data file: SQLite in WAL mode, one file in the data folder, with schema versions. Knows rows and
 * transactions, nothing of what they mean.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { migrations } from "./migrations.ts";

export type Value = SQLInputValue;

export const databaseFile = "tyr.db";

export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  run(sql: string, ...values: readonly Value[]): { changes: number } {
    return { changes: Number(this.#prepare(sql).run(...values).changes) };
  }

  /** Rows as arrays, in the order of the columns asked for. */
  all(sql: string, ...values: readonly Value[]): readonly Value[][] {
    return this.#prepare(sql).all(...values) as unknown as Value[][];
  }

  /** Rows one after another: for tables too large to hold twice. */
  each(sql: string, ...values: readonly Value[]): Iterable<Value[]> {
    return this.#prepare(sql).iterate(...values) as unknown as Iterable<Value[]>;
  }

  /** All or nothing; a transaction within a transaction is part of it. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#sqlite.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = work();
      this.#sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      this.#sqlite.exec("ROLLBACK");
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
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

/** `:memory:` for tests; otherwise a folder, made if missing and readable by its owner only. */
export function openDatabase(dataPath: string): Database {
  if (dataPath !== ":memory:") mkdirSync(dataPath, { recursive: true, mode: 0o700 });
  const file = dataPath === ":memory:" ? dataPath : join(dataPath, databaseFile);
  // It may hold an access token; SQLite gives its side files the same mode.
  if (dataPath !== ":memory:") closeSync(openSync(file, "a", 0o600));
  const sqlite = new DatabaseSync(file);
  // WAL with NORMAL: a crash of the process loses nothing, a power cut at most the newest transactions, whole.
  sqlite.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000;",
  );
  migrate(sqlite, dataPath);
  return new Database(sqlite);
}

export class DatabaseTooNew extends Error {}

function migrate(sqlite: DatabaseSync, dataPath: string): void {
  const { user_version: version } = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > migrations.length) {
    const where = join(dataPath, databaseFile);
    sqlite.close();
    throw new DatabaseTooNew(
      `${where} was written by a newer Tyr (schema ${version}, this one knows ${migrations.length}). Use that version, or another data folder.`,
    );
  }
  for (let next = version; next < migrations.length; next++) {
    sqlite.exec(`BEGIN IMMEDIATE; ${migrations[next]!}; PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
}
