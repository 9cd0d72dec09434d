/** Recognising arguments: which words can be a user, a room, a list, and in what order they may come. */
import { code, plain, say, type Say } from "../kit/say.ts";
import { nearest } from "../kit/nearest.ts";
import { hasWildcard } from "../kit/glob.ts";
import {
  parseEventId,
  parseMediaUri,
  parseRoomAlias,
  parseRoomId,
  parseServerName,
  parseUserId,
  serverInId,
} from "../model/ids.ts";
import { maxEntityLength, normaliseEntity, type PolicyList, type RuleKind } from "../model/policy-list.ts";
import type { ArgumentKind, ArgumentSpec, ArgumentValues, Asked, Entity } from "./define.ts";
import { parseLink } from "../model/links.ts";
import type { Token } from "./tokenise.ts";

type Values = Readonly<Record<string, unknown>>;
export type Arranged =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly problem: Say; readonly at: number | undefined };

/** How well a word fits a kind of argument. */
type Fit = "sure" | "maybe" | "no";

const ruleKinds: readonly string[] = ["user", "room", "server"];

/**
 * Gives each word to the argument that it fits: first to one that it surely is, then to the first that it may be.
 * So a list and an entity may come in either order. From the first word that fits nothing, the rest is text.
 */
export function arrange(
  tokens: readonly Token[],
  specs: Readonly<Record<string, ArgumentSpec>>,
  asked: Asked,
): Arranged {
  const values: Record<string, unknown> = {};
  const names = Object.keys(specs);
  for (let i = 0; i < tokens.length; i++) {
    // "user", "room" or "server" is a kind only before the entity; after it, it is a word of the reason.
    const isKindOver = "who" in values;
    const open = names.filter(
      (name) =>
        !(name in values) && specs[name]!.kind !== "rest" && !(isKindOver && specs[name]!.kind === "kind"),
    );
    const fits = (wanted: Fit) => open.find((name) => fitOf(tokens[i]!, specs[name]!.kind, asked) === wanted);
    const name = fits("sure") ?? fits("maybe");
    if (name === undefined) {
      const rest = names.find((one) => specs[one]!.kind === "rest");
      const missing = open.find((one) => !specs[one]!.optional);
      if (missing !== undefined)
        return {
          ok: false,
          problem: misfit(tokens[i]!, { kind: specs[missing]!.kind, name: missing, asked }),
          at: tokens[i]!.start,
        };
      if (rest === undefined)
        return {
          ok: false,
          problem: say`I do not know what to do with ${code(tokens[i]!.text)}`,
          at: tokens[i]!.start,
        };
      values[rest] = tokens
        .slice(i)
        .map((token) => token.text)
        .join(" ");
      break;
    }
    const read = readArgument(tokens[i]!.text, specs[name]!.kind, asked);
    if ("problem" in read) return { ok: false, problem: read.problem, at: tokens[i]!.start };
    values[name] = read.value;
  }
  const missing = names.find((name) => !(name in values) && !specs[name]!.optional);
  if (missing !== undefined)
    return { ok: false, problem: say`${code(missing)} is missing: ${specs[missing]!.about}`, at: undefined };
  return { ok: true, values: withKind(values) };
}

/** A type word before the entity (`ban server evil.example`) overrides what the entity looks like. */
function withKind(values: Record<string, unknown>): Values {
  const kind = values["kind"] as RuleKind | undefined;
  const entity = values["who"] as Entity | undefined;
  return kind && entity && typeof entity === "object"
    ? { ...values, who: { ...entity, kind, text: normaliseEntity(kind, entity.text) } }
    : values;
}

function fitOf({ text, isQuoted }: Token, kind: ArgumentKind, asked: Asked): Fit {
  switch (kind) {
    case "entity":
      return looksLikeEntity(text) ? "sure" : "no";
    case "person":
      return parsePerson(text) ? "sure" : "no";
    case "list":
      return findList(text, asked) ? "sure" : "no";
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

function readArgument(text: string, kind: ArgumentKind, asked: Asked): { value: unknown } | { problem: Say } {
  switch (kind) {
    case "entity":
      return readEntity(text, asked);
    case "person":
      return { value: parsePerson(text) };
    case "list":
      return { value: findList(text, asked) };
    case "room":
      return readRoom(text, asked);
    case "event":
      return readEvent(text, asked);
    case "alias":
      return readAlias(text, asked);
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

function readEntity(text: string, asked: Asked): { value: Entity } | { problem: Say } {
  const link = parseLink(text);
  const bare = link?.user ?? link?.room ?? link?.alias ?? text;
  if (bare.startsWith("#")) {
    const room = readRoom(bare, asked);
    return "problem" in room ? room : { value: { kind: "room", text: room.value.id, isGlob: false } };
  }
  if (bare.startsWith("!")) return { value: { kind: "room", text: bare, isGlob: hasWildcard(bare) } };
  if (bare.startsWith("@") || (hasWildcard(bare) && /:(?!\d+$)/.test(bare))) {
    if (!hasWildcard(bare) && !parseUserId(bare))
      return { problem: say`${code(bare)} is not a user id: it should look like ${code("@name:server")}` };
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
export function findList(text: string, asked: Asked): PolicyList | undefined {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  const resolved = alias && asked.aliases.get(alias);
  const id = resolved && "room" in resolved ? resolved.room : parseRoomId(link?.room ?? text);
  return asked.world
    .watchedLists()
    .find((list) => list.room === id || list.shortcode?.toLowerCase() === text.toLowerCase());
}

function readRoom(text: string, asked: Asked): { value: ArgumentValues["room"] } | { problem: Say } {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  if (alias) {
    const resolved = asked.aliases.get(alias);
    if (resolved && "room" in resolved)
      return { value: { id: resolved.room, via: resolved.via.slice(0, 5), text: alias } };
    return { problem: say`${code(alias)} leads nowhere${resolved ? say`: ${plain(resolved.problem)}` : ""}` };
  }
  const id = parseRoomId(link?.room ?? text);
  if (!id) return { problem: say`${code(text)} is not a room` };
  const server = serverInId(id);
  return { value: { id, via: link?.via.length ? link.via : server ? [server] : [], text: id } };
}

function readEvent(text: string, asked: Asked): { value: ArgumentValues["event"] } | { problem: Say } {
  const link = parseLink(text);
  const event = parseEventId(link?.event);
  const room = link && readRoom(link.alias ?? link.room ?? "", asked);
  if (!event || !room) return { problem: say`${code(text)} is not a link to an event` };
  return "problem" in room ? room : { value: { room: room.value.id, event } };
}

function readAlias(text: string, asked: Asked): { value: ArgumentValues["alias"] } | { problem: Say } {
  const alias = parseRoomAlias(parseLink(text)?.alias ?? text);
  if (!alias) return { problem: say`${code(text)} is not an alias` };
  return { value: { alias, leadsTo: asked.aliases.get(alias) } };
}

function misfit(
  token: Token,
  { kind, name, asked }: { kind: ArgumentKind; name: string; asked: Asked },
): Say {
  const wanted: Record<ArgumentKind, string> = {
    entity: "a user (@name:server), a room (!id or #alias), a server (name.example) or a glob of one of them",
    person: "a user id (@name:server) or a glob",
    list: "a list: its shortcode, room id or alias",
    room: "a room: !id, #alias or a link",
    event: "a link to an event",
    alias: "an alias (#name:server)",
    media: "the address of a file (mxc://server/id)",
    kind: "user, room or server",
    word: "a word",
    command: "a command",
    rest: "text",
  };
  const shortcodes = asked.world.watchedLists().flatMap((list) => list.shortcode ?? []);
  const guess = kind === "list" ? nearest(token.text, shortcodes) : undefined;
  return say`${code(token.text, 60)} is not ${wanted[kind]}, which is needed for ${code(name)}${guess ? say`. Did you mean ${code(guess)}?` : ""}`;
}
