/**
 * The newest events of each person by their ids, so that redacting needs no search, and when there was last a message in
 * each room, so that the busiest room comes first. Bounded by people and by events of each.
 */
import { lru, type Lru } from "../kit/lru.ts";
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import type { Stamped } from "./time-between.ts";

export interface HistoryLimits {
  /** People remembered; the one silent for longest is forgotten first. */
  readonly people: number;
  /** Events remembered for each of them. */
  readonly eventsEach: number;
}

interface Spoken {
  readonly room: RoomId;
  readonly event: EventId;
  readonly at: number;
  /** When it was sent, as its server says, in ms since the epoch. */
  readonly sentAt: number;
}

interface Person {
  readonly spoken: Spoken[];
  /** Rooms whose first join by the person we saw, and of which no event of theirs was forgotten since. */
  readonly wholeRooms: Set<RoomId>;
}

/** The recent events, to read only. */
export type RecentEventsView = Readonly<
  Pick<
    RecentEvents,
    "isComplete" | "people" | "eventsOf" | "timesOf" | "roomOf" | "authorOf" | "lastSpoke" | "lastActivity"
  >
>;

export class RecentEvents {
  readonly #people: Lru<UserId, Person>;
  readonly #eventsEach: number;
  readonly #lastActivity = new Map<RoomId, number>();

  constructor(limits: HistoryLimits) {
    this.#people = lru(limits.people);
    this.#eventsEach = limits.eventsEach;
  }

  add(room: RoomId, { sender, eventId, sentAt }: RoomEvent, at: number): void {
    this.#push(sender, { room, event: eventId, at, sentAt });
    this.#lastActivity.set(room, at);
  }

  /** A join shows the profile, so it is redacted like a message. `isFirst`: the person was never in the room before. */
  addJoin(
    room: RoomId,
    user: UserId,
    { isFirst, ...event }: Omit<Spoken, "room"> & { isFirst: boolean },
  ): void {
    this.#push(user, { room, ...event });
    if (isFirst) this.#people.peek(user)?.wholeRooms.add(room);
  }

  /** Whether every event of the person in the room is remembered, so that there is nothing to search for. */
  isComplete(user: UserId, room: RoomId): boolean {
    return this.#people.peek(user)?.wholeRooms.has(room) ?? false;
  }

  /** Whose recent events are remembered. They may have left. */
  people(): Iterable<UserId> {
    return this.#people.keys();
  }

  /** Newest first. `since`: only those that came at this time or later, in ms since the epoch. */
  eventsOf(user: UserId, room: RoomId, since = 0): readonly EventId[] {
    const spoken = this.#people.peek(user)?.spoken ?? [];
    return spoken
      .filter((one) => one.room === room && one.at >= since)
      .map((one) => one.event)
      .reverse();
  }

  /** When an event of the person was sent, where it is remembered. */
  timesOf(user: UserId, room: RoomId, event: EventId): Stamped | undefined {
    return this.#people.peek(user)?.spoken.findLast((one) => one.event === event && one.room === room);
  }

  /** The room of a remembered event. Searches everything, so it is for rare use. */
  roomOf(event: EventId): RoomId | undefined {
    for (const { spoken } of this.#people.values()) {
      const found = spoken.find((one) => one.event === event);
      if (found) return found.room;
    }
    return undefined;
  }

  /** Who wrote a remembered event, and when it came, ms since the epoch. Searches everything, so it is for rare use. */
  authorOf(event: EventId): { readonly user: UserId; readonly at: number } | undefined {
    for (const [user, { spoken }] of this.#people.entries()) {
      const found = spoken.find((one) => one.event === event);
      if (found) return { user, at: found.at };
    }
    return undefined;
  }

  /** When the person last spoke in the room, or 0. */
  lastSpoke(user: UserId, room: RoomId): number {
    return this.#people.peek(user)?.spoken.findLast((one) => one.room === room)?.at ?? 0;
  }

  lastActivity(room: RoomId): number {
    return this.#lastActivity.get(room) ?? 0;
  }

  /** After a redaction: the event needs no second one. */
  forget(user: UserId, event: EventId): void {
    const spoken = this.#people.peek(user)?.spoken;
    const index = spoken?.findIndex((one) => one.event === event) ?? -1;
    if (spoken && index >= 0) spoken.splice(index, 1);
  }

  #push(user: UserId, one: Spoken): void {
    const person = this.#people.get(user) ?? { spoken: [], wholeRooms: new Set() };
    person.spoken.push(one);
    if (person.spoken.length > this.#eventsEach) {
      person.spoken.splice(0, person.spoken.length - this.#eventsEach);
      person.wholeRooms.clear();
    }
    this.#people.set(user, person);
  }
}
