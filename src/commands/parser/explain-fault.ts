/** A line that cannot be carried out, explained: the fault, the place in the line, the usage and an example. */
import { code, escapeHtml, lines, say, type Say } from "../../kit/say.ts";
import type { Command, ParseContext } from "../define.ts";
import { usageOf } from "../help-text.ts";

/** `at`: offset of the fault in `text`, for the caret; undefined where something is missing and nothing is wrong. */
export function explained(
  problem: Say,
  {
    command,
    text,
    at,
    context,
  }: { command: Command; text: string; at: number | undefined; context: ParseContext },
): Say {
  const pointed = at === undefined ? undefined : caretUnder(text, at);
  return lines(
    problem,
    pointed,
    say`Usage: ${code(`${context.prefix} ${usageOf(command)}`)}`,
    say`For example: ${code(`${context.prefix} ${command.examples[0]!}`)}`,
  );
}

/** The part of the line around the fault with a caret below it, narrow enough for a phone. */
function caretUnder(text: string, at: number): Say {
  const from = Math.max(0, at - 20);
  const shown = `${from > 0 ? "…" : ""}${text.slice(from + (from > 0 ? 1 : 0), at + 30)}`.replace(
    /[^\p{L}\p{N}\p{P}\p{S}]/gu,
    " ",
  );
  const block = `${shown}\n${" ".repeat(Math.min(at - from, shown.length))}^`;
  return {
    text: block,
    html: `<pre><code>${escapeHtml(shown)}\n${" ".repeat(Math.min(at - from, shown.length))}^</code></pre>`,
  };
}
