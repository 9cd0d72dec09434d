/** Links to people, rooms and events: matrix.to and `matrix:` (specification: appendices, "URIs"), also in Markdown. */
import {
  parseEventId,
  parseRoomAlias,
  parseRoomId,
  parseUserId,
  serverInId,
  type EventId,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "./ids.ts";

export interface Link {
  readonly user: UserId | undefined;
  readonly room: RoomId | undefined;
  readonly alias: RoomAlias | undefined;
  readonly event: EventId | undefined;
  readonly via: readonly string[];
}

/** The first part of a `matrix:` URI, and the sigil of the id after it. */
const sigils: Readonly<Record<string, string>> = {
  u: "@",
  r: "#",
  roomid: "!",
  user: "@",
  room: "#",
};

/** `matrix.to`, and links of Element on a server of its own (`https://chat.example.org/#/room/!id`). */
const webLink =
  /^(?:https?:\/\/)?(?:(?:www\.)?matrix\.to\/#\/|[a-z0-9.-]{1,253}(?::\d{1,5})?\/(?:[^\s#?]{0,200}\/)?#\/(?:user|room)\/)([^?\s]+)(?:\?(\S*))?$/i;

export function parseLink(text: string): Link | undefined {
  const web = webLink.exec(text);
  if (web) return linkOf(web[1]!, { startOfEvent: /\/(?:\$|%24)/i, sigilOfEvent: "" }, web[2]);
  const uri = /^matrix:(?:\/\/[^/]*\/)?([a-z]+)\/([^?\s]+)(?:\?(\S*))?$/i.exec(text);
  const sigil = uri && Object.hasOwn(sigils, uri[1]!) ? sigils[uri[1]!]! : undefined;
  if (!uri || sigil === undefined) return undefined;
  return linkOf(sigil + uri[2]!, { startOfEvent: /\/e(?:vent)?\//, sigilOfEvent: "$" }, uri[3]);
}

/**
 * `path`: an id, and maybe an event after it. A slash in an id should be encoded and often is not: a server name has none,
 * so that what is after the server is the event.
 */
function linkOf(
  path: string,
  { startOfEvent, sigilOfEvent }: { startOfEvent: RegExp; sigilOfEvent: string },
  query: string | undefined,
): Link | undefined {
  const colon = /:|%3a/i.exec(path)?.index ?? -1;
  const slash = path.indexOf("/", colon);
  // Rooms of version 12 have no server in their ids.
  const at = colon < 0 || isEventsColon(path, colon, startOfEvent) ? path.search(startOfEvent) : slash;
  const id = decoded(at < 0 ? path : path.slice(0, at));
  const event =
    at < 0
      ? ""
      : path
          .slice(at)
          .replace(startOfEvent, (start) => (sigilOfEvent === "" ? start.slice(1) : sigilOfEvent));
  const link = {
    user: parseUserId(id),
    room: parseRoomId(id),
    alias: parseRoomAlias(id),
    event: parseEventId(decoded(event)),
    via: viaOf(query),
  };
  return link.user || link.room || link.alias ? link : undefined;
}

/** The first colon belongs to the event, as the room's id has none. */
function isEventsColon(path: string, colon: number, startOfEvent: RegExp): boolean {
  const start = path.search(startOfEvent);
  return /^(?:!|%21)/.test(path) && start >= 0 && start < colon;
}

function viaOf(query: string | undefined): readonly string[] {
  return new URLSearchParams(query ?? "").getAll("via").slice(0, 10);
}

/** Text with a lone `%` cannot be decoded and stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A link that leads to an event. */
export function eventLink(room: RoomId, event: EventId): string {
  return `${roomLink(room)}/${encodeURIComponent(event)}`;
}

/** A link that leads to a room, with servers to join through. */
export function roomLink(room: RoomId, via: readonly string[] = []): string {
  const query = via.map((server) => `via=${encodeURIComponent(server)}`).join("&");
  return `https://matrix.to/#/${encodeURIComponent(room)}${query === "" ? "" : `?${query}`}`;
}

const longestName = 300;
/** The end of a Markdown link, from the bracket after what it shows; group 1 is where it leads. Bounded, as anybody may write it. */
const markdownEnd = /\]\(\s{0,9}<?([^\s<>]{1,1000}?)>?(?:\s{1,9}"[^"\n]{0,200}")?\s{0,9}\)/g;

export interface MarkdownLink {
  /** Where it leads, as it was written. */
  readonly link: string;
  /** Offsets of the whole, with the brackets. */
  readonly from: number;
  readonly to: number;
}

/** The links to people, rooms and events in a Markdown text: `[Ann](https://matrix.to/#/@ann:example.org)`. */
export function markdownLinksIn(text: string): readonly MarkdownLink[] {
  const found: MarkdownLink[] = [];
  for (const { index, 0: end, 1: link = "" } of text.matchAll(markdownEnd)) {
    const from = openingBracket(text, { before: index, after: found.at(-1)?.to ?? 0 });
    if (from !== undefined && parseLink(link)) found.push({ link, from, to: index + end.length });
  }
  return found;
}

/** Names are not always escaped, and may hold brackets: the one that matches, else the first in reach. */
function openingBracket(
  text: string,
  { before, after }: { before: number; after: number },
): number | undefined {
  let depth = 1;
  let first: number | undefined;
  for (let at = before - 1; at >= Math.max(after, before - longestName) && text[at] !== "\n"; at--) {
    if (text[at] === "]") depth++;
    if (text[at] !== "[") continue;
    first = at;
    if (--depth === 0) return at;
  }
  return first;
}

/** The text with addresses in place of the Markdown links. */
export function withoutMarkdownLinks(text: string): string {
  return markdownLinksIn(text).reduceRight(
    (result, { link, from, to }) => result.slice(0, from) + link + result.slice(to),
    text,
  );
}

/** A link that opens what an id names: a person, a room or an alias; undefined for anything else, a glob too. */
export function linkOfId(id: string, via: readonly string[]): string | undefined {
  if (/[*?\s]/.test(id)) return undefined;
  const room = parseRoomId(id);
  // "!tyr" has the "!" of a room id, too: those without a server have 43 characters after it (room version 12).
  if (room) return serverInId(room) || /^![\w-]{43}$/.test(room) ? roomLink(room, via) : undefined;
  const other = parseUserId(id) ?? parseRoomAlias(id);
  return other && `https://matrix.to/#/${encodeURIComponent(other)}`;
}
