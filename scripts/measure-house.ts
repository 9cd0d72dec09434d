// `node scripts/measure-house.ts [ROOT]` prints the measures of a checkout as one table, so that two can be compared;
// `--places` adds where properties of actions stand, `--comments` prints 110 comments drawn with a fixed seed, or with
// that of `--seed N`.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { actionKinds, actionPlaces } from "./house/action-places.ts";
import {
  allComments,
  commentLines,
  cycles,
  fileSizes,
  functionSizes,
  keyCounts,
  looseFiles,
  quantile,
  type Sized,
} from "./house/measures.ts";
import { bounds } from "./house/bounds.ts";
import { readSources, type SourceFile } from "./house/syntax.ts";
import { seeded } from "../bench/table.ts";

const sampleSize = 110;
const usualSeed = "20261130";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    places: { type: "boolean", default: false },
    comments: { type: "boolean", default: false },
    seed: { type: "string", default: usualSeed },
  },
});
const root = resolve(positionals[0] ?? join(import.meta.dirname, ".."));
const sources = readSources(join(root, "src"));
if (values.comments) printComments(sources);
else printMeasures(sources);

function printMeasures(all: readonly SourceFile[]): void {
  const files = fileSizes(all);
  const functions = functionSizes(all);
  const keys = keyCounts(all);
  const { comment, all: lines } = commentLines(all);
  const places = actionPlaces(all);
  const rings = cycles(all);
  const loose = looseFiles(all);
  row("files", files.length);
  row("  lines: median, 90 %, most", spread(files));
  over("  files over", bounds.fileLines, files);
  row("functions", functions.length);
  row("  lines: median, 90 %, most", spread(functions));
  over("  functions over", bounds.functionLines, functions);
  over("options and interfaces over", bounds.keys, keys);
  row("loose files at the root of src", loose.length);
  for (const file of loose) detail(file);
  row("files in import cycles", rings.flat().length);
  for (const ring of rings) detail(ring.join(", "));
  row("kinds of action", actionKinds(all).size);
  row(
    "places with properties of actions",
    `${places.length} in ${filesOf(places.map(({ where }) => where))} files`,
  );
  row("  of which the compiler asks for", places.filter(({ isAskedFor }) => isAskedFor).length);
  if (values.places)
    for (const { where, isAskedFor, kinds } of places)
      detail(
        `${where}${isAskedFor ? ", asked for by the compiler" : ""} (${kinds.length}: ${kinds.join(" ")})`,
      );
  row("lines of comment", `${comment} of ${lines} (${((100 * comment) / lines).toFixed(1)} %)`);
}

function spread(sized: readonly Sized[]): string {
  const sizes = sized.map(({ size }) => size);
  return `${quantile(sizes, 0.5)} / ${quantile(sizes, 0.9)} / ${Math.max(...sizes)}`;
}

function over(what: string, bound: number, sized: readonly Sized[]): void {
  const offenders = sized.filter(({ size }) => size > bound).toSorted((a, b) => b.size - a.size);
  row(`${what} ${bound}`, offenders.length);
  for (const { what: name, size } of offenders) detail(`${String(size).padStart(4)}  ${name}`);
}

function filesOf(places: readonly string[]): number {
  return new Set(places.map((place) => place.split(":")[0])).size;
}

function printComments(all: readonly SourceFile[]): void {
  const next = seeded(Number(values.seed));
  const left = [...allComments(all)];
  for (let drawn = 1; drawn <= sampleSize && left.length > 0; drawn++) {
    const [one] = left.splice(Math.floor(next() * left.length), 1);
    console.log(`${String(drawn).padStart(3)}. ${one!.where}\n     ${one!.text}`);
  }
}

function row(what: string, figure: string | number): void {
  console.log(`${what.padEnd(38)}${figure}`);
}

function detail(text: string): void {
  console.log(`      ${text}`);
}
