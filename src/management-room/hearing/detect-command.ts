/** Decides whether a message is a command, and gives its line in our words with the aliases that have to be looked up. */
import { asObject, asString } from "../../kit/json.ts";
import { code, say, type Say } from "../../kit/say.ts";
import { withoutInvisible } from "../../kit/invisible-characters.ts";
import { parseRoomAlias, type EventId, type RoomAlias } from "../../model/ids.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { Limits } from "../../model/limits.ts";
import { readAddress, type AddressedText, type AddressForms } from "./address.ts";
import { pillsIn } from "./pills.ts";
import { lineOfCall } from "./msc4391-calls.ts";
import type { Command } from "../../commands/define.ts";
import { translate } from "./foreign/translate.ts";
import { markdownLinksIn, parseLink, withoutMarkdownLinks } from "../../model/links.ts";
import { isEdit, replyTarget, withoutHtmlFallback, withoutReplyFallback } from "./relations.ts";
import { cleaned } from "../../commands/parser/read-argument.ts";
import { tokenise } from "../../commands/parser/tokenise.ts";

export interface DetectedCommand {
  /** The command in our words, without a prefix. */
  readonly text: string;
  /** For examples in the reply: as it was typed, or our first prefix. */
  readonly prefix: string;
  /** Room aliases in the line, each once. */
  readonly aliases: readonly RoomAlias[];
  /** Why the line cannot be carried out, where that is known before it is parsed. */
  readonly problem: string | undefined;
  /** Our words for another bot's command, where they differ from what was typed. */
  readonly note?: Say;
  /** The message that the command is a reply to. */
  readonly replyTo: EventId | undefined;
}

type DetectLimits = Pick<Limits, "commandLength" | "aliasesPerCommand">;

export interface DetectOptions {
  readonly forms: AddressForms;
  readonly commands: readonly Command[];
  readonly limits: DetectLimits;
}

/** HTML beyond this is ignored: a command has at most a few pills. */
const longestHtml = 20_000;
/** Characters of a line that is refused unread, for the journal. */
const keptOfRefused = 100;

/** What an edit would say if it were a new message: undefined where it is no edit, or says no command. */
export function detectEdited(event: RoomEvent, options: DetectOptions): DetectedCommand | undefined {
  const edited = isEdit(event) ? asObject(event.content["m.new_content"]) : undefined;
  if (!edited) return undefined;
  const content = { msgtype: event.content["msgtype"], ...edited, "m.relates_to": {} };
  return detectCommand({ ...event, content }, options);
}

/** Undefined where the event is no command, or is meant for another bot. */
export function detectCommand(
  event: RoomEvent,
  { forms, commands, limits }: DetectOptions,
): DetectedCommand | undefined {
  if (event.type !== "m.room.message" || !isWritten(event.content)) return undefined;
  // The first version of a message was obeyed when it came; an edit cannot change that.
  if (isEdit(event)) return undefined;
  const call = lineOfCall(event.content, forms.self, commands);
  if (call !== undefined) return fromCall(call, event, { prefix: forms.prefixes[0]!, limits });
  const body = asString(event.content["body"]);
  if (body === undefined) return undefined;
  const html = htmlOf(event.content);
  const addressed = readAddress(withoutReplyFallback(body.slice(0, limits.commandLength + 1)), html, forms);
  if (!addressed) return undefined;
  const ownPrefix = forms.prefixes[0]!;
  const prefix = addressed.bot ? ownPrefix : (addressed.prefix ?? ownPrefix);
  const common = { prefix, replyTo: replyTarget(event), aliases: [] };
  const problem = problemOf(body, addressed, limits);
  if (problem) return { ...common, text: addressed.text.slice(0, keptOfRefused), problem };
  const { text, unmatched } = withPillIds(addressed, html);
  if (unmatched !== undefined) return { ...common, text, problem: problemOfPill(unmatched) };
  if (!addressed.bot) return { ...common, text, aliases: aliasesIn(text, limits), problem: undefined };
  const translated = translate(addressed.bot, text, { prefix, isBare: addressed.prefix === "!" });
  if (translated === undefined) return undefined;
  if ("instead" in translated) return { ...common, text, problem: translated.instead };
  const { line } = translated;
  return {
    ...common,
    text: line,
    aliases: aliasesIn(line, limits),
    problem: undefined,
    ...(line === text ? {} : { note: say`Read as ${code(`${prefix} ${line}`)}.` }),
  };
}

/** Text, or a file with a caption: without one the body is the name of the file. */
function isWritten(content: RoomEvent["content"]): boolean {
  const { msgtype, filename, body } = content;
  return msgtype === "m.text" || (msgtype === "m.file" && typeof filename === "string" && filename !== body);
}

/** A structured command (MSC4391). */
function fromCall(
  line: string,
  event: RoomEvent,
  { prefix, limits }: { prefix: string; limits: DetectLimits },
): DetectedCommand {
  const problem = line.length > limits.commandLength ? tooLong(line, limits) : undefined;
  const text = problem === undefined ? withoutMarkdownLinks(line) : line.slice(0, keptOfRefused);
  return { text, prefix, aliases: aliasesIn(text, limits), problem, replyTo: replyTarget(event) };
}

function htmlOf(content: RoomEvent["content"]): string {
  return withoutHtmlFallback((asString(content["formatted_body"]) ?? "").slice(0, longestHtml));
}

function problemOf(body: string, { text, prefix }: AddressedText, limits: DetectLimits): string | undefined {
  if (body.length > limits.commandLength) return tooLong(body, limits);
  const start = `${(prefix ?? "").toLowerCase()} `;
  const hasSecond =
    prefix !== undefined &&
    text.split("\n").some((line, i) => i > 0 && line.trimStart().toLowerCase().startsWith(start));
  return hasSecond ? "one command a message, please" : undefined;
}

function tooLong({ length }: string, { commandLength }: DetectLimits): string {
  return `a command may have ${commandLength} characters, and this has ${length}`;
}

function problemOfPill(id: string): string {
  return `I cannot tell which of your words is the link to ${id}. Please type the id itself`;
}

/**
 * Replaces the display names that pills show in the text by the links in the HTML, as the id is what was meant. Pills are
 * searched in their order and never in the command's own word: a display name may be any text, such as "ban".
 * `unmatched`: the id of a pill whose name is not in the text. Such a command is refused: a display name may look like
 * somebody else's id, invisible characters included, and would be read as that id.
 */
function withPillIds(
  { text, hasPill }: Pick<AddressedText, "text" | "hasPill">,
  html: string,
): { readonly text: string; readonly unmatched: string | undefined } {
  let result = text;
  let from = text.search(/\s|$/);
  let unmatched: string | undefined;
  for (const { link, name } of pillsIn(html).slice(hasPill ? 1 : 0)) {
    const written = markdownLinksIn(result).find((one) => one.from >= from && isSameLink(one.link, link));
    if (written) {
      result = result.slice(0, written.from) + link + result.slice(written.to);
      from = written.from + link.length;
      continue;
    }
    if (name.trim() === "" || result.indexOf(name, from) < 0) {
      // Clients differ in how they write invisible characters and spaces in the two forms.
      from = visible(result.slice(0, from)).length;
      result = visible(result);
    }
    const wanted = result.indexOf(name, from) < 0 ? visible(name).trim() : name;
    const at = wanted.trim() === "" ? -1 : result.indexOf(wanted, from);
    if (at < 0) {
      const target = parseLink(link);
      const id = target?.user ?? target?.room ?? target?.alias;
      if (id !== undefined && !result.includes(id)) unmatched ??= id;
      continue;
    }
    result = result.slice(0, at) + link + result.slice(at + wanted.length);
    from = at + link.length;
  }
  // Links that were typed as Markdown, and that the client did not make links of.
  return { text: withoutMarkdownLinks(result), unmatched };
}

function isSameLink(one: string, other: string): boolean {
  const [a, b] = [parseLink(one), parseLink(other)];
  return a?.user === b?.user && a?.room === b?.room && a?.alias === b?.alias && a?.event === b?.event;
}

function visible(text: string): string {
  return withoutInvisible(text.replace(/\s+/g, " "));
}

/**
 * The text of a message that may answer a prompt: without the quotation of a reply, with ids in place of pills. Undefined
 * where it is too long or a pill cannot be matched.
 */
export function textWithIds({ content }: RoomEvent, limits: DetectLimits): string | undefined {
  const body = asString(content["body"]);
  if (body === undefined || body.length > limits.commandLength) return undefined;
  // The space stands for the command's own word: without it a pill at the start would not be replaced.
  const { text, unmatched } = withPillIds(
    { text: ` ${withoutReplyFallback(body)}`, hasPill: false },
    htmlOf(content),
  );
  return unmatched === undefined ? text.trim() : undefined;
}

export function aliasesIn(
  text: string,
  { aliasesPerCommand }: Pick<Limits, "aliasesPerCommand">,
): readonly RoomAlias[] {
  const found = tokenise(text).flatMap((token) => aliasOf(token.text) ?? []);
  return [...new Set(found)].slice(0, aliasesPerCommand);
}

function aliasOf(word: string): RoomAlias | undefined {
  const bare = cleaned({ text: word, start: 0, isQuoted: false, typed: word }).text;
  return parseRoomAlias(bare) ?? parseLink(bare)?.alias;
}
