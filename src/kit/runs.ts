/** One number for a text that nearly the same text has as well: for telling copies with a few letters changed. */

/** Letters of one run. */
const runLength = 12;
/** So many letters are looked at. */
const maxLooked = 1_000;
/** Shorter texts are said by many people: they have no key. */
const shortest = 20;

/**
 * The smallest hash of all runs of twelve letters: texts that share most of their runs are likely to share this one.
 * `text`: folded. Undefined for short texts.
 */
export function keyOfText(text: string): number | undefined {
  const letters = text.slice(0, maxLooked).replaceAll(" ", "");
  if (letters.length < shortest) return undefined;
  let smallest = Infinity;
  // Each run's sum follows from that of the run before it.
  let sum = 0;
  for (let i = 0; i < letters.length; i++) {
    const gone = i < runLength ? 0 : Math.imul(letters.charCodeAt(i - runLength), goneFactor);
    sum = (Math.imul(sum, factor) + letters.charCodeAt(i) - gone) | 0;
    if (i >= runLength - 1) smallest = Math.min(smallest, mixed(sum));
  }
  return smallest;
}

const factor = 0x01_00_01_93;
/** The factor to the power of a run's length: what a letter has become when the run has gone past it. */
const goneFactor = Array.from({ length: runLength }).reduce<number>((power) => Math.imul(power, factor), 1);

/** The smallest of many hashes needs all bits to be even. */
function mixed(sum: number): number {
  let hash = sum ^ (sum >>> 16);
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
