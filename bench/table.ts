/** What the micro-benchmarks share: repeatable randomness, medians, a table. */

/** A small seeded generator (mulberry32): the same rules and people in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Milliseconds of the middle run; the first runs, which warm up the compiler, are not counted. */
export function medianMs(
  work: () => unknown,
  { runs = 7, warmUps = 2 }: { runs?: number; warmUps?: number } = {},
): number {
  const times: number[] = [];
  for (let run = 0; run < runs + warmUps; run++) {
    const started = performance.now();
    work();
    if (run >= warmUps) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target?: string;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const width = (key: "what" | "measured"): number => Math.max(...rows.map((row) => row[key].length));
  console.log(`\n${title}`);
  for (const { what, measured, target } of rows) {
    const aim = target === undefined ? "" : `   target ${target}`;
    console.log(`  ${what.padEnd(width("what"))}  ${measured.padStart(width("measured"))}${aim}`);
  }
}

export function inMicroseconds(ms: number, operations: number): string {
  return `${((ms * 1000) / operations).toFixed(3)} µs`;
}

export function inMs(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
