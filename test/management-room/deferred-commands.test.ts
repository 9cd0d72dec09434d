import { beforeEach, describe, expect, test } from "@jest/globals";
import { DeferredCommands } from "../../src/management-room/deferred-commands.ts";
import type { FoundBan } from "../../src/model/event.ts";
import { decide, type Decision, type Outcome } from "../../src/model/decision.ts";
import type { Observation } from "../../src/model/observation.ts";
import { desk, event, lobby, user } from "../support/make.ts";

type Command = Extract<Observation, { kind: "command" }>;

const minuteMs = 60_000;
const mod = user("@mod:example.org");
const command = (name = "$command", at = 0): Command => ({
  kind: "command",
  room: desk,
  event: { type: "m.room.message", sender: mod, eventId: event(name), content: {}, sentAt: 0 },
  aliases: new Map(),
  at,
  dueBy: at,
});
const read = (name = "$command", replaces = ""): Decision =>
  decide(
    { kind: "read-room", room: lobby, state: true, members: false },
    { kind: "command", event: event(name), by: mod, text: "", reads: true },
    { at: 0, replaces },
  );
const done = (decision: Decision): Outcome => ({ decision, result: { kind: "done" } });
const names = (at = 0) =>
  again.takeReady(at).map((one) => (one.kind === "command" ? one.event.eventId : one.kind));

let again: DeferredCommands;
beforeEach(() => {
  again = new DeferredCommands(() => {});
});

test("a command is given again when all that it had read has ended, and once", () => {
  const [one, two] = [read(), read("$command", "two")];
  again.wait(command());
  for (const decision of [one, two]) again.handedOver(decision);

  again.ended(done(one));
  expect(names()).toEqual([]);
  again.ended(done(two));

  expect(names()).toEqual(["$command"]);
  expect(names()).toEqual([]);
  expect(again.earlierReads(event("$command"), 0)?.outcomes.map(({ decision }) => decision)).toEqual([
    one,
    two,
  ]);
});

test("it is given again at once where nothing had to be done", () => {
  again.wait(command());

  expect(names()).toEqual(["$command"]);
});

test("a failure is an end as well, and comes with the others", () => {
  const one = read();
  const failed: Outcome = {
    decision: one,
    result: { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" },
  };
  again.wait(command());
  again.handedOver(one);

  again.ended(failed);

  expect(names()).toEqual(["$command"]);
  expect(again.earlierReads(event("$command"), 0)).toEqual({
    outcomes: [failed],
    bans: [],
    bansLeftOut: 0,
    isCalledOff: false,
    isOverdue: false,
  });
});

test("what others have done is none of its business", () => {
  const its = read();
  const bans: FoundBan[] = [{ user: user("@a:x"), by: mod, reason: "" }];
  again.wait(command());
  again.handedOver(its);

  again.ended(done(read("$other")));
  again.found({ kind: "bans-read", decision: read("$other").id, room: lobby, bans, more: 0 } as never);
  again.found({ kind: "bans-read", decision: its.id, room: lobby, bans, more: 0 } as never);

  expect(names()).toEqual([]);
  expect(again.earlierReads(event("$command"), 0)).toEqual({
    outcomes: [],
    bans,
    bansLeftOut: 0,
    isCalledOff: false,
    isOverdue: false,
  });
});

describe("has an end:", () => {
  test("after five minutes it is given again, whatever is still under way", () => {
    again.wait(command());
    again.handedOver(read());

    expect(again.nextAt()).toBe(5 * minuteMs);
    expect(names(5 * minuteMs - 1)).toEqual([]);
    expect(names(5 * minuteMs)).toEqual(["$command"]);
    expect(again.earlierReads(event("$command"), 5 * minuteMs)?.isOverdue).toBe(true);
  });

  test("so does a clock that was set back", () => {
    again.wait(command("$command", 10 * minuteMs));
    again.handedOver(read());

    expect(names(0)).toEqual(["$command"]);
  });

  test("a command waits four times at most", () => {
    expect([1, 2, 3, 4, 5].map(() => again.wait(command()))).toEqual([true, true, true, true, false]);
  });

  test("ten commands wait at most, and one that is answered makes room", () => {
    const waits = Array.from({ length: 11 }, (_, i) => again.wait(command(`$c${i}`)));
    expect(waits.indexOf(false)).toBe(10);

    again.replied(event("$c0"));

    expect(again.wait(command("$late"))).toBe(true);
    expect(again.earlierReads(event("$c0"), 0)).toBeUndefined();
    expect([...again.commands()]).toHaveLength(10);
  });
});

test("a command that takes long by its nature is waited for longer", () => {
  again.wait(command(), 10 * minuteMs);
  again.handedOver(read());

  expect(again.nextAt()).toBe(10 * minuteMs);
  expect(names(9 * minuteMs)).toEqual([]);
  expect(names(10 * minuteMs)).toEqual(["$command"]);
});

test("the report of a trial comes with the reads of its command alone, also where there is none", () => {
  const [one, other] = [read(), read("$other")];
  for (const [name, decision] of [
    ["$command", one],
    ["$other", other],
  ] as const) {
    again.wait(command(name));
    again.handedOver(decision);
  }

  again.proposes({ seen: [{ kind: "tried", decision: one.id, report: undefined, at: 0, dueBy: 0 }] });

  expect(again.earlierReads(event("$command"), 0)?.tried).toEqual({ report: undefined });
  expect(again.earlierReads(event("$other"), 0)?.tried).toBeUndefined();
});
