/** Generates docs/commands.md from the declarations of the commands. */
import type { Command } from "./define.ts";
import { usageOf } from "./help-text.ts";

export function commandsPage(commands: readonly Command[], prefix: string): string {
  const intro = [
    "# Commands",
    "",
    "Generated from the declarations in `src/commands/`; edit those.",
    "",
    `Commands are typed in the management room and begin with \`${prefix}\` (the setting \`commands.prefixes\`), with Tyr's id, with a pill of it, or with its name and a colon or comma (\`Tyr: status\`). \`<needed>\`, \`[optional]\`. Arguments may stand in any order that is clear; quotes keep words together; what comes last is the reason.`,
    "",
    ...howToSay(commands, prefix),
  ];
  return [...intro, ...commands.map((command) => section(command, prefix))].join("\n");
}

function howToSay(commands: readonly Command[], prefix: string): readonly string[] {
  const several = commands
    .filter(({ takesSeveral }) => takesSeveral)
    .map(({ words }) => `\`${words.join(" ")}\``);
  return [
    "**Whom, where and which.** Users, rooms and events may be ids, aliases, pills, `matrix.to` links or `matrix:` URIs, also as Markdown (`[Name](https://matrix.to/#/@id:server)`). People may also be called by their display name (one word, or in quotes) where exactly one person in the protected rooms bears it: the homeserver's user directory is asked, and the answer says whom it took. Several of one name are listed with their ids, and nothing is done until one is chosen.",
    "",
    `**Several at once.** ${several.slice(0, -1).join(", ")} and ${several.at(-1)} take several ids, one after another: \`${prefix} ban @a:example.org @b:example.org spam\`. It is done to all of them or, where one of them is spared, not there or misspelt, to none; they are weighed together, and one \`undo\` takes it back. A reason that begins with an id needs quotes. Ids that differ in capitals are different people: of an id that nobody here bears, the spelling that somebody does is offered; in quotes it is taken as it stands. A ban of an id that nobody here bears is refused where it would hit somebody of another spelling: \`--hash\` names the id alone.`,
    "",
    `**In reply.** A command that replies to a message takes from it what it lacks: \`${prefix} ban spam\`, \`${prefix} redact\`, \`${prefix} undo\`, \`${prefix} why\`. Of other people's messages the pills, links and ids in the text count; Tyr's own say in the field \`io.tyr.about\` of their content (\`who\`, \`rooms\`, \`events\`, \`incident\`, \`question\`; ten of each at most) what they are about. A message in a thread is a reply only where it was meant as one.`,
    "",
    `**In protected rooms.** With \`commands.inProtectedRooms\` moderators may reply there too: the author and the message itself are meant. Everybody in the room sees the command; the answer comes in the management room, with who said it and where, and the command gets its mark.

**Edited messages** are not run: the message is obeyed as it was first sent. Where it did nothing then, Tyr says so in one line.`,
    "",
    "**What is missing is asked for.** A reply to the question by the same moderator completes the command, and so does the next message if it can be nothing else (an id, a pill, a link). Where there are a few possible answers they are numbered: the number, the name or the reaction chooses. After ten minutes (`commands.answerWithinMinutes`) the command has to be said again. A restart in between changes nothing.",
    "",
    `**Roles.** At first everybody in the management room may do everything. \`${prefix} roles on\` lets their power level in that room decide: admins (from 100 on) do everything, moderators (from 50 on) act against people and say yes to such acts, viewers look. Each command says below whom it is for; a yes takes what it lets happen, an undo what it takes back. Should nobody be an admin any more, the setting \`commands.withoutRoles\` begins without them.`,
    `**A second person.** With the setting \`guard.secondPerson\` what is large waits for the yes of somebody else than who said it: very many people, a server with more than a tenth of a room, the end of a room or an account, a level of 50 or more, roles, and taking such things back. Nobody may say that yes who came to the management room less than a day before. Where nobody else has said anything there for a week, the own yes counts after ten minutes. One moderator also does only so much alone (the section \`budgets\`): people removed, bans lifted, rules taken off lists; the command beyond that waits for somebody else.`,
    `**Other bots' commands.** \`${prefix} understand mjolnir\` (or \`draupnir\`, \`meowlnir\`, or the setting \`commands.understands\`) obeys \`!mjolnir ...\` in that bot's own words and order. What has no counterpart is answered with what to type instead. [peers.md](peers.md) has them all, each with ours.`,
    "",
    "**Clients that complete commands** find them described in the state of a management room that Tyr has made (MSC4391). Another one gets the descriptions with `commands.describe`, once Tyr may write state there.",
    "",
  ];
}

function section(command: Command, prefix: string): string {
  const args = Object.entries(command.takes).map(
    ([name, spec]) => `- \`${name}\`${spec.optional ? " (optional)" : ""}: ${spec.about}`,
  );
  const flags = Object.entries(command.flags).map(
    ([name, spec]) =>
      `- \`--${name}\`: ${spec.about}${spec.default === undefined ? "" : ` Default: ${spec.default}.`}`,
  );
  const also = command.also.map((words) => `\`${prefix} ${words.join(" ")}\``);
  return [
    `## ${prefix} ${usageOf(command)}`.replace(/[<>[\]]/g, (char) => `\\${char}`),
    "",
    `${command.about}${command.role === "viewer" ? "" : ` For ${command.role}s, where [roles](#tyr-roles) are on.`}${also.length > 0 ? ` Also: ${also.join(", ")}.` : ""}`,
    "",
    ...(args.length + flags.length > 0 ? [...args, ...flags, ""] : []),
    "```",
    ...command.examples.map((example) => `${prefix} ${example}`),
    "```",
    "",
  ].join("\n");
}
