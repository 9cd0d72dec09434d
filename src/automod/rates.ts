/**
 * What rules count: "count joins by server anywhere in 10m". Equal rates are counted once, whatever rule asks. All of it
 * is bounded; what is forgotten makes rules quieter, never harsher. Nothing of it outlives a restart.
 */
import type { EventFacts } from "../model/facts/read.ts";
import type { EventId } from "../model/ids.ts";
import {
  Chain,
  Kept,
  KnownEvent,
  type CountedEvent,
  type CountedValues,
  type Noted,
  type Series,
} from "./kept.ts";
import { OfEvent } from "./of-event.ts";

/** Rules that are edited leave series behind; beyond so many all are begun anew. */
const mostSeries = 5_000;

const nothing: Noted = { events: [], values: undefined };

export class Rates {
  readonly #most: number;
  readonly #series = new Map<string, Series>();
  /** How often they were begun anew. */
  #begun = 0;
  readonly #used = new Chain();
  /** The events that anything keeps, so that one that is heard again is known at once. */
  readonly #known = new Map<EventId, KnownEvent>();
  /** It was noted for the first time, and by nothing else since. */
  #newest: KnownEvent | undefined;
  #events = 0;
  readonly #ofEvent = new OfEvent(mostSeries);

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
      series = { written: `${this.#begun} ${written}`, windowMs, kept: new Map() };
      this.#series.set(written, series);
    }
    series.windowMs = Math.max(series.windowMs, windowMs);
    return series;
  }

  /** Made once for the event at hand, for all who ask by this name: of one name it is of one type. */
  ofEvent<T>(name: string): (facts: EventFacts, make: () => T) => T {
    return this.#ofEvent.named(name);
  }

  /** Counted once, however many rules ask, and when the event is heard again with its text. */
  note(
    key: string,
    series: Series,
    noted: { readonly event: CountedEvent; readonly values: CountedValues },
  ): void {
    const event = this.#knownOf(noted.event);
    let kept = series.kept.get(key);
    if (!kept) {
      series.kept.set(key, (kept = new Kept(series, key)));
      this.#used.add(kept);
    } else this.#used.moveToEnd(kept);
    // One that is new can only stand at the end, where another rule has noted it.
    const isNew = event === this.#newest && kept.last !== event;
    const place = isNew ? -1 : kept.placeOf(event);
    if (place >= 0) return kept.replace(place, noted.values);
    kept.push(event, noted.values);
    event.uses++;
    this.#events++;
    this.#drop(kept.dropOld(noted.event.at, series.windowMs));
    while (this.#events > this.#most && this.#used.first !== kept) this.#forgetFirst();
  }

  /** Oldest first, up to the event; with it, where it counts itself. What came after it counts only when it is heard again. */
  upTo(key: string, series: Series, event: EventId): Noted {
    const kept = series.kept.get(key);
    if (!kept) return nothing;
    if (kept.last?.event === event) return kept.upTo();
    const known = this.#known.get(event);
    const place = known ? kept.placeOf(known) : -1;
    return kept.upTo(place < 0 ? undefined : place);
  }

  #knownOf(event: CountedEvent): KnownEvent {
    const newest = this.#newest;
    if (newest?.event === event.event && newest.uses > 0) return newest;
    let known = this.#known.get(event.event);
    if (!known) {
      this.#known.set(event.event, (known = new KnownEvent(event)));
      this.#newest = known;
    }
    return known;
  }

  #forgetFirst(): void {
    const kept = this.#used.first!;
    this.#used.remove(kept);
    kept.series.kept.delete(kept.key);
    this.#drop(kept.upTo().events);
  }

  #drop(events: readonly KnownEvent[]): void {
    this.#events -= events.length;
    for (const event of events) {
      event.uses--;
      if (event.uses === 0) this.#known.delete(event.event);
    }
  }
}
