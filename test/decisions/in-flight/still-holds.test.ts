import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Cause } from "../../../src/model/decision.ts";
import type { World } from "../../../src/model/world/world.ts";
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
  room,
  roomRead,
  ruleEvent,
  see,
  state,
} from "../../support/make.ts";
import { ann, oneOfEach } from "../../support/one-of-each.ts";
import { aFlight, byCommand, byFinding, byRule, decided, mod } from "./flight.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")), live(lobby, member(ann, "join")));
});

const holds = (...args: Parameters<typeof decided>) => aFlight(world).stillHolds(decided(...args));
const expiry = (id: string): Cause => ({ kind: "expiry", event: id, entity: ann });
const ruleRemoved: Cause = { kind: "rule-removed", list: listB, event: "$rule", entity: ann };
const seeRule = () => see(world, live(listB, ruleEvent(ann, { id: event("$rule") })));

describe("a ban that a rule asks for", () => {
  test("holds while the rule is there", () => {
    expect(holds(oneOfEach.ban, byRule)).toBe(false);

    seeRule();
    expect(holds(oneOfEach.ban, byRule)).toBe(true);
  });

  test("holds in protected rooms alone", () => {
    seeRule();
    see(world, { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });

    expect(holds(oneOfEach.ban, byRule)).toBe(false);
    expect(holds({ ...oneOfEach.ban, room: hall }, byRule)).toBe(true);
  });

  test("does not hold once the person is a moderator or exempt", () => {
    seeRule();
    const exemption = { entity: ann, reason: "", by: mod, at: 1 };
    see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });
    expect(holds(oneOfEach.ban, byRule)).toBe(false);

    see(world, { kind: "settings-changed", change: { kind: "unexempt", entity: ann } });
    expect(holds(oneOfEach.ban, byRule)).toBe(true);

    see(world, live(desk, member(ann, "join")));
    expect(holds(oneOfEach.ban, byRule)).toBe(false);
  });
});

describe("a command's ban", () => {
  const because = { ...byCommand(), list: listA };

  test("holds by itself where it wrote no rule", () => {
    expect(holds(oneOfEach.ban)).toBe(true);
  });

  test("with a rule holds while the rule is on its way, and then while it is there", () => {
    const flight = aFlight(world);
    const ban = decided(oneOfEach.ban, because);
    const write = decided(oneOfEach["write-policy"], because);
    flight.handedOver(write);
    expect(flight.stillHolds(ban)).toBe(true);

    flight.ended({ decision: write, result: { kind: "done", eventId: event("$written") } });
    expect(flight.stillHolds(ban)).toBe(false);

    seeRule();
    expect(aFlight(world).stillHolds(ban)).toBe(true);
  });

  test("with a rule that a dry run recorded holds without it", () => {
    const flight = aFlight(world);
    const write = decided(oneOfEach["write-policy"], because);
    flight.handedOver(write);
    flight.ended({ decision: write, result: { kind: "recorded" } });

    expect(flight.stillHolds(decided(oneOfEach.ban, because))).toBe(true);
    expect(flight.stillHolds(decided(oneOfEach.ban, { ...because, event: event("$other") }))).toBe(false);
  });

  test("holds in rooms that are not protected, too", () => {
    see(world, { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });

    expect(holds(oneOfEach.ban)).toBe(true);
  });
});

describe("what a protection decided", () => {
  test("does not hold once the person was given power in the room", () => {
    expect(holds(oneOfEach.mute, byFinding)).toBe(true);

    see(world, live(lobby, state("m.room.power_levels", { users: { [me]: 100, [ann]: 50 } })));
    expect(holds(oneOfEach.mute, byFinding)).toBe(false);
  });
});

describe("the lift of a ban", () => {
  const lift = oneOfEach.unban;
  const ban = (by: string) => see(world, live(lobby, member(ann, "ban", { by })));

  test("holds while the ban is there and ours", () => {
    ban(me);

    expect(holds(lift, expiry("$rule"))).toBe(true);
  });

  test("does not hold once the person is out or back", () => {
    see(world, roomRead(lobby, [member(ann, "leave")]));
    expect(holds(lift, expiry("$rule"))).toBe(false);

    see(world, live(lobby, member(ann, "join")));
    expect(holds(lift)).toBe(false);
  });

  test("of somebody else's ban holds by command alone, and not in an undo", () => {
    ban("@other:example.org");

    expect(holds(lift, expiry("$rule"))).toBe(false);
    expect(holds(lift)).toBe(true);
    expect(holds(lift, { ...byCommand(), undoes: ["$ban"] })).toBe(false);
  });

  test("after a rule does not hold while another rule asks for the ban", () => {
    ban(me);
    expect(holds(lift, ruleRemoved)).toBe(true);

    seeRule();
    expect(holds(lift, ruleRemoved)).toBe(false);
  });
});

describe("a removal from a room", () => {
  test.each(["leave", "ban"] as const)(
    "does not hold once the person has a membership of %s",
    (membership) => {
      see(world, roomRead(lobby, [member(ann, membership)]));

      expect(holds(oneOfEach.kick)).toBe(false);
    },
  );

  test.each(["join", "invite", "knock"] as const)("holds while it is %s", (membership) => {
    see(world, roomRead(lobby, [member(ann, membership)]));

    expect(holds(oneOfEach.kick)).toBe(true);
  });

  test("holds where the room's people are not known", () => {
    const elsewhere = room("!elsewhere:example.org");

    expect(holds({ ...oneOfEach.kick, room: elsewhere })).toBe(true);
  });
});

describe("a server ACL", () => {
  const acl = oneOfEach["set-server-acl"];
  const lists: Cause = { kind: "lists", trigger: "$rule" };

  test("does not hold where it is there already", () => {
    expect(holds(acl, lists)).toBe(true);

    see(world, live(lobby, state("m.room.server_acl", { ...acl.content })));
    expect(holds(acl, lists)).toBe(false);
    expect(holds({ ...acl, content: { ...acl.content, allow_ip_literals: true } }, lists)).toBe(true);
    expect(holds({ ...acl, content: { ...acl.content, allow: ["*.org"] } }, lists)).toBe(true);
    expect(holds({ ...acl, content: { ...acl.content, deny: [] } }, lists)).toBe(true);
  });
});

describe("the end of a rule's time", () => {
  const remove = { ...oneOfEach["remove-policy"], list: listB, stateKey: `rule:${ann}` };

  test("holds while that rule is there or gone, and not for a newer one under its key", () => {
    expect(holds(remove, expiry("$rule"))).toBe(true);

    seeRule();
    expect(holds(remove, expiry("$rule"))).toBe(true);
    expect(holds(remove, expiry("$older"))).toBe(false);
    expect(holds(remove)).toBe(true);
  });
});

describe("the end of a mute's time", () => {
  const mute = { ...oneOfEach.mute, until: 500 };
  const unmute = { ...oneOfEach.unmute, until: 500 };
  const seeMute = (until: number) =>
    see(world, {
      kind: "outcome",
      outcome: {
        decision: decided({ ...mute, until }),
        result: { kind: "done", eventId: event(`$mute${until}`) },
      },
    });

  test("holds for the mute that it ends, and not for one with another end", () => {
    expect(holds(unmute, expiry("$mute"))).toBe(false);

    seeMute(500);
    expect(holds(unmute, expiry("$mute"))).toBe(true);

    seeMute(900);
    expect(holds(unmute, expiry("$mute"))).toBe(false);
    expect(holds(unmute)).toBe(true);
  });
});

test("a room that has become ours is not shut down", () => {
  const elsewhere = room("!elsewhere:example.org");
  const shutdown = { ...oneOfEach["shutdown-room"], room: elsewhere };
  expect(holds(shutdown)).toBe(true);

  const protect = { room: elsewhere, via: [], space: undefined };
  see(world, { kind: "settings-changed", change: { kind: "protect", room: protect } });
  expect(holds(shutdown)).toBe(false);
});

test("what a command asked for does not hold once the person is exempt", () => {
  expect(holds(oneOfEach.kick)).toBe(true);

  const exemption = { entity: ann, reason: "", by: mod, at: 1 };
  see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });
  expect(holds(oneOfEach.kick)).toBe(false);
});

test("what gives something back holds for moderators, too", () => {
  see(world, live(desk, member(ann, "join")));

  expect(holds(oneOfEach.invite)).toBe(true);
  expect(holds(oneOfEach.suspend)).toBe(false);
  expect(holds(oneOfEach.unsuspend)).toBe(true);
});

describe("an act that takes back another", () => {
  test("holds no more where the other was called off before it was done", () => {
    see(world, live(listB, ruleEvent("@somebody-else:x")));

    expect(holds(oneOfEach.unban)).toBe(false);
    expect(holds({ ...oneOfEach.unmute, level: undefined })).toBe(false);
    expect(holds({ ...oneOfEach["set-power-level"], level: undefined })).toBe(false);
    expect(holds({ ...oneOfEach["remove-policy"], list: listB })).toBe(false);
  });

  test("holds where what it takes back is there", () => {
    see(
      world,
      live(lobby, member(ann, "ban", { by: me })),
      live(listB, ruleEvent(ann, { id: event("$rule") })),
    );
    const rule = world.lists.get(listB)!.ruleOf(event("$rule"))!;
    const { eventType, stateKey } = rule;

    expect(holds(oneOfEach.unban)).toBe(true);
    expect(holds({ kind: "remove-policy", list: listB, eventType, stateKey, before: {} })).toBe(true);
    expect(holds({ ...oneOfEach["set-power-level"], level: 7 })).toBe(true);
  });
});

test("what may be done, though no answer came, is not called off by an undo before that is known", () => {
  const flight = aFlight(world);
  const kick = decided(oneOfEach.kick);
  flight.undone(["$command"], byCommand("$undo"), 200);

  expect(flight.stillHolds(kick, false)).toBe(false);
  expect(flight.stillHolds(kick, true)).toBe(true);
});

test("what may be done, though no answer came, counts as done where the world shows its effect", () => {
  const flight = aFlight(world);
  const done = (...args: Parameters<typeof decided>) => flight.isDoneAlready(decided(...args));
  see(world, roomRead(lobby, [member(ann, "join")]));
  expect(done(oneOfEach.kick)).toBe(false);
  expect(done(oneOfEach.unban)).toBe(true);

  see(world, live(lobby, member(ann, "leave")));
  expect(done(oneOfEach.kick)).toBe(true);

  see(world, live(lobby, member(ann, "ban")));
  expect(done(oneOfEach.unban)).toBe(false);
  expect(done(oneOfEach.ban)).toBe(false);
});

test("what may be done and was taken back is done in spite of a stop, so that it is known what there is to take back", () => {
  const flight = aFlight(world);
  const mute = decided(oneOfEach.mute);
  see(world, { kind: "settings-changed", change: { kind: "stop", stop: { by: mod, at: 1_000 } } });
  expect(flight.stillHolds(mute, true)).toBe(false);

  flight.undone(["$command"], byCommand("$undo"), 200);
  expect(flight.stillHolds(mute, true)).toBe(true);
  expect(flight.stillHolds(mute, false)).toBe(false);
});
