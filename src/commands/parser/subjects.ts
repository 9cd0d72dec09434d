/** What messages are about: the words of a message, the arguments of a command. */
import { asObject, asString } from "../../kit/json.ts";
import { withoutUnseen } from "../../kit/invisible-characters.ts";
import type { RoomEvent } from "../../model/event.ts";
import {
  parseRoomAlias,
  parseRoomId,
  parseUserId,
  type EventId,
  type RoomId,
  type UserId,
} from "../../model/ids.ts";
import { eventLink, parseLink } from "../../model/links.ts";
import { mostOfEach, noSubject, readSubject, type Subject } from "../../model/subject.ts";
import type { ArgumentValues, Entity } from "../define.ts";

/** A message may have 64 kB; what it is about stands at its start. */
const longestRead = 10_000;

/** Ours carry it in a field; of others the pills, links and ids are read. */
export function subjectOfMessage(event: RoomEvent, self: UserId): Subject {
  return (event.sender === self ? readSubject(event.content) : undefined) ?? subjectOfText(event);
}

/** A message of a protected room is about whoever wrote it, and itself. */
export function subjectOfAuthor(
  room: RoomId,
  { sender, eventId }: { sender: UserId; eventId: EventId },
): Subject {
  return { who: [sender], rooms: [room], events: [eventLink(room, eventId)] };
}

function subjectOfText({ content }: RoomEvent): Subject {
  const edited = asObject(content["m.new_content"]) ?? content;
  const body = withoutUnseen((asString(edited["body"]) ?? "").slice(0, longestRead).replace(/\s+/g, " "));
  const html = (asString(edited["formatted_body"]) ?? "").slice(0, longestRead);
  const links = [...html.matchAll(/href="([^"]{1,1000})"/g)].map(([, link]) => link!.replace(/&amp;/g, "&"));
  return subjectOfWords([...links, ...body.split(" ")]);
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

/** In a text an @ begins many a word: only what has a server's name at its end is an id. */
function isWholeUserId(text: string): boolean {
  return /^@[^\s:]+:[^\s:/]+(?::\d{1,5})?$/.test(text);
}

/** "!important" and "#1" are words; ids without a server are long. */
function isWholeRoom(room: string): boolean {
  return room.includes(":") || /^![\w-]{20,}$/.test(room);
}

/** Whom and what a command names. */
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
