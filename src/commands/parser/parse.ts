/** From a message to a command with its arguments, or to a sentence that says what is wrong and what to type. */
import parser from "yargs-parser";
import { durationExamples, parseDuration } from "../../kit/duration.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import { code, escapeHtml, lines, plain, say, type Say } from "../../kit/say.ts";
import { withoutUnseen } from "../../kit/invisible-characters.ts";
import { arrange } from "./arrange-arguments.ts";
import type { Command, FlagSpec, MissingArgument, Reading } from "../define.ts";
import { usageOf } from "../help-text.ts";
import { howToAnswer } from "./missing-argument.ts";
import type { Misfit } from "./implied-arguments.ts";
import { endOf, tokenise, type Token } from "./tokenise.ts";

export type Parsed =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly args: Readonly<Record<string, unknown>>;
      readonly flags: Readonly<Record<string, unknown>>;
      /** Whom or what it took that was not typed as such. */
      readonly notes: readonly Say[];
      /** Where the line's words for the command end. */
      readonly wordsEnd: number;
    }
  | {
      readonly ok: false;
      readonly problem: Say;
      /** What the command lacks to be carried out. */
      readonly lack?: MissingArgument;
      /** May be a display name: looked up, it may be understood. */
      readonly name?: string;
    };

export function parse(text: string, context: Reading): Parsed {
  const tokens = tokenise(text);
  const candidates = findCommands(tokens, context.commands);
  if (candidates.length === 0) return { ok: false, problem: unknownCommand(tokens, context) };
  // Two commands may share their words and differ in what they take (`redact <who>`, `redact <event link>`).
  const tries = candidates.map(({ command, length }) =>
    parseAs(command, tokens.slice(length), {
      text,
      context,
      wordsEnd: tokens.length === 0 ? 0 : endOf(tokens[length - 1]!),
    }),
  );
  const good = tries.flatMap((one) => (one.ok ? one : []));
  // What was typed in full, before what the message replied to has to complete; of that, the message before its author.
  const best =
    good.find((one) => one.notes.length === 0) ?? good.find((one) => "event" in one.args) ?? good[0];
  if (best) return best;
  const misread = subcommandMeant(tokens, context);
  return misread ? { ok: false, problem: misread } : (tries.find((one) => "name" in one) ?? tries[0]!);
}

/** `lists wach #x:y` fits the command `lists` with words too many, and means `lists watch`. */
function subcommandMeant(tokens: readonly Token[], context: Reading): Say | undefined {
  const [first, second] = tokens.map(wordOf);
  const subcommands = context.commands
    .filter((command) => command.words[0] === first && command.words.length > 1)
    .map((command) => command.words[1]!);
  return second !== undefined && !subcommands.includes(second) && nearest(second, subcommands)
    ? unknownCommand(tokens, context)
    : undefined;
}

function parseAs(
  command: Command,
  tokens: readonly Token[],
  { text, context, wordsEnd }: { text: string; context: Reading; wordsEnd: number },
): Parsed {
  const flags = readFlags(tokens, command, context);
  if ("problem" in flags)
    return { ok: false, problem: explained(flags.problem, { command, text, at: flags.at, context }) };
  const arranged = arrange(flags.positionals, command.takes, context);
  if (!arranged.ok) {
    const lack = lackIn(arranged, text);
    const { problem, at, name } = arranged;
    return {
      ok: false,
      problem: explained(lack ? lines(problem, howToAnswer(lack)) : problem, { command, text, at, context }),
      ...(lack ? { lack } : {}),
      ...(name === undefined ? {} : { name }),
    };
  }
  const { values: args, notes } = arranged;
  return { ok: true, command, args, flags: flags.values, notes, wordsEnd };
}

function lackIn({ asks }: Misfit, text: string): MissingArgument | undefined {
  if (!asks) return undefined;
  const { kind, choices, place: [from, to] = [text.length, text.length] } = asks;
  return { kind, choices, before: text.slice(0, from), after: text.slice(to) };
}

/** What a command needs after all; it is put right after the command's words, where it cannot be taken for text. */
export function lackOf(
  asksFor: { readonly argument: string; readonly choices: MissingArgument["choices"] },
  { command, wordsEnd }: Extract<Parsed, { ok: true }>,
  text: string,
): MissingArgument {
  const { kind } = command.takes[asksFor.argument]!;
  return { kind, choices: asksFor.choices, before: text.slice(0, wordsEnd), after: text.slice(wordsEnd) };
}

/** The commands with the most words that the line begins with; an empty line asks for `status`. */
export function findCommands(
  tokens: readonly Token[],
  commands: readonly Command[],
): readonly { command: Command; length: number }[] {
  const words = tokens.length === 0 ? ["status"] : tokens.map(wordOf);
  const fitting = commands.flatMap((command) =>
    [command.words, ...command.also]
      .filter((wording) => wording.every((word, i) => words[i] === word))
      .map((wording) => ({ command, length: wording.length })),
  );
  const longest = Math.max(0, ...fitting.map((one) => one.length));
  return fitting.filter((one) => one.length === longest);
}

/** A word of a command, however a phone has written it. */
function wordOf({ text }: Token): string {
  return withoutUnseen(text).toLowerCase();
}

function unknownCommand(tokens: readonly Token[], { commands, prefix }: Reading): Say {
  const first = wordOf(tokens[0]!);
  const group = commands.filter((command) => command.words[0] === first && command.words.length > 1);
  if (group.length > 0) {
    const typed = tokens[1] && wordOf(tokens[1]);
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

function readFlags(
  tokens: readonly Token[],
  command: Command,
  { commands }: Reading,
): Flags | { problem: Say; at: number } {
  const names = Object.keys(command.flags);
  // With a long dash it may as well be the dash of a sentence: only a flag that exists is meant, or one that is misspelt,
  // as a ban that was to end must not last for ever.
  const isFlag = (token: Token) =>
    !token.isQuoted &&
    /^--[a-z]/i.test(token.text) &&
    (token.typed === token.text || nearest(nameIn(token), names) !== undefined);
  for (const token of tokens) {
    if (!isFlag(token)) continue;
    const name = nameIn(token);
    if (names.includes(name)) continue;
    const guess = nearest(name, names);
    const other = guess ? undefined : commands.find((one) => name in one.flags);
    return {
      problem: say`${code(`--${name}`)} is no flag of this command.${guess ? say` Did you mean ${code(`--${guess}`)}?` : ""}${other ? say` It belongs to ${code(other.words.join(" "))}.` : ""}`,
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
  {
    command,
    text,
    at,
    context,
  }: { command: Command; text: string; at: number | undefined; context: Reading },
): Say {
  const pointed = at === undefined ? undefined : caretUnder(text, at);
  return lines(
    problem,
    pointed,
    say`Usage: ${code(`${context.prefix} ${usageOf(command)}`)}`,
    say`For example: ${code(`${context.prefix} ${command.examples[0]!}`)}`,
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
