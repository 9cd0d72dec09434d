/**
 * Matrix globs (specification: appendices, "Glob-style matching"): `*` is any run of characters, `?` exactly one code
 * point, nothing else is special. A glob matches whole texts, line breaks included. No RegExp is ever built from a pattern:
 * a hostile pattern takes at most length of the text times length of the pattern. Libraries for globs match paths, by
 * RegExp (docs/adr/0012-libraries.md).
 */

export interface Glob {
  /** As written in the rule or command. */
  readonly pattern: string;
  matches(text: string): boolean;
}

export interface GlobOptions {
  readonly ignoreCase: boolean;
}

const star = 0x2a;
const questionMark = 0x3f;

export function hasWildcard(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

export function compileGlob(pattern: string, { ignoreCase }: GlobOptions): Glob {
  const matches = matcherOf(ignoreCase ? foldCase(pattern) : pattern);
  return { pattern, matches: ignoreCase ? (text) => matches(foldCase(text)) : matches };
}

/** For a pattern that is used once; agrees with `compileGlob(pattern, { ignoreCase: false })`. */
export function matchesGlob(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let afterStar = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    const wanted = pattern.codePointAt(inPattern);
    const present = text.codePointAt(inText)!;
    if (wanted === star) {
      afterStar = ++inPattern;
      resumeAt = inText;
    } else if (wanted === questionMark || wanted === present) {
      inPattern += unitsOf(wanted);
      inText += unitsOf(present);
    } else if (afterStar >= 0) {
      // Backtracking to the last star is enough: an earlier star could only leave less text for the rest of the pattern.
      resumeAt += unitsOf(text.codePointAt(resumeAt)!);
      inText = resumeAt;
      inPattern = afterStar;
    } else return false;
  }
  while (pattern.charCodeAt(inPattern) === star) inPattern++;
  return inPattern === pattern.length;
}

/** Equal patterns in one form: `a**b` becomes `a*b`, and `a*?*b` becomes `a?*b`. */
export function canonicalGlob(pattern: string): string {
  // The check is cheaper than a copy, and hardly any pattern has two wildcards in a row.
  return /[*?]{2}/.test(pattern) ? pattern.replace(/[*?]{2,}/g, canonicalRun) : pattern;
}

function canonicalRun(run: string): string {
  return run.replaceAll("*", "") + (run.includes("*") ? "*" : "");
}

/**
 * Lower case character by character. `toLowerCase` on a whole text depends on neighbours (Σ at the end of a word) and turns
 * `İ` into two characters: a part of a text would then differ from the same part of a pattern.
 */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  // Fast path: lower-case text and ASCII give the same result either way, and nearly all ids are such.
  // oxlint-disable-next-line no-control-regex
  return lower === text || /^[\0-\x7f]*$/.test(lower) ? lower : Array.from(text, foldCharacter).join("");
}

function foldCharacter(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === unitsOf(lower.codePointAt(0)!) ? lower : character;
}

function matcherOf(pattern: string): (text: string) => boolean {
  const canonical = canonicalGlob(pattern);
  if (!hasWildcard(canonical)) return (text) => text === canonical;
  // `indexOf` would find a lone surrogate of the pattern inside a surrogate pair of the text.
  if (canonical.includes("?") || !canonical.isWellFormed()) {
    const minLength = canonical.replaceAll("*", "").length;
    return (text) => text.length >= minLength && matchesGlob(canonical, text);
  }
  return segmentMatcher(canonical.split("*"));
}

/** Linear: the leftmost match of each segment leaves the most text for the next one, so that no backtracking is needed. */
function segmentMatcher(segments: readonly string[]): (text: string) => boolean {
  const first = segments[0]!;
  const last = segments[segments.length - 1]!;
  const middle = segments.slice(1, -1);
  const minLength = segments.reduce((sum, segment) => sum + segment.length, 0);
  return (text) => {
    if (text.length < minLength || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const segment of middle) {
      const at = text.indexOf(segment, from);
      if (at < 0) return false;
      from = at + segment.length;
    }
    return from <= end;
  };
}

function unitsOf(codePoint: number): 1 | 2 {
  return codePoint > 0xffff ? 2 : 1;
}
