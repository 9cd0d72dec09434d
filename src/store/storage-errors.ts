/** What went wrong with the data folder, in words for whoever runs Tyr. Everything else that breaks is a fault of ours. */
import { join } from "node:path";
import { databaseFile } from "./files.ts";

/** The data folder cannot be used before a person has put something right. The message says what. */
export class DataUnusable extends Error {}

/** Another Tyr has it. */
export class FolderInUse extends DataUnusable {}

export class DatabaseTooNew extends DataUnusable {}

const restoreHint =
  "Put back a copy made by tyr backup, or move the file away and start anew: rooms and lists are also kept in the account's data; what is lost is the journal and the exemptions.";

/** A file that cannot be what it should be. It is never overwritten. */
export function damaged(file: string, what: string): DataUnusable {
  return new DataUnusable(`${file} ${what}, and is left as it is. ${restoreHint}`);
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

/** Why the disk or SQLite refused; undefined for a fault of ours. */
export function reasonOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (damagedCodes.has(code)) return "the database is damaged";
  const reason = reasons[code];
  const { errcode, message } = fieldsOf(error);
  // The system names the file that it was about; SQLite says less than we do, but for the number.
  const more = typeof errcode === "number" ? `SQLite error ${errcode}` : String(message);
  return reason && `${reason} (${more})`;
}

export function isBusy(error: unknown): boolean {
  return codeOf(error) === "5";
}

export function isDamage(error: unknown): boolean {
  return damagedCodes.has(codeOf(error) ?? "");
}

/** The error as a sentence about the data folder, if it is one; any other comes back as it is. */
export function unusable(error: unknown, dataPath: string): unknown {
  if (error instanceof DataUnusable) return error;
  if (isDamage(error)) return damaged(join(dataPath, databaseFile), "is damaged");
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new DataUnusable(
    `the data folder ${dataPath} cannot be used: ${reason}. It must be a folder that I may write to, with free space.`,
  );
}

/** The same while we run, where errors of the system may come from elsewhere, too. */
export function unusableNow(error: unknown, dataPath: string): unknown {
  return fieldsOf(error).code === "ERR_SQLITE_ERROR" ? unusable(error, dataPath) : error;
}

/** Hands rows on; one that cannot be read or makes no sense is damage, found when it is too late to ask for less. */
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
