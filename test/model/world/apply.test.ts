// Each kind of observation: what it has judged again, and what of it is stored.
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Outcome } from "../../../src/model/decision.ts";
import type { EventId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { Changes, Row } from "../../../src/model/world/changes.ts";
import type { World } from "../../../src/model/world/world.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  joining,
  leaving,
  listA,
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
} from "../../support/make.ts";

const [ann, bob, mod] = [user("@ann:a.test"), user("@bob:b.test"), user("@mod:example.org")];
const elsewhere = room("!elsewhere:example.org");
const byCommand: Cause = { kind: "command", event: event("$command"), by: mod, text: "" };
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
  see(
    world,
    live(lobby, member(ann, "join")),
    live(listA, ruleEvent(bob, { id: "$rule-bob" })),
    live(lobby, state("m.room.server_acl", { allow: ["*"] }, { sender: me, id: "$acl" })),
    { kind: "asked", question: aboutRule },
  );
  world.takeChanges();
  world.takeRows();
});

const aboutRule = {
  id: 1,
  about: { kind: "rules", list: listA, rules: [event("$rule-bob")] } as const,
  say: { text: "?", html: "?" },
  askedAt: 0,
  expiresAt: 9,
  message: undefined,
  told: 1,
  answer: undefined,
};
const said = (where = lobby, sender = ann): Seen => ({
  kind: "message",
  room: where,
  late: false,
  event: { type: "m.room.message", sender, eventId: event("$said"), content: {}, sentAt: 0 },
});
const redaction = (redacts: EventId, where = lobby): Seen => ({
  kind: "redaction",
  room: where,
  sender: mod,
  redacts,
  eventId: event("$redaction"),
  content: {},
  sentAt: 0,
  late: false,
});
const ended = (action: Action, result: Outcome["result"], because: Cause = byCommand): Seen => ({
  kind: "outcome",
  outcome: { decision: decide(action, because, { at: 0, replaces: "" }), result },
});
const done = (id: string) => ({ kind: "done", eventId: event(id) }) as const;
const failed = { kind: "failed", lasting: false, code: "M_FORBIDDEN", message: "no" } as const;
const ban = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false } as const;
const mute = { kind: "mute", room: lobby, user: ann, reason: "", level: -1, before: undefined } as const;

/** The changes that there are, in short. */
function changed({ everything, ...changes }: Changes): readonly string[] {
  const named = {
    rules: changes.rules.map(({ before, after }) => `${before?.entity} -> ${after?.entity}`),
    arrivals: changes.arrivals.map((one) => `${one.user} ${one.room}`),
    rooms: [...changes.rooms],
    acls: [...changes.acls],
    overwritten: [...changes.overwritten.values()],
    lostLevels: [...changes.lostLevels.values()],
    lostBans: changes.lostBans.map((one) => one.user),
    answeredRules: changes.answeredRules.map((one) => one.entity!),
  };
  const found = Object.entries(named).flatMap(([kind, what]) => what.map((one) => `${kind}: ${one}`));
  return everything ? ["everything", ...found] : found;
}

function stored(row: Row): string {
  switch (row.kind) {
    case "state":
      return `${row.event ? "keep" : "delete"} ${row.type} ${row.room}`;
    case "member":
      return `${row.record ? row.record.membership : "delete"} ${row.user} ${row.room}`;
    case "item":
      return `${row.item ? "keep" : "delete"} ${row.collection} ${row.key}`;
    case "settings":
      return "settings";
    case "room":
    case "room-forgotten":
    case "room-gone":
      return `${row.kind} ${row.room}`;
  }
}

type Expected = readonly [
  what: string,
  seen: Seen,
  judgedAgain: readonly string[],
  stored: readonly string[],
];

const table: readonly Expected[] = [
  [
    "a person who joins a protected room",
    live(hall, member(bob, "join")),
    [`arrivals: ${bob} ${hall}`],
    [`join ${bob} ${hall}`, `keep server b.test`, `keep arrival ${hall} ${bob}`],
  ],
  [
    "a person who leaves",
    live(lobby, member(ann, "leave")),
    [],
    [`delete ${ann} ${lobby}`, `delete arrival ${lobby} ${ann}`, `keep departure ${ann}`],
  ],
  [
    "a person whom somebody bans",
    live(lobby, member(ann, "ban", { by: mod })),
    [],
    [`ban ${ann} ${lobby}`, `delete arrival ${lobby} ${ann}`],
  ],
  ["a member of a room that is none of ours", live(elsewhere, member(ann, "join")), [], []],
  [
    "a person who joins the management room",
    live(desk, member(ann, "join")),
    ["everything", `arrivals: ${ann} ${desk}`],
    [`join ${ann} ${desk}`, `keep name ${ann}`],
  ],
  [
    "a rule of a watched list",
    live(listA, ruleEvent(ann)),
    [`rules: undefined -> ${ann}`],
    [`keep m.policy.rule.user ${listA}`],
  ],
  [
    "a rule of a list that nobody watches",
    live(elsewhere, ruleEvent(ann)),
    [],
    [`keep m.policy.rule.user ${elsewhere}`],
  ],
  [
    "a rule that is redacted, with the question about it",
    redaction(event("$rule-bob"), listA),
    [`rules: ${bob} -> undefined`],
    [`delete m.policy.rule.user ${listA}`, "keep question 1"],
  ],
  [
    "power levels",
    live(lobby, state("m.room.power_levels", { users: { [me]: 50 } })),
    [`rooms: ${lobby}`],
    [`keep m.room.power_levels ${lobby}`],
  ],
  [
    "a server ACL over ours",
    live(lobby, state("m.room.server_acl", { allow: ["*"], deny: ["x.test"] })),
    [`acls: ${lobby}`, `overwritten: ${mod}`],
    [`keep m.room.server_acl ${lobby}`, `room ${lobby}`],
  ],
  ["a room's name", live(lobby, state("m.room.name", { name: "x" })), [], [`keep m.room.name ${lobby}`]],
  [
    "an upgrade",
    live(lobby, state("m.room.tombstone", { replacement_room: elsewhere })),
    [`rooms: ${lobby}`],
    [`keep m.room.tombstone ${lobby}`],
  ],
  ["state that moderation does not need", live(lobby, state("m.room.topic", { topic: "x" })), [], []],
  ["a redacted ACL", redaction(event("$acl")), [`acls: ${lobby}`], [`keep m.room.server_acl ${lobby}`]],
  ["a redacted message", redaction(event("$said")), [], []],
  ["a message", said(), [], [`keep speaker ${ann}`, `keep arrival ${lobby} ${ann}`]],
  ["a message of ours", said(lobby, me), [], []],
  ["a message in a list's room", said(listA), [], []],
  [
    "a room read whole, whose members are others now",
    roomRead(lobby, [member(bob, "join")]),
    [`arrivals: ${bob} ${lobby}`, `rooms: ${lobby}`],
    [`delete ${ann} ${lobby}`, `join ${bob} ${lobby}`, `room ${lobby}`, `keep server b.test`],
  ],
  ["that a room is about to be read", { kind: "reading", room: lobby }, [], []],
  [
    "that we are out of a protected room",
    leaving(lobby),
    [`rooms: ${lobby}`],
    [`room ${lobby}`, `room-forgotten ${lobby}`, `room ${lobby}`],
  ],
  ["that we are still in a room", joining(lobby), [], []],
  ["an invitation of a stranger", { ...joining(elsewhere), membership: "invite", by: bob }, [], []],
  [
    "settings that exempt somebody",
    {
      kind: "settings-changed",
      change: { kind: "exempt", exemption: { entity: ann, reason: "", by: mod, at: 0 } },
    },
    ["everything"],
    ["settings"],
  ],
  [
    "settings that protect a room less",
    { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } },
    [],
    [`settings`, `room-forgotten ${lobby}`, `room ${lobby}`],
  ],
  [
    "a yes to rules",
    { kind: "answered", question: 1, yes: true, by: mod },
    // Once as the answer changed, and once as what the question held is weighed anew.
    [`answeredRules: ${bob}`, `answeredRules: ${bob}`],
    ["settings", "keep question 1"],
  ],
  ["an answer to no question", { kind: "answered", question: 7, yes: true, by: mod }, [], []],
  [
    "an offence",
    {
      kind: "offence",
      offence: { protection: "flood", user: ann, step: 0, at: 5, incident: "$i", rooms: [lobby] },
    },
    [],
    [`keep offence flood ${ann}`],
  ],
  [
    "our ban, done for a rule",
    ended(ban, done("$ban"), byRule),
    [`arrivals: ${ann} ${lobby}`],
    [`ban ${ann} ${lobby}`, `ban ${ann} ${lobby}`, `delete arrival ${lobby} ${ann}`],
  ],
  [
    "our ban, done by a command",
    ended(ban, done("$ban")),
    [],
    [`ban ${ann} ${lobby}`, `delete arrival ${lobby} ${ann}`],
  ],
  ["our ban that failed", ended(ban, failed, byRule), [], []],
  ["our ban in a dry run", ended(ban, { kind: "recorded" }, byRule), [], []],
  [
    "our mute",
    ended(mute, done("$mute")),
    [`rooms: ${lobby}`],
    [`keep m.room.power_levels ${lobby}`, `keep mute ${lobby} ${ann}`],
  ],
  [
    "a room that could not be read",
    ended({ kind: "read-room", room: lobby, state: true, members: true }, failed),
    [],
    [`room ${lobby}`],
  ],
  [
    "that we left a room that is none of ours",
    ended({ kind: "leave", room: elsewhere }, { kind: "done" }),
    [],
    [],
  ],
  ["a gap", { kind: "gap", room: lobby, from: "b", to: "a" }, [], []],
  ["the end of a sync", { kind: "synced", token: "s1" }, [], []],
  ["a tick", { kind: "tick", retryRooms: true }, [], []],
  ["something malformed", { kind: "malformed", room: lobby, what: "odd" }, [], []],
  [
    "what the server lets us do",
    { kind: "server-powers", powers: { admin: true, suspend: true, lock: false } },
    [],
    [],
  ],
];

describe("what is seen", () => {
  test.each(table)("%s: what is judged again, and what is stored", (_what, seen, judgedAgain, rows) => {
    see(world, seen);

    expect(changed(world.takeChanges())).toEqual(judgedAgain);
    // What people with power did, which is noted beside it, has tests of its own.
    const acts = /^keep staff-/;
    expect(
      world
        .takeRows()
        .map(stored)
        .filter((row) => !acts.test(row)),
    ).toEqual(rows);
  });

  test.each(table)("%s, seen again, leaves settings, memberships and rooms as they are", (_what, seen) => {
    see(world, seen);
    world.takeChanges();
    world.takeRows();
    const beliefs = { settings: world.settings, members: world.members.memberships, rooms: world.rooms.size };

    see(world, seen);

    expect({
      settings: world.settings,
      members: world.members.memberships,
      rooms: world.rooms.size,
    }).toEqual(beliefs);
  });
});

test("the echo of what our outcome told changes nothing", () => {
  see(world, ended(ban, done("$ban"), byRule));
  world.takeChanges();

  see(world, live(lobby, member(ann, "ban", { by: me, id: "$ban" })));

  expect(changed(world.takeChanges())).toEqual([]);
  expect(world.members.get(lobby, ann)).toMatchObject({ membership: "ban", isOurs: true, forList: listA });
});

test("what the server lets us do is believed", () => {
  see(world, { kind: "server-powers", powers: { admin: true, suspend: true, lock: false } });

  expect(world.serverPowers).toEqual({ admin: true, suspend: true, lock: false });
  expect(world.isServerAdmin).toBe(true);
});
