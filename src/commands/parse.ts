/** From a message to a command with its arguments, or to a sentence that says what is wrong and what to type. */
import parser from "yargs-parser";
import { durationExamples, parseDuration } from "../kit/duration.ts";
import { nearest } from "../kit/nearest.ts";
import { code, escapeHtml, lines, plain, say, type Say } from "../kit/say.ts";
import { arrange } from "./arguments.ts";
import type { Asked, Command, FlagSpec } from "./define.ts";
import { usageOf } from "./help.ts";
import { tokenise, type Token } from "./tokenise.ts";

export type Parsed =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly args: Readonly<Record<string, unknown>>;
      readonly flags: Readonly<Record<string, unknown>>;
    }
  | { readonly ok: false; readonly problem: Say };

/** What follows the prefix, or undefined where the message is no command. */
export function withoutPrefix(
  body: string,
  prefixes: readonly string[],
): { text: string; prefix: string } | undefined {
  const line = body.trimStart();
  for (const prefix of prefixes) {
    if (!line.toLowerCase().startsWith(prefix.toLowerCase())) continue;
    const rest = line.slice(prefix.length);
    if (rest === "" || /^\s/.test(rest)) return { text: rest.trim(), prefix };
  }
  return undefined;
}

export function parse(text: string, asked: Asked): Parsed {
  const tokens = tokenise(text);
  const candidates = findCommands(tokens, asked.commands);
  if (candidates.length === 0) return { ok: false, problem: unknownCommand(tokens, asked) };
  // Two commands may share their words and differ in what they take (`redact <who>`, `redact <event link>`).
  const tries = candidates.map(({ command, length }) =>
    parseAs(command, tokens.slice(length), { text, asked }),
  );
  const misread = subcommandMeant(tokens, asked);
  return tries.find((one) => one.ok) ?? (misread ? { ok: false, problem: misread } : tries[0]!);
}

/** `lists wach #x:y` fits the command `lists` with words too many, and means `lists watch`. */
function subcommandMeant(tokens: readonly Token[], asked: Asked): Say | undefined {
  const [first, second] = tokens.map((token) => token.text.toLowerCase());
  const subcommands = asked.commands
    .filter((command) => command.words[0] === first && command.words.length > 1)
    .map((command) => command.words[1]!);
  return second !== undefined && !subcommands.includes(second) && nearest(second, subcommands)
    ? unknownCommand(tokens, asked)
    : undefined;
}

function parseAs(
  command: Command,
  tokens: readonly Token[],
  { text, asked }: { text: string; asked: Asked },
): Parsed {
  const flags = readFlags(tokens, command);
  if ("problem" in flags)
    return { ok: false, problem: explained(flags.problem, { command, text, at: flags.at, asked }) };
  const arranged = arrange(flags.positionals, command.takes, asked);
  if (!arranged.ok)
    return { ok: false, problem: explained(arranged.problem, { command, text, at: arranged.at, asked }) };
  return { ok: true, command, args: arranged.values, flags: flags.values };
}

/** The commands with the most words that the line begins with; an empty line asks for `status`. */
export function findCommands(
  tokens: readonly Token[],
  commands: readonly Command[],
): readonly { command: Command; length: number }[] {
  const words = tokens.length === 0 ? ["status"] : tokens.map((token) => token.text.toLowerCase());
  const fitting = commands.flatMap((command) =>
    [command.words, ...command.also]
      .filter((wording) => wording.every((word, i) => words[i] === word))
      .map((wording) => ({ command, length: wording.length })),
  );
  const longest = Math.max(0, ...fitting.map((one) => one.length));
  return fitting.filter((one) => one.length === longest);
}

function unknownCommand(tokens: readonly Token[], { commands, prefix }: Asked): Say {
  const first = tokens[0]!.text.toLowerCase();
  const group = commands.filter((command) => command.words[0] === first && command.words.length > 1);
  if (group.length > 0) {
    const typed = tokens[1]?.text.toLowerCase();
    const guess =
      typed &&
      nearest(
        typed,
        group.map((command) => command.words[1]!),
      );
    return say`${code(first)} needs one of ${plain(group.map((command) => command.words[1]!).join(", "))}${guess ? say`. Did you mean ${code(`${prefix} ${first} ${guess}`)}?` : "."}`;
  }
  const guess = nearest(first, [...new Set(commands.map((command) => command.words[0]!))]);
  return say`I do not know the command ${code(first)}.${guess ? say` Did you mean ${code(`${prefix} ${guess}`)}?` : ""} ${code(`${prefix} help`)} lists them all.`;
}

interface Flags {
  readonly positionals: readonly Token[];
  readonly values: Readonly<Record<string, unknown>>;
}

function readFlags(tokens: readonly Token[], command: Command): Flags | { problem: Say; at: number } {
  const names = Object.keys(command.flags);
  // With a long dash it may as well be the dash of a sentence: only a flag that exists is meant.
  const isFlag = (token: Token) =>
    !token.isQuoted &&
    /^--[a-z]/i.test(token.text) &&
    (token.typed === token.text || names.includes(nameIn(token)));
  for (const token of tokens) {
    if (!isFlag(token)) continue;
    const name = nameIn(token);
    if (names.includes(name)) continue;
    const guess = nearest(name, names);
    return {
      problem: say`${code(`--${name}`)} is no flag of this command.${guess ? say` Did you mean ${code(`--${guess}`)}?` : ""}`,
      at: token.start,
    };
  }
  // The parser sees numbered stand-ins for quoted and plain words, so that nothing in them is taken for a flag.
  const standIns = tokens.map((token, i) =>
    isFlag(token) ? inLowerCase(token.text) : valueOrStandIn(tokens, i, command),
  );
  const parsed = parser([...standIns], {
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
    const read = readFlag(name, command.flags[name]!, parsed[name]);
    if ("problem" in read) return { problem: read.problem, at: placeOfValue(name, tokens) };
    values[name] = read.value;
  }
  return { values, positionals: parsed._.flatMap((one) => tokens[Number(String(one).slice(1))] ?? []) };
}

function nameIn(flag: Token): string {
  return flag.text.slice(2).split("=")[0]!.toLowerCase();
}

function readFlag(name: string, spec: FlagSpec, given: unknown): { value: unknown } | { problem: Say } {
  switch (spec.type) {
    case "boolean":
      return { value: given === true };
    case "number":
      if (given === undefined) return { value: spec.default };
      if (typeof given === "string" && /^[1-9]\d{0,8}$/.test(given)) return { value: Number(given) };
      return { problem: say`${code(`--${name}`)} needs a whole number above 0` };
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

/** Where the value of a flag stands: after `=`, else the next word, else (it is missing) the flag itself. */
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

/** The word after a flag with a value is that value; every other word is hidden from the parser as `:index`. */
function valueOrStandIn(tokens: readonly Token[], i: number, command: Command): string {
  const before = tokens[i - 1];
  const flag =
    before && !before.isQuoted ? /^--([a-z-]+)$/i.exec(before.text)?.[1]?.toLowerCase() : undefined;
  const type = flag === undefined ? undefined : command.flags[flag]?.type;
  return type === "number" || type === "duration" ? tokens[i]!.text : `:${i}`;
}

/** The fault, the line with a caret under it, and how it should have been. */
function explained(
  problem: Say,
  { command, text, at, asked }: { command: Command; text: string; at: number | undefined; asked: Asked },
): Say {
  const pointed = at === undefined ? undefined : caretUnder(text, at);
  return lines(
    problem,
    pointed,
    say`Usage: ${code(`${asked.prefix} ${usageOf(command)}`)}`,
    say`For example: ${code(`${asked.prefix} ${command.examples[0]!}`)}`,
  );
}

/** The piece of the line around the fault, short enough for a phone. */
function caretUnder(text: string, at: number): Say {
  const from = Math.max(0, at - 20);
  const shown = `${from > 0 ? "…" : ""}${text.slice(from + (from > 0 ? 1 : 0), at + 30)}`.replace(
    /[^\p{L}\p{N}\p{P}\p{S}]/gu,
    " ",
  );
  const block = `${shown}\n${" ".repeat(Math.min(at - from, shown.length))}^`;
  return {
    text: block,
    html: `<pre><code>${escapeHtml(shown)}\n${" ".repeat(Math.min(at - from, shown.length))}^</code></pre>`,
  };
}
