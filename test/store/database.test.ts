import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile, DatabaseTooNew, openDatabase } from "../../src/store/database.ts";
import { migrations } from "../../src/store/migrations.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const insert = "INSERT INTO keep (name, value) VALUES (?, ?)";

test("a new file gets the newest schema, in a folder that only its owner may read", () => {
  const path = join(folder, "deep", "data");
  const db = openDatabase(path);

  expect(db.all("PRAGMA user_version")).toEqual([[migrations.length]]);
  expect(statSync(path).mode & 0o077).toBe(0);
  db.close();
});

test("what was written is there at the next start", () => {
  const first = openDatabase(folder);
  first.run(insert, "a", "1");
  first.close();
  const second = openDatabase(folder);

  expect(second.all("SELECT name, value FROM keep")).toEqual([["a", "1"]]);
  second.close();
});

test("a file of a newer Tyr is refused with its path, and left as it is", () => {
  openDatabase(folder).close();
  const raw = new DatabaseSync(join(folder, databaseFile));
  raw.exec("PRAGMA user_version = 99");
  raw.close();

  expect(() => openDatabase(folder)).toThrow(DatabaseTooNew);
  expect(() => openDatabase(folder)).toThrow(join(folder, databaseFile));
  const after = new DatabaseSync(join(folder, databaseFile));
  expect(after.prepare("PRAGMA user_version").get()).toEqual({ user_version: 99 });
  after.close();
});

describe("a transaction", () => {
  test("that fails leaves nothing behind, and the next one works", () => {
    const db = openDatabase(":memory:");

    expect(() =>
      db.transaction(() => {
        db.run(insert, "a", "1");
        throw new Error("half way");
      }),
    ).toThrow("half way");
    db.transaction(() => db.run(insert, "b", "2"));

    expect(db.all("SELECT name FROM keep")).toEqual([["b"]]);
  });

  test("within a transaction is part of it", () => {
    const db = openDatabase(":memory:");

    expect(() =>
      db.transaction(() => {
        db.transaction(() => db.run(insert, "inner", "1"));
        throw new Error("half way");
      }),
    ).toThrow("half way");

    expect(db.all("SELECT name FROM keep")).toEqual([]);
  });

  test("gives back what its work gave", () => {
    expect(openDatabase(":memory:").transaction(() => 5)).toBe(5);
  });
});

test("rows can be walked one by one", () => {
  const db = openDatabase(":memory:");
  for (const name of ["a", "b", "c"]) db.run(insert, name, name);

  expect([...db.each("SELECT name FROM keep ORDER BY name")]).toEqual([["a"], ["b"], ["c"]]);
});
