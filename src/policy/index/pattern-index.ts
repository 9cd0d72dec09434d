/**
 * Which of many texts, literals and globs, match a name, without asking each. They live in one of three
 * homes: found by their tails, by a gram, or in a short list of globs too vague for either (`@?*:*`), which
 * are compared with every name. Case is the caller's business: all texts come folded.
 */
import { compileGlob } from "../../kit/glob.ts";
import type { GlobLimits } from "../../model/limits.ts";
import { NgramIndex, type AnchoredGlob } from "./ngram-index.ts";
import { SuffixIndex, tailOf } from "./suffix-index.ts";

/** For texts that are bounded in another way; those of the lists go by the config. */
const usualGlobs: GlobLimits = { vagueGlobs: 1_000, globsPerGram: 256 };

export class PatternIndex {
  /** Some hundred kilobytes each, so only made when there is something for them. */
  #tails: SuffixIndex | undefined;
  #grams: NgramIndex | undefined;
  /** The globs that are not among the tails. */
  readonly #anchored = new Map<string, AnchoredGlob>();
  /** Those at `vagueGlobs` and behind wait: to compare every name with them would cost every event of every room. */
  readonly #vague: AnchoredGlob[] = [];
  readonly #limits: GlobLimits;

  constructor(limits: GlobLimits = usualGlobs) {
    this.#limits = limits;
  }

  /** Each text must be added only once. */
  add(text: string): void {
    if (tailOf(text) !== undefined) {
      this.#tails ??= new SuffixIndex();
      return this.#tails.add(text);
    }
    const entry = { glob: compileGlob(text, { ignoreCase: false }), anchor: undefined, lookedAtIn: 0 };
    this.#anchored.set(text, entry);
    this.#grams ??= new NgramIndex(this.#limits.globsPerGram);
    if (!this.#grams.add(entry)) this.#vague.push(entry);
  }

  remove(text: string): void {
    const entry = this.#anchored.get(text);
    if (!entry) return this.#tails?.remove(text);
    this.#anchored.delete(text);
    if (entry.anchor !== undefined) this.#grams?.remove(entry);
    else this.#removeVague(entry);
  }

  /**
   * The globs that match and, if a literal may be equal, `name` itself, to be looked up. `undefined` for none,
   * so that the usual answer costs no memory.
   */
  candidates(name: string): string[] | undefined {
    let found = this.#tails?.collect(name, undefined);
    if (this.#grams) found = this.#grams.collect(name, found);
    return this.#vague.length > 0 ? this.#collectVague(name, found) : found;
  }

  /** Globs that are not applied, because `vagueGlobs` others were there before. */
  waiting(): readonly string[] {
    return this.#vague.slice(this.#limits.vagueGlobs).map((entry) => entry.glob.pattern);
  }

  #collectVague(name: string, found: string[] | undefined): string[] | undefined {
    const applied = Math.min(this.#vague.length, this.#limits.vagueGlobs);
    for (let i = 0; i < applied; i++) {
      const { glob } = this.#vague[i]!;
      if (glob.matches(name)) (found ??= []).push(glob.pattern);
    }
    return found;
  }

  /** The last one takes the place of the one that goes, so a waiting glob comes to be applied. */
  #removeVague(entry: AnchoredGlob): void {
    const at = this.#vague.indexOf(entry);
    const last = this.#vague.pop();
    if (last && last !== entry) this.#vague[at] = last;
  }
}
