import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { GapHealing } from "../../../src/decisions/judge/gap-healing.ts";
import { interestingRooms, upkeep } from "../../../src/decisions/judge/room-upkeep.ts";
import type { Seen } from "../../../src/model/observation.ts";
import { World } from "../../../src/model/world/world.ts";
import {
  aWorld,
  desk,
  hall,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  room,
  see,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

const mod = user("@mod:example.org");
const stranger = user("@stranger:evil.example");
let world: World;
let gapHealing: GapHealing;
beforeEach(() => {
  world = aWorld();
  gapHealing = new GapHealing(60_000);
  see(world, live(desk, member(mod, "join")));
  world.takeChanges();
});

/** What is done about the observations, in short. */
function done(...seen: readonly Seen[]): readonly string[] {
  const at = world.now + 1;
  const stamped = seen.map((one) => ({ ...one, at, dueBy: at }));
  for (const one of stamped) world.apply(one);
  return upkeep(stamped, world.takeChanges(), {
    world,
    rulesInForce: new RulesInForce(world),
    gapHealing,
    readsEncrypted: () => true,
    at: world.now,
  }).map(({ action }) => {
    if (action.kind === "change-settings") return `settings ${JSON.stringify(action.change)}`;
    if (action.kind === "read-room")
      return `read ${action.room} ${action.state ? "state" : ""}${action.members ? "members" : ""}`;
    return `${action.kind} ${"room" in action ? action.room : ""}`;
  });
}
const own = (id: typeof lobby, membership: "join" | "invite" | "leave" | "ban", by?: typeof mod): Seen => ({
  kind: "own-membership",
  room: id,
  membership,
  by,
  reason: undefined,
});

test("where all is well there is nothing to do", () => {
  expect(done({ kind: "tick", retryRooms: true })).toEqual([]);
});

test("what we were told to be in is the management room, lists and protected rooms", () => {
  expect([...interestingRooms(world)].sort()).toEqual([desk, hall, listA, listB, lobby].sort());
});

describe("an invitation", () => {
  test("by a moderator is accepted, to whatever room", () => {
    expect(done(own(room("!new:x"), "invite", mod))).toEqual(["join !new:x"]);
  });

  test("by a stranger is not, unless to a room that we were told to be in", () => {
    expect(done(own(room("!trap:evil.example"), "invite", stranger))).toEqual([]);

    see(world, own(lobby, "leave", stranger));
    world.takeChanges();
    expect(done(own(lobby, "invite", stranger))).toContain(`join ${lobby}`);
  });

  test("by nobody known is not accepted", () => {
    expect(done(own(room("!trap:evil.example"), "invite"))).toEqual([]);
  });
});

describe("a room that we are not in", () => {
  test("is joined when it comes under protection, and when it is time to try again", () => {
    const change = { kind: "protect", room: { room: room("!new:x"), via: ["x"], space: undefined } } as const;

    expect(done({ kind: "settings-changed", change })).toEqual(["join !new:x"]);
    expect(done({ kind: "tick", retryRooms: false })).toEqual([]);
    expect(done({ kind: "tick", retryRooms: true })).toEqual(["join !new:x"]);
  });

  test("because somebody removed us is left alone until we are invited", () => {
    expect(done(own(lobby, "ban", stranger))).toEqual([]);
    expect(done({ kind: "tick", retryRooms: true })).toEqual([]);
  });
});

test("a room that we joined is read, with its members where they matter", () => {
  const fresh = new World(me, {
    people: 10,
    eventsEach: 10,
    regulars: { afterDays: 14, days: 5, people: 100 },
    limits: usualLimits,
  });
  fresh.restore({ kind: "settings", settings: usualSettings });
  world = fresh;

  expect(done(own(lobby, "join"))).toEqual([`read ${lobby} statemembers`]);
  expect(done(own(listA, "join"))).toEqual([`read ${listA} state`]);
  expect(done(own(room("!other:x"), "join"))).toEqual([]);
});

describe("a gap", () => {
  const gap = (id: typeof lobby, from: string): Seen => ({ kind: "gap", room: id, from, to: "s1" });

  test("in a room of ours is filled, in another one not", () => {
    expect(done(gap(lobby, "p1"))).toEqual([`fill-gap ${lobby}`]);
    expect(done(gap(room("!other:x"), "p1"))).toEqual([]);
  });

  test("has the state read, but not at every sync of a raid", () => {
    expect(gapHealing.takes(lobby, 0)).toBe(true);
    expect(gapHealing.takes(lobby, 59_999)).toBe(false);
    expect(gapHealing.takes(hall, 59_999)).toBe(true);
    expect(gapHealing.takes(lobby, 60_000)).toBe(true);
  });
});

describe("a gap soon after another", () => {
  const pass = (ms: number) => {
    const at = world.now + ms;
    world.apply({ kind: "tick", retryRooms: false, at, dueBy: at });
  };
  const gap = (from: string): Seen => ({ kind: "gap", room: lobby, from, to: "s1" });
  const later = (ms: number) => {
    pass(ms);
    return done({ kind: "tick", retryRooms: false });
  };

  test("has the state read once it may be, and only once", () => {
    done(gap("p1"));
    done(gap("p2"));
    done(gap("p3"));

    expect(later(30_000)).toEqual([]);
    expect(later(30_000)).toEqual([`read ${lobby} state`]);
    expect(later(120_000)).toEqual([]);
  });

  test("has nothing read where a gap after it had the state read, or where we are out of the room", () => {
    done(gap("p1"));
    done(gap("p2"));
    pass(60_000);
    expect(done(gap("p3"))).toEqual([`fill-gap ${lobby}`]);
    expect(later(120_000)).toEqual([]);

    done(gap("p4"));
    done(gap("p5"));
    see(world, own(lobby, "ban", stranger));
    world.takeChanges();
    expect(later(120_000)).toEqual([]);
  });
});

describe("a space that is followed", () => {
  const space = room("!space:x");
  const child = (id: string, content: Record<string, unknown>) =>
    live(space, state("m.space.child", content, { stateKey: id }));
  beforeEach(() => {
    see(
      world,
      { kind: "settings-changed", change: { kind: "follow-space", room: space, via: [] } },
      own(space, "join"),
    );
    see(world, live(space, state("m.room.create", { type: "m.space" })));
    world.takeChanges();
  });

  test("brings its rooms under protection, but not the management room or itself", () => {
    const settings = done(
      child("!kid:x", { via: ["x"] }),
      child(desk, { via: ["x"] }),
      child(space, { via: ["x"] }),
    );

    expect(settings).toEqual([
      // People sit in the space itself, too.
      `read ${space} members`,
      'settings {"kind":"protect","room":{"room":"!kid:x","via":["x"],"space":"!space:x"}}',
    ]);
  });

  test("takes those that leave it out again, and not those protected for themselves", () => {
    see(world, {
      kind: "settings-changed",
      change: { kind: "protect", room: { room: room("!kid:x"), via: [], space } },
    });
    world.takeChanges();

    const settings = done(child("!kid:x", {})).filter((one) => one.startsWith("settings"));

    expect(settings).toEqual([expect.stringContaining('"kind":"let-go","room":"!kid:x"')]);
  });
});

test("a room may be read again after a step back of our clock", () => {
  const [now, before] = [86_400_000, 0];
  expect(gapHealing.takes(lobby, now)).toBe(true);
  expect(gapHealing.takes(lobby, now + 1)).toBe(false);

  expect(gapHealing.takes(lobby, before)).toBe(true);
});
