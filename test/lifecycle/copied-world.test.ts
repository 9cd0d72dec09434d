import { expect, test } from "@jest/globals";
import { copiedWorld } from "../../src/lifecycle/copied-world.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { openDatabase } from "../../src/store/database.ts";
import { usualLimits } from "../support/limits.ts";
import type { Seen } from "../../src/model/observation.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listA,
  lobby,
  live,
  me,
  member,
  ruleEvent,
  see,
  user,
} from "../support/make.ts";

const limits = {
  people: 100,
  eventsEach: 20,
  regulars: { afterDays: 14, days: 5, people: 100 },
  limits: usualLimits,
};
const clock = { now: () => 0, sleep: () => Promise.resolve() };

/** What a store has of a world in which somebody is in two rooms, a list has a rule, and a question waits. */
function stored(...more: readonly Seen[]) {
  const world = aWorld();
  const db = openDatabase(":memory:");
  const snapshot = new Snapshot(db);
  const about = { kind: "rooms", rooms: [] } as const;
  const question = { ...{ id: 7, about, say: { text: "", html: "" }, askedAt: 0, expiresAt: 9 } };
  see(
    world,
    live(desk, member("@mod:x", "join")),
    live(lobby, member("@ann:x", "join")),
    live(hall, member("@bob:x", "join")),
    live(listA, ruleEvent("@evil:x")),
    { kind: "asked", question: { ...question, message: undefined, told: 0, answer: undefined } },
    { kind: "settings-changed", change: { kind: "judge-wave", wave: "w", verdict: { is: "fine", at: 1 } } },
    ...more,
  );
  // What `aWorld` began with is written, too.
  snapshot.write([{ kind: "settings", settings: world.settings }, ...world.takeRows()]);
  return snapshot;
}

const copyOf = (snapshot: Snapshot, signal = new AbortController().signal) =>
  copiedWorld({
    self: me,
    limits,
    rows: snapshot.read(),
    rooms: [lobby],
    numbersAfter: 1_000,
    clock,
    signal,
  });

test("has the rooms that are meant and their people, and the moderators", async () => {
  const copy = await copyOf(stored());

  expect([...copy.settings.rooms.keys()]).toEqual([lobby]);
  expect(copy.members.membershipOf(lobby, user("@ann:x"))).toBe("join");
  expect(copy.members.membershipOf(hall, user("@bob:x"))).toBe("leave");
  expect(copy.isModerator(user("@mod:x"))).toBe(true);
});

test("has nothing that waits or was said of waves, and no list; its numbers begin above", async () => {
  const copy = await copyOf(stored());

  expect(copy.questions.open()).toEqual([]);
  expect(copy.questions.nextId).toBe(1_001);
  expect(copy.settings.waveVerdicts.size).toBe(0);
  expect(copy.settings.lists).toEqual([]);
  expect([...copy.lists.keys()]).toEqual([]);
});

test("has no account of a moderator that waits for a word, and nothing that moderators did", async () => {
  const ann = user("@ann:x");
  const copy = await copyOf(
    stored(
      { kind: "staff-alarm", alarm: { user: ann, incident: "i", at: 1, since: 1, room: lobby } },
      {
        kind: "settings-changed",
        change: {
          kind: "judge-staff",
          user: ann,
          verdict: { is: "trusted", by: user("@mod:x"), at: 1, until: 9 },
        },
      },
      {
        kind: "staff-weighed",
        act: {
          user: ann,
          room: lobby,
          event: event("$act"),
          seq: 1,
          at: 1,
          sentAt: 1,
          kind: "ban",
          counts: [],
        },
      },
    ),
  );

  expect([...copy.stored.staffAlarms.all()]).toEqual([]);
  expect([...copy.stored.staffActs.of(ann)]).toEqual([]);
});

test("has nothing to be written", async () => {
  expect((await copyOf(stored())).takeRows()).toEqual([]);
});

test("ends where the rehearsal does", async () => {
  const end = new AbortController();
  end.abort();

  expect((await copyOf(stored(), end.signal)).settings.managementRoom).toBeUndefined();
});
