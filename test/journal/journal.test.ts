import { beforeEach, describe, expect, test } from "@jest/globals";
import { Journal, dryRunAt } from "../../src/journal/journal.ts";
import { JournalPast } from "../../src/journal/past.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, type Cause, type Outcome } from "../../src/model/decision.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { usualLimits } from "../support/limits.ts";
import { event, hall, listA, lobby, room, user } from "../support/make.ts";
import { cpuMs } from "../support/cpu-time.ts";

const byRule: Cause = {
  kind: "rule",
  list: listA,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: "@a:x",
};
const ban = (room = lobby, at = 1, because: Cause = byRule) => {
  const action: Action = { kind: "ban", room, user: user("@a:x"), reason: "spam", redacts: false };
  return decide(action, because, { at, replaces: "7" });
};
const done: Outcome["result"] = { kind: "done", eventId: event("$ban") };
const failed: Outcome["result"] = { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" };

let db: Database;
let journal: Journal;
let past: JournalPast;
beforeEach(() => {
  db = openDatabase(":memory:");
  journal = new Journal(db);
  past = new JournalPast(db, usualLimits);
});

describe("an intent", () => {
  test("is new once, however often it is decided", () => {
    expect(journal.open([ban()])).toEqual(new Set([ban().id]));
    expect(journal.open([ban(lobby, 99)])).toEqual(new Set());
    expect(journal.open([ban(), ban(hall)])).toEqual(new Set([ban(hall).id]));
  });

  test("comes back from a crash as it was", () => {
    journal.open([ban(hall, 2), ban(lobby, 1)]);

    expect(journal.unfinished().map((entry) => entry.decision)).toEqual([ban(lobby, 1), ban(hall, 2)]);
    expect(journal.unfinished()[0]).toMatchObject({ state: "open", result: undefined, endedAt: undefined });
  });

  test("that is done is finished", () => {
    journal.open([ban()]);
    journal.close({ decision: ban(), result: done }, 5);

    expect(journal.unfinished()).toEqual([]);
    expect(past.about("@a:x", 9)[0]).toMatchObject({ state: "done", result: done, endedAt: 5 });
  });

  test.each<[string, Action]>([
    ["words", { kind: "react", room: lobby, event: event("$e"), with: "✅" }],
    ["a redaction", { kind: "redact", room: lobby, event: event("$e"), user: undefined, reason: "" }],
    ["a kick", { kind: "kick", room: lobby, user: user("@a:x"), reason: "" }],
  ])("of %s that is done is never opened again", (_what, action) => {
    const decision = decide(action, byRule, { at: 1, replaces: "" });
    journal.open([decision]);
    journal.close({ decision, result: done }, 5);

    expect(journal.open([decision]).size).toBe(0);
  });

  test.each<[string, Outcome["result"]]>([
    ["was done and is true no more", done],
    ["failed", failed],
    ["was superseded", { kind: "superseded" }],
  ])("that %s may be opened again, and is unfinished then", (_what, result) => {
    journal.open([ban()]);
    journal.close({ decision: ban(), result }, 5);

    expect(journal.open([ban(lobby, 99)]).size).toBe(1);
    expect(journal.unfinished()).toMatchObject([
      { decision: { at: 99 }, result: undefined, endedAt: undefined },
    ]);
  });
});

test("what was decided about somebody is found, newest first, up to a limit", () => {
  journal.open([ban(lobby, 1), ban(hall, 2)]);

  expect(past.about("@a:x", 9).map((entry) => entry.decision.at)).toEqual([2, 1]);
  expect(past.about("@a:x", 1)).toHaveLength(1);
  expect(past.about("@b:x", 9)).toEqual([]);
});

test("what one event led to is found, in order", () => {
  const command: Cause = { kind: "command", event: event("$command"), by: user("@mod:x"), text: "ban" };
  journal.open([ban(lobby, 3, command), ban(hall, 2, command), ban(lobby, 1)]);

  expect(past.ofOccasion("$command").map((entry) => entry.decision.at)).toEqual([2, 3]);
});

test("refusals are written down with their sentence", () => {
  journal.refuse({ decision: ban(), why: "I do not act against myself" });

  expect(db.all("SELECT kind, room, target, why FROM refusal")).toEqual([
    ["ban", lobby, "@a:x", "I do not act against myself"],
  ]);
});

test("closing what was never opened changes nothing", () => {
  journal.close({ decision: ban(), result: done }, 5);

  expect(past.about("@a:x", 9)).toEqual([]);
});

test("commands without a mark are unanswered, each once, and are found soon though they have thousands of acts", () => {
  const command = (name: string): Cause => ({
    kind: "command",
    event: event(name),
    by: user("@mod:x"),
    text: "ban",
  });
  const many = Array.from({ length: 10_000 }, (_, i) => ban(room(`!room${i}:x`), 5, command("$many")));
  const mark: Action = { kind: "react", room: hall, event: event("$marked"), with: "✅" };
  journal.open([...many, ban(lobby, 5, command("$marked")), ban(lobby, 1, command("$old")), ban(hall, 5)]);
  journal.open([decide(mark, command("$marked"), { at: 6, replaces: "" })]);

  let unanswered: ReturnType<typeof journal.unanswered> = [];
  const ms = cpuMs(() => (unanswered = journal.unanswered(5)));

  expect(unanswered.map((cause) => cause.event)).toEqual(["$many"]);
  expect(ms).toBeLessThan(2_000);
});

describe("a dry run", () => {
  const recorded: Outcome["result"] = { kind: "recorded" };

  test("writes an act down once, and as not done", () => {
    const dryRun = new Journal(db, dryRunAt(1));

    expect(dryRun.open([ban()])).toEqual(new Set([ban().id]));
    dryRun.close({ decision: ban(), result: recorded }, 5);

    expect(dryRun.open([ban()])).toEqual(new Set());
    expect(past.about("@a:x", 9)[0]).toMatchObject({ result: recorded, endedAt: 5 });
  });

  test("neither stands in the way of an act in earnest nor changes what is known of one", () => {
    journal.open([ban()]);
    journal.close({ decision: ban(), result: done }, 5);
    const dryRun = new Journal(db, dryRunAt(6));
    dryRun.open([ban(), ban(hall)]);
    dryRun.close({ decision: ban(), result: recorded }, 7);

    expect(journal.open([ban(hall)])).toEqual(new Set([ban(hall).id]));
    expect(past.about("@a:x", 9).map(({ result }) => result?.kind)).toContain("done");
  });

  test("leaves nothing to take up, takes up nothing, and counts for nothing", () => {
    const dryRun = new Journal(db, dryRunAt(1));
    dryRun.open([ban(lobby, 1, { kind: "command", event: event("$dry"), by: user("@m:x"), text: "ban" })]);
    dryRun.open([ban(hall)]);
    journal.open([ban(lobby)]);

    expect(journal.unfinished().map(({ decision }) => decision.id)).toEqual([ban(lobby).id]);
    expect(dryRun.unfinished()).toEqual([]);
    expect(journal.unanswered(0)).toEqual([]);
    expect(dryRun.unanswered(0)).toEqual([]);
    expect(journal.bannedForLists(0)).toHaveLength(1);
  });

  test("begins anew with every start", () => {
    new Journal(db, dryRunAt(1)).open([ban()]);

    expect(new Journal(db, dryRunAt(2)).open([ban()])).toEqual(new Set([ban().id]));
  });
});
