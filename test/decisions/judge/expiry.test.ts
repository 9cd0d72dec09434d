import { beforeEach, describe, expect, test } from "@jest/globals";
import { expiries } from "../../../src/decisions/judge/expiry.ts";
import type { Decision } from "../../../src/model/decision.ts";
import { changeSettings } from "../../../src/model/settings/change.ts";
import type { Exemption } from "../../../src/model/settings/exemptions.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, listA, live, me, room, see, state, usualSettings } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

const tick = { kind: "tick", retryRooms: false } as const;

let world: World;
beforeEach(() => {
  world = aWorld();
});

const decided = (): readonly Decision[] => expiries(world.takeChanges(), { world, at: world.now });
const rule = (more: { sender?: string; list?: typeof listA; expiry?: number } = {}) => {
  const content = { entity: "@a:x", recommendation: "m.ban", expiry: more.expiry ?? world.now + 2_500 };
  const event = state("m.policy.rule.user", content, {
    stateKey: "k",
    sender: more.sender ?? me,
    id: "$rule",
  });
  return live(more.list ?? listA, event);
};

describe("a rule of ours", () => {
  test("is taken back when it is over, once, and its content is kept", () => {
    see(world, rule());
    expect(decided()).toEqual([]);

    see(world, tick, tick);

    const content = { entity: "@a:x", recommendation: "m.ban", reason: "" };
    expect(decided()).toMatchObject([
      {
        action: {
          kind: "remove-policy",
          list: listA,
          eventType: "m.policy.rule.user",
          stateKey: "k",
          before: content,
        },
        because: { kind: "expiry", list: listA, event: "$rule", entity: "@a:x" },
      },
    ]);
    see(world, tick);
    expect(decided()).toEqual([]);
  });

  test("has the same decision whenever it is made", () => {
    const again = aWorld();
    const seen = rule();
    see(world, seen, tick, tick, tick);
    see(again, tick, seen, tick, tick, tick);

    const [first, second] = [world, again].map(
      (one) => expiries(one.takeChanges(), { world: one, at: one.now })[0],
    );
    expect(first?.id).toBe(second?.id);
  });

  test("that went for another reason is left", () => {
    see(world, rule(), live(listA, state("m.policy.rule.user", {}, { stateKey: "k" })), tick, tick, tick);

    expect(decided()).toEqual([]);
  });

  test("where we may not write any more is left", () => {
    const powers = state("m.room.power_levels", { users: { [me]: 0, "@mod:example.org": 100 } });
    see(world, rule(), live(listA, powers), tick, tick, tick);

    expect(decided()).toEqual([]);
  });

  test("on a list that is not watched is left", () => {
    see(world, rule({ list: room("!other:example.org") }), tick, tick, tick);

    expect(decided()).toEqual([]);
  });

  test("is not over while the homeserver's clock says otherwise", () => {
    see(world, rule());
    world.apply({ ...tick, at: world.now + 86_400_000, dueBy: world.now });
    expect(decided()).toEqual([]);
    expect(world.lists.get(listA)?.size).toBe(1);
  });
});

test("a rule that somebody else wrote is theirs to take back", () => {
  see(world, rule({ sender: "@mod:example.org" }), tick, tick, tick);

  expect(decided()).toEqual([]);
  expect(world.lists.get(listA)?.size).toBe(0);
});

describe("an exemption", () => {
  const exempt = (expiresAt?: number): Exemption => ({
    entity: "@a:x",
    reason: "",
    by: "@mod:example.org",
    at: 0,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  const settle = (exemption: Exemption) =>
    see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });

  test("ends when its time has come", () => {
    const end = world.now + 2_500;
    settle(exempt(end));
    expect(decided()).toEqual([]);
    expect(world.nextEnd()).toBe(end);

    see(world, tick, tick);

    const change = { kind: "unexempt", entity: "@a:x", expiredAt: end };
    expect(decided()).toMatchObject([
      { action: { kind: "change-settings", change }, because: { kind: "expiry", entity: "@a:x" } },
    ]);
  });

  test("without an end stays", () => {
    settle(exempt());
    see(world, { ...tick });

    expect(decided()).toEqual([]);
    expect(world.nextEnd()).toBeUndefined();
  });

  test("that took the place of one that ended is not removed with it", () => {
    const settings = changeSettings(usualSettings, { kind: "exempt", exemption: exempt(9_000) }, usualLimits);
    const end = (expiredAt?: number) =>
      changeSettings(
        settings,
        {
          kind: "unexempt",
          entity: "@a:x",
          ...(expiredAt === undefined ? {} : { expiredAt }),
        },
        usualLimits,
      );

    expect(end(5_000)).toBe(settings);
    expect(end(9_000).exemptions.size).toBe(0);
    expect(end().exemptions.size).toBe(0);
  });
});
