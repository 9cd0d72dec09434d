/** Reads what is looked for: words in quotes, names of lists, globs, patterns. */
import { placeFrom } from "./place.ts";
import type { Problems } from "./problems.ts";
import type { Item } from "./syntax.ts";
import { Unreadable, type TokenReader } from "./token-reader.ts";

/** So many words may stand in one row after `in`, `has`, `spells`. */
export const maxItems = 64;

export function readItems(read: TokenReader, problems: Problems): readonly Item[] {
  const items = [readItem(read)];
  while (read.isSign(",")) {
    read.take();
    items.push(readItem(read));
  }
  const beyond = items[maxItems];
  if (beyond) problems.mistake("manyItems", placeFrom(beyond.place, read.last), maxItems);
  return items.slice(0, maxItems);
}

function readItem(read: TokenReader): Item {
  const { next } = read;
  if (next.kind === "quoted") {
    read.take();
    return next;
  }
  return { kind: "name", ...read.name("a word in quotes or the name of a list") };
}

export function readGlob(read: TokenReader): string {
  const { next } = read;
  if (next.kind !== "quoted")
    throw new Unreadable((problems) => problems.mistake("wantsQuotes", next.place, "like"));
  read.take();
  return next.text;
}

export function readPattern(read: TokenReader): string {
  const { next } = read;
  if (next.kind !== "pattern")
    throw new Unreadable((problems) => problems.mistake("wantsPattern", next.place));
  read.take();
  return next.pattern;
}
