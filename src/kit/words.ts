/**
 * Words and phrases that are looked for in a folded text, all at once: the work grows with the text, not with how many
 * are looked for.
 */
import { fold, type FoldedText } from "./fold.ts";

export interface Words {
  /** A word or phrase stands there, word by word. */
  readonly areIn: (text: FoldedText) => boolean;
  /** The letters stand there: also with spaces between them, doubled, or with digits for letters. */
  readonly areSpelledIn: (text: FoldedText) => boolean;
}

/** "*air*drop" in what stands between the stars: the first and the last are the ends of the word. */
type Wild = readonly string[];
/** A phrase in its parts: words, parts of words, or undefined for any one word. */
type Part = string | Wild | undefined;

/** A phrase, and which of its parts it is found by. */
interface Phrase {
  readonly parts: readonly Part[];
  readonly anchor: number;
}

/** Scripts that put no spaces between words: what is looked for is a run of signs. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** "free nitro": words in order; "*coin", "crypto*": parts of words; a lone * is any one word. */
export function compileWords(wanted: readonly string[]): Words {
  const runs = new Runs(wanted.filter((entry) => unspaced.test(entry)));
  const phrases = new Phrases(wanted.filter((entry) => !unspaced.test(entry)).map(partsOf));
  const spelled = new Spelled(wanted);
  return {
    areIn: (text) => runs.areIn(text) || phrases.areIn(text.words),
    areSpelledIn: (text) => spelled.areIn(text) || runs.areIn(text),
  };
}

/** Puts a value to those of the same key. */
function addTo<V>(map: Map<string, V[]>, key: string, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

class Runs {
  /** By their first two units, or the one that they have. */
  readonly #byStart = new Map<string, string[]>();

  constructor(wanted: readonly string[]) {
    // Of signs that are no letters nothing is left, and nothing is in every text.
    for (const { text } of wanted.map(fold)) if (text !== "") addTo(this.#byStart, text.slice(0, 2), text);
  }

  areIn({ text }: FoldedText): boolean {
    if (this.#byStart.size === 0) return false;
    for (let at = 0; at < text.length; at++)
      for (const length of [1, 2])
        if (this.#byStart.get(text.slice(at, at + length))?.some((run) => text.startsWith(run, at)))
          return true;
    return false;
  }
}

/** So many letters of a part of a word it is found by. */
const anchorLetters = 3;

class Phrases {
  /** By a whole word of theirs. */
  readonly #byWord = new Map<string, Phrase[]>();
  /** By the first letters of the longest run of a part of a word. */
  readonly #byLetters = new Map<string, Phrase[]>();
  /** The first two of those letters: most places of a text begin none of them, and are passed over by that. */
  readonly #beginnings = new Set<number>();
  /** Any words, so and so many. */
  readonly #ofAnyWords: Phrase[] = [];

  constructor(all: readonly (readonly Part[])[]) {
    const uses = new Map<string, number>();
    for (const part of all.flat()) if (typeof part === "string") uses.set(part, (uses.get(part) ?? 0) + 1);
    for (const parts of all) if (parts.length > 0) this.#add(parts, uses);
  }

  /** By its rarest word: of thousands that begin with the same one hardly any is looked at. */
  #add(parts: readonly Part[], uses: ReadonlyMap<string, number>): void {
    const usesOf = (part: Part) => (typeof part === "string" ? uses.get(part)! : Infinity);
    const anchor = parts.reduce((best, part, i) => (usesOf(part) < usesOf(parts[best]) ? i : best), 0);
    const word = parts[anchor];
    if (typeof word === "string") return addTo(this.#byWord, word, { parts, anchor });
    const wild = parts.findIndex((part) => part !== undefined);
    const pieces = parts[wild];
    if (typeof pieces !== "object") this.#ofAnyWords.push({ parts, anchor: 0 });
    else {
      const longest = pieces.reduce((one, other) => (other.length > one.length ? other : one));
      addTo(this.#byLetters, longest.slice(0, anchorLetters), { parts, anchor: wild });
      this.#beginnings.add(beginning(longest, 0));
    }
  }

  areIn(words: readonly string[]): boolean {
    const stand = (phrases: readonly Phrase[] | undefined, at: number) =>
      phrases?.some(({ parts, anchor }) => standsAt(parts, words, at - anchor)) === true;
    return words.some(
      (word, i) =>
        stand(this.#byWord.get(word), i) ||
        stand(this.#ofAnyWords, i) ||
        (this.#beginnings.size > 0 && this.#runsIn(word).some((run) => stand(this.#byLetters.get(run), i))),
    );
  }

  /** Each run of one to three letters of a word by which something may be found, once. */
  #runsIn(word: string): readonly string[] {
    let runs: Set<string> | undefined;
    for (let at = 0; at < word.length; at++) {
      const letter = word.charCodeAt(at);
      if (!this.#beginnings.has(letter) && !this.#beginnings.has(beginning(word, at))) continue;
      runs ??= new Set();
      for (let length = 1; length <= anchorLetters; length++) runs.add(word.slice(at, at + length));
    }
    return runs ? [...runs] : [];
  }
}

/** Two letters as one number; one letter, where it is the last. */
function beginning(word: string, at: number): number {
  const next = at + 1 < word.length ? word.charCodeAt(at + 1) + 1 : 0;
  return next * 0x1_00_00 + word.charCodeAt(at);
}

function partsOf(entry: string): readonly Part[] {
  return entry
    .split(/\s+/)
    .filter((piece) => piece !== "")
    .flatMap((piece): Part[] => {
      if (!piece.includes("*")) return [...fold(piece).words];
      const pieces = piece.split("*").map((part) => fold(part).words.join(""));
      return [pieces.every((part) => part === "") ? undefined : pieces];
    });
}

function standsAt(parts: readonly Part[], words: readonly string[], at: number): boolean {
  return parts.every((part, i) => {
    const word = words[at + i];
    if (word === undefined) return false;
    return part === undefined || (typeof part === "string" ? part === word : fits(part, word));
  });
}

/** In one pass: the first place of each run leaves the most for those after it. */
function fits(pieces: Wild, word: string): boolean {
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (!word.startsWith(first)) return false;
  let end = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = word.indexOf(piece, end);
    if (found < 0) return false;
    end = found + piece.length;
  }
  return word.length - last.length >= end && word.endsWith(last);
}

/** So long may a word of the text be that stands between the letters of one that is spelled out. */
const longestLoose = 2;
/** Of so many letters every beginning is known, so that letters that begin nothing are left at once. */
const longestBeginning = 24;

class Spelled {
  readonly #whole = new Set<string>();
  readonly #beginnings = new Set<string>();
  readonly #phrases: Phrases;
  readonly #longest: number;

  constructor(wanted: readonly string[]) {
    const phrases: (readonly string[])[] = [];
    for (const entry of wanted) {
      const words = fold(entry).words.map(squeezed);
      // A part of a word is not spelled out.
      if (words.length === 0 || entry.includes("*")) continue;
      const whole = squeezed(words.join(""));
      this.#whole.add(whole);
      for (let length = 1; length <= Math.min(whole.length, longestBeginning); length++)
        this.#beginnings.add(whole.slice(0, length));
      if (words.length > 1) phrases.push(words);
    }
    this.#phrases = new Phrases(phrases);
    this.#longest = [...this.#whole].reduce((most, { length }) => Math.max(most, length), 0);
  }

  areIn({ words }: FoldedText): boolean {
    if (this.#whole.size === 0) return false;
    const plain = words.map(squeezed);
    return plain.some((word) => this.#whole.has(word)) || this.#phrases.areIn(plain) || this.#areLoose(words);
  }

  /** Words of one or two letters, taken together. */
  #areLoose(words: readonly string[]): boolean {
    for (let start = 0; start < words.length; start++) {
      let [letters, digits, hasLetters] = ["", "", false];
      for (let i = start; i < words.length && words[i]!.length <= longestLoose; i++) {
        const word = words[i]!;
        hasLetters ||= isOfLetters.test(word);
        letters = withWord(letters, word, true);
        digits = withWord(digits, word, false);
        if (i > start && this.#whole.has(hasLetters ? letters : digits)) return true;
        if (!this.#mayBegin(letters) && (hasLetters || !this.#mayBegin(digits))) break;
      }
    }
    return false;
  }

  #mayBegin(run: string): boolean {
    return run.length < this.#longest && this.#beginnings.has(run.slice(0, longestBeginning));
  }
}

/** Digits that stand for letters in a word that has letters, and l as i: both look like 1. */
const digits: ReadonlyMap<string, string> = new Map([
  ["0", "o"],
  ["1", "i"],
  ["3", "e"],
  ["4", "a"],
  ["5", "s"],
  ["7", "t"],
  ["8", "b"],
  ["9", "g"],
]);

const isOfLetters = /\p{L}/u;

/** The word with every letter once in a row. */
function squeezed(word: string): string {
  return withWord("", word, isOfLetters.test(word));
}

/** `asLetters`: digits are read as the letters that they stand for. */
function withWord(run: string, word: string, asLetters: boolean): string {
  let all = run;
  for (const letter of word) {
    const read = letter === "l" ? "i" : asLetters ? (digits.get(letter) ?? letter) : letter;
    if (!all.endsWith(read)) all += read;
  }
  return all;
}
