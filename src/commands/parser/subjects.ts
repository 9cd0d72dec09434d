/** Whom and what messages and commands name: people, rooms and events, for commands in reply to them. */
import { readHtml } from "../../kit/html.ts";
import { asObject, asString } from "../../kit/json.ts";
import { withoutInvisible } from "../../kit/invisible-characters.ts";
import type { RoomEvent } from "../../model/event.ts";
import {
  parseRoomAlias,
  parseRoomId,
  parseUserId,
  type EventId,
  type RoomId,
  type UserId,
} from "../../model/ids.ts";
import { eventLink, parseLink, withoutMarkdownLinks } from "../../model/links.ts";
import { mostOfEach, noSubject, readSubject, type Subject } from "../../model/subject.ts";
import type { ArgumentValues, Entity } from "../define.ts";

/** A message may have 64 kB; ids further on are ignored. */
const longestRead = 10_000;

/** Of our own messages the field `io.tyr.about`; of others the pills, links and ids in the text. */
export function subjectOfMessage(event: RoomEvent, self: UserId): Subject {
  return (event.sender === self ? readSubject(event.content) : undefined) ?? subjectOfText(event);
}

/** A message of a protected room is about its author, the room and itself. */
export function subjectOfAuthor(
  room: RoomId,
  { sender, eventId }: { sender: UserId; eventId: EventId },
): Subject {
  return { who: [sender], rooms: [room], events: [eventLink(room, eventId)] };
}

function subjectOfText({ content }: RoomEvent): Subject {
  const edited = asObject(content["m.new_content"]) ?? content;
  const body = withoutInvisible((asString(edited["body"]) ?? "").slice(0, longestRead).replace(/\s+/g, " "));
  const html = (asString(edited["formatted_body"]) ?? "").slice(0, longestRead);
  const links = readHtml(html).links.map(({ href }) => href);
  return subjectOfWords([...links, ...withoutMarkdownLinks(body).split(" ")]);
}

function subjectOfWords(words: readonly string[]): Subject {
  const who = new Set<string>();
  const rooms = new Set<string>();
  const events = new Set<string>();
  for (const word of words) {
    const bare = word.replace(/^[<("'“]+/, "").replace(/[.,;:!?)>\]"'”]+$/, "");
    const link = parseLink(bare);
    const room = link?.room ?? link?.alias ?? parseRoomId(bare) ?? parseRoomAlias(bare);
    const user = link ? link.user : isWholeUserId(bare) ? parseUserId(bare) : undefined;
    if (link?.event && (link.room || link.alias)) events.add(bare);
    else if (user) who.add(user);
    else if (room && isWholeRoom(room)) rooms.add(room);
  }
  const few = (texts: ReadonlySet<string>) => [...texts].slice(0, mostOfEach);
  return { who: few(who), rooms: few(rooms), events: few(events) };
}

/** In prose many words begin with an @: only a word with a server name at its end is an id. */
function isWholeUserId(text: string): boolean {
  return /^@[^\s:]+:[^\s:/]+(?::\d{1,5})?$/.test(text);
}

/** "!important" and "#1" are no rooms. Room ids without a server (room version 12) have 43 characters after the "!". */
function isWholeRoom(room: string): boolean {
  return room.includes(":") || /^![\w-]{20,}$/.test(room);
}

/** Whom and what the arguments of a command name. */
export function subjectOfArguments(args: Readonly<Record<string, unknown>>): Subject {
  const entity = args["who"] as Entity | undefined;
  const room = args["room"] as ArgumentValues["room"] | undefined;
  const event = args["event"] as ArgumentValues["event"] | undefined;
  const isEntity = typeof entity === "object" && typeof entity.text === "string";
  return {
    ...noSubject,
    who: isEntity && entity.kind !== "room" ? [entity.text] : [],
    rooms: [
      ...(typeof room?.id === "string" ? [room.id] : []),
      ...(isEntity && entity.kind === "room" ? [entity.text] : []),
    ],
    events: typeof event?.event === "string" ? [eventLink(event.room, event.event)] : [],
  };
}
