// The core as a whole, without anything around it: believe, judge, guard, plan. What it decides can be decided again with
// the same ids, and once it is done there is nothing left to do.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { AclDebounce } from "../../src/decisions/judge/acl-debounce.ts";
import { guard } from "../../src/decisions/guard/guard.ts";
import { judge, type Judging } from "../../src/decisions/judge/judge.ts";
import { plan } from "../../src/decisions/plan.ts";
import { Watchdog } from "../../src/decisions/judge/watchdog.ts";
import { GapHealing } from "../../src/decisions/judge/gap-healing.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { Observation, Seen } from "../../src/model/observation.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { RedactReasons } from "../../src/policy/redact-reasons.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  nextEvent,
  ruleEvent,
  state,
} from "../support/make.ts";

const people = ["@ann:a.test", "@Ann:a.test", "@bob:b.test", "@eve:evil.test", "@mod:example.org"];
const entities = ["@ann:a.test", "@ANN:a.test", "@*:evil.test", "@*b*:*", "@mod:example.org", "@bob:b.test"];
const servers = ["evil.test", "*.evil.test", "b.test", "*", "example.org"];
const rooms = [lobby, hall] as const;

const list = fc.constantFrom(listA, listB);
const key = fc.constantFrom("k1", "k2", "k3");
const recommendation = fc.constantFrom("m.ban", "m.ban", "m.takedown", "org.matrix.mjolnir.allow", "odd");

const rule = fc
  .tuple(
    list,
    key,
    recommendation,
    fc.oneof(
      fc.tuple(fc.constant("user"), fc.constantFrom(...entities)),
      fc.tuple(fc.constant("server"), fc.constantFrom(...servers)),
    ),
    fc.constantFrom("m.policy.rule.", "m.room.rule."),
  )
  .map(([where, stateKey, recommends, [kind, entity], dialect]): Seen =>
    live(where, ruleEvent(entity, { type: dialect + kind, stateKey, recommendation: recommends })),
  );
const ruleGone = fc
  .tuple(list, key, fc.constantFrom("m.policy.rule.user", "m.room.rule.user", "m.policy.rule.server"))
  .map(([where, stateKey, type]): Seen => live(where, state(type, {}, { stateKey })));
const movement = fc
  .tuple(
    fc.constantFrom(...rooms, desk),
    fc.constantFrom(...people),
    fc.constantFrom("join", "join", "leave", "invite", "ban"),
  )
  .map(([room, who, membership]): Seen =>
    live(
      room,
      member(who, membership as "join", {
        by: membership === "join" ? who : "@mod:example.org",
        id: nextEvent(),
      }),
    ),
  );
const levels = fc
  .tuple(fc.constantFrom(...rooms), fc.constantFrom(...people), fc.constantFrom(0, 50, 100))
  .map(([room, who, level]): Seen =>
    live(room, state("m.room.power_levels", { users: { [me]: 100, [who]: level } })),
  );
const exemption = fc
  .tuple(fc.constantFrom("exempt", "unexempt"), fc.constantFrom("@bob:b.test", "evil.test"))
  .map(([kind, entity]): Seen => {
    const given = { entity, reason: "", by: "@mod:example.org", at: 0 };
    return {
      kind: "settings-changed",
      change: kind === "exempt" ? { kind, exemption: given } : { kind: "unexempt", entity },
    };
  });
const batches = fc.array(
  fc.array(
    fc.oneof({ weight: 4, arbitrary: rule }, ruleGone, { weight: 4, arbitrary: movement }, levels, exemption),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  { maxLength: 12 },
);

/** The core, without journal, executor and words. */
class Core {
  readonly world: World = aWorld();
  readonly #judging: Judging;
  #now: number;

  constructor(startAt: number) {
    this.#now = startAt;
    // The rooms' members are part of what is known from the start.
    for (const room of [...rooms, desk])
      this.world.apply({ kind: "room-read", room, members: [], at: startAt, dueBy: startAt });
    this.world.takeChanges();
    this.#judging = {
      world: this.world,
      rulesInForce: new RulesInForce(this.world),
      redactReasons: new RedactReasons([]),
      pendingRules: { has: () => false },
      commandBehind: () => undefined,
      aclDebounce: new AclDebounce({
        quietMs: 1,
        maxWaitMs: 1,
        pauseMs: 0,
        longerPauseMs: 0,
        longestPauseMs: 0,
      }),
      gapHealing: new GapHealing(0),
      watchdog: new Watchdog({ everyHours: 0, maxMembers: 0, aclRepairsAnHour: 1_000_000 }, startAt),
      acl: { keepManualEntries: true, maxBytes: 62_000, sparedServers: [] },
      readsEncrypted: () => true,
    };
  }

  /** What is to be done now that this was seen. */
  step(seen: readonly Seen[]): readonly Decision[] {
    this.#now += 1_000;
    const { world } = this;
    const at = this.#now;
    const observed: readonly Observation[] = seen.map((one) => ({ ...one, at, dueBy: at }));
    for (const one of observed) world.apply(one);
    const changes = world.takeChanges();
    const moved = this.#judging.rulesInForce.update(world, changes.rules);
    const { decisions } = judge(observed, changes, {
      moved,
      judging: this.#judging,
      at,
      search: () => undefined,
    });
    const { allowed } = guard(decisions, { ...this.#judging, at, prefix: "!tyr" });
    return plan(allowed, { world, isUnderWay: () => false }).map((one) => one.decision);
  }

  /** Looks at everything, as at a start. */
  look(): readonly Decision[] {
    this.world.reconsiderEverything();
    return this.step([{ kind: "tick", retryRooms: false }]);
  }
}

function done(decisions: readonly Decision[]): readonly Seen[] {
  return decisions.map((decision) => ({
    kind: "outcome",
    outcome: {
      decision,
      result: { kind: "done", eventId: event(`$of-${decision.id}-${nextEvent().slice(1)}`) },
    },
  }));
}

test("the same observations lead to the same decisions, whenever they are seen", () => {
  fc.assert(
    fc.property(batches, (seen) => {
      const idsFrom = (startAt: number): readonly string[] => {
        const core = new Core(startAt);
        return seen.flatMap((batch) => core.step(batch)).map(({ id, action }) => `${action.kind} ${id}`);
      };

      expect(idsFrom(9e11)).toEqual(idsFrom(0));
    }),
    { numRuns: 100 },
  );
});

/** Lives the batches through, each act done at once; notes the kinds of acts there were. */
const nothingIsLeft = (kinds: Set<string>) =>
  fc.property(batches, (seen) => {
    const core = new Core(0);
    for (const batch of seen) {
      let acts = core.step(batch);
      for (let round = 0; acts.length > 0; round++) {
        expect(round).toBeLessThan(5);
        for (const { action } of acts) kinds.add(action.kind);
        acts = core.step(done(acts));
      }
    }

    const left = core.look();

    expect(left.map(({ action }) => action)).toEqual([]);
  });

test("when all that was decided is done, nothing is left to do", () => {
  fc.assert(nothingIsLeft(new Set()), { numRuns: 100 });
});

test("nor with a seed in which every kind of act is known to come", () => {
  const kinds = new Set<string>();

  fc.assert(nothingIsLeft(kinds), { numRuns: 200, seed: 1 });

  expect([...kinds].sort()).toEqual(["ban", "set-server-acl", "unban"]);
});
