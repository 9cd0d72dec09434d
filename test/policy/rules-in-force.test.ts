import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Seen } from "../../src/model/observation.ts";
import type { SettingChange } from "../../src/model/settings/change.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import {
  aWorld,
  listA,
  listB,
  live,
  ruleEvent,
  see,
  server,
  state,
  user,
  usualSettings,
} from "../support/make.ts";

const ann = user("@ann:example.org");
let world: World;
let rulesInForce: RulesInForce;
beforeEach(() => {
  world = aWorld();
  rulesInForce = new RulesInForce(world);
});

function learn(...seen: readonly Seen[]) {
  see(world, ...seen);
  return rulesInForce.update(world, world.takeChanges().rules);
}
const settle = (change: SettingChange) => learn({ kind: "settings-changed", change });
const rule = (
  list: typeof listA,
  entity: string,
  recommendation = "m.ban",
  more: Parameters<typeof ruleEvent>[1] = {},
) => live(list, ruleEvent(entity, { recommendation, stateKey: `${recommendation} ${entity}`, ...more }));
const decided = (who = ann) => {
  const verdict = rulesInForce.verdict(who);
  return verdict && (verdict.kind === "exempt" ? "exempt" : `${verdict.kind} ${verdict.rule.entity}`);
};

test("of somebody whom no rule names there is nothing to say", () => {
  learn(rule(listA, "@other:example.org"));

  expect(decided()).toBeUndefined();
});

describe("which rule decides", () => {
  test("an allow rule shields from the bans of its own list", () => {
    learn(rule(listA, "@ann:example.org"), rule(listA, "@*:example.org", "m.allow"));

    expect(decided()).toBe("allow @*:example.org");
  });

  test("an allow rule shields from the bans of later lists, and not of earlier ones", () => {
    learn(rule(listA, "@*:example.org", "m.allow"), rule(listB, "@ann:example.org"));
    expect(decided()).toBe("allow @*:example.org");

    learn(rule(listB, "@bob:example.net", "m.allow"), rule(listA, "@bob:*"));
    expect(decided(user("@bob:example.net"))).toBe("ban @bob:*");
  });

  test("of bans the first list gives the reason, however vague its rule", () => {
    learn(rule(listB, "@ann:example.org"), rule(listA, "@*:example.org"));

    expect(decided()).toBe("ban @*:example.org");
  });

  test("within a list the exact rule goes before the glob, then the newest", () => {
    learn(
      rule(listA, "@a*:example.org", "m.ban", { sentAt: 9 }),
      rule(listA, "@ann:example.org", "m.ban", { sentAt: 1 }),
    );
    expect(decided()).toBe("ban @ann:example.org");

    learn(rule(listA, "@b*:x", "m.ban", { sentAt: 1 }), rule(listA, "@bo*:x", "m.ban", { sentAt: 2 }));
    expect(decided(user("@bob:x"))).toBe("ban @bo*:x");
  });

  test("a takedown is a ban, and an unknown recommendation is nothing", () => {
    learn(rule(listA, "@ann:example.org", "m.takedown"), rule(listA, "@bob:x", "m.applaud"));

    expect(decided()).toBe("ban @ann:example.org");
    expect(decided(user("@bob:x"))).toBeUndefined();
  });

  test("a rule about a server does not ban its people", () => {
    learn(rule(listA, "example.org", "m.ban", { type: "m.policy.rule.server" }));

    expect(decided()).toBeUndefined();
    expect(rulesInForce.index.rulesForServer(server("example.org"))).toHaveLength(1);
  });
});

describe("an exemption", () => {
  const exempt = (entity: string) =>
    settle({ kind: "exempt", exemption: { entity, reason: "", by: "@mod:example.org", at: 0 } });

  test.each(["@ann:example.org", "@ANN:example.org", "@*:example.org", "example.org", "*.org"])(
    "of %s goes before every rule",
    (entity) => {
      learn(rule(listA, "@ann:example.org"));
      exempt(entity);

      expect(decided()).toBe("exempt");
      expect(rulesInForce.exemptionOf(ann)?.entity).toBe(entity);
    },
  );

  test("ends when it is taken back", () => {
    learn(rule(listA, "@ann:example.org"));
    exempt("@ann:example.org");
    settle({ kind: "unexempt", entity: "@ann:example.org" });

    expect(decided()).toBe("ban @ann:example.org");
  });

  test("of somebody else changes nothing", () => {
    learn(rule(listA, "@ann:example.org"));
    exempt("@bob:example.org");
    exempt("ample.org");

    expect(decided()).toBe("ban @ann:example.org");
  });
});

describe("an exception from a list", () => {
  const except = (entity: string, list = listA) =>
    settle({ kind: "except", exception: { list, entity, reason: "", by: "@mod:example.org", at: 0 } });

  test.each(["@ann:example.org", "@*:example.org", "example.org", "*.org"])(
    "of %s takes the bans of that list away, and leaves those of others",
    (entity) => {
      learn(rule(listA, "@ann:example.org"), rule(listB, "@a*:example.org"));
      except(entity);

      expect(decided()).toBe("ban @a*:example.org");
      expect(rulesInForce.exemptionOf(ann)).toBeUndefined();

      except(entity, listB);
      expect(decided()).toBeUndefined();
    },
  );

  test("leaves an allow rule of the list, which spares from the lists after it", () => {
    learn(rule(listA, "@ann:example.org", "m.allow"), rule(listB, "@ann:example.org"));
    except("@ann:example.org");

    expect(decided()).toBe("allow @ann:example.org");
  });

  test("is told apart from the rules that name somebody", () => {
    learn(
      rule(listA, "@ann:example.org"),
      rule(listA, "example.org", "m.ban", { type: "m.policy.rule.server" }),
    );
    except("@ann:example.org");
    const [one] = rulesInForce.index.rulesNamingUser(ann);

    expect(rulesInForce.index.rulesNamingUser(ann)).toHaveLength(2);
    expect(rulesInForce.index.rulesForUser(ann)).toEqual([]);
    expect(rulesInForce.exceptionFor(one!, { user: ann })?.entity).toBe("@ann:example.org");
    // Others on that server are no exception.
    expect(rulesInForce.index.rulesForServer(server("example.org"))).toHaveLength(1);
  });

  test("ends when it is taken back, and with its own end alone", () => {
    learn(rule(listA, "@ann:example.org"));
    except("@ann:example.org");
    settle({ kind: "unexcept", list: listA, entity: "@ann:example.org", expiredAt: 5 });
    expect(decided()).toBeUndefined();

    settle({ kind: "unexcept", list: listA, entity: "@ann:example.org" });
    expect(decided()).toBe("ban @ann:example.org");
  });
});

describe("as lists change", () => {
  test("rules that came and went are told, and hold at once", () => {
    const { came } = learn(rule(listA, "@ann:example.org", "m.ban", { stateKey: "k" }));
    expect(came.map((one) => one.entity)).toEqual(["@ann:example.org"]);
    expect(decided()).toBe("ban @ann:example.org");

    const { went } = learn(live(listA, state("m.policy.rule.user", {}, { stateKey: "k" })));
    expect(went.map((one) => one.entity)).toEqual(["@ann:example.org"]);
    expect(decided()).toBeUndefined();
  });

  test("a list newly watched brings its rules, one left takes them along", () => {
    world = aWorld({ ...usualSettings, lists: [] });
    rulesInForce = new RulesInForce(world);
    learn(rule(listA, "@ann:example.org"));
    expect(decided()).toBeUndefined();

    const list = { room: listA, via: [], liftsBans: true };
    expect(settle({ kind: "watch", list }).came).toHaveLength(1);
    expect(decided()).toBe("ban @ann:example.org");

    expect(settle({ kind: "unwatch", list: listA }).went).toHaveLength(1);
    expect(decided()).toBeUndefined();
    expect(rulesInForce.index.size).toBe(0);
  });

  test("another order of lists is another precedence", () => {
    learn(rule(listA, "@ann:example.org"), rule(listB, "@*:example.org", "m.allow"));
    expect(decided()).toBe("ban @ann:example.org");

    settle({ kind: "unwatch", list: listA });
    settle({ kind: "watch", list: { room: listA, via: [], liftsBans: true } });

    expect(decided()).toBe("allow @*:example.org");
  });

  test("a book made anew knows what the old one knew", () => {
    learn(rule(listA, "@ann:example.org"), rule(listB, "@*:example.org"), rule(listB, "@bob:x"));
    const anew = new RulesInForce(world);

    for (const who of [ann, user("@bob:x"), user("@carl:example.org")])
      expect(anew.verdict(who)).toEqual(rulesInForce.verdict(who));
  });
});
