import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { backUp, NoBackup } from "../../src/store/backup.ts";
import { databaseFile, openDatabase, type Database } from "../../src/store/database.ts";
import { otherProcess, type OtherProcess } from "../support/other-process.ts";

let folder: string;
let data: string;
let target: string;
let running: Database | undefined;
let other: OtherProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-backup-"));
  data = join(folder, "data");
  target = join(folder, "copy.db");
});
afterEach(async () => {
  running?.close();
  running = undefined;
  await other?.kill();
  other = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** An open database with some rooms in it, the newest of them in the WAL only. */
function aDatabase(rooms = 3): Database {
  running = openDatabase(data);
  running.transaction(() => {
    for (let i = 0; i < rooms; i++)
      running!.run("INSERT INTO room VALUES (?, ?)", `!${i}:b`, "x".repeat(500));
  });
  return running;
}

function refusal(path = target): string {
  try {
    backUp(data, path);
  } catch (error) {
    if (error instanceof NoBackup) return error.message;
    throw error;
  }
  return "copied";
}

test("copies all that a running Tyr has written, readable by its owner only", () => {
  aDatabase(3);

  const copy = backUp(data, target);

  expect(copy).toEqual({ file: target, bytes: statSync(target).size, rooms: 3, decisions: 0 });
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["copy.db", "data"]);
});

test("a copy put back is what a start finds", () => {
  aDatabase(5).run("INSERT INTO keep VALUES ('token', 's5')");
  backUp(data, target);
  running!.run("DELETE FROM room");
  running!.close();
  for (const name of [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`])
    rmSync(join(data, name), { force: true });

  copyFileSync(target, join(data, databaseFile));
  running = openDatabase(data);

  expect(running.all("SELECT count(*) FROM room")).toEqual([[5]]);
  expect(running.all("SELECT value FROM keep")).toEqual([["s5"]]);
  expect(running.all("PRAGMA journal_mode")).toEqual([["wal"]]);
});

test("another process that writes all the time neither breaks the copy nor makes it begin anew", async () => {
  aDatabase(2_000).close();
  running = undefined;
  other = otherProcess(
    `
    const db = openDatabase(folder);
    let n = 0;
    const write = () => {
      for (let i = 0; i < 20; i++, n++)
        db.transaction(() => {
          db.run("INSERT OR REPLACE INTO keep VALUES ('token', ?)", String(n));
          db.run("INSERT INTO refusal VALUES (?, 'ban', NULL, '', '', '')", n);
        });
      if (n === 20) say("writing");
      setImmediate(write);
    };
    write();
    `,
    data,
  );
  await other.said;

  for (let i = 0; i < 5; i++) backUp(data, join(folder, `copy${i}.db`));

  const counts = [0, 1, 2, 3, 4].map((i) => {
    const copy = new DatabaseSync(join(folder, `copy${i}.db`), { readOnly: true });
    const found = copy
      .prepare("SELECT (SELECT value FROM keep) + 1 AS token, (SELECT count(*) FROM refusal) AS refusals")
      .get() as { token: number; refusals: number };
    copy.close();
    return found;
  });
  for (const { token, refusals } of counts) expect(refusals).toBe(token);
  expect(counts[4]!.token).toBeGreaterThan(counts[0]!.token);
});

test("what a killed Tyr left is copied whole", async () => {
  other = otherProcess("openDatabase(folder).run(`INSERT INTO keep VALUES ('a', '1')`); say('open');", data);
  await other.said;
  await other.kill();

  backUp(data, target);

  const copy = new DatabaseSync(target, { readOnly: true });
  expect(copy.prepare("SELECT value FROM keep").get()).toEqual({ value: "1" });
  copy.close();
});

test("a name with odd characters is a name", () => {
  aDatabase();

  for (const name of ["it's; DROP TABLE room --.db", "file:x?mode=memory", "ä ö 😀.db"])
    expect(backUp(data, join(folder, name)).rooms).toBe(3);
});

describe("no copy is made", () => {
  test("over a file that is there", () => {
    aDatabase();
    writeFileSync(target, "precious");

    expect(refusal()).toBe(`${target} is there already, and nothing is overwritten. Take another name`);
    expect(readFileSync(target, "utf8")).toBe("precious");
  });

  test("over the database itself", () => {
    aDatabase();

    expect(refusal(join(data, databaseFile))).toContain("nothing is overwritten");
    expect(running!.all("SELECT count(*) FROM room")).toEqual([[3]]);
  });

  test("in place of a folder", () => {
    aDatabase();
    mkdirSync(target);

    expect(refusal()).toBe(`${target} is a folder. Name a file in it`);
  });

  test("in a folder that is not there", () => {
    aDatabase();

    expect(refusal(join(folder, "deeper", "copy.db"))).toBe(
      `the folder ${join(folder, "deeper")} does not exist. Make it first`,
    );
  });

  test("of nothing", () => {
    expect(refusal()).toBe(`there is no data folder ${data}`);
    mkdirSync(data);
    expect(refusal()).toBe(`there is no database in ${data} yet: Tyr makes it at its first start`);
    expect(readdirSync(data)).toEqual([]);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["a damaged database", (bytes) => bytes.fill(0xa5, 4_096 * 20, 4_096 * 40)],
    ["an empty file", () => Buffer.alloc(0)],
    ["something else", () => Buffer.from("something else\n".repeat(100))],
  ])("of %s, and nothing is left lying around", (_, spoil) => {
    aDatabase(2_000).close();
    running = undefined;
    const file = join(data, databaseFile);
    writeFileSync(file, spoil(readFileSync(file)));

    expect(refusal()).toContain(file);
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.part`)).toBe(false);
  });
});
