/** Counts the rates of one rule, with the windows and keys that its settings give it. */
import type { Fact, FactValue } from "../model/facts/fact.ts";
import type { LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import { speech } from "../model/facts/kinds.ts";
import type { EventFacts } from "../model/facts/read.ts";
import { serverOf, type EventId } from "../model/ids.ts";
import { spreadOf, timesOf, type Spread } from "../model/signals/rate-window.ts";
import { isRedactable } from "../model/facts/redactable.ts";
import { recent } from "../model/signals/recent.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import type { Utterance } from "../model/recent-speech.ts";
import { givenAmount, type Counters, type Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import type { CheckedRate, RateKey } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";
import type { RateEntry, Rates } from "./rates.ts";

/** What counts, of either store: what people sent lately, or what was noted for the rate. */
interface Weighed {
  readonly event: EventId;
  readonly value: FactValue | undefined;
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

export class RateCounter {
  readonly #rate: CheckedRate;
  readonly #windowMs: number;
  readonly #where: Look | undefined;
  readonly #rates: Rates;
  /** Rates that are written alike, over the same time, are the same. */
  readonly #id: string;

  constructor(rate: CheckedRate, given: Given, rates: Rates) {
    this.#rate = rate;
    this.#windowMs = givenAmount(rate.within, given) ?? 0;
    this.#where = rate.where && compile(rate.where, given);
    this.#rates = rates;
    this.#id = `${rate.written} ${rate.kinds} ${this.#windowMs}`;
  }

  get windowMs(): number {
    return this.#windowMs;
  }

  /** What counts of everything that the author sent in the room is remembered by the world already. */
  get #isOfSpeech(): boolean {
    const { measure, of, kinds, where, by, anywhere } = this.#rate;
    if (where || anywhere || by.length !== 1 || by[0] !== "author") return false;
    return (measure === "count" && kinds === speech) || (measure === "sum" && of === textMentions);
  }

  note(facts: EventFacts, sighting: EventSighting): void {
    if (this.#isOfSpeech || (facts.kinds & this.#rate.kinds) === 0) return;
    if (this.#where && this.#where(facts, noCounters) !== yes) return;
    const { room, user, event } = sighting;
    const value = this.#valueOf(facts, sighting);
    const from = { event: event.eventId, room, author: user, isRedactable: isRedactable(sighting) };
    const entry: RateEntry = { ...from, ...timesOf(sighting), value };
    for (const key of this.#keys(facts, sighting)) this.#rates.note(key, entry, this.#windowMs);
  }

  /** Undefined where it cannot be told. `link`: the one at hand, where it is counted by links. */
  count(facts: EventFacts, sighting: EventSighting, clock: Clock, link?: LinkFacts): Counted | undefined {
    const keys = this.#keys(facts, sighting, link);
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    const counts = this.#isOfSpeech
      ? [this.#countOf(speechOf(sighting, this.#rate), sighting, clock)]
      : keys.map((key) =>
          this.#countOf(
            this.#rates.upTo(key, sighting.event.eventId).map((entry) => weighed(entry, sighting)),
            sighting,
            clock,
          ),
        );
    return counts.toSorted((one, other) => other.amount - one.amount)[0];
  }

  #countOf(
    entries: readonly (Weighed & { readonly at: number; readonly saidAt: number })[],
    sighting: EventSighting,
    clock: Clock,
  ): Counted {
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
    const numbers = entries.map(({ value }) => (typeof value === "number" ? value : 0));
    switch (this.#rate.measure) {
      case "count":
        return entries.length;
      case "sum":
        return numbers.reduce((sum, one) => sum + one, 0);
      case "distinct":
        return new Set(entries.flatMap(({ value }) => (value === undefined ? [] : [value]))).size;
      case "span":
        return numbers.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers);
    }
  }

  #valueOf(facts: EventFacts, sighting: EventSighting): FactValue | undefined {
    const { of } = this.#rate;
    if (of === undefined) return undefined;
    return typeof of === "string" ? keyValues(of, facts, sighting)[0] : factValue(of, facts);
  }

  /** One for each value of what is counted by; none where one of them is unknown. */
  #keys(facts: EventFacts, sighting: EventSighting, link?: LinkFacts): readonly string[] {
    const { by, anywhere } = this.#rate;
    let keys = [`${this.#id} ${anywhere ? "" : sighting.room}`];
    for (const one of by) {
      const values = keyValues(one, facts, sighting, link);
      keys = keys.flatMap((key) => values.map((value) => `${key}\n${value}`));
    }
    return keys;
  }
}

function keyValues(
  key: RateKey,
  facts: EventFacts,
  { room, user }: EventSighting,
  link?: LinkFacts,
): readonly FactValue[] {
  switch (key) {
    case "author":
      return [user];
    case "server":
      return [serverOf(user)];
    case "room":
      return [room];
    case "community":
      return [""];
    case "link.domain":
    case "link.host": {
      const fact = vocabulary.get(key)!;
      const links = link ? [link] : (facts.links() ?? []);
      return [...new Set(links.flatMap((one) => one.get(fact) ?? []))];
    }
    default: {
      const value = facts.get(vocabulary.get(key)!);
      return value === undefined ? [] : [value];
    }
  }
}

function factValue(fact: Fact, facts: EventFacts): FactValue | undefined {
  return fact.ofLink ? facts.links()?.[0]?.get(fact) : facts.get(fact);
}

function speechOf(sighting: EventSighting, { measure }: CheckedRate): readonly (Weighed & Utterance)[] {
  return recent
    .of(sighting)
    .flatMap((one) =>
      measure === "count" || one.mentions > 0 ? [{ ...one, value: one.mentions, isEvidence: true }] : [],
    );
}

function weighed(entry: RateEntry, { room, user }: EventSighting): RateEntry & Weighed {
  return { ...entry, isEvidence: entry.isRedactable && entry.room === room && entry.author === user };
}

function evidenceIn(entries: readonly Weighed[]): readonly EventId[] {
  return entries.filter(({ isEvidence }) => isEvidence).map(({ event }) => event);
}

/** One count cannot stand in another, so that nothing is asked of it. */
const noCounters: Counters = { rate: () => undefined };
