/**
 * What counters hold: events, shared by all that count them, and of each key which of them count. Small, as there are
 * as many keys as people and texts: a key with one event takes about 450 bytes with its event, the names and all.
 */
import type { FactValue } from "../model/facts/fact.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import type { Timed } from "../model/signals/rate-window.ts";

/** One event that counts. */
export interface CountedEvent extends Timed {
  readonly room: RoomId;
  readonly author: UserId;
  /** It may be removed, should it be part of a finding. */
  readonly isRedactable: boolean;
}

/** What is summed up, told apart or spanned of an event, each once; none where that is unknown. */
export type CountedValues = readonly FactValue[];

export const noValues: CountedValues = [];

/** Events that count, oldest first, with the values of each. */
export interface Noted<E extends Timed = CountedEvent> {
  readonly events: readonly E[];
  /** Undefined: of none of them there is any. */
  readonly values: readonly CountedValues[] | undefined;
}

/** Longer than any time over which is counted. What is larger is a number of another size, in all events then. */
const longestLateMs = 2 ** 30;

/** All that count it keep the same object. */
export class KnownEvent implements CountedEvent {
  readonly event: EventId;
  readonly at: number;
  readonly room: RoomId;
  readonly author: UserId;
  readonly isRedactable: boolean;
  /** By so many it is kept. */
  uses = 0;
  readonly #lateMs: number;

  constructor({ event, at, saidAt, room, author, isRedactable }: CountedEvent) {
    this.event = event;
    this.at = at;
    this.room = room;
    this.author = author;
    this.isRedactable = isRedactable;
    this.#lateMs = Math.min(at - saidAt, longestLateMs);
  }

  get saidAt(): number {
    return this.at - this.#lateMs;
  }
}

/** So many events of one key are kept: more than any limit asks for. */
export const mostOfKey = 300;

/** The events that count for rates that differ only in the time over which they count. */
export interface Series {
  readonly written: string;
  /** The longest of their times. */
  windowMs: number;
  /** By the key of whatever is counted by: a person in a room, a server, ... */
  readonly kept: Map<string, Kept>;
}

/** What one series has counted by one key. */
export class Kept {
  readonly series: Series;
  readonly key: string;
  /** An array where there are several: most keys have one event, and an array of one takes nearly as much as all the rest. */
  #events: KnownEvent | KnownEvent[] | undefined;
  #values: CountedValues[] | undefined;
  /** In the chain of all, by when they were used. */
  older: Kept | undefined;
  newer: Kept | undefined;

  constructor(series: Series, key: string) {
    this.series = series;
    this.key = key;
  }

  get last(): KnownEvent | undefined {
    return Array.isArray(this.#events) ? this.#events.at(-1) : this.#events;
  }

  /** Below 0 for one that is not kept. */
  placeOf(event: KnownEvent): number {
    if (Array.isArray(this.#events)) return this.#events.lastIndexOf(event);
    return this.#events === event ? 0 : -1;
  }

  /** Up to the place, with what stands there; all of them without. */
  upTo(place?: number): Noted<KnownEvent> {
    const events = Array.isArray(this.#events) ? this.#events : this.#events ? [this.#events] : none;
    const values = this.#values;
    if (place === undefined || place === events.length - 1) return { events, values };
    return { events: events.slice(0, place + 1), values: values?.slice(0, place + 1) };
  }

  push(event: KnownEvent, values: CountedValues): void {
    if (values.length > 0) this.#values ??= this.upTo().events.map(() => noValues);
    this.#values?.push(values);
    if (Array.isArray(this.#events)) this.#events.push(event);
    else this.#events = this.#events ? [this.#events, event] : event;
  }

  replace(place: number, values: CountedValues): void {
    if (values.length > 0) this.#values ??= this.upTo().events.map(() => noValues);
    if (this.#values) this.#values[place] = values;
  }

  /** Those that are too many, or older than anybody counts. The newest stays. */
  dropOld(at: number, windowMs: number): readonly KnownEvent[] {
    if (!Array.isArray(this.#events)) return none;
    const events = this.#events;
    let old = Math.max(0, events.length - mostOfKey);
    while (old < events.length - 1 && Math.abs(at - events[old]!.at) > windowMs) old++;
    if (old === 0) return none;
    this.#values?.splice(0, old);
    const dropped = events.splice(0, old);
    if (events.length === 1) this.#events = events[0];
    return dropped;
  }
}

const none: readonly KnownEvent[] = [];

/** In the order in which they were used, the least recently used first. */
export class Chain {
  first: Kept | undefined;
  #last: Kept | undefined;

  add(kept: Kept): void {
    kept.older = this.#last;
    if (this.#last) this.#last.newer = kept;
    else this.first = kept;
    this.#last = kept;
  }

  remove(kept: Kept): void {
    const { older, newer } = kept;
    if (older) older.newer = newer;
    else this.first = newer;
    if (newer) newer.older = older;
    else this.#last = older;
    kept.older = kept.newer = undefined;
  }

  moveToEnd(kept: Kept): void {
    if (kept === this.#last) return;
    this.remove(kept);
    this.add(kept);
  }
}
