/**
 * What people said in the last minutes, in memory alone: what is removed of it is put into the stash. Without it only the
 * last message of a flood could be kept. Bounded by time, number and letters; never written as it is.
 */
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { keepable, type KeptEvent } from "./stash.ts";

interface Heard {
  readonly room: RoomId;
  readonly event: RoomEvent;
  readonly letters: number;
  readonly at: number;
}

/** As long as detectors look back at one person. */
const keptMs = 15 * 60_000;
const mostEvents = 20_000;
/** 4 million letters are 4 to 8 MB. */
const mostLetters = 4_000_000;
/** What an event takes besides its letters. */
const lettersEach = 200;
/** An event that is larger, or holds more within each other, is remembered in a copy of what can be kept of it. */
const mostAsItIs = 4_000;
const deepestAsItIs = 3;

export class RecentWords {
  readonly #all = new Map<EventId, Heard>();
  /** In the order of arrival, those included that were forgotten since: a Map is slow to find its first entry by. */
  #order: Heard[] = [];
  /** Where the oldest stands in it. */
  #first = 0;
  #letters = 0;

  heard(room: RoomId, event: RoomEvent, at: number): void {
    const { type, eventId, content } = event;
    if (type === "m.room.encrypted") return;
    this.forget(eventId);
    // What is small is remembered as it came: a copy of everything that is said would cost more than it keeps.
    const size = lettersIn(content);
    const small = size === undefined ? keepable(room, event) : undefined;
    const letters = (size ?? small!.letters) + lettersEach;
    const remembered = small ? { ...event, content: small.kept.content } : event;
    const heard = { room, event: remembered, letters, at };
    this.#all.set(eventId, heard);
    this.#order.push(heard);
    this.#letters += letters;
    this.#forgetOld(at);
  }

  get(event: EventId): KeptEvent | undefined {
    const heard = this.#all.get(event);
    return heard && keepable(heard.room, heard.event)?.kept;
  }

  /** Searches everything: for what the homeserver removes of a person in one go. */
  of(user: UserId, rooms: ReadonlySet<RoomId>): readonly KeptEvent[] {
    return [...this.#all.values()].flatMap(({ room, event }) =>
      event.sender === user && rooms.has(room) ? (keepable(room, event)?.kept ?? []) : [],
    );
  }

  forget(event: EventId): void {
    this.#letters -= this.#all.get(event)?.letters ?? 0;
    this.#all.delete(event);
  }

  #forgetOld(at: number): void {
    for (let oldest = this.#order[this.#first]; oldest; oldest = this.#order[++this.#first]) {
      const { eventId } = oldest.event;
      const isBeyond = this.#all.size > mostEvents || this.#letters > mostLetters;
      if (this.#all.get(eventId) !== oldest) continue;
      if (!isBeyond && Math.abs(at - oldest.at) <= keptMs) break;
      this.forget(eventId);
    }
    if (this.#order.length < this.#all.size + mostEvents / 4) return;
    this.#order = this.#order.filter((one) => this.#all.get(one.event.eventId) === one);
    this.#first = 0;
  }

  forgetPerson(user: UserId): void {
    for (const [id, { event }] of this.#all) if (event.sender === user) this.forget(id);
  }
}

/** Letters of what can be remembered as it is; undefined where it is large or deep. */

function lettersIn(content: object, depth = 0): number | undefined {
  let letters = 0;
  for (const key in content) {
    const value: unknown = (content as Readonly<Record<string, unknown>>)[key];
    letters += key.length + 4;
    if (typeof value === "string") letters += value.length;
    else if (typeof value === "object" && value !== null) {
      const inner = depth < deepestAsItIs ? lettersIn(value, depth + 1) : undefined;
      if (inner === undefined) return undefined;
      letters += inner;
    }
    if (letters > mostAsItIs) return undefined;
  }
  return letters;
}
