// Two thousand lives of Tyr among random people, rules and misfortunes; `npm run simulate -- --seed N` tells one of them.

import { expect, test } from "@jest/globals";
import { availableParallelism } from "node:os";
import { simulateMany } from "./many.ts";
import { simulate } from "./simulation.ts";

/** An idle machine with two processors needs about a minute; a busy one several. */
const patienceMs = 15 * 60_000;

test(
  "nothing happens that must never happen, and in the end all is as the lists ask",
  async () => {
    const { lived, failures, counts } = await simulateMany({
      from: 1,
      seeds: 2_000,
      jobs: Math.min(4, availableParallelism()),
    });

    expect(failures).toEqual([]);
    expect(lived).toBe(2_000);
    // A claim about what never happened would prove nothing.
    expect([...counts.keys()]).toEqual(
      expect.arrayContaining([
        ...["rule", "!tyr ban", "!tyr undo", "weather", "kill", "power", "state reset", "clock step"],
        ...["(question)", "answer by reaction", "answer by reply", "answer of a stranger"],
      ]),
    );
  },
  patienceMs,
);

test("the same seed lives the same life", async () => {
  const [first, second] = [await simulate(7), await simulate(7)];

  expect(second.trace).toEqual(first.trace);
});
