/** A row in the table of another bot's commands, and helpers that bring that bot's arguments into our order. */
import { foreignDetectors } from "../../../model/foreign-detectors.ts";

/** The command in our words, without a prefix; or `instead`: a sentence for the moderator where we have no such command. Its `!tyr` is replaced by the prefix in use. */
export type Translation = { readonly line: string } | { readonly instead: string };

export interface Row {
  /** The other bot's words for the command, in lower case. */
  readonly words: readonly string[];
  /** Our words, where the arguments are the same in both bots; else a function from the other bot's arguments to our command. */
  readonly ours: string | ((rest: readonly string[]) => Translation);
  /** A line as the other bot's users type it, without prefix. The tests translate and parse each. */
  readonly example: string;
  /** Further lines, whose arguments mean something else. docs/peers.md shows them all. */
  readonly more: readonly string[];
}

export function row(words: string, ours: Row["ours"], example: string, ...more: readonly string[]): Row {
  return { words: words === "" ? [] : words.split(" "), ours, example, more };
}

/** A command that we do not have. `instead`: what the moderator is told. */
export function unsupported(words: string, instead: string, example = words): Row {
  return row(words, () => ({ instead }), example);
}

/** Our words with the other bot's arguments in its order. `dropped`: flags of the other bot that have no meaning here. */
export function sameArguments(ours: string, ...dropped: readonly string[]): Row["ours"] {
  return (rest) => ownLine(ours, ...withoutFlags(rest, dropped));
}

export function ownLine(...words: readonly (string | undefined)[]): Translation {
  return { line: words.filter((word) => word !== undefined && word !== "").join(" ") };
}

export function withoutFlags(rest: readonly string[], dropped: readonly string[]): readonly string[] {
  return rest.filter((word) => !dropped.includes(word.toLowerCase()));
}

export function hasFlag(rest: readonly string[], flag: string): boolean {
  return rest.some((word) => word.toLowerCase() === flag);
}

/** Separates `--name value` or `--name=value` from the other arguments. `isGiven` without `value`: the flag is the last word. */
export function takeFlag(
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

/**
 * The other bots' shutdown of a room deletes what was said there, which ours does where it is asked to. `dropped`: flags
 * without a meaning here.
 */
export function shuttingDown(...dropped: readonly string[]): (rest: readonly string[]) => Translation {
  return (rest) => {
    const [room, ...reason] = withoutFlags(rest, dropped);
    return ownLine("shutdown", room, "--purge", ...reason);
  };
}

/** Told where the value of `--room` is not a room: without a room the command would act in every room. */
export function noSuchRoom(word = ""): Translation {
  return { instead: `What follows --room is no room (${word}): name it as #alias:server or !id` };
}

/** Turns the argument at index `at` into our flag `--limit`, if it is a number. */
export function withLimit(words: readonly string[], at: number): readonly string[] {
  const limit = words[at];
  return limit !== undefined && /^\d+$/.test(limit)
    ? [...words.slice(0, at), "--limit", limit, ...words.slice(at + 1)]
    : words;
}

/** Our protections by the names of the other bots' counterparts, in lower case; of several the first. */
const protections: ReadonlyMap<string, string> = new Map(
  Object.values(foreignDetectors).flatMap((detectors) =>
    Object.entries(detectors).flatMap(
      ([
        name,
        {
          ours: [first],
        },
      ]) => (first === undefined ? [] : [[name.toLowerCase(), first] as const]),
    ),
  ),
);

export function protectionName(name = ""): string {
  return protections.get(name.toLowerCase()) ?? name.toLowerCase();
}
