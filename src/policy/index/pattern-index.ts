/**
 * Which of many patterns, literals and globs, match a name, without asking each. A pattern is found by its suffix, or by
 * an n-gram; or it is too vague for either (`@?*:*`) and is compared with every name, which only so many are. Case is
 * the caller's business: all texts come in folded case.
 */
import { compileGlob } from "../../kit/glob.ts";
import type { GlobLimits } from "../../model/limits.ts";
import { NgramIndex, type AnchoredGlob } from "./ngram-index.ts";
import { SuffixIndex, suffixOf } from "./suffix-index.ts";

/** For patterns that are bounded in another way; those of policy lists go by the config. */
const usualGlobs: GlobLimits = { vagueGlobs: 1_000, globsPerGram: 256 };

export class PatternIndex {
  /** Some hundred kilobytes each, so they are only made for a first pattern. */
  #suffixes: SuffixIndex | undefined;
  #ngrams: NgramIndex | undefined;
  /** The globs that have no suffix to be found by. */
  readonly #anchored = new Map<string, AnchoredGlob>();
  /** Only the first `vagueGlobs` are applied, as each costs time at every event of every room; the others wait. */
  readonly #vague: AnchoredGlob[] = [];
  readonly #limits: GlobLimits;

  constructor(limits: GlobLimits = usualGlobs) {
    this.#limits = limits;
  }

  /** Each pattern must be added only once. */
  add(text: string): void {
    if (suffixOf(text) !== undefined) {
      this.#suffixes ??= new SuffixIndex();
      return this.#suffixes.add(text);
    }
    const entry = { glob: compileGlob(text, { ignoreCase: false }), anchor: undefined, lookedAtIn: 0 };
    this.#anchored.set(text, entry);
    this.#ngrams ??= new NgramIndex(this.#limits.globsPerGram);
    if (!this.#ngrams.add(entry)) this.#vague.push(entry);
  }

  remove(text: string): void {
    const entry = this.#anchored.get(text);
    if (!entry) return this.#suffixes?.remove(text);
    this.#anchored.delete(text);
    if (entry.anchor !== undefined) this.#ngrams?.remove(entry);
    else this.#removeVague(entry);
  }

  /**
   * The globs that match and, if a literal may be equal, `name` itself, for the caller to look up. `undefined` for none,
   * so that the usual case costs no memory.
   */
  candidates(name: string): string[] | undefined {
    let found = this.#suffixes?.collect(name, undefined);
    if (this.#ngrams) found = this.#ngrams.collect(name, found);
    return this.#vague.length > 0 ? this.#collectVague(name, found) : found;
  }

  /** Globs that are not applied, as `vagueGlobs` others were added before. */
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

  /** The last glob takes the place of the removed one, so that one of those that wait is applied now. */
  #removeVague(entry: AnchoredGlob): void {
    const at = this.#vague.indexOf(entry);
    const last = this.#vague.pop();
    if (last && last !== entry) this.#vague[at] = last;
  }
}
