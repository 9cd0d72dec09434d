/** Tells how alike two texts are, from a few numbers of each: a text of which words were replaced is still the same text. */

/** Letters of one run: short enough that a replaced word spoils a few runs alone. */
const runLength = 5;
/** So many of the smallest hashes are kept; the share that two texts have in common is right to about a tenth. */
const kept = 32;
/** So many letters are looked at. */
const maxLooked = 1_000;
/** What is shorter is said by many people and is like nothing. */
const shortest = 20;

/** The smallest hashes of its runs, each once, smallest first. */
export type Sketch = readonly number[];

/** `text`: folded. Undefined for short texts. */
export function sketchOf(text: string): Sketch | undefined {
  const letters = text.slice(0, maxLooked).replaceAll(" ", "");
  if (letters.length < shortest) return undefined;
  const smallest: number[] = [];
  // Each run's sum follows from that of the run before it.
  let sum = 0;
  for (let i = 0; i < letters.length; i++) {
    const gone = i < runLength ? 0 : Math.imul(letters.charCodeAt(i - runLength), goneFactor);
    sum = (Math.imul(sum, factor) + letters.charCodeAt(i) - gone) | 0;
    if (i >= runLength - 1) keep(smallest, mixed(sum));
  }
  return smallest;
}

function keep(smallest: number[], hash: number): void {
  if (smallest.length === kept && hash >= smallest[kept - 1]!) return;
  let place = smallest.length;
  while (place > 0 && smallest[place - 1]! >= hash) place--;
  if (smallest[place] === hash) return;
  smallest.splice(place, 0, hash);
  if (smallest.length > kept) smallest.pop();
}

/** From 0, nothing in common, to 1. The share of their common runs (Jaccard), estimated. */
export function likeness(one: Sketch, other: Sketch): number {
  let [i, j, all, common] = [0, 0, 0, 0];
  while (all < kept && (i < one.length || j < other.length)) {
    const [a, b] = [one[i] ?? Infinity, other[j] ?? Infinity];
    if (a === b) common++;
    if (a <= b) i++;
    if (b <= a) j++;
    all++;
  }
  return all === 0 ? 0 : common / all;
}

const maxWritten = 400;

/** As a text that can be kept and compared later. */
export function writeSketch(sketch: Sketch): string {
  return sketch.map((hash) => hash.toString(36)).join(".");
}

export function readSketch(text: string): Sketch {
  return text
    .slice(0, maxWritten)
    .split(".")
    .map((hash) => Number.parseInt(hash, 36))
    .filter(Number.isFinite);
}

const factor = 0x01_00_01_93;
/** The factor to the power of a run's length: what a letter has become when the run has gone past it. */
const goneFactor = Array.from({ length: runLength }).reduce<number>((power) => Math.imul(power, factor), 1);

/** The smallest of many hashes needs all bits to be even. 31 bits, which take no memory of their own in an array. */
function mixed(sum: number): number {
  let hash = sum ^ (sum >>> 16);
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 1;
}
