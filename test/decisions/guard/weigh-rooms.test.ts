// What lists ask for by rules that are not new: in a room newly protected, or where something shielded people until now.

import { describe, expect, test } from "@jest/globals";
import type { Cause } from "../../../src/model/decision.ts";
import type { RoomId, UserId } from "../../../src/model/ids.ts";
import { hall, listA, live, lobby, ruleEvent, state, user } from "../../support/make.ts";
import { dayMs, minuteMs, Weigher } from "../../support/weighing.ts";

/** A rule that came long ago, against people of that name. */
function oldRule(weigher: Weigher, name: string): (room?: RoomId) => Cause {
  const rule = ruleEvent(`@${name}-*:x.test`);
  weigher.rulesCome([rule]);
  weigher.now += 2 * dayMs;
  return () => ({
    kind: "rule",
    list: listA,
    event: rule.eventId,
    ruleKind: "user",
    recommendation: "ban",
    entity: `@${name}-*:x.test`,
  });
}

const bans = (weigher: Weigher, people: readonly UserId[], because: Cause, room = lobby) =>
  people.map((one) => weigher.ban(one, because, room));
const banned = (people: readonly UserId[]) => people.map((one) => `ban ${one}`);

describe("bans by an old rule", () => {
  test("go on where they are few", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const people = weigher.crowd("p", 3);

    expect(weigher.weigh(bans(weigher, people, cause))).toEqual({ allowed: banned(people), held: [] });
  });

  test("wait where they are too many, with the room to ask about", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const people = weigher.crowd("p", 4);

    expect(weigher.weigh(bans(weigher, people, cause))).toEqual({
      allowed: [],
      held: [{ by: { rooms: [lobby] }, why: ["it would hit 4 people, and the limit is 3"] }],
    });
  });

  test("of newcomers are no crowd, and go on", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const people = ["p-0", "p-1", "p-2", "p-3"].map((name) => weigher.newcomer(name));

    expect(weigher.weigh(bans(weigher, people, cause)).allowed).toEqual(banned(people));
  });

  test("in two rooms are one question", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const some = weigher.crowd("p", 2);
    const others = weigher.crowd("p-x", 2, { room: hall });

    const { held } = weigher.weigh([...bans(weigher, some, cause), ...bans(weigher, others, cause, hall)]);

    expect(held.map(({ by }) => by)).toEqual([{ rooms: [lobby, hall] }]);
  });

  test("count with those whom the list has hit within the window", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const people = weigher.crowd("p", 4);
    weigher.weigh(bans(weigher, people.slice(0, 3), cause));

    expect(weigher.weigh(bans(weigher, people.slice(3), cause)).held.map(({ why }) => why)).toEqual([
      ["it would hit 1 person (with 3 before them), and the limit is 3"],
    ]);
    weigher.now += 61 * minuteMs;
    expect(weigher.weigh(bans(weigher, people.slice(3), cause)).held).toEqual([]);
  });

  test("by a rule that has its yes are not weighed", () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    const people = weigher.crowd("p", 4);
    if (cause.kind === "rule") weigher.change({ kind: "accept", what: [cause.event], at: weigher.now });

    expect(weigher.weigh(bans(weigher, people, cause)).held).toEqual([]);
  });

  test("by a rule that came lately were weighed when it came", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 3);
    const rule = ruleEvent("@p-*:x.test");
    weigher.rulesCome([rule]);
    const cause: Cause = {
      kind: "rule",
      list: listA,
      event: rule.eventId,
      ruleKind: "user",
      recommendation: "ban",
      entity: "@p-*:x.test",
    };
    weigher.blast.remember(listA, user("@gone:x.test"), weigher.now);

    expect(weigher.weigh(bans(weigher, people, cause)).held).toEqual([]);
  });
});

describe("a room", () => {
  const setUp = () => {
    const weigher = new Weigher();
    const cause = oldRule(weigher, "p")();
    return { weigher, cause, people: weigher.crowd("p", 4) };
  };

  test("in which the lists' wishes were rejected gets none of them, without a question", () => {
    const { weigher, cause, people } = setUp();
    weigher.change({ kind: "reject", what: [lobby], by: undefined, at: weigher.now });

    expect(weigher.weigh(bans(weigher, people.slice(0, 1), cause))).toEqual({ allowed: [], held: [] });
  });

  test("that is asked about holds whoever counts, and lets newcomers be banned", () => {
    const { weigher, cause, people } = setUp();
    weigher.ask({ kind: "rooms", rooms: [lobby] });
    const fresh = weigher.newcomer("p-new");

    expect(weigher.weigh(bans(weigher, [people[0]!, fresh], cause))).toEqual({
      allowed: [`ban ${fresh}`],
      held: [],
    });
  });

  test("that has its yes is open to the lists for a day", () => {
    const { weigher, cause, people } = setUp();
    weigher.change({ kind: "accept", what: [lobby], at: weigher.now });

    expect(weigher.weigh(bans(weigher, people, cause)).held).toEqual([]);
    weigher.now += dayMs + 1;
    expect(weigher.weigh(bans(weigher, people, cause)).held).toHaveLength(1);
  });

  test("that is told later counts with those that wait already", () => {
    const { weigher, cause, people } = setUp();
    const more = weigher.crowd("p-x", 4, { room: hall });
    weigher.weigh(bans(weigher, people, cause));
    weigher.ask({ kind: "rooms", rooms: [lobby] });

    expect(weigher.weigh(bans(weigher, more, cause, hall)).held).toEqual([
      { by: { rooms: [hall] }, why: ["it would hit 8 people, and the limit is 3"] },
    ]);
  });
});

describe("a server ACL", () => {
  const denying = (weigher: Weigher, because: Cause) =>
    weigher.decide(
      {
        kind: "set-server-acl",
        room: lobby,
        content: { allow: ["*"], deny: ["evil.test"], allow_ip_literals: false },
        before: undefined,
      },
      because,
    );
  const setUp = () => {
    const weigher = new Weigher();
    weigher.rulesCome([ruleEvent("evil.test", { type: "m.policy.rule.server" })]);
    weigher.now += 2 * dayMs;
    weigher.crowd("p", 4, { server: "evil.test" });
    return weigher;
  };
  const lists: Cause = { kind: "lists", trigger: "$t" };

  test("of a room that had none of ours is weighed by whom it cuts off", () => {
    const weigher = setUp();

    expect(weigher.weigh([denying(weigher, lists)])).toEqual({
      allowed: [],
      held: [{ by: { rooms: [lobby] }, why: ["it would hit 4 people, and the limit is 3"] }],
    });
  });

  test("over one of ours is not: what is new in it was weighed when it came", () => {
    const weigher = setUp();
    const ours = state("m.room.server_acl", { allow: ["*"] }, { sender: weigher.world.self });
    weigher.sees(live(lobby, ours));

    expect(weigher.weigh([denying(weigher, lists)]).held).toEqual([]);
    expect(weigher.weigh([denying(weigher, { ...lists, reachesAnew: true })]).held).toHaveLength(1);
  });

  test("that a moderator's command asks for is weighed with the command alone", () => {
    const weigher = setUp();
    const command: Cause = {
      kind: "command",
      event: "$c" as never,
      by: user("@mod:example.org"),
      text: "ban",
    };

    expect(weigher.weigh([denying(weigher, command)]).held).toEqual([]);
  });

  test("cuts nobody off whose server was denied before", () => {
    const weigher = setUp();
    weigher.sees(live(lobby, state("m.room.server_acl", { allow: ["*"], deny: ["evil.test"] })));

    expect(weigher.weigh([denying(weigher, lists)]).held).toEqual([]);
  });
});
