/** A row of a table of another bot's commands, and the few moves that turn its arguments into ours. */

/** Our line without prefix, or where there is none what to type instead, as `!tyr ...`. */
export type Translated = { readonly line: string } | { readonly instead: string };

export interface Row {
  /** As the other bot calls it, in lower case. */
  readonly words: readonly string[];
  /** Our words, where the arguments stay as they are; else the line made from what follows. */
  readonly ours: string | ((rest: readonly string[]) => Translated);
  /** One use of it, in the other bot's order. */
  readonly example: string;
}

export function row(words: string, ours: Row["ours"], example: string): Row {
  return { words: words === "" ? [] : words.split(" "), ours, example };
}

/** A row for what we do not have. */
export function none(words: string, instead: string, example = words): Row {
  return row(words, () => ({ instead }), example);
}

/** A line of ours with the same arguments, without flags that mean nothing to us. */
export function same(ours: string, ...dropped: readonly string[]): Row["ours"] {
  return (rest) => line(ours, ...without(rest, dropped));
}

export function line(...words: readonly (string | undefined)[]): Translated {
  return { line: words.filter((word) => word !== undefined && word !== "").join(" ") };
}

export function without(rest: readonly string[], dropped: readonly string[]): readonly string[] {
  return rest.filter((word) => !dropped.includes(word.toLowerCase()));
}

export function has(rest: readonly string[], flag: string): boolean {
  return rest.some((word) => word.toLowerCase() === flag);
}

/** `--name value` or `--name=value`, taken out of the words. */
export function taken(
  rest: readonly string[],
  name: string,
): { readonly isGiven: boolean; readonly value: string | undefined; readonly rest: readonly string[] } {
  const at = rest.findIndex(
    (word) => word.toLowerCase() === name || word.toLowerCase().startsWith(`${name}=`),
  );
  if (at < 0) return { isGiven: false, value: undefined, rest };
  const equals = rest[at]!.indexOf("=");
  if (equals >= 0) return { isGiven: true, value: rest[at]!.slice(equals + 1), rest: rest.toSpliced(at, 1) };
  return { isGiven: true, value: rest[at + 1], rest: rest.toSpliced(at, 2) };
}

export function isRoom(word: string | undefined): word is string {
  return word !== undefined && /^(?:[!#]|https?:\/\/matrix\.to\/#\/(?:[!#]|%21|%23)|matrix:r)/i.test(word);
}

/** Where `--room` names none: without it the act would reach every room. */
export function noSuchRoom(word = ""): Translated {
  return { instead: `What follows --room is no room (${word}): name it as #alias:server or !id` };
}

/** A number at the place becomes `--limit`. */
export function withLimit(words: readonly string[], at: number): readonly string[] {
  const limit = words[at];
  return limit !== undefined && /^\d+$/.test(limit)
    ? [...words.slice(0, at), "--limit", limit, ...words.slice(at + 1)]
    : words;
}

/** Names of the bots' detectors, as they are called here. */
const protections: Readonly<Record<string, string>> = {
  basicfloodingprotection: "flood",
  anti_flood: "flood",
  mentionspam: "mention-limit",
  mentionlimitprotection: "mention-limit",
  max_mentions: "mention-limit",
};

export function protection(name: string | undefined): string {
  return protections[(name ?? "").toLowerCase()] ?? (name ?? "").toLowerCase();
}
