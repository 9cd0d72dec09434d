// What rates come to: by which clock, over which time, of which events; and that all of it stays bounded.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RateCounter } from "../../src/automod/count.ts";
import type { CountedEvent } from "../../src/automod/kept.ts";
import { Rates } from "../../src/automod/rates.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import { factsOf } from "../../src/model/facts/read.ts";
import { RecentSpeech } from "../../src/model/recent-speech.ts";
import type { EventSighting } from "../../src/model/signals/sighting.ts";
import { aWorld, event, lobby, user } from "../support/make.ts";
import { read } from "../support/conditions.ts";

const now = 1_700_000_000_000;
const world = aWorld();
const given = { settings: new Map(), lists: new Map(), newcomerMs: 86_400_000 };

function counterOf(text: string, rates: Rates): RateCounter {
  return new RateCounter(read(`${text} > 1`).checked.rates[0]!, given, rates);
}

interface Sent {
  readonly at: number;
  readonly heldBack: number;
  readonly body: string;
}

function said(
  { at, heldBack, body }: Sent,
  id: string,
  { heldUp = 0, recentSpeech = world.recentSpeech } = {},
): EventSighting {
  const sender = user("@a:x.example");
  return {
    kind: "message",
    room: lobby,
    user: sender,
    event: {
      type: "m.room.message",
      sender,
      eventId: event(id),
      content: { msgtype: "m.text", body },
      sentAt: now - at - heldBack,
    },
    at: now - at,
    late: false,
    speech: { of: () => [] },
    world: { ...worldParts, recentSpeech, heldUpMs: () => heldUp, settings: noSettings },
  };
}

const worldParts = {
  members: world.members,
  regulars: world.regulars,
  recentEvents: world.recentEvents,
  stored: world.stored,
  pace: world.pace,
  rooms: world.rooms,
  self: world.self,
  isSpared: () => false,
  spared: () => [],
  protectedRoomsOf: () => [],
};

test.each([
  "count messages by author in 1m",
  "count messages where (text.length > 3) by room in 10s",
  "sum text.length messages by author in 1m",
  "distinct text.length messages by author in 1m",
  "span text.length messages by server anywhere in 10m",
  "count messages by link.domain in 10m",
  "distinct link.host by author in 10m",
  "distinct link.host by link.domain + author in 10m",
])("%s is the same by itself and with what led to it", (text) => {
  const history = fc.array(
    fc.record({
      at: fc.nat(90_000),
      heldBack: fc.constantFrom(0, 0, 5_000, 200_000),
      body: fc.constantFrom("a", "four", "https://a.one.example https://b.one.example https://two.example"),
    }),
    { minLength: 1, maxLength: 40 },
  );

  fc.assert(
    fc.property(history, fc.constantFrom(0, Infinity, 100_000), fc.boolean(), (sent, heldUp, isForgiven) => {
      const recentSpeech = new RecentSpeech({ people: 10 });
      if (isForgiven) recentSpeech.forgive(user("@a:x.example"), now - 45_000);
      const counter = counterOf(text, new Rates({ events: 1_000 }));
      for (const [i, one] of sent.toSorted((a, b) => b.at - a.at).entries()) {
        const sighting = said(one, `$${i}`, { heldUp, recentSpeech });
        const facts = factsOf(sighting);
        counter.note(facts, sighting);

        for (const clock of ["sender", "either"] as const)
          expect(counter.amount(facts, sighting, clock)).toBe(counter.count(facts, sighting, clock)?.amount);
      }
    }),
    { numRuns: 100 },
  );
});

describe("rates that differ only in their time", () => {
  test("note one series, which is kept as long as the longest of them needs it", () => {
    const rates = new Rates({ events: 1_000 });
    const [short, long] = [
      counterOf("count messages by author in 10s", rates),
      counterOf("distinct room messages by author in 10m", rates),
    ];
    const longer = counterOf("count messages by author in 10m", rates);
    const sent = [500_000, 2_000, 0].map((at, i) => said({ at, heldBack: 0, body: "x" }, `$${i}`));
    let facts = factsOf(sent[0]!);
    for (const sighting of sent) short.note((facts = factsOf(sighting)), sighting);

    expect(short.notedAs).toBe(longer.notedAs);
    expect(short.notedAs).not.toBe(long.notedAs);
    expect(short.amount(facts, sent[2]!, "sender")).toBe(2);
    expect(longer.amount(facts, sent[2]!, "sender")).toBe(3);
  });
});

describe("what is noted stays bounded", () => {
  const entry = (id: string, at = now): CountedEvent => ({
    event: event(id),
    at,
    saidAt: at,
    room: lobby,
    author: user("@a:x.example"),
    isRedactable: true,
  });
  const noted = (id: string, at = now) => ({ event: entry(id, at), values: [] });

  test("the least recently used key goes first", () => {
    const rates = new Rates({ events: 4 });
    const series = rates.series("some", 60_000);
    for (const [key, id] of [
      ["one", "$1"],
      ["two", "$2"],
      ["one", "$3"],
      ["three", "$4"],
      ["one", "$5"],
    ] as const)
      rates.note(key, series, noted(id));

    expect(rates.upTo("two", series, event("$5")).events).toHaveLength(0);
    expect(rates.upTo("one", series, event("$5")).events).toHaveLength(3);
    expect(rates.upTo("three", series, event("$5")).events).toHaveLength(1);
  });

  test("of one key three hundred, and none that is older than the longest time", () => {
    const rates = new Rates({ events: 10_000 });
    const series = rates.series("some", 60_000);
    for (let i = 0; i < 1_000; i++) rates.note("key", series, noted(`$${i}`));

    expect(rates.upTo("key", series, event("$999")).events).toHaveLength(300);

    rates.note("key", series, noted("$later", now + 100_000));

    expect(rates.upTo("key", series, event("$later")).events).toHaveLength(1);
  });

  test("an event that is heard again counts once, with its new value, however many there are", () => {
    const rates = new Rates({ events: 10_000 });
    const series = rates.series("some", 60_000);
    for (let i = 0; i < 100; i++) rates.note("key", series, noted(`$${i}`));
    for (const id of ["$99", "$3", "$50"]) rates.note("key", series, { event: entry(id), values: [7] });
    const kept = rates.upTo("key", series, event("$99"));

    expect(kept.events).toHaveLength(100);
    expect(kept.events.filter((_, i) => kept.values?.[i]?.[0] === 7).map((one) => one.event)).toEqual([
      "$3",
      "$50",
      "$99",
    ]);
  });
});
