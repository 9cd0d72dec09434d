// Rules that come: which of a list wait for a yes.

import { describe, expect, test } from "@jest/globals";
import { listA, listB, live, lobby, member, desk, ruleEvent, state, user } from "../../support/make.ts";
import { dayMs, minuteMs, Weigher } from "../../support/weighing.ts";

const rule = (entity: string, id: string, more: Parameters<typeof ruleEvent>[1] = {}) =>
  ruleEvent(entity, { id, ...more });
const serverRule = (entity: string, id: string) => rule(entity, id, { type: "m.policy.rule.server" });
const rulesOf = (held: readonly { readonly rules: readonly string[] }[]) =>
  held.map(({ rules }) => [...rules]);

describe("a rule", () => {
  test("that hits as many as the limit goes on, and one more waits, with the reason", () => {
    const weigher = new Weigher();
    weigher.crowd("few", 3);
    weigher.crowd("many", 4);

    expect(weigher.rulesCome([rule("@few-*:x.test", "$few")], listA)).toEqual([]);
    expect(weigher.rulesCome([rule("@many-*:x.test", "$many")], listB)).toEqual([
      { rules: ["$many"], why: ["it would hit 4 people, and the limit is 3"] },
    ]);
  });

  test("that hits nobody goes on, also together with one that waits", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);

    const held = weigher.rulesCome([rule("@many-*:x.test", "$many"), rule("@nobody:x.test", "$nobody")]);

    expect(rulesOf(held)).toEqual([["$many"]]);
  });

  test("counts with what its list has hit within the window, and not with what another list has", () => {
    const weigher = new Weigher();
    weigher.crowd("a", 2);
    weigher.crowd("b", 2);
    weigher.crowd("c", 2);

    expect(weigher.rulesCome([rule("@a-*:x.test", "$a")])).toEqual([]);
    expect(weigher.rulesCome([rule("@b-*:x.test", "$b")], listB)).toEqual([]);
    expect(weigher.rulesCome([rule("@c-*:x.test", "$c")])).toEqual([
      { rules: ["$c"], why: ["it would hit 2 people (with 2 before them), and the limit is 3"] },
    ]);
  });

  test("counts no more with what its list hit before the window", () => {
    const weigher = new Weigher();
    weigher.crowd("a", 2);
    weigher.crowd("b", 2);
    weigher.rulesCome([rule("@a-*:x.test", "$a")]);

    weigher.now += 61 * minuteMs;

    expect(weigher.rulesCome([rule("@b-*:x.test", "$b")])).toEqual([]);
  });

  test("counts with what its list hit before a start, as the journal tells", () => {
    const weigher = new Weigher();
    weigher.crowd("a", 2);
    for (const gone of ["@g0:x.test", "@g1:x.test"]) weigher.blast.remember(listA, user(gone), weigher.now);

    expect(rulesOf(weigher.rulesCome([rule("@a-*:x.test", "$a")]))).toEqual([["$a"]]);
  });

  test.each<[string, Parameters<typeof ruleEvent>[1]]>([
    ["allows", { recommendation: "m.allow" }],
    ["recommends what we do not know", { recommendation: "org.example.watch" }],
  ])("that %s never waits", (_what, more) => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);

    expect(weigher.rulesCome([rule("@many-*:x.test", "$many", more)])).toEqual([]);
  });

  test("of ours never waits: it was weighed with the command that wrote it", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);
    const { content } = rule("@many-*:x.test", "$many");

    const ours = state("m.policy.rule.user", content, {
      stateKey: "k",
      sender: weigher.world.self,
      id: "$many",
    });

    expect(weigher.rulesCome([ours])).toEqual([]);
  });

  test("that has its yes already never waits", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);
    const came = rule("@many-*:x.test", "$many");
    weigher.change({ kind: "accept", what: [came.eventId], at: weigher.now });

    expect(weigher.rulesCome([came])).toEqual([]);
  });

  test("that only takes the place of one in force for the same changes nothing", () => {
    const weigher = new Weigher({ maxPeople: 4 });
    weigher.crowd("many", 4);
    expect(weigher.rulesCome([rule("@many-*:x.test", "$old", { stateKey: "k" })])).toEqual([]);
    weigher.crowd("many-more", 4);

    const again = weigher.rulesCome([rule("@many-*:x.test", "$new", { stateKey: "k", reason: "spam" })]);

    expect(again).toEqual([]);
  });

  test("against newcomers is no crowd", () => {
    const weigher = new Weigher();
    for (const name of ["n-0", "n-1", "n-2", "n-3"]) weigher.newcomer(name);

    expect(weigher.rulesCome([rule("@n-*:x.test", "$n")])).toEqual([]);
  });
});

describe("of a list", () => {
  test("the rules that hit staff wait by themselves, the others go on", () => {
    const weigher = new Weigher();
    const [helper, someone] = weigher.crowd("p", 2);
    weigher.giveLevels({ [helper!]: 10 });

    const held = weigher.rulesCome([rule(helper!, "$staff"), rule(someone!, "$other")]);

    expect(held).toEqual([
      {
        rules: ["$staff"],
        why: [`it would hit 1 person with a power level above the usual: ${helper}`],
      },
    ]);
  });

  test("the rules that hit regulars wait by themselves, the others go on", () => {
    const weigher = new Weigher();
    const [regular, someone] = weigher.crowd("p", 2);
    weigher.makeRegular(regular!);

    const held = weigher.rulesCome([rule(regular!, "$regular"), rule(someone!, "$other")]);

    expect(rulesOf(held)).toEqual([["$regular"]]);
  });

  test("all rules that hit anybody wait where the others are too many as well", () => {
    const weigher = new Weigher();
    const [helper] = weigher.crowd("p", 1);
    weigher.crowd("many", 4);
    weigher.giveLevels({ [helper!]: 10 });

    const held = weigher.rulesCome([rule(helper!, "$staff"), rule("@many-*:x.test", "$many")]);

    expect(held.map(({ rules }) => new Set(rules))).toEqual([new Set(["$staff", "$many"])]);
  });

  test("those let through with one that waits count for the next", () => {
    const weigher = new Weigher();
    const [helper] = weigher.crowd("p", 1);
    weigher.crowd("a", 2);
    weigher.crowd("b", 2);
    weigher.giveLevels({ [helper!]: 10 });
    weigher.rulesCome([rule(helper!, "$staff"), rule("@a-*:x.test", "$a")]);

    expect(rulesOf(weigher.rulesCome([rule("@b-*:x.test", "$b")]))).toEqual([["$b"]]);
  });

  test("the reasons tell of all that waits, though only the new rules are named", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);
    weigher.crowd("more", 5);
    const [held] = weigher.rulesCome([rule("@many-*:x.test", "$many")]);
    weigher.ask({ kind: "rules", list: listA, rules: held!.rules as never });

    expect(weigher.rulesCome([rule("@more-*:x.test", "$more")])).toEqual([
      { rules: ["$more"], why: ["it would hit 9 people, and the limit is 3"] },
    ]);
  });

  test("each list has a question of its own", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);
    weigher.crowd("more", 4);
    weigher.sees(live(listB, rule("@more-*:x.test", "$more")));

    const held = weigher.rulesCome([rule("@many-*:x.test", "$many")]);

    expect(new Set(rulesOf(held).flat())).toEqual(new Set(["$many", "$more"]));
    expect(held).toHaveLength(2);
  });
});

describe("a server rule", () => {
  test("counts everybody there, and waits where they are too many", () => {
    const weigher = new Weigher();
    weigher.crowd("p", 4, { server: "evil.test" });

    expect(rulesOf(weigher.rulesCome([serverRule("evil.test", "$server")]))).toEqual([["$server"]]);
  });

  test("hits nobody where no server ACLs are written", () => {
    const weigher = new Weigher({}, { writesAcls: false });
    weigher.crowd("p", 4, { server: "evil.test" });

    expect(weigher.rulesCome([serverRule("evil.test", "$server")])).toEqual([]);
  });

  test("hits nobody where no server ACL would take it up: a moderator is on that server", () => {
    const weigher = new Weigher();
    weigher.crowd("p", 4, { server: "evil.test" });
    weigher.sees(live(desk, member("@helper:evil.test", "join")));

    expect(weigher.rulesCome([serverRule("evil.test", "$server")])).toEqual([]);
  });
});

describe("an allow rule that goes", () => {
  test("is weighed by whom it shielded from the rules that stay", () => {
    const weigher = new Weigher();
    weigher.crowd("many", 4);
    weigher.rulesCome([rule("@many-*:x.test", "$allow", { stateKey: "s", recommendation: "m.allow" })]);
    expect(weigher.rulesCome([rule("@many-*:x.test", "$ban", { stateKey: "b" })])).toEqual([]);

    const gone = state("m.policy.rule.user", {}, { stateKey: "s", id: "$gone" });

    expect(rulesOf(weigher.rulesCome([gone]))).toEqual([["$ban"]]);
  });

  test("asks nothing where those people are few", () => {
    const weigher = new Weigher();
    weigher.crowd("few", 3);
    weigher.rulesCome([rule("@few-*:x.test", "$allow", { stateKey: "s", recommendation: "m.allow" })]);
    weigher.rulesCome([rule("@few-*:x.test", "$ban", { stateKey: "b" })]);

    expect(weigher.rulesCome([state("m.policy.rule.user", {}, { stateKey: "s", id: "$gone" })])).toEqual([]);
  });
});

test("who was hit days ago is forgotten, though nothing else came meanwhile", () => {
  const weigher = new Weigher();
  weigher.crowd("a", 3);
  weigher.rulesCome([rule("@a-*:x.test", "$a")]);
  weigher.now += 3 * dayMs;
  weigher.crowd("b", 3, { room: lobby });

  expect(weigher.rulesCome([rule("@b-*:x.test", "$b")])).toEqual([]);
});
