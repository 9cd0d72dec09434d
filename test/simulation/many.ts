/** Many seeds in several processes. */
import { fork } from "node:child_process";
import { join } from "node:path";

export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
}

export interface Summary {
  lived: number;
  readonly failures: Failure[];
  /** How often each operation was done, in all lives together. */
  readonly counts: Map<string, number>;
}

/** What a worker sends for each seed. */
export interface LifeMessage extends Failure {
  readonly counts: readonly (readonly [string, number])[];
}

export interface ManyOptions {
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
  /** Told of each failure as it comes. */
  readonly failed?: (failure: Failure) => void;
}

export async function simulateMany({ from, seeds, jobs, failed }: ManyOptions): Promise<Summary> {
  const summary: Summary = { lived: 0, failures: [], counts: new Map() };
  const take = ({ seed, violations, counts }: LifeMessage): void => {
    summary.lived += 1;
    for (const [name, times] of counts) summary.counts.set(name, (summary.counts.get(name) ?? 0) + times);
    if (violations.length === 0) return;
    summary.failures.push({ seed, violations });
    failed?.({ seed, violations });
  };
  const every = Math.max(1, jobs);
  const shares = Array.from({ length: every }, (_, i) => ({ from: from + i, until: from + seeds, every }));
  await Promise.all(shares.map((share) => work(share, take)));
  summary.failures.sort((a, b) => a.seed - b.seed);
  return summary;
}

function work(share: object, take: (life: LifeMessage) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(join(import.meta.dirname, "worker.ts"), [JSON.stringify(share)], {
      // Old dependencies of matrix-bot-sdk warn in every process. Flags of a test runner are none of the worker's.
      execArgv: ["--disable-warning=DEP0040", "--disable-warning=DEP0060"],
    });
    worker.on("message", (message) => take(message as LifeMessage));
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker ended with ${String(code)}`)),
    );
  });
}
