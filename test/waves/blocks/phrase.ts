/**
 * Texts from patterns: `(one|other)` is one of them, `{word}` one of that list of the lexicon, which may hold patterns
 * again. Few lines give many texts, none of which is a copy of another.
 */
import type { Chance } from "./chance.ts";

export type Lexicon = Readonly<Record<string, readonly string[]>>;

const choice = /\(([^()]*)\)/;
const slot = /\{([a-z]+)\}/;

export function phrase(pattern: string, lexicon: Lexicon, chance: Chance): string {
  let text = pattern;
  for (let found = slot.exec(text); found; found = slot.exec(text)) {
    const words = lexicon[found[1]!];
    if (!words) throw new Error(`no list of words is called ${found[1]!}`);
    text = replaced(text, found, chance.one(words));
  }
  for (let found = choice.exec(text); found; found = choice.exec(text))
    text = replaced(text, found, chance.one(found[1]!.split("|")));
  return text.replace(/\s+/g, " ").trim();
}

function replaced(text: string, { index, 0: { length } }: RegExpExecArray, by: string): string {
  return text.slice(0, index) + by + text.slice(index + length);
}

/** One of the patterns, or as many of them as are wanted, one after another. */
export function phrases(
  patterns: readonly string[],
  lexicon: Lexicon,
  chance: Chance,
  { count = 1, between = " " }: { count?: number; between?: string } = {},
): string {
  return chance
    .some(patterns, count)
    .map((pattern) => phrase(pattern, lexicon, chance))
    .join(between);
}
