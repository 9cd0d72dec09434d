import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile, openDatabase } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { DataUnusable, undamaged, unusable } from "../../src/store/storage-errors.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-damaged-"));
  file = join(folder, databaseFile);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database with some hundred pages, closed. */
function written(): Buffer {
  const db = openDatabase(folder);
  db.transaction(() => {
    for (let i = 0; i < 2_000; i++)
      db.run(
        "INSERT INTO state VALUES (?, ?, ?, ?)",
        "!a:b",
        "m.policy.rule.user",
        `rule ${i}`,
        JSON.stringify({ content: { reason: "spam ".repeat(40) } }),
      );
  });
  db.close();
  return readFileSync(file);
}

function refusal(): string {
  try {
    openDatabase(folder).close();
  } catch (error) {
    if (error instanceof DataUnusable) return error.message;
    throw error;
  }
  return "opened";
}

const hint =
  "is left as it is. Put back a copy made by tyr backup, or move the file away and start anew: rooms and lists are also kept in the account's data; what is lost is the journal and the exemptions.";

describe("a file that is no database is refused with a hint, and left as it is", () => {
  test.each<[string, (good: Buffer) => Buffer, string]>([
    ["something else", () => Buffer.from("hello, this is something else\n".repeat(400)), "is not a database"],
    ["empty", () => Buffer.alloc(0), "is empty"],
    ["all zeros", (good) => Buffer.alloc(good.length), "is not a database"],
    ["cut within the header", (good) => good.subarray(0, 50), "is not a database"],
    ["a header with nothing behind it", (good) => good.subarray(0, 100), "is damaged"],
    [
      "a torn header",
      (good) => Buffer.concat([good.subarray(0, 16), Buffer.alloc(84, 0xff), good.subarray(100)]),
      "is damaged",
    ],
    [
      "a schema that is rubbish",
      (good) => Buffer.concat([good.subarray(0, 100), Buffer.alloc(3_996, 0x5a), good.subarray(4_096)]),
      "is damaged",
    ],
  ])("%s", (_, spoil, what) => {
    const spoilt = spoil(written());
    writeFileSync(file, spoilt);

    const message = refusal();

    expect(message).toContain(`${file} ${what}`);
    expect(message).toContain(hint);
    expect(readFileSync(file).equals(spoilt)).toBe(true);
  });

  test("a database of another program", () => {
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE bookmarks (url TEXT)");
    other.close();

    expect(refusal()).toContain(`${file} is not a database of Tyr`);
    const after = new DatabaseSync(file);
    expect(after.prepare("SELECT name FROM sqlite_master").all()).toHaveLength(1);
    after.close();
  });

  test("a folder", () => {
    mkdirSync(file);

    expect(refusal()).toBe(`${file} is a folder, and I keep a file of that name. Move it away.`);
  });
});

test("damage in the middle is found when the snapshot is read", () => {
  const good = written();
  const middle = Math.floor(good.length / 2 / 4_096) * 4_096;
  good.fill(0xa5, middle, middle + 3 * 4_096);
  writeFileSync(file, good);
  const db = openDatabase(folder);

  const read = () => [...undamaged(new Snapshot(db).read(), folder)];

  expect(read).toThrow(DataUnusable);
  expect(read).toThrow(`${file} is damaged, and ${hint}`);
  db.close();
});

test("a row that makes no sense is damage, too", () => {
  written();
  const db = openDatabase(folder);
  db.run("UPDATE state SET event = '{' WHERE state_key = 'rule 7'");

  expect(() => [...undamaged(new Snapshot(db).read(), folder)]).toThrow(DataUnusable);
  db.close();
});

test("a file cut short is refused when it is opened or read", () => {
  const good = written();
  truncateSync(file, Math.floor(good.length / 3));

  const use = () => {
    const db = openDatabase(folder);
    try {
      return [...undamaged(new Snapshot(db).read(), folder)];
    } finally {
      db.close();
    }
  };

  expect(use).toThrow(`${file} is damaged`);
});

describe("a WAL that belongs to another database", () => {
  /** A folder as a killed process leaves it: the newest part of the database is in the WAL. */
  function killed(): string {
    const left = mkdtempSync(join(tmpdir(), "tyr-killed-"));
    const db = openDatabase(folder);
    db.run("INSERT INTO keep VALUES ('a', '1')");
    for (const name of [databaseFile, `${databaseFile}-wal`])
      copyFileSync(join(folder, name), join(left, name));
    db.close();
    rmSync(folder, { recursive: true });
    renameSync(left, folder);
    return folder;
  }

  test("is not laid over a copy that was put back", () => {
    killed();
    const copy = join(folder, "copy.db");
    const raw = new DatabaseSync(file, { readOnly: true });
    raw.exec(`VACUUM INTO '${copy}'`);
    raw.close();
    renameSync(copy, file);

    expect(refusal()).toBe(
      `${file} is a copy that was put back, and ${file}-wal beside it belongs to the database before it. Remove ${file}-wal and ${file}-shm, then start again.`,
    );
    rmSync(`${file}-wal`);
    rmSync(`${file}-shm`);
    const db = openDatabase(folder);
    expect(db.all("SELECT value FROM keep")).toEqual([["1"]]);
    db.close();
  });

  test("is not laid over a new one", () => {
    killed();
    rmSync(file);

    expect(refusal()).toContain(`${file}-wal is there without ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  test("of a killed process is its own, and read", () => {
    killed();

    const db = openDatabase(folder);

    expect(db.all("SELECT value FROM keep")).toEqual([["1"]]);
    db.close();
  });
});

test("what a first start left unfinished is made anew", () => {
  writeFileSync(`${file}.new`, "half a database");
  writeFileSync(`${file}.new-journal`, "its journal");

  expect(refusal()).toBe("opened");
  expect(existsSync(`${file}.new`)).toBe(false);
});

describe("a folder that cannot be used is refused in words", () => {
  test("a file in its place", () => {
    const path = join(folder, "file");
    writeFileSync(path, "");

    expect(() => openDatabase(path)).toThrow(`the data folder ${path} cannot be used: it is no folder`);
    expect(() => openDatabase(join(path, "deeper"))).toThrow("a part of its path is no folder");
  });

  const systemError = (code: string) => Object.assign(new Error(`${code}: something`), { code });
  const sqliteError = (errcode: number) =>
    Object.assign(new Error("something"), { code: "ERR_SQLITE_ERROR", errcode });
  test.each([
    [systemError("EACCES"), "this user may not write there"],
    [systemError("EROFS"), "the file system is read-only"],
    [systemError("ENOSPC"), "the disk is full"],
    [sqliteError(13), "the disk is full"],
    [sqliteError(1032), "read-only"],
    [sqliteError(778), "reading or writing failed"],
    [sqliteError(14), "could not be opened"],
  ])("%o", (error, reason) => {
    const told = unusable(error, "/data") as Error;

    expect(told).toBeInstanceOf(DataUnusable);
    expect(told.message).toContain(`the data folder /data cannot be used: `);
    expect(told.message).toContain(reason);
  });

  test("and a fault of ours stays one", () => {
    const ours = new TypeError("x is not a function");

    expect(unusable(ours, "/data")).toBe(ours);
  });
});
