// How often somebody was found, over all protections.

import { beforeEach, expect, test } from "@jest/globals";
import { Offences, type Offence } from "../../src/model/offences.ts";
import { lobby, user } from "../support/make.ts";

const [ann, bob] = [user("@ann:x"), user("@bob:x")];
const dayMs = 86_400_000;
const now = 1_700_000_000_000;

let offences: Offences;
beforeEach(() => {
  offences = new Offences(3);
});
const found = (
  protection: string,
  { at = now, step = 0, who = ann, ...more }: Partial<Offence> & { who?: typeof ann } = {},
) =>
  offences.set(
    { protection, user: who, step, at, incident: `${protection} of ${who}`, rooms: [lobby], ...more },
    at,
  );
const times = (who = ann, at = now) => offences.timesFound(who, { at, withinMs: dayMs });

test("each finding counts, repeats and all protections included", () => {
  found("flood", { step: 2 });
  found("words");
  found("words", { who: bob });

  expect([times(), times(bob), times(user("@cid:x"))]).toEqual([4, 1, 0]);
});

test("not what was only told, what is old, or what was taken back", () => {
  found("flood", { onlyTold: true });
  found("words", { at: now - dayMs });
  found("names");
  expect(times()).toBe(1);

  offences.forgive(new Set([`names of ${ann}`]));
  expect(times()).toBe(0);
});

test("what is forgotten beyond the bound counts no more, before and after a restart", () => {
  for (const name of ["a", "b", "c", "d"]) found(name);
  expect(times()).toBe(3);

  const again = new Offences(3);
  for (const [key, item] of offences.unwritten.take()) if (item) again.restore(key, item);
  for (const name of ["e", "f"])
    again.restore(`${name} ${bob}`, { ...again.get("d", { user: ann })!, user: bob, protection: name });

  expect(again.timesFound(ann, { at: now, withinMs: dayMs })).toBe(1);
  expect(again.timesFound(bob, { at: now, withinMs: dayMs })).toBe(2);
});

test("findings about rooms are of no person", () => {
  offences.set({ protection: "a", room: lobby, step: 0, at: now, incident: "i", rooms: [lobby] }, now);

  expect(times()).toBe(0);
  expect(offences.forgive(new Set(["i"]))).toHaveLength(1);
});
