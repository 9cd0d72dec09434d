// What a batch leads to is written in one transaction, and nothing of it is done before: a crash leaves all of it or nothing.

import { afterEach, expect, test } from "@jest/globals";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { aFolder } from "../support/folder.ts";
import { Story } from "../support/story.ts";

type Moment = "before it is written" | "after it is written";

let story: Story;
/** Which decisions the transaction has to hold for Tyr to be killed at it. */
let fatalKind: string | undefined;
let fatalMoment: Moment;

afterEach(() => story.stop());

async function begin(): Promise<void> {
  fatalKind = undefined;
  story = new Story({
    rooms: 3,
    dataPath: aFolder(),
    openDatabase: (path) => mortal(openDatabase(path)),
  });
  await story.start();
}

/** Kills Tyr at the transaction that opens the first decision of a kind: before it is committed, or right after it. */
function mortal(db: Database): Database {
  const transaction = db.transaction.bind(db);
  db.transaction = <T>(work: () => T): T => {
    let isFatal = false;
    const result = transaction(() => {
      const done = work();
      isFatal = fatalKind !== undefined && opened(db, fatalKind);
      if (isFatal && fatalMoment === "before it is written") die();
      return done;
    });
    if (isFatal) die();
    return result;
  };
  return db;
}

function opened(db: Database, kind: string): boolean {
  return db.all("SELECT 1 FROM decision WHERE kind = ? AND state = 'open'", kind).length > 0;
}

function die(): void {
  const wasAlready = fatalKind === undefined;
  fatalKind = undefined;
  if (!wasAlready) story.kill({ inMidStep: true });
  if (!wasAlready && fatalMoment === "before it is written") throw new Error("the process is gone");
}

function killAt(kind: string, moment: Moment): void {
  fatalKind = kind;
  fatalMoment = moment;
}

const moments: readonly Moment[] = ["before it is written", "after it is written"];

test.each(moments)(
  "killed %s, a batch of bans has done nothing yet, and is done once after a restart",
  async (moment) => {
    await begin();
    const person = story.person("person");

    killAt("ban", moment);
    story.rule(person);
    await story.pass();
    const writtenByTheDead = story.written("m.room.member").length;
    await story.start();
    await story.pass();

    expect(writtenByTheDead).toBe(0);
    expect(story.written("m.room.member")).toHaveLength(3);
    expect(story.isBanned(person)).toBe(true);
  },
);

test("killed after it is written, a question is put once and its yes is obeyed", async () => {
  await begin();
  const person = story.person("person");

  killAt("ask", "after it is written");
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @per*:hs.test");
  await story.pass();
  const saidByTheDead = story.said().filter((text) => text.startsWith("Question"));
  await story.start();
  await story.pass();
  const questions = story.said().filter((text) => text.startsWith("Question"));
  await story.command("!tyr yes 1");

  expect(saidByTheDead).toEqual([]);
  expect(questions).toHaveLength(1);
  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("leave");
});

test("killed before it is written, neither the question nor the command is left", async () => {
  await begin();
  story.person("person");

  killAt("ask", "before it is written");
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @per*:hs.test");
  await story.pass();
  await story.start();
  await story.pass();

  const questions = story.said().filter((text) => text.startsWith("Question"));
  const answer = await story.confirmed("!tyr kick @per*:hs.test");

  expect(questions).toEqual([]);
  expect(answer).toMatch(/^✅ Kick of @per\*:hs\.test/);
});
