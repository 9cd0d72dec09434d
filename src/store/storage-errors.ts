/** What went wrong with the data folder, in words for the person who runs Tyr. All other errors are bugs of ours. */
import { join } from "node:path";
import { databaseFile } from "./files.ts";

/** The data folder cannot be used until a person has repaired something. The message says what. */
export class DataUnusable extends Error {}

/** Another Tyr uses the data folder. */
export class FolderInUse extends DataUnusable {}

export class DatabaseTooNew extends DataUnusable {}

const restoreHint =
  "Put back a copy made by tyr backup, or move the file away and start anew: rooms and lists are also kept in the account's data; what is lost is the journal and the exemptions.";

/** A file that is damaged or no database of Tyr. It is never overwritten. */
export function damaged(file: string, what: string, hint = restoreHint): DataUnusable {
  return new DataUnusable(`${file} ${what}, and is left as it is. ${hint}`);
}

/** SQLite's result codes and those of the system, by what they mean to a person. */
const reasons: Readonly<Record<string, string>> = {
  13: "the disk is full",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "the disk is full",
  10: "reading or writing failed",
  EIO: "reading or writing failed",
  8: "it may not be written by this user, or the file system is read-only",
  EROFS: "the file system is read-only",
  14: "a file could not be opened or made",
  3: "this user may not write there",
  23: "this user may not write there",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOTDIR: "a part of its path is no folder",
  EEXIST: "it is no folder",
  ENOENT: "it is not there and could not be made",
  5: "another program keeps it locked",
  6: "another program keeps it locked",
  15: "its file system has no locks",
};
const damagedCodes = new Set(["11", "26"]);

/** Why the disk or SQLite refused; undefined for a bug of ours. */
export function reasonOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (damagedCodes.has(code)) return "the database is damaged";
  const reason = reasons[code];
  const { errcode, message } = fieldsOf(error);
  // A system error names the file. Of an SQLite error only the number adds to what we say.
  const more = typeof errcode === "number" ? `SQLite error ${errcode}` : String(message);
  return reason && `${reason} (${more})`;
}

export function isBusy(error: unknown): boolean {
  return codeOf(error) === "5";
}

export function isDamage(error: unknown): boolean {
  return damagedCodes.has(codeOf(error) ?? "");
}

/** An error about the data folder, with a sentence that says so; any other error comes back as it is. */
export function unusable(error: unknown, dataPath: string): unknown {
  if (error instanceof DataUnusable) return error;
  if (isDamage(error)) return damaged(join(dataPath, databaseFile), "is damaged");
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new DataUnusable(
    `the data folder ${dataPath} cannot be used: ${reason}. It must be a folder that I may write to, with free space.`,
  );
}

/** The same for errors while Tyr runs, when system errors may also come from elsewhere. */
export function unusableNow(error: unknown, dataPath: string): unknown {
  return fieldsOf(error).code === "ERR_SQLITE_ERROR" ? unusable(error, dataPath) : error;
}

/** Passes rows on. A row that cannot be read or parsed means a damaged database, and is reported as such. */
export function* undamaged<T>(rows: Iterable<T>, dataPath: string): Iterable<T> {
  try {
    yield* rows;
  } catch (error) {
    throw error instanceof SyntaxError
      ? damaged(join(dataPath, databaseFile), "is damaged")
      : unusable(error, dataPath);
  }
}

/** The primary result code of SQLite as digits, or the name of a system error. */
function codeOf(error: unknown): string | undefined {
  const { code, errcode } = fieldsOf(error);
  if (typeof errcode === "number") return String(errcode & 0xff);
  return typeof code === "string" ? code : undefined;
}

function fieldsOf(error: unknown): { code?: unknown; errcode?: unknown; message?: unknown } {
  return typeof error === "object" && error !== null ? error : {};
}
