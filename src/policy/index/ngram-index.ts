/**
 * Finds, among thousands of globs, the few that can match a text, in one walk over the text. Each pattern
 * hangs on one gram: two to four adjacent characters that every text it matches must hold. A bitmap tells
 * for nearly every gram of a text that nothing hangs there; where something does, the glob itself decides.
 */
import type { Glob } from "../../kit/glob.ts";
import { CountingFilter } from "./counting-filter.ts";

export interface AnchoredGlob {
  readonly glob: Glob;
  /** The gram it hangs on; `undefined` while it hangs on none. */
  anchor: number | undefined;
  /** The walk that looked at it last, since a gram may occur twice in one text. */
  lookedAtIn: number;
}

/** 16 KB of bits stay in the processor's first cache. */
const slotBits = 17;
/** Hashing keeps the low seven bits of a UTF-16 unit: exact for ASCII, and for the rest the glob decides. */
const unitMask = 127;
/** Tags that keep the key "abc" apart from the keys of four characters, which use 28 bits. */
const lengthTag = { 4: 0, 3: 1 << 28, 2: 1 << 29 } as const;
type GramLength = keyof typeof lengthTag;

/** Pieces that half of all ids hold; a glob that hung there would be compared with half of all people. */
const common = new Set(
  [
    "@",
    ":",
    ".org",
    ".com",
    ".net",
    ".de",
    ".chat",
    ":matrix.org",
    ":matrix.",
    ":chat.",
    ":synapse.",
    "bridge",
    "_discord_",
  ].flatMap((piece) => ([4, 3, 2] as const).flatMap((length) => gramKeys(piece, length))),
);
const commonPenalty = 64;

export class NgramIndex {
  readonly #presence = new CountingFilter(slotBits);
  readonly #byGram = new Map<number, AnchoredGlob[]>();
  #shortGrams = 0;
  #walks = 0;
  readonly #mostPerGram: number;

  /**
   * `mostPerGram` bounds the work for one text: a list full of patterns around one gram gets this many of them compared
   * with texts that hold it, some 20 microseconds for 256; an id made of 250 such grams costs 250 times that, and no more.
   */
  constructor(mostPerGram: number) {
    this.#mostPerGram = mostPerGram;
  }

  /** Answers `false` where no literal part of the pattern has a gram with room left. */
  add(entry: AnchoredGlob): boolean {
    const gram = this.#rarestGram(entry.glob.pattern);
    if (gram === undefined) return false;
    entry.anchor = gram;
    const bucket = this.#byGram.get(gram);
    if (bucket) bucket.push(entry);
    else this.#open(gram, entry);
    return true;
  }

  remove(entry: AnchoredGlob): void {
    const bucket = entry.anchor === undefined ? undefined : this.#byGram.get(entry.anchor);
    const at = bucket?.indexOf(entry) ?? -1;
    if (!bucket || entry.anchor === undefined || at < 0) return;
    bucket[at] = bucket[bucket.length - 1]!;
    bucket.pop();
    if (bucket.length === 0) this.#close(entry.anchor);
    entry.anchor = undefined;
  }

  /** Adds the patterns that match `text` to `found`, which is only made when there is one. */
  collect(text: string, found: string[] | undefined): string[] | undefined {
    this.#walks++;
    let gram = 0;
    for (let i = 0; i < text.length; i++) {
      gram = (gram >>> 7) | ((text.charCodeAt(i) & unitMask) << 21);
      // The first three steps see a key with leading zeros, on which nothing hangs but by chance.
      if (this.#presence.has(gram)) found = this.#compare(gram, text, found);
    }
    return this.#shortGrams === 0 ? found : this.#collectShort(text, found);
  }

  #collectShort(text: string, found: string[] | undefined): string[] | undefined {
    let gram = 0;
    for (let i = 0; i < text.length; i++) {
      gram = (gram >>> 7) | ((text.charCodeAt(i) & unitMask) << 21);
      const three = (gram >>> 7) | lengthTag[3];
      const two = (gram >>> 14) | lengthTag[2];
      if (this.#presence.has(three)) found = this.#compare(three, text, found);
      if (this.#presence.has(two)) found = this.#compare(two, text, found);
    }
    return found;
  }

  #compare(gram: number, text: string, found: string[] | undefined): string[] | undefined {
    for (const entry of this.#byGram.get(gram) ?? []) {
      if (entry.lookedAtIn === this.#walks) continue;
      entry.lookedAtIn = this.#walks;
      if (entry.glob.matches(text)) (found ??= []).push(entry.glob.pattern);
    }
    return found;
  }

  #rarestGram(pattern: string): number | undefined {
    const literals = pattern.split(/[*?]/);
    for (const length of [4, 3, 2] as const) {
      let best: number | undefined;
      let least = Infinity;
      for (const literal of literals) {
        for (const gram of gramKeys(literal, length)) {
          const hanging = this.#byGram.get(gram)?.length ?? 0;
          const crowd = hanging + (common.has(gram) ? commonPenalty : 0);
          if (hanging < this.#mostPerGram && crowd < least) [best, least] = [gram, crowd];
        }
      }
      if (best !== undefined) return best;
    }
    return undefined;
  }

  #open(gram: number, entry: AnchoredGlob): void {
    this.#byGram.set(gram, [entry]);
    this.#presence.add(gram);
    if (gram >= lengthTag[3]) this.#shortGrams++;
  }

  #close(gram: number): void {
    this.#byGram.delete(gram);
    this.#presence.remove(gram);
    if (gram >= lengthTag[3]) this.#shortGrams--;
  }
}

function gramKeys(literal: string, length: GramLength): number[] {
  const keys: number[] = [];
  let key = 0;
  for (let i = 0; i < literal.length; i++) {
    key = (key >>> 7) | ((literal.charCodeAt(i) & unitMask) << (7 * (length - 1)));
    if (i + 1 >= length) keys.push(key | lengthTag[length]);
  }
  return keys;
}
