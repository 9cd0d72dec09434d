// `npm run simulate -- --seed 7` lives one seed through and prints all that happened in it;
// `npm run simulate -- --seeds 10000 [--from 1] [--jobs 2]` lives many through and names those in which something broke.

import { parseArgs } from "node:util";
import { simulateMany } from "../test/simulation/many.ts";
import { simulate } from "../test/simulation/simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
  },
});

if (values.seed === undefined) await many();
else await one(Number(values.seed));

async function one(seed: number): Promise<void> {
  const { trace, violations } = await simulate(seed);
  for (const line of trace) print(line);
  print(violations.length === 0 ? `seed ${seed}: all is well` : `seed ${seed}: ${violations.join("\n  ")}`);
  if (violations.length > 0) process.exitCode = 1;
}

async function many(): Promise<void> {
  const begun = performance.now();
  const summary = await simulateMany({
    from: Number(values.from),
    seeds: Number(values.seeds),
    jobs: Number(values.jobs),
    failed: ({ seed, violations }) => print(`seed ${seed}: ${violations[0] ?? ""}`),
  });
  const seconds = (performance.now() - begun) / 1000;
  const rows = [...summary.counts].sort(([, a], [, b]) => b - a);
  for (const [name, times] of rows) print(`${String(times).padStart(9)}  ${name}`);
  print(`${summary.lived} seeds in ${seconds.toFixed(1)} s, ${summary.failures.length} failed`);
  if (summary.failures.length > 0 || summary.lived === 0) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
