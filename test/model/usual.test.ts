import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { RoomId } from "../../src/model/ids.ts";
import { Usual } from "../../src/model/usual.ts";
import { hall, lobby, room } from "../support/make.ts";

const hour = 3_600_000;
const week = 168 * hour;
/** The beginning of an hour. */
const start = 472_000 * hour;

/** So many messages and joins in the hour that begins then. */
function happened(usual: Usual, at: number, messages: number, joins = 0, where: RoomId = lobby): void {
  for (let i = 0; i < messages; i++) usual.note(where, "messages", at + i);
  for (let i = 0; i < joins; i++) usual.note(where, "joins", at + i);
}
const watchTo = (usual: Usual, at: number, since = start) => usual.closeHours(at, { since });
const copyOf = (usual: Usual): Usual => {
  const copy = new Usual();
  for (const [key, item] of usual.unwritten.take())
    if (item) copy.restore(key, JSON.parse(JSON.stringify(item)));
  return copy;
};

test("nothing is usual in the first week; then it is what was a week ago, at that hour", () => {
  const usual = new Usual();
  happened(usual, start, 120, 3);
  watchTo(usual, start + hour);
  expect(usual.of(lobby, start + hour)).toBeUndefined();
  happened(usual, start + hour, 60);
  watchTo(usual, start + week);

  expect(usual.of(lobby, start + week)).toEqual({ messages: 120, joins: 3 });
  expect(usual.of(lobby, start + week + hour)).toEqual({ messages: 60, joins: 0 });
  expect(usual.of(lobby, start + week + 2 * hour)).toEqual({ messages: 0, joins: 0 });
  expect(usual.of(hall, start + week)).toBeUndefined();
});

test("it is the median of four weeks, so that one attack changes little; what is older is forgotten", () => {
  const usual = new Usual();
  const nextWeekIs = [1_000, 10, 12, 500, 14].map((messages, i) => {
    happened(usual, start + i * week, messages);
    watchTo(usual, start + i * week + hour);
    return usual.of(lobby, start + (i + 1) * week)?.messages;
  });

  expect(nextWeekIs).toEqual([1_000, (10 + 1_000) / 2, 12, (12 + 500) / 2, (12 + 14) / 2]);
});

test("an hour that we did not see whole does not count, nor one in which we were away", () => {
  const usual = new Usual();
  happened(usual, start + 10, 50);
  watchTo(usual, start + hour, start + 5);
  expect(usual.of(lobby, start + week)).toBeUndefined();

  happened(usual, start + hour, 50);
  watchTo(usual, start + 2 * hour, start + 5);
  // Away until a week later.
  watchTo(usual, start + week + hour, start + week);
  expect(usual.of(lobby, start + week + hour)?.messages).toBe(50);
  expect(usual.of(lobby, start + week + 2 * hour)).toBeUndefined();
});

test("it outlives a restart, and only hours that change are written", () => {
  const usual = new Usual();
  happened(usual, start, 7, 2);
  watchTo(usual, start + hour);
  const again = copyOf(usual);
  expect(again.of(lobby, start + week)).toEqual({ messages: 7, joins: 2 });
  expect(again.unwritten.take().size).toBe(0);

  watchTo(again, start + 2 * hour);
  watchTo(again, start + 2 * hour + 5);
  expect([...again.unwritten.take().keys()]).toEqual(["watched"]);
});

test("a room that we leave is forgotten, and unknown for a week when we are back", () => {
  const usual = new Usual();
  happened(usual, start, 7);
  watchTo(usual, start + hour);
  usual.unwritten.take();
  usual.forget(lobby);

  expect(usual.of(lobby, start + week)).toBeUndefined();
  expect([...usual.unwritten.take().values()]).toEqual(Array(7).fill(undefined));
  happened(usual, start + week, 9);
  watchTo(usual, start + week + hour);
  expect(usual.of(lobby, start + week + hour)).toBeUndefined();
});

test("beyond the bound the room that is quiet for longest is forgotten and deleted", () => {
  const usual = new Usual(2);
  for (const [i, where] of [lobby, hall, lobby, room("!third:example.org")].entries()) {
    happened(usual, start + i * hour, 1, 0, where);
    watchTo(usual, start + (i + 1) * hour);
  }

  expect(usual.of(hall, start + week)).toBeUndefined();
  expect(usual.of(lobby, start + week)?.messages).toBe(1);
});

test("whatever happened when, it is the median of that hour of the last four weeks", () => {
  const at = fc.integer({ min: 0, max: 4 * 168 - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(at, fc.nat(5)), { maxLength: 40 }), fc.nat(167), (events, asked) => {
      const counts = new Map<number, number>();
      const usual = new Usual();
      // Something in the first hour, from which on the room is watched.
      for (const [when, n] of [[0, 1] as const, ...events].toSorted(([a], [b]) => a - b)) {
        watchTo(usual, start + when * hour);
        happened(usual, start + when * hour, n);
        counts.set(when, (counts.get(when) ?? 0) + n);
      }
      watchTo(usual, start + 4 * week);

      const found = [0, 1, 2, 3]
        .map((weeks) => counts.get(asked + weeks * 168) ?? 0)
        .toSorted((one, other) => one - other);
      const told = copyOf(usual).of(lobby, start + 4 * week + asked * hour);
      expect(told?.messages).toBe((found[1]! + found[2]!) / 2);
    }),
  );
});
