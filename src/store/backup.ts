/**
 * A copy of the database while Tyr runs: made in one read transaction, so that it is consistent and never has to start
 * over, however much is written meanwhile. The copy is checked before it gets its name.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile } from "./files.ts";
import { refuseStrangers } from "./file-header.ts";
import { damaged, DataUnusable, isDamage, reasonOf } from "./storage-errors.ts";

/** The copy could not be made; the message says why. */
export class NoBackup extends Error {}

export interface Copy {
  readonly file: string;
  readonly bytes: number;
  readonly rooms: number;
  readonly decisions: number;
}

export function backUp(dataPath: string, target: string): Copy {
  const source = join(dataPath, databaseFile);
  const file = resolve(target);
  lookAt(dataPath, source);
  reserve(file);
  const unfinished = `${file}.part`;
  try {
    rmSync(unfinished, { force: true });
    makeEmpty(unfinished);
    copy(source, unfinished);
    const counts = check(unfinished, source);
    synchronise(unfinished);
    // Replaces the empty file that reserved the name, so that nothing unfinished could be taken for a copy.
    renameSync(unfinished, file);
    synchronise(dirname(file));
    return { file, bytes: statSync(file).size, ...counts };
  } catch (error) {
    for (const left of [unfinished, file]) rmSync(left, { force: true });
    throw inWords(error, { source, file });
  }
}

function lookAt(dataPath: string, source: string): void {
  if (!existsSync(dataPath)) throw new NoBackup(`there is no data folder ${dataPath}`);
  try {
    refuseStrangers(source);
  } catch (error) {
    throw inWords(error, { source, file: source });
  }
  if (!existsSync(source))
    throw new NoBackup(`there is no database in ${dataPath} yet: Tyr makes it at its first start`);
}

/** Reserves the name before the copy is made. */
function reserve(file: string): void {
  try {
    makeEmpty(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new NoBackup(
        statSync(file).isDirectory()
          ? `${file} is a folder. Name a file in it`
          : `${file} is there already, and nothing is overwritten. Take another name`,
      );
    if (code === "ENOENT") throw new NoBackup(`the folder ${dirname(file)} does not exist. Make it first`);
    throw inWords(error, { source: file, file });
  }
}

/** Readable by its owner only: the database may hold an access token. */
function makeEmpty(file: string): void {
  closeSync(openSync(file, "wx", 0o600));
}

/**
 * By VACUUM INTO, which reads every row, needs no lock that a writer waits for, and leaves out deleted data. The backup API
 * of SQLite would start over with every write of another process or, in one step, copy damaged pages unnoticed.
 */
function copy(source: string, target: string): void {
  const sqlite = new DatabaseSync(source, { readOnly: true, timeout: 10_000 });
  try {
    sqlite.prepare("VACUUM INTO ?").run(target);
  } finally {
    sqlite.close();
  }
}

function check(file: string, source: string): { rooms: number; decisions: number } {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const one = (sql: string) => Object.values(sqlite.prepare(sql).get() ?? {})[0];
  try {
    if (one("PRAGMA user_version") === 0) throw damaged(source, "is not a database of Tyr");
    const found = one("PRAGMA quick_check(1)");
    if (found !== "ok") throw new NoBackup(`the copy is not sound (${String(found)}) and was removed`);
    return {
      rooms: Number(one("SELECT count(*) FROM room")),
      decisions: Number(one("SELECT count(*) FROM decision")),
    };
  } finally {
    sqlite.close();
  }
}

function synchronise(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function inWords(error: unknown, { source, file }: { source: string; file: string }): unknown {
  if (error instanceof NoBackup) return error;
  if (error instanceof DataUnusable) return new NoBackup(error.message);
  if (isDamage(error)) return new NoBackup(damaged(source, "is damaged").message);
  const reason = reasonOf(error);
  return reason === undefined ? error : new NoBackup(`${file} could not be written: ${reason}`);
}
