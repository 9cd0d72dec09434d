/**
 * What was said lately: for each person the ids of their newest events (so that redacting needs no search),
 * and for each room who spoke there last (so that the busiest room is cleaned first). Bounded in both directions.
 */
import { LRUCache } from "lru-cache";
import type { EventId, RoomId, UserId } from "./ids.ts";

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
  readonly isJoin: boolean;
}

export class History {
  readonly #people: LRUCache<UserId, Spoken[]>;
  readonly #eventsEach: number;
  readonly #lastActivity = new Map<RoomId, number>();

  constructor(limits: HistoryLimits) {
    this.#people = new LRUCache({ max: limits.people });
    this.#eventsEach = limits.eventsEach;
  }

  add(room: RoomId, user: UserId, event: EventId, at: number): void {
    this.#push(user, { room, event, at, isJoin: false });
    this.#lastActivity.set(room, at);
  }

  /** A join is remembered too: with it in sight, everything the person wrote in the room since is in sight. */
  addJoin(room: RoomId, user: UserId, event: EventId, at: number): void {
    this.#push(user, { room, event, at, isJoin: true });
  }

  /** Everything the person wrote in the room since joining is remembered, so there is nothing to search for. */
  isComplete(user: UserId, room: RoomId): boolean {
    return this.#people.peek(user)?.some((one) => one.room === room && one.isJoin) ?? false;
  }

  #push(user: UserId, one: Spoken): void {
    const spoken = this.#people.get(user) ?? [];
    spoken.push(one);
    if (spoken.length > this.#eventsEach) spoken.splice(0, spoken.length - this.#eventsEach);
    this.#people.set(user, spoken);
  }

  /** Newest first. */
  eventsOf(user: UserId, room: RoomId): readonly EventId[] {
    const spoken = this.#people.peek(user) ?? [];
    return spoken
      .filter((one) => one.room === room)
      .map((one) => one.event)
      .reverse();
  }

  /** When the person last spoke in the room, or 0. */
  lastSpoke(user: UserId, room: RoomId): number {
    const spoken = this.#people.peek(user);
    return spoken?.findLast((one) => one.room === room)?.at ?? 0;
  }

  lastActivity(room: RoomId): number {
    return this.#lastActivity.get(room) ?? 0;
  }

  /** A redacted event needs no second redaction. */
  forget(user: UserId, event: EventId): void {
    const spoken = this.#people.peek(user);
    const index = spoken?.findIndex((one) => one.event === event) ?? -1;
    if (spoken && index >= 0) spoken.splice(index, 1);
  }
}
