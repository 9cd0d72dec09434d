// Who passes the knock gate by themselves, who is refused, and who waits.
import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { Wave } from "../../src/model/waves.ts";
import type { World } from "../../src/model/world/world.ts";
import { gatesOf, isGate, verdictOnKnock } from "../../src/policy/knock-gate.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listA,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  state,
  user,
} from "../support/make.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const mod = user("@mod:example.org");
const ann = user("@ann:far.example");
const friend = user("@friend:far.example");
const began = 1_800_000_000_000;

let world: World;
let now: number;

const believe = (...seen: readonly Seen[]) => {
  for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
};
const after = (ms: number, ...seen: readonly Seen[]) => {
  now += ms;
  believe(...seen);
};
const comes = (who: UserId, room: RoomId) => live(room, member(who, "join"));
const goes = (who: UserId, room: RoomId, by: UserId = who) => live(room, member(who, "leave", { by }));
const says = (who: UserId, room: RoomId): Seen => ({
  kind: "message",
  room,
  event: {
    eventId: event(`$said-${who}-${now}`),
    sender: who,
    sentAt: now,
    type: "m.room.message",
    content: {},
  },
  late: false,
});
const knocks = (who: UserId, room = lobby) => live(room, member(who, "knock"));
const verdict = (who = ann, { refusesWaves = true } = {}) => {
  const rulesInForce = new RulesInForce(world);
  const limits = { knownAfterDays: 7, backWithinDays: 30 };
  const one = verdictOnKnock(who, lobby, { world, rulesInForce, limits, refusesWaves, at: now });
  if (one.is === "passes") return `passes: ${one.why.text}`;
  return one.is === "waits" && one.note ? `waits: ${one.note.text}` : one.is;
};
const harmful = (change: Partial<Wave> = {}): Seen => ({
  kind: "wave",
  wave: {
    id: "wave",
    stage: "harmful",
    firstAt: now,
    lastAt: now,
    reachedAt: {},
    accounts: 5,
    spoke: 5,
    shares: [],
    ...change,
  },
  members: [{ wave: "wave", user: ann, bits: 20, rooms: [hall], messages: [] }],
  left: [],
});

beforeEach(() => {
  world = aWorld();
  now = began;
  believe(
    live(desk, member(mod, "join")),
    live(lobby, state("m.room.join_rules", { join_rule: "knock" })),
    live(lobby, state("m.room.power_levels", { users: { [me]: 100, [mod]: 50 } })),
    live(hall, state("m.room.power_levels", { users: { [me]: 100, [mod]: 50 } })),
  );
});

describe("passes", () => {
  test("a moderator", () => {
    expect(verdict(mod)).toBe("passes: a moderator, or exempt");
  });

  test("who is in another protected room for a week, and not a minute before that", () => {
    believe(comes(ann, hall));
    after(7 * dayMs - 60_000);
    const before = verdict();
    after(60_000);

    expect([before, verdict()]).toEqual(["waits", `passes: is in ${hall} since 2027-01-15`]);
  });

  test("who spoke in another room on an earlier day, and is in it still", () => {
    believe(comes(ann, hall), says(ann, hall));
    const today = verdict();
    after(dayMs);
    const tomorrow = verdict();
    believe(goes(ann, hall));

    expect([today, tomorrow]).toEqual(["waits", "passes: has spoken here since 2027-01-15"]);
    expect(verdict()).toBe("passes: was in !hall:example.org until 2027-01-16");
  });

  test("whom a moderator, or a regular, invited to another room; nobody else's invitation counts, nor ours", () => {
    const invited = (by: UserId) => {
      believe(goes(ann, hall), live(hall, member(ann, "invite", { by })), comes(ann, hall));
      return verdict();
    };
    believe(comes(friend, hall));
    const others = [invited(friend), invited(me)];
    for (let i = 0; i < 20; i++) after(dayMs, says(friend, hall));

    expect(others).toEqual(["waits", "waits"]);
    expect(invited(friend)).toBe(`passes: was invited to ${hall} by ${friend}`);
    expect(invited(mod)).toBe(`passes: was invited to ${hall} by ${mod}`);
  });

  test("a regular who is in no room any more", () => {
    believe(comes(friend, hall));
    for (let i = 0; i < 20; i++) after(dayMs, says(friend, hall));
    after(40 * dayMs, goes(friend, hall));
    after(40 * dayMs);

    expect(verdict(friend)).toBe("passes: a regular");
  });

  test("who left by themselves after a day at least comes back within 30 days", () => {
    believe(comes(ann, lobby), comes(friend, lobby));
    after(2 * hourMs, goes(friend, lobby));
    after(dayMs, goes(ann, lobby));
    const soon = [verdict(), verdict(friend)];
    after(30 * dayMs);
    const just = verdict();
    after(1);

    expect(soon).toEqual([`passes: was in ${lobby} until 2027-01-16`, "waits"]);
    expect([just, verdict()]).toEqual([`passes: was in ${lobby} until 2027-01-16`, "waits"]);
  });
});

describe("waits", () => {
  test("who is unknown, and who only came to another room", () => {
    believe(comes(friend, hall));

    expect([verdict(), verdict(friend)]).toEqual(["waits", "waits"]);
  });

  test("whom somebody removed from any room, whoever they are", () => {
    believe(comes(friend, hall), comes(friend, lobby));
    for (let i = 0; i < 20; i++) after(dayMs, says(friend, hall));
    believe(goes(friend, lobby, mod));

    expect(verdict(friend)).toBe(`waits: was removed from ${lobby} on 2027-02-04`);
  });

  test("whose knock was refused, or whose invitation was withdrawn", () => {
    believe(comes(ann, hall));
    after(8 * dayMs, knocks(ann));
    const first = verdict();
    believe(goes(ann, lobby, mod));

    expect(first).toMatch(/^passes/);
    expect(verdict()).toMatch(/^waits: was not let into/);
  });

  test("who is banned in another room", () => {
    believe(comes(ann, hall));
    after(8 * dayMs, live(hall, member(ann, "ban", { by: mod })));

    expect(verdict()).toBe(`waits: is banned in ${hall}`);
  });

  test("who belongs to a wave of which it is not sure whether it does harm", () => {
    believe(harmful({ stage: "recognised" }));
    const recognised = verdict();
    believe(harmful({ asksFirst: "cold" }));

    expect([recognised, verdict()]).toEqual(["waits: looks like a wave", "waits: looks like a wave"]);
  });
});

describe("is refused", () => {
  test("a member of a harmful wave, where Tyr may do that by itself, or a moderator said so", () => {
    believe(harmful());
    const [byItself, asking] = [verdict(), verdict(ann, { refusesWaves: false })];
    const verdictOfMod = { is: "clean", by: mod, at: now } as const;
    believe({
      kind: "settings-changed",
      change: { kind: "judge-wave", wave: "wave", verdict: verdictOfMod },
    });

    expect([byItself, asking]).toEqual(["refused", "waits: looks like a wave"]);
    expect(verdict(ann, { refusesWaves: false })).toBe("refused");
  });

  test("not where its people are fine, or who was excused", () => {
    believe(harmful());
    believe({ kind: "settings-changed", change: { kind: "excuse", user: ann, at: now } });

    expect(verdict()).toBe("waits");
  });

  test("whom a list bans is left to the list", () => {
    believe(live(listA, ruleEvent(ann)));

    expect(verdict()).toBe("listed");
  });
});

test("whatever happened before: nobody passes who was removed since they last left, is banned, or is of a wave", () => {
  const moves = {
    comes: () => believe(comes(ann, hall)),
    goes: () => believe(goes(ann, hall)),
    says: () => believe(says(ann, hall)),
    removed: () => believe(goes(ann, hall, mod)),
    banned: () => believe(live(hall, member(ann, "ban", { by: mod }))),
    unbanned: () => believe(goes(ann, hall, mod)),
    wave: () => believe(harmful()),
    day: () => after(dayMs),
    weeks: () => after(20 * dayMs),
  } as const;
  const names = Object.keys(moves) as (keyof typeof moves)[];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 25 }), (done) => {
      world = aWorld();
      now = began;
      believe(live(desk, member(mod, "join")));
      let [isUnwanted, isOfWave, isExcused, wasHereAt] = [false, false, false, Infinity];
      for (const move of done) {
        const before = world.members.membershipOf(hall, ann);
        if (before === "ban" && move !== "unbanned" && move !== "day" && move !== "weeks") continue;
        moves[move]();
        if (before !== "join" && move === "comes") wasHereAt = now;
        if (before === "join" && move === "goes" && now - wasHereAt >= dayMs) isUnwanted = false;
        if (before === "join" && (move === "removed" || move === "unbanned")) isUnwanted = true;
        // A moderator who lifts the ban takes them out of the wave, too.
        if (before === "ban" && move === "unbanned")
          [isUnwanted, isOfWave, isExcused] = [false, false, isExcused || isOfWave];
        isOfWave ||= move === "wave" && !isExcused;
      }
      const isBanned = world.members.membershipOf(hall, ann) === "ban";

      expect(isUnwanted || isBanned || isOfWave ? verdict().startsWith("passes") : false).toBe(false);
    }),
    { numRuns: 300 },
  );
});

describe("the gate stands", () => {
  const gate = (room: RoomId): Seen => ({
    kind: "settings-changed",
    change: { kind: "knock-gate", room, gate: { by: mod, at: now } },
  });

  test("where a moderator wants it, and people have to knock", () => {
    const before = isGate(lobby, world);
    believe(gate(lobby), gate(hall));

    expect(before).toBe(false);
    expect([...gatesOf(world)]).toEqual([lobby]);
  });

  test("where we closed the door, until it is open", () => {
    const contained = {
      room: lobby,
      key: "join-rule",
      because: { kind: "self", what: "test" },
      at: now,
      stayMs: 0,
      changes: [{ path: [], ours: { join_rule: "knock" } }],
      waves: [],
    } as const;
    believe({ kind: "contained", contained });
    const during = isGate(lobby, world);
    believe({ kind: "contained", contained: { ...contained, changes: [], endedAt: now } });

    expect([during, isGate(lobby, world)]).toEqual([true, false]);
  });

  test("nowhere that is not protected", () => {
    believe(gate(lobby));
    believe({ kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });

    expect(isGate(lobby, world)).toBe(false);
  });
});
