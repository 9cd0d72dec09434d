import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "../../src/store/migrations.ts";
import { databaseFile, openDatabase } from "../../src/store/database.ts";
import { lockFile } from "../../src/store/files.ts";
import { DataUnusable } from "../../src/store/storage-errors.ts";
import { otherProcess, type OtherProcess } from "../support/other-process.ts";

let folder: string;
const others: OtherProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-lock-"));
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.kill()));
  rmSync(folder, { recursive: true, force: true });
});

function start(code: string): OtherProcess {
  const other = otherProcess(code, folder);
  others.push(other);
  return other;
}

const holding =
  "globalThis.kept = openDatabase(folder); kept.run(`INSERT INTO keep VALUES ('a', '1')`); say('open');";

test("a folder that is open is refused, with the process that holds it and what to do", () => {
  const first = openDatabase(folder);

  expect(() => openDatabase(folder)).toThrow(DataUnusable);
  expect(() => openDatabase(folder)).toThrow(
    `${folder} is in use by another Tyr (process ${process.pid}). Two on one folder would undo each other's work: stop that one, or give this one a dataPath of its own.`,
  );
  first.run("INSERT INTO keep VALUES ('a', '1')");
  first.close();
});

test("a closed folder is free again, and so is one whose database was refused", () => {
  openDatabase(folder).close();
  const raw = new DatabaseSync(join(folder, databaseFile));
  raw.exec("PRAGMA user_version = 99");

  expect(() => openDatabase(folder)).toThrow("newer Tyr");
  raw.exec(`PRAGMA user_version = ${migrations.length}`);
  raw.close();

  openDatabase(folder).close();
});

test("another process is refused, and a killed one leaves nothing in the way", async () => {
  const other = start(holding);
  await other.said;

  expect(() => openDatabase(folder)).toThrow(`(process ${other.pid})`);
  await other.kill();
  const mine = openDatabase(folder);

  expect(mine.all("SELECT value FROM keep")).toEqual([["1"]]);
  mine.close();
});

test("of two that start at the same moment one goes on", async () => {
  // Kept, as a database that nothing holds is closed with its lock by the garbage collector.
  const attempt =
    "try { globalThis.kept = openDatabase(folder); say('open'); } catch (error) { say(error.message); }";
  const both = [start(attempt), start(attempt)];
  const said = await Promise.all(both.map((one) => one.said));

  expect(said.filter((text) => text === "open")).toHaveLength(1);
  expect(said.filter((text) => text.includes("in use by another Tyr"))).toHaveLength(1);
});

test("the database of a running Tyr can still be read", () => {
  const running = openDatabase(folder);
  running.run("INSERT INTO keep VALUES ('a', '1')");
  const reader = new DatabaseSync(join(folder, databaseFile), { readOnly: true });

  expect(reader.prepare("SELECT value FROM keep").all()).toHaveLength(1);
  reader.close();
  running.close();
});

test("nobody else may read what is in the folder", () => {
  const db = openDatabase(folder);
  const modes = [databaseFile, `${databaseFile}-wal`, lockFile].map(
    (name) => statSync(join(folder, name)).mode & 0o777,
  );
  db.close();

  expect(modes).toEqual([0o600, 0o600, 0o600]);
  expect(readFileSync(join(folder, lockFile)).length).toBeLessThan(10_000);
});

test("a database in memory is nobody else's", () => {
  const first = openDatabase(":memory:");

  const second = openDatabase(":memory:");
  first.run("INSERT INTO keep VALUES ('a', '1')");

  expect(second.all("SELECT value FROM keep")).toEqual([]);
});
