// What follows a finding: who is left alone, which step of the ladder, and what belongs to one incident.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { respond } from "../../../src/decisions/respond/respond.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import type { RoomId, UserId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { heat } from "../../../src/automod/heat.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { shipped } from "../../../src/protections/shipped.ts";
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
  state,
  user,
} from "../../support/make.ts";

const registry = new Registry(shipped, { code: [heat] });

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const mod = user("@mod:example.org");
const ann = user("@ann:example.net");
const bob = user("@bob:example.net");

let world: World;
let now: number;
/** Incidents that a moderator took back. */
let undone: string[];
let count: number;

beforeEach(() => {
  world = aWorld();
  now = 1_700_000_000_000;
  undone = [];
  count = 0;
  batch({ kind: "synced", token: "s0" });
  batch(live(desk, member(mod, "join")), joined(ann), joined(bob));
  // Past the time in which what was said while we were away arrives.
  now += 2 * day;
  batch({ kind: "synced", token: "s1" });
  batch({ kind: "synced", token: "s2" });
});

/** Everything reaches us at once, and the world believes it, as in one step of the bot. */
function batch(...all: readonly Seen[]) {
  const seen = all.map((one) => ({ ...one, at: now, dueBy: now }));
  for (const one of seen) world.apply(one);
  const made = respond(
    { seen, changes: world.takeChanges() },
    {
      world,
      rulesInForce: new RulesInForce(world),
      registry,
      isUndone: (incident) => undone.includes(incident),
    },
  );
  for (const offence of made.offences) world.apply({ kind: "offence", offence, at: now, dueBy: now });
  return made;
}

const acts = (...all: readonly Seen[]) => batch(...all).decisions.map(({ action }) => inWords(action));

const words: ReadonlyMap<RoomId, string> = new Map([
  [lobby, "lobby"],
  [hall, "hall"],
  [listA, "list-a"],
  [listB, "list-b"],
]);

function inWords(action: Action): string {
  switch (action.kind) {
    case "redact":
      return `redact ${action.event} in ${words.get(action.room)}`;
    case "ban":
      return `ban ${action.user} in ${words.get(action.room)}${action.redacts ? ", redacting" : ""}`;
    case "warn":
    case "kick":
    case "mute":
      return `${action.kind} ${action.user} in ${words.get(action.room)}`;
    case "write-policy":
      return `write ${String(action.content["entity"])} to ${words.get(action.list)}`;
    default:
      return action.kind;
  }
}

const joined = (who: UserId, where: RoomId = lobby) => live(where, member(who, "join"));

function said(
  by: UserId,
  { where = lobby, id, mentions = 0 }: { where?: RoomId; id?: string; mentions?: number } = {},
): Seen {
  count++;
  return {
    kind: "message",
    room: where,
    late: false,
    event: {
      type: "m.room.message",
      sender: by,
      eventId: event(id ?? `$said-${count}`),
      sentAt: now,
      content: {
        msgtype: "m.text",
        body: "hello",
        "m.mentions": { user_ids: Array.from({ length: mentions }, (_, i) => `@p${i}:hs.test`) },
      },
    },
  };
}

/** One message that mention-limit finds. */
const mass = (by: UserId, id: string, where: RoomId = lobby) => said(by, { where, id, mentions: 11 });

function set(values: SettingValues, protection = "mention-limit", where?: RoomId) {
  const change = { kind: "set-protection", protection, values, ...(where ? { room: where } : {}) } as const;
  batch({ kind: "settings-changed", change });
}

const change = (one: Extract<Seen, { kind: "settings-changed" }>["change"]) =>
  batch({ kind: "settings-changed", change: one });

const levels = (users: Readonly<Record<string, number>>, where: RoomId = lobby) =>
  batch(
    live(where, state("m.room.power_levels", { users: { [me]: 100, "@mod:example.org": 100, ...users } })),
  );

/** Somebody who speaks on many days is a regular. */
function becomesRegular(who: UserId) {
  for (let i = 0; i < 16; i++) {
    batch(said(who));
    now += day;
  }
}

describe("what is looked at", () => {
  test("is nothing while the protection is off", () => {
    expect(acts(mass(ann, "$1"))).toEqual([]);
  });

  test("is what is said in protected rooms, and nowhere else", () => {
    const elsewhere = room("!elsewhere:example.org");
    set({ enabled: true, response: "redact" });

    expect(acts(mass(ann, "$1", elsewhere))).toEqual([]);
    expect(acts(mass(ann, "$2", lobby))).toEqual(["redact $2 in lobby"]);
  });

  test("is the room where the protection is on, with the settings of that room", () => {
    set({ enabled: true, response: "warn" }, "mention-limit", hall);
    set({ response: "redact" }, "mention-limit");

    expect(acts(mass(ann, "$1", lobby))).toEqual([]);
    expect(acts(mass(ann, "$2", hall))).toEqual([`warn ${ann} in hall`]);
  });

  test("is nothing until we know who is in the management room", () => {
    set({ enabled: true, response: "redact" });
    const nobodyKnown = room("!other-desk:example.org");
    change({ kind: "use-management-room", room: nobodyKnown });

    expect(acts(mass(ann, "$1"))).toEqual([]);
  });

  test.each<[string, number, string[]]>([
    ["new names of oneself", 11, [`mute ${ann} in lobby`]],
    ["new names within the limit", 10, []],
  ])("counts %s: %d", (_what, times, expected) => {
    set({ enabled: true, response: "mute" }, "flood");

    expect(acts(...Array.from({ length: times }, () => joined(ann)))).toEqual(expected);
  });

  test("counts coming and going, and not what others do to somebody", () => {
    set({ enabled: true, response: "mute" }, "flood");
    const by = (who: UserId, i: number) =>
      live(lobby, member(ann, i % 2 === 0 ? "leave" : "join", { by: who }));

    expect(acts(...Array.from({ length: 12 }, (_, i) => by(mod, i)))).toEqual([]);
    expect(acts(...Array.from({ length: 12 }, (_, i) => by(ann, i)))).toEqual([`mute ${ann} in lobby`]);
  });

  test("counts no state that a server tells outside of the timeline", () => {
    set({ enabled: true, response: "mute" }, "flood");
    const told = Array.from({ length: 12 }, (): Seen => {
      const one = joined(ann);
      return one.kind === "state" ? { ...one, fromTimeline: false } : one;
    });

    expect(acts(...told)).toEqual([]);
  });

  test("is each message by what was said until then, though the whole batch is believed already", () => {
    set({ enabled: true, response: "redact" });

    expect(acts(mass(ann, "$1"), said(ann), said(ann))).toEqual(["redact $1 in lobby"]);
  });

  test("is all of a batch that holds more of one person than is remembered", () => {
    set({ enabled: true, response: "redact" }, "flood");

    const redacted = acts(...Array.from({ length: 700 }, (_, i) => said(ann, { id: `$m${i}` })));

    expect(new Set(redacted)).toEqual(
      new Set(Array.from({ length: 700 }, (_, i) => `redact $m${i} in lobby`)),
    );
  });
});

describe("the responses", () => {
  test.each<[string, string[]]>([
    ["alert", []],
    ["redact", ["redact $1 in lobby"]],
    ["warn", [`warn ${ann} in lobby`]],
    ["mute", [`mute ${ann} in lobby`]],
    ["kick", [`kick ${ann} in lobby`]],
    ["ban", [`ban ${ann} in lobby`]],
    ["redact+ban", ["redact $1 in lobby", `ban ${ann} in lobby`]],
    ["list", [`write ${ann} to list-a`, `ban ${ann} in hall`, `ban ${ann} in lobby`]],
  ])("%s", (response, expected) => {
    batch(joined(ann, hall));
    change({ kind: "set-default-list", list: listA });
    set({ enabled: true, response, repeatHours: 1 });

    expect(acts(mass(ann, "$1"))).toEqual(expected);
  });

  test("have the finding, and for a list's bans the list, as their cause", () => {
    change({ kind: "set-default-list", list: listA });
    set({ enabled: true, response: "warn+list" });

    const causes = batch(mass(ann, "$1")).decisions.map(({ because }) => because);

    const finding = {
      kind: "finding",
      protection: "mention-limit",
      incident: expect.stringMatching(/^\S{10,}$/),
      user: ann,
      sentence: "11 people mentioned in one message",
    };
    expect(causes).toEqual([finding, finding, { ...finding, list: listA }]);
  });

  test("give a reason that holds nothing of what was said", () => {
    set({ enabled: true, response: "kick" });

    const [decision] = batch(mass(ann, "$1")).decisions;

    expect(decision?.action).toMatchObject({ reason: "mention-limit: 11 people mentioned in one message" });
  });

  test.each<[string, string]>([
    ["30m", "for half an hour"],
    ["", "without an end"],
  ])("mute: %p is %s", (muteFor) => {
    set({ enabled: true, response: "mute", muteFor });

    const [decision] = batch(mass(ann, "$1")).decisions;

    expect(decision?.action).toEqual({
      kind: "mute",
      room: lobby,
      user: ann,
      reason: "mention-limit: 11 people mentioned in one message",
      level: -1,
      before: undefined,
      ...(muteFor === "" ? {} : { until: now + 30 * minute }),
    });
  });

  test("mute nobody who is silent already", () => {
    set({ enabled: true, response: "redact+mute" });
    levels({ [ann]: -1 });

    expect(acts(mass(ann, "$1"))).toEqual(["redact $1 in lobby"]);
  });

  test("ban with redaction (MSC4293) newcomers alone, and only where redacting is asked for", () => {
    const [carl, dora] = [user("@carl:example.net"), user("@dora:example.net")];
    batch(joined(carl), joined(dora));
    now += second;

    set({ enabled: true, response: "redact+ban" });
    expect(acts(mass(ann, "$1"), mass(carl, "$2"))).toEqual([
      "redact $1 in lobby",
      `ban ${ann} in lobby`,
      "redact $2 in lobby",
      `ban ${carl} in lobby, redacting`,
    ]);
    set({ response: "ban" });
    expect(acts(mass(dora, "$3"))).toEqual([`ban ${dora} in lobby`]);
  });

  test("ban with redaction only where somebody was found, though the list's rule bans them everywhere", () => {
    const carl = user("@carl:example.net");
    batch(joined(carl), joined(carl, hall));
    change({ kind: "set-default-list", list: listA });
    set({ enabled: true, response: "redact+list" });

    expect(acts(mass(carl, "$1"))).toEqual([
      "redact $1 in lobby",
      `write ${carl} to list-a`,
      `ban ${carl} in hall`,
      `ban ${carl} in lobby, redacting`,
    ]);
  });

  test("write to the list that is named, by its shortcode", () => {
    batch(live(listB, state("org.matrix.mjolnir.shortcode", { shortcode: "spam" })));
    change({ kind: "set-default-list", list: listA });
    set({ enabled: true, response: "list", list: "spam" });

    expect(acts(mass(ann, "$1"))).toEqual([`write ${ann} to list-b`, `ban ${ann} in lobby`]);
  });

  test.each<[string, () => void]>([
    ["is none by default", () => {}],
    ["has another name", () => set({ list: "nothing" })],
    [
      "is not ours to write",
      () => {
        change({ kind: "set-default-list", list: listA });
        levels({ [me]: 10 }, listA);
      },
    ],
  ])("ban in the room alone where a list %s, and say so", (_why, arrange) => {
    set({ enabled: true, response: "list" });
    arrange();

    const made = batch(mass(ann, "$1"));

    expect(made.decisions.map(({ action }) => inWords(action))).toEqual([`ban ${ann} in lobby`]);
    expect(made.responses.map(({ lacksList }) => lacksList)).toEqual([true]);
  });

  test("are told and not done where the protection only tells, and count as done for the next time", () => {
    set({ enabled: true, response: "redact mute", alertOnly: true });

    const first = batch(mass(ann, "$1"));
    now += hour;
    const second = batch(mass(ann, "$2"));

    expect([...first.decisions, ...second.decisions]).toEqual([]);
    expect([...first.responses, ...second.responses].map(({ responses }) => responses)).toEqual([
      ["redact"],
      ["mute"],
    ]);
  });
});

describe("never found", () => {
  test.each<[string, () => void, readonly string[]]>([
    ["nobody special", () => {}, ["redact $1 in lobby"]],
    ["a moderator", () => batch(live(desk, member(ann, "join"))), []],
    ["somebody invited to be one", () => batch(live(desk, member(ann, "invite", { by: mod }))), []],
    [
      "somebody exempt",
      () => change({ kind: "exempt", exemption: { entity: ann, reason: "", by: mod, at: 0 } }),
      [],
    ],
    [
      "somebody on an exempt server",
      () => change({ kind: "exempt", exemption: { entity: "example.net", reason: "", by: mod, at: 0 } }),
      [],
    ],
    ["somebody with a level above the usual there", () => levels({ [ann]: 1 }), []],
    [
      "somebody with such a level elsewhere (who is)",
      () => levels({ [ann]: 1 }, hall),
      ["redact $1 in lobby"],
    ],
    ["somebody with a level below the usual (who is)", () => levels({ [ann]: -1 }), ["redact $1 in lobby"]],
  ])("%s", (_who, arrange, expected) => {
    set({ enabled: true, response: "redact" });
    arrange();

    expect(acts(mass(ann, "$1"))).toEqual(expected);
  });

  test("we ourselves", () => {
    set({ enabled: true, response: "redact" });

    expect(acts(mass(me, "$1"))).toEqual([]);
  });

  test("people who have been in the room for long, where only newcomers are looked at", () => {
    const carl = user("@carl:example.net");
    batch(joined(carl));
    now += second;
    set({ enabled: true, response: "redact", newcomersOnly: true, newcomerHours: 2 });

    expect(acts(mass(ann, "$1"), mass(carl, "$2"))).toEqual(["redact $2 in lobby"]);
    now += 2 * hour;
    expect(acts(mass(carl, "$3"))).toEqual([]);
  });
});

describe("a regular", () => {
  test.each<[string, readonly string[], boolean]>([
    ["redact", ["redact $1 in lobby"], false],
    ["mute", [`mute ${ann} in lobby`], false],
    ["kick", [`mute ${ann} in lobby`], true],
    ["ban", [`mute ${ann} in lobby`], true],
    ["list", [`mute ${ann} in lobby`], true],
    ["redact+mute+ban", ["redact $1 in lobby", `mute ${ann} in lobby`], true],
  ])("is never removed: %s", (response, expected, isSpared) => {
    becomesRegular(ann);
    change({ kind: "set-default-list", list: listA });
    set({ enabled: true, response });

    const made = batch(mass(ann, "$1"));

    expect(made.decisions.map(({ action }) => inWords(action))).toEqual(expected);
    expect(made.responses.map((one) => one.isSpared)).toEqual([isSpared]);
  });

  test("is, where the moderators said so", () => {
    becomesRegular(ann);
    set({ enabled: true, response: "ban", spareRegulars: false });

    expect(acts(mass(ann, "$1"))).toEqual([`ban ${ann} in lobby`]);
  });
});

describe("who is found again", () => {
  beforeEach(() => set({ enabled: true, response: "redact mute kick", repeatHours: 2 }));

  test("gets one step after the other, and then the last one each time", () => {
    const found = ["$1", "$2", "$3", "$4"].map((id) => {
      const made = batch(mass(ann, id));
      now += 30 * minute;
      return [
        made.decisions.map(({ action }) => inWords(action)),
        made.responses.map(({ isRepeat }) => isRepeat),
      ];
    });

    expect(found).toEqual([
      [["redact $1 in lobby"], [false]],
      [[`mute ${ann} in lobby`], [true]],
      [[`kick ${ann} in lobby`], [true]],
      [[`kick ${ann} in lobby`], [true]],
    ]);
  });

  test.each<[string, number, readonly boolean[], string]>([
    ["within the time gets the next step", 2 * hour - second, [true], `mute ${ann} in lobby`],
    ["after the time begins anew", 2 * hour, [false], "redact $2 in lobby"],
    ["after the clock was set back by as much begins anew", -2 * hour, [false], "redact $2 in lobby"],
  ])("%s", (_when, laterMs, repeats, expected) => {
    batch(mass(ann, "$1"));
    now += laterMs;

    const made = batch(mass(ann, "$2"));

    expect(made.responses.map(({ isRepeat }) => isRepeat)).toEqual(repeats);
    expect(made.decisions.map(({ action }) => inWords(action))).toEqual([expected]);
  });

  test("begins at the foot once the incident was undone", () => {
    const [first] = batch(mass(ann, "$1")).responses;
    undone = [first!.incident];
    now += hour;

    expect(acts(mass(ann, "$2"))).toEqual(["redact $2 in lobby"]);
  });

  test("by another protection begins at the foot there", () => {
    set({ enabled: true, response: "warn ban", seconds: 1, limit: 2 }, "flood");
    batch(mass(ann, "$1"));
    now += hour;

    expect(acts(said(ann), said(ann), said(ann))).toEqual([`warn ${ann} in lobby`]);
  });

  test("in another room within the same incident gets the same step there", () => {
    batch(mass(ann, "$1"));
    now += hour;
    batch(mass(ann, "$2"));
    now += 5 * second;

    expect(acts(mass(ann, "$3", hall))).toEqual([`mute ${ann} in hall`]);
  });
});

describe("what comes after the response", () => {
  test("and was on its way is redacted as the rest, without a further step", () => {
    set({ enabled: true, response: "redact+mute redact+ban" });
    batch(mass(ann, "$1"));
    now += 10 * second;

    const made = batch(mass(ann, "$2"));

    expect(made.decisions.map(({ action }) => inWords(action))).toEqual(["redact $2 in lobby"]);
    expect(made.responses).toEqual([]);
  });

  test("and is later than that is a repeat", () => {
    set({ enabled: true, response: "redact redact+ban" });
    batch(mass(ann, "$1"));
    now += 11 * second;

    expect(acts(mass(ann, "$2"))).toEqual(["redact $2 in lobby", `ban ${ann} in lobby`]);
  });

  test.each<[string, number, string]>([
    ["within a minute is believed to be of then", minute, "redact $2 in lobby"],
    ["later than that is not", minute + 11 * second, `mute ${ann} in lobby`],
  ])("and was said before it, and reaches us %s", (_when, laterMs, expected) => {
    set({ enabled: true, response: "redact mute" });
    const late = mass(ann, "$2");
    batch(mass(ann, "$1"));
    now += laterMs;

    expect(acts(late)).toEqual([expected]);
  });

  test("is let stand where nothing is redacted, or the protection only tells", () => {
    set({ enabled: true, response: "mute" });
    batch(mass(ann, "$1"));
    expect(acts(mass(ann, "$2"))).toEqual([]);

    set({ response: "redact", alertOnly: true });
    batch(mass(bob, "$3"));
    expect(acts(mass(bob, "$4"))).toEqual([]);
  });

  test("is part of a flood whatever it is, and of too many mentions only where it has too many itself", () => {
    set({ enabled: true, response: "redact", limit: 2 }, "flood");
    batch(said(ann), said(ann), said(ann));
    now += 10 * second;
    expect(acts(said(ann, { id: "$on-its-way" }))).toEqual(["redact $on-its-way in lobby"]);

    set({ enabled: false }, "flood");
    set({ enabled: true, response: "redact" });
    batch(mass(bob, "$1"));
    expect(acts(said(bob))).toEqual([]);
  });
});

describe("an incident", () => {
  beforeEach(() => set({ enabled: true, response: "redact" }));
  const incidents = (...all: readonly Seen[]) => batch(...all).responses.map(({ incident }) => incident);

  test("is what one protection finds within a minute, whoever it is about", () => {
    const [first] = incidents(mass(ann, "$1"));
    now += minute;

    expect(incidents(mass(bob, "$2", hall))).toEqual([first]);
  });

  test("is another after a longer rest", () => {
    const [first] = incidents(mass(ann, "$1"));
    now += minute + 1;

    expect(incidents(mass(bob, "$2"))).not.toEqual([first]);
  });

  test("is one where two are found in the same batch", () => {
    const [first, second] = incidents(mass(ann, "$1"), mass(bob, "$2"));

    expect(second).toBe(first);
  });

  test("is another for another protection", () => {
    set({ enabled: true, response: "redact", limit: 2 }, "flood");

    const [first, second] = incidents(mass(ann, "$1"), said(bob), said(bob), said(bob));

    expect(second).not.toBe(first);
  });

  test("lasts an hour at most, however much is found", () => {
    const people = Array.from({ length: 62 }, (_, i) => user(`@p${i}:example.net`));

    const ids = people.flatMap((who, i) => {
      now += i === 0 ? 0 : minute;
      return incidents(mass(who, `$${i}`));
    });

    expect(new Set(ids.slice(0, 61)).size).toBe(1);
    expect(ids[61]).not.toBe(ids[0]);
  });

  test("that was undone takes nothing more in", () => {
    const [first] = incidents(mass(ann, "$1"));
    undone = [first!];

    expect(incidents(mass(bob, "$2"))).not.toEqual([first]);
  });
});

describe("the offences that are remembered", () => {
  test("have the step, when it was taken, and where", () => {
    set({ enabled: true, response: "redact mute" });
    const [first] = batch(mass(ann, "$1")).offences;
    const takenAt = now;
    now += 5 * second;
    const [later] = batch(mass(ann, "$2", hall)).offences;

    expect(first).toMatchObject({
      protection: "mention-limit",
      user: ann,
      step: 0,
      at: takenAt,
      rooms: [lobby],
    });
    expect(later).toEqual({ ...first, rooms: [lobby, hall] });
  });
});
