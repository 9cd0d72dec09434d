/** Counts the rates of one rule, with the windows and keys that its settings give it. */
import type { FactValue } from "../model/facts/fact.ts";
import type { LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import { kindSet, kindWords, speech } from "../model/facts/kinds.ts";
import type { EventFacts } from "../model/facts/read.ts";
import type { EventId } from "../model/ids.ts";
import { boundsOf, spreadOf, timesOf, type Spread, type Timed } from "../model/signals/rate-window.ts";
import { isRedactable } from "../model/facts/redactable.ts";
import { recent } from "../model/signals/recent.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import { speechKeptMs, type Utterance } from "../model/recent-speech.ts";
import { isByLinks, keysOf, valuesFor, writtenBy, type Keyed } from "./counted-by.ts";
import { givenAmount, noCounters, type Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import { keyOf } from "./language/key.ts";
import type { CheckedRate } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";
import type { RateEntry, Rates, Series } from "./rates.ts";
import { tally } from "./tally.ts";

/** What counts, of either store: what people sent lately, or what was noted for the rate. */
type Timely = Timed & { readonly values?: readonly FactValue[]; readonly mentions?: number };

/** The same, when it is told what led to a finding. */
interface Weighed extends Timed {
  readonly values: readonly FactValue[];
  /** By the same author, in the same room, and such that it may be removed. */
  readonly isEvidence: boolean;
}

/** What a rate comes to, and the events of the author in the room that are part of it. */
export interface Counted {
  /** As it is compared: by arrival the share that is one too many, see `Spread.allowance`. */
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
  readonly #by: string;
  readonly #isByLinks: boolean;
  readonly #series: Series;
  /** What counts of everything that the author sent in the room is remembered by the world already. */
  readonly #isOfSpeech: boolean;
  /** Rates of the same series, over the same time, come to the same. */
  readonly #countedAs: Readonly<Record<Clock, string>>;

  constructor(rate: CheckedRate, given: Given, rates: Rates) {
    this.#rate = rate;
    this.#windowMs = givenAmount(rate.within, given) ?? 0;
    this.#where = rate.where && compile(rate.where, given);
    this.#rates = rates;
    this.#by = writtenBy(rate);
    this.#isByLinks = isByLinks(rate);
    this.#isOfSpeech = isOfSpeech(rate, this.#windowMs);
    this.#series = rates.series(writtenSeries(rate, given, this.#isOfSpeech), this.#windowMs);
    const countedAs = `${rate.measure} ${this.#series.written} in ${this.#windowMs}`;
    this.#countedAs = { sender: `${countedAs} sender`, either: `${countedAs} either` };
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
    const { room, user, event } = sighting;
    const from = { event: event.eventId, room, author: user, isRedactable: isRedactable(sighting) };
    const entry = { ...from, ...timesOf(sighting) };
    for (const keyed of keys) {
      const values = valuesFor(this.#rate, keyed, { facts, sighting });
      this.#rates.note(keyed.key, this.#series, { ...entry, values });
    }
  }

  /** As it is compared; undefined where it cannot be told. `link`: the one at hand, where it is counted by links. */
  amount(facts: EventFacts, sighting: EventSighting, clock: Clock, link?: LinkFacts): number | undefined {
    const ofLink = this.#isByLinks ? link : undefined;
    const keys = this.#keys(facts, sighting, ofLink);
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    const count = () =>
      Math.max(...this.#countedBy(keys, sighting).map((entries) => this.#amountOf(entries, sighting, clock)));
    return ofLink ? count() : this.#rates.countedOf(this.#countedAs[clock], facts, count);
  }

  /** The same with what led to it. */
  count(facts: EventFacts, sighting: EventSighting, clock: Clock): Counted | undefined {
    const keys = this.#keys(facts, sighting);
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    const name = `${this.#countedAs[clock]} with what led to it`;
    return this.#rates.countedOf(name, facts, () => this.#countBy(keys, sighting, clock));
  }

  #countBy(keys: readonly Keyed[], sighting: EventSighting, clock: Clock): Counted | undefined {
    const counts = this.#isOfSpeech
      ? [this.#countOf(speechOf(sighting, this.#rate), sighting, clock)]
      : keys.map((keyed) =>
          this.#countOf(
            this.#upTo(keyed, sighting).map((entry) => weighed(entry, sighting)),
            sighting,
            clock,
          ),
        );
    return counts.toSorted((one, other) => other.amount - one.amount)[0];
  }

  #countedBy(keys: readonly Keyed[], sighting: EventSighting): readonly (readonly Timely[])[] {
    if (this.#isOfSpeech) {
      const sent = recent.of(sighting);
      return [this.#rate.measure === "sum" ? sent.filter(({ mentions }) => mentions > 0) : sent];
    }
    return keys.map((keyed) => this.#upTo(keyed, sighting));
  }

  /** None of what somebody sent before they were forgiven. */
  #upTo({ key }: Keyed, sighting: EventSighting): readonly RateEntry[] {
    const entries = this.#rates.upTo(key, this.#series, sighting.event.eventId);
    const { recentSpeech } = sighting.world;
    const isForgiven = (entry: RateEntry) => recentSpeech.isForgiven(entry.author, entry);
    return entries.some(isForgiven) ? entries.filter((entry) => !isForgiven(entry)) : entries;
  }

  /** Hardly anything is found in most events, so that nothing is put together for it. */
  #amountOf(entries: readonly Timely[], sighting: EventSighting, clock: Clock): number {
    const windowMs = this.#windowMs;
    const { measure } = this.#rate;
    const { newest, allowance, isByArrival } = boundsOf(entries, windowMs, sighting);
    const asksArrival = clock === "either" && isByArrival;
    const isSaidWithin = ({ saidAt }: Timely) => Math.abs(newest.saidAt - saidAt) < windowMs;
    const hasArrivedWithin = ({ at }: Timely) => asksArrival && Math.abs(newest.at - at) < windowMs;
    if (measure === "count") {
      let [said, arrived] = [0, 0];
      for (const entry of entries) {
        if (isSaidWithin(entry)) said++;
        if (hasArrivedWithin(entry)) arrived++;
      }
      return Math.max(said, arrived / allowance);
    }
    const [bySender, byArrival] = [tally(measure), tally(measure)];
    for (const entry of entries) {
      const { mentions = 0, values = [mentions] } = entry;
      if (isSaidWithin(entry)) bySender.add(values);
      if (hasArrivedWithin(entry)) byArrival.add(values);
    }
    return Math.max(bySender.amount(), byArrival.amount() / allowance);
  }

  #countOf(entries: readonly Weighed[], sighting: EventSighting, clock: Clock): Counted {
    const spread = spreadOf(entries, this.#windowMs, sighting);
    const bySender = this.#measure(spread.bySender);
    if (clock === "sender")
      return { amount: bySender, told: bySender, evidence: evidenceIn(spread.bySender) };
    return this.#either(bySender, spread);
  }

  #either(bySender: number, { bySender: said, byArrival, allowance }: Spread<Weighed>): Counted {
    const told = this.#measure(byArrival);
    return told / allowance > bySender
      ? { amount: told / allowance, told, evidence: evidenceIn(byArrival) }
      : { amount: bySender, told: bySender, evidence: evidenceIn(said) };
  }

  #measure(entries: readonly Weighed[]): number {
    const all = tally(this.#rate.measure);
    for (const { values } of entries) all.add(values);
    return all.amount();
  }

  #keys(facts: EventFacts, sighting: EventSighting, link?: LinkFacts): readonly Keyed[] {
    if (link) return keysOf(this.#rate, { facts, sighting, link });
    return this.#rates.keysOf(this.#by, facts, () => keysOf(this.#rate, { facts, sighting }));
  }
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

function speechOf(sighting: EventSighting, { measure }: CheckedRate): readonly (Weighed & Utterance)[] {
  return recent
    .of(sighting)
    .flatMap((one) =>
      measure === "count" || one.mentions > 0 ? [{ ...one, values: [one.mentions], isEvidence: true }] : [],
    );
}

function weighed(entry: RateEntry, { room, user }: EventSighting): RateEntry & Weighed {
  return { ...entry, isEvidence: entry.isRedactable && entry.room === room && entry.author === user };
}

function evidenceIn(entries: readonly Weighed[]): readonly EventId[] {
  return entries.filter(({ isEvidence }) => isEvidence).map(({ event }) => event);
}
