/**
 * Finds, among thousands of globs, the few that can match a text, in one pass over the text. Each glob is filed under
 * one n-gram: two to four adjacent characters that every matching text must hold. A bitmap tells of nearly every n-gram
 * of a text that no glob is filed under it; where one is, the glob itself decides.
 */
import type { Glob } from "../../kit/glob.ts";
import { CountingFilter } from "./counting-filter.ts";

export interface AnchoredGlob {
  readonly glob: Glob;
  /** The n-gram it is filed under; `undefined` while it is under none. */
  anchor: number | undefined;
  /** Number of the text that it was compared with last, as an n-gram may occur twice in one text. */
  lookedAtIn: number;
}

/** 2 to the power of this many bits: 16 KB, which stay in the processor's first cache. */
const slotBits = 17;
/** A key keeps the low seven bits of each UTF-16 unit: exact for ASCII; beyond ASCII the glob itself decides. */
const unitMask = 127;
/** Tags that keep the key "abc" apart from the keys of four characters, which use 28 bits. */
const lengthTag = { 4: 0, 3: 1 << 28, 2: 1 << 29 } as const;
type NgramLength = keyof typeof lengthTag;

/** Pieces that half of all ids hold: a glob filed under one of their n-grams would be compared with half of all people. */
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
  ].flatMap((piece) => ([4, 3, 2] as const).flatMap((length) => ngramKeys(piece, length))),
);
const commonPenalty = 64;

export class NgramIndex {
  readonly #present = new CountingFilter(slotBits);
  readonly #byNgram = new Map<number, AnchoredGlob[]>();
  #shortNgrams = 0;
  #walks = 0;
  readonly #mostPerNgram: number;

  /**
   * `mostPerNgram` bounds the work for one text. Of a list full of globs around one n-gram, at most this many are compared
   * with a text that holds it: some 20 microseconds for 256, and 250 times that for an id made of 250 such n-grams.
   */
  constructor(mostPerNgram: number) {
    this.#mostPerNgram = mostPerNgram;
  }

  /** False where no literal part of the pattern has an n-gram with room left: the pattern is not filed. */
  add(entry: AnchoredGlob): boolean {
    const ngram = this.#rarestNgram(entry.glob.pattern);
    if (ngram === undefined) return false;
    entry.anchor = ngram;
    const bucket = this.#byNgram.get(ngram);
    if (bucket) bucket.push(entry);
    else this.#open(ngram, entry);
    return true;
  }

  remove(entry: AnchoredGlob): void {
    const bucket = entry.anchor === undefined ? undefined : this.#byNgram.get(entry.anchor);
    const at = bucket?.indexOf(entry) ?? -1;
    if (!bucket || entry.anchor === undefined || at < 0) return;
    bucket[at] = bucket[bucket.length - 1]!;
    bucket.pop();
    if (bucket.length === 0) this.#close(entry.anchor);
    entry.anchor = undefined;
  }

  /** Adds the patterns that match `text` to `found`, an array that is only made for the first of them. */
  collect(text: string, found: string[] | undefined): string[] | undefined {
    this.#walks++;
    let ngram = 0;
    for (let i = 0; i < text.length; i++) {
      ngram = (ngram >>> 7) | ((text.charCodeAt(i) & unitMask) << 21);
      // For the first three units the key has leading zeros; that a glob is filed under such a key is chance, and harmless.
      if (this.#present.has(ngram)) found = this.#compare(ngram, text, found);
    }
    return this.#shortNgrams === 0 ? found : this.#collectShort(text, found);
  }

  #collectShort(text: string, found: string[] | undefined): string[] | undefined {
    let ngram = 0;
    for (let i = 0; i < text.length; i++) {
      ngram = (ngram >>> 7) | ((text.charCodeAt(i) & unitMask) << 21);
      const three = (ngram >>> 7) | lengthTag[3];
      const two = (ngram >>> 14) | lengthTag[2];
      if (this.#present.has(three)) found = this.#compare(three, text, found);
      if (this.#present.has(two)) found = this.#compare(two, text, found);
    }
    return found;
  }

  #compare(ngram: number, text: string, found: string[] | undefined): string[] | undefined {
    for (const entry of this.#byNgram.get(ngram) ?? []) {
      if (entry.lookedAtIn === this.#walks) continue;
      entry.lookedAtIn = this.#walks;
      if (entry.glob.matches(text)) (found ??= []).push(entry.glob.pattern);
    }
    return found;
  }

  #rarestNgram(pattern: string): number | undefined {
    const literals = pattern.split(/[*?]/);
    for (const length of [4, 3, 2] as const) {
      let best: number | undefined;
      let least = Infinity;
      for (const literal of literals) {
        for (const ngram of ngramKeys(literal, length)) {
          const anchored = this.#byNgram.get(ngram)?.length ?? 0;
          const cost = anchored + (common.has(ngram) ? commonPenalty : 0);
          if (anchored < this.#mostPerNgram && cost < least) [best, least] = [ngram, cost];
        }
      }
      if (best !== undefined) return best;
    }
    return undefined;
  }

  #open(ngram: number, entry: AnchoredGlob): void {
    this.#byNgram.set(ngram, [entry]);
    this.#present.add(ngram);
    if (ngram >= lengthTag[3]) this.#shortNgrams++;
  }

  #close(ngram: number): void {
    this.#byNgram.delete(ngram);
    this.#present.remove(ngram);
    if (ngram >= lengthTag[3]) this.#shortNgrams--;
  }
}

function ngramKeys(literal: string, length: NgramLength): number[] {
  const keys: number[] = [];
  let key = 0;
  for (let i = 0; i < literal.length; i++) {
    key = (key >>> 7) | ((literal.charCodeAt(i) & unitMask) << (7 * (length - 1)));
    if (i + 1 >= length) keys.push(key | lengthTag[length]);
  }
  return keys;
}
