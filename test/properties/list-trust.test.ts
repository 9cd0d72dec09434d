// Lists that are all applied with full weight decide as they did before there was a choice: the first that says anything
// decides. What is added up for lists of other trust comes to the same there.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Seen } from "../../src/model/observation.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { decidedBy, Trust } from "../../src/policy/score.ts";
import { deniedEntities } from "../../src/policy/server-acl/denied-entities.ts";
import {
  aWorld,
  desk,
  listA,
  listB,
  live,
  lobby,
  member,
  ruleEvent,
  see,
  server,
  user,
  usualSettings,
} from "../support/make.ts";

const people = ["@ann:a.test", "@Ann:a.test", "@bob:b.test", "@eve:evil.test"].map(user);
const servers = ["a.test", "b.test", "evil.test", "sub.evil.test"].map(server);

const rule = fc
  .tuple(
    fc.constantFrom(listA, listB),
    fc.constantFrom("k1", "k2", "k3", "k4"),
    fc.constantFrom("m.ban", "m.ban", "m.takedown", "org.matrix.mjolnir.allow", "odd"),
    fc.oneof(
      fc.tuple(
        fc.constant("user"),
        fc.constantFrom("@ann:a.test", "@*:evil.test", "@*b*:*", "@*:*", "@bob:b.test"),
      ),
      fc.tuple(
        fc.constant("server"),
        fc.constantFrom("evil.test", "*.evil.test", "?.test", "*.test", "b.test"),
      ),
    ),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([list, key, recommendation, [kind, entity], sentAt]): Seen =>
    live(list, ruleEvent(entity, { type: `m.policy.rule.${kind}`, stateKey: key, recommendation, sentAt })),
  );

const quiet = { room: desk, via: [], liftsBans: true };

/** A book of two lists of full weight, and the same beside a list of another trust, which says nothing. */
function books(rules: readonly Seen[], rejects: number) {
  return [usualSettings, { ...usualSettings, lists: [...usualSettings.lists, { ...quiet, weight: 1 }] }].map(
    (settings) => {
      const world = aWorld(settings);
      for (const who of people) see(world, live(lobby, member(who, "join")));
      see(world, ...rules);
      const all = world.watchedLists().flatMap((list) => [...list.rules()]);
      const what = all.slice(0, rejects).map(({ eventId }) => eventId);
      see(world, { kind: "settings-changed", change: { kind: "reject", what, by: undefined, at: 0 } });
      return new RulesInForce(world);
    },
  ) as [RulesInForce, RulesInForce];
}

test("adding up comes to what the first list says", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), fc.integer({ min: 0, max: 2 }), (rules, rejects) => {
      const [plain, summed] = books(rules, rejects);

      expect([plain.trust.isUneven, summed.trust.isUneven]).toEqual([false, true]);
      for (const who of people) expect(summed.verdict(who)).toEqual(plain.verdict(who));
      for (const name of servers) {
        const found = plain.index.rulesForServer(name);
        expect(summed.decide(found)).toEqual(plain.decide(found));
      }
      expect(deniedEntities(summed)).toEqual(deniedEntities(plain));
    }),
    { numRuns: 150 },
  );
});

test("whatever the threshold, a list of full weight is enough alone", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), fc.integer({ min: 1, max: 100 }), (rules, threshold) => {
      const [plain] = books(rules, 0);
      for (const who of people) {
        const found = plain
          .inOrder(plain.index.rulesForUser(who))
          .filter(({ kind, recommendation }) => kind === "user" && recommendation !== "other");
        expect(decidedBy(found, new Trust(usualSettings.lists, threshold))).toEqual(plain.verdict(who));
      }
    }),
    { numRuns: 100 },
  );
});
