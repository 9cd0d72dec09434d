// The two detectors that were code find the same as rule files: finding, sentence and evidence, whatever was sent when.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Protection } from "../../src/automod/define.ts";
import { protectionsOf } from "../../src/automod/registry.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import { eventKinds, type EventSighting } from "../../src/model/signals/sighting.ts";
import type { EventId } from "../../src/model/ids.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { aWorld, lobby, user } from "../support/make.ts";
import { flood } from "./as-code/flood.ts";
import { mentionLimit } from "./as-code/mention-limit.ts";

const named = (name: string): Protection => protectionsOf(shipped).find((one) => one.name === name)!;
const [floodRule, mentionLimitRule] = [named("flood"), named("mention-limit")];
const world = aWorld();
const now = 1_000_000_000;

/** Times in ms before now, in the order of their arrival; some were said long before, some claim to be from the future. */
const history = fc
  .array(
    fc.record({
      at: fc.oneof(fc.nat(3_000), fc.nat(90_000), fc.nat(900_000)),
      heldBack: fc.oneof(fc.constant(0), fc.nat(5_000), fc.nat(200_000)),
      mentions: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(30)),
    }),
    { minLength: 0, maxLength: 80 },
  )
  .map((sent) =>
    sent
      .toSorted((one, other) => other.at - one.at)
      .map(({ at, heldBack, mentions }, i) => ({
        event: `$${i}` as EventId,
        at: now - at,
        saidAt: now - at - heldBack,
        mentions,
      })),
  );

const settings = fc.record({
  limit: fc.integer({ min: 1, max: 30 }),
  rate: fc.integer({ min: 1, max: 60 }),
  seconds: fc.integer({ min: 1, max: 600 }),
});

const heldUp = fc.oneof(fc.constant(0), fc.constant(Infinity), fc.nat(600_000));

function aSighting(
  recent: readonly {
    readonly event: EventId;
    readonly at: number;
    readonly saidAt: number;
    readonly mentions: number;
  }[],
  kind: EventSighting["kind"],
  heldUpMs: number,
): EventSighting {
  const eventId = recent.at(-1)?.event ?? ("$none" as EventId);
  return {
    kind,
    room: lobby,
    user: user("@a:x"),
    event: { type: "m.room.message", sender: user("@a:x"), eventId, content: { body: "hello" }, sentAt: now },
    at: now,
    late: false,
    speech: { of: () => recent },
    world: {
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
    },
  };
}

/** `npm run test:unit` tries some; `TYR_HISTORIES=100000` as many as you like. */
const histories = Number(process.env["TYR_HISTORIES"] ?? 1_000);

test.each([
  ["flood", flood, floodRule],
  ["mention-limit", mentionLimit, mentionLimitRule],
])(
  "%s",
  (_, asCode, asRule) => {
    let found = 0;
    fc.assert(
      fc.property(
        history,
        settings,
        heldUp,
        fc.constantFrom(...eventKinds),
        (recent, values, heldUpMs, kind) => {
          const before = asCode.evaluate(aSighting(recent, kind, heldUpMs), values);
          const after = asRule.evaluate(aSighting(recent, kind, heldUpMs), values);

          expect(after).toEqual(before);
          if (before) found++;
        },
      ),
      { numRuns: histories },
    );
    expect(found).toBeGreaterThan(histories / 100);
  },
  600_000,
);
