// Findings that are remembered for reports: a month of them, within bounds.

import { expect, test } from "@jest/globals";
import { dayMs } from "../../src/kit/duration.ts";
import type { EventId, RoomId, UserId } from "../../src/model/ids.ts";
import { RuleHits, type RuleHit } from "../../src/model/rule-hits.ts";

const hit = (n: number, more: Partial<RuleHit> = {}): RuleHit => ({
  protection: "links",
  isShadow: true,
  room: "!r:x" as RoomId,
  user: "@a:x" as UserId,
  event: `$${n}` as EventId,
  at: n,
  sentence: "1 link",
  ...more,
});
const events = (hits: RuleHits, protection = "links") => [...hits.of(protection)].map(({ event }) => event);

test("one event is found by one version of a protection once", () => {
  const hits = new RuleHits(100);
  for (const one of [hit(1), hit(1), hit(1, { version: 2 }), hit(1, { protection: "other" })]) hits.add(one);
  expect(events(hits)).toEqual(["$1", "$1"]);
  expect(events(hits, "other")).toEqual(["$1"]);
});

test("what is older than 30 days is forgotten with the next finding, also in the store", () => {
  const hits = new RuleHits(100);
  hits.add(hit(1));
  hits.unwritten.take();
  hits.add(hit(2, { at: 1 + 30 * dayMs }));
  expect(events(hits)).toEqual(["$2"]);
  expect([...hits.unwritten.take()].map(([key, item]) => [key, item?.event])).toEqual([
    ["links 0 $2", "$2"],
    ["links 0 $1", undefined],
  ]);
});

test("beyond the bound the oldest of the protection with the most go", () => {
  const hits = new RuleHits(4);
  hits.add(hit(1, { protection: "rare" }));
  for (const n of [2, 3, 4, 5, 6]) hits.add(hit(n));
  expect(events(hits)).toEqual(["$4", "$5", "$6"]);
  expect(events(hits, "rare")).toEqual(["$1"]);
});
