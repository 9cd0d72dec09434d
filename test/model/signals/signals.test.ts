// Signals: computed when they are read, once for each sighting.

import { describe, expect, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RoomEvent } from "../../../src/model/event.ts";
import { RecentSpeech } from "../../../src/model/recent-speech.ts";
import { heldUpMs } from "../../../src/model/signals/held-up.ts";
import { signals } from "../../../src/model/signals/index.ts";
import { membershipAgeMs } from "../../../src/model/signals/membership-age.ts";
import { mentions } from "../../../src/model/signals/mentions.ts";
import { recent } from "../../../src/model/signals/recent.ts";
import { defineSignal } from "../../../src/model/signals/signal.ts";
import type { EventSighting } from "../../../src/model/signals/sighting.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, event, hall, live, lobby, member, user } from "../../support/make.ts";

const ann = user("@ann:x.test");
const now = 1_700_000_000_000;

const message = (id: string, content: RoomEvent["content"] = {}): RoomEvent => ({
  type: "m.room.message",
  sender: ann,
  eventId: event(id),
  content,
  sentAt: now,
});

function sighted(
  one: RoomEvent,
  {
    speech = new RecentSpeech({ people: 1 }),
    world = aWorld(),
    at = now,
    room = lobby,
  }: { speech?: RecentSpeech; world?: World; at?: number; room?: typeof lobby } = {},
): EventSighting {
  return { kind: "message", room, user: ann, event: one, at, late: false, world, speech };
}

describe("a signal", () => {
  test("is computed when it is first read, and once for each sighting", () => {
    const computed: string[] = [];
    const signal = defineSignal({
      name: "words",
      about: "The words.",
      compute: (sighting) => {
        computed.push(sighting.event.eventId);
        return computed.length;
      },
    });
    const [first, second] = [sighted(message("$1")), sighted(message("$2"))];

    expect(computed).toEqual([]);
    expect([signal.of(first), signal.of(first), signal.of(second), signal.of(first)]).toEqual([1, 1, 2, 1]);
    expect(computed).toEqual(["$1", "$2"]);
  });

  test("that has no value is computed once, too", () => {
    let times = 0;
    const signal = defineSignal({ name: "none", about: "Nothing.", compute: () => void times++ });
    const one = sighted(message("$1"));

    expect([signal.of(one), signal.of(one)]).toEqual([undefined, undefined]);
    expect(times).toBe(1);
  });

  test("of an event whose text comes later is that of the text, and the event counts once", () => {
    const speech = new RecentSpeech({ people: 1 });
    speech.heard(lobby, message("$1"), now);
    expect(mentions.of(sighted(message("$1"), { speech }))).toBe(0);
    const readable = message("$1", { "m.mentions": { user_ids: ["@b:x.test"] } });

    speech.heard(lobby, readable, now + 5_000);
    const again = sighted(readable, { speech, at: now + 5_000 });

    expect(mentions.of(again)).toBe(1);
    expect(recent.of(again).map((one) => one.event)).toEqual(["$1"]);
  });
});

describe("the index", () => {
  test("has every signal that is declared, each with a name and a sentence of its own", () => {
    const folder = join(import.meta.dirname, "../../../src/model/signals");
    const helpers = ["index.ts", "signal.ts", "sighting.ts", "rate-window.ts"];
    const declared = readdirSync(folder).filter((file) => !helpers.includes(file));

    expect(signals.map(({ name }) => `${name}.ts`).sort()).toEqual(declared.sort());
    for (const { about } of signals) expect(about).toMatch(/^[A-Z].*\.$/);
  });
});

describe("recent", () => {
  test("ends with the event, though later ones are believed already", () => {
    const speech = new RecentSpeech({ people: 1 });
    for (const id of ["$1", "$2", "$3"]) speech.heard(lobby, message(id), now);

    expect(recent.of(sighted(message("$2"), { speech })).map((one) => one.event)).toEqual(["$1", "$2"]);
    expect(recent.of(sighted(message("$3"), { speech })).map((one) => one.event)).toEqual(["$1", "$2", "$3"]);
  });

  test("is empty for an event that was not kept", () => {
    const speech = new RecentSpeech({ people: 1 });
    speech.heard(lobby, message("$1"), now);

    expect(recent.of(sighted(message("$other"), { speech }))).toEqual([]);
    expect(recent.of(sighted(message("$1"), { speech, room: hall }))).toEqual([]);
  });
});

describe("what the world tells", () => {
  test("is how long the author has been in the room, where we saw them come", () => {
    const world = aWorld();
    world.apply({ ...live(lobby, member(ann, "join")), at: now, dueBy: now });
    const at = now + 120_000;

    const age = membershipAgeMs.of(sighted(message("$1"), { world, at }));

    // Kept by the minute.
    expect(age).toBe(at - Math.floor(now / 60_000) * 60_000);
    expect(membershipAgeMs.of(sighted(message("$1"), { world, at, room: hall }))).toBeUndefined();
  });

  test("is how long the event may have been held up on its way", () => {
    const world = aWorld();
    for (const at of [now, now + 600_000, now + 630_000])
      world.apply({ kind: "synced", token: String(at), at, dueBy: at });

    expect(heldUpMs.of(sighted(message("$1"), { world, at: now + 631_000 }))).toBe(30_000);
  });
});
