// Counting what came, where servers lag and senders lie about the time.

import { describe, expect, test } from "@jest/globals";
import type { Protection } from "../../src/automod/define.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import type { SightedWorld } from "../../src/model/signals/sighting.ts";
import type { EventId } from "../../src/model/ids.ts";
import type { Utterance } from "../../src/model/recent-speech.ts";
import { protectionsOf } from "../../src/automod/registry.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { aWorld, lobby, user } from "../support/make.ts";

const named = (name: string): Protection => protectionsOf(shipped).find((one) => one.name === name)!;
const [flood, mentionLimit] = [named("flood"), named("mention-limit")];
const world = aWorld();
const now = 1_000_000_000;
const settings = { limit: 10, seconds: 10, rate: 20 };
const hour = 3_600_000;

/** Times in ms before now. */
const heard = (times: readonly { at: number; saidAt?: number; mentions?: number }[]): Utterance[] =>
  times.map(({ at, saidAt = at, mentions = 0 }, i) => ({
    event: `$${i}` as EventId,
    at: now - at,
    saidAt: now - saidAt,
    mentions,
  }));
const sightedWorld = (heldUpMs: number): SightedWorld => ({
  heldUpMs: () => heldUpMs,
  settings: noSettings,
  members: world.members,
  regulars: world.regulars,
  recentEvents: world.recentEvents,
  stored: world.stored,
  recentSpeech: world.recentSpeech,
  pace: world.pace,
  rooms: world.rooms,
  self: world.self,
  isSpared: () => false,
  spared: () => [],
  protectedRoomsOf: () => [],
});
const judge = (recent: readonly Utterance[], heldUpMs = 0, protection = flood) => {
  const verdict = protection.evaluate(
    {
      kind: "message",
      room: lobby,
      user: user("@a:x"),
      event: {
        type: "m.room.message",
        sender: user("@a:x"),
        eventId: recent.at(-1)!.event,
        content: { body: "hello" },
        sentAt: now,
      },
      at: now,
      late: false,
      speech: { of: () => recent },
      world: sightedWorld(heldUpMs),
    },
    settings,
  );
  return verdict && { sentence: verdict.sentence, evidence: verdict.about ? [] : verdict.evidence };
};
const times = (n: number, apart: number) => Array.from({ length: n }, (_, i) => (n - 1 - i) * apart);

describe("a flood", () => {
  test.each([
    [10, 100, false],
    [11, 100, true],
    [11, 999, true],
    [11, 1_001, false],
    [300, 10_000, false],
  ])("%d messages, one each %d ms: %s", (n, apart, isOne) => {
    const verdict = judge(heard(times(n, apart).map((at) => ({ at }))));

    expect(verdict !== undefined).toBe(isOne);
  });

  test("tells its number and names its events, and not those before it", () => {
    const before = [{ at: 60_000 }, { at: 50_000 }];
    const verdict = judge(heard([...before, ...times(11, 100).map((at) => ({ at }))]));

    expect(verdict?.sentence).toBe("11 messages within 10 seconds");
    expect(verdict?.evidence).toEqual(Array.from({ length: 11 }, (_, i) => `$${i + 2}`));
  });

  test("that is a server catching up is none: it was said over an hour", () => {
    const caughtUp = times(60, hour / 60).map((saidAt) => ({ at: 0, saidAt: saidAt + 120_000 }));

    expect(judge(heard(caughtUp))).toBeUndefined();
  });

  test("is one whatever the sender says of the time, once it is too much", () => {
    const forged = (n: number) => times(n, 59_000 / n).map((saidAt) => ({ at: 0, saidAt }));
    const older = (n: number) => times(n, 10_000).map((saidAt) => ({ at: 0, saidAt: saidAt + 120_000 }));

    expect(judge(heard(forged(30)))).toBeUndefined();
    expect(judge(heard(forged(31)))).toBeDefined();
    expect(judge(heard(older(100)))).toBeUndefined();
    expect(judge(heard(older(101)))).toBeDefined();
  });

  test("that was held up on its way to us is as much more as it was held up", () => {
    const forged = (n: number) => times(n, 59_000 / n).map((saidAt) => ({ at: 0, saidAt }));

    expect(judge(heard(forged(50)), 50_000)).toBeUndefined();
    expect(judge(heard(forged(51)), 50_000)).toBeDefined();
    expect(judge(heard(forged(31)), 5_000)).toBeDefined();
  });

  test("after a start counts only by when it was said", () => {
    const backlog = times(200, 30_000).map((saidAt) => ({ at: 0, saidAt: saidAt + 120_000 }));

    expect(judge(heard(backlog), Infinity)).toBeUndefined();
    expect(judge(heard(times(11, 100).map((at) => ({ at }))), Infinity)).toBeDefined();
  });
});

describe("mentions", () => {
  test.each([
    [[10], false],
    [[11], true],
    [[5, 5, 5, 5], false],
    [[5, 5, 5, 5, 1], true],
    [[10, 10, 0], false],
  ])("%j: %s", (counts, isTooMany) => {
    const recent = heard(counts.map((mentions, i) => ({ at: (counts.length - i) * 1_000, mentions })));

    expect(judge(recent, 0, mentionLimit) !== undefined).toBe(isTooMany);
  });
});
