/**
 * What rules count: "count joins by server anywhere in 10m". Equal rates are counted once, whatever rule asks. All of it
 * is bounded; what is forgotten makes rules quieter, never harsher. Nothing of it outlives a restart.
 */
import type { EventFacts } from "../model/facts/read.ts";
import type { FactValue } from "../model/facts/fact.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import type { Timed } from "../model/signals/rate-window.ts";
import type { Keyed } from "./counted-by.ts";

/** One event that counts. */
export interface RateEntry extends Timed {
  readonly room: RoomId;
  readonly author: UserId;
  /** It may be removed, should it be part of a finding. */
  readonly isRedactable: boolean;
  /** What is summed up, told apart or spanned, each once; none where that is unknown. */
  readonly values: readonly FactValue[];
}

/** The events that count for rates that differ only in the time over which they count. */
export interface Series {
  readonly written: string;
  /** The longest of their times. */
  windowMs: number;
}

/** So many events of one key are kept: more than any limit asks for. */
export const mostOfKey = 300;
/** Rules that are edited leave series behind; beyond so many all are begun anew. */
const mostSeries = 5_000;

/** What is counted by one key: of a person in a room, of a server, ... */
interface Held {
  /** Few: those that count by the same. */
  series: readonly Series[];
  /** In the same order. */
  lists: readonly KeptList[];
  events: number;
  /** By which it was used last. */
  event: EventId | undefined;
}

export class Rates {
  readonly #most: number;
  /** The least recently used first. */
  readonly #held = new Map<string, Held>();
  readonly #series = new Map<string, Series>();
  /** How often they were begun anew. */
  #begun = 0;
  #events = 0;
  #facts: EventFacts | undefined;
  readonly #keys = new Map<string, readonly Keyed[]>();
  readonly #counted = new Map<string, unknown>();

  /** `events`: so many are kept in all, over all rates and keys. */
  constructor({ events }: { readonly events: number }) {
    this.#most = events;
  }

  /** One that may hold as much, and holds nothing yet. */
  emptied(): Rates {
    return new Rates({ events: this.#most });
  }

  series(written: string, windowMs: number): Series {
    let series = this.#series.get(written);
    if (!series) {
      if (this.#series.size === mostSeries) {
        this.#series.clear();
        this.#begun++;
      }
      // Rules that are in force go on with those of before, which are others.
      this.#series.set(written, (series = { written: `${this.#begun} ${written}`, windowMs }));
    }
    series.windowMs = Math.max(series.windowMs, windowMs);
    return series;
  }

  /** By what the event at hand is counted: made once for all rates that count by the same. */
  keysOf(by: string, facts: EventFacts, make: () => readonly Keyed[]): readonly Keyed[] {
    this.#turnTo(facts);
    let keys = this.#keys.get(by);
    if (!keys) this.#keys.set(by, (keys = make()));
    return keys;
  }

  /** What is counted for the event at hand, by `counted`: once for all rules that ask. Of one name it is of one type. */
  countedOf<T>(counted: string, facts: EventFacts, count: () => T): T {
    this.#turnTo(facts);
    const known = this.#counted.get(counted) as T | undefined;
    if (known !== undefined) return known;
    const made = count();
    this.#counted.set(counted, made);
    return made;
  }

  #turnTo(facts: EventFacts): void {
    if (this.#facts === facts) return;
    this.#facts = facts;
    this.#keys.clear();
    this.#counted.clear();
  }

  /** Counted once, however many rules ask, and when the event is heard again with its text. */
  note(key: string, series: Series, entry: RateEntry): void {
    const held = this.#use(key, entry.event);
    const list = listOf(held, series);
    const before = list?.entries.length ?? 0;
    if (list) list.note(entry, series.windowMs);
    else {
      // Arrays of one are small; one that is pushed to takes room for seventeen.
      held.series = [...held.series, series];
      held.lists = [...held.lists, new KeptList(entry)];
    }
    const grown = list ? list.entries.length - before : 1;
    held.events += grown;
    this.#events += grown;
    if (this.#events > this.#most) this.#forget();
  }

  /** Oldest first, up to the event; with it, where it counts itself. What came after it counts only when it is heard again. */
  upTo(key: string, series: Series, event: string): readonly RateEntry[] {
    const held = this.#held.get(key);
    return (held && listOf(held, series)?.upTo(event)) ?? [];
  }

  #use(key: string, event: EventId): Held {
    let held = this.#held.get(key);
    if (held?.event === event) return held;
    if (held) this.#held.delete(key);
    else held = { series: [], lists: [], events: 0, event };
    held.event = event;
    this.#held.set(key, held);
    return held;
  }

  #forget(): void {
    for (const [key, { events }] of this.#held) {
      if (this.#events <= this.#most || this.#held.size === 1) return;
      this.#held.delete(key);
      this.#events -= events;
    }
  }
}

function listOf({ series: known, lists }: Held, series: Series): KeptList | undefined {
  return lists[known.indexOf(series)];
}

/** Beyond so many entries they are looked up by their ids. */
const fewEntries = 16;

class KeptList {
  readonly entries: RateEntry[];
  #ids: Set<EventId> | undefined;

  constructor(first: RateEntry) {
    this.entries = [first];
  }

  note(entry: RateEntry, windowMs: number): void {
    const { entries } = this;
    const known = this.#has(entry.event) ? placeOf(entries, entry.event) : -1;
    if (known >= 0) entries[known] = { ...entries[known]!, values: entry.values };
    else {
      entries.push(entry);
      this.#ids?.add(entry.event);
    }
    let old = Math.max(0, entries.length - mostOfKey);
    while (entries[old] && Math.abs(entry.at - entries[old]!.at) > windowMs) old++;
    if (old > 0) for (const { event } of entries.splice(0, old)) this.#ids?.delete(event);
    if (entries.length > fewEntries) this.#ids ??= new Set(entries.map(({ event }) => event));
    else this.#ids = undefined;
  }

  upTo(event: string): readonly RateEntry[] {
    const { entries } = this;
    if (entries.at(-1)?.event === event) return entries;
    const place = placeOf(entries, event);
    return place < 0 || place === entries.length - 1 ? entries : entries.slice(0, place + 1);
  }

  #has(event: EventId): boolean {
    return this.#ids ? this.#ids.has(event) : placeOf(this.entries, event) >= 0;
  }
}

function placeOf(entries: readonly RateEntry[], event: string): number {
  return entries.findLastIndex((one) => one.event === event);
}
