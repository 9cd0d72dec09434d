// Holding, and what a moderator says of it, act by act.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { defineProtection } from "../../../src/automod/define.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { goOn, stepAfter } from "../../../src/decisions/respond/go-on.ts";
import { respond } from "../../../src/decisions/respond/respond.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide } from "../../../src/model/decision.ts";
import type { FindingAbout } from "../../../src/model/finding.ts";
import type { UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import { eventKinds } from "../../../src/model/signals/sighting.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, desk, event, hall, live, lobby, member, server, state, user } from "../../support/make.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:x.test");
const bob = user("@bob:x.test");

let world: World;
let now: number;
let finds: FindingAbout | undefined;

const scout = defineProtection({
  name: "scout",
  about: "Finds what the test says.",
  settings: {},
  watches: [...eventKinds, "tick"],
  warning: "Please do not.",
  response: "hold redact+warn redact+ban",
  reply: "Please see the topic.",
  evaluate: () => finds && { about: finds, sentence: "as the test says" },
});

beforeEach(() => {
  world = aWorld();
  now = 1_700_000_000_000;
  finds = undefined;
  batch(live(desk, member(mod, "join")), live(lobby, member(ann, "join")), live(lobby, member(bob, "join")));
  set({ enabled: true });
  // One look at each tick.
  batch({
    kind: "settings-changed",
    change: { kind: "set-protection", protection: "scout", room: hall, values: { enabled: false } },
  });
});

function batch(...all: readonly Seen[]) {
  now += 1_000;
  const seen = all.map((one) => ({ ...one, at: now, dueBy: now }));
  for (const one of seen) world.apply(one);
  const made = respond(
    { seen, changes: world.takeChanges() },
    {
      world,
      rulesInForce: new RulesInForce(world),
      registry: new Registry([], { code: [scout] }),
      isUndone: () => false,
    },
  );
  for (const offence of made.offences) world.apply({ kind: "offence", offence, at: now, dueBy: now });
  return made;
}

function set(values: SettingValues): void {
  batch({ kind: "settings-changed", change: { kind: "set-protection", protection: "scout", values } });
}

function done(action: Action): void {
  const because = { kind: "finding", protection: "scout", incident: "inc", sentence: "" } as const;
  const decision = decide(action, because, { at: now, replaces: "" });
  batch({ kind: "outcome", outcome: { decision, result: { kind: "done" } } });
}

const tick: Seen = { kind: "tick", retryRooms: false };
const acts = () => batch(tick).decisions.map(({ action }) => action);
const kinds = () => acts().map(({ kind }) => kind);
const about = (who: UserId, ...evidence: readonly string[]): FindingAbout => ({
  kind: "person",
  user: who,
  room: lobby,
  evidence: evidence.map(event),
});
const hold = (id: string, who = ann) => ({
  kind: "hold",
  room: lobby,
  event: event(id),
  user: who,
  reason: "scout",
  again: "A moderator has looked: your message was held by mistake. Please send it again.",
});
const later = (ms: number) => (now += ms);

describe("hold", () => {
  test("removes what it is about, and mutes nobody", () => {
    finds = about(ann, "$1", "$2");

    expect(acts()).toEqual([hold("$1"), hold("$2")]);
  });

  test("removes once where the step says redact, too", () => {
    set({ response: "redact+hold" });
    finds = about(ann, "$1");

    expect(acts()).toEqual([hold("$1")]);
  });

  test("mutes whoever was held there within ten minutes, for holdFor", () => {
    set({ response: "hold" });
    finds = about(ann, "$1");
    done(acts()[0]!);
    later(20_000);
    finds = about(ann, "$2");

    expect(acts()).toEqual([
      hold("$2"),
      expect.objectContaining({ kind: "mute", room: lobby, user: ann, until: now + 12 * 3_600_000 }),
    ]);
  });

  test.each([
    ["ten minutes later", 601_000, ann, lobby],
    ["somebody else", 20_000, bob, lobby],
    ["elsewhere", 20_000, ann, hall],
  ] as const)("mutes nobody: %s", (_what, ms, who, room) => {
    set({ response: "hold" });
    finds = about(ann, "$1");
    done(acts()[0]!);
    finds = undefined;
    batch(live(hall, member(ann, "join")));
    later(ms);
    finds = { kind: "person", user: who, room, evidence: [event("$2")] };

    expect(kinds()).toEqual(["hold"]);
  });

  test("what comes late for it is held, too, and counts as no repeat", () => {
    finds = about(ann, "$1");
    done(acts()[0]!);
    finds = about(ann, "$2");

    expect(acts()).toEqual([hold("$2")]);
  });

  test("holds the messages that a finding about a room or a server is about", () => {
    const evidence = [{ room: lobby, user: bob, event: event("$1") }];
    finds = { kind: "room", room: lobby, evidence };
    expect(acts()).toEqual([hold("$1", bob)]);
    finds = { kind: "server", server: server("x.test"), room: lobby, evidence };
    expect(acts()).toEqual([hold("$1", bob)]);
  });

  test("does nothing while it only tells", () => {
    set({ alertOnly: true });
    finds = about(ann, "$1");

    expect(acts()).toEqual([]);
  });

  test("leaves alone whom a moderator let through, for a day, and no longer", () => {
    finds = about(ann, "$1");
    const incident = batch(tick).responses[0]!.incident;
    const person = { user: ann, room: lobby, step: 0, first: 1, sentence: "" };
    const held = {
      kind: "held",
      protection: "scout",
      incident,
      people: [person],
      messages: 1,
      next: "",
    } as const;
    const say = { text: "", html: "" };
    const question = {
      id: 1,
      about: held,
      say,
      askedAt: now,
      expiresAt: now + 1,
      message: undefined,
      told: 1,
      answer: undefined,
    };
    batch({ kind: "asked", question }, { kind: "answered", question: 1, yes: true, by: mod });

    later(60_000);
    expect(kinds()).toEqual([]);
    finds = about(bob, "$2");
    expect(kinds()).toEqual(["hold"]);
    later(86_400_000);
    finds = about(ann, "$3");
    expect(kinds()).toEqual(["hold"]);
  });
});

describe("reply", () => {
  test("says its text in the room, and rests for ten minutes once it is said", () => {
    set({ response: "reply" });
    finds = about(ann, "$1");
    const said = { kind: "post", room: lobby, text: "Please see the topic.", users: [], key: "reply" };

    const [first] = acts();
    expect(first).toEqual(said);
    done(first!);
    later(60_000);
    expect(kinds()).toEqual([]);
    later(600_000);
    expect(acts()).toEqual([said]);
  });

  test("says nothing without a text", () => {
    set({ response: "reply", reply: "" });
    finds = about(ann, "$1");

    expect(acts()).toEqual([]);
  });
});

describe("after the question", () => {
  const person = (who = ann, step = 0) => ({ user: who, room: lobby, step, first: 1, sentence: "a link" });
  const going = (isBan = false) => ({
    world,
    rulesInForce: new RulesInForce(world),
    protection: scout,
    incident: "inc",
    by: mod,
    isBan,
    at: now,
  });

  test("a no goes on with the next step, but for what was removed already, and counts as that step", () => {
    const { decisions, offences } = goOn([person()], going());

    expect(decisions.map(({ action }) => action)).toEqual([
      { kind: "warn", room: lobby, user: ann, text: "Please do not." },
    ]);
    expect(decisions[0]!.because).toMatchObject({ kind: "finding", incident: "inc", by: mod });
    expect(offences).toMatchObject([{ user: ann, step: 1 }]);
  });

  test("a ban is for every protected room, where there is no list to write to", () => {
    batch(live(hall, member(ann, "join")));

    const { decisions } = goOn([person()], going(true));

    expect(decisions.map(({ action }) => [action.kind, "room" in action && action.room])).toEqual([
      ["ban", lobby],
      ["ban", hall],
    ]);
  });

  test("nobody is hit who is spared by now", () => {
    batch(live(desk, member(ann, "join")));
    batch(live(lobby, state("m.room.power_levels", { users: { [bob]: 50 } })));

    expect(goOn([person(), person(bob)], going(true)).decisions).toEqual([]);
  });

  test("what follows a step, as it is said", () => {
    expect(stepAfter(0, "hold redact+mute redact+ban")).toEqual(["mute"]);
    expect(stepAfter(1, "hold redact+mute redact+ban")).toEqual(["ban"]);
    expect(stepAfter(0, "hold")).toEqual([]);
    expect(stepAfter(5, "hold redact+ban")).toEqual([]);
    expect(stepAfter(0, "hold hold")).toEqual([]);
  });
});
