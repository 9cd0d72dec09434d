import { beforeEach, expect, test } from "@jest/globals";
import type { Stash } from "../../src/journal/stash.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { aKey, aStash } from "../support/a-stash.ts";
import { event, hall, lobby, user } from "../support/make.ts";

const day = 86_400_000;
const ann = user("@ann:example.org");
const bob = user("@bob:example.org");

let db: Database;
let stash: Stash;
beforeEach(() => {
  db = openDatabase(":memory:");
  stash = aStash({ db });
});

const hear = (id: string, body: string, sender = ann, room = lobby, into = stash) =>
  into.heard(room, { type: "m.room.message", sender, eventId: event(id), content: { body }, sentAt: 5 }, 5);
const redaction = (id: string, at = 100): Decision =>
  decided({ kind: "redact", room: lobby, event: event(id), user: ann, reason: "flood" }, at);
const decided = (action: Action, at = 100): Decision =>
  decide(
    action,
    { kind: "finding", protection: "flood", incident: "inc", user: ann, sentence: "" },
    { at, replaces: "" },
  );
const remove = (...decisions: readonly Decision[]) => stash.keep(stash.sealedOf(decisions));
const bodies = (of = stash) => of.of({ user: ann }, 10).events.map(({ content }) => content["body"]);

test("what is about to be removed is kept, and found by its author and by what removed it, newest first", () => {
  hear("$1", "first");
  hear("$2", "second");
  hear("$3", "stays");

  remove(redaction("$1"), redaction("$2", 200));

  expect(bodies()).toEqual(["second", "first"]);
  expect(stash.of({ occasion: "inc" }, 1)).toMatchObject({
    all: 2,
    unreadable: 0,
    events: [{ reason: "flood" }],
  });
  expect(stash.of({ user: bob }, 10)).toEqual({ events: [], all: 0, unreadable: 0 });
});

test("no word of it is in the database in the clear", () => {
  hear("$1", "a secret word");
  remove(redaction("$1"));

  const [row] = db.all("SELECT sealed FROM stash");
  expect(Buffer.from(row![0] as Uint8Array).includes("secret")).toBe(false);
});

test("what the homeserver removes of a person in one go is kept, as far as it was heard in those rooms", () => {
  hear("$1", "here");
  hear("$2", "elsewhere", ann, hall);
  hear("$3", "by another", bob);

  remove(decided({ kind: "redact-by-server", user: ann, rooms: [lobby], limit: 5, reason: "spam" }));

  expect(bodies()).toEqual(["here"]);
});

test("what was never heard, or was removed by its author meanwhile, is not kept", () => {
  hear("$1", "mine");
  stash.gone(event("$1"));

  remove(redaction("$1"), redaction("$unknown"));

  expect(stash.of({ user: ann }, 10).all).toBe(0);
});

test("a transaction that is tried twice keeps it once", () => {
  hear("$1", "first");
  const rows = stash.sealedOf([redaction("$1")]);
  stash.keep(rows);
  stash.keep(rows);

  expect(bodies()).toEqual(["first"]);
});

test("what was called off is not kept; a failure that may pass changes nothing", () => {
  hear("$1", "one");
  hear("$2", "two");
  hear("$3", "three");
  const all = [redaction("$1"), redaction("$2"), redaction("$3")] as const;
  remove(...all);

  stash.ended({ decision: all[0], result: { kind: "superseded" } });
  stash.ended({
    decision: all[1],
    result: { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "" },
  });
  stash.ended({ decision: all[2], result: { kind: "failed", lasting: false, code: "X", message: "" } });

  expect(bodies()).toEqual(["three"]);
});

test("on request all of a person is forgotten, and what is in memory of them with it", () => {
  hear("$1", "one");
  hear("$2", "two");
  hear("$other", "other", bob);
  remove(redaction("$1"), redaction("$other"));

  stash.ended({ decision: decided({ kind: "forget-removed", user: ann }), result: { kind: "done" } });
  remove(redaction("$2"));

  expect(stash.of({ user: ann }, 10).all).toBe(0);
  expect(stash.of({ user: bob }, 10).all).toBe(1);
});

test("it goes after its time, and at once where it is switched off", () => {
  hear("$1", "one");
  hear("$2", "two");
  remove(redaction("$1", 0), redaction("$2", 5 * day));

  stash.pruneSome(30 * day + 1);
  expect(bodies()).toEqual(["two"]);
  aStash({ db, enabled: false }).pruneSome(0);
  expect(stash.of({ user: ann }, 10).all).toBe(0);
});

test("beyond the bounds the oldest go first, by number and by size", () => {
  const few = aStash({ db, maxEvents: 100 });
  for (let i = 0; i < 300; i++) {
    hear(`$${i}`, `word ${i}`, ann, lobby, few);
    few.keep(few.sealedOf([redaction(`$${i}`, i)]));
  }
  const { all, events } = few.of({ user: ann }, 1);
  expect(all).toBeLessThanOrEqual(100);
  expect(all).toBeGreaterThan(95);
  expect(events[0]!.content["body"]).toBe("word 299");

  const small = aStash({ db, maxMegabytes: 1 });
  for (let i = 0; i < 200; i++) {
    hear(`$large${i}`, "x".repeat(8_000), ann, lobby, small);
    small.keep(small.sealedOf([redaction(`$large${i}`, 1_000 + i)]));
  }
  expect(Number(db.all("SELECT sum(size) FROM stash")[0]![0])).toBeLessThanOrEqual(1_000_000);
});

test("with another key it is said, nothing of the old is read, new things are kept, and the old key reads the old again", () => {
  hear("$1", "old");
  remove(redaction("$1"));

  const other = aStash({ db, key: aKey(9) });
  hear("$2", "new", ann, lobby, other);
  other.keep(other.sealedOf([redaction("$2")]));

  expect(other.of({ user: ann }, 10)).toMatchObject({
    all: 2,
    unreadable: 1,
    events: [{ content: { body: "new" } }],
  });
  expect(other.trouble).toContain("1 removed message is kept under a key that is gone");
  expect(bodies(aStash({ db }))).toEqual(["old"]);
});

test("without a key that can be used nothing is kept or read, and that is said", () => {
  hear("$1", "old");
  remove(redaction("$1"));
  const none = aStash({ db, key: { kind: "unusable", reason: "tyr-stash.key is no key" } });
  hear("$2", "new", ann, lobby, none);

  expect(none.sealedOf([redaction("$2")])).toEqual([]);
  expect(none.of({ user: ann }, 10)).toEqual({ events: [], all: 1, unreadable: 1 });
  expect(none.trouble).toContain("tyr-stash.key is no key");
});

test("a dry run removes nothing, so it keeps nothing", () => {
  const dryRun = aStash({ db, isDryRun: true });
  hear("$1", "stays", ann, lobby, dryRun);

  expect(dryRun.sealedOf([redaction("$1")])).toEqual([]);
});

test("what was removed since some time can be read in order", () => {
  for (const [i, body] of ["a", "b", "c"].entries()) {
    hear(`$${i}`, body);
    remove(redaction(`$${i}`, i * day));
  }

  expect([...stash.since(day)].map(({ content }) => content["body"])).toEqual(["b", "c"]);
});
