import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AclDebounce } from "../../../src/decisions/judge/acl-debounce.ts";
import type { RoomId } from "../../../src/model/ids.ts";

const limits = {
  quietMs: 250,
  maxWaitMs: 5_000,
  pauseMs: 5_000,
  longerPauseMs: 15_000,
  longestPauseMs: 60_000,
};
const [lobby, hall] = ["!lobby:hs.test", "!hall:hs.test"] as RoomId[];
/** The time at which the round that is due is written, in all rooms; undefined where it is for some rooms. */
const round = (subject: AclDebounce) => {
  const at = subject.dueAt()!;
  if (subject.take(at)!.rooms) return undefined;
  subject.wrote(at);
  return at;
};

let pace: AclDebounce;
beforeEach(() => {
  pace = new AclDebounce(limits);
});

test("nothing is due where nothing has changed", () => {
  expect(pace.dueAt()).toBeUndefined();
});

test("the first change goes out at once", () => {
  pace.note(1_000);

  expect(pace.dueAt()).toBe(1_000);
});

test("what follows soon goes out together, when it has been quiet", () => {
  pace.note(1_000);
  round(pace);
  expect(pace.dueAt()).toBeUndefined();

  pace.note(1_100);
  pace.note(1_300);

  expect(pace.dueAt()).toBe(1_550);
});

test("a burst that does not end gets rounds ever further apart", () => {
  pace.note(0);
  const rounds = [round(pace)];
  for (let at = 100; at <= 200_000; at += 100) {
    if ((pace.dueAt() ?? Infinity) <= at) rounds.push(round(pace));
    pace.note(at);
  }

  expect(rounds).toEqual([0, 5_100, 10_100, 25_100, 85_100, 145_100]);
});

test("rules that trickle in get a second round after quiet, and then pauses", () => {
  const rounds: unknown[] = [];
  for (let at = 0; at <= 60_000; at += 1_400) {
    if ((pace.dueAt() ?? Infinity) <= at) rounds.push(round(pace));
    pace.note(at);
    if (at === 0) rounds.push(round(pace));
  }

  expect(rounds).toEqual([0, 1_650, 6_650, 21_650]);
  expect(pace.dueAt()).toBe(81_650);
});

test("a burst of a second with gaps in it has three rounds and no pause", () => {
  pace.note(0);
  round(pace);
  pace.note(300);
  round(pace);
  pace.note(900);
  expect(round(pace)).toBe(1_150);

  pace.note(1_500);

  expect(pace.dueAt()).toBe(16_150);
});

test("a change as long after the last round as the longest pause goes out at once again", () => {
  pace.note(0);
  round(pace);
  pace.note(59_999);
  expect(round(pace)).toBe(59_999);
  pace.note(119_999);

  expect(pace.dueAt()).toBe(119_999);
});

test("a round in which nothing is written costs no pause", () => {
  for (let at = 0; at <= 10_000; at += 1_000) {
    pace.note(at);
    pace.take(pace.dueAt()!);
  }
  pace.note(11_000);

  expect(pace.dueAt()).toBe(11_250);
});

describe("an urgent rule", () => {
  const trickled = (): number => {
    for (let at = 0; at <= 4_000; at += 1_000) {
      pace.note(at);
      if (at < 3_000) round(pace);
    }
    return pace.dueAt()!;
  };

  test("shortens a pause", () => {
    const paused = trickled();
    pace.note(10_000, { isUrgent: true });

    expect(paused).toBe(6_250 + 15_000);
    expect(pace.dueAt()).toBe(10_250);
  });

  test("shortens it to a second, not to nothing", () => {
    const last = trickled() - 15_000;
    pace.note(last + 100, { isUrgent: true });

    expect(pace.dueAt()).toBe(last + 1_000);
  });

  test("shortens nothing once it is written", () => {
    trickled();
    pace.note(10_000, { isUrgent: true });
    expect(round(pace)).toBe(10_250);
    pace.note(11_000);

    expect(pace.dueAt()).toBe(70_250);
  });
});

describe("rooms that need their ACL", () => {
  test("get it during a pause, and they alone", () => {
    for (const at of [0, 2_000, 4_000]) {
      pace.note(at);
      if (at < 4_000) round(pace);
    }
    pace.noteRooms([lobby!], 5_000, { reachesAnew: true });

    expect(pace.take(5_250)).toEqual({ command: undefined, reachesAnew: true, rooms: new Set([lobby]) });
    expect(pace.dueAt()).toBe(7_250);
  });

  test("that come one after another get it together, when it has been quiet", () => {
    pace.noteRooms([lobby!], 0);
    expect(pace.take(0)?.rooms).toEqual(new Set([lobby]));
    pace.noteRooms([lobby!], 100);
    pace.noteRooms([hall!], 200);

    expect(pace.dueAt()).toBe(450);
    expect(pace.take(450)?.rooms).toEqual(new Set([lobby, hall]));
    expect(pace.dueAt()).toBeUndefined();
  });

  test("are part of the next round of all rooms", () => {
    pace.noteRooms([lobby!], 0, { reachesAnew: true });
    pace.note(0);

    expect(pace.take(0)).toEqual({ command: undefined, reachesAnew: true, rooms: undefined });
    expect(pace.dueAt()).toBeUndefined();
  });
});

describe("while the ACLs of a round are being written", () => {
  test("the next round waits for them, and then for quiet", () => {
    pace.note(0);
    round(pace);
    pace.began();
    pace.began();
    pace.note(100);
    expect(pace.dueAt()).toBe(5_100);

    pace.ended(900);
    expect(pace.dueAt()).toBe(5_100);

    pace.ended(1_000);
    expect(pace.dueAt()).toBe(1_250);
  });

  test("one slow room does not hold up the next round for ever", () => {
    pace.note(0);
    round(pace);
    pace.began();
    pace.note(100);
    pace.note(4_000);

    expect(pace.dueAt()).toBe(5_100);
  });
});

test("no change waits longer than the longest pause, and rounds are few", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 80 }), (pauses) => {
      const subject = new AclDebounce(limits);
      const rounds: number[] = [];
      let now = 0;
      let longest = 0;
      let waitsSince: number | undefined;
      for (const pause of pauses) {
        const until = now + pause;
        const due = subject.dueAt();
        if (due !== undefined && due <= until) {
          longest = Math.max(longest, due - waitsSince!);
          rounds.push(due);
          round(subject);
          waitsSince = undefined;
        }
        now = until;
        subject.note(now);
        waitsSince ??= now;
      }

      const beganAt = rounds[0] ?? 0;
      expect(longest).toBeLessThanOrEqual(60_000);
      // At most three for the burst, two until the longest pause, then one for each of those.
      expect(rounds.length).toBeLessThanOrEqual(5 + (now - beganAt) / 60_000);
    }),
  );
});

describe("where our clock was set back", () => {
  test("what waits goes out after its usual time", () => {
    pace.note(86_400_000);
    round(pace);
    pace.note(86_400_100);

    pace.lookedAt(1_000);

    expect(pace.dueAt()).toBe(1_250);
  });

  test("the next change waits no longer than within a burst", () => {
    pace.note(86_400_000);
    round(pace);
    pace.lookedAt(1_000);
    pace.note(1_100);
    expect(pace.dueAt()).toBe(1_350);

    pace.lookedAt(1_350);
    round(pace);
    pace.note(10_000);

    expect(pace.dueAt()).toBe(10_000);
  });
});

test("a room with a new ACL of ours is looked at once more after the longest pause, no sooner, and rules do not wait for it", () => {
  pace.noteWritten([lobby!], 5_000);

  expect(pace.take(64_999)).toBeUndefined();
  expect(pace.dueAt()).toBe(65_000);
  expect(pace.take(65_000)).toEqual({ command: undefined, reachesAnew: false, rooms: new Set([lobby]) });
  expect(pace.dueAt()).toBeUndefined();

  pace.note(65_100);
  expect(pace.dueAt()).toBe(65_100);
});
