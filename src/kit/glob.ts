/**
 * Matrix globs (specification: appendices, "Glob-style matching"): `*` is any run of characters, `?` exactly
 * one code point, nothing else is special. Always about the whole text, line breaks included. No RegExp is
 * ever built from a pattern, so a hostile one cannot stall us: the worst is length of text times pattern.
 */

export interface Glob {
  /** As it was written. */
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
      // Going back to the newest star is enough: an earlier one could only give the same choice with less text left.
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
  // Nearly no pattern has two wildcards in a row, and the check is cheaper than building a copy.
  return /[*?]{2}/.test(pattern) ? pattern.replace(/[*?]{2,}/g, canonicalRun) : pattern;
}

function canonicalRun(run: string): string {
  return run.replaceAll("*", "") + (run.includes("*") ? "*" : "");
}

/**
 * Lower case, each character by itself. `toLowerCase` looks at neighbours (Σ at the end of a word) and makes
 * two characters of `İ`; a part of a text would then differ from the same part of the pattern.
 */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  // Text without capitals stays as it is in either way, and nearly all ids are such.
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
  // Half a surrogate pair in the pattern must not match inside a whole one, which `indexOf` would allow.
  if (canonical.includes("?") || !canonical.isWellFormed()) {
    const minLength = canonical.replaceAll("*", "").length;
    return (text) => text.length >= minLength && matchesGlob(canonical, text);
  }
  return segmentMatcher(canonical.split("*"));
}

/** The leftmost place for each segment leaves the most text for the next one, so no choice is ever taken back. */
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
