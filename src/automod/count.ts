/** Counts the rates of one rule, with the windows and keys that its settings give it. */
import type { LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import { kindSet, kindWords, speech } from "../model/facts/kinds.ts";
import type { EventFacts } from "../model/facts/read.ts";
import type { EventId } from "../model/ids.ts";
import { boundsOf, timesOf, type Timed } from "../model/signals/rate-window.ts";
import { isRedactable } from "../model/facts/redactable.ts";
import { recent } from "../model/signals/recent.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import { speechKeptMs } from "../model/recent-speech.ts";
import { isByLinks, keysOf, valuesFor, writtenBy, type Keyed } from "./counted-by.ts";
import { givenAmount, noCounters, type Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import { keyOf } from "./language/key.ts";
import type { CheckedRate } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";
import type { Rates } from "./rates.ts";
import { noValues, type CountedEvent, type Noted, type Series } from "./kept.ts";
import { tally } from "./tally.ts";

/** What counts, of either store: what people sent lately, or what was noted for the rate. */
type Timely = Noted<Timed & Partial<CountedEvent>>;

/** What a rate comes to, and the events of the author in the room that are part of it. */
export interface Counted {
  /** As it is compared: by arrival the share that is one too many (`model/signals/rate-window.ts`). */
  readonly amount: number;
  /** As it is told: what really came. */
  readonly told: number;
  readonly evidence: readonly EventId[];
}

/** By which clock: `either` takes the greater. */
export type Clock = "sender" | "either";

const textMentions = vocabulary.get("text.mentions")!;
/** Whatever may mention people. */
const calling = kindWords.get("messages")! | kindSet("reaction", "other");

/** What is counted, for whoever asks. */
export interface Counting {
  /** Those that note the same are one. */
  readonly notedAs: string;
  readonly note: (facts: EventFacts, sighting: EventSighting) => void;
}

export class RateCounter implements Counting {
  readonly #rate: CheckedRate;
  readonly #windowMs: number;
  readonly #where: Look | undefined;
  readonly #rates: Rates;
  readonly #isByLinks: boolean;
  readonly #series: Series;
  /** What counts of everything that the author sent in the room is remembered by the world already. */
  readonly #isOfSpeech: boolean;
  readonly #keysOfEvent: OfEventAtHand<readonly Keyed[]>;
  readonly #eventAtHand: OfEventAtHand<CountedEvent>;
  /** Rates of the same series, over the same time, come to the same. */
  readonly #amounts: Readonly<Record<Clock, OfEventAtHand<number>>>;
  readonly #counts: Readonly<Record<Clock, OfEventAtHand<Counted | undefined>>>;

  constructor(rate: CheckedRate, given: Given, rates: Rates) {
    this.#rate = rate;
    this.#windowMs = givenAmount(rate.within, given) ?? 0;
    this.#where = rate.where && compile(rate.where, given);
    this.#rates = rates;
    this.#isByLinks = isByLinks(rate);
    this.#isOfSpeech = isOfSpeech(rate, this.#windowMs);
    this.#series = rates.series(writtenSeries(rate, given, this.#isOfSpeech), this.#windowMs);
    const countedAs = `${rate.measure} ${this.#series.written} in ${this.#windowMs}`;
    this.#keysOfEvent = rates.ofEvent(`by ${writtenBy(rate)}`);
    this.#eventAtHand = rates.ofEvent("event");
    this.#amounts = {
      sender: rates.ofEvent(`amount ${countedAs} sender`),
      either: rates.ofEvent(`amount ${countedAs} either`),
    };
    this.#counts = {
      sender: rates.ofEvent(`count ${countedAs} sender`),
      either: rates.ofEvent(`count ${countedAs} either`),
    };
  }

  get windowMs(): number {
    return this.#windowMs;
  }

  get notedAs(): string {
    return this.#series.written;
  }

  note(facts: EventFacts, sighting: EventSighting): void {
    if (this.#isOfSpeech || (facts.kinds & this.#rate.kinds) === 0) return;
    if (this.#where && this.#where(facts, noCounters) !== yes) return;
    const keys = this.#keys(facts, sighting);
    if (keys.length === 0) return;
    const event = this.#eventAtHand(facts, () => countedEvent(sighting));
    for (const keyed of keys) {
      const values = valuesFor(this.#rate, keyed, { facts, sighting });
      this.#rates.note(keyed.key, this.#series, { event, values });
    }
  }

  /** As it is compared; undefined where it cannot be told. `link`: the one at hand, where it is counted by links. */
  amount(facts: EventFacts, sighting: EventSighting, clock: Clock, link?: LinkFacts): number | undefined {
    const ofLink = this.#isByLinks ? link : undefined;
    const keys = this.#keys(facts, sighting, ofLink);
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    const most = () => {
      let amount = -Infinity;
      for (const counted of this.#counted(keys, sighting))
        amount = Math.max(amount, this.#amountOf(counted, sighting, clock));
      return amount;
    };
    return ofLink ? most() : this.#amounts[clock](facts, most);
  }

  /** The same with what led to it. */
  count(facts: EventFacts, sighting: EventSighting, clock: Clock): Counted | undefined {
    const keys = this.#keys(facts, sighting);
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    return this.#counts[clock](facts, () => {
      const counts = this.#counted(keys, sighting).map((counted) => this.#countOf(counted, sighting, clock));
      return counts.toSorted((one, other) => other.amount - one.amount)[0];
    });
  }

  /** What counts by each of the keys. */
  #counted(keys: readonly Keyed[], sighting: EventSighting): readonly Timely[] {
    return this.#isOfSpeech
      ? [speechOf(sighting, this.#rate)]
      : keys.map(({ key }) => this.#upTo(key, sighting));
  }

  /** None of what somebody sent before they were forgiven. */
  #upTo(key: string, sighting: EventSighting): Noted {
    const noted = this.#rates.upTo(key, this.#series, sighting.event.eventId);
    const { recentSpeech } = sighting.world;
    const isForgiven = (one: CountedEvent) => recentSpeech.isForgiven(one.author, one);
    return noted.events.some(isForgiven) ? partOf(noted, (one) => !isForgiven(one)) : noted;
  }

  /** Hardly anything is found in most events, so that nothing is put together for it. */
  #amountOf({ events, values }: Timely, sighting: EventSighting, clock: Clock): number {
    const windowMs = this.#windowMs;
    const { measure } = this.#rate;
    const { newest, allowance, isByArrival } = boundsOf(events, windowMs, sighting);
    const asksArrival = clock === "either" && isByArrival;
    const isSaidWithin = ({ saidAt }: Timed) => Math.abs(newest.saidAt - saidAt) < windowMs;
    const hasArrivedWithin = ({ at }: Timed) => asksArrival && Math.abs(newest.at - at) < windowMs;
    if (measure === "count") {
      let [said, arrived] = [0, 0];
      for (const one of events) {
        if (isSaidWithin(one)) said++;
        if (hasArrivedWithin(one)) arrived++;
      }
      return Math.max(said, arrived / allowance);
    }
    const [bySender, byArrival] = [tally(measure), tally(measure)];
    events.forEach((one, i) => {
      const those = values?.[i] ?? noValues;
      if (isSaidWithin(one)) bySender.add(those);
      if (hasArrivedWithin(one)) byArrival.add(those);
    });
    return Math.max(bySender.amount(), byArrival.amount() / allowance);
  }

  #countOf(counted: Timely, sighting: EventSighting, clock: Clock): Counted {
    const windowMs = this.#windowMs;
    const { newest, allowance, isByArrival } = boundsOf(counted.events, windowMs, sighting);
    const said = partOf(counted, ({ saidAt }) => Math.abs(newest.saidAt - saidAt) < windowMs);
    const bySender = this.#measure(said);
    if (clock === "either" && isByArrival) {
      const arrived = partOf(counted, ({ at }) => Math.abs(newest.at - at) < windowMs);
      const told = this.#measure(arrived);
      const amount = told / allowance;
      if (amount > bySender) return { amount, told, evidence: evidenceIn(arrived, sighting) };
    }
    return { amount: bySender, told: bySender, evidence: evidenceIn(said, sighting) };
  }

  #measure({ events, values }: Timely): number {
    if (this.#rate.measure === "count") return events.length;
    const all = tally(this.#rate.measure);
    events.forEach((_, i) => all.add(values?.[i] ?? noValues));
    return all.amount();
  }

  #keys(facts: EventFacts, sighting: EventSighting, link?: LinkFacts): readonly Keyed[] {
    if (link) return keysOf(this.#rate, { facts, sighting, link });
    return this.#keysOfEvent(facts, () => keysOf(this.#rate, { facts, sighting }));
  }
}

type OfEventAtHand<T> = (facts: EventFacts, make: () => T) => T;

function countedEvent(sighting: EventSighting): CountedEvent {
  const { room, user, event } = sighting;
  const { at, saidAt } = timesOf(sighting);
  return { event: event.eventId, at, saidAt, room, author: user, isRedactable: isRedactable(sighting) };
}

function partOf<E extends Timed>({ events, values }: Noted<E>, holds: (one: E) => boolean): Noted<E> {
  return {
    events: events.filter(holds),
    values: values && events.flatMap((one, i) => (holds(one) ? [values[i]!] : [])),
  };
}

/** What is noted, whatever the time over which it is counted. Rules with other settings may note other events. */
function writtenSeries(rate: CheckedRate, given: Given, ofSpeech: boolean): string {
  const of = typeof rate.of === "object" ? rate.of.name : (rate.of ?? "");
  // A list that a rule does not see, as it is of another kind, is not that of the others.
  const listKey = (list: string) => (given.lists.has(list) ? list : "");
  const where = rate.where ? keyOf(rate.where, given, listKey) : "";
  return `${ofSpeech ? "speech " : ""}${of} of ${rate.kinds} by ${writtenBy(rate)} ${where}`;
}

function isOfSpeech({ measure, of, kinds, where, by, anywhere }: CheckedRate, windowMs: number): boolean {
  if (where || anywhere || by.length !== 1 || by[0] !== "author") return false;
  if (windowMs > speechKeptMs) return false;
  return (
    (measure === "count" && kinds === speech) ||
    (measure === "sum" && of === textMentions && kinds === calling)
  );
}

function speechOf(sighting: EventSighting, { measure }: CheckedRate): Timely {
  const sent = recent.of(sighting);
  if (measure === "count") return { events: sent, values: undefined };
  const calling = sent.filter(({ mentions }) => mentions > 0);
  return { events: calling, values: calling.map(({ mentions }) => [mentions]) };
}

/** Events by the same author, in the same room, and such that they may be removed: what people sent lately all is. */
function evidenceIn({ events }: Timely, { room, user }: EventSighting): readonly EventId[] {
  const evidence: EventId[] = [];
  for (const one of events)
    if (one.isRedactable !== false && (one.room ?? room) === room && (one.author ?? user) === user)
      evidence.push(one.event);
  return evidence;
}
