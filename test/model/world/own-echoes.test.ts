import { beforeEach, expect, test } from "@jest/globals";
import { OwnEchoes } from "../../../src/model/world/own-echoes.ts";
import { lobby, me, user } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";

const ann = user("@ann:example.org");
const day = 86_400_000;

let own: OwnEchoes;
beforeEach(() => {
  own = new OwnEchoes(me, usualLimits);
  own.awaitEcho(lobby, ann, day);
});

const isOlder = (now: number, sender = ann) => own.isOlder(lobby, ann, { sender, now });

test("until our write has come back, what the person did is older than it, for a minute at most", () => {
  expect([day, day + 60_000].map((now) => isOlder(now))).toEqual([true, true]);
  expect(isOlder(day + 60_001)).toBe(false);
});

test("an act of somebody else ends the wait", () => {
  expect(isOlder(day, me)).toBe(false);
  expect(isOlder(day)).toBe(false);
});

test("a look now and then ends it too", () => {
  own.forgetOld(day + 60_001);

  expect(isOlder(day + 1)).toBe(false);
});

test("where our clock was set back, it lasts a minute from the next look on and not a day longer", () => {
  own.forgetOld(1_000);

  expect(isOlder(60_000)).toBe(true);
  expect(isOlder(61_001)).toBe(false);
});
