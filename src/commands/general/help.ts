/** `help`: all commands, or one explained. */
import { code, lines, say } from "../../kit/say.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import { defineCommand, optional, problem } from "../define.ts";
import { detailed, overview } from "../help-text.ts";

export const help = defineCommand({
  words: ["help"],
  about: "Show all commands, or explain one.",
  takes: {
    command: optional("command", "the command to explain"),
    part: optional("word", "its second word, as in lists watch"),
  },
  examples: ["help", "help ban", "help lists watch"],
  reply({ command, part }, _flags, { commands, prefix }) {
    if (command === undefined) return { say: overview(commands, prefix) };
    const wanted = [command, ...(part === undefined ? [] : [part])].map((word) => word.toLowerCase());
    const found = commands.filter((one) => wanted.every((word, i) => one.words[i] === word));
    if (found.length > 0) return { say: lines(...found.map((one) => detailed(one, prefix))) };
    const guess = nearest(
      wanted[0]!,
      commands.map((one) => one.words[0]!),
    );
    return problem(
      say`There is no command ${code(wanted.join(" "))}.${guess ? say` Did you mean ${code(`${prefix} help ${guess}`)}?` : ""}`,
    );
  },
});
