import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../src/model/decision.ts";
import type { Membership } from "../../src/model/event.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { causeOf, wantedFor, type Wanted } from "../../src/policy/desired-bans.ts";
import { RedactReasons } from "../../src/policy/redact-reasons.ts";
import {
  aWorld,
  desk,
  hall,
  leaving,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  nextEvent,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../support/make.ts";

const ann = user("@ann:example.org");
const redactReasons = new RedactReasons(["spam", "spam:*"]);
let world: World;
beforeEach(() => {
  world = aWorld();
});

const wanted = (
  people = [...world.members.users()],
  rooms?: ReadonlySet<typeof lobby>,
): readonly Wanted[] => [
  ...wantedFor(
    people,
    { world, rulesInForce: new RulesInForce(world), redactReasons, pendingRules: new Set() },
    rooms,
  ),
];
const told = () => wanted().map(({ action }) => `${action.kind} ${action.user} ${action.room}`);
/** Acts as the executor would, and believes it. */
function act({ action, because, replaces }: Wanted): void {
  const decision = decide(action, because, { at: 0, replaces });
  see(world, { kind: "outcome", outcome: { decision, result: { kind: "done", eventId: nextEvent() } } });
}
const rule = (entity: string, more: Parameters<typeof ruleEvent>[1] = {}): Seen =>
  live(listA, ruleEvent(entity, more));

describe("a ban is wanted", () => {
  test.each<[Membership, number]>([
    ["join", 1],
    ["invite", 1],
    ["knock", 1],
    ["ban", 0],
    ["leave", 0],
  ])("of somebody named whose membership is %s: %p", (membership, n) => {
    see(world, live(lobby, member(ann, membership)), rule(ann));

    expect(wanted([ann])).toHaveLength(n);
  });

  test("in protected rooms only, and not in the management room", () => {
    see(world, live(lobby, member(ann, "join")), live(desk, member(ann, "join")), rule(ann));

    expect(told()).toEqual([`ban ${ann} ${lobby}`]);
  });

  test("not in a room that we cannot see", () => {
    see(world, leaving(hall), live(lobby, member(ann, "join")), live(hall, member(ann, "join")), rule(ann));

    expect(told()).toEqual([`ban ${ann} ${lobby}`]);
  });

  test("only where asked to look", () => {
    see(world, live(lobby, member(ann, "join")), live(hall, member(ann, "join")), rule(ann));

    expect(wanted([ann], new Set([hall])).map(({ action }) => action.room)).toEqual([hall]);
  });

  test("for the rule, with its reason", () => {
    see(world, live(lobby, member(ann, "join")), rule(ann, { reason: "rude", id: "$rule" }));

    expect(wanted()[0]).toMatchObject({
      action: { reason: "rude", redacts: false },
      because: { kind: "rule", list: listA, event: "$rule", entity: ann, recommendation: "ban" },
    });
  });

  test.each([
    ["spam", "m.ban", true],
    ["SPAM", "m.ban", true],
    [" spam ", "m.ban", true],
    ["spam: links", "m.ban", true],
    ["no spam", "m.ban", false],
    ["rude", "m.ban", false],
    ["rude", "m.takedown", true],
    ["", "m.takedown", true],
  ])("with removal for reason %p and %s: %p", (reason, recommendation, redacts) => {
    see(world, live(lobby, member(ann, "join")), rule(ann, { reason, recommendation }));

    expect(wanted()[0]?.action).toMatchObject({ redacts });
  });
});

describe("a ban is lifted", () => {
  beforeEach(() => {
    see(world, live(lobby, member(ann, "join")), rule(ann, { stateKey: "k" }));
    for (const one of wanted()) act(one);
  });

  const removeRule = () => see(world, live(listA, state("m.policy.rule.user", {}, { stateKey: "k" })));

  test("when its rule is gone", () => {
    expect(told()).toEqual([]);
    removeRule();

    expect(told()).toEqual([`unban ${ann} ${lobby}`]);
  });

  test("not when somebody else has banned as well, or instead", () => {
    see(world, live(lobby, member(ann, "ban", { by: "@mod:example.org" })));
    removeRule();

    expect(told()).toEqual([]);
  });

  test("not when another list asks for it", () => {
    see(world, live(listB, ruleEvent("@*:example.org")));
    removeRule();

    expect(told()).toEqual([]);
  });

  test("when the person is exempted or allowed by an earlier rule", () => {
    const exemption = { entity: ann, reason: "", by: "@mod:example.org", at: 0 };
    see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });

    expect(told()).toEqual([`unban ${ann} ${lobby}`]);
  });

  test("not where the list is to keep its bans", () => {
    see(world, {
      kind: "settings-changed",
      change: { kind: "watch", list: { room: listA, via: [], liftsBans: false } },
    });
    removeRule();

    expect(told()).toEqual([]);
  });

  test("not in a room that is no longer protected", () => {
    see(world, { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });
    removeRule();

    expect(told()).toEqual([]);
  });
});

test("a ban by hand of somebody whom no list names stays", () => {
  see(world, live(lobby, member(ann, "ban", { by: "@mod:example.org" })));

  expect(told()).toEqual([]);
});

test("the cause of a hashed rule names the hash", () => {
  see(
    world,
    live(
      listA,
      state("m.policy.rule.user", { hashes: { sha256: "abc=" }, recommendation: "m.ban" }, { stateKey: "h" }),
    ),
  );
  const [hashed] = [...world.lists.get(listA)!.rules()];

  expect(causeOf(hashed!).entity).toBe("sha256:abc=");
});

test("once everything wanted is done, nothing more is wanted, whatever happened before", () => {
  const people = ["@ann:example.org", "@Bob:evil.example", "@bob:evil.example", "@carl:x", me];
  const someone = fc.constantFrom(...people);
  // Who is spared by one spelling of an id, and goes, leaves it to the other one: a second look is right there.
  const named = fc.constantFrom("@ann:example.org", "@carl:x", me);
  const somewhere = fc.constantFrom(lobby, hall);
  const list = fc.constantFrom(listA, listB);
  const seen: fc.Arbitrary<Seen> = fc.oneof(
    fc
      .tuple(
        somewhere,
        someone,
        fc.constantFrom<Membership>("join", "invite", "knock", "ban", "leave"),
        someone,
      )
      .map(([where, who, membership, by]) => live(where, member(who, membership, { by }))),
    fc
      .tuple(
        list,
        fc.oneof(named, fc.constantFrom("@*:evil.example", "*", "@?arl:x")),
        fc.constantFrom("m.ban", "m.allow", "m.takedown", "m.odd"),
        fc.constantFrom("1", "2", "3"),
      )
      .map(([where, entity, recommendation, stateKey]) =>
        live(where, ruleEvent(entity, { recommendation, stateKey })),
      ),
    fc
      .tuple(list, fc.constantFrom("1", "2", "3"))
      .map(([where, stateKey]) => live(where, state("m.policy.rule.user", {}, { stateKey }))),
    named.map((entity): Seen => ({
      kind: "settings-changed",
      change: { kind: "exempt", exemption: { entity, reason: "", by: "@mod:x", at: 0 } },
    })),
    named.map((entity): Seen => ({ kind: "settings-changed", change: { kind: "unexempt", entity } })),
    list.map((one): Seen => ({ kind: "settings-changed", change: { kind: "unwatch", list: one } })),
  );
  fc.assert(
    fc.property(fc.array(fc.array(seen, { maxLength: 4 }), { maxLength: 6 }), (batches) => {
      world = aWorld(usualSettings);
      for (const batch of batches) {
        see(world, ...batch);
        const first = wanted();
        for (const one of first) act(one);

        expect(told()).toEqual([]);
        expect(new Set(first.map(({ action }) => `${action.room} ${action.user}`)).size).toBe(first.length);
      }
    }),
    { numRuns: 150 },
  );
});
