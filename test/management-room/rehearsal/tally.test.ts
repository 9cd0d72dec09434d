import { describe, expect, test } from "@jest/globals";
import { madeUpWave, type Doing } from "../../../src/management-room/rehearsal/made-up-wave.ts";
import { Tally } from "../../../src/management-room/rehearsal/tally.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide } from "../../../src/model/decision.ts";
import { hall, lobby, user } from "../../support/make.ts";

const second = 1_000;
const mod = user("@mod:x");
const wave = madeUpWave({ rooms: [lobby], accounts: 8, seed: 1 });
const [join, word] = [wave.find(isJoin)!, wave.find((one) => !isJoin(one))!];

function isJoin({ text }: Doing): boolean {
  return text === undefined;
}

const act = (action: Action) => decide(action, { kind: "self", what: "x" }, { at: 0, replaces: "" });
const ban = act({ kind: "ban", room: lobby, user: word.user, reason: "", redacts: true });
const acl = (deny: readonly string[], room = lobby) =>
  act({
    kind: "set-server-acl",
    room,
    content: { allow: ["*"], deny, allow_ip_literals: true },
    before: undefined,
  });
const reportOf = (tally: Tally) => tally.report("stopped", 300 * second).text.split("\n");

describe("the report of a rehearsal", () => {
  test("says how long the team took, what would have been done, and how long their messages stood", () => {
    const tally = new Tally(0);
    tally.did(join, 0, true);
    tally.did(word, 2 * second, true);
    tally.asked(10 * second, { users: [mod] });
    tally.acted(acl(["one.rehearsal.invalid"]), 11 * second);
    tally.acted(acl(["one.rehearsal.invalid"], hall), 12 * second);
    tally.did(join, 20 * second, true);
    tally.heard(mod, 70 * second);
    tally.judged(80 * second);
    tally.acted(ban, 92 * second);
    tally.acted(acl([]), 200 * second);

    expect(reportOf(tally)).toEqual([
      "Rehearsal over, after 5 minutes. You ended it. Nothing of it was done to anybody.",
      "• 1 account came; I asked after 10 seconds, 2 rooms were closed to them after 11 seconds.",
      "• Called: @mod:x. @mod:x answered after 1 minute; the decision came after 1 minute 10 seconds.",
      "• I would have done: 1 ban.",
      "• Of 1 message of theirs 1 would have been removed; the one that stood longest, for 1 minute 30 seconds.",
    ]);
  });

  test("says so where nothing came of it", () => {
    const tally = new Tally(0);
    tally.did(join, 0, false);

    expect(reportOf(tally).slice(1)).toEqual([
      "• 0 accounts came; I did not ask, no room was closed to them.",
      "• Nobody was called.",
      "• Nobody would have been removed.",
      "• None of their messages would have been seen.",
    ]);
  });

  test("what was said before the question is no answer to it, and who only spoke has not decided", () => {
    const tally = new Tally(0);
    tally.heard(mod, 5 * second);
    tally.asked(10 * second, undefined);
    tally.heard(mod, 40 * second);

    expect(reportOf(tally)[2]).toBe(
      "• Nobody was called. @mod:x answered after 30 seconds; nobody said what the wave is.",
    );
  });
});
