import { describe, expect, test } from "@jest/globals";
import { decide, type Cause, type Outcome } from "../../src/model/decision.ts";
import type { ActionKind } from "../../src/model/actions/action.ts";
import { commandsDropped, endedWhile, isStopped } from "../../src/model/stopped.ts";
import { event, listA, user } from "../support/make.ts";
import { oneOfEach } from "../support/one-of-each.ts";

const by = user("@mod:example.org");
const stop = { by, at: 10 };
const command: Cause = { kind: "command", event: event("$c"), by, text: "kick @ann:example.org" };
const finding: Cause = { kind: "finding", protection: "flood", incident: "1", sentence: "floods" };
const decided = (kind: ActionKind, because: Cause, at = 5) =>
  decide(oneOfEach[kind], because, { at, replaces: "" });

describe("while a stop stands", () => {
  test("nothing is done that a protection, or a command before it, asks for", () => {
    expect(isStopped(decided("kick", finding, 20), stop)).toBe(true);
    expect(isStopped(decided("kick", command, 5), stop)).toBe(true);
  });

  test("a command after it, and lifts, are", () => {
    expect(isStopped(decided("kick", command, 20), stop)).toBe(false);
    expect(isStopped(decided("unban", finding, 5), stop)).toBe(false);
  });

  test("a server ACL that shuts somebody out waits whoever asks for it", () => {
    expect(isStopped(decided("set-server-acl", command, 20), stop)).toBe(true);
  });

  test("what is called off for it has ended as stopped, and what was called off otherwise has not", () => {
    const end = (at: number): Outcome => ({
      decision: decided("kick", command, at),
      result: { kind: "superseded" },
    });

    expect(endedWhile(stop, end(5)).result).toMatchObject({ kind: "failed", code: "STOPPED" });
    expect(endedWhile(stop, end(20)).result).toEqual({ kind: "superseded" });
  });
});

test("without one everything is done", () => {
  expect(isStopped(decided("kick", finding), undefined)).toBe(false);
});

test("of dropped acts the commands are told once each, without bans that their rule brings back", () => {
  const ofRule: Cause = { ...command, event: event("$d"), list: listA };

  const commands = commandsDropped([
    decided("kick", command),
    decided("mute", command),
    decided("ban", ofRule),
    decided("kick", finding),
  ]);

  expect(commands.map(({ event: one }) => one)).toEqual(["$c"]);
});
