/** Counts the rates of one rule, with the windows and keys that its settings give it. */
import type { Fact, FactValue } from "../model/facts/fact.ts";
import type { LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import { kindSet, kindWords, speech } from "../model/facts/kinds.ts";
import type { EventFacts } from "../model/facts/read.ts";
import { serverOf, type EventId } from "../model/ids.ts";
import { spreadOf, timesOf, type Spread } from "../model/signals/rate-window.ts";
import { isRedactable } from "../model/facts/redactable.ts";
import { recent } from "../model/signals/recent.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import { speechKeptMs, type Utterance } from "../model/recent-speech.ts";
import { givenAmount, type Counters, type Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import { isAskedIn, settingsIn, type CheckedRate, type RateKey } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";
import type { RateEntry, Rates } from "./rates.ts";

/** What counts, of either store: what people sent lately, or what was noted for the rate. */
interface Weighed {
  readonly event: EventId;
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
const newcomer = vocabulary.get("author.newcomer")!;
/** Whatever may mention people. */
const calling = kindWords.get("messages")! | kindSet("reaction", "other");

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
    this.#id = `${rate.written} ${rate.kinds} ${this.#windowMs}${givenIn(rate, given)}`;
  }

  get windowMs(): number {
    return this.#windowMs;
  }

  /** What counts of everything that the author sent in the room is remembered by the world already. */
  get #isOfSpeech(): boolean {
    const { measure, of, kinds, where, by, anywhere } = this.#rate;
    if (where || anywhere || by.length !== 1 || by[0] !== "author") return false;
    if (this.#windowMs > speechKeptMs) return false;
    return (
      (measure === "count" && kinds === speech) ||
      (measure === "sum" && of === textMentions && kinds === calling)
    );
  }

  note(facts: EventFacts, sighting: EventSighting): void {
    if (this.#isOfSpeech || (facts.kinds & this.#rate.kinds) === 0) return;
    if (this.#where && this.#where(facts, noCounters) !== yes) return;
    const { room, user, event } = sighting;
    const from = { event: event.eventId, room, author: user, isRedactable: isRedactable(sighting) };
    const entry = { ...from, ...timesOf(sighting) };
    for (const [key, values] of this.#counted(facts, sighting))
      this.#rates.note(key, { ...entry, values: [...values] }, this.#windowMs);
  }

  /** Undefined where it cannot be told. `link`: the one at hand, where it is counted by links. */
  count(facts: EventFacts, sighting: EventSighting, clock: Clock, link?: LinkFacts): Counted | undefined {
    const keys = [...this.#counted(facts, sighting, link).keys()];
    if (!this.#isOfSpeech && keys.length === 0) return undefined;
    const counts = this.#isOfSpeech
      ? [this.#countOf(speechOf(sighting, this.#rate), sighting, clock)]
      : keys.map((key) =>
          this.#countOf(
            this.#rates.upTo(key, sighting.event.eventId).flatMap((entry) => weighed(entry, sighting)),
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
    const values = entries.flatMap((entry) => entry.values);
    const numbers = values.filter((value) => typeof value === "number");
    switch (this.#rate.measure) {
      case "count":
        return entries.length;
      case "sum":
        return numbers.reduce((sum, one) => sum + one, 0);
      case "distinct":
        return new Set(values).size;
      case "span":
        return numbers.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers);
    }
  }

  /**
   * By what it is counted, with what stands for it. By links, each of them counts with its own values. None where by whom
   * it is counted is unknown.
   */
  #counted(facts: EventFacts, sighting: EventSighting, link?: LinkFacts): Counting {
    const { by, of, anywhere } = this.#rate;
    const links = link ? [link] : (facts.links() ?? []);
    const counted = new Map<string, Set<FactValue>>();
    for (const one of by.some(isOfLink) ? links : [undefined]) {
      const keys = by.map((key) => valueOf(key, { facts, sighting, link: one }));
      if (keys.includes(undefined)) continue;
      const key = `${this.#id} ${JSON.stringify([anywhere ? "" : sighting.room, ...keys])}`;
      const values = counted.get(key) ?? new Set();
      // Counted by something else than links, an event stands for what all of its links say.
      const those = of !== undefined && isOfLink(of) && !one ? links : [one];
      for (const each of of === undefined ? [] : those) {
        const value = valueOf(of!, { facts, sighting, link: each });
        if (value !== undefined) values.add(value);
      }
      counted.set(key, values);
    }
    return counted;
  }
}

type Counting = ReadonlyMap<string, ReadonlySet<FactValue>>;

function isOfLink(one: RateKey | Fact): boolean {
  return typeof one === "string" ? one.startsWith("link.") : one.ofLink;
}

interface Asked {
  readonly facts: EventFacts;
  readonly sighting: EventSighting;
  readonly link: LinkFacts | undefined;
}

function valueOf(
  one: RateKey | Fact,
  { facts, sighting: { user, room }, link }: Asked,
): FactValue | undefined {
  switch (one) {
    case "author":
      return user;
    case "server":
      return serverOf(user);
    case "room":
      return room;
    case "community":
      return "";
    default: {
      const fact = typeof one === "string" ? vocabulary.get(one)! : one;
      return fact.ofLink ? link?.get(fact) : facts.get(fact);
    }
  }
}

/** Where it is counted under a condition: what a rule gives to that. Rules with other settings count other events. */
function givenIn({ where }: CheckedRate, { settings, newcomerMs }: Given): string {
  if (!where) return "";
  const values = settingsIn(where).map((name) => [name, settings.get(name)]);
  return ` ${JSON.stringify([values, isAskedIn(newcomer, where) ? newcomerMs : 0])}`;
}

function speechOf(sighting: EventSighting, { measure }: CheckedRate): readonly (Weighed & Utterance)[] {
  return recent
    .of(sighting)
    .flatMap((one) =>
      measure === "count" || one.mentions > 0 ? [{ ...one, values: [one.mentions], isEvidence: true }] : [],
    );
}

/** None of what somebody sent before they were forgiven. */
function weighed(entry: RateEntry, { room, user, world }: EventSighting): readonly (RateEntry & Weighed)[] {
  if (world.recentSpeech.isForgiven(entry.author, entry)) return [];
  return [{ ...entry, isEvidence: entry.isRedactable && entry.room === room && entry.author === user }];
}

function evidenceIn(entries: readonly Weighed[]): readonly EventId[] {
  return entries.filter(({ isEvidence }) => isEvidence).map(({ event }) => event);
}

/** One count cannot stand in another, so that nothing is asked of it. */
const noCounters: Counters = { rate: () => undefined };
