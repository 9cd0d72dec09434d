import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AclDebounce } from "../../../src/decisions/judge/acl-debounce.ts";

let pace: AclDebounce;
beforeEach(() => {
  pace = new AclDebounce({ quietMs: 250, maxWaitMs: 5_000 });
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
  pace.decided(1_000);
  expect(pace.dueAt()).toBeUndefined();

  pace.note(1_100);
  pace.note(1_300);

  expect(pace.dueAt()).toBe(1_550);
});

test("a burst that does not end gets a round every five seconds", () => {
  pace.note(0);
  pace.decided(0);
  for (let at = 100; at <= 5_000; at += 100) pace.note(at);

  expect(pace.dueAt()).toBe(5_100);
});

test("a change long after the last round goes out at once again", () => {
  pace.note(0);
  pace.decided(0);
  pace.note(5_000);

  expect(pace.dueAt()).toBe(5_000);
});

describe("while the ACLs of a round are being written", () => {
  test("the next round waits for them, and then for quiet", () => {
    pace.note(0);
    pace.decided(0);
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
    pace.decided(0);
    pace.began();
    pace.note(100);
    pace.note(4_000);

    expect(pace.dueAt()).toBe(5_100);
  });
});

test("no change waits longer than the limit, and rounds are few", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 80 }), (pauses) => {
      const subject = new AclDebounce({ quietMs: 250, maxWaitMs: 5_000 });
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
          subject.decided(due);
          waitsSince = undefined;
        }
        now = until;
        subject.note(now);
        waitsSince ??= now;
      }

      const apart = rounds.slice(2).map((at, i) => at - rounds[i]!);
      expect(longest).toBeLessThanOrEqual(5_000);
      expect(Math.min(250, ...apart)).toBe(250);
    }),
  );
});

describe("where our clock was set back", () => {
  test("what waits goes out after its usual time", () => {
    pace.note(86_400_000);
    pace.decided(86_400_000);
    pace.note(86_400_100);

    pace.lookedAt(1_000);

    expect(pace.dueAt()).toBe(1_250);
  });

  test("the next change waits no longer than within a burst", () => {
    pace.note(86_400_000);
    pace.decided(86_400_000);
    pace.lookedAt(1_000);
    pace.note(1_100);
    expect(pace.dueAt()).toBe(1_350);

    pace.lookedAt(1_350);
    pace.decided(1_350);
    pace.note(10_000);

    expect(pace.dueAt()).toBe(10_000);
  });
});
