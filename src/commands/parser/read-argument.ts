/** Recognising single arguments: which words can be a user, a room, a list, and what each of them means. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import { hasWildcard } from "../../kit/glob.ts";
import { withoutUnseen } from "../../kit/invisible-characters.ts";
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
import type { Token } from "./tokenise.ts";

/** How well a word fits a kind of argument. */
export type Fit = "sure" | "maybe" | "no";

const ruleKinds: readonly string[] = ["user", "room", "server"];

export function fitOf({ text, isQuoted }: Token, kind: ArgumentKind, reading: ParseContext): Fit {
  switch (kind) {
    case "entity":
      return looksLikeEntity(text) ? "sure" : "no";
    case "person":
      return parsePerson(text) ? "sure" : "no";
    case "list":
      return findList(text, reading) ? "sure" : "no";
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
      return "no";
  }
}

export function readArgument(
  text: string,
  kind: ArgumentKind,
  reading: ParseContext,
): { value: unknown } | { problem: Say } {
  switch (kind) {
    case "entity":
      return readEntity(text, reading);
    case "person":
      return { value: parsePerson(text) };
    case "list":
      return { value: findList(text, reading) };
    case "room":
      return readRoom(text, reading);
    case "event":
      return readEvent(text, reading);
    case "alias":
      return readAlias(text, reading);
    case "media":
      return { value: parseMediaUri(text) };
    case "kind":
      return { value: text.toLowerCase() };
    case "word":
    case "command":
    case "rest":
      return { value: text };
  }
}

/**
 * What was copied from a chat brings along what does not belong to it: characters that nobody sees, angle brackets, the
 * full stop of the sentence, the colon after a name. The words of a reason keep theirs.
 */
export function tidied(token: Token): Token {
  if (token.isQuoted) return token;
  const seen = withoutUnseen(token.text).replace(/^<(.+)>([.,;:]*)$/, "$1");
  const isId = /^[@!#]./.test(seen) || parseLink(seen) !== undefined || /^[^\s/]+\.[^\s/]+$/.test(seen);
  return { ...token, text: isId ? seen.replace(/[.,;:)\]]+$/, (end) => closing(seen, end)) : seen };
}

/** The bracket of an IPv6 literal belongs to it, and so does one that is opened in the word. */
function closing(text: string, end: string): string {
  return end.startsWith("]") && text.includes("[")
    ? "]"
    : end.startsWith(")") && text.includes("(")
      ? ")"
      : "";
}

/** `@a:x,@b:y`, or `@a:x,` before another one. */
export function isManyInOne(token: Token, next: Token | undefined, kind: ArgumentKind): boolean {
  if (token.isQuoted || !["entity", "person", "room", "event"].includes(kind)) return false;
  const parts = token.text.split(/[,;]/).filter((part) => part !== "");
  if (parts.length > 1 && parts.every((part) => looksLikeEntity(part))) return true;
  // A server may be any word with a dot in it, and a comma may end a sentence.
  return /[,;]$/.test(token.text) && next !== undefined && looksLikeId(tidied(next).text);
}

/** Somebody's or a room's whole id or link; a lone `@name` may be a display name. */
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

function readEntity(text: string, reading: ParseContext): { value: Entity } | { problem: Say } {
  const link = parseLink(text);
  const bare = link?.user ?? link?.room ?? link?.alias ?? text;
  if (bare.startsWith("#")) {
    const room = readRoom(bare, reading);
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
  return { value: { kind: "server", text: normaliseEntity("server", bare), isGlob: hasWildcard(bare) } };
}

function parsePerson(text: string): Entity | undefined {
  const link = parseLink(text);
  // The `?` before `via` makes no glob of a link.
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

/** A list by shortcode (upper and lower case alike), room id, alias or link. */
function findList(text: string, reading: ParseContext): PolicyListView | undefined {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  const resolved = alias && reading.lookedUp.aliases.get(alias);
  const id = resolved && "room" in resolved ? resolved.room : parseRoomId(link?.room ?? text);
  return reading.world.watchedLists().find((list) => list.room === id || list.isCalled(text));
}

function readRoom(text: string, reading: ParseContext): { value: ArgumentValues["room"] } | { problem: Say } {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  if (alias) {
    const resolved = reading.lookedUp.aliases.get(alias);
    if (resolved && "room" in resolved)
      return { value: { id: resolved.room, via: resolved.via.slice(0, 5), text: alias } };
    return { problem: say`${code(alias)} leads nowhere${resolved ? say`: ${plain(resolved.problem)}` : ""}` };
  }
  const id = parseRoomId(link?.room ?? text);
  if (!id) return { problem: say`${code(text)} is not a room` };
  const server = serverInId(id);
  return { value: { id, via: link?.via.length ? link.via : server ? [server] : [], text: id } };
}

function readEvent(
  text: string,
  reading: ParseContext,
): { value: ArgumentValues["event"] } | { problem: Say } {
  const link = parseLink(text);
  const event = parseEventId(link?.event);
  const room = link && readRoom(link.alias ?? link.room ?? "", reading);
  if (!event || !room) return { problem: say`${code(text)} is not a link to an event` };
  return "problem" in room ? room : { value: { room: room.value.id, event } };
}

function readAlias(
  text: string,
  reading: ParseContext,
): { value: ArgumentValues["alias"] } | { problem: Say } {
  const alias = parseRoomAlias(parseLink(text)?.alias ?? text);
  if (!alias) return { problem: say`${code(text)} is not an alias` };
  return { value: { alias, leadsTo: reading.lookedUp.aliases.get(alias) } };
}
