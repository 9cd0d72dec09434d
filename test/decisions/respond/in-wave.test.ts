// What protections find of members of a wave: it joins the wave, and nobody is muted, warned or removed alone.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { defineProtection } from "../../../src/automod/define.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { respond } from "../../../src/decisions/respond/respond.ts";
import { occasionOf, decide } from "../../../src/model/decision.ts";
import type { FindingAbout } from "../../../src/model/finding.ts";
import type { UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import { eventKinds } from "../../../src/model/signals/sighting.ts";
import type { Wave } from "../../../src/model/waves.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { shipped } from "../../../src/protections/shipped.ts";
import { aWorld, desk, event, live, lobby, member, user } from "../../support/make.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:x.test");
const one = user("@a7f3:evil.test");

let world: World;
let now: number;
let finds: FindingAbout | undefined;

const scout = defineProtection({
  name: "scout",
  about: "Finds what the test says.",
  settings: {},
  watches: [...eventKinds, "tick"],
  warning: "Please do not.",
  response: "redact+warn+mute",
  evaluate: () => finds && { about: finds, sentence: "as the test says" },
});

function batch(...all: readonly Seen[]) {
  now += 1_000;
  const seen = all.map((seenNow) => ({ ...seenNow, at: now, dueBy: now }));
  for (const observation of seen) world.apply(observation);
  const made = respond(
    { seen, changes: world.takeChanges() },
    {
      world,
      rulesInForce: new RulesInForce(world),
      registry: new Registry(shipped, { code: [scout] }),
      isUndone: () => false,
    },
  );
  for (const offence of made.offences) world.apply({ kind: "offence", offence, at: now, dueBy: now });
  return made;
}

const set = (values: SettingValues, protection = "scout") =>
  batch({ kind: "settings-changed", change: { kind: "set-protection", protection, values } });
const wave = (change: Partial<Wave> = {}) =>
  batch({
    kind: "wave",
    wave: {
      ...{ id: "wave", stage: "harmful", firstAt: now, lastAt: now, reachedAt: {}, accounts: 9, spoke: 9 },
      shares: [],
      ...change,
    },
    members: [{ wave: "wave", user: one, bits: 20, rooms: [lobby], messages: [] }],
    left: [],
  });
const judged = (is: "fine" | "clean") =>
  batch({
    kind: "settings-changed",
    change: { kind: "judge-wave", wave: "wave", verdict: { is, by: mod, at: now } },
  });
/** What follows of a finding about them, as one look at a room by the clock. */
const found = (who: UserId = one) => {
  finds = { kind: "person", user: who, room: lobby, evidence: [event("$1")] };
  const made = batch({ kind: "tick", retryRooms: false });
  const ours = made.decisions.filter(({ because }) => because.kind === "finding");
  return {
    ...made,
    kinds: [...new Set(ours.map(({ action }) => action.kind))],
    incidents: [...new Set(ours.map(({ because }) => occasionOf(because)))],
  };
};

beforeEach(() => {
  world = aWorld();
  now = 1_700_000_000_000;
  finds = undefined;
  batch(live(desk, member(mod, "join")), live(lobby, member(ann, "join")), live(lobby, member(one, "join")));
  for (const rule of ["wave-recognised", "wave-harmful"]) set({ enabled: true }, rule);
  set({ enabled: true });
});

describe("a member of a wave", () => {
  test.each(["recognised", "harmful"] as const)(
    "that is %s is neither muted nor warned: what they wrote goes",
    (stage) => {
      wave({ stage });

      expect(found()).toMatchObject({ kinds: ["redact"], incidents: ["wave"] });
    },
  );

  test("is not muted for a second message that is held", () => {
    set({ response: "hold" });
    wave({ stage: "recognised" });
    const because = { kind: "finding", protection: "scout", incident: "wave", sentence: "" } as const;
    const [hold] = found().decisions.map(({ action }) => decide(action, because, { at: now, replaces: "" }));
    batch({ kind: "outcome", outcome: { decision: hold!, result: { kind: "done" } } });

    expect(found().kinds).not.toContain("mute");
  });

  test("is not asked about alone", () => {
    set({ mode: "ask" });
    wave({ stage: "recognised" });

    expect(found().decisions).toEqual([]);
  });

  test("who would have been muted is told to whom recognises waves, and one whose message waits is not", () => {
    wave({ stage: "recognised" });

    expect([...found().joined]).toEqual([one]);
    set({ response: "hold" });
    expect([...found().joined]).toEqual([]);
  });

  test("meets what the rules for waves say, whatever that is", () => {
    set({ response: "redact+ban" }, "wave-harmful");
    wave();
    set({ enabled: false });
    const message: Seen = {
      kind: "message",
      room: lobby,
      late: false,
      event: {
        ...{ type: "m.room.message", sender: one, eventId: event("$said"), sentAt: now },
        content: { msgtype: "m.text", body: "hello" },
      },
    };

    expect(batch(message).decisions.map(({ action }) => action.kind)).toEqual(["redact", "ban"]);
  });
});

describe("somebody is muted and warned as ever", () => {
  const asEver = { kinds: ["redact", "warn", "mute"] };

  test("who is of no wave", () => {
    wave();

    expect(found(ann)).toMatchObject(asEver);
  });

  test.each<[string, () => unknown]>([
    ["that is only suspected", () => wave({ stage: "suspected" })],
    ["whose people are fine", () => [wave(), judged("fine")]],
    ["that is over and did no harm", () => wave({ stage: "recognised", endedAt: now })],
  ])("who is of a wave %s, in an incident of their own", (_what, is) => {
    is();

    expect(found()).toMatchObject(asEver);
    expect(found().incidents).not.toContain("wave");
  });

  test("whom a moderator excused", () => {
    wave();
    batch({ kind: "settings-changed", change: { kind: "excuse", user: one, at: now } });

    expect(found()).toMatchObject(asEver);
  });

  test("where no rule for waves acts, and the room is not closed to it", () => {
    set({ enabled: false }, "wave-harmful");
    wave();

    expect(found()).toMatchObject({ ...asEver, incidents: ["wave"] });
  });

  test("where the wave is asked about first, and the rule for what counts as recognised is off", () => {
    set({ enabled: false }, "wave-recognised");
    wave({ asksFirst: "cold" });

    expect(found()).toMatchObject(asEver);
  });
});

test("where the room is closed to the wave, no rule for waves is needed", () => {
  set({ enabled: false }, "wave-harmful");
  wave();
  const because = { kind: "finding", protection: "wave-harmful", incident: "wave", sentence: "" } as const;
  batch({
    kind: "contained",
    contained: {
      ...{ room: lobby, key: "acl", because, at: now, stayMs: 600_000, waves: ["wave"] },
      changes: [{ path: ["deny", "evil.test"], ours: true }],
    },
  });

  expect(found()).toMatchObject({ kinds: ["redact"], incidents: ["wave"] });
});
