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
  for (let start = 0; start + runLength <= letters.length; start++)
    smallest = Math.min(smallest, hashOfRun(letters, start));
  return smallest;
}

/** FNV-1a over the letters, mixed at the end, as the smallest of many hashes needs all bits to be even. */
function hashOfRun(letters: string, start: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = start; i < start + runLength; i++)
    hash = Math.imul(hash ^ letters.charCodeAt(i), 0x01_00_01_93);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c_1b_3c_6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
