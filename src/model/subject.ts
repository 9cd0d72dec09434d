/**
 * The subject of a message: the people, rooms and events that it is about, so that a command that replies to it need not
 * name them. Our own messages hold it in a field of their content, which everybody in the room can read.
 */
import { asArray, asNumber, asObject, asString, type JsonObject } from "../kit/json.ts";

/** Texts as they could be typed: ids, aliases, globs, server names, links to events. */
export interface Subject {
  readonly who: readonly string[];
  readonly rooms: readonly string[];
  readonly events: readonly string[];
  /** The number by which `undo` takes it back. */
  readonly incident?: number;
  readonly question?: number;
}

export const noSubject: Subject = { who: [], rooms: [], events: [] };

/** The field of our messages' content that holds the subject. */
export const subjectKey = "io.tyr.about";

/** The most people, rooms or events: a reply to a message about more has to name them anyway. */
export const mostOfEach = 10;
/** The most bytes of all together: the longest reply leaves that much of an event. */
const mostCharacters = 1_500;

export function isEmptySubject({ who, rooms, events, incident, question }: Subject): boolean {
  return who.length + rooms.length + events.length === 0 && incident === undefined && question === undefined;
}

/** The field as it is sent: a few of each, each once, and no more than fits into an event with the longest reply. */
export function subjectContent(subject: Subject): JsonObject {
  let left = mostCharacters;
  const few = (texts: readonly string[]) =>
    [...new Set(texts)].slice(0, mostOfEach).filter((text) => (left -= Buffer.byteLength(text) + 3) > 0);
  const { incident, question } = subject;
  return {
    who: few(subject.who),
    rooms: few(subject.rooms),
    events: few(subject.events),
    ...(incident === undefined ? {} : { incident }),
    ...(question === undefined ? {} : { question }),
  };
}

/** Reads the field. Only for messages that we wrote: anybody could write it. */
export function readSubject(content: JsonObject): Subject | undefined {
  const edited = asObject(content["m.new_content"]);
  const field = asObject(edited?.[subjectKey] ?? content[subjectKey]);
  if (!field) return undefined;
  const texts = (name: string) =>
    (asArray(field[name]) ?? []).flatMap((text) => asString(text) ?? []).slice(0, mostOfEach);
  const [incident, question] = [asNumber(field["incident"]), asNumber(field["question"])];
  return {
    who: texts("who"),
    rooms: texts("rooms"),
    events: texts("events"),
    ...(incident === undefined ? {} : { incident }),
    ...(question === undefined ? {} : { question }),
  };
}

/** Both subjects in one; of the numbers the first that there is. */
export function bothSubjects(one: Subject, other: Subject): Subject {
  const incident = one.incident ?? other.incident;
  const question = one.question ?? other.question;
  return {
    who: [...new Set([...one.who, ...other.who])],
    rooms: [...new Set([...one.rooms, ...other.rooms])],
    events: [...new Set([...one.events, ...other.events])],
    ...(incident === undefined ? {} : { incident }),
    ...(question === undefined ? {} : { question }),
  };
}
