/**
 * One Tyr for a data folder: a lock that the system takes back however a process ends, so that nothing stale can be
 * left behind. It is SQLite's own lock on a small file beside the database, which stays free to be read and copied.
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

/** Takes the lock or throws at once, with who holds it. */
export function lockFolder(dataPath: string): Lock {
  const file = join(dataPath, lockFile);
  closeSync(openSync(file, "a", 0o600));
  const sqlite = new DatabaseSync(file);
  try {
    // A reserved lock: a second writer is refused, a reader may still look who we are.
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

/** Who holds the lock is good to know, and no reason to fail: on a full disk nothing can be left. */
function leaveName(sqlite: DatabaseSync): void {
  try {
    sqlite.exec(`PRAGMA user_version = ${pid}; COMMIT`);
  } catch {
    // What could not be committed is still a transaction, or has been undone.
  }
  // Whoever came in between has the lock now, and this throws.
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
