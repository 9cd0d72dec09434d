import { beforeEach, expect, test } from "@jest/globals";
import { dayMs } from "../../src/kit/duration.ts";
import type { Question } from "../../src/model/question.ts";
import { keepsFromYes, secondsAround, secondsOf } from "../../src/model/second-person.ts";
import type { World } from "../../src/model/world/world.ts";
import { aWorld, desk, live, member, see, user } from "../support/make.ts";

const [asker, other, late, gone] = ["@asker:x", "@other:x", "@late:x", "@gone:x"].map(user) as [
  ReturnType<typeof user>,
  ReturnType<typeof user>,
  ReturnType<typeof user>,
  ReturnType<typeof user>,
];
const now = 1_700_000_000_000;

let world: World;
beforeEach(() => {
  world = aWorld();
  for (const one of [asker, other, gone])
    world.apply({ ...live(desk, member(one, "join")), at: now - 3 * dayMs, dueBy: now - 3 * dayMs });
  world.apply({ ...live(desk, member(late, "join")), at: now - 3_600_000, dueBy: now });
  see(world, live(desk, member(gone, "leave")));
});

const question = (second: object | undefined) =>
  ({ about: { kind: "command", event: { sender: asker }, second }, askedAt: now }) as unknown as Question;
const kept = (by: typeof asker, second: object | undefined, at = now) =>
  keepsFromYes(question(second), by, { world, at });

test("whoever asked is no second person, nor who came within the last day, nor who is gone", () => {
  expect(secondsOf(asker, { role: "moderator", at: now }, world)).toEqual([other]);
  expect(secondsOf(asker, { role: "moderator", at: now + 2 * dayMs }, world)).toEqual([late, other]);
});

test("only those are around who have said something lately", () => {
  expect(secondsAround([other], now - dayMs, world)).toEqual([]);
});

test("a yes of who asked counts never, or from the time on that was told", () => {
  expect(kept(asker, {})).toBe("asked");
  expect(kept(asker, {}, now + 100 * dayMs)).toBe("asked");
  expect(kept(asker, { ownFrom: now + 5 }, now + 4)).toBe("asked");
  expect(kept(asker, { ownFrom: now + 5 }, now + 5)).toBeUndefined();
});

test("a yes of another counts, but not of who came just before the question, however late it is said", () => {
  expect(kept(other, {})).toBeUndefined();
  expect(kept(late, {})).toBe("new");
  expect(kept(late, {}, now + 2 * dayMs)).toBe("new");
});

test("where no second person is asked for, everybody may say it", () => {
  expect([asker, other, late].map((by) => kept(by, undefined))).toEqual([undefined, undefined, undefined]);
});
