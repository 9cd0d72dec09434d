/**
 * The past as it was read: events by the time at which they were sent, as text, which takes a fraction of the memory of
 * objects; and what each person was in each room before all of it.
 */
import { hourMs } from "../kit/duration.ts";
import type { Membership } from "../model/event.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import { mostBytes, mostEvents, type PastEvent } from "../model/trial.ts";

/** When it was sent, at the latest now: there is no other time of the past. */
export interface TimedEvent {
  readonly at: number;
  readonly event: PastEvent;
}

/** The first membership event of a person in a room, of those that were read. */
export interface FirstMembership {
  readonly now: string;
  readonly before: Membership | undefined;
}

interface Kept {
  readonly at: number;
  /** Pages come newest first: of two events of one moment the one that came later is the earlier one. */
  readonly order: number;
  readonly json: string;
}

export class Past {
  readonly #since: number;
  readonly #until: number;
  /** By hours: sorting a few at a time blocks nothing. */
  readonly #hours = new Map<number, Kept[]>();
  readonly #firsts = new Map<RoomId, Map<UserId, FirstMembership>>();
  readonly #days = new Map<UserId, Set<number>>();
  #bytes = 0;
  /** How many events are kept. */
  size = 0;
  /** When the first of them was sent. */
  oldestAt = Infinity;
  /** There was something before, which is left out. */
  hasOlder = false;

  /** Both in ms since the epoch. */
  constructor({ since, until }: { readonly since: number; readonly until: number }) {
    this.#since = since;
    this.#until = until;
  }

  get isFull(): boolean {
    return this.size >= mostEvents || this.#bytes >= mostBytes;
  }

  add(event: PastEvent): void {
    const at = Math.min(event.seen.event.sentAt, this.#until);
    if (at < this.#since) this.hasOlder = true;
    if (at < this.#since || this.isFull) return;
    const json = JSON.stringify(event);
    const hour = Math.floor(at / hourMs);
    let kept = this.#hours.get(hour);
    if (!kept) this.#hours.set(hour, (kept = []));
    kept.push({ at, order: this.size, json });
    this.#bytes += json.length;
    this.size++;
    this.oldestAt = Math.min(this.oldestAt, at);
    this.#noteMembership(event);
    this.#noteDay(event, at);
  }

  /** Oldest first, from a moment on. */
  *from(moment: number): Iterable<TimedEvent> {
    for (const hour of [...this.#hours.keys()].toSorted((a, b) => a - b)) {
      const kept = this.#hours.get(hour)!.toSorted((a, b) => a.at - b.at || b.order - a.order);
      for (const { at, json } of kept) if (at >= moment) yield { at, event: JSON.parse(json) as PastEvent };
    }
  }

  firstsOf(room: RoomId): ReadonlyMap<UserId, FirstMembership> {
    return this.#firsts.get(room) ?? new Map();
  }

  speakers(): Iterable<UserId> {
    return this.#days.keys();
  }

  /** On how many days of it the person spoke. */
  daysOf(user: UserId): number {
    return this.#days.get(user)?.size ?? 0;
  }

  #noteMembership({ seen: { room, event }, before }: PastEvent): void {
    if (event.type !== "m.room.member" || !("stateKey" in event)) return;
    let people = this.#firsts.get(room);
    if (!people) this.#firsts.set(room, (people = new Map()));
    const now = String(event.content["membership"]);
    people.set(event.stateKey as UserId, { now, before });
  }

  #noteDay({ seen: { kind, event } }: PastEvent, at: number): void {
    if (kind !== "message") return;
    let days = this.#days.get(event.sender);
    if (!days) this.#days.set(event.sender, (days = new Set()));
    days.add(Math.floor(at / (24 * hourMs)));
  }
}
