/**
 * What rules count: "count joins by server anywhere in 10m". Equal rates are counted once, whatever rule asks. All of it
 * is bounded; what is forgotten makes rules quieter, never harsher. Nothing of it outlives a restart.
 */
import { lruOfLists, type Lru } from "../kit/lru.ts";
import type { FactValue } from "../model/facts/fact.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Timed } from "../model/signals/rate-window.ts";

/** One event that counts. */
export interface RateEntry extends Timed {
  readonly room: RoomId;
  readonly author: UserId;
  /** It may be removed, should it be part of a finding. */
  readonly isRedactable: boolean;
  /** What is summed up, told apart or spanned, each once; none where that is unknown. */
  readonly values: readonly FactValue[];
}

/** So many events of one key are kept: more than any limit asks for. */
export const mostOfKey = 300;

export class Rates {
  readonly #entries: Lru<string, RateEntry[]>;
  readonly #events: number;

  /** `events`: so many are kept in all, over all rates and keys. */
  constructor({ events }: { readonly events: number }) {
    this.#entries = lruOfLists(events);
    this.#events = events;
  }

  /** One that may hold as much, and holds nothing yet. */
  emptied(): Rates {
    return new Rates({ events: this.#events });
  }

  /** Counted once, however many rules ask, and when the event is heard again with its text. */
  note(key: string, entry: RateEntry, windowMs: number): void {
    const entries = this.#entries.get(key) ?? [];
    const known = entries.findLastIndex(({ event }) => event === entry.event);
    if (known >= 0) entries[known] = { ...entries[known]!, values: entry.values };
    else entries.push(entry);
    let old = Math.max(0, entries.length - mostOfKey);
    while (entries[old] && Math.abs(entry.at - entries[old]!.at) > windowMs) old++;
    entries.splice(0, old);
    this.#entries.set(key, entries);
  }

  /** Oldest first, up to the event; with it, where it counts itself. What came after it counts only when it is heard again. */
  upTo(key: string, event: string): readonly RateEntry[] {
    const entries = this.#entries.peek(key) ?? [];
    const place = entries.findLastIndex((one) => one.event === event);
    return place < 0 || place === entries.length - 1 ? entries : entries.slice(0, place + 1);
  }
}
