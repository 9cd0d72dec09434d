/** From a message to a command with its arguments, or to a sentence that says what is wrong and what to type. */
import { nearest } from "../../kit/did-you-mean.ts";
import { code, lines, plain, say, type Say } from "../../kit/say.ts";
import { withoutUnseen } from "../../kit/invisible-characters.ts";
import { arrange } from "./arrange-arguments.ts";
import type { Command, MissingArgument, ParseContext } from "../define.ts";
import { explained } from "./explain-fault.ts";
import { howToAnswer } from "./missing-argument.ts";
import type { Misfit } from "./implied-arguments.ts";
import { readFlags } from "./read-flags.ts";
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
  // What was typed in full, before what the message replied to has to complete; of that, the message before its author.
  const best =
    good.find((one) => one.notes.length === 0) ?? good.find((one) => "event" in one.args) ?? good[0];
  if (best) return best;
  const misread = subcommandMeant(tokens, context);
  return misread ? { ok: false, problem: misread } : (tries.find((one) => "name" in one) ?? tries[0]!);
}

/** `lists wach #x:y` fits the command `lists` with words too many, and means `lists watch`. */
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
    return say`${code(first)} needs one of ${plain(group.map((command) => command.words[1]!).join(", "))}${guess ? say`. Did you mean ${code(`${prefix} ${first} ${guess}`)}?` : "."}`;
  }
  const guess = nearest(first, [...new Set(commands.map((command) => command.words[0]!))]);
  return say`I do not know the command ${code(first)}.${guess ? say` Did you mean ${code(`${prefix} ${guess}`)}?` : ""} ${code(`${prefix} help`)} lists them all.`;
}
