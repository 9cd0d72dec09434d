// What is kept of what people sent, to count by.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/kit/json.ts";
import { RecentSpeech } from "../../src/model/recent-speech.ts";
import { event, hall, lobby, user } from "../support/make.ts";

const ann = user("@ann:x.test");
const minute = 60_000;

let speech: RecentSpeech;
let now: number;
beforeEach(() => {
  speech = new RecentSpeech({ people: 2 });
  now = 1_700_000_000_000;
});

function hears(
  id: string,
  {
    by = ann,
    type = "m.room.message",
    sentAt = now,
    content = {},
  }: { by?: typeof ann; type?: string; sentAt?: number; content?: JsonObject } = {},
): void {
  speech.heard(lobby, { type, sender: by, eventId: event(id), content, sentAt }, now);
}
const mentioning = (...people: readonly string[]): JsonObject => ({ "m.mentions": { user_ids: people } });
const kept = (by = ann, room = lobby) => speech.of(by, room).map((one) => one.event as string);

describe("an event", () => {
  test("is kept with its times and mentions, by person and room", () => {
    hears("$1", { sentAt: now - 5_000, content: mentioning("@b:x.test", "@c:x.test") });

    expect(speech.of(ann, lobby)).toEqual([{ event: "$1", at: now, saidAt: now - 5_000, mentions: 2 }]);
    expect(speech.of(ann, hall)).toEqual([]);
    expect(speech.of(user("@bob:x.test"), lobby)).toEqual([]);
  });

  test("was sent no later than it came, whatever its server says", () => {
    hears("$future", { sentAt: now + minute });
    hears("$none", { sentAt: 0 });

    expect(speech.of(ann, lobby).map(({ saidAt }) => saidAt)).toEqual([now, now]);
  });

  test("that nobody sees is not kept", () => {
    for (const type of ["m.call.candidates", "m.key.verification.start"]) hears(`$${type}`, { type });

    expect(kept()).toEqual([]);
  });

  test("is forgotten after a quarter of an hour, with the next one", () => {
    hears("$old");
    now += 15 * minute + 1;
    hears("$new");

    expect(kept()).toEqual(["$new"]);
  });

  test("is forgotten beyond the newest 300 of one person in one room", () => {
    for (let i = 0; i < 302; i++) hears(`$${i}`);

    expect([kept().length, kept()[0]]).toEqual([300, "$2"]);
  });

  test("is forgotten with its author, once others have spoken since", () => {
    hears("$1");
    hears("$2", { by: user("@bob:x.test") });
    hears("$3", { by: user("@carl:x.test") });

    expect(kept()).toEqual([]);
  });
});

describe("an event that is known already", () => {
  test("is replaced by what it says now, and never counts twice", () => {
    hears("$1");
    hears("$2");
    now += minute;

    hears("$1", { content: mentioning("@b:x.test", "@c:x.test", "@d:x.test") });

    expect(speech.of(ann, lobby)).toEqual([
      { event: "$1", at: now - minute, saidAt: now - minute, mentions: 3 },
      { event: "$2", at: now - minute, saidAt: now - minute, mentions: 0 },
    ]);
  });
});

describe("what was forgiven", () => {
  test("counts no more, nor does what was sent before and comes later", () => {
    hears("$1");
    now += 1_000;
    speech.forgive(ann, now);

    now += 5_000;
    hears("$late", { sentAt: now - 5_000 });
    hears("$new");

    expect(kept()).toEqual(["$new"]);
  });

  test("is believed by its own time for a quarter of an hour only", () => {
    speech.forgive(ann, now);
    const before = now;

    now += 15 * minute;
    hears("$claims-to-be-old", { sentAt: before });

    expect(kept()).toEqual(["$claims-to-be-old"]);
  });
});
