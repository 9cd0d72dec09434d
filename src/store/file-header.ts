/** Checks the first bytes of a database file before SQLite opens it: a file that is no database of Tyr is left alone. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { damaged, DataUnusable } from "./storage-errors.ts";

const magic = "SQLite format 3\0";
const headerSize = 100;
/** Offset of the byte that says whether the file is used with a WAL (2) or alone (1). */
const modeAt = 18;
const standsForItself = 1;

/** A missing file is no error, unless there is a WAL without it: that holds its newest part. `hint`: what to do about a damaged one. */
export function refuseStrangers(file: string, hint?: string): void {
  const wal = `${file}-wal`;
  const hasWal = existsSync(wal) && statSync(wal).size > 0;
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) {
    if (hasWal)
      throw new DataUnusable(
        `${wal} is there without ${file}, whose newest part it holds. Put ${file} back beside it; to start anew, move the ${wal} away as well.`,
      );
    return;
  }
  if (found.isDirectory())
    throw new DataUnusable(`${file} is a folder, and I keep a file of that name. Move it away.`);
  if (found.size === 0) throw damaged(file, "is empty", hint);
  const header = headerOf(file);
  if (header.length < headerSize || header.toString("latin1", 0, magic.length) !== magic)
    throw damaged(file, "is not a database", hint);
  // The file was replaced by a copy, and the old WAL is still there: SQLite would apply it to the copy and break that.
  if (header[modeAt] === standsForItself && hasWal)
    throw new DataUnusable(
      `${file} is a copy that was put back, and ${wal} beside it belongs to the database before it. Remove ${wal} and ${file}-shm, then start again.`,
    );
}

function headerOf(file: string): Buffer {
  const handle = openSync(file, "r");
  try {
    const header = Buffer.alloc(headerSize);
    return header.subarray(0, readSync(handle, header, 0, headerSize, 0));
  } finally {
    closeSync(handle);
  }
}
