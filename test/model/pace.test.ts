import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Pace } from "../../src/model/pace.ts";
import { SlidingCount } from "../../src/model/sliding-count.ts";
import type { Seen } from "../../src/model/observation.ts";
import { aWorld, event, hall, live, lobby, member, user } from "../support/make.ts";

const minute = 60_000;
const start = 1_700_000_000_000;

test("what is counted is what there was in the while, to a sixtieth of it", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 60 }), (gaps) => {
      const count = new SlidingCount(minute);
      const times: number[] = [];
      let at = start;
      for (const gap of gaps) {
        at += gap;
        times.push(at);
        count.add(at);
        const within = (ms: number) => times.filter((one) => one > at - ms).length;
        expect(count.at(at)).toBeGreaterThanOrEqual(within(minute - 1_000));
        expect(count.at(at)).toBeLessThanOrEqual(within(minute + 1_000));
      }
    }),
  );
});

test("a clock that is set back forgets, and counts on", () => {
  const count = new SlidingCount(minute);
  for (let i = 0; i < 5; i++) count.add(start);
  count.add(start - 10 * minute);

  expect(count.at(start - 10 * minute)).toBe(1);
  expect(count.at(start)).toBe(0);
});

describe("the lag of a room", () => {
  const from = (server: string, lag: number, at = start) =>
    [{ sender: user(`@a:${server}`), sentAt: at - lag }, at] as const;

  test("is that of the middle server, and unknown from two of them", () => {
    const pace = new Pace();
    pace.noteDelay(lobby, ...from("slow.example", 9 * minute));
    for (let i = 0; i < 20; i++) pace.noteDelay(lobby, ...from("good.example", 500));
    expect(pace.lagMs(lobby, start)).toBeUndefined();

    pace.noteDelay(lobby, ...from("third.example", 2 * minute));
    expect(pace.lagMs(lobby, start)).toBe(2 * minute);
    expect(pace.lagMs(hall, start)).toBeUndefined();
    expect(pace.lagMs(lobby, start + 11 * minute)).toBeUndefined();
  });

  test("is never made by one server, whatever it sends, nor below zero by a clock that is fast", () => {
    const pace = new Pace();
    for (const name of ["b", "c"]) pace.noteDelay(lobby, ...from(`${name}.example`, -5_000));
    pace.noteDelay(lobby, ...from("evil.example", 1_000 * minute));

    expect(pace.lagMs(lobby, start)).toBe(0);
  });

  test("of a hundred servers the newest count", () => {
    const pace = new Pace();
    for (let i = 0; i < 100; i++) pace.noteDelay(lobby, ...from(`s${i}.example`, i * 1_000));

    expect(pace.lagMs(lobby, start)).toBe(91_000);
  });
});

describe("as the world sees it", () => {
  const begin = () => {
    const world = aWorld();
    let now = start;
    const see = (...seen: readonly Seen[]) => {
      for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
    };
    const pass = (ms: number, step = 30_000) => {
      for (let left = ms; left > 0; left -= step) {
        now += Math.min(step, left);
        see({ kind: "synced", token: "s" });
      }
    };
    const say = (late = false): Seen => ({
      kind: "message",
      room: lobby,
      late,
      event: {
        type: "m.room.message",
        sender: user("@ann:x"),
        eventId: event("$1"),
        content: {},
        sentAt: now,
      },
    });
    return {
      world,
      see,
      pass,
      say,
      wait: (ms: number) => (now += ms),
      of: () => world.pace.messages(lobby, now),
    };
  };

  test("messages count for a minute; what comes late, or at a start, does not", () => {
    const { see, pass, say, of } = begin();
    see(say(), say());
    expect(of()).toBe(0);

    pass(2 * minute);
    see(say(), say(), say(true));
    expect(of()).toBe(2);
    pass(2 * minute);
    expect(of()).toBe(0);
  });

  test("what was said while the server did not answer did not happen in this minute", () => {
    const { see, pass, say, wait, of } = begin();
    pass(5 * minute);
    wait(20 * minute);
    see(say(), say(), say());

    expect(of()).toBe(0);
  });

  test("joins count for an hour, new names do not", () => {
    const { world, see, pass } = begin();
    pass(5 * minute);
    for (const name of ["a", "b"]) see(live(lobby, member(`@${name}:x`, "join")));
    see(live(lobby, member("@a:x", "join")));

    expect(world.pace.joins(lobby, start + 50 * minute)).toBe(2);
    expect(world.pace.joins(lobby, start + 70 * minute)).toBe(0);
  });
});
