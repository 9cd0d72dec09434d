// The disk under Tyr: damaged, taken or full.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Journal } from "../../src/journal/journal.ts";
import { JournalPast } from "../../src/journal/past.ts";
import { databaseFile, openDatabase, type Database } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { decide } from "../../src/model/decision.ts";
import { aFolder } from "../support/folder.ts";
import { lobby, user as userId } from "../support/make.ts";
import { Story } from "../support/story.ts";
import { usualLimits } from "../support/limits.ts";

let folder: string;
let story: Story;
beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

test("a database damaged in the middle ends the start with a hint, and stays as it is", async () => {
  story = new Story({ dataPath: folder });
  await story.start();
  story.homeserver.addRules(story.list, story.moderator, 3_000, (i) => ({
    type: "m.policy.rule.user",
    stateKey: `rule ${i}`,
    content: { entity: `@u${i}:evil.example`, recommendation: "m.ban", reason: "x".repeat(100) },
  }));
  await story.pass();
  await story.stop();
  const file = join(folder, databaseFile);
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 40_960, bytes.length - 40_960);
  writeFileSync(file, bytes);

  story.launch();
  const ending = await story.ended();

  expect(ending).toEqual({ kind: "cannot-start", message: expect.stringContaining(`${file} is damaged`) });
  expect(ending).toMatchObject({ message: expect.stringContaining("tyr backup") });
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test("a folder that another Tyr uses ends the start", async () => {
  story = new Story({ dataPath: folder });
  const other = openDatabase(folder);

  story.launch();
  const ending = await story.ended();
  other.close();

  expect(ending).toEqual({ kind: "cannot-start", message: expect.stringContaining("in use by another Tyr") });
});

/** The real database, but for writes that fail while `isFull`, as SQLite says it. */
function fillable(): { isFull: boolean; attempts: number; open: (dataPath: string) => Database } {
  const disk = {
    isFull: false,
    attempts: 0,
    open: (dataPath: string) => {
      const db = openDatabase(dataPath);
      const transaction = db.transaction.bind(db);
      const run = db.run.bind(db);
      db.run = (sql, ...values) => {
        if (disk.isFull) throw fullError();
        return run(sql, ...values);
      };
      db.transaction = <T>(work: () => T): T => {
        if (disk.isFull) disk.attempts++;
        return transaction(work);
      };
      return db;
    },
  };
  return disk;
}

const fullError = () =>
  Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });

const said = (part: string) => story.said().filter((text) => text.includes(part));

test("on a full disk Tyr goes on, says so once, and forgets nothing once there is room", async () => {
  const disk = fillable();
  story = new Story({ rooms: 3, dataPath: folder, openDatabase: disk.open });
  await story.start();
  const [first, second] = [story.person("first"), story.person("second")];
  disk.isFull = true;

  story.rule(first);
  await story.until(() => story.isBanned(first), "the bans on a full disk");
  await story.until(() => said("cannot be written").length > 0, "the word about it");
  const status = await story.command("!tyr status");
  await story.command(`!tyr ban ${second} spam`);
  await story.pass(600_000);

  expect(story.isBanned(second)).toBe(true);
  expect(status).toContain("My data folder cannot be written: the disk is full");
  expect(said("My data folder cannot be written").length - said("thing to look at").length).toBe(1);
  expect(story.log.filter((line) => line.message.includes("cannot be written"))).toHaveLength(1);
  expect(disk.attempts).toBeLessThan(200);

  disk.isFull = false;
  await story.until(() => said("can be written again").length > 0, "the word that it is over");
  await story.pass(300_000);
  expect(said("can be written again")).toHaveLength(1);
  expect(said("journal entr")).toEqual([]);
  expect((await story.command("!tyr status")).includes("cannot be written")).toBe(false);
  const bansSoFar = story.written("m.room.member").length;
  await story.stop();

  const db = openDatabase(folder);
  const past = new JournalPast(db, usualLimits);
  const bans = [first, second].flatMap((user) => past.about(user, 100));
  const members = [...new Snapshot(db).read()].filter(
    (row) => row.kind === "member" && row.record?.membership === "ban" && row.record.isOurs,
  );
  db.close();
  expect(bans.filter((one) => one.decision.action.kind === "ban").map((one) => one.result?.kind)).toEqual(
    Array.from({ length: 6 }, () => "done"),
  );
  expect(members).toHaveLength(6);

  await story.start();
  await story.pass();
  expect(story.written("m.room.member")).toHaveLength(bansSoFar);
});

test("stopped when there is room again, nothing of the time on a full disk is lost", async () => {
  const disk = fillable();
  story = new Story({ rooms: 2, dataPath: folder, openDatabase: disk.open });
  await story.start();
  const person = story.person("person");
  disk.isFull = true;
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
  await story.pass(1_000);

  disk.isFull = false;
  await story.stop();

  const db = openDatabase(folder);
  expect(new JournalPast(db, usualLimits).about(person, 100).map((one) => one.result?.kind)).toEqual([
    "done",
    "done",
  ]);
  db.close();
});

test("stopped on a full disk, the next start judges anew what was forgotten, and does nothing twice", async () => {
  const disk = fillable();
  story = new Story({ rooms: 2, dataPath: folder, openDatabase: disk.open });
  await story.start();
  const person = story.person("person");
  disk.isFull = true;
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
  await story.stop();
  disk.isFull = false;

  await story.start();
  await story.pass();

  expect(story.written("m.room.member").filter((one) => one.state_key === person)).toHaveLength(2);
  expect(story.isBanned(person)).toBe(true);
});

test("started again on a full disk Tyr protects all the same", async () => {
  const disk = fillable();
  story = new Story({ rooms: 2, dataPath: folder, openDatabase: disk.open });
  await story.start();
  await story.stop();
  const person = story.person("person");
  story.rule(person);
  disk.isFull = true;

  await story.start();

  await story.until(() => story.isBanned(person), "the bans");
  await story.until(() => said("cannot be written").length > 0, "the word about it");
});

test("a first start on a full disk is refused with the reason", async () => {
  const disk = fillable();
  disk.isFull = true;
  story = new Story({ dataPath: folder, openDatabase: disk.open });

  story.launch();

  expect(await story.ended()).toEqual({
    kind: "cannot-start",
    message: expect.stringContaining(`${folder} cannot be used: the disk is full`),
  });
});

test("what ended long ago is forgotten while Tyr runs, and what is young is not", async () => {
  story = new Story({ rooms: 1, dataPath: folder, settings: { journal: { keepDays: 7 } } });
  const day = 86_400_000;
  const begun = story.clock.now();
  const kicked = (user: string, at: number) => {
    const action = { kind: "kick", room: lobby, user: userId(user), reason: "" } as const;
    return decide(action, { kind: "self", what: "an earlier run" }, { at, replaces: "" });
  };
  const db = openDatabase(folder);
  const decisions = [kicked("@early:x", begun - 8 * day), kicked("@late:x", begun - 6 * day)];
  new Journal(db).open(decisions);
  for (const decision of decisions)
    new Journal(db).close({ decision, result: { kind: "done" } }, decision.at);
  db.close();

  await story.start();
  await story.pass(60_000);
  await story.stop();

  const after = openDatabase(folder);
  const states = ["@early:x", "@late:x"].map(
    (user) => new JournalPast(after, usualLimits).about(user, 9).length,
  );
  after.close();
  expect(states).toEqual([0, 1]);
});
