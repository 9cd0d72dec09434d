import { beforeEach, describe, expect, test } from "@jest/globals";
import { FalseAlarms } from "../../../src/management-room/waves/false-alarms.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import type { Contained } from "../../../src/model/containments.ts";
import { decide } from "../../../src/model/decision.ts";
import type { PastAct } from "../../../src/model/past-acts.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, event, lobby, user } from "../../support/make.ts";

const minute = 60_000;
const begin = 1_800_000_000_000;
const mod = user("@mod:example.org");
const levels: Contained = {
  room: lobby,
  key: "levels",
  because: { kind: "finding", protection: "wave-harmful", incident: "wave", sentence: "" },
  at: begin,
  stayMs: 10 * minute,
  changes: [{ path: ["events_default"], ours: 1, before: 0 }],
  waves: ["wave"],
};

let world: World;
let acts: PastAct[];
let alarms: FalseAlarms;

beforeEach(() => {
  world = aWorld();
  acts = [];
  alarms = new FalseAlarms({ world, past: { ofOccasion: () => acts }, ask: () => undefined });
});

const believe = (minutes: number, ...seen: readonly Seen[]) => {
  const at = begin + minutes * minute;
  for (const one of seen) world.apply({ ...one, at, dueBy: at });
};
const contained = (change: Partial<Contained> = {}): Seen => ({
  kind: "contained",
  contained: { ...levels, ...change },
});
const ended = (minutes: number) => contained({ changes: [], endedAt: begin + minutes * minute });
const fine = (minutes: number) =>
  believe(minutes, {
    kind: "settings-changed",
    change: {
      kind: "judge-wave",
      wave: "wave",
      verdict: { is: "fine", by: mod, at: begin + minutes * minute },
    },
  });
/** An act of the wave's incident that is done. */
const done = (action: Action, minutes: number) =>
  acts.push({
    decision: decide(action, levels.because, { at: begin + minutes * minute, replaces: `${minutes}` }),
    result: { kind: "done", eventId: event(`$${minutes}`) },
  });
const close = (minutes: number) =>
  done(
    {
      kind: "contain",
      room: lobby,
      key: "levels",
      changes: levels.changes,
      stayMs: levels.stayMs,
      waves: ["wave"],
    },
    minutes,
  );
const release = (minutes: number) => done({ kind: "release", room: lobby, key: "levels" }, minutes);
/** What is said in rooms at that time. */
const lines = (minutes: number) => {
  believe(minutes, { kind: "tick", retryRooms: false });
  const at = begin + minutes * minute;
  const proposed = alarms.proposes({ at });
  alarms.says({ at });
  return proposed.map(({ action }) => (action.kind === "post" ? action.text : action.kind));
};
const sorry = (time: string, now: string) =>
  `For ${time} newcomers could not speak here: I took a crowd for a wave of spam, and was wrong. Sorry. ${now}`;
const isOpen = "The room is open again.";

describe("a room that was closed by a false alarm", () => {
  test("is told for how long it was, however late it turns out to be one", () => {
    close(0);
    release(10);
    believe(10, ended(10));
    fine(50);

    expect(lines(50)).toEqual([sorry("10 minutes", isOpen)]);
  });

  test("is told so although a word opened it, which is an occasion of its own", () => {
    close(0);
    believe(20, ended(20));
    fine(50);

    expect(lines(50)).toEqual([sorry("20 minutes", isOpen)]);
  });

  test("is told all the times together, from the first act of each", () => {
    close(0);
    close(3);
    release(10);
    close(30);
    release(45);
    believe(45, ended(45));
    fine(50);

    expect(lines(50)).toEqual([sorry("25 minutes", isOpen)]);
  });

  test("is told nothing of what closed it afterwards for another reason, and not that it is open", () => {
    close(0);
    believe(20, ended(20));
    believe(30, contained({ at: begin + 30 * minute, waves: ["other"] }));
    fine(50);

    expect([lines(50), lines(60)]).toEqual([[], [sorry("30 minutes", "The room stays closed for now.")]]);
  });

  test("is told once it is open again", () => {
    close(0);
    believe(0, contained());
    fine(5);
    const early = lines(5);
    const moment = lines(5.01);
    believe(5.02, ended(5.02));

    expect([early, moment, lines(5.1)]).toEqual([[], [], [sorry("5 minutes", isOpen)]]);
    expect(lines(6)).toEqual([]);
    expect(alarms.nextAt()).toBeUndefined();
  });

  test("is told after ten minutes that it stays closed, where it does", () => {
    close(0);
    believe(0, contained());
    fine(5);

    expect([lines(5), lines(14), lines(15)]).toEqual([
      [],
      [],
      [sorry("15 minutes", "The room stays closed for now.")],
    ]);
  });
});
