// Lists that shrink: how much may go before somebody is asked.

import { describe, expect, test } from "@jest/globals";
import { ListLosses } from "../../../src/decisions/guard/list-losses.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { Rule } from "../../../src/model/policy-rule.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, listA, live, me, ruleEvent, see, state, user } from "../../support/make.ts";

const minute = 60_000;

class Shrinking {
  readonly world = aWorld();
  readonly rulesInForce = new RulesInForce(this.world);
  readonly losses = new ListLosses({ maxLostRules: 3, maxLostShare: 10 }, 60 * minute);
  at = 0;

  constructor(rules: number) {
    this.sees(...Array.from({ length: rules }, (_, i) => this.rule(i)));
  }

  rule(i: number, stateKey = `k${i}`): Seen {
    return live(listA, ruleEvent(`@p${i}:x`, { stateKey }));
  }

  gone(i: number, by = "@olga:x", stateKey = `k${i}`): Seen {
    return live(listA, state("m.policy.rule.user", {}, { stateKey, sender: by }));
  }

  /** What is to be kept of a batch, with how many were lost. */
  sees(...seen: readonly Seen[]): readonly (readonly [number, number, readonly Rule[]])[] {
    see(this.world, ...seen);
    const { rules } = this.world.takeChanges();
    this.rulesInForce.update(this.world, rules);
    const { world, rulesInForce, at } = this;
    return this.losses
      .among(rules, { world, rulesInForce, at })
      .map((loss) => [loss.lost, loss.of, loss.rules]);
  }

  loses(from: number, many: number) {
    return this.sees(...Array.from({ length: many }, (_, i) => this.gone(from + i)));
  }
}

describe("a list", () => {
  test("may lose so many rules, and one more is too much", () => {
    expect(new Shrinking(10).loses(0, 3)).toEqual([]);

    const [loss] = new Shrinking(10).loses(0, 4);
    expect(loss?.slice(0, 2)).toEqual([4, 10]);
    expect(loss?.[2].map(({ entity }) => entity)).toEqual(["@p0:x", "@p1:x", "@p2:x", "@p3:x"]);
  });

  test("may lose a small part of itself, however many rules that are", () => {
    const large = new Shrinking(100);

    expect(large.loses(0, 10)).toEqual([]);
    expect(large.loses(10, 1)).toHaveLength(1);
  });

  test("loses within the window what it loses one by one, and no longer what was before", () => {
    const slow = new Shrinking(20);
    slow.loses(0, 2);
    slow.at = 61 * minute;
    expect(slow.loses(2, 2)).toEqual([]);

    slow.at += minute;
    expect(slow.loses(4, 2)).toHaveLength(1);
  });
});

describe("no loss is", () => {
  test("what we remove ourselves", () => {
    const own = new Shrinking(10);

    expect(own.sees(...Array.from({ length: 9 }, (_, i) => own.gone(i, me)))).toEqual([]);
  });

  test("a rule that is written anew, under its key or another", () => {
    const anew = new Shrinking(10);
    const same = Array.from({ length: 9 }, (_, i) => anew.rule(i));
    expect(anew.sees(...same)).toEqual([]);

    const moved = Array.from({ length: 9 }, (_, i) => [anew.rule(i, `other${i}`), anew.gone(i)]).flat();
    expect(anew.sees(...moved)).toEqual([]);
  });

  test("what got a no, though it counts", () => {
    const some = new Shrinking(5);
    const rejected = [...some.world.lists.get(listA)!.rules()].map(({ eventId }) => eventId);
    some.sees({
      kind: "settings-changed",
      change: { kind: "reject", what: rejected, by: user("@mod:x"), at: 0 },
    });

    expect(some.loses(0, 5)).toEqual([]);
  });
});
