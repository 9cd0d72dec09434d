import { afterEach, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Journal } from "../../src/journal/journal.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { searchJournal } from "../../src/journal/search.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import type { JournalAnswer } from "../../src/model/journal-search.ts";
import { databaseFile, openDatabase, openToRead, type Database } from "../../src/store/database.ts";
import { migrations } from "../../src/store/migrations.ts";
import { aFolder } from "../support/folder.ts";
import { event, room, user } from "../support/make.ts";

const mod = user("@mod:x");
const ban = (who: string, { at = 1_000, reason = "spam", where = "!a:x" } = {}): Decision =>
  decide(
    { kind: "ban", room: room(where), user: user(who), reason, redacts: false } as const,
    { kind: "command", event: event(`$${who}`), by: mod, text: `ban ${who} ${reason}` },
    { at, replaces: "" },
  );
const told = (answer: JournalAnswer) =>
  typeof answer === "string"
    ? answer
    : answer.acts.map(({ decision }) => (decision.action as { user: string }).user);

function journalOf(db: Database, ...decisions: readonly Decision[]): Journal {
  const journal = new Journal(db);
  journal.open(decisions);
  return journal;
}

describe("a search", () => {
  const db = openDatabase(":memory:");
  journalOf(
    db,
    ban("@one:evil.example", { at: 1_000, reason: "Straßenfest" }),
    ban("@two:evil.example", { at: 2_000, where: "!b:x" }),
    ban("@three:good.example", { at: 3_000 }),
  );
  const find = (question: Parameters<typeof searchJournal>[1]) => told(searchJournal(db, question));

  test.each([
    ["everything, the newest first", {}, ["@three:good.example", "@two:evil.example", "@one:evil.example"]],
    ["a word, whatever its case", { text: "SPAM" }, ["@three:good.example", "@two:evil.example"]],
    ["the beginning of the last word", { text: "ban stra" }, ["@one:evil.example"]],
    ["a person as a whole", { who: "@two:evil.example" }, ["@two:evil.example"]],
    ["a server", { who: "evil.example" }, ["@two:evil.example", "@one:evil.example"]],
    ["who said it", { by: "@mod:x", text: "three" }, ["@three:good.example"]],
    ["rooms", { rooms: [room("!b:x"), room("!c:x")] }, ["@two:evil.example"]],
    ["no room at all", { rooms: [] }, []],
    ["a kind", { kind: "kick" }, []],
    ["time", { since: 2_000, until: 3_000 }, ["@two:evil.example"]],
    ["time and words", { text: "spam", until: 3_000 }, ["@two:evil.example"]],
    ["odd times", { text: "spam", since: -5, until: 1e300 }, ["@three:good.example", "@two:evil.example"]],
    ["what would be syntax", { text: `"spam" NOT (* ^ : NEAR -` }, []],
    [
      "signs alone, which are no words",
      { text: `"*" -- \0` },
      ["@three:good.example", "@two:evil.example", "@one:evil.example"],
    ],
  ])("finds %s", (_, question, wanted) => {
    expect(find(question)).toEqual(wanted);
  });

  test("shows fifty, and says that there are more", () => {
    const many = openDatabase(":memory:");
    journalOf(many, ...Array.from({ length: 51 }, (_, i) => ban(`@spam${i}:x`)));

    for (const question of [{}, { text: "spam" }]) {
      const { acts, isMore } = searchJournal(many, question);
      expect([acts.length, isMore]).toEqual([50, true]);
    }
  });

  test("shows what failed and was decided again once", () => {
    const again = openDatabase(":memory:");
    const one = ban("@one:x");
    const journal = journalOf(again, one);
    journal.close(
      { decision: one, result: { kind: "failed", lasting: false, code: "M_UNKNOWN", message: "no" } },
      2_000,
    );
    journal.open([{ ...one, at: 3_000 }]);

    expect(told(searchJournal(again, { text: "spam" }))).toEqual(["@one:x"]);
  });
});

test("what an earlier version wrote is found after the start", () => {
  const dataPath = aFolder();
  const sqlite = new DatabaseSync(join(dataPath, databaseFile));
  for (const [i, sql] of migrations.slice(0, 4).entries())
    sqlite.exec(`${sql}; PRAGMA user_version = ${i + 1}`);
  const { id, at, action, because } = ban("@early:x");
  const write = sqlite.prepare(
    "INSERT INTO decision (id, at, kind, room, target, action, cause, occasion, state) VALUES (?, ?, 'ban', '!a:x', '@early:x', ?, ?, '$e', 'done')",
  );
  write.run(id, at, JSON.stringify(action), JSON.stringify(because));
  sqlite.close();

  const db = openDatabase(dataPath);

  expect(told(searchJournal(db, { text: "early", kind: "ban" }))).toEqual(["@early:x"]);
  db.close();
});

describe("a reader", () => {
  let reader: JournalReader;
  const warnings: string[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: (_: unknown, message: string) => void warnings.push(message),
    error: () => {},
  };
  const aReader = (dataPath: string) => (reader = new JournalReader({ dataPath, clock: systemClock, log }));
  afterEach(() => reader.close());

  test("answers one question at a time, of what is written meanwhile, and is begun anew after it was closed", async () => {
    const dataPath = aFolder();
    const db = openDatabase(dataPath);
    const journal = journalOf(db, ban("@one:x"));
    aReader(dataPath);

    const [first, second] = await Promise.all([reader.ask({}), reader.ask({})]);
    journal.open([ban("@two:x", { at: 2_000 })]);

    expect([told(first), second]).toEqual([["@one:x"], "busy"]);
    reader.close();
    expect(told(await reader.ask({ text: "spam" }))).toEqual(["@two:x", "@one:x"]);
    db.close();
  });

  test("says so where there is nothing to read", async () => {
    aReader(join(aFolder(), "nowhere"));

    expect(await reader.ask({})).toBe("broken");
    expect(warnings).toContain("the journal cannot be read for the web desk");
  });

  test("cannot write", () => {
    const dataPath = aFolder();
    openDatabase(dataPath).close();
    const db = openToRead(dataPath);

    expect(() => db.run("DELETE FROM decision")).toThrow(/readonly/);
    db.close();
  });
});
