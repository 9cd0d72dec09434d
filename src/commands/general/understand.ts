/** `understand`: switches on that commands of another bot are obeyed, for moderators who are used to them. */
import { nearest } from "../../kit/did-you-mean.ts";
import { bullets, code, lines, plain, say } from "../../kit/say.ts";
import { foreignBots } from "../../model/settings/foreign-bots.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

export const understand = defineCommand({
  words: ["understand"],
  role: "admin",
  about:
    "Understand the commands of another bot too, with its own prefix, words and order; what it has and I have not is answered with what to type instead.",
  takes: {
    bot: optional("word", "mjolnir, draupnir or meowlnir; without it I tell whom I understand"),
    switch: optional("word", "on or off; without it on"),
  },
  examples: ["understand mjolnir on", "understand draupnir off", "understand"],
  reply({ bot: word, switch: wanted = "on" }, _flags, context): Reply {
    if (word === undefined) return { say: overview(context) };
    const bot = foreignBots.find((one) => one === word.toLowerCase());
    if (!bot) {
      const guess = nearest(word, foreignBots);
      return problem(
        say`${code(word, 60)} is none of ${plain(foreignBots.join(", "))}.${guess ? say` Did you mean ${code(guess)}?` : ""}`,
      );
    }
    const state = wanted.toLowerCase();
    if (state !== "on" && state !== "off")
      return problem(say`${code(wanted, 60)} is neither ${code("on")} nor ${code("off")}.`);
    const on = state === "on";
    if (context.world.settings.understood.has(bot) === on)
      return { say: say`${code(`!${bot}`)} is ${state} already.` };
    return {
      say: on
        ? say`Commands that begin with ${code(`!${bot}`)} are understood in the words of that bot. Should it still be in this room, it obeys them too.`
        : say`Commands that begin with ${code(`!${bot}`)} are no longer understood.`,
      acts: [settingsChange({ kind: "understand", bot, on })],
    };
  },
});

function overview({ world, prefix }: CommandContext) {
  const items = foreignBots.map(
    (bot) => say`${code(`!${bot}`)}: ${world.settings.understood.has(bot) ? "on" : "off"}`,
  );
  return lines(
    say`Switched by command (the config may add others with ${code("commands.understands")}):`,
    bullets(items),
    say`${code(`${prefix} understand mjolnir on`)} switches one on.`,
  );
}
