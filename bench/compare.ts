// Two revisions side by side: every row of both with its spread, and whether one lies beyond the other.

import { separator, type Figure } from "./read-tables.ts";
import { spread } from "./support.ts";

export type Round = ReadonlyMap<string, Figure>;

export interface Comparison {
  readonly row: string;
  readonly unit: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly verdict: "better" | "worse" | "alike" | "only before" | "only after";
}

/** Figures are printed rounded: less than this is no difference. */
const leastDifference = 0.02;

/** Row by row, in the order in which the rows were first seen. All figures are costs: less is better. */
export function compare(before: readonly Round[], after: readonly Round[]): readonly Comparison[] {
  const rows = new Set([...before, ...after].flatMap((round) => [...round.keys()]));
  return [...rows].map((row) => {
    const of = (rounds: readonly Round[]) => rounds.flatMap((round) => round.get(row) ?? []);
    const [was, is] = [of(before), of(after)];
    const figures = { before: was.map(({ value }) => value), after: is.map(({ value }) => value) };
    return { row, unit: [...was, ...is][0]!.unit, ...figures, verdict: verdictOn(figures) };
  });
}

function verdictOn({
  before,
  after,
}: {
  readonly before: readonly number[];
  readonly after: readonly number[];
}): Comparison["verdict"] {
  if (after.length === 0) return "only before";
  if (before.length === 0) return "only after";
  if (isBeyond(after, before)) return "worse";
  return isBeyond(before, after) ? "better" : "alike";
}

/** Each figure of the first lies above each of the second. */
function isBeyond(high: readonly number[], low: readonly number[]): boolean {
  return Math.min(...high) > Math.max(...low) * (1 + leastDifference);
}

export function printComparison(comparisons: readonly Comparison[], revision: string): void {
  const marks = { better: "better", worse: "WORSE", alike: "", "only before": "gone", "only after": "new" };
  const table = [
    ["", revision, "this checkout", ""],
    ...comparisons.flatMap(({ row, unit, before, after, verdict }, i) => {
      const [title, ...names] = row.split(separator);
      const cells = [
        "  ".repeat(names.length) + names.at(-1),
        spread(before, unit),
        spread(after, unit),
        marks[verdict],
      ];
      const isSameTable = comparisons[i - 1]?.row.startsWith(title! + separator) ?? false;
      return isSameTable ? [cells] : [[title!, "", "", ""], cells];
    }),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  for (const cells of table)
    console.log(
      cells
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    );
  const worse = comparisons.filter(({ verdict }) => verdict === "worse").length;
  console.log(`\n${comparisons.length} rows, ${worse} worse beyond both spreads`);
}
