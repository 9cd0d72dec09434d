/** Translates commands of Mjolnir, Draupnir and Meowlnir into ours, by one table a bot. Knows texts only, no rooms or people. */
import type { ForeignBot } from "../../../model/settings/foreign-bots.ts";
import { endOf, tokenise } from "../../../commands/parser/tokenise.ts";
import { draupnir } from "./draupnir.ts";
import { meowlnir } from "./meowlnir.ts";
import { mjolnir } from "./mjolnir.ts";
import type { Row, Translation } from "./row.ts";

export const tables: Readonly<Record<ForeignBot, readonly Row[]>> = { mjolnir, draupnir, meowlnir };

/**
 * `text`: what follows the other bot's prefix. `isBare`: that prefix was a mere exclamation mark (Meowlnir's).
 * A command that the table does not have is taken for one of ours and returned as it is. With a bare exclamation mark
 * it is undefined instead: the message may be meant for another bot.
 */
export function translate(
  bot: ForeignBot,
  text: string,
  { prefix, isBare }: { prefix: string; isBare: boolean },
): Translation | undefined {
  const tokens = tokenise(text);
  const words = tokens.map((token) => token.text.toLowerCase());
  const row = tables[bot]
    .filter((one) => one.words.every((word, i) => words[i] === word))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (!row || (row.words.length === 0 && words.length > 0)) return isBare ? undefined : { line: text };
  const rest = tokens
    .slice(row.words.length)
    .map((token) => (token.isQuoted ? text.slice(token.start, endOf(token)) : token.text));
  const ours = typeof row.ours === "string" ? { line: [row.ours, ...rest].join(" ") } : row.ours(rest);
  if ("line" in ours) return { line: ours.line.trim() };
  return { instead: ours.instead.replaceAll("!tyr", prefix) };
}
