/** Which messages are commands, what their line is in our words, and which names in them must be looked up. */
import { asString } from "../../kit/json.ts";
import { code, say, type Say } from "../../kit/say.ts";
import { withoutUnseen } from "../../kit/invisible-characters.ts";
import { parseRoomAlias, type EventId, type RoomAlias } from "../../model/ids.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { Limits } from "../../model/limits.ts";
import { addressed, linkInHtml, textOfHtml, unescapeHtml, type Addressed, type Calls } from "./address.ts";
import { callIn } from "./msc4391-calls.ts";
import type { Command } from "../../commands/define.ts";
import { translate } from "./foreign/translate.ts";
import { parseLink } from "../../model/links.ts";
import { isEdit, replyTarget, withoutHtmlFallback, withoutReplyFallback } from "./relations.ts";
import { tidied } from "../../commands/parser/read-argument.ts";
import { tokenise } from "../../commands/parser/tokenise.ts";

export interface Heard {
  /** The command in our words, without its prefix. */
  readonly text: string;
  readonly prefix: string;
  readonly aliases: readonly RoomAlias[];
  /** Why it cannot be a command as it stands. */
  readonly problem: string | undefined;
  /** How it was understood, where it was said in other words. */
  readonly note?: Say;
  /** The message it replies to. */
  readonly replyTo: EventId | undefined;
}

type HearLimits = Pick<Limits, "commandLength" | "aliasesPerCommand">;

export interface HearOptions {
  readonly calls: Calls;
  readonly commands: readonly Command[];
  readonly limits: HearLimits;
}

const longestHtml = 20_000;

export function hear(event: RoomEvent, { calls, commands, limits }: HearOptions): Heard | undefined {
  if (event.type !== "m.room.message" || event.content["msgtype"] !== "m.text") return undefined;
  // An edit is not said again: what was commanded was commanded.
  if (isEdit(event)) return undefined;
  const prefix = calls.prefixes[0]!;
  const replyTo = replyTarget(event);
  const call = callIn(event.content, calls.self, commands);
  if (call !== undefined) {
    const problem =
      call.length > limits.commandLength
        ? `a command may have ${limits.commandLength} characters, and this has ${call.length}`
        : undefined;
    const text = problem === undefined ? call : call.slice(0, 100);
    return { text, prefix, aliases: aliasesIn(text, limits), problem, replyTo };
  }
  const body = asString(event.content["body"]);
  if (body === undefined) return undefined;
  const html = withoutHtmlFallback((asString(event.content["formatted_body"]) ?? "").slice(0, longestHtml));
  const command = addressed(withoutReplyFallback(body.slice(0, limits.commandLength + 1)), html, calls);
  if (!command) return undefined;
  const problem = problemOf(body, command, limits);
  const said = { prefix: command.bot ? prefix : (command.prefix ?? prefix), replyTo };
  if (problem) return { ...said, text: command.text.slice(0, 100), aliases: [], problem };
  const { text, lost } = withLinks(command, html);
  if (lost !== undefined) return { ...said, text, aliases: [], problem: problemOfLink(lost) };
  if (!command.bot) return { ...said, text, aliases: aliasesIn(text, limits), problem: undefined };
  const translated = translate(command.bot, text, { prefix, isBare: command.prefix === "!" });
  if (translated === undefined) return undefined;
  if ("instead" in translated) return { ...said, text, aliases: [], problem: translated.instead };
  const { line } = translated;
  return {
    ...said,
    text: line,
    aliases: aliasesIn(line, limits),
    problem: undefined,
    // What is the same here and there needs no words.
    ...(line === text ? {} : { note: say`Read as ${code(`${prefix} ${line}`)}.` }),
  };
}

function problemOf(
  body: string,
  { text, prefix }: Addressed,
  { commandLength }: HearLimits,
): string | undefined {
  if (body.length > commandLength)
    return `a command may have ${commandLength} characters, and this has ${body.length}`;
  const again = `${(prefix ?? "").toLowerCase()} `;
  const second =
    prefix !== undefined &&
    text.split("\n").some((line, i) => i > 0 && line.trimStart().toLowerCase().startsWith(again));
  return second ? "one command a message, please" : undefined;
}

function problemOfLink(id: string): string {
  return `I cannot tell which of your words is the link to ${id}. Please type the id itself`;
}

/**
 * A pill shows a name in the body and holds the id in the HTML: the id is what was meant. Pills are looked for in their
 * order and never in the command's own word, as a name may be any text ("ban"). `lost`: where one leads that is not
 * found. A name may look like somebody's id and hold what nobody sees, and read as it stands it would mean that other
 * person.
 */
function withLinks(
  { text, hasPill }: Pick<Addressed, "text" | "hasPill">,
  html: string,
): { readonly text: string; readonly lost: string | undefined } {
  let meant = text;
  let from = text.search(/\s|$/);
  let lost: string | undefined;
  const pills = [...html.matchAll(linkInHtml)].slice(hasPill ? 1 : 0);
  for (const [, href, shown] of pills) {
    const [name, link] = [textOfHtml(shown!), unescapeHtml(href!)];
    if (name.trim() === "" || meant.indexOf(name, from) < 0) {
      // Clients differ in what they write for what is not seen, and for spaces.
      from = seen(meant.slice(0, from)).length;
      meant = seen(meant);
    }
    const wanted = meant.indexOf(name, from) < 0 ? seen(name).trim() : name;
    const at = wanted.trim() === "" ? -1 : meant.indexOf(wanted, from);
    if (at < 0) {
      const to = parseLink(link);
      const id = to?.user ?? to?.room ?? to?.alias;
      if (id !== undefined && !meant.includes(id)) lost ??= id;
      continue;
    }
    meant = meant.slice(0, at) + link + meant.slice(at + wanted.length);
    from = at + link.length;
  }
  return { text: meant, lost };
}

function seen(text: string): string {
  return withoutUnseen(text.replace(/\s+/g, " "));
}

/** What was said, without what it quotes and with the ids that its pills stand for: for answers that are no commands. */
export function wordsOf({ content }: RoomEvent, limits: HearLimits): string | undefined {
  const body = asString(content["body"]);
  if (body === undefined || body.length > limits.commandLength) return undefined;
  const html = withoutHtmlFallback((asString(content["formatted_body"]) ?? "").slice(0, longestHtml));
  // No word of it is a command's: a space before it lets the first be a pill too.
  const { text, lost } = withLinks({ text: ` ${withoutReplyFallback(body)}`, hasPill: false }, html);
  return lost === undefined ? text.trim() : undefined;
}

export function aliasesIn(
  text: string,
  { aliasesPerCommand }: Pick<Limits, "aliasesPerCommand">,
): readonly RoomAlias[] {
  const found = tokenise(text).flatMap((token) => aliasOf(token.text) ?? []);
  return [...new Set(found)].slice(0, aliasesPerCommand);
}

function aliasOf(word: string): RoomAlias | undefined {
  const bare = tidied({ text: word, start: 0, isQuoted: false, typed: word }).text;
  return parseRoomAlias(bare) ?? parseLink(bare)?.alias;
}
