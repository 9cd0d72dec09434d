/** Flags of a command (`--for 7d`, `--force`): told apart from the other words, checked and converted to their types. */
import parser from "yargs-parser";
import { nearest } from "../../kit/did-you-mean.ts";
import { durationExamples, parseDuration } from "../../kit/duration.ts";
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { Command, FlagSpec, ParseContext } from "../define.ts";
import type { Token } from "./tokenise.ts";

export interface Flags {
  /** All words but the flags and their values. */
  readonly positionals: readonly Token[];
  /** By name without dashes. Durations are milliseconds, or undefined where the flag is missing. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface FlagFault {
  readonly problem: Say;
  /** Offset in the line. */
  readonly at: number;
}

export function readFlags(
  tokens: readonly Token[],
  command: Command,
  context: Pick<ParseContext, "commands" | "prefix">,
): Flags | FlagFault {
  const names = Object.keys(command.flags);
  const unknown = tokens.find((token) => isFlag(token, names) && !names.includes(nameIn(token)));
  if (unknown) return unknownFlag(unknown, names, context);
  // yargs-parser sees a placeholder (":3") in place of each quoted or plain word, so that it takes none for a flag.
  const words = tokens.flatMap((token, i) =>
    isFlag(token, names) ? flagWords(token, command) : [valueOrPlaceholder(tokens, i, command)],
  );
  const parsed = parser(words, {
    boolean: names.filter((name) => command.flags[name]!.type === "boolean"),
    string: names.filter((name) => command.flags[name]!.type !== "boolean"),
    configuration: {
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "dot-notation": false,
      "boolean-negation": false,
      "camel-case-expansion": false,
      "short-option-groups": false,
      "duplicate-arguments-array": false,
    },
  });
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const spec = command.flags[name]!;
    const given: unknown = spec.type === "text" ? textOf(parsed[name], tokens) : parsed[name];
    const read = readFlag(name, spec, given);
    if ("problem" in read) return { problem: read.problem, at: placeOfValue(name, tokens) };
    values[name] = read.value;
  }
  return { values, positionals: parsed._.flatMap((word) => tokens[Number(String(word).slice(1))] ?? []) };
}

/**
 * `names`: the flags of the command. A word with a long dash may be the dash of a sentence: it is a flag only where a flag
 * of that name exists or is misspelt, as a ban that was to end must not last for ever.
 */
function isFlag(token: Token, names: readonly string[]): boolean {
  return (
    !token.isQuoted &&
    /^--[a-z]/i.test(token.text) &&
    (token.typed === token.text || nearest(nameIn(token), names) !== undefined)
  );
}

function nameIn(flag: Token): string {
  return flag.text.slice(2).split("=")[0]!.toLowerCase();
}

function unknownFlag(
  token: Token,
  names: readonly string[],
  { commands, prefix }: Pick<ParseContext, "commands" | "prefix">,
): FlagFault {
  const name = nameIn(token);
  const guess = nearest(name, names);
  const other = guess ? undefined : commands.find((one) => Object.hasOwn(one.flags, name));
  return {
    problem: say`${code(`--${name}`)} is no flag of this command.${guess ? say` Did you mean ${code(`--${guess}`)}?` : ""}${other ? say` It belongs to ${code(`${prefix} ${other.words.join(" ")}`)}.` : ""}`,
    at: token.start,
  };
}

function readFlag(name: string, spec: FlagSpec, given: unknown): { value: unknown } | { problem: Say } {
  switch (spec.type) {
    case "boolean":
      return { value: given === true };
    case "number":
      if (given === undefined) return { value: spec.default };
      if (typeof given === "string" && /^[1-9]\d{0,8}$/.test(given)) return { value: Number(given) };
      return { problem: say`${code(`--${name}`)} needs a whole number above 0` };
    case "text":
      if (given === undefined || (typeof given === "string" && given !== "")) return { value: given };
      return { problem: say`${code(`--${name}`)} needs a text: one word, or several in quotes` };
    case "duration": {
      if (given === undefined) return { value: undefined };
      const ms = typeof given === "string" ? parseDuration(given) : undefined;
      if (ms !== undefined) return { value: ms };
      return {
        problem: say`${code(`--${name}`)} needs a span of time from a minute to ten years, such as ${plain(durationExamples.join(", "))}`,
      };
    }
  }
}

/** A text that follows an equals sign may be anything: it is a word of its own, marked by that sign. */
function flagWords(flag: Token, command: Command): readonly string[] {
  const word = inLowerCase(flag.text);
  const equals = word.indexOf("=");
  return equals >= 0 && command.flags[nameIn(flag)]?.type === "text"
    ? [word.slice(0, equals), word.slice(equals)]
    : [word];
}

/** A text stands where its placeholder says, or follows an equals sign. */
function textOf(parsed: unknown, tokens: readonly Token[]): unknown {
  if (typeof parsed !== "string" || parsed === "") return parsed;
  return parsed.startsWith("=") ? parsed.slice(1) : (tokens[Number(parsed.slice(1))]?.text ?? "");
}

/** Offset of a flag's value: after `=`, else the next word, else (the value is missing) the flag itself. */
function placeOfValue(name: string, tokens: readonly Token[]): number {
  const i = tokens.findLastIndex(
    (token) => !token.isQuoted && token.text.startsWith("--") && nameIn(token) === name,
  );
  const flag = tokens[i];
  if (!flag) return 0;
  const equals = flag.typed.indexOf("=");
  return equals >= 0 ? flag.start + equals + 1 : (tokens[i + 1]?.start ?? flag.start);
}

/** Phones begin words with a capital: `--Limit` is `--limit`. */
function inLowerCase(flag: string): string {
  return flag.replace(/^--[^=]*/, (name) => name.toLowerCase());
}

/** The word after a flag that takes a value is that value; every other word is hidden from yargs-parser as `:index`. */
function valueOrPlaceholder(tokens: readonly Token[], i: number, command: Command): string {
  const before = tokens[i - 1];
  const flag =
    before && !before.isQuoted ? /^--([a-z-]+)$/i.exec(before.text)?.[1]?.toLowerCase() : undefined;
  const type =
    flag !== undefined && Object.hasOwn(command.flags, flag) ? command.flags[flag]?.type : undefined;
  return type === "number" || type === "duration" ? tokens[i]!.text : `:${i}`;
}
