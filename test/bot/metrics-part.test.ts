import { expect, test } from "@jest/globals";
import { MetricsPart } from "../../src/bot/metrics-part.ts";
import type { Decision, Outcome } from "../../src/model/decision.ts";
import { decide } from "../../src/model/decision.ts";
import type { LookedAt, NotDone } from "../../src/bot/part.ts";
import { ann } from "../support/one-of-each.ts";
import { event, listA, lobby } from "../support/make.ts";

function counting() {
  const counted = new Map<string, number>();
  const timed: [string, readonly string[], number][] = [];
  const part = new MetricsPart({
    count: (name, labels, by = 1) => {
      const key = [name, ...labels].join(" ");
      counted.set(key, (counted.get(key) ?? 0) + by);
    },
    time: (name, labels, seconds) => void timed.push([name, labels, seconds]),
  });
  return { part, counted, timed };
}

const ban: Decision = decide(
  { kind: "ban", room: lobby, user: ann, reason: "", redacts: false },
  { kind: "rule-removed", list: listA, event: event("$r"), entity: ann },
  { at: 1_000, replaces: "" },
);
const ended = (result: Outcome["result"], decision = ban): Outcome => ({ decision, result });

test("acts are counted by how they ended, and those that touch somebody are timed", () => {
  const { part, counted, timed } = counting();
  const done = { kind: "done" } as Outcome["result"];

  part.handedOver(ban);
  part.ended(ended(done), 3_500);
  part.ended(ended({ kind: "superseded" }), 9_000);
  // The clock was set back.
  part.ended(ended(done), 500);

  expect(Object.fromEntries(counted)).toEqual({
    "tyr_decisions_total ban rule-removed": 1,
    "tyr_acts_total ban done": 2,
    "tyr_acts_total ban superseded": 1,
  });
  expect(timed).toEqual([["tyr_act_seconds", ["rule-removed"], 2.5]]);
});

test("what is refused and held is counted by why", () => {
  const { part, counted } = counting();
  const refused = [{ isSparing: true }, { isStopped: true }, {}, {}] as unknown as NotDone["refused"];

  part.guarded({ held: [{}] as unknown as NotDone["held"], refused });
  part.guarded({ held: [], refused: [] });

  expect(Object.fromEntries(counted)).toEqual({
    tyr_held_total: 1,
    "tyr_refusals_total spared": 1,
    "tyr_refusals_total stopped": 1,
    "tyr_refusals_total other": 2,
  });
});

test("names of protections are at most 64, whatever a community writes", () => {
  const { part, counted } = counting();
  const findings = Array.from({ length: 200 }, (_, i) => ({ finding: { protection: `rule-${i}` } }));

  expect(part.says({ findings } as unknown as LookedAt)).toEqual([]);

  expect(counted.size).toBe(65);
  expect(counted.get("tyr_findings_total other")).toBe(136);
});
