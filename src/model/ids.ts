/**
 * Matrix identifiers as branded strings. Only the parsers here make them, so a `UserId` in a signature has been checked
 * (specification: appendices, "Identifier grammar").
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<"UserId">;
export type RoomId = Branded<"RoomId">;
export type EventId = Branded<"EventId">;
export type RoomAlias = Branded<"RoomAlias">;
/** `mxc://server/id`: a file of a media repository. */
export type MediaUri = Branded<"MediaUri">;
/** Lower case, port removed: the form in which servers are compared everywhere in Tyr. */
export type ServerName = Branded<"ServerName">;

/** The specification's limit for every identifier, in bytes. We count UTF-16 units first, which is never more. */
const maxIdLength = 255;
const forbidden = /[\0\r\n]/;

function isId(text: unknown, sigil: string): text is string {
  return (
    typeof text === "string" &&
    text.length > 1 &&
    text.length <= maxIdLength &&
    text.startsWith(sigil) &&
    !forbidden.test(text)
  );
}

/** Historical user ids may hold nearly any character, so only the shape `@…:server` is asked for. */
export function parseUserId(text: unknown): UserId | undefined {
  if (!isId(text, "@")) return undefined;
  const colon = text.indexOf(":");
  return colon > 0 && colon < text.length - 1 ? (text as UserId) : undefined;
}

/** `!opaque:server`, or since room version 12 `!` and the hash of the create event, without a server. */
export function parseRoomId(text: unknown): RoomId | undefined {
  return isId(text, "!") && !/\s/.test(text) ? (text as RoomId) : undefined;
}

export function parseEventId(text: unknown): EventId | undefined {
  return isId(text, "$") && !/\s/.test(text) ? (text as EventId) : undefined;
}

export function parseRoomAlias(text: unknown): RoomAlias | undefined {
  if (!isId(text, "#")) return undefined;
  const colon = text.indexOf(":");
  return colon > 1 && colon < text.length - 1 && !/\s/.test(text) ? (text as RoomAlias) : undefined;
}

/** Client-server specification, "Matrix Content (mxc://) URIs". */
export function parseMediaUri(text: unknown): MediaUri | undefined {
  if (typeof text !== "string" || text.length > 2 * maxIdLength) return undefined;
  return /^mxc:\/\/[A-Za-z0-9.:[\]-]+\/[A-Za-z0-9_-]+$/.test(text) ? (text as MediaUri) : undefined;
}

/** Of `Example.ORG:8448` or `[::1]:8448`, the form in which servers are compared. Not for patterns. */
export function parseServerName(text: unknown): ServerName | undefined {
  if (typeof text !== "string" || text.length > maxIdLength) return undefined;
  const name = withoutPort(text).toLowerCase();
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(name) ? (name as ServerName) : undefined;
}

/** ACLs and policy rules never compare ports; the brackets of an IPv6 literal stay. */
export function withoutPort(name: string): string {
  return name.replace(/:\d{1,5}$/, (port, offset: number) => (isInsideBrackets(name, offset) ? port : ""));
}

function isInsideBrackets(name: string, offset: number): boolean {
  return name.startsWith("[") && name.indexOf("]") > offset;
}

/** The server part of a user id as compared everywhere: lower case, without port. */
export function serverOf(user: UserId): ServerName {
  return withoutPort(user.slice(user.indexOf(":") + 1)).toLowerCase() as ServerName;
}

/** The part of a user id before the server, without the @. */
export function localpartOf(user: UserId): string {
  return user.slice(1, user.indexOf(":"));
}

/** The server a room id or alias names, or `undefined` for ids of room version 12. */
export function serverInId(id: RoomId | RoomAlias): string | undefined {
  const colon = id.indexOf(":");
  return colon < 0 ? undefined : id.slice(colon + 1);
}

/** Whether both ids belong to one homeserver, by server name and port: a homeserver takes its port for part of its name. */
export function isSameServer(one: UserId | RoomAlias, other: UserId | RoomAlias): boolean {
  const home = (id: string) => id.slice(id.indexOf(":") + 1).toLowerCase();
  return home(one) === home(other);
}

/** What the directory says of an alias: its room, or the `problem` where it could not be resolved. */
export type ResolvedAlias =
  { readonly room: RoomId; readonly via: readonly string[] } | { readonly problem: string };
