/** matrix.to links and `matrix:` URIs (specification: appendices, "URIs"). Anything else gives undefined. */
import {
  parseEventId,
  parseRoomAlias,
  parseRoomId,
  parseUserId,
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

const sigils: Readonly<Record<string, string>> = {
  u: "@",
  r: "#",
  roomid: "!",
  e: "$",
  user: "@",
  room: "#",
  event: "$",
};

export function parseLink(text: string): Link | undefined {
  const to = /^https?:\/\/matrix\.to\/#\/([^?\s]+)(?:\?(\S*))?$/i.exec(text);
  if (to) return linkOf(to[1]!.split("/").map(decoded), to[2]);
  const uri = /^matrix:(?:\/\/[^/]*\/)?([^?\s]+)(?:\?(\S*))?$/i.exec(text);
  return uri ? linkOf(idsOf(uri[1]!.split("/")), uri[2]) : undefined;
}

function idsOf(segments: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (let i = 0; i + 1 < segments.length; i += 2)
    ids.push((sigils[segments[i]!] ?? "?") + decoded(segments[i + 1]!));
  return ids;
}

function linkOf([first, second]: readonly string[], query: string | undefined): Link | undefined {
  const link = {
    user: parseUserId(first),
    room: parseRoomId(first),
    alias: parseRoomAlias(first),
    event: parseEventId(second),
    via: viaOf(query),
  };
  return link.user || link.room || link.alias ? link : undefined;
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
