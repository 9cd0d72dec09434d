/** Names as they look and as they are written: two that look the same and are written differently are no coincidence. */
import { latinTwins } from "./look-alikes.ts";

/** No client shows more of a name. */
const maxLength = 100;

/**
 * The same for names that look alike: without letter case, width, ornaments and invisible signs, letters of other
 * alphabets and digits as the Latin letter that they look like.
 */
export function skeletonOf(name: string): string {
  const visible = clean(name)
    .normalize("NFKC")
    .replace(/\p{DI}/gu, "");
  let read = "";
  for (const letter of visible) read += latinTwins.get(letter) ?? twinOfLower(letter.toLowerCase());
  return read
    .replace(looseMarks, "")
    .replace(/[^\p{L}\p{N}\p{M}]/gu, "")
    .replace(/[1l]/g, "i")
    .replaceAll("0", "o")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

/** How it is written, without letter case and without signs between and after the words: Alice, alice and "Alice 🌻" are one. */
export function writtenForm(name: string): string {
  return clean(name)
    .normalize("NFC")
    .replace(outsideOfWords, "")
    .replace(/[\p{P}\p{S}\p{Z}\s]/gu, "")
    .toLowerCase();
}

function clean(name: string): string {
  return name.slice(0, maxLength).toWellFormed();
}

function twinOfLower(letter: string): string {
  return latinTwins.get(letter) ?? letter;
}

/** Marks that no letter is composed with. é is another letter than e, and so is another name. */
const looseMarks = /(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu;
/** Joiners of emoji, and what clients leave at the ends of a name. */
const outsideOfWords = /(?<![\p{L}\p{N}])\p{DI}+|\p{DI}+(?![\p{L}\p{N}])/gu;
