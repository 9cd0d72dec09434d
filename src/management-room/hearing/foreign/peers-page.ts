/** Generates docs/peers.md: every command of the bots that Tyr understands, and what it is here. */
import type { ForeignBot } from "../../../model/settings/foreign-bots.ts";
import type { Row } from "./row.ts";
import { tables, translate } from "./translate.ts";

/** By bot: its name, and what its users type before a command. */
const bots: Readonly<Record<ForeignBot, { readonly name: string; readonly prefix: string }>> = {
  mjolnir: { name: "Mjolnir", prefix: "!mjolnir" },
  draupnir: { name: "Draupnir", prefix: "!draupnir" },
  meowlnir: { name: "Meowlnir", prefix: "!meowlnir" },
};

const prefix = "!tyr";

export function peersPage(): string {
  const names = Object.values(bots).map(({ name }) => name);
  return [
    "# Other bots' commands",
    "",
    "Generated from the tables in `src/management-room/hearing/foreign/`; edit those.",
    "",
    `Every command of ${names.slice(0, -1).join(", ")} and ${names.at(-1)}, with the one of ours that does the same, or a sentence why there is none. After \`${prefix} understand\` with the bot's name Tyr obeys these very lines, too. What ours do besides is in [commands.md](commands.md).`,
    "",
    ...Object.entries(bots).flatMap(([bot, { name }]) => [
      `## ${name}`,
      "",
      ...tableOf(bot as ForeignBot),
      "",
    ]),
  ].join("\n");
}

function tableOf(bot: ForeignBot): readonly string[] {
  return [
    "| there | here |",
    "| --- | --- |",
    ...tables[bot].flatMap((row) =>
      linesOf(row).map((line) => `| ${typed(bot, line)} | ${here(bot, line)} |`),
    ),
  ];
}

export function linesOf({ example, more }: Row): readonly string[] {
  return [example, ...more];
}

function typed(bot: ForeignBot, line: string): string {
  return `\`${bots[bot].prefix}${line === "" ? "" : ` ${line}`}\``;
}

function here(bot: ForeignBot, line: string): string {
  const ours = translate(bot, line, { prefix, isBare: false });
  if (!ours) throw new Error(`${line} is a line of no row`);
  return "line" in ours ? `\`${prefix} ${ours.line}\`` : `${escaped(ours.instead)}.`;
}

/** Text of a cell, in which Markdown means nothing. */
function escaped(text: string): string {
  return text.replace(/[|<>*_\\]/g, (char) => `\\${char}`);
}
