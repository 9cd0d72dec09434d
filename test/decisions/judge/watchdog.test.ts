import { beforeEach, describe, expect, test } from "@jest/globals";
import { bansLifted, bansToRepeat, Watchdog } from "../../../src/decisions/judge/watchdog.ts";
import { decide } from "../../../src/model/decision.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import {
  aWorld,
  event,
  hall,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  user,
} from "../../support/make.ts";

const hourMs = 3_600_000;
const ann = user("@ann:example.org");
const mod = "@mod:example.org";

let world: World;
beforeEach(() => {
  world = aWorld();
  world.apply({ kind: "tick", retryRooms: false, at: 1e12, dueBy: 1e12 });
});

describe("reading rooms anew", () => {
  const reads = (watchdog: Watchdog, hours: number, everyMs = 30_000) => {
    const found: { room: string; at: number }[] = [];
    for (let at = 0; at < hours * hourMs; at += everyMs) {
      const decision = watchdog.next(world, at);
      if (decision?.action.kind === "read-room") found.push({ room: decision.action.room, at });
    }
    return found;
  };
  const limits = { everyHours: 4, maxMembers: 10, aclRepairsAnHour: 3 };

  test("takes each room and list once in the time, evenly, and none in the first hour", () => {
    const found = reads(new Watchdog(limits, 0), 5);

    expect(found.map(({ room }) => room)).toEqual([lobby, hall, listA, listB]);
    expect(found.map(({ at }) => Math.round(at / hourMs))).toEqual([1, 2, 3, 4]);
  });

  test("leaves out rooms that are too large, and all where it is switched off", () => {
    for (let i = 0; i < 11; i++) see(world, live(hall, member(`@p${i}:x`, "join")));

    expect(reads(new Watchdog(limits, 0), 5).map(({ room }) => room)).not.toContain(hall);
    expect(reads(new Watchdog({ ...limits, everyHours: 0 }, 0), 50)).toEqual([]);
  });

  test("goes on when the clock is set back", () => {
    const watchdog = new Watchdog(limits, 1_000 * hourMs);

    expect(reads(watchdog, 3).length).toBeGreaterThan(0);
  });
});

describe("a ban of ours that is gone", () => {
  const banForRule = decide(
    { kind: "ban", room: lobby, user: ann, reason: "", redacts: false },
    {
      kind: "rule",
      list: listA,
      event: event("$rule"),
      ruleKind: "user",
      recommendation: "ban",
      entity: ann,
    },
    { at: 0, replaces: "" },
  );
  const banned = { kind: "done", eventId: event("$ban") } as const;
  const gone = (by: string | undefined, membership: "leave" | "join" = "leave") => {
    const rule = ruleEvent(ann, { id: "$rule" });
    see(world, live(listA, rule), live(lobby, member(ann, "ban", { by: me, id: "$ban" })));
    see(world, { kind: "outcome", outcome: { decision: banForRule, result: banned } });
    world.takeChanges();
    see(world, live(lobby, member(ann, membership, { by: by ?? ann })));
    const view = { world, rulesInForce: new RulesInForce(world), at: 5 };
    const changes = world.takeChanges();
    return { repeated: bansToRepeat(changes, view), lifted: bansLifted(changes, view) };
  };

  test("by nobody's act is made again, for its rule", () => {
    const { repeated, lifted } = gone(undefined);

    expect(repeated.map(({ action, because }) => [action.kind, because.kind])).toEqual([["ban", "rule"]]);
    expect(lifted).toEqual([]);
  });

  test("by a person is not, and who did it is known", () => {
    const { repeated, lifted } = gone(mod);

    expect(repeated).toEqual([]);
    expect(lifted).toMatchObject([{ room: lobby, user: ann, by: mod, list: listA }]);
  });

  test("by our own lift is no loss", () => {
    expect(gone(me)).toEqual({ repeated: [], lifted: [] });
  });

  test("of somebody who is there again is left to the rule itself", () => {
    expect(gone(undefined, "join").repeated).toEqual([]);
  });

  test("without a rule is none that anybody asks for", () => {
    see(world, live(lobby, member(ann, "ban", { by: me })));
    world.takeChanges();
    see(world, live(lobby, member(ann, "leave", { by: mod })));

    expect(bansLifted(world.takeChanges(), { world, rulesInForce: new RulesInForce(world) })).toEqual([]);
  });
});

test("an ACL is put right so often in an hour, then left for an hour, then put right again", () => {
  const watchdog = new Watchdog({ everyHours: 0, maxMembers: 0, aclRepairsAnHour: 2 }, 0);
  const changes = [0, 1, 2].map((minute) => watchdog.mayRepair(lobby, minute * 60_000));

  expect(changes).toEqual([true, true, false]);
  expect([watchdog.isResting(lobby, 3 * 60_000), watchdog.isResting(hall, 3 * 60_000)]).toEqual([
    true,
    false,
  ]);
  expect(watchdog.rested(30 * 60_000)).toEqual([]);
  expect(watchdog.rested(63 * 60_000)).toEqual([lobby]);
  expect(watchdog.mayRepair(lobby, 70 * 60_000)).toBe(true);
});
