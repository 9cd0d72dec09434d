/**
 * Literal entities, and globs that match whatever ends in some way (`@*:evil.tld`, `*.evil.tld`): nearly all
 * rules of real lists. One walk over a text from its end, with a look-up only where a known tail may begin.
 */
import { canonicalGlob, hasWildcard } from "../../kit/glob.ts";
import { CountingFilter } from "./counting-filter.ts";

const dot = 0x2e;
const colon = 0x3a;
/** 256 KB of bits: the second cache of any processor, and sparse with a hundred thousand rules. */
const slotBits = 21;

export class SuffixIndex {
  /** By the tail: `:evil.tld` for `@*:evil.tld`. */
  readonly #byTail = new Map<string, string[]>();
  /** Hashes of the tails and, as tails of full length, of the literals. */
  readonly #hashes = new CountingFilter(slotBits);

  add(text: string): void {
    const tail = tailOf(text);
    if (tail === undefined) return;
    this.#hashes.add(hashOf(tail));
    if (tail === text) return;
    const patterns = this.#byTail.get(tail);
    if (patterns) patterns.push(text);
    else this.#byTail.set(tail, [text]);
  }

  /** Only what was added. */
  remove(text: string): void {
    const tail = tailOf(text);
    if (tail === undefined) return;
    this.#hashes.remove(hashOf(tail));
    const others = this.#byTail.get(tail)?.filter((pattern) => pattern !== text) ?? [];
    if (others.length > 0) this.#byTail.set(tail, others);
    else this.#byTail.delete(tail);
  }

  /**
   * Adds what matches `text` to `found`, which is only made when there is something. Of globs it is certain;
   * `text` itself is added when a literal has the same hash, and the caller looks it up.
   */
  collect(text: string, found: string[] | undefined): string[] | undefined {
    let hash = emptyHash;
    for (let i = text.length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      hash = extend(hash, unit);
      if ((unit === dot || unit === colon) && this.#hashes.has(hash))
        found = this.#collectTail(text, i, found);
    }
    // A text that looks like a glob is no literal here: every glob matches its own text.
    if (this.#hashes.has(hash) && !hasWildcard(text)) (found ??= []).push(text);
    return found;
  }

  #collectTail(text: string, from: number, found: string[] | undefined): string[] | undefined {
    for (const pattern of this.#byTail.get(text.slice(from)) ?? []) {
      // Of `@*:x` and `*:x`, which share their tail, the first is for user ids only.
      if (pattern.startsWith("*") || text.startsWith("@")) (found ??= []).push(pattern);
    }
    return found;
  }
}

/** `:evil.tld` of `@*:evil.tld`, `.evil.tld` of `*.evil.tld`, all of a literal; `undefined` for other globs. */
export function tailOf(pattern: string): string | undefined {
  if (!hasWildcard(pattern)) return pattern;
  const canonical = canonicalGlob(pattern);
  const start = canonical.startsWith("*") ? 1 : canonical.startsWith("@*") ? 2 : 0;
  const first = canonical.charCodeAt(start);
  if (start === 0 || (first !== colon && first !== dot)) return undefined;
  const tail = canonical.slice(start);
  return hasWildcard(tail) || !tail.isWellFormed() ? undefined : tail;
}

const emptyHash = 0x811c9dc5;

function hashOf(tail: string): number {
  let hash = emptyHash;
  for (let i = tail.length - 1; i >= 0; i--) hash = extend(hash, tail.charCodeAt(i));
  return hash;
}

/** FNV-1a, backwards: the hash of a tail is on the way to that of the text. */
function extend(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}
