import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Outcome } from "../../../src/model/decision.ts";
import type { Membership } from "../../../src/model/event.ts";
import type { EventId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import { Room } from "../../../src/model/room.ts";
import { World } from "../../../src/model/world/world.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { Snapshot } from "../../../src/store/snapshot.ts";
import {
  aWorld,
  desk,
  event,
  first,
  hall,
  joining,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  room,
  roomRead,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:example.org");
const byRule: Cause = {
  kind: "rule",
  list: listA,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: ann,
};

let world: World;
beforeEach(() => {
  world = aWorld();
});

function done(action: Action, { id, because = byRule }: { id?: EventId; because?: Cause } = {}): Seen {
  const decision = decide(action, because, { at: 0, replaces: "" });
  return { kind: "outcome", outcome: { decision, result: { kind: "done", ...(id ? { eventId: id } : {}) } } };
}
const ban = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false } as const;
const redaction = (where: typeof lobby, target: string): Seen => ({
  kind: "redaction",
  room: where,
  sender: mod,
  redacts: event(target),
  eventId: event("$redaction"),
  content: {},
  sentAt: 0,
  late: false,
});
const own = (membership: Membership, by?: typeof mod): Seen => ({
  kind: "own-membership",
  room: lobby,
  membership,
  by,
  reason: undefined,
});
const acl = (...deny: readonly string[]) => ({ allow: ["*"], deny, allow_ip_literals: false });
const aclWrite = (...deny: readonly string[]): Action => ({
  kind: "set-server-acl",
  room: lobby,
  content: acl(...deny),
  before: undefined,
});
const message = (who: typeof ann, id: string, where = lobby): Seen => ({
  kind: "message",
  room: where,
  late: false,
  event: { type: "m.room.message", sender: who, eventId: event(id), content: {}, sentAt: 0 },
});

describe("a ban of ours", () => {
  const echo = live(lobby, member(ann, "ban", { by: me, id: "$ban" }));
  const outcome = done(ban, { id: event("$ban") });
  const expected = { membership: "ban", isOurs: true, forList: listA };

  beforeEach(() => see(world, live(lobby, member(ann, "join"))));

  test.each<[string, readonly Seen[]]>([
    ["by its outcome alone", [outcome]],
    ["when its outcome comes before the echo", [outcome, echo]],
    ["when its echo comes before the outcome", [echo, outcome]],
    ["when both are told twice", [echo, outcome, echo, outcome]],
  ])("is believed %s", (_what, seen) => {
    see(world, ...seen);

    expect(world.members.get(lobby, ann)).toMatchObject(expected);
    expect(world.members.joinedCount(lobby)).toBe(0);
  });

  test("is not believed when it failed", () => {
    const decision = decide(ban, byRule, { at: 0, replaces: "" });
    const result: Outcome["result"] = { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" };
    see(world, { kind: "outcome", outcome: { decision, result } });

    expect(world.members.membershipOf(lobby, ann)).toBe("join");
  });

  test("that somebody lifted before we heard of its success stays lifted", () => {
    see(world, echo, live(lobby, member(ann, "leave", { by: mod })), outcome);

    expect(world.members.membershipOf(lobby, ann)).toBe("leave");
  });

  test("that somebody replaced belongs to that person", () => {
    see(world, echo, live(lobby, member(ann, "ban", { by: mod, id: "$theirs" })), outcome);

    expect(world.members.get(lobby, ann)).toMatchObject({ isOurs: false, forList: undefined });
  });

  test("has judging look at the person again, as the rule may be gone", () => {
    world.takeChanges();
    see(world, outcome);

    expect(world.takeChanges().arrivals).toEqual([{ room: lobby, user: ann }]);
  });

  test("by a command for no list is not lifted with any rule", () => {
    see(
      world,
      done(ban, { id: event("$ban"), because: { kind: "command", event: event("$c"), by: mod, text: "" } }),
    );

    expect(world.members.get(lobby, ann)).toMatchObject({ isOurs: true, forList: undefined });
  });
});

describe("server ACLs", () => {
  test("of ours change nothing for judging once echoed", () => {
    see(world, done(aclWrite("evil.example"), { id: event("$acl") }));
    world.takeChanges();
    see(world, live(lobby, state("m.room.server_acl", acl("evil.example"), { sender: me, id: "$acl" })));

    expect(world.takeChanges().acls.size).toBe(0);
    expect(world.rooms.get(lobby)?.aclByHand).toEqual([]);
  });

  test("that somebody changed are noticed, with what was added by hand", () => {
    see(world, done(aclWrite("evil.example"), { id: event("$acl") }));
    world.takeChanges();
    see(world, live(lobby, state("m.room.server_acl", acl("evil.example", "bad.example"))));

    expect([...world.takeChanges().acls]).toEqual([lobby]);
    expect(world.rooms.get(lobby)?.aclByHand).toEqual(["bad.example"]);
  });

  test("that were redacted are noticed", () => {
    see(world, live(lobby, state("m.room.server_acl", acl("evil.example"), { id: "$acl" })));
    world.takeChanges();
    see(world, redaction(lobby, "$acl"));

    expect([...world.takeChanges().acls]).toEqual([lobby]);
  });
});

describe("rules", () => {
  test("of watched lists are changes, those of other rooms are only known", () => {
    const elsewhere = room("!elsewhere:example.org");
    see(world, live(listA, ruleEvent("@a:x")), live(elsewhere, ruleEvent("@b:x")));

    expect(world.takeChanges().rules.map((change) => change.after?.entity)).toEqual(["@a:x"]);
    expect(world.lists.get(elsewhere)?.size).toBe(1);
    expect(world.watchedLists().map((list) => list.room)).toEqual([listA, listB]);
  });

  test("that we wrote are in force at once, and their echo is no change", () => {
    const content = { entity: "@a:x", recommendation: "m.ban" };
    const write: Action = {
      kind: "write-policy",
      list: listA,
      eventType: "m.policy.rule.user",
      stateKey: "k",
      content,
    };
    see(world, done(write, { id: event("$written") }));
    expect(world.takeChanges().rules).toHaveLength(1);

    see(
      world,
      live(listA, state("m.policy.rule.user", content, { stateKey: "k", sender: me, id: "$written" })),
    );
    expect(world.takeChanges().rules).toEqual([]);
  });

  test("that were redacted are removed", () => {
    see(world, live(listA, ruleEvent("@a:x", { id: "$rule" })));
    world.takeChanges();
    see(world, redaction(listA, "$rule"));

    expect(world.takeChanges().rules).toMatchObject([{ before: { entity: "@a:x" }, after: undefined }]);
  });

  test("end with a tick of the clock", () => {
    see(world, live(listA, ruleEvent("@a:x", { more: { expiry: world.now + 5_000 } })));
    for (let i = 0; i < 10; i++) see(world, { kind: "tick", retryRooms: false });

    expect(world.lists.get(listA)?.size).toBe(0);
  });

  test("that a whole reading does not hold are gone", () => {
    see(world, live(listA, ruleEvent("@a:x")));
    world.takeChanges();
    see(world, roomRead(listA));

    expect(world.takeChanges().rules).toMatchObject([{ before: { entity: "@a:x" }, after: undefined }]);
  });
});

describe("time", () => {
  const tick = { kind: "tick", retryRooms: false } as const;

  test("goes back with our clock, and rules that are new then are in force", () => {
    world.apply({ ...tick, at: 9_000_000_000, dueBy: 9_000_000_000 });
    world.apply({ ...tick, at: 2_000_000, dueBy: 2_000_000 });
    expect(world.now).toBe(2_000_000);

    see(world, live(listA, ruleEvent("@a:x", { more: { expiry: 3_000_000 } })));

    expect(world.lists.get(listA)?.size).toBe(1);
  });

  test("that one of two clocks has not reached ends nothing, whatever is seen", () => {
    const expiring = ruleEvent("@a:x", { more: { expiry: 5_000_000 } });
    world.apply({ ...live(listA, expiring), at: 9_000_000, dueBy: 4_999_999 });
    expect(world.lists.get(listA)?.size).toBe(1);

    world.apply({ kind: "synced", token: "t", at: 9_000_001, dueBy: 5_000_000 });

    expect(world.lists.get(listA)?.size).toBe(0);
  });

  test("to look again is when the first rule of a watched list or exemption ends", () => {
    expect(world.nextEnd()).toBeUndefined();
    see(world, live(listA, ruleEvent("@a:x", { more: { expiry: 5_000_000 } })));
    see(world, live(room("!other:example.org"), ruleEvent("@b:x", { more: { expiry: 3_000_000 } })));

    expect(world.nextEnd()).toBe(5_000_000);
  });
});

describe("our own membership", () => {
  test("lost by somebody's doing is told with the reason, and the members are forgotten", () => {
    see(world, live(lobby, member(ann, "join")));
    see(world, { kind: "own-membership", room: lobby, membership: "ban", by: mod, reason: "bad bot" });

    const lost = world.rooms.get(lobby)!;
    expect(lost.wasRemoved).toBe(true);
    expect(lost.isKnown).toBe(false);
    expect(lost.trouble).toContain("bad bot");
    expect(world.membersKnown.has(lobby)).toBe(false);
    expect(world.members.membershipOf(lobby, ann)).toBe("leave");
    expect([...world.protectedRooms()].map((one) => one.id)).toEqual([hall]);
  });

  test("given up by ourselves is no removal", () => {
    see(world, own("leave"));

    expect(world.rooms.get(lobby)?.wasRemoved).toBe(false);
  });

  test("regained ends the trouble and has the room judged", () => {
    see(world, own("leave", mod), own("invite", mod));
    expect(world.rooms.get(lobby)?.wasRemoved).toBe(false);
    world.takeChanges();

    see(world, own("join"));

    expect(world.rooms.get(lobby)?.trouble).toBeUndefined();
    expect([...world.takeChanges().rooms]).toEqual([lobby]);
  });

  test("by invitation, into a room that nobody asked us to be in, leaves no trace", () => {
    const trap = room("!trap:evil.example");
    world.takeRows();
    world.takeChanges();

    see(world, { kind: "own-membership", room: trap, membership: "invite", by: ann, reason: undefined });
    see(world, { kind: "own-membership", room: trap, membership: "leave", by: ann, reason: undefined });

    expect(world.rooms.has(trap)).toBe(false);
    expect(world.takeRows()).toEqual([]);
    expect(world.takeChanges().rooms.size).toBe(0);
  });

  test("told again is no change", () => {
    world.takeChanges();
    see(world, own("join"));

    expect(world.takeChanges().rooms.size).toBe(0);
    expect(world.takeRows()).toEqual([]);
  });
});

describe("a whole reading of a room", () => {
  test("drops members who are gone and takes in who is new", () => {
    see(world, roomRead(lobby, [member("@gone:x", "join"), member("@stays:x", "join")]));
    see(world, roomRead(lobby, [member("@stays:x", "ban"), member("@new:x", "knock")]));

    expect(world.members.roomsOf(user("@gone:x"), ["join"])).toEqual([]);
    expect(world.members.membershipOf(lobby, user("@stays:x"))).toBe("ban");
    expect(world.members.membershipOf(lobby, user("@new:x"))).toBe("knock");
  });

  test("without members leaves them as they are", () => {
    see(world, roomRead(lobby, [member(ann, "join")]));
    see(world, { kind: "room-read", room: lobby, state: [] });

    expect(world.members.membershipOf(lobby, ann)).toBe("join");
  });

  test("ends the trouble of a room that could not be read", () => {
    const decision = decide({ kind: "read-room", room: lobby, state: true, members: true }, byRule, {
      at: 0,
      replaces: "",
    });
    const result: Outcome["result"] = {
      kind: "failed",
      lasting: false,
      code: "M_UNKNOWN",
      message: "broken",
    };
    see(world, { kind: "outcome", outcome: { decision, result } });
    expect(world.rooms.get(lobby)?.trouble).toBe("broken");

    see(world, roomRead(lobby));

    expect(world.rooms.get(lobby)?.trouble).toBeUndefined();
  });
});

describe("moderators", () => {
  test("are who is joined to the management room", () => {
    see(
      world,
      live(desk, member(mod, "join")),
      live(desk, member(ann, "invite")),
      live(lobby, member("@b:x", "join")),
    );

    expect([...world.spared()].toSorted((a, b) => a.localeCompare(b))).toEqual([ann, mod]);
    expect(world.isModerator(mod)).toBe(true);
    expect(world.isModerator(ann)).toBe(false);
    expect(world.isModerator(user("@b:x"))).toBe(false);
  });

  test("coming or going concern every room, renaming does not", () => {
    see(world, live(desk, member(mod, "join")));
    expect(world.takeChanges().everything).toBe(true);

    see(world, live(desk, member(mod, "join")));
    expect(world.takeChanges().everything).toBe(false);

    see(world, live(desk, member(mod, "leave")));
    expect(world.takeChanges().everything).toBe(true);
  });

  test("do not exist without a management room", () => {
    const bare = aWorld({ ...usualSettings, managementRoom: undefined });

    expect([...bare.spared()]).toEqual([]);
    expect(bare.isModerator(mod)).toBe(false);
  });
});

describe("what was said", () => {
  test("is remembered in protected rooms only, and never what we say", () => {
    see(world, message(ann, "$1"), message(ann, "$2"), message(ann, "$3", listA), message(me, "$4"));

    expect(world.recentEvents.eventsOf(ann, lobby)).toEqual(["$2", "$1"]);
    expect(world.recentEvents.eventsOf(ann, listA)).toEqual([]);
    expect(world.recentEvents.eventsOf(me, lobby)).toEqual([]);
  });

  test("is all there is of somebody whose joining was seen, and not of others", () => {
    see(world, roomRead(lobby, [member("@before:x", "join")]), first(live(lobby, member(ann, "join"))));

    expect(world.recentEvents.isComplete(ann, lobby)).toBe(true);
    expect(world.recentEvents.isComplete(ann, hall)).toBe(false);
    expect(world.recentEvents.isComplete(user("@before:x"), lobby)).toBe(false);
  });

  test("is not all there is of somebody who only took another name", () => {
    see(world, roomRead(lobby, [member("@before:x", "join")]), live(lobby, member("@before:x", "join")));

    expect(world.recentEvents.isComplete(user("@before:x"), lobby)).toBe(false);
  });
});

test("members of rooms that are neither protected nor the management room are not followed", () => {
  see(world, live(listA, member(ann, "join")));

  expect(world.members.has(ann)).toBe(false);
});

test("a room that is no longer protected is forgotten", () => {
  see(world, roomRead(lobby, [member(ann, "join")]));
  see(world, { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });

  expect(world.members.roomsOf(ann, ["join"])).toEqual([]);
  expect(world.membersKnown.has(lobby)).toBe(false);
});

test("a member event without a valid membership or user is counted, and changes nothing", () => {
  see(
    world,
    live(lobby, state("m.room.member", { membership: "join" }, { stateKey: "nobody" })),
    live(lobby, state("m.room.member", { membership: { deep: true } }, { stateKey: ann })),
  );

  expect(world.malformed.count).toBe(2);
  expect(world.members.size).toBe(0);
});

test("changes and rows are handed out once", () => {
  see(world, live(lobby, member(ann, "join")));

  expect(world.takeRows().map(({ kind }) => kind)).toEqual(["member", "item", "item"]);
  expect(world.takeRows()).toEqual([]);
  expect(world.takeChanges().arrivals).toHaveLength(1);
  expect(world.takeChanges()).toMatchObject({ arrivals: [], rules: [], everything: false });
});

describe("written to the store and read again", () => {
  const someRoom = fc.constantFrom(lobby, hall, listA, listB, desk);
  const someone = fc.constantFrom("@ann:example.org", "@Bob:evil.example", "@mod:example.org", me);
  let ids = 0;
  const id = fc.constant(undefined).map(() => event(`$property-${(ids += 1)}`));
  const seen: fc.Arbitrary<Seen> = fc.oneof(
    fc
      .tuple(
        someRoom,
        someone,
        fc.constantFrom<Membership>("join", "invite", "knock", "ban", "leave"),
        someone,
        id,
      )
      .map(([where, who, membership, by, one]) => live(where, member(who, membership, { by, id: one }))),
    fc
      .tuple(someRoom, someone, fc.constantFrom("k", "l"), id)
      .map(([where, who, stateKey, one]) => live(where, ruleEvent(who, { stateKey, id: one }))),
    fc
      .tuple(someRoom, fc.constantFrom("k", "l"), id)
      .map(([where, stateKey, one]) => live(where, state("m.policy.rule.user", {}, { stateKey, id: one }))),
    fc
      .tuple(someRoom, fc.subarray(["a.example", "b.example", "c.example"]), fc.constantFrom(me, mod), id)
      .map(([where, deny, sender, one]) =>
        live(where, state("m.room.server_acl", acl(...deny), { sender, id: one })),
      ),
    fc
      .tuple(someRoom, id)
      .map(([where, one]) =>
        live(where, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" }, { id: one })),
      ),
    fc
      .tuple(
        someRoom,
        fc.constantFrom<Membership>("join", "leave", "ban", "invite"),
        fc.constantFrom(undefined, mod),
      )
      .map(([where, membership, by]): Seen => ({
        kind: "own-membership",
        room: where,
        membership,
        by,
        reason: "r",
      })),
    fc.tuple(someRoom, fc.array(someone)).map(([where, who]) =>
      roomRead(
        where,
        [...new Set(who)].map((one) => member(one, "join")),
      ),
    ),
    fc.tuple(someone, id).map(([who, one]) => done({ ...ban, user: user(who) }, { id: one })),
    fc.constantFrom(lobby, hall).map((where): Seen => ({
      kind: "settings-changed",
      change: { kind: "unprotect", room: where, excludes: true },
    })),
    fc.constantFrom(lobby, hall).map((where): Seen => ({
      kind: "settings-changed",
      change: { kind: "protect", room: { room: where, via: ["x"], space: undefined } },
    })),
    fc
      .constantFrom(listA, listB)
      .map((list): Seen => ({ kind: "settings-changed", change: { kind: "unwatch", list } })),
  );

  function beliefs(one: World) {
    const rooms = [lobby, hall, listA, listB, desk];
    const people = ["@ann:example.org", "@Bob:evil.example", "@mod:example.org", me].map(user);
    return {
      settings: one.settings,
      known: rooms.filter((where) => one.membersKnown.has(where)),
      rooms: rooms.map((where) => {
        const room = one.rooms.get(where) ?? new Room(where, 1);
        const { ownMembership, trouble, wasRemoved, aclByHand } = room;
        const events = new Set(
          [...room.events()].map((held) => JSON.stringify([held.eventId, held.content])),
        );
        return { ownMembership, trouble, wasRemoved, aclByHand, events };
      }),
      joined: rooms.map((where) => one.members.joinedCount(where)),
      members: rooms.map((where) => people.map((who) => one.members.get(where, who))),
      rules: rooms.map((where) =>
        [...(one.lists.get(where)?.rules() ?? [])].map((rule) => rule.eventId).sort(),
      ),
      shortcodes: rooms.map((where) => one.lists.get(where)?.shortcode),
    };
  }

  test("the world is believed to be the same", () => {
    fc.assert(
      fc.property(fc.array(fc.array(seen, { maxLength: 5 }), { maxLength: 6 }), (batches) => {
        const db = openDatabase(":memory:");
        const snapshot = new Snapshot(db);
        const first = new World(me, {
          people: 10,
          eventsEach: 5,
          regulars: { afterDays: 14, days: 5, people: 100 },
          limits: usualLimits,
        });
        see(first, { kind: "settings-changed", change: { kind: "use-management-room", room: desk } });
        for (const list of usualSettings.lists)
          see(first, { kind: "settings-changed", change: { kind: "watch", list } });
        for (const one of usualSettings.rooms.values())
          see(first, { kind: "settings-changed", change: { kind: "protect", room: one } });
        for (const where of [lobby, hall, listA, listB, desk]) see(first, joining(where), roomRead(where));

        for (const batch of batches) {
          see(first, ...batch);
          snapshot.write(first.takeRows());
        }
        snapshot.write(first.takeRows());
        const second = new World(me, {
          people: 10,
          eventsEach: 5,
          regulars: { afterDays: 14, days: 5, people: 100 },
          limits: usualLimits,
        });
        for (const row of snapshot.read()) second.restore(row);
        db.close();

        expect(beliefs(second)).toEqual(beliefs(first));
        expect(second.takeRows()).toEqual([]);
        expect(second.takeChanges().arrivals).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("what reaches us at once was said over", () => {
  const minute = 60_000;
  const synced = (at: number) => world.apply({ kind: "synced", token: "t", at, dueBy: at });
  const gap = (at: number) => world.apply({ kind: "gap", room: lobby, from: "b", to: "a", at, dueBy: at });
  const heldUp = (at: number, late = false) => world.heldUpMs(lobby, { at, late });

  test("any time after a start", () => {
    synced(1_000);

    expect(heldUp(2_000)).toBe(Infinity);
  });

  test("the time since the sync before, while we follow: who makes gaps hides in none", () => {
    synced(1_000);
    synced(10 * minute);
    gap(10 * minute + 700);
    synced(10 * minute + 700);

    expect(heldUp(10 * minute + 700)).toBe(700);
    expect(heldUp(10 * minute + 5_000, true)).toBe(700);
  });

  test("the time that our homeserver was away, for what comes soon after a gap, too", () => {
    synced(1_000);
    synced(10 * minute);
    gap(60 * minute);
    synced(60 * minute);
    synced(60 * minute + 500);

    expect(heldUp(60 * minute + 500)).toBe(50 * minute);
    expect(heldUp(62 * minute)).toBe(500);
    expect(heldUp(62 * minute, true)).toBe(50 * minute);
  });
});
