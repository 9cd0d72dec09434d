/** docs/commands.md, made from the declarations. */
import type { Command } from "./define.ts";
import { usageOf } from "./help.ts";

export function commandsPage(commands: readonly Command[], prefix: string): string {
  const intro = [
    "# Commands",
    "",
    "Generated from the declarations in `src/commands/`; edit those.",
    "",
    `Commands are typed in the management room and begin with \`${prefix}\` (the setting \`commands.prefixes\`). \`<needed>\`, \`[optional]\`. Arguments may stand in any order that is clear; quotes keep words together; what comes last is the reason. Users, rooms and events may be given as ids, aliases or links.`,
    "",
  ];
  return [...intro, ...commands.map((command) => section(command, prefix))].join("\n");
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
    `${command.about}${also.length > 0 ? ` Also: ${also.join(", ")}.` : ""}`,
    "",
    ...(args.length + flags.length > 0 ? [...args, ...flags, ""] : []),
    "```",
    ...command.examples.map((example) => `${prefix} ${example}`),
    "```",
    "",
  ].join("\n");
}
