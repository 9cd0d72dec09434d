/** The texts of `help` and usage lines, made from the declarations of the commands. */
import { bold, bullets, code, folded, lines, plain, say, type Say } from "../kit/say.ts";
import type { Command } from "./define.ts";
import { topics, type TopicName } from "./topics.ts";

/** `ban <who> [list] [reason...] [--force]` */
export function usageOf(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, spec]) =>
    spec.type === "boolean" ? `[--${name}]` : `[--${name} ${flagValue[spec.type]}]`,
  );
  return [withArguments(command), ...flags].join(" ");
}

function withArguments(command: Command): string {
  const args = Object.entries(command.takes).map(([name, spec]) => {
    const shown = spec.kind === "rest" ? `${name}...` : name;
    return spec.optional ? `[${shown}]` : `<${shown}>`;
  });
  return [...command.words, ...args].join(" ");
}

const flagValue = { number: "N", duration: "7d", text: "TEXT" } as const;

/** What moderators type every day, as short as it can be typed, and what it does. */
export const daily: readonly (readonly [typed: string, does: string])[] = [
  ["status", "what I watch, what is under way, what is wrong"],
  ["ban <who> [reason]", "ban a person or a server from all protected rooms"],
  ["unban <who>", "lift the bans, and take back the rule"],
  ["kick <who> [room]", "remove somebody, who may come back"],
  ["mute <who> [room]", "let somebody read and not write"],
  ["unmute <who> [room]", "let them write again"],
  ["warn <who> <text>", "say something to somebody in the room"],
  ["redact <who>", "remove what somebody wrote"],
  ["undo <number>", "take back all that a command led to"],
  ["why <who>", "all I know of somebody, and why they are banned"],
];

/** `help` alone: what is typed every day, and where the rest is. Unfolded: it is read on phones, and in clients without folds. */
export function dailyHelp(prefix: string): Say {
  return lines(
    say`What is needed every day:`,
    bullets(daily.map(([typed, does]) => say`${code(`${prefix} ${typed}`)}: ${does}`)),
    say`If I ever do what I should not: ${code(`${prefix} stop`)} stops everything, ${code(`${prefix} go`)} goes on.`,
    say`${code(`${prefix} help ban`)} explains a command, ${code(`${prefix} help all`)} shows them all. Many of them also work in reply to a message. The rest, by topic:`,
    bullets(topics.map(({ name, about }) => say`${code(`${prefix} help ${name}`)}: ${about}`)),
  );
}

/** All commands, each topic folded away, and none explained: all of them have to fit into one message. */
export function allHelp(commands: readonly Command[], prefix: string): Say {
  return lines(
    say`All ${commands.length} commands. ${code(`${prefix} help ban`)} explains one of them, ${code(`${prefix} help people`)} those of a topic.`,
    ...topics.map(({ name, about }) =>
      folded(say`${bold(name)}: ${about}`, outlines(ofTopic(name, commands), prefix)),
    ),
  );
}

export function ofTopic(name: TopicName, commands: readonly Command[]): readonly Command[] {
  return commands.filter(({ topic }) => topic === name);
}

/** The commands of a topic, or those that begin with one word. */
export function helpWith(
  commands: readonly Command[],
  { title, prefix }: { title: Say; prefix: string },
): Say {
  const example = commands.find(({ words }) => words.length > 1) ?? commands[0]!;
  return lines(
    say`${title}:`,
    usages(commands, prefix),
    say`${code(`${prefix} help ${example.words.join(" ")}`)} explains one of them.`,
  );
}

function usages(commands: readonly Command[], prefix: string): Say {
  return bullets(commands.map((command) => say`${code(`${prefix} ${usageOf(command)}`)}: ${command.about}`));
}

/** Without flags, and of those with the same words the first: help of the topic, or of these words, shows all of it. */
function outlines(commands: readonly Command[], prefix: string): Say {
  const first = new Map(commands.toReversed().map((command) => [command.words.join(" "), command]));
  return bullets(
    [...first.values()].toReversed().map((command) => code(`${prefix} ${withArguments(command)}`)),
  );
}

export function detailed(command: Command, prefix: string): Say {
  const args = Object.entries(command.takes).map(
    ([name, spec]) => say`${code(name)}${spec.optional ? say` (optional)` : ""}: ${spec.about}`,
  );
  const flags = Object.entries(command.flags).map(([name, spec]) => {
    return say`${code(`--${name}`)}: ${spec.about}${spec.default === undefined ? "" : say` Default: ${String(spec.default)}.`}`;
  });
  const examples = command.examples.map((example) => code(`${prefix} ${example}`));
  const parts = [...args, ...flags];
  return lines(
    say`${code(`${prefix} ${usageOf(command)}`)}`,
    plain(command.about),
    command.role === "viewer" ? undefined : say`For ${command.role}s, where roles are on.`,
    parts.length > 0 ? bullets(parts) : undefined,
    plain("For example:"),
    bullets(examples),
  );
}
