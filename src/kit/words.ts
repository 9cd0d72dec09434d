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

/** A phrase in its parts: words, parts of words as /^coin/, or undefined for any one word. */
type Part = string | RegExp | undefined;

/** Scripts that put no spaces between words: what is looked for is a run of signs. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** "free nitro": words in order; "*coin", "crypto*": parts of words; a lone * is any one word. */
export function compileWords(wanted: readonly string[]): Words {
  const runs: string[] = [];
  const starting = new Map<string, Part[][]>();
  const open: Part[][] = [];
  for (const entry of wanted) {
    if (unspaced.test(entry)) runs.push(fold(entry).text);
    else {
      const parts = partsOf(entry);
      const [first] = parts;
      if (parts.length === 0) continue;
      if (typeof first !== "string") open.push(parts);
      else starting.set(first, [...(starting.get(first) ?? []), parts]);
    }
  }
  const spelled = new Spelled(wanted);
  return {
    areIn: ({ words, text }) =>
      runs.some((run) => text.includes(run)) ||
      words.some(
        (word, i) =>
          starting.get(word)?.some((parts) => standsAt(parts, words, i)) ||
          open.some((parts) => standsAt(parts, words, i)),
      ),
    areSpelledIn: (text) => spelled.areIn(text) || runs.some((run) => text.text.includes(run)),
  };
}

function partsOf(entry: string): Part[] {
  return entry
    .split(/\s+/)
    .filter((piece) => piece !== "")
    .flatMap((piece): Part[] => {
      if (piece === "*") return [undefined];
      if (!piece.includes("*")) return [...fold(piece).words];
      const pattern = piece.split("*").map((part) => fold(part).words.join(""));
      return [new RegExp(`^${pattern.map(escaped).join(".*")}$`, "u")];
    });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function standsAt(parts: readonly Part[], words: readonly string[], at: number): boolean {
  return parts.every((part, i) => {
    const word = words[at + i];
    if (word === undefined) return false;
    return part === undefined || (typeof part === "string" ? part === word : part.test(word));
  });
}

/** So long may a word of the text be that stands between the letters of one that is spelled out. */
const longestLoose = 2;

class Spelled {
  readonly #whole = new Set<string>();
  readonly #phrases: (readonly string[])[] = [];
  readonly #longest: number;

  constructor(wanted: readonly string[]) {
    for (const entry of wanted) {
      const words = fold(entry).words.map(squeezed);
      // A part of a word is not spelled out.
      if (words.length === 0 || entry.includes("*")) continue;
      this.#whole.add(squeezed(words.join("")));
      if (words.length > 1) this.#phrases.push(words);
    }
    this.#longest = Math.max(0, ...[...this.#whole].map((word) => word.length));
  }

  areIn({ words }: FoldedText): boolean {
    if (this.#whole.size === 0) return false;
    const plain = words.map(squeezed);
    return (
      plain.some((word) => this.#whole.has(word)) ||
      this.#phrases.some((phrase) =>
        plain.some((_, i) => phrase.every((word, j) => plain[i + j] === word)),
      ) ||
      this.#areLoose(words)
    );
  }

  /** Words of one or two letters, taken together. */
  #areLoose(words: readonly string[]): boolean {
    for (let start = 0; start < words.length; start++) {
      let run = "";
      for (let i = start; i < words.length && words[i]!.length <= longestLoose; i++) {
        run = squeezed(run + words[i]!);
        if (run.length > this.#longest) break;
        if (i > start && this.#whole.has(run)) return true;
      }
    }
    return false;
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

/** The word with every letter once in a row. */
function squeezed(word: string): string {
  let all = "";
  const hasLetters = /\p{L}/u.test(word);
  for (const letter of word) {
    const read = letter === "l" ? "i" : hasLetters ? (digits.get(letter) ?? letter) : letter;
    if (!all.endsWith(read)) all += read;
  }
  return all;
}
