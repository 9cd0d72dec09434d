/**
 * Literal entities, and globs that match every text with a suffix (`@*:evil.tld`, `*.evil.tld`): nearly all rules of real
 * lists. One pass over a text from its end, with a look-up only where a known suffix may begin.
 */
import { canonicalGlob, hasWildcard } from "../../kit/glob.ts";
import { CountingFilter } from "./counting-filter.ts";

const dot = 0x2e;
const colon = 0x3a;
/** 2 to the power of this many bits: 256 KB, which fit into a second cache and are sparse for a hundred thousand rules. */
const slotBits = 21;

export class SuffixIndex {
  /** Globs by their suffix: `@*:evil.tld` under `:evil.tld`. */
  readonly #bySuffix = new Map<string, string[]>();
  /** Hashes of the suffixes, and of the literals: a literal is a suffix as long as the text. */
  readonly #hashes = new CountingFilter(slotBits);

  add(text: string): void {
    const suffix = suffixOf(text);
    if (suffix === undefined) return;
    this.#hashes.add(hashOf(suffix));
    if (suffix === text) return;
    const patterns = this.#bySuffix.get(suffix);
    if (patterns) patterns.push(text);
    else this.#bySuffix.set(suffix, [text]);
  }

  /** Only for a text that was added. */
  remove(text: string): void {
    const suffix = suffixOf(text);
    if (suffix === undefined) return;
    this.#hashes.remove(hashOf(suffix));
    const others = this.#bySuffix.get(suffix)?.filter((pattern) => pattern !== text) ?? [];
    if (others.length > 0) this.#bySuffix.set(suffix, others);
    else this.#bySuffix.delete(suffix);
  }

  /**
   * Adds what matches `text` to `found`, an array that is only made for the first. Added globs do match; `text` itself is
   * added when some literal has the same hash, and the caller looks up whether it is that literal.
   */
  collect(text: string, found: string[] | undefined): string[] | undefined {
    let hash = emptyHash;
    for (let i = text.length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      hash = extend(hash, unit);
      if ((unit === dot || unit === colon) && this.#hashes.has(hash))
        found = this.#collectSuffix(text, i, found);
    }
    // An entity with wildcards is a glob, and found as one, even where the text is spelled the same.
    if (this.#hashes.has(hash) && !hasWildcard(text)) (found ??= []).push(text);
    return found;
  }

  #collectSuffix(text: string, from: number, found: string[] | undefined): string[] | undefined {
    for (const pattern of this.#bySuffix.get(text.slice(from)) ?? []) {
      // `@*:x` and `*:x` share a suffix, but the first is for user ids only.
      if (pattern.startsWith("*") || text.startsWith("@")) (found ??= []).push(pattern);
    }
    return found;
  }
}

/** `:evil.tld` of `@*:evil.tld`, `.evil.tld` of `*.evil.tld`, the whole of a literal; `undefined` for other globs. */
export function suffixOf(pattern: string): string | undefined {
  if (!hasWildcard(pattern)) return pattern;
  const canonical = canonicalGlob(pattern);
  const start = canonical.startsWith("*") ? 1 : canonical.startsWith("@*") ? 2 : 0;
  const first = canonical.charCodeAt(start);
  if (start === 0 || (first !== colon && first !== dot)) return undefined;
  const suffix = canonical.slice(start);
  return hasWildcard(suffix) || !suffix.isWellFormed() ? undefined : suffix;
}

const emptyHash = 0x811c9dc5;

function hashOf(suffix: string): number {
  let hash = emptyHash;
  for (let i = suffix.length - 1; i >= 0; i--) hash = extend(hash, suffix.charCodeAt(i));
  return hash;
}

/** FNV-1a from the end: hashing a text passes through the hashes of all its suffixes. */
function extend(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}
