// What a comparison of two revisions (against.ts) sets for the benchmarks that it runs: whose build, and how thoroughly.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout whose build is measured. */
export const measuredRoot = process.env["BENCH_CHECKOUT"] ?? join(import.meta.dirname, "..");

const isCompared = process.env["BENCH_CHECKOUT"] !== undefined;

/** How often to measure: in a comparison a quarter as often, as its rounds repeat it. */
export function samples(usual: number): number {
  return isCompared ? Math.ceil(usual / 4) : usual;
}

/** The share of the full size at which `scale` is measured: a tenth in a comparison. */
export const scaleShare = Number(process.env["BENCH_SCALE"] ?? (isCompared ? 0.1 : 1));

/** Whether the measured revision has a setting of this name: its config/default.yaml shows them all. */
export function hasSetting(name: string): boolean {
  return readFileSync(join(measuredRoot, "config/default.yaml"), "utf8").includes(`${name}:`);
}
