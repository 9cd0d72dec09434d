import { beforeEach, describe, expect, test } from "@jest/globals";
import { Journal } from "../../src/journal/journal.ts";
import { JournalPast } from "../../src/journal/past.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, type Cause } from "../../src/model/decision.ts";
import { readRule, type Rule } from "../../src/model/policy-rule.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { event, listA, lobby, ruleEvent, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

let db: Database;
let journal: Journal;
let past: JournalPast;
beforeEach(() => {
  db = openDatabase(":memory:");
  journal = new Journal(db);
  past = new JournalPast(db, usualLimits);
});

const command = (id: string, text = "ban @a:x"): Cause => ({
  kind: "command",
  event: event(id),
  by: user("@mod:x"),
  text,
});
const act = (action: Action, because: Cause, at = 1) => decide(action, because, { at, replaces: "" });
const ban = (who: string, because: Cause, at = 1) =>
  act({ kind: "ban", room: lobby, user: user(who), reason: "", redacts: false }, because, at);

describe("the number of a command", () => {
  test("is small, its own, and stays", () => {
    expect([past.number(event("$a")), past.number(event("$b")), past.number(event("$a"))]).toEqual([1, 2, 1]);
    expect(past.number(event("$c"))).toBe(3);
    expect(past.numberOf("$b")).toBe(2);
    expect(past.numberOf("$none")).toBeUndefined();
  });

  test("leads back to what was said, by whom", () => {
    journal.open([ban("@a:x", command("$a", "ban @a:x rude"))]);
    past.number(event("$a"));

    expect(past.ofNumber(1)?.because).toMatchObject({ by: "@mod:x", text: "ban @a:x rude" });
    expect(past.ofNumber(2)).toBeUndefined();
  });

  test("of a command that waited for a yes leads to the command, not to the question", () => {
    const asked: Cause = { kind: "command", event: event("$a"), by: user("@mod:x"), text: "", via: "word" };
    journal.open([
      act({ kind: "ask", room: lobby, question: 1, say: { text: "", html: "" }, replyTo: undefined }, asked),
    ]);
    journal.open([ban("@a:x", command("$a"))]);
    past.number(event("$a"));

    expect(past.occasions(5).map(({ because }) => because.kind === "command" && because.text)).toEqual([
      "ban @a:x",
    ]);
  });
});

test("everything about somebody is found, in whatever case they are written: bans, rules, redactions, exemptions", () => {
  const content = { entity: "@Ann:X", recommendation: "m.ban" };
  const about: readonly Action[] = [
    { kind: "ban", room: lobby, user: user("@ann:x"), reason: "", redacts: false },
    { kind: "write-policy", list: listA, eventType: "t", stateKey: "k", content },
    { kind: "remove-policy", list: listA, eventType: "t", stateKey: "k", before: content },
    { kind: "redact", room: lobby, event: event("$said"), user: user("@ann:x"), reason: "" },
    { kind: "change-settings", change: { kind: "unexempt", entity: "@ann:x" } },
  ];
  journal.open(about.map((action, i) => act(action, command("$a"), i)));
  journal.open([ban("@other:x", command("$a"))]);

  expect(past.about("@ANN:x", 10).map(({ decision }) => decision.action.kind)).toEqual(
    about.map(({ kind }) => kind).toReversed(),
  );
  expect(past.about("@ann:x", 2)).toHaveLength(2);
});

describe("rules that are no more", () => {
  const rule = (entity: string, id: string) =>
    readRule(listA, ruleEvent(entity, { id }), usualLimits) as Rule;
  const ended = (before: Rule, at: number, after?: Rule) =>
    past.rulesEnded([{ list: listA, before, after, event: event("$end"), by: user("@author:x") }], at);

  test("are found by their entity and by globs that matched, newest first", () => {
    ended(rule("@a:evil.test", "$1"), 10);
    ended(rule("@*:evil.test", "$2"), 20);
    ended(rule("@*:other.test", "$3"), 30);

    expect(
      past.rulesOnce("@A:evil.test", 10).map((one) => [one.rule.entity, one.endedAt, one.endedBy]),
    ).toEqual([
      ["@*:evil.test", 20, "@author:x"],
      ["@a:evil.test", 10, "@author:x"],
    ]);
  });

  test("count as ended when they are changed, not when they are told again", () => {
    const first = rule("@a:x", "$1");
    ended(first, 10, first);
    ended(first, 20, rule("@a:x", "$2"));

    expect(past.rulesOnce("@a:x", 10).map((one) => one.endedAt)).toEqual([20]);
  });
});

test("refusals are found by whom they were about", () => {
  journal.refuse({ decision: ban("@a:x", command("$a"), 7), why: "is a moderator" });

  expect(past.refusalsOf("@a:x", 5)).toMatchObject([
    { at: 7, kind: "ban", room: lobby, why: "is a moderator" },
  ]);
  expect(past.refusalsOf("@b:x", 5)).toEqual([]);
});
