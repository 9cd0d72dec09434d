/** Reads single arguments: which words can be a user, a room, a list and so on, and their values. */
import { code, say, type Say } from "../../kit/say.ts";
import { hasWildcard } from "../../kit/glob.ts";
import { withoutInvisible } from "../../kit/invisible-characters.ts";
import {
  parseEventId,
  parseMediaUri,
  parseRoomAlias,
  parseRoomId,
  parseServerName,
  parseUserId,
  serverInId,
} from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { maxEntityLength, normaliseEntity } from "../../model/policy-rule.ts";
import type { ArgumentKind, ArgumentValues, Entity, ParseContext } from "../define.ts";
import { parseLink } from "../../model/links.ts";
import { quoted } from "../../model/quoted.ts";
import type { Token } from "./tokenise.ts";

/** How well a word fits a kind of argument. "maybe": any word would. */
export type Fit = "sure" | "maybe" | "no";

const ruleKinds: readonly string[] = ["user", "room", "server"];

export function fitOf({ text, isQuoted }: Token, kind: ArgumentKind, context: ParseContext): Fit {
  switch (kind) {
    case "entity":
      return looksLikeEntity(text) ? "sure" : "no";
    case "person":
      return parsePerson(text) ? "sure" : "no";
    case "list":
      return findList(text, context) ? "sure" : "no";
    case "room":
      return parseRoomId(text) || parseRoomAlias(text) || parseLink(text)?.room || parseLink(text)?.alias
        ? "sure"
        : "no";
    case "event":
      return parseLink(text)?.event ? "sure" : "no";
    case "alias":
      return parseRoomAlias(text) || parseLink(text)?.alias ? "sure" : "no";
    case "media":
      return parseMediaUri(text) ? "sure" : "no";
    case "kind":
      return !isQuoted && ruleKinds.includes(text.toLowerCase()) ? "sure" : "no";
    case "word":
    case "command":
      return "maybe";
    case "rest":
    case "written":
      return "no";
  }
}

export function readArgument(
  text: string,
  kind: ArgumentKind,
  context: ParseContext,
): { value: unknown } | { problem: Say } {
  switch (kind) {
    case "entity":
      return readEntity(text, context);
    case "person":
      return { value: parsePerson(text) };
    case "list":
      return { value: findList(text, context) };
    case "room":
      return readRoom(text, context);
    case "event":
      return readEvent(text, context);
    case "alias":
      return readAlias(text, context);
    case "media":
      return { value: parseMediaUri(text) };
    case "kind":
      return { value: text.toLowerCase() };
    case "word":
    case "command":
    case "rest":
    case "written":
      return { value: text };
  }
}

/**
 * Removes what is copied along with an id: invisible characters, angle brackets, the full stop of the sentence, the colon
 * after a name. Words that are no ids keep their punctuation, as they may belong to a reason.
 */
export function cleaned(token: Token): Token {
  if (token.isQuoted) return token;
  const visible = withoutInvisible(token.text).replace(/^<(.+)>([.,;:]*)$/, "$1");
  const isId =
    /^[@!#]./.test(visible) || parseLink(visible) !== undefined || /^[^\s/]+\.[^\s/]+$/.test(visible);
  return {
    ...token,
    text: isId ? visible.replace(/[.,;:)\]]+$/, (end) => ownBracket(visible, end)) : visible,
  };
}

/** The closing bracket at the end, if it belongs to the word: of an IPv6 literal, or opened in the word. */
function ownBracket(text: string, end: string): string {
  return end.startsWith("]") && text.includes("[")
    ? "]"
    : end.startsWith(")") && text.includes("(")
      ? ")"
      : "";
}

/** Whether several ids were given where one is taken: `@a:x,@b:y`, or `@a:x,` before another id. */
export function isManyInOne(token: Token, next: Token | undefined, kind: ArgumentKind): boolean {
  if (token.isQuoted || !["entity", "person", "room", "event"].includes(kind)) return false;
  const parts = token.text.split(/[,;]/).filter((part) => part !== "");
  if (parts.length > 1 && parts.every((part) => looksLikeEntity(part))) return true;
  // Only before an id: any word with a dot looks like a server, and a comma may belong to a sentence.
  return /[,;]$/.test(token.text) && next !== undefined && looksLikeId(cleaned(next).text);
}

/** A whole id or link of a user or room. `@name` without a server is none: it may be a display name. */
export function looksLikeId(text: string): boolean {
  return parseUserId(text) !== undefined || /^[!#]/.test(text) || parseLink(text) !== undefined;
}

function looksLikeEntity(text: string): boolean {
  if (text.length > maxEntityLength) return false;
  return (
    /^[@!#]./.test(text) ||
    hasWildcard(text) ||
    parseLink(text) !== undefined ||
    (text.includes(".") && parseServerName(text) !== undefined) ||
    /^\[[0-9a-f:.]+\]/i.test(text)
  );
}

function readEntity(text: string, context: ParseContext): { value: Entity } | { problem: Say } {
  const link = parseLink(text);
  const bare = link?.user ?? link?.room ?? link?.alias ?? text;
  if (bare.startsWith("#")) {
    const room = readRoom(bare, context);
    return "problem" in room ? room : { value: { kind: "room", text: room.value.id, isGlob: false } };
  }
  if (bare.startsWith("!")) return { value: { kind: "room", text: bare, isGlob: hasWildcard(bare) } };
  if (bare.startsWith("@") || (hasWildcard(bare) && /:(?!\d+$)/.test(bare))) {
    if (!hasWildcard(bare) && !parseUserId(bare))
      return {
        problem: say`${code(bare)} is not a user id: it should look like ${code("@name:server")}`,
      };
    return { value: { kind: "user", text: bare, isGlob: hasWildcard(bare) } };
  }
  const isGlob = hasWildcard(bare);
  const server = normaliseEntity("server", bare);
  // An address with a port or of numbers alone is no name.
  const isUnclear = !isGlob && !/[:[]|^[\d.]+$/.test(bare);
  return { value: { kind: "server", text: server, isGlob, ...(isUnclear ? { isUnclear } : {}) } };
}

function parsePerson(text: string): Entity | undefined {
  const link = parseLink(text);
  // Checked first: the `?` of `?via=` would look like a wildcard.
  if (link && !link.user) return undefined;
  const user = link?.user ?? (text.startsWith("@") ? text : undefined);
  if (user === undefined)
    return hasWildcard(text) && text.length <= maxEntityLength
      ? { kind: "user", text, isGlob: true }
      : undefined;
  return hasWildcard(user) || parseUserId(user)
    ? { kind: "user", text: user, isGlob: hasWildcard(user) }
    : undefined;
}

/** A watched list by shortcode (in any case), room id, alias or link. */
function findList(text: string, context: ParseContext): PolicyListView | undefined {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  const resolved = alias && context.lookedUp.aliases.get(alias);
  const id = resolved && "room" in resolved ? resolved.room : parseRoomId(link?.room ?? text);
  return context.world.watchedLists().find((list) => list.room === id || list.isCalled(text));
}

function readRoom(text: string, context: ParseContext): { value: ArgumentValues["room"] } | { problem: Say } {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  if (alias) {
    const resolved = context.lookedUp.aliases.get(alias);
    if (resolved && "room" in resolved)
      return { value: { id: resolved.room, via: resolved.via.slice(0, 5), text: alias } };
    return {
      problem: say`${code(alias)} leads nowhere${resolved ? say`: ${quoted(resolved.problem)}` : ""}`,
    };
  }
  const id = parseRoomId(link?.room ?? text);
  if (!id) return { problem: say`${code(text)} is not a room` };
  const server = serverInId(id);
  return { value: { id, via: link?.via.length ? link.via : server ? [server] : [], text: id } };
}

function readEvent(
  text: string,
  context: ParseContext,
): { value: ArgumentValues["event"] } | { problem: Say } {
  const link = parseLink(text);
  const event = parseEventId(link?.event);
  const room = link && readRoom(link.alias ?? link.room ?? "", context);
  if (!event || !room) return { problem: say`${code(text)} is not a link to an event` };
  return "problem" in room ? room : { value: { room: room.value.id, event } };
}

function readAlias(
  text: string,
  context: ParseContext,
): { value: ArgumentValues["alias"] } | { problem: Say } {
  const alias = parseRoomAlias(parseLink(text)?.alias ?? text);
  if (!alias) return { problem: say`${code(text)} is not an alias` };
  return { value: { alias, leadsTo: context.lookedUp.aliases.get(alias) } };
}
