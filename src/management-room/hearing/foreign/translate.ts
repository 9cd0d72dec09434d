/** From the words of another bot to ours: a table for each bot, and one way to read them. Pure text. */
import type { ForeignBot } from "../../../model/settings/foreign-bots.ts";
import { endOf, tokenise } from "../../../commands/parser/tokenise.ts";
import { draupnir } from "./draupnir.ts";
import { meowlnir } from "./meowlnir.ts";
import { mjolnir } from "./mjolnir.ts";
import type { Row, Translated } from "./row.ts";

export const tables: Readonly<Record<ForeignBot, readonly Row[]>> = { mjolnir, draupnir, meowlnir };

/**
 * What follows the other bot's prefix, as we would be told it. Words that its table does not have are taken for ours;
 * undefined for Meowlnir's, whose prefix may be a mere exclamation mark that is meant for somebody else.
 */
export function translate(
  bot: ForeignBot,
  text: string,
  { prefix, isBare }: { prefix: string; isBare: boolean },
): Translated | undefined {
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
