// What a command would do, weighed as a whole.

import { describe, expect, test } from "@jest/globals";
import { say } from "../../../src/kit/say.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import type { Cause } from "../../../src/model/decision.ts";
import type { UserId } from "../../../src/model/ids.ts";
import { desk, event, hall, listA, lobby, user } from "../../support/make.ts";
import { Weigher } from "../../support/weighing.ts";

const mod = user("@mod:example.org");
const command = event("$command");
const byCommand: Cause = { kind: "command", event: command, by: mod, text: "ban" };
const inManagementRoom = {
  room: desk,
  event: { type: "m.room.message", sender: mod, eventId: command, content: {}, sentAt: 0 },
};

/** The command is being answered. */
function answering(weigher: Weigher): void {
  const { now: at } = weigher;
  weigher.blast.commandsSeen([{ kind: "command", ...inManagementRoom, aliases: new Map(), at, dueBy: at }]);
}

const bans = (weigher: Weigher, people: readonly UserId[]) =>
  people.map((one) => weigher.ban(one, byCommand));

describe("a command", () => {
  test("that hits as many as the limit is done, and one more waits, with the reason", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    answering(weigher);

    expect(weigher.weigh(bans(weigher, people.slice(0, 3))).held).toEqual([]);
    expect(weigher.weigh(bans(weigher, people))).toEqual({
      allowed: [],
      held: [{ by: { command }, why: ["it would hit 4 people, and the limit is 3"] }],
    });
  });

  test("waits as a whole, with those of its acts that hit nobody", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    const reply = weigher.decide({ kind: "unban", room: hall, user: people[0]!, reason: "" }, byCommand);
    answering(weigher);

    expect(weigher.weigh([...bans(weigher, people), reply]).allowed).toEqual([]);
  });

  test("says itself that it is dangerous, and waits whomever it hits", () => {
    const weigher = new Weigher();
    answering(weigher);
    weigher.blast.needsYes(command, say`it cannot be taken back`);
    const act = weigher.decide(
      { kind: "unban", room: lobby, user: user("@x:x.test"), reason: "" },
      byCommand,
    );

    expect(weigher.weigh([act]).held).toEqual([{ by: { command }, why: ["it cannot be taken back"] }]);
  });

  test("that is answered again is weighed anew: what it said of itself is forgotten", () => {
    const weigher = new Weigher();
    answering(weigher);
    weigher.blast.needsYes(command, say`it cannot be taken back`);
    answering(weigher);

    const act = weigher.decide(
      { kind: "unban", room: lobby, user: user("@x:x.test"), reason: "" },
      byCommand,
    );

    expect(weigher.weigh([act]).held).toEqual([]);
  });

  test("that has its yes is done", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    answering(weigher);
    weigher.ask({ kind: "command", ...inManagementRoom, aliases: [] }, true);

    expect(weigher.weigh(bans(weigher, people)).held).toEqual([]);
  });

  test("is not weighed again by what it finds later", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);

    expect(weigher.weigh(bans(weigher, people)).held).toEqual([]);
  });
});

describe("what counts of a command", () => {
  const act = {
    ban: (one: UserId): Action => ({ kind: "ban", room: lobby, user: one, reason: "", redacts: false }),
    kick: (one: UserId): Action => ({ kind: "kick", room: lobby, user: one, reason: "" }),
    mute: (one: UserId): Action => ({
      kind: "mute",
      room: lobby,
      user: one,
      reason: "",
      level: -1,
      before: undefined,
    }),
    redact: (one: UserId): Action => ({
      kind: "redact",
      room: lobby,
      event: event("$1"),
      user: one,
      reason: "",
    }),
    search: (one: UserId): Action => ({
      kind: "search-history",
      room: lobby,
      user: one,
      limit: 5,
      reason: "",
    }),
    suspend: (one: UserId): Action => ({ kind: "suspend", user: one, reason: "" }),
    lock: (one: UserId): Action => ({ kind: "lock", user: one, reason: "" }),
    unban: (one: UserId): Action => ({ kind: "unban", room: lobby, user: one, reason: "" }),
    invite: (one: UserId): Action => ({ kind: "invite", room: lobby, user: one, reason: "" }),
  } as const;

  test.each<[keyof typeof act, boolean]>([
    ["ban", true],
    ["kick", true],
    ["mute", true],
    ["redact", true],
    ["search", true],
    ["suspend", true],
    ["lock", true],
    ["unban", false],
    ["invite", false],
  ])("%s of four people: %p", (kind, waits) => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    answering(weigher);

    const { held } = weigher.weigh(people.map((one) => weigher.decide(act[kind](one), byCommand)));

    expect(held.length === 1).toBe(waits);
  });

  test.each<[string, string, string, boolean]>([
    ["a rule for people", "m.policy.rule.user", "@p-*:x.test", true],
    ["a rule for their server", "m.policy.rule.server", "x.test", true],
    ["a rule for a room", "m.policy.rule.room", "!p:x.test", false],
    ["a rule for nobody here", "m.policy.rule.user", "@q-*:x.test", false],
  ])("%s, as whom it hits", (_what, eventType, entity, waits) => {
    const weigher = new Weigher();
    weigher.crowd("p", 4);
    answering(weigher);
    const write: Action = {
      kind: "write-policy",
      list: listA,
      eventType,
      stateKey: "k",
      content: { entity, recommendation: "m.ban" },
    };

    expect(weigher.weigh([weigher.decide(write, byCommand)]).held.length === 1).toBe(waits);
  });

  test("one regular or one of the staff is enough, but for a mute", () => {
    const weigher = new Weigher();
    const [regular] = weigher.crowd("p", 1);
    weigher.makeRegular(regular!);
    answering(weigher);

    const weighed = (kind: "ban" | "mute") =>
      weigher.weigh([weigher.decide(act[kind](regular!), byCommand)]).held.flatMap(({ why }) => why);

    expect(weighed("ban")).toEqual([`it would hit 1 regular: ${regular}`]);
    expect(weighed("mute")).toEqual([]);
  });
});

test("what has no command, finding or list behind it is not weighed", () => {
  const weigher = new Weigher();
  const people = weigher.crowd("p", 4);

  const { allowed, held } = weigher.weigh(
    people.map((one) => weigher.ban(one, { kind: "self", what: "housekeeping" })),
  );

  expect(allowed).toHaveLength(4);
  expect(held).toEqual([]);
});
