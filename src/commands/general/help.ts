/** `help`: what is needed every day, the commands of a topic, all of them, or one explained. */
import { bold, code, lines, say, type Say } from "../../kit/say.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { allHelp, dailyHelp, detailed, helpWith, ofTopic } from "../help-text.ts";
import { topics } from "../topics.ts";

export const help = defineCommand({
  words: ["help"],
  role: "viewer",
  about: "Show what is needed every day, the commands of a topic, all of them, or explain one.",
  takes: {
    what: optional("command", "a command, a topic such as lists, or all"),
    part: optional("word", "the command's second word, as in lists watch"),
  },
  examples: ["help", "help lists", "help all", "help ban", "help lists watch"],
  reply({ what, part }, _flags, context) {
    const { commands, prefix } = context;
    if (what === undefined) return { say: dailyHelp(prefix) };
    const wanted = [what, ...(part === undefined ? [] : [part])].map((word) => word.toLowerCase());
    if (wanted[0] === "all" && wanted.length === 1) return { say: allHelp(commands, prefix) };
    const found = helpOn(wanted, context);
    return found ? { say: found } : unknown(wanted, context);
  },
});

function helpOn(wanted: readonly string[], { commands, prefix }: CommandContext): Say | undefined {
  const topic = wanted.length === 1 ? topics.find(({ name }) => name === wanted[0]) : undefined;
  if (topic)
    return helpWith(ofTopic(topic.name, commands), {
      title: say`${bold(topic.name)} (${topic.about})`,
      prefix,
    });
  const found = commands.filter((one) => wanted.every((word, i) => one.words[i] === word));
  // `redact` is two commands of the same words, each explained; `rules` is the start of several.
  const areSame = found.every(({ words }) => words.length === found[0]!.words.length);
  if (found.length > 1 && !(areSame && found[0]!.words.length === wanted.length))
    return helpWith(found, { title: bold(wanted.join(" ")), prefix });
  return found.length > 0 ? lines(...found.map((one) => detailed(one, prefix))) : undefined;
}

function unknown(wanted: readonly string[], { commands, prefix }: CommandContext): Reply {
  const known = [...commands.map((one) => one.words[0]!), ...topics.map(({ name }) => name)];
  const guess = nearest(wanted[0]!, known);
  return problem(
    say`There is no command or topic ${code(wanted.join(" "))}.${guess ? say` Did you mean ${code(`${prefix} help ${guess}`)}?` : say` ${code(`${prefix} help all`)} shows all commands.`}`,
  );
}
