/**
 * Patterns that moderators write, matched in linear time (RE2). Matching one costs microseconds, so a pattern is tried
 * only where letters that it cannot do without stand in the text.
 */
import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

const require = createRequire(import.meta.url);
let loaded: typeof RE2JS | undefined;

/** Six megabytes of memory, so it is loaded with the first pattern. */
function re2(): typeof RE2JS {
  return (loaded ??= (require("re2js") as { RE2JS: typeof RE2JS }).RE2JS);
}

export interface Pattern {
  /** `text`: in lower case, or folded. */
  readonly matches: (text: string) => boolean;
  /** No three letters in a row are known to be in whatever it matches, so that it is tried on every text. */
  readonly isCostly: boolean;
}

/** `unsafe`: what RE2 leaves out because it would not be linear; in the plural. Otherwise where it breaks off. */
export interface PatternProblem {
  readonly kind: "unsafe" | "broken";
  readonly what: string;
}

const maxLength = 500;
/** So many letters are looked at, as in folded texts. */
const maxLooked = 24_000;
/** Steps of the compiled pattern, each of which may be under way at each letter: a third of a second for the longest text. */
const maxSteps = 500;
const fewestLetters = 3;

const unsafe: readonly (readonly [RegExp, string])[] = [
  [/(?<!\\)\(\?<?[=!]/, "looks ahead and behind"],
  [/(?<!\\)(?:\\\\)*\\[1-9]/, "references to what was matched before"],
  [/(?<!\\)\(\?>|[+*?}]\+/, "matches that give nothing back"],
];

export function patternProblem(source: string): PatternProblem | undefined {
  if (source.length > maxLength) return { kind: "broken", what: `it has more than ${maxLength} signs` };
  const found = unsafe.find(([form]) => form.test(source));
  if (found) return { kind: "unsafe", what: found[1] };
  try {
    const steps = re2().compile(source, re2().CASE_INSENSITIVE).programSize();
    return steps > maxSteps
      ? { kind: "broken", what: "it repeats more than can be tried on every message" }
      : undefined;
  } catch (error) {
    return {
      kind: "broken",
      what: error instanceof Error ? error.message.slice(0, 100) : "it is not closed",
    };
  }
}

/** For a pattern to which `patternProblem` has no objection. */
export function compilePattern(source: string): Pattern {
  const compiled = re2().compile(source, re2().CASE_INSENSITIVE);
  const letters = fixedLetters(source);
  return {
    isCostly: letters === undefined,
    matches: (text) => {
      const looked = text.slice(0, maxLooked);
      if (letters !== undefined && !letters.some((run) => looked.includes(run))) return false;
      return compiled.matcher(looked).find();
    },
  };
}

/** Runs of letters, in lower case, of which one is in every match; undefined where none can be named. */
export function fixedLetters(source: string): readonly string[] | undefined {
  const runs = alternatives(source).map(longestRun);
  return runs.every((run) => run.length >= fewestLetters) ? runs : undefined;
}

/** Parted by | outside of all brackets. */
function alternatives(source: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const piece of pieces(source)) {
    if (piece === "(" || piece.startsWith("(?")) depth++;
    if (piece === ")") depth--;
    if (piece === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** What is certain to be there: groups, classes and what may be missing or repeated end a run. */
function longestRun(alternative: string): string {
  let [longest, run, depth] = ["", "", 0];
  const all = pieces(alternative);
  all.forEach((piece, i) => {
    if (piece === "(" || piece.startsWith("(?")) depth++;
    if (piece === ")") depth--;
    const next = all[i + 1] ?? "";
    const mayBeMissing = /^(?:[?*]|\{)/.test(next);
    const letter = depth === 0 && !mayBeMissing ? literalOf(piece) : undefined;
    run = letter === undefined ? "" : run + letter;
    if (run.length > longest.length) longest = run;
    if (next === "+") run = "";
  });
  return longest;
}

/** The letter that a piece stands for; undefined for signs with a meaning. */
function literalOf(piece: string): string | undefined {
  if (/^[\p{L}\p{N} _@#:;,<>=!"'%&~/-]$/u.test(piece)) return piece.toLowerCase();
  const escaped = /^\\([.*+?()[\]{}|^$\\/-])$/.exec(piece)?.[1];
  return escaped;
}

/** Signs with what belongs to them: escapes, classes, counts, how a group opens. */
function pieces(source: string): readonly string[] {
  return (
    source.match(
      /\\[pPx]\{[^}]*\}|\\x[\da-f]{2}|\\[pP]\p{L}|\\0[0-7]{0,2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[\d,]+\}|\(\?[^)]*?[:>]|\(|[^]/giu,
    ) ?? []
  );
}
