// What ends a rehearsal because it is real.

import { expect, test } from "@jest/globals";
import { Rehearsals } from "../../src/lifecycle/rehearsals.ts";
import type { Wave } from "../../src/model/waves.ts";
import { aWorld, event, lobby, nextEvent, see, user } from "../support/make.ts";

const begunAt = 100_000;
const before = begunAt - 50_000;
const since = begunAt + 5_000;

const wave = (known: Partial<Wave>): Wave => ({
  id: "w",
  stage: "recognised",
  firstAt: before,
  lastAt: since,
  reachedAt: { suspected: before },
  accounts: 20,
  spoke: 0,
  shares: [],
  ...known,
});

/** Whether the wave, once believed, ends a rehearsal that goes on. */
function isEndedBy(known: Wave): boolean {
  const world = aWorld();
  let signal: AbortSignal | undefined;
  const rehearsals = new Rehearsals({
    clock: { now: () => begunAt, sleep: () => Promise.resolve() },
    log: { error: () => undefined } as never,
    world,
    areWavesSought: true,
    build: (_plan, given) => ((signal = given), new Promise(() => undefined)),
    lineOf: () => undefined,
    pending: () => 0,
    announce: () => undefined,
    note: () => undefined,
  });
  const change = {
    kind: "rehearse-wave",
    rooms: [lobby],
    accounts: 12,
    by: user("@mod:example.org"),
    at: begunAt,
  } as const;
  const stamp = { at: since, dueBy: since };
  rehearsals.seen({ seen: [{ kind: "settings-changed", change, ...stamp }] });
  see(world, { kind: "wave", wave: known, members: [], left: [] });

  const said = {
    type: "m.room.message",
    sender: user("@ann:x"),
    eventId: event(nextEvent()),
    content: {},
    sentAt: since,
  };
  rehearsals.says({
    findings: [],
    seen: [{ kind: "message", room: lobby, event: said, late: false, ...stamp }],
  });

  return signal!.aborted;
}

test.each<[string, Partial<Wave>, boolean]>([
  ["a wave that is recognised meanwhile", { reachedAt: { recognised: since } }, true],
  ["a flood, of which nothing is known yet but that they come", { stage: "suspected", isFlood: true }, true],
  ["a wave that was known before and comes back", { reachedAt: { recognised: before } }, true],
  ["people who are only alike", { stage: "suspected" }, false],
  [
    "a wave of which nothing has come since",
    { reachedAt: { recognised: before }, lastAt: begunAt - 1 },
    false,
  ],
  ["a wave that is over", { reachedAt: { recognised: before }, endedAt: since }, false],
])("%s: %o", (_what, known, isEnd) => {
  expect(isEndedBy(wave(known))).toBe(isEnd);
});
