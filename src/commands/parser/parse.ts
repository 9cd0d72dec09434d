/** Parses a line into a command with its arguments and flags, or into a sentence that says what is wrong and what to type. */
import { nearest } from "../../kit/did-you-mean.ts";
import { code, lines, plain, say, type Say } from "../../kit/say.ts";
import { withoutInvisible } from "../../kit/invisible-characters.ts";
import { arrange } from "./arrange-arguments.ts";
import type { Command, Entity, MissingArgument, ParseContext } from "../define.ts";
import { explained } from "./explain-fault.ts";
import { howToAnswer } from "./missing-argument.ts";
import type { ArgumentProblem } from "./implied-arguments.ts";
import { readFlags } from "./read-flags.ts";
import { endOf, tokenise, type Token } from "./tokenise.ts";

export type Parsed =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly args: Readonly<Record<string, unknown>>;
      /** Further people, servers or rooms beside the argument `who`, each once. */
      readonly others: readonly Entity[];
      readonly flags: Readonly<Record<string, unknown>>;
      /** Said in the reply: values that were taken from the message replied to, or found by a display name. */
      readonly notes: readonly Say[];
      /** A word that was taken for a server and may be a display name, to be looked up. */
      readonly name?: string;
      /** Offset of the end of the command's own words. */
      readonly wordsEnd: number;
    }
  | {
      readonly ok: false;
      readonly problem: Say;
      /** The argument to ask for. */
      readonly missing?: MissingArgument;
      /** A word that may be a display name: once it is looked up, the command may be understood. */
      readonly name?: string;
    };

export function parse(text: string, context: ParseContext): Parsed {
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
  // First a command that was typed in full; then one that the message replied to completes, the message itself before its author.
  const best =
    good.find((one) => one.notes.length === 0) ?? good.find((one) => "event" in one.args) ?? good[0];
  if (best) return best;
  const misread = subcommandMeant(tokens, context);
  return misread ? { ok: false, problem: misread } : (tries.find((one) => "name" in one) ?? tries[0]!);
}

/** `lists wach #x:y` is the command `lists` with further words, but `lists watch` is meant: the correction, if there is one. */
function subcommandMeant(tokens: readonly Token[], context: ParseContext): Say | undefined {
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
  { text, context, wordsEnd }: { text: string; context: ParseContext; wordsEnd: number },
): Parsed {
  if (command.cannotWait) return asItIs(command, text, wordsEnd);
  const [arguments_, written] = withoutWritten(tokens, command, text);
  const flags = readFlags(arguments_, command, context);
  if ("problem" in flags)
    return { ok: false, problem: explained(flags.problem, { command, text, at: flags.at, context }) };
  const arranged = arrange(flags.positionals, command, { ...context, written });
  if (!arranged.ok) {
    const missing = missingIn(arranged, text);
    const { problem, at, name } = arranged;
    return {
      ok: false,
      problem: explained(missing ? lines(problem, howToAnswer(missing)) : problem, {
        command,
        text,
        at,
        context,
      }),
      ...(missing ? { missing } : {}),
      ...(name === undefined ? {} : { name }),
    };
  }
  const { values: args, others, notes, name } = arranged;
  const common = { ok: true, command, args, others, flags: flags.values, notes, wordsEnd } as const;
  return name === undefined ? common : { ...common, name };
}

/** What is taken as it was typed begins after the other arguments, which are one word each. */
function withoutWritten(
  tokens: readonly Token[],
  { takes }: Command,
  text: string,
): readonly [readonly Token[], Readonly<Record<string, string>>] {
  const name = Object.keys(takes).find((one) => takes[one]!.kind === "written");
  const before = Object.keys(takes).length - 1;
  const first = name === undefined ? undefined : tokens[before];
  if (name === undefined || !first) return [tokens, {}];
  return [tokens.slice(0, before), { [name]: text.slice(first.start) }];
}

/** Nothing in it is read as a flag, so that nothing can be wrong with it. */
function asItIs(command: Command, text: string, wordsEnd: number): Parsed {
  const args = Object.fromEntries(
    Object.keys(command.takes).map((name) => [name, text.slice(wordsEnd).trim()]),
  );
  return { ok: true, command, args, others: [], flags: {}, notes: [], wordsEnd };
}

/** Whether the line is a command that is heard before others, whatever may be wrong with the line. */
export function cannotWait(line: string, commands: readonly Command[]): boolean {
  return findCommands(tokenise(line), commands).some(({ command }) => command.cannotWait);
}

function missingIn({ asks }: ArgumentProblem, text: string): MissingArgument | undefined {
  if (!asks) return undefined;
  const { kind, choices, place: [from, to] = [text.length, text.length] } = asks;
  return { kind, choices, before: text.slice(0, from), after: text.slice(to) };
}

/** An optional argument that the command turned out to need. The answer is inserted right after the command's words, where it cannot be taken for text; text itself comes last. */
export function missingArgumentOf(
  asksFor: { readonly argument: string; readonly choices: MissingArgument["choices"] },
  { command, wordsEnd }: Extract<Parsed, { ok: true }>,
  text: string,
): MissingArgument {
  const { kind } = command.takes[asksFor.argument]!;
  if (kind === "rest") return { kind, choices: asksFor.choices, before: text, after: "" };
  return { kind, choices: asksFor.choices, before: text.slice(0, wordsEnd), after: text.slice(wordsEnd) };
}

/** The commands whose words the line begins with, of those with the most words. An empty line is `status`. `length`: in words. */
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

/** For comparison with the words of commands: phones add capitals and invisible characters. */
function wordOf({ text }: Token): string {
  return withoutInvisible(text).toLowerCase();
}

function unknownCommand(tokens: readonly Token[], { commands, prefix }: ParseContext): Say {
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
    return say`${code(first)} needs one of ${plain([...new Set(group.map((command) => command.words[1]!))].join(", "))}${guess ? say`. Did you mean ${code(`${prefix} ${first} ${guess}`)}?` : "."}`;
  }
  const guess = nearest(first, [...new Set(commands.map((command) => command.words[0]!))]);
  return say`I do not know the command ${code(first)}.${guess ? say` Did you mean ${code(`${prefix} ${guess}`)}?` : ""} ${code(`${prefix} help all`)} lists them all.`;
}
