/** Tells how alike two texts are, from a few numbers of each: a text of which words were replaced is still the same text. */

/** Letters of one run: short enough that a replaced word spoils a few runs alone. */
const runLength = 5;
/** So many of the smallest hashes are kept; the share that two texts have in common is right to about a tenth. */
const kept = 32;
/** So many letters are looked at. */
const maxLooked = 1_000;
/** What is shorter is said by many people and is like nothing. */
const shortest = 20;

export interface Sketch {
  /** How long the text is, spaces left out; no more than is looked at. */
  readonly letters: number;
  /** The smallest hashes of its runs, each once, smallest first. */
  readonly hashes: readonly number[];
}

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
  // A copy takes no more room than it needs.
  return { letters: letters.length, hashes: smallest.slice() };
}

function keep(smallest: number[], hash: number): void {
  if (smallest.length === kept && hash >= smallest[kept - 1]!) return;
  let place = smallest.length;
  while (place > 0 && smallest[place - 1]! >= hash) place--;
  if (smallest[place] === hash) return;
  smallest.splice(place, 0, hash);
  if (smallest.length > kept) smallest.pop();
}

/** Texts that are so alike are the same with other words in them. */
export const sameText = 0.3;

/** From 0, nothing in common, to 1. The share of their common runs (Jaccard), estimated. */
export function likeness({ hashes: one }: Sketch, { hashes: other }: Sketch): number {
  let [i, j, all, common] = [0, 0, 0, 0];
  for (; all < kept && i < one.length && j < other.length; all++) {
    const [a, b] = [one[i]!, other[j]!];
    if (a === b) common++;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  all = Math.min(kept, all + one.length - i + other.length - j);
  return all === 0 ? 0 : common / all;
}

const maxWritten = 400;

/** As a text that can be kept and compared later. */
export function writeSketch({ letters, hashes }: Sketch): string {
  return [letters, ...hashes].map((number) => number.toString(36)).join(".");
}

export function readSketch(text: string): Sketch {
  const [letters = 0, ...hashes] = text
    .slice(0, maxWritten)
    .split(".")
    .map((number) => Number.parseInt(number, 36))
    .filter(Number.isFinite);
  return { letters, hashes };
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
