import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Seen } from "../../src/model/observation.ts";
import type { ListTrust } from "../../src/model/settings/lists.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { deniedEntities } from "../../src/policy/server-acl/denied-entities.ts";
import {
  aWorld,
  desk,
  listA,
  listB,
  live,
  me,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../support/make.ts";

const ann = user("@ann:example.org");
const listC = desk;
let world: World;
beforeEach(() => {
  world = aWorld({
    ...usualSettings,
    lists: [...usualSettings.lists, { room: listC, via: [], liftsBans: true }],
  });
  for (const list of [listA, listB, listC]) see(world, ...ownedBy(list, authorOf(list)));
});

const authorOf = (list: typeof listA): string => `@author-of${list.slice(1)}`;
/** Made by somebody who may write there. */
const ownedBy = (list: typeof listA, sender: string): readonly Seen[] => [
  live(list, state("m.room.create", { room_version: "11" }, { sender })),
  live(list, state("m.room.power_levels", { users: { [me]: 100, [sender]: 100 } }, { sender, sentAt: 1 })),
];

const trust = (list: typeof listA, trusted: ListTrust): void =>
  see(world, { kind: "settings-changed", change: { kind: "trust-list", list, trust: trusted } });
const rule = (list: typeof listA, entity = "@ann:example.org", recommendation = "m.ban"): Seen =>
  live(list, {
    ...ruleEvent(entity, { recommendation, stateKey: `${recommendation} ${entity}` }),
    sender: user(authorOf(list)),
  });
const ban = (...lists: readonly (typeof listA)[]): void => see(world, ...lists.map((list) => rule(list)));
const book = (threshold?: number) => new RulesInForce(world, threshold);
/** "ban list-a with list-b", "flag 50", or nothing. */
function outcome(threshold?: number): string | undefined {
  const rules = book(threshold);
  const verdict = rules.verdict(ann);
  const flag = rules.flagOf(ann);
  if (flag) return `flag ${flag.total}`;
  if (!verdict || verdict.kind === "exempt") return verdict?.kind;
  const others = "with" in verdict ? verdict.with : undefined;
  const named = (list: string) => list.slice(1).split(":")[0];
  const together = others ? ` with ${others.map(({ list }) => named(list)).join(", ")}` : "";
  return `${verdict.kind} ${named(verdict.rule.list)}${together}`;
}

describe("weights", () => {
  test("of three lists with half the weight one flags, and two ban", () => {
    for (const list of [listA, listB, listC]) trust(list, { weight: 50 });

    ban(listB);
    expect(outcome()).toBe("flag 50");
    ban(listC);
    expect(outcome()).toBe("ban list-b with desk");
    ban(listA);
    expect(outcome()).toBe("ban list-a with list-b, desk");
  });

  test("a list of full weight is enough beside lists that are not", () => {
    trust(listA, { weight: 10 });
    ban(listB);

    expect(outcome()).toBe("ban list-b");
  });

  test("two rules of one list are one voice", () => {
    trust(listA, { weight: 50 });
    see(world, rule(listA), rule(listA, "@*:example.org"));

    expect(outcome()).toBe("flag 50");
  });

  test("the threshold is what they are measured by", () => {
    trust(listA, { weight: 50 });
    ban(listA);

    expect(outcome(50)).toBe("ban list-a");
    expect(outcome(51)).toBe("flag 50");
  });

  test("an exempt person is neither banned nor flagged", () => {
    trust(listA, { weight: 50 });
    ban(listA);
    const exemption = { entity: ann, reason: "", by: "@mod:example.org", at: 0 };
    see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });

    expect(outcome()).toBe("exempt");
  });

  test("an allow rule takes the voices of its own and later lists, and leaves those of earlier ones", () => {
    trust(listA, { weight: 50 });
    ban(listA, listB, listC);
    expect(outcome()).toBe("ban list-a with list-b, desk");

    see(world, rule(listB, "@*:example.org", "m.allow"));

    expect(outcome()).toBe("flag 50");
  });
});

describe("lists of one owner", () => {
  beforeEach(() => {
    for (const list of [listA, listB, listC]) trust(list, { weight: 50 });
  });

  test("have one voice, of the weight of the weightiest", () => {
    trust(listA, { weight: 40, owner: listB });
    ban(listA, listB);
    expect(outcome()).toBe("flag 50");

    ban(listC);
    expect(outcome()).toBe("ban list-a with list-b, desk");
  });

  test("are known by who made them, and by who writes rules there and may", () => {
    see(world, ...ownedBy(listB, authorOf(listA)));
    ban(listA, listB);

    expect(outcome()).toBe("flag 50");
  });

  test("are not known by Tyr, which may write in many", () => {
    for (const list of [listA, listB]) see(world, live(list, { ...ruleEvent("@other:x"), sender: me }));
    ban(listA, listB);

    expect(outcome()).toBe("ban list-a with list-b");
  });
});

describe("modes", () => {
  const mode = (list: typeof listA, user: "apply" | "ask" | "notify" | "off", weight = 100) =>
    trust(list, { mode: { user }, weight });

  test("a list that is only told of bans nobody alone, whatever its weight, and helps another to", () => {
    mode(listA, "notify");
    trust(listB, { weight: 50 });
    ban(listA);
    expect(outcome()).toBe("flag 100");

    ban(listB);

    expect(outcome()).toBe("ban list-b with list-a");
  });

  test("a list that is off says nothing: no ban, no flag, and it spares nobody", () => {
    mode(listA, "off");
    ban(listA);
    expect(outcome()).toBeUndefined();

    see(world, rule(listA, "@*:example.org", "m.allow"));
    ban(listB);
    expect(outcome()).toBe("ban list-b");
  });

  test("an allow rule of a list that is only told of spares from that list alone", () => {
    mode(listA, "notify");
    see(world, rule(listA), rule(listA, "@*:example.org", "m.allow"));
    expect(outcome()).toBeUndefined();

    ban(listB);
    expect(outcome()).toBe("ban list-b");
  });

  test("a mode is of one kind of rules", () => {
    trust(listA, { mode: { server: "off" } });
    ban(listA);

    expect(outcome()).toBe("ban list-a");
  });
});

describe("a cap of a mute", () => {
  test("makes a mute of a ban", () => {
    trust(listA, { cap: "mute" });
    ban(listA);

    expect(outcome()).toBe("mute list-a");
  });

  test("does not count towards a ban, and leaves one that others ask for", () => {
    trust(listA, { cap: "mute", weight: 50 });
    trust(listB, { weight: 50 });
    ban(listA, listB);
    expect(outcome()).toBe("mute list-a with list-b");

    ban(listC);
    expect(outcome()).toBe("ban list-b with desk");
  });
});

describe("server ACLs", () => {
  const serverRule = (list: typeof listA, entity: string): Seen =>
    live(list, {
      ...ruleEvent(entity, { type: "m.policy.rule.server" }),
      sender: user(authorOf(list)),
    });
  const denied = () => [...new Set(deniedEntities(book()).map(({ entity }) => entity))].sort();
  beforeEach(() => {
    for (const list of [listA, listB]) trust(list, { weight: 50 });
  });

  test("an entity needs the same sum, and wildcards count for what they cover", () => {
    see(world, serverRule(listA, "*.evil.test"), serverRule(listB, "a.evil.test"));
    expect(denied()).toEqual(["a.evil.test"]);

    see(world, serverRule(listB, "*.evil.test"));
    expect(denied()).toEqual(["*.evil.test", "a.evil.test"]);
  });

  test("wildcards count for narrower wildcards, and not for wider ones", () => {
    see(world, serverRule(listA, "*.test"), serverRule(listB, "*.evil.test"));

    expect(denied()).toEqual(["*.evil.test"]);
  });

  test("one letter is not any number of letters", () => {
    see(world, serverRule(listA, "?.test"), serverRule(listB, "*.test"));

    expect(denied()).toEqual(["?.test"]);
  });

  test("a list with a cap of a mute denies no server", () => {
    trust(listA, { cap: "mute" });
    see(world, serverRule(listA, "evil.test"));

    expect(denied()).toEqual([]);
  });
});
