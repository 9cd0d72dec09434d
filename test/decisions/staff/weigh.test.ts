import { describe, expect, test } from "@jest/globals";
import { weighed } from "../../../src/decisions/staff/weigh.ts";
import type { Wave } from "../../../src/model/waves.ts";
import type { StaffAct } from "../../../src/model/staff/staff-acts.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import {
  aWorld,
  event,
  listB,
  live,
  lobby,
  member,
  ruleEvent,
  see,
  state,
  user,
} from "../../support/make.ts";

const olga = user("@olga:x.test");
const ann = user("@ann:x.test");
const hour = 3_600_000;

function here() {
  const world = aWorld();
  see(world, live(lobby, member(ann, "join")));
  const weigh = (more: Partial<StaffAct> = {}) => {
    const rulesInForce = new RulesInForce(world);
    const act: StaffAct = {
      user: olga,
      room: lobby,
      event: event("$act"),
      seq: 1,
      at: world.now,
      sentAt: world.now,
      kind: "ban",
      targets: [ann],
      was: "join",
      counts: [ann],
      ...more,
    };
    return weighed(act, { world, rulesInForce });
  };
  return { world, weigh };
}

const wave = (stage: Wave["stage"]): Wave => ({
  id: "wave",
  stage,
  firstAt: 0,
  lastAt: 0,
  reachedAt: {},
  accounts: 5,
  spoke: 5,
  shares: [],
});

describe("somebody who is removed", () => {
  test("is one, who came today a third, who has power three", () => {
    const { world, weigh } = here();
    expect(weigh().thirds).toBe(3);
    expect(weigh({ cameAt: world.now - hour }).thirds).toBe(1);

    see(world, live(lobby, state("m.room.power_levels", { users: { [ann]: 50 } })));
    expect(weigh().thirds).toBe(9);
  });

  test("is nobody who was not there, or whom a list names", () => {
    const { world, weigh } = here();
    expect(weigh({ was: "leave" }).thirds).toBe(0);
    expect(weigh({ was: "knock", kind: "kick" }).thirds).toBe(0);

    see(world, live(listB, ruleEvent(ann)));
    expect(weigh()).toMatchObject({ thirds: 0, spared: "listed" });
  });

  test("is nobody of a wave, unless that is fine; nor a newcomer while there is one", () => {
    const { world, weigh } = here();
    const members = [{ wave: "wave", user: ann, bits: 20, rooms: [lobby], messages: [] }];
    see(world, { kind: "wave", wave: wave("recognised"), members, left: [] });
    expect(weigh()).toMatchObject({ thirds: 0, spared: "wave" });
    const bob = user("@bob:x.test");
    expect(weigh({ targets: [bob], cameAt: world.now - hour })).toMatchObject({ thirds: 0, spared: "wave" });
    expect(weigh({ targets: [bob] }).thirds).toBe(3);

    const verdict = { is: "fine", at: world.now } as const;
    see(world, { kind: "settings-changed", change: { kind: "judge-wave", wave: "wave", verdict } });
    expect(weigh().thirds).toBe(3);
  });

  test("is nobody whom a protection found", () => {
    const { world, weigh } = here();
    const offence = { protection: "flood", user: ann, step: 0, at: world.now, incident: "i", rooms: [lobby] };
    see(world, { kind: "offence", offence });

    expect(weigh()).toMatchObject({ thirds: 0, spared: "found" });
  });
});

test("what is no removal is worth one, and nothing of somebody exempt", () => {
  const { world, weigh } = here();
  const { targets: _, ...levels } = weigh({ kind: "levels" });
  expect(levels.thirds).toBe(3);

  const exemption = { entity: olga, kind: "user", by: olga, at: 0, reason: "" } as const;
  see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } as never });
  expect(weigh()).toMatchObject({ thirds: 0, spared: "exempt" });
});
