// What a power cut leaves of the newest transactions: some of them, each whole.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseFile, openDatabase, type Database } from "../../src/store/database.ts";

let folder: string;
let wal: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-power-"));
  wal = join(folder, `${databaseFile}-wal`);
  db = openDatabase(folder);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const transactions = 60;

/** Each transaction counts itself, and writes as many rows as its number. */
function writeAll(): void {
  for (let n = 1; n <= transactions; n++)
    db.transaction(() => {
      db.run("INSERT OR REPLACE INTO keep VALUES ('token', ?)", String(n));
      for (let i = 0; i < n; i++)
        db.run("INSERT INTO room VALUES (?, ?)", `!${n}-${i}:b`, "x".repeat(50 + i));
    });
}

/** The folder as it would be found after a cut, with a WAL that `spoil` has had its way with. */
function foundAfter(spoil: (wal: Buffer) => Buffer): { token: number; rooms: number; check: unknown } {
  const found = join(folder, "found");
  mkdirSync(found);
  copyFileSync(join(folder, databaseFile), join(found, databaseFile));
  writeFileSync(join(found, `${databaseFile}-wal`), spoil(readFileSync(wal)));
  const after = openDatabase(found);
  const state = {
    token: Number(after.all("SELECT value FROM keep WHERE name = 'token'")[0]?.[0] ?? 0),
    rooms: Number(after.all("SELECT count(*) FROM room")[0]![0]),
    check: after.all("PRAGMA integrity_check")[0]![0],
  };
  after.close();
  rmSync(found, { recursive: true });
  return state;
}

const upTo = (n: number) => (n * (n + 1)) / 2;

test("a torn tail of the WAL costs the newest transactions and no more, each whole", () => {
  writeAll();
  const whole = foundAfter((bytes) => bytes);
  const size = statSync(wal).size;

  expect(whole).toEqual({ token: transactions, rooms: upTo(transactions), check: "ok" });
  const tokens: number[] = [];
  for (let cut = 0; cut <= size; cut += Math.ceil(size / 97)) {
    const { token, rooms, check } = foundAfter((bytes) => bytes.subarray(0, cut));
    expect({ cut, rooms, check }).toEqual({ cut, rooms: upTo(token), check: "ok" });
    tokens.push(token);
  }
  expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
  expect(new Set(tokens).size).toBeGreaterThan(20);
});

test("a tail of rubbish or zeros is as good as none", () => {
  writeAll();

  for (const part of [0.2, 0.5, 0.9]) {
    for (const filling of [0x00, 0xff, 0x5a]) {
      const { token, rooms, check } = foundAfter((bytes) =>
        bytes.fill(filling, Math.floor(bytes.length * part)),
      );
      expect({ rooms, check }).toEqual({ rooms: upTo(token), check: "ok" });
      expect(token).toBeLessThan(transactions);
    }
  }
});

test("the WAL is synchronised when it is moved into the file, not at every transaction", () => {
  expect(db.all("PRAGMA synchronous")).toEqual([[1]]);
  expect(db.all("PRAGMA journal_mode")).toEqual([["wal"]]);
});

test("the WAL does not stay as large as the largest transaction made it", () => {
  db.transaction(() => {
    for (let i = 0; i < 20_000; i++) db.run("INSERT INTO room VALUES (?, ?)", `!${i}:b`, "x".repeat(1_000));
  });
  const largest = statSync(wal).size;

  for (let i = 0; i < 5; i++) db.run("INSERT OR REPLACE INTO keep VALUES ('token', ?)", String(i));

  expect(largest).toBeGreaterThan(20_000_000);
  expect(statSync(wal).size).toBeLessThanOrEqual(8_388_608);
});

test("many small transactions keep the WAL small", () => {
  for (let i = 0; i < 5_000; i++) db.run("INSERT INTO room VALUES (?, ?)", `!${i}:b`, "x".repeat(500));

  expect(statSync(wal).size).toBeLessThan(10_000_000);
});
