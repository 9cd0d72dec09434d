// Findings that are not about the author of an event: a room, a server, accounts that belong together.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { defineProtection, type Protection } from "../../../src/automod/define.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { respond } from "../../../src/decisions/respond/respond.ts";
import type { FindingAbout } from "../../../src/model/finding.ts";
import type { UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import { signals } from "../../../src/model/signals/index.ts";
import { eventKinds, type SightingKind } from "../../../src/model/signals/sighting.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  joining,
  listA,
  live,
  lobby,
  me,
  member,
  server,
  state,
  user,
} from "../../support/make.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:x.test");
const bob = user("@bob:x.test");

let world: World;
let now: number;
/** What the protection finds next. */
let finds: FindingAbout | undefined;
/** What the protection was asked about. */
let asked: string[];

const scout = defineProtection({
  name: "scout",
  about: "Finds what the test says.",
  settings: {},
  watches: [...eventKinds, "tick"],
  warning: "Please do not.",
  evaluate(sighting) {
    asked.push(`${sighting.kind} in ${sighting.room === lobby ? "lobby" : "hall"}`);
    return finds && { about: finds, sentence: "as the test says" };
  },
});

beforeEach(() => {
  world = aWorld();
  now = 1_700_000_000_000;
  finds = undefined;
  asked = [];
  batch(live(desk, member(mod, "join")), live(lobby, member(ann, "join")), live(lobby, member(bob, "join")));
  batch({ kind: "settings-changed", change: { kind: "set-default-list", list: listA } });
});

function batch(...all: readonly Seen[]) {
  return asks([scout], ...all);
}

function asks(protections: readonly Protection[], ...all: readonly Seen[]) {
  now += 1_000;
  const seen = all.map((one) => ({ ...one, at: now, dueBy: now }));
  for (const one of seen) world.apply(one);
  const made = respond(
    { seen, changes: world.takeChanges() },
    {
      world,
      rulesInForce: new RulesInForce(world),
      registry: new Registry([], { code: protections }),
      isUndone: () => false,
    },
  );
  for (const offence of made.offences) world.apply({ kind: "offence", offence, at: now, dueBy: now });
  return made;
}

function set(values: SettingValues): void {
  batch({ kind: "settings-changed", change: { kind: "set-protection", protection: "scout", values } });
  asked = [];
}

const topic = (by: UserId, where = lobby): Seen =>
  live(where, state("m.room.topic", { topic: "x" }, { sender: by }));
const invitation = (by: UserId): Seen => live(lobby, member("@friend:x.test", "invite", { by }));
const removal = (by: UserId): Seen => ({
  kind: "redaction",
  room: lobby,
  sender: by,
  redacts: event("$said"),
  eventId: event(`$removal-${by}`),
  content: {},
  sentAt: now,
  late: false,
});
const tick: Seen = { kind: "tick", retryRooms: false };
const acts = (...all: readonly Seen[]) => batch(...all).decisions.map(({ action }) => action);

describe("a detector", () => {
  const kick = live(lobby, member(bob, "leave", { by: mod }));
  const inLobby = (membership: "join" | "leave" | "knock", who = ann) => live(lobby, member(who, membership));
  const said: Seen = {
    kind: "message",
    room: lobby,
    late: false,
    event: { type: "m.room.message", sender: ann, eventId: event("$said"), content: {}, sentAt: 0 },
  };
  const report = {
    id: "reaction $flag",
    way: "reaction",
    by: bob,
    room: lobby,
    event: event("$said"),
    user: ann,
    reason: "",
  } as const;
  const aReport: readonly Seen[] = [
    {
      kind: "case",
      case: {
        id: 1,
        user: ann,
        openedAt: 0,
        lastAt: 0,
        voices: [],
        more: 0,
        events: [{ room: lobby, event: event("$said") }],
        reports: [report.id],
      },
    },
    { kind: "report", report },
  ];

  test("is told of changes of the room, invitations and redactions, as they happen", () => {
    set({ enabled: true });

    batch(topic(ann), invitation(ann), removal(ann));
    expect(asked).toEqual(["state in lobby", "invite in lobby", "redaction in lobby"]);

    asked = [];
    const read = { ...topic(ann), fromTimeline: false } as Seen;
    batch(topic(me), invitation(me), removal(me), read, topic(ann, listA));
    expect(asked).toEqual([]);
  });

  test("is told whom moderators remove", () => {
    set({ enabled: true });
    batch(kick);

    expect(asked).toEqual(["act in lobby"]);
  });

  test("is not told of what changed in a room before we knew who is in it", () => {
    set({ enabled: true });
    batch({ ...joining(lobby), membership: "leave" });
    batch(joining(lobby), topic(ann));

    expect(asked).toEqual([]);
  });

  test("is told what a membership event is, by what its author was in the room before", () => {
    set({ enabled: true });

    batch(inLobby("join"), inLobby("leave"), inLobby("knock"), inLobby("join"), inLobby("join"), said);

    expect(asked).toEqual([
      "profile in lobby",
      "leave in lobby",
      "knock in lobby",
      "join in lobby",
      "profile in lobby",
      "message in lobby",
    ]);
  });

  test("is asked about every protected room by the clock, where it is on", () => {
    set({ enabled: true });
    batch(tick);
    expect(asked).toEqual(["tick in lobby", "tick in hall"]);

    batch({
      kind: "settings-changed",
      change: { kind: "set-protection", protection: "scout", room: hall, values: { enabled: false } },
    });
    asked = [];
    batch(tick);
    expect(asked).toEqual(["tick in lobby"]);
  });

  test.each<SightingKind>([...eventKinds, "tick"])("is asked about what it watches alone: %s", (kind) => {
    const kinds: string[] = [];
    const watcher = defineProtection({
      name: "scout",
      about: "Watches one kind.",
      settings: {},
      watches: [kind],
      warning: "",
      evaluate: (sighting) => void kinds.push(sighting.kind),
    });
    set({ enabled: true });

    asks(
      [watcher],
      ...[inLobby("join"), inLobby("leave"), inLobby("knock"), inLobby("join"), said, tick],
      ...[topic(ann), invitation(ann), removal(ann), kick, ...aReport],
    );

    expect(new Set(kinds)).toEqual(new Set([kind]));
  });

  test("finds nothing in what it does not watch, though somebody asked it", () => {
    const watcher = defineProtection({
      name: "watcher",
      about: "Watches leaves.",
      settings: {},
      watches: ["leave"],
      warning: "",
      evaluate: () => ({ sentence: "found", evidence: [] }),
    });

    expect(watcher.evaluate({ kind: "tick", room: lobby, at: now, world }, {})).toBeUndefined();
  });

  test("reads the same signals as the other detectors of the same event", () => {
    const read: unknown[] = [];
    const reader = (name: string) =>
      defineProtection({
        name,
        about: "Reads signals.",
        settings: {},
        watches: ["message"],
        warning: "",
        evaluate: (sighting) => void read.push(signals[0]?.of(sighting)),
      });
    for (const protection of ["one", "other"])
      batch({
        kind: "settings-changed",
        change: { kind: "set-protection", protection, values: { enabled: true } },
      });
    const longAgo: Seen = { ...said, event: { ...said.event, eventId: event("$before") } };
    batch(longAgo, { ...said, event: { ...said.event, eventId: event("$after") } });

    asks([reader("one"), reader("other")], said, longAgo);

    expect(read[0]).toHaveLength(3);
    expect(read[1]).toBe(read[0]);
  });
});

describe("a finding about a room", () => {
  const evidence = [
    { event: event("$1"), user: ann, room: lobby },
    { event: event("$2"), user: bob, room: lobby },
  ];
  beforeEach(() => {
    finds = { kind: "room", room: lobby, evidence };
    batch({ kind: "settings-changed", change: { kind: "unprotect", room: hall, excludes: false } });
  });

  test("is told, and its events are redacted", () => {
    set({ enabled: true, response: "redact" });

    expect(acts(tick)).toEqual([
      { kind: "redact", room: lobby, event: "$1", user: ann, reason: "scout" },
      { kind: "redact", room: lobby, event: "$2", user: bob, reason: "scout" },
    ]);
  });

  test("touches nobody by a response that fits people only; that is told", () => {
    set({ enabled: true, response: "warn+mute+kick+ban+list" });

    const made = batch(tick);

    expect(made.decisions).toEqual([]);
    expect(made.responses).toMatchObject([
      { unfit: ["warn", "mute", "kick", "ban", "list"], lacksList: false, isSpared: false },
    ]);
  });

  test("has no person in its cause", () => {
    set({ enabled: true, response: "redact" });

    expect(batch(tick).decisions[0]?.because).toEqual({
      kind: "finding",
      protection: "scout",
      incident: expect.stringMatching(/^\S{10,}$/),
      sentence: "as the test says",
    });
  });

  test("is answered with the next step when it is found again, and no person with it", () => {
    set({ enabled: true, response: "alert redact" });

    expect(acts(tick)).toEqual([]);
    now += 60_000;
    const again = batch(tick);

    expect(again.responses.map(({ isRepeat }) => isRepeat)).toEqual([true]);
    expect(again.decisions).toHaveLength(2);
    expect(world.offences.get("scout", { room: lobby })?.step).toBe(1);
    expect(world.offences.get("scout", { user: ann })).toBeUndefined();
  });
});

describe("a finding about a server", () => {
  const about = (name: string): FindingAbout => ({
    kind: "server",
    server: server(name),
    room: lobby,
    evidence: [{ event: event("$1"), user: ann, room: lobby }],
  });
  beforeEach(() => {
    batch({ kind: "settings-changed", change: { kind: "unprotect", room: hall, excludes: false } });
  });

  test("is a rule for the server, and bans nobody", () => {
    finds = about("x.test");
    set({ enabled: true, response: "redact+list" });

    expect(acts(tick)).toMatchObject([
      { kind: "redact", event: "$1" },
      {
        kind: "write-policy",
        list: listA,
        eventType: "m.policy.rule.server",
        content: { entity: "x.test", recommendation: "m.ban", reason: "scout: as the test says" },
      },
    ]);
  });

  test("does nothing where there is no list for it, and says so", () => {
    finds = about("x.test");
    set({ enabled: true, response: "list", list: "nothing" });

    const made = batch(tick);

    expect(made.decisions).toEqual([]);
    expect(made.responses).toMatchObject([{ lacksList: true, unfit: [] }]);
  });

  test.each<[string, string]>([
    ["our own", "example.org"],
    ["that of a moderator", "helpers.test"],
    ["one with somebody exempt", "exempt.test"],
  ])("is none about %s", (_whose, name) => {
    const [helper, friend] = [user("@helper:helpers.test"), user("@friend:exempt.test")];
    batch(live(desk, member(helper, "join")), live(lobby, member(friend, "join")));
    batch({
      kind: "settings-changed",
      change: { kind: "exempt", exemption: { entity: friend, reason: "", by: mod, at: 0 } },
    });
    finds = about(name);
    set({ enabled: true, response: "list" });

    expect(batch(tick).responses).toEqual([]);
  });
});

describe("a finding about accounts", () => {
  const accounts = [
    { user: ann, room: lobby, evidence: [event("$1")] },
    { user: bob, room: hall, evidence: [event("$2"), event("$3")] },
  ];
  beforeEach(() => {
    finds = { kind: "accounts", accounts };
    batch({ kind: "settings-changed", change: { kind: "unprotect", room: hall, excludes: false } });
    batch(live(lobby, state("m.room.power_levels", { users: { [me]: 100 } })));
  });

  test("is answered account by account, each where it was found, in one incident", () => {
    set({ enabled: true, response: "redact+kick" });

    const made = batch(tick);

    expect(made.decisions.map(({ action }) => action)).toMatchObject([
      { kind: "redact", room: lobby, event: "$1", user: ann },
      { kind: "kick", room: lobby, user: ann },
      { kind: "redact", room: hall, event: "$2", user: bob },
      { kind: "redact", room: hall, event: "$3", user: bob },
      { kind: "kick", room: hall, user: bob },
    ]);
    expect(new Set(made.responses.map(({ incident }) => incident)).size).toBe(1);
  });

  test("leaves out those who are immune", () => {
    batch(live(desk, member(ann, "join")));
    set({ enabled: true, response: "kick" });

    expect(acts(tick)).toMatchObject([{ kind: "kick", user: bob }]);
  });

  test("takes those a step further who were found before", () => {
    set({ enabled: true, response: "alert kick" });
    finds = { kind: "accounts", accounts: accounts.slice(0, 1) };
    batch(tick);
    now += 60_000;
    finds = { kind: "accounts", accounts };

    expect(acts(tick)).toMatchObject([{ kind: "kick", user: ann }]);
  });
});
