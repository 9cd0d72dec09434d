import { beforeEach, expect, test } from "@jest/globals";
import { Journal } from "../../src/journal/journal.ts";
import { JournalPast } from "../../src/journal/past.ts";
import { Pruning } from "../../src/journal/pruning.ts";
import { decide, type Cause, type Decision } from "../../src/model/decision.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { event, lobby, user } from "../support/make.ts";
import { aStash } from "../support/a-stash.ts";
import { usualLimits } from "../support/limits.ts";

const day = 86_400_000;
const now = 1_000 * day;
const because: Cause = { kind: "self", what: "a test" };

let db: Database;
let journal: Journal;
let pruning: Pruning;
let logged: string[];
beforeEach(() => {
  db = openDatabase(":memory:");
  journal = new Journal(db);
  logged = [];
  const log = (_: unknown, message: string) => void logged.push(message);
  pruning = new Pruning({
    db,
    log: { debug: log, info: log, warn: log, error: log },
    keepDays: 30,
    stash: aStash({ db }),
  });
});

let made = 0;
const decision = (daysAgo: number): Decision =>
  decide({ kind: "kick", room: lobby, user: user(`@u${(made += 1)}:x`), reason: "" }, because, {
    at: now - daysAgo * day,
    replaces: "",
  });
function ended(daysAgo: number): Decision {
  const one = decision(daysAgo);
  journal.open([one]);
  journal.close({ decision: one, result: { kind: "done", eventId: event("$e") } }, one.at);
  return one;
}
const ids = () => new Set(db.all("SELECT id FROM decision").flat());

test("what has ended and is older than that goes, the rest stays", () => {
  const old = [ended(31), ended(400)];
  const young = [ended(29), ended(0)];

  expect(pruning.pruneSome(now)).toBe(2);

  expect(ids()).toEqual(new Set(young.map((one) => one.id)));
  expect(
    old.map((one) =>
      new JournalPast(db, usualLimits).about(String(one.action.kind === "kick" && one.action.user), 9),
    ),
  ).toEqual([[], []]);
});

test("what is open stays, however old it is, and hides nothing behind it", () => {
  const open = Array.from({ length: 300 }, () => decision(500));
  journal.open(open);
  ended(100);

  pruning.pruneSome(now);

  expect(ids()).toEqual(new Set(open.map((one) => one.id)));
});

test("old refusals go, in the order in which they came", () => {
  for (const daysAgo of [50, 40, 20, 1]) journal.refuse({ decision: decision(daysAgo), why: "exempt" });

  pruning.pruneSome(now);

  expect(db.all("SELECT at FROM refusal").flat()).toEqual([now - 20 * day, now - day]);
});

test("a bite is small, and bite after bite all goes", () => {
  for (let i = 0; i < 60; i++) {
    ended(100);
    journal.refuse({ decision: decision(100), why: "exempt" });
  }

  const bites = [
    pruning.pruneSome(now),
    pruning.pruneSome(now),
    pruning.pruneSome(now),
    pruning.pruneSome(now),
  ];

  expect(bites).toEqual([50, 50, 20, 0]);
  expect(ids().size).toBe(0);
});

test("a disk that cannot be written is no news here, a fault of ours is", () => {
  db.transaction = () => {
    throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
  };
  expect(pruning.pruneSome(now)).toBe(0);
  expect(logged).toEqual([]);

  db.transaction = () => {
    throw new TypeError("x is not a function");
  };
  expect(pruning.pruneSome(now)).toBe(0);
  expect(logged).toHaveLength(1);
});
