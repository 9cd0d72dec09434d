/**
 * Only one Tyr uses a data folder: a lock that the system releases however the process ends, so that no stale lock is left
 * behind. It is SQLite's lock on a small file next to the database; the database itself can be read and copied.
 */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { DatabaseSync } from "node:sqlite";
import { lockFile } from "./files.ts";
import { FolderInUse, isBusy } from "./storage-errors.ts";

export interface Lock {
  release(): void;
}

/** Takes the lock, or throws at once and says who holds it. */
export function lockFolder(dataPath: string): Lock {
  const file = join(dataPath, lockFile);
  closeSync(openSync(file, "a", 0o600));
  const sqlite = new DatabaseSync(file);
  try {
    // A reserved lock refuses a second writer, but lets a reader see which process holds it.
    sqlite.exec("BEGIN IMMEDIATE");
    leaveName(sqlite);
  } catch (error) {
    const holder = isBusy(error) ? nameIn(sqlite) : undefined;
    sqlite.close();
    if (!isBusy(error)) throw error;
    throw new FolderInUse(
      `the data folder ${dataPath} is in use by another Tyr${holder === undefined ? "" : ` (process ${holder})`}. Two on one folder would undo each other's work: stop that one, or give this one a dataPath of its own.`,
    );
  }
  return { release: () => sqlite.close() };
}

/** Notes which process holds the lock. Failing to is no reason to stop: on a full disk nothing can be written. */
function leaveName(sqlite: DatabaseSync): void {
  try {
    sqlite.exec(`PRAGMA user_version = ${pid}; COMMIT`);
  } catch {
    // After a failed commit the transaction may be open still, or rolled back already.
  }
  // Throws if another process took the lock in between.
  if (!sqlite.isTransaction) sqlite.exec("BEGIN IMMEDIATE");
}

function nameIn(sqlite: DatabaseSync): number | undefined {
  try {
    const { user_version: holder } = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
    return holder > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}
