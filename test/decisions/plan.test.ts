import { beforeEach, describe, expect, test } from "@jest/globals";
import { plan } from "../../src/decisions/plan.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { actKey } from "../../src/model/actions/traits.ts";
import { ActsInFlight } from "../../src/model/acts-in-flight.ts";
import { decide } from "../../src/model/decision.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { World } from "../../src/model/world/world.ts";
import {
  aWorld,
  event,
  hall,
  joining,
  leaving,
  listA,
  live,
  lobby,
  me,
  member,
  roomRead,
  see,
  state,
  user,
} from "../support/make.ts";

const ann = user("@ann:example.org");
let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(lobby, member(ann, "join")), live(hall, member(ann, "join")));
});

const ban = (room = lobby, redacts = false): Action => ({
  kind: "ban",
  room,
  user: ann,
  reason: "",
  redacts,
});
const acl = (room = lobby, ...deny: readonly string[]): Action => ({
  kind: "set-server-acl",
  room,
  content: { allow: ["*"], deny, allow_ip_literals: false },
  before: undefined,
});
const redact = (id: string): Action => ({
  kind: "redact",
  room: lobby,
  event: event(id),
  user: ann,
  reason: "",
});
const planned = (actions: readonly Action[], underWay: readonly Action[] = []) => {
  const keys = new Set(underWay.map(actKey));
  const decisions = actions.map((action, i) =>
    decide(action, { kind: "self", what: `${i}` }, { at: 0, replaces: "" }),
  );
  return plan(decisions, { world, isUnderWay: (key) => keys.has(key) }).map((step) => step.decision.action);
};
const spoke = (room: typeof lobby, id: string, who = ann): Seen => ({
  kind: "message",
  room,
  late: false,
  event: { type: "m.room.message", sender: who, eventId: event(id), content: {}, sentAt: 0 },
});

test("containment comes before bans, bans before redactions, redactions before words", () => {
  const react: Action = { kind: "react", room: lobby, event: event("$e"), with: "✅" };
  const read: Action = { kind: "read-room", room: lobby, state: true, members: true };
  const absent: Action = { kind: "ban", room: lobby, user: user("@absent:x"), reason: "", redacts: false };

  expect(planned([read, react, absent, redact("$1"), ban(), acl()])).toEqual([
    acl(),
    ban(),
    redact("$1"),
    absent,
    react,
    read,
  ]);
});

describe("of rooms", () => {
  test("the one where the person spoke last comes first", () => {
    see(world, spoke(lobby, "$1"), spoke(hall, "$2"), spoke(lobby, "$3", user("@bob:x")));

    expect(planned([ban(lobby), ban(hall)])).toEqual([ban(hall), ban(lobby)]);
  });

  test("otherwise the busiest, and then the fullest", () => {
    world = aWorld();
    see(
      world,
      roomRead(lobby, [member(ann, "join")]),
      roomRead(hall, [member(ann, "join"), member("@bob:x", "join")]),
    );
    expect(planned([ban(lobby), ban(hall)])).toEqual([ban(hall), ban(lobby)]);

    see(world, spoke(lobby, "$1", user("@bob:x")));
    expect(planned([ban(lobby), ban(hall)])).toEqual([ban(lobby), ban(hall)]);
  });

  test("those to clean take turns, the newest message of each first", () => {
    const inHall = (id: string): Action => ({ ...redact(id), room: hall }) as Action;
    see(world, spoke(lobby, "$9"));

    expect(planned([redact("$1"), redact("$2"), redact("$3"), inHall("$4"), inHall("$5")])).toEqual([
      redact("$1"),
      inHall("$4"),
      redact("$2"),
      inHall("$5"),
      redact("$3"),
    ]);
  });
});

test("of the newest messages those that most people see are removed first", () => {
  world = aWorld();
  see(
    world,
    roomRead(lobby, [member(ann, "join")]),
    roomRead(hall, [member(ann, "join"), member("@bob:x", "join")]),
  );
  const inHall = { ...redact("$4"), room: hall } as Action;

  expect(planned([redact("$1"), redact("$2"), inHall])).toEqual([inHall, redact("$1"), redact("$2")]);
});

describe("nothing is planned that", () => {
  test("is wanted twice", () => {
    expect(planned([ban(), ban(), { ...ban(), reason: "other" } as Action])).toEqual([ban()]);
  });

  test("is under way, but for a newer ACL or rule", () => {
    const rule = (more: JsonObject): Action => ({
      kind: "write-policy",
      list: listA,
      eventType: "m.policy.rule.user",
      stateKey: "k",
      content: { entity: ann, recommendation: "m.ban", ...more },
    });
    const timed = rule({ expiry: 5_000 });

    expect(planned([ban(), acl(lobby, "a")], [ban(), acl()])).toEqual([acl(lobby, "a")]);
    expect(planned([ban(), rule({})], [ban(), timed])).toEqual([rule({})]);
  });

  test("is true already", () => {
    see(world, live(lobby, member(ann, "ban")), roomRead(hall));

    expect(planned([ban()])).toEqual([]);
    expect(planned([ban(lobby, true)])).toHaveLength(1);
    expect(planned([{ kind: "unban", room: hall, user: ann, reason: "" }])).toEqual([]);
    expect(planned([{ kind: "join", room: lobby, via: [] }])).toEqual([]);
    expect(planned([{ kind: "kick", room: hall, user: ann, reason: "" }])).toEqual([]);
  });
});

test("an unban is tried where the members are not known", () => {
  see(world, leaving(hall), joining(hall), live(hall, member(ann, "leave")));

  expect(planned([{ kind: "unban", room: hall, user: ann, reason: "" }])).toHaveLength(1);
});

test("a removal is tried where the members are not known", () => {
  see(world, leaving(hall), joining(hall), live(hall, member(ann, "leave")));

  expect(planned([{ kind: "kick", room: hall, user: ann, reason: "" }])).toHaveLength(1);
});

describe("a mute", () => {
  const mute = (until: number | undefined): Action => ({
    kind: "mute",
    room: lobby,
    user: ann,
    reason: "",
    level: -1,
    before: undefined,
    ...(until === undefined ? {} : { until }),
  });
  beforeEach(() => {
    const decision = decide(mute(500), { kind: "self", what: "t" }, { at: 0, replaces: "" });
    see(
      world,
      { kind: "outcome", outcome: { decision, result: { kind: "done", eventId: event("$levels") } } },
      live(
        lobby,
        state("m.room.power_levels", { users: { [me]: 100, [ann]: -1 } }, { id: "$levels", sender: me }),
      ),
    );
  });

  test("that is there with the same end is not planned", () => {
    expect(planned([mute(500)])).toEqual([]);
  });

  test("with another end, or none, is", () => {
    expect(planned([mute(900)])).toEqual([mute(900)]);
    expect(planned([mute(undefined)])).toEqual([mute(undefined)]);
  });
});

test("acts of the account and of settings have lanes of their own", () => {
  const actions: readonly Action[] = [
    ban(),
    { kind: "create-list", shortcode: "coc", alias: "", inviter: ann },
    { kind: "change-settings", change: { kind: "unwatch", list: listA } },
  ];
  const decisions = actions.map((action) =>
    decide(action, { kind: "self", what: "t" }, { at: 0, replaces: "" }),
  );
  const steps = plan(decisions, { world, isUnderWay: () => false });

  expect(new Set(steps.map((step) => step.lane)).size).toBe(3);
});

describe("while something is in flight on what an act sets", () => {
  const lift: Action = { kind: "unban", room: lobby, user: ann, reason: "" };
  const ban: Action = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false };
  const mute = (until?: number): Action => ({
    kind: "mute",
    room: lobby,
    user: ann,
    reason: "",
    level: -1,
    before: 0,
    ...(until === undefined ? {} : { until }),
  });
  const after = (inFlight: readonly Action[], next: Action, isTakenBack = false) => {
    const acts = new ActsInFlight(() => isTakenBack);
    const because = { kind: "self", what: "test" } as const;
    for (const [i, action] of inFlight.entries())
      acts.began(decide(action, because, { at: 0, replaces: `${i}` }));
    const keys = new Set(inFlight.map(actKey));
    const decision = decide(next, because, { at: 0, replaces: "next" });
    return plan([decision], { world, isUnderWay: (key) => keys.has(key), inFlight: acts }).length;
  };

  test("what takes it back is done, though the world shows nothing to take back", () => {
    expect([after([], lift), after([ban], lift)]).toEqual([0, 1]);
  });

  test("the same is not done twice, but it is done after what took it back", () => {
    expect([after([ban], ban), after([ban, lift], ban)]).toEqual([0, 1]);
  });

  test("the same is done again where an undo has called off the first", () => {
    expect(after([ban], ban, true)).toBe(1);
  });

  test("a mute with another end is another one", () => {
    expect([after([mute(5)], mute(5)), after([mute(5)], mute())]).toEqual([0, 1]);
  });
});
