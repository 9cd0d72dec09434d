// `npm run last-word -- --interleavings 10000 [--from 1]` has two moderators take each other back that often and names
// what did not end as the last word said; `-- --seed 7` tells what happened under one seed.

import { parseArgs } from "node:util";
import { lastWords } from "../test/simulation/last-word.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    interleavings: { type: "string", default: "10000" },
    each: { type: "string", default: "20" },
  },
});

const each = Number(values.each);
const first = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Math.ceil(Number(values.interleavings) / each) : 1;
const counts = new Map<string, { all: number; lost: number }>();
for (let seed = first; seed < first + seeds; seed++) {
  for (const [number, { pair, trace, violation }] of (await lastWords(seed, each)).entries()) {
    const count = counts.get(pair) ?? { all: 0, lost: 0 };
    counts.set(pair, { all: count.all + 1, lost: count.lost + (violation === undefined ? 0 : 1) });
    if (violation !== undefined) console.log(`seed ${seed}, number ${number}: ${pair}: ${violation}`);
    if (values.seed !== undefined && violation !== undefined) console.log(trace.join("\n"));
  }
}
console.table(Object.fromEntries(counts));
process.exitCode = [...counts.values()].some(({ lost }) => lost > 0) ? 1 : 0;
