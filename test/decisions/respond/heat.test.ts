// What gives heat, how much of it, and which step follows.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { heat as heatProtection } from "../../../src/automod/heat.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { readRuleFiles } from "../../../src/automod/rule-files.ts";
import { respond } from "../../../src/decisions/respond/respond.ts";
import type { RoomId, ServerName, UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, desk, event, hall, live, lobby, member, user } from "../../support/make.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

const mod = user("@mod:example.org");
const ann = user("@ann:example.net");
const server = "example.net" as ServerName;

const file = `rule: offers
when: text has "nitro"
heat: 30
mode: act
---
rule: mentions
when: text.mentions
heat: { author: 20, server: 7 }
then: redact
mode: act
---
rule: fast
when: count messages by author in 1m > 2
heat: 10
mode: act
---
rule: joins
on: joins
when: author.name_length > 2
heat: 5
mode: act
`;
const own = readRuleFiles(["a.yaml"], () => file, []);

let world: World;
let registry: Registry;
let now: number;
let undone: string[];
let said: number;

beforeEach(() => {
  world = aWorld();
  registry = new Registry([], { own, code: [heatProtection] });
  now = 1_700_000_000_000;
  undone = [];
  said = 0;
  batch({ kind: "synced", token: "s0" });
  // They would count, too.
  for (const rule of ["joins", "fast"]) set({ enabled: false }, rule);
  batch(live(desk, member(mod, "join")), joined(ann));
  now += 2 * day;
  batch({ kind: "synced", token: "s1" });
  batch({ kind: "synced", token: "s2" });
  set({ enabled: true, mode: "act" });
});

function batch(...all: readonly Seen[]) {
  const seen = all.map((one) => ({ ...one, at: now, dueBy: now }));
  for (const one of seen) world.apply(one);
  const responding = {
    world,
    rulesInForce: new RulesInForce(world),
    registry,
    isUndone: (incident: string) => undone.includes(incident),
  };
  const made = respond({ seen, changes: world.takeChanges() }, responding);
  for (const offence of made.offences) world.apply({ kind: "offence", offence, at: now, dueBy: now });
  for (const changed of made.heat) world.apply({ kind: "heat", ...changed, at: now, dueBy: now });
  return made;
}

function set(values: SettingValues, protection = "heat", where?: RoomId) {
  const change = { kind: "set-protection", protection, values, ...(where ? { room: where } : {}) } as const;
  batch({ kind: "settings-changed", change });
}

const joined = (who: UserId, where: RoomId = lobby) => live(where, member(who, "join"));

function message(
  body: string,
  by = ann,
  { where = lobby, id = `$said-${++said}`, mentions = 0, agoMs = 0, late = false } = {},
): Seen {
  const content = {
    msgtype: "m.text",
    body,
    "m.mentions": { user_ids: Array.from({ length: mentions }, (_, i) => `@p${i}:hs.test`) },
  };
  return {
    kind: "message",
    room: where,
    late,
    event: { type: "m.room.message", sender: by, eventId: event(id), sentAt: now - agoMs, content },
  };
}

const heatNow = (who: UserId | ServerName = ann) => world.stored.heat.of(who, now);
/** Sentences of what the step of heat was about, and what was done. */
const steps = ({ responses, decisions }: ReturnType<typeof batch>) => [
  ...responses.filter(({ finding }) => finding.protection === "heat").map(({ finding }) => finding.sentence),
  ...decisions
    .filter(({ because }) => because.kind === "finding" && because.protection === "heat")
    .map(({ action }) => `${action.kind} ${"event" in action ? action.event : ""}`.trim()),
];
/** Each says something else, so that none is a copy. */
const nitro = (n: number) => `nitro ${"abcdefghijklmnopqrstuvwxyz"[n]!.repeat(30)}`;

describe("a hit gives heat", () => {
  test("without a word about it, and without a finding", () => {
    const made = batch(message("nitro"));

    expect(heatNow()).toBe(30);
    expect(made.responses).toEqual([]);
    expect(made.offences).toEqual([]);
    expect(made.hits.map(({ protection }) => protection)).toEqual(["offers"]);
  });

  test("besides what the rule does, and to the server, but not to ours", () => {
    const made = batch(
      message("hello", ann, { mentions: 1 }),
      message("hello", user("@bob:example.org"), { mentions: 1 }),
    );

    expect(made.decisions.map(({ action }) => action.kind)).toContain("redact");
    expect([heatNow(), heatNow(server), heatNow("example.org" as ServerName)]).toEqual([20, 7, 0]);
  });

  test("half of it where it is the same text again, while that is warm; short texts cannot be told apart", () => {
    const text = "free nitro for all of you here";
    batch(message(text));
    now += 5 * minute;
    batch(message(`${text}!`));
    expect(heatNow()).toBe(Math.round(30 / Math.SQRT2 + 15));
    now += 11 * minute;
    const before = heatNow();
    batch(message(text));
    expect(heatNow() - before).toBeGreaterThanOrEqual(29);

    const bob = user("@bob:example.net");
    batch(message("nitro", bob), message("nitro", bob));
    expect(heatNow(bob)).toBe(60);
  });

  test("once for one event, heard again with its text or not, and once for what grows out of it", () => {
    batch(message("nitro", ann, { id: "$one" }));
    batch(message("nitro", ann, { id: "$one" }));
    expect(heatNow()).toBe(30);

    set({ enabled: true }, "fast");
    const bob = user("@bob:example.net");
    for (let i = 0; i < 6; i++) batch(message(`hello ${i}`, bob));
    expect(heatNow(bob)).toBe(10);
    now += 3 * minute;
    for (let i = 0; i < 3; i++) batch(message(`hello ${i}`, bob));
    expect(world.stored.heat.get(bob)?.gains).toHaveLength(2);
  });

  test("as it has cooled on its way: where that was held up, else of a minute at most", () => {
    const bob = user("@bob:example.net");
    batch(
      message("nitro", ann, { agoMs: 20 * minute }),
      message("nitro", bob, { agoMs: 20 * minute, late: true }),
    );
    expect([heatNow(), heatNow(bob)]).toEqual([Math.round(30 * 2 ** -0.1), Math.round(30 / 4)]);
    batch(message("nitro", ann, { agoMs: -day }));
    expect(heatNow()).toBe(Math.round(30 * 2 ** -0.1 + 30));
  });

  test("less of whom we know, and nothing of the staff", () => {
    batch(message("hello"));
    for (let i = 0; i < 2; i++) {
      now += day;
      batch(message("hello"));
    }
    batch(message("nitro"), message("nitro", mod));
    expect([heatNow(), heatNow(mod)]).toEqual([15, 0]);
    for (let i = 0; i < 20; i++) {
      now += day;
      batch(message("hello"));
    }
    batch(message("nitro"));
    expect(heatNow()).toBe(Math.round(30 / 4));
  });

  test.each(["shadow", "alert", "ask"])("but not in mode %s", (mode) => {
    set({ mode }, "offers");
    set({ mode }, "mentions");
    const made = batch(message("nitro", ann, { mentions: 1 }));

    expect(heatNow()).toBe(0);
    expect(made.responses.map((one) => [one.finding.protection, one.mode, one.heat])).toEqual(
      mode === "shadow"
        ? []
        : [
            ["offers", "alert", 30],
            ["mentions", mode, 20],
          ],
    );
  });

  test("known to rules that look at a later batch", () => {
    const asking = readRuleFiles(
      ["a.yaml"],
      () => `${file}---\nrule: warm\nwhen: author.heat > 20\nthen: alert\nmode: alert\n`,
      [],
    );
    registry = new Registry([], { own: asking });
    expect(batch(message("nitro")).responses).toEqual([]);
    expect(batch(message("hello")).responses.map(({ finding }) => finding.sentence)).toEqual([
      "heat 30 before",
    ]);
  });
});

describe("steps", () => {
  test("are taken by heat, with what gave it in the room, over all rooms", () => {
    batch(joined(ann, hall), message(nitro(0), ann, { where: hall }));
    expect(steps(batch(message(nitro(1), ann, { id: "$b" })))).toEqual(["heat 60: offers 60", "hold $b"]);
    expect(steps(batch(message(nitro(2), ann, { id: "$c" })))).toEqual([
      "heat 90: offers 90",
      "redact $c",
      "mute",
    ]);
  });

  test("that were taken are not taken again, and what follows is still removed with them", () => {
    batch(message(nitro(0), ann, { id: "$a" }));
    expect(steps(batch(message(nitro(1), ann, { id: "$b" })))).toHaveLength(3);
    now += 3 * minute;
    expect(steps(batch(message("hello", ann, { id: "$c" })))).toEqual([]);
    expect(steps(batch(message(nitro(3), ann, { id: "$d" })))).toEqual(["hold $d"]);
  });

  test("come again when the heat has fallen under three quarters of them", () => {
    batch(message(nitro(0)), message(nitro(1)));
    now += 9 * minute;
    // 60 became 32: under three quarters of 60, not of 40.
    expect(steps(batch(message("hello", ann, { mentions: 1 })))).toEqual([]);
    const [sentence] = steps(batch(message(nitro(2))));
    expect(sentence).toContain("heat 82");
    now += 40 * minute;
    expect(steps(batch(message(nitro(3)), message(nitro(4), ann, { id: "$again" }))).slice(-1)).toEqual([
      "hold $again",
    ]);
  });

  test("are forgotten where the heat fell under all of them meanwhile", () => {
    batch(message(nitro(0)), message(nitro(1)));
    now += 20 * minute;
    expect(steps(batch(message("hello", ann, { mentions: 1 })))).toEqual([]);
    expect(steps(batch(message(nitro(2), ann, { id: "$b" })))[0]).toContain("heat 65");
  });

  test("of regulars end where the setting says", () => {
    for (let i = 0; i < 20; i++) {
      batch(message("hello"));
      now += day;
    }
    const many = Array.from({ length: 16 }, (_, n) => message(nitro(n)));
    const made = batch(...many);
    expect(heatNow()).toBeGreaterThan(110);
    expect(steps(made).filter((one) => one === "mute")).toEqual([]);
    expect(steps(made)).toContain("hold $said-36");
    set({ regularsUpTo: 1_000 });
    expect(steps(batch(message(nitro(20))))).toContain("mute");
  });

  test("only tell, ask or look, as heat is set, and act anew when it acts", () => {
    set({ mode: "shadow" });
    const shadow = batch(message(nitro(0)), message(nitro(1)), message(nitro(2)));
    expect(steps(shadow)).toEqual([]);
    expect(
      shadow.hits.filter(({ protection }) => protection === "heat").map(({ sentence }) => sentence),
    ).toEqual(["heat 60: offers 60", "heat 90: offers 90"]);
    set({ mode: "alert" });
    expect(steps(batch(message("hello", ann, { mentions: 1 })))).toEqual([
      "heat 110: offers 90, mentions 20",
    ]);
    set({ mode: "ask" });
    const asked = batch(message(nitro(3)));
    expect(asked.decisions.map(({ because }) => because.kind === "finding" && because.asks)).toContain(true);
    set({ mode: "act" });
    expect(steps(batch(message(nitro(4), ann, { id: "$last" })))).toContain("redact $last");
  });

  test("count as offences where they do something, not where they hold or warn", () => {
    const times = () => world.offences.timesFound(ann, { at: now, withinMs: day });
    expect(steps(batch(message(nitro(0)), message(nitro(1), ann, { id: "$held" })))).toContain("hold $held");
    expect(times()).toBe(0);

    expect(steps(batch(message(nitro(2))))).toContain("mute");
    expect(times()).toBeGreaterThan(0);
  });

  test("are taken back with the heat that led to them", () => {
    batch(message(nitro(0)));
    const made = batch(message(nitro(1)));
    const [incident] = made.responses.map((one) => one.incident);
    undone = [incident!];
    expect(steps(batch(message(nitro(2))))).toEqual([]);
    world.apply({ kind: "forgiven", incidents: undone, at: now, dueBy: now });
    expect(heatNow()).toBeLessThanOrEqual(30);
  });

  test("are not taken where heat is off, and are as the settings say", () => {
    set({ enabled: false });
    expect(steps(batch(message(nitro(0)), message(nitro(1))))).toEqual([]);
    set({ enabled: true }, "joins");
    set({ enabled: true, steps: "4", response: "redact+kick" });
    const guest = user("@guest:example.net");
    expect(steps(batch(joined(guest)))).toEqual([
      "heat 5: joins 5",
      expect.stringMatching(/^redact/),
      "kick",
    ]);
  });
});
