// What a try makes of pages: who was what at the time, and what became of them.

import { describe, expect, test } from "@jest/globals";
import { Backtest, type BacktestOptions } from "../../src/backtest/backtest.ts";
import { protectionsOf } from "../../src/automod/registry.ts";
import { readRuleFiles } from "../../src/automod/rule-files.ts";
import type { Membership } from "../../src/model/event.ts";
import type { PastEvent } from "../../src/model/trial.ts";
import type { World } from "../../src/model/world/world.ts";
import { emptyStash, type RemovedEvent } from "../../src/model/stash.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listA,
  live,
  lobby,
  member,
  ruleEvent,
  see,
  user,
} from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const day = 86_400_000;
const minute = 60_000;
/** Whole days, so that days of speaking are easy to count. */
const until = 20_000 * day;
const since = until - 14 * day;

const rules = readRuleFiles(
  ["own.yaml"],
  () =>
    `rule: links-of-newcomers
when: author is newcomer and links
then: hold
---
rule: thrice
when: count messages by author anywhere in 10m >= 3
then: redact
---
rule: links-of-strangers
when: author is not regular and links
then: redact
`.replace("hold", "redact"),
  [],
);

const trial = (
  name: string,
  world: World,
  pages: readonly (readonly PastEvent[])[],
  more: Partial<BacktestOptions> = {},
) => {
  const protection = protectionsOf([], { own: rules }).find((one) => one.name === name)!;
  const backtest = new Backtest({
    protection,
    world,
    limits: {
      people: 100,
      eventsEach: 20,
      regulars: { afterDays: 14, days: 5, people: 100 },
      limits: usualLimits,
    },
    rulesInForce: new RulesInForce(world),
    stash: emptyStash,
    rooms: [lobby, hall],
    since,
    until,
    isCalledOff: () => false,
    ...more,
  });
  for (const page of pages) backtest.take(lobby, page);
  backtest.wasRead(since, false);
  let slices = 0;
  while (backtest.work()) slices++;
  return { report: backtest.report(), slices };
};

let made = 0;
/** `at`: days after the beginning. */
const said = (
  who: string,
  at: number,
  text: string,
  { room = lobby, isRedacted = false } = {},
): PastEvent => ({
  seen: {
    kind: "message",
    room,
    late: false,
    event: {
      type: "m.room.message",
      sender: user(who),
      eventId: event(`$said-${(made += 1)}`),
      content: isRedacted ? {} : { msgtype: "m.text", body: text },
      sentAt: since + at * day,
    },
  },
  isRedacted,
  before: undefined,
});
const became = (
  who: string,
  at: number,
  now: Membership,
  {
    by = who,
    before,
    room = lobby,
  }: { by?: string; before?: Membership | undefined; room?: typeof lobby } = {},
): PastEvent => ({
  seen: {
    kind: "state",
    room,
    fromTimeline: true,
    event: { ...member(who, now, { by }), sentAt: since + at * day },
  },
  isRedacted: false,
  before,
});
const link = "https://evil.example";
/** As a server gives them: newest first, in pages. */
const paged = (events: readonly PastEvent[], size = 7): readonly (readonly PastEvent[])[] => {
  const newest = events.toSorted((a, b) => b.seen.event.sentAt - a.seen.event.sentAt);
  return Array.from({ length: Math.ceil(newest.length / size) }, (_, i) =>
    newest.slice(i * size, (i + 1) * size),
  );
};
const mod = "@mod:example.org";
/** Who is there today, as the last minutes brought them. */
const today = (...people: readonly (readonly [string, Membership])[]): World => {
  const world = aWorld();
  world.apply({ kind: "tick", retryRooms: false, at: until, dueBy: until });
  see(world, live(desk, member(mod, "join")));
  for (const [who, membership] of people)
    see(world, live(lobby, member(who, membership, { by: membership === "ban" ? mod : who })));
  world.takeChanges();
  return world;
};

describe("who was a newcomer", () => {
  test("who joins in what is read, and not who only takes a new name", () => {
    const events = [
      became("@new:x", 5, "join", { before: "leave" }),
      said("@new:x", 5.1, link),
      became("@old:x", 5, "join", { before: "join" }),
      said("@old:x", 5.1, link),
      became("@who-knows:x", 5, "join"),
      said("@who-knows:x", 5.1, link),
    ];

    const { report } = trial("links-of-newcomers", today(["@old:x", "join"]), paged(events));

    expect(report.examples.map((one) => one.user)).toEqual(["@new:x"]);
    expect(report.untold).toEqual({ messages: 2, parts: [{ what: "author is newcomer", times: 2 }] });
  });

  test("who came back, for whoever was away", () => {
    const events = [
      became("@back:x", 4, "leave", { before: "join" }),
      became("@back:x", 6, "join", { before: "leave" }),
      said("@back:x", 6.1, link),
    ];

    expect(trial("links-of-newcomers", today(), paged(events)).report.messages).toBe(1);
  });

  test("nobody in the first days, which only tell who is who", () => {
    const events = [became("@new:x", 2, "join", { before: "leave" }), said("@new:x", 2.1, link)];

    const { report } = trial("links-of-newcomers", today(), paged(events));

    expect(report.messages).toBe(0);
    expect(report.read.countedFrom - report.read.from).toBe(3 * day);
  });
});

describe("what became of them", () => {
  const met = (...more: readonly PastEvent[]) =>
    paged([became("@one:x", 5, "join", { before: "leave" }), said("@one:x", 5.1, link), ...more]);
  const peopleOf = (world: World, ...more: readonly PastEvent[]) =>
    trial("links-of-newcomers", world, met(...more)).report.people;

  test.each([
    ["banned today", today(["@one:x", "ban"]), [], "right"],
    ["kicked, and not back", today(), [became("@one:x", 6, "leave", { by: mod, before: "join" })], "right"],
    [
      "kicked, and back again and talking",
      today(["@one:x", "join"]),
      [
        became("@one:x", 6, "leave", { by: mod, before: "join" }),
        became("@one:x", 7, "join", { before: "leave" }),
        said("@one:x", 8, "hello"),
      ],
      "wrong",
    ],
    [
      "banned, and let in again",
      today(["@one:x", "join"]),
      [
        became("@one:x", 6, "ban", { by: mod, before: "join" }),
        became("@one:x", 7, "leave", { by: mod, before: "ban" }),
        became("@one:x", 7.1, "join", { before: "leave" }),
        said("@one:x", 9, "hello"),
      ],
      "wrong",
    ],
    ["still talking the day after", today(["@one:x", "join"]), [said("@one:x", 6.2, "hello")], "wrong"],
    ["still there, and silent since", today(["@one:x", "join"]), [said("@one:x", 5.9, "hello")], "unknown"],
    ["left by themselves", today(), [became("@one:x", 6, "leave", { before: "join" })], "unknown"],
    ["a moderator by now", today(["@one:x", "join"]), [], "unknown"],
  ] as const)("%s", (_what, world, more, fate) => {
    expect(peopleOf(world, ...more)).toMatchObject({ [fate]: 1 });
  });

  test("named by a list: right", () => {
    const world = today(["@one:x", "join"]);
    see(world, live(listA, ruleEvent("@one:x")));

    expect(peopleOf(world)).toEqual({ right: 1, wrong: 0, unknown: 0 });
  });

  test("a moderator by now, found before: wrong", () => {
    const world = today(["@one:x", "join"]);
    see(world, live(desk, member("@one:x", "join")));

    // The rooms of the past have the moderators of today, who are never found.
    expect(trial("links-of-newcomers", world, met()).report).toMatchObject({ messages: 0, spared: 0 });
    expect(
      trial("thrice", world, met(said("@one:x", 5.1, "a"), said("@one:x", 5.1, "b"))).report,
    ).toMatchObject({
      messages: 0,
      spared: 1,
    });
  });

  test("how many of the removed were met, and of how many nothing is left", () => {
    const others = [
      became("@unmet:x", 5, "join", { before: "leave" }),
      said("@unmet:x", 5.1, "no link"),
      became("@unmet:x", 5.2, "ban", { by: mod, before: "join" }),
      said("@gone:x", 5.1, link, { isRedacted: true }),
      became("@gone:x", 5.2, "ban", { by: mod, before: "join" }),
      became("@one:x", 5.3, "ban", { by: mod, before: "join" }),
    ];

    const { report } = trial("links-of-newcomers", today(["@one:x", "ban"]), met(...others));

    expect(report.removed).toEqual({ all: 3, met: 1, unseen: 1 });
    expect(report.read.redacted).toBe(1);
  });
});

test("what was removed is looked at as it was kept, and says nothing of who still writes", () => {
  const gone = [1, 2].map(() => said("@one:x", 5.1, "", { isRedacted: true }));
  const kept = (one: PastEvent, more: Partial<RemovedEvent> = {}) =>
    [
      one.seen.event.eventId,
      {
        event: one.seen.event.eventId,
        room: lobby,
        user: user("@one:x"),
        type: "m.room.message",
        sentAt: one.seen.event.sentAt,
        content: { msgtype: "m.text", body: link },
        removedAt: until,
        occasion: "$ban",
        reason: "spam",
        ...more,
      },
    ] as const;
  const stashed = new Map([kept(gone[0]!), kept(gone[1]!, { user: user("@other:x") })]);

  const { report } = trial(
    "links-of-newcomers",
    today(["@one:x", "ban"]),
    [[...gone, became("@one:x", 5, "join", { before: "leave" })]],
    { stash: { get: (id) => stashed.get(id) } },
  );

  expect(report.people).toEqual({ right: 1, wrong: 0, unknown: 0 });
  expect(report.messages).toBe(1);
  expect(report.read).toMatchObject({ kept: 1, redacted: 1 });
});

describe("regulars", () => {
  const spoke = (world: World, who: string, days: readonly number[]) => {
    for (const at of days)
      world.apply({ ...said(who, 0, "hello").seen, at: since + at * day, dueBy: since + at * day });
  };

  test("of the time are known from the days on which we saw them speak before", () => {
    const world = aWorld();
    spoke(world, "@long:x", [-30, -29, -28, -27, -26, -25, 5]);
    see(world, live(desk, member(mod, "join")));

    const { report } = trial(
      "links-of-strangers",
      world,
      paged([said("@long:x", 5, link), said("@new:x", 5, link)]),
    );

    expect(report.examples.map((one) => one.user)).toEqual(["@new:x"]);
  });

  test("whom it would meet are wrong to meet, whatever they have said since", () => {
    const world = aWorld();
    spoke(world, "@long:x", [-30, -29, -28, -27, -26, -25, 5]);
    see(world, live(desk, member(mod, "join")));
    const three = [5, 5.001, 5.002].map((at) => said("@long:x", at, "hello"));

    const { report } = trial("thrice", world, paged(three));

    expect(report.people).toEqual({ right: 0, wrong: 1, unknown: 0 });
    expect(report.regulars).toEqual({ now: 1, byThen: 1, gone: 1 });
  });
});

test("counts go over rooms, in the order of the times at which messages were sent, however they are paged", () => {
  const events = [0, 1, 2, 3].map((i) =>
    said("@fast:x", 5 + (i * minute) / day, `message ${i}`, { room: i % 2 === 0 ? lobby : hall }),
  );
  // Twelve minutes apart: never three of them within ten.
  const slow = [0, 1, 2, 3].map((i) => said("@slow:x", 6 + (i * 6 * minute) / day, `message ${i}`));

  for (const size of [1, 2, 3, 100]) {
    const { report } = trial("thrice", today(), paged([...events, ...slow], size));
    expect(report.people).toMatchObject({ unknown: 1 });
    expect(report.byRoom.map(({ messages }) => messages)).toEqual([2, 2]);
  }
});

test("what is counted while it runs is not touched, nor is the world", () => {
  const world = today(["@one:x", "join"]);
  world.takeRows();
  const events = Array.from({ length: 50 }, (_, i) => said("@one:x", 5 + (i * 1_000) / day, "hello"));

  const { report } = trial("thrice", world, paged(events));

  expect(report.messages).toBeGreaterThan(40);
  expect(world.takeRows()).toEqual([]);
  expect(world.recentSpeech.of(user("@one:x"), lobby)).toHaveLength(0);
  expect(world.takeChanges().arrivals).toEqual([]);
});

test("the work is cut into slices", () => {
  const events = Array.from({ length: 500 }, (_, i) => said("@one:x", 5 + (i * minute) / day, "hello"));

  expect(trial("thrice", today(), paged(events)).slices).toBeGreaterThanOrEqual(49);
});

test("times before the beginning are left out, and those of the future are now", () => {
  const liar = said("@liar:x", 100, link);
  const old = said("@old:x", -5, link);

  const { report } = trial("links-of-strangers", today(), [[liar, old]]);

  expect(report.examples.map((one) => one.user)).toEqual(["@liar:x"]);
});

test("links are told of rules that are about links alone", () => {
  const world = today(["@one:x", "join"]);
  const events = [5, 5.001, 5.002, 7].map((at) => said("@one:x", at, link));

  expect(trial("thrice", world, paged(events)).report.wrongDomains).toEqual([]);
  expect(trial("links-of-strangers", world, paged(events)).report.wrongDomains).toEqual([
    { what: "evil.example", times: 4 },
  ]);
});
