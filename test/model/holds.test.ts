import { expect, test } from "@jest/globals";
import { Holds, LetThroughs } from "../../src/model/holds.ts";
import { RoomReplies } from "../../src/model/room-replies.ts";
import { hall, lobby, user } from "../support/make.ts";

const [ann, bob, cid] = [user("@ann:x"), user("@bob:x"), user("@cid:x")];
const minute = 60_000;

test("somebody was held for ten minutes, in that room, whichever way the clock goes", () => {
  const holds = new Holds(10);
  holds.set({ room: lobby, user: ann, at: 100 * minute });

  expect(holds.wasHeld(lobby, ann, 109 * minute)).toBe(true);
  expect(holds.wasHeld(lobby, ann, 95 * minute)).toBe(true);
  expect(holds.wasHeld(lobby, ann, 110 * minute)).toBe(false);
  expect(holds.wasHeld(hall, ann, 101 * minute)).toBe(false);
  expect(holds.wasHeld(lobby, bob, 101 * minute)).toBe(false);
});

test("whoever is let through is left alone by that protection for a day, and by no other", () => {
  const all = new LetThroughs(10);
  all.set({ protection: "links", user: ann, at: 1_000 });

  expect(all.isNow("links", ann, 86_400_000)).toBe(true);
  expect(all.isNow("links", ann, 86_401_000)).toBe(false);
  expect(all.isNow("media", ann, 2_000)).toBe(false);
  expect(all.isSince("links", ann, 999)).toBe(true);
  expect(all.isSince("links", ann, 1_001)).toBe(false);
});

test("the oldest go beyond the bound, in the store as well; what is restored is no news", () => {
  const holds = new Holds(2);
  holds.restore(`${lobby} ${ann}`, { room: lobby, user: ann, at: 1 });
  expect(holds.unwritten.take().size).toBe(0);
  holds.set({ room: lobby, user: bob, at: 2 });
  holds.set({ room: lobby, user: cid, at: 3 });

  expect(holds.wasHeld(lobby, ann, 1)).toBe(false);
  const written = [...holds.unwritten.take()].map(([key, item]) => [key, item?.at] as const);
  expect(new Map(written)).toEqual(
    new Map([
      [`${lobby} ${bob}`, 2],
      [`${lobby} ${ann}`, undefined],
      [`${lobby} ${cid}`, 3],
    ]),
  );
});

test("a room that was answered rests for ten minutes", () => {
  const replies = new RoomReplies();
  replies.replied(lobby, 0);

  expect(replies.rests(lobby, 9 * minute)).toBe(true);
  expect(replies.rests(lobby, 10 * minute)).toBe(false);
  expect(replies.rests(hall, minute)).toBe(false);
});
