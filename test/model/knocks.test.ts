import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Knocks, type Knock } from "../../src/model/knocks.ts";
import { hall, lobby, user } from "../support/make.ts";

const aKnock = (i: number, state: Knock["state"] = "asks"): Knock => ({
  room: i % 2 === 0 ? lobby : hall,
  user: user(`@n${i}:x`),
  at: i,
  state,
});
const who = (knocks: Knocks) => [...knocks.all()].map((one) => one.user);

test("who finds no place is left out, and nobody who waits goes for them", () => {
  const knocks = new Knocks(2);
  for (const i of [0, 1, 2]) knocks.set(aKnock(i));

  expect(who(knocks)).toEqual(["@n0:x", "@n1:x"]);
  expect(knocks.isFull).toBe(true);
});

test("who was refused makes room, the oldest first", () => {
  const knocks = new Knocks(3);
  for (const i of [0, 1, 2]) knocks.set(aKnock(i, i === 0 ? "asks" : "refused"));

  expect(knocks.isFull).toBe(false);
  knocks.set(aKnock(3));
  expect(who(knocks)).toEqual(["@n0:x", "@n2:x", "@n3:x"]);
});

test("one that changes keeps its place, also where no other finds one", () => {
  const knocks = new Knocks(2);
  for (const i of [0, 1]) knocks.set(aKnock(i));

  knocks.set({ ...aKnock(0), question: 7 });

  expect(who(knocks)).toEqual(["@n0:x", "@n1:x"]);
  expect(knocks.get(lobby, user("@n0:x"))?.question).toBe(7);
});

test("whatever comes, there are never more than the bound, and who waits stays until they ask no more", () => {
  const step = fc.record({
    i: fc.integer({ min: 0, max: 20 }),
    does: fc.constantFrom("asks", "passes", "refused", "gone"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const knocks = new Knocks(5);
      for (const { i, does } of steps) {
        const before = new Set(
          [...knocks.all()].filter(({ state }) => state !== "refused").map((one) => one.user),
        );
        const { room, user: one } = aKnock(i);
        if (does === "gone") knocks.gone(room, one);
        else knocks.set(aKnock(i, does));
        before.delete(one);
        expect([...before].filter((other) => !who(knocks).includes(other))).toEqual([]);
        expect(who(knocks).length).toBeLessThanOrEqual(5);
      }
    }),
    { numRuns: 200 },
  );
});
