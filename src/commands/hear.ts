/** Which messages are commands, and which names in them must be looked up before they can be answered. */
import { asObject, asString } from "../kit/json.ts";
import { parseRoomAlias, type RoomAlias } from "../model/ids.ts";
import type { RoomEvent } from "../model/event.ts";
import type { Limits } from "../model/limits.ts";
import { parseLink } from "../model/links.ts";
import { withoutPrefix } from "./parse.ts";
import { tokenise } from "./tokenise.ts";

export interface Heard {
  readonly text: string;
  readonly prefix: string;
  readonly aliases: readonly RoomAlias[];
  /** Why it cannot be a command as it stands. */
  readonly problem: string | undefined;
}

type HearLimits = Pick<Limits, "commandLength" | "aliasesPerCommand">;

export function hear(event: RoomEvent, prefixes: readonly string[], limits: HearLimits): Heard | undefined {
  if (event.type !== "m.room.message" || event.content["msgtype"] !== "m.text") return undefined;
  // An edit is not said again: what was commanded was commanded.
  if (asObject(event.content["m.relates_to"])?.["rel_type"] === "m.replace") return undefined;
  const body = asString(event.content["body"]);
  const command =
    body === undefined
      ? undefined
      : withoutPrefix(withoutReplyFallback(body.slice(0, limits.commandLength + 1)), prefixes);
  if (body === undefined || !command) return undefined;
  const problem = problemOf(body, command, limits);
  if (problem) return { text: command.text.slice(0, 100), prefix: command.prefix, aliases: [], problem };
  const text = withLinks(command.text, asString(event.content["formatted_body"]));
  return {
    text,
    prefix: command.prefix,
    aliases: aliasesIn(text).slice(0, limits.aliasesPerCommand),
    problem: undefined,
  };
}

function problemOf(
  body: string,
  { text, prefix }: { text: string; prefix: string },
  { commandLength }: HearLimits,
): string | undefined {
  if (body.length > commandLength)
    return `a command may have ${commandLength} characters, and this has ${body.length}`;
  const second = text
    .split("\n")
    .some((line, i) => i > 0 && line.trimStart().toLowerCase().startsWith(`${prefix.toLowerCase()} `));
  return second ? "one command a message, please" : undefined;
}

/** Older clients put the message replied to before the reply, each line quoted. */
export function withoutReplyFallback(body: string): string {
  return body.replace(/^(> .*\n)+\n?/, "");
}

/**
 * A pill shows a name in the body and holds the id in the HTML: the id is what was meant. Pills are looked for in their
 * order and never in the command's own word, as a name may be any text ("ban").
 */
function withLinks(text: string, html: string | undefined): string {
  let meant = text;
  let from = text.search(/\s|$/);
  const pills = (html ?? "")
    .slice(0, 20_000)
    .matchAll(/<a href="(https:\/\/matrix\.to\/#\/[^"]{1,500})"[^>]{0,200}>([^<]{1,200})<\/a>/g);
  for (const [, href, shown] of pills) {
    const [name, link] = [unescapeHtml(shown!), unescapeHtml(href!)];
    const at = meant.indexOf(name, from);
    if (at < 0) continue;
    meant = meant.slice(0, at) + link + meant.slice(at + name.length);
    from = at + link.length;
  }
  return meant;
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}

function aliasesIn(text: string): readonly RoomAlias[] {
  const found = tokenise(text).flatMap(
    (token) => parseRoomAlias(token.text) ?? parseLink(token.text)?.alias ?? [],
  );
  return [...new Set(found)];
}
