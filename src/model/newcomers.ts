/**
 * What is usual of those who come here: how many of them had which traits, and how many came in a minute at most. A trait
 * that many newcomers have says nothing of a wave. What is old counts less and less.
 */
import { dayMs } from "../kit/duration.ts";
import { lru, type Lru } from "../kit/lru.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** A count as it was on a day, in days since the epoch. */
interface Counted {
  readonly count: number;
  readonly day: number;
}

export type UsualItem =
  | Counted
  /** When we began to watch, ms since the epoch. */
  | { readonly since: number }
  /** The most joins of one minute, by day, the newest last. */
  | { readonly records: readonly (readonly [day: number, joins: number])[] };

/** What was learned of newcomers that have been here for a day and belong to no wave. */
export interface LearnedNewcomer {
  /** The keys of their traits. */
  readonly traits: readonly string[];
  readonly hasSpoken: boolean;
}

const halfLifeDays = 30;
/** So long a record of joins is remembered. */
const recordDays = 30;
/** Traits that are remembered, about 100 bytes each; those that nobody had for longest go. A trait without a count is a rare one. */
const mostTraits = 4_096;
const [sinceKey, recordsKey, allKey, spokenKey] = ["since", "records", "all", "spoken"];

export type NewcomersView = Readonly<Pick<Newcomers, "since" | "all" | "spoken" | "having" | "joinsRecord">>;

export class Newcomers {
  readonly storedAs = "newcomer-trait";
  readonly unwritten = new UnwrittenItems<UsualItem>();
  readonly #traits: Lru<string, Counted> = lru(mostTraits, (key) =>
    this.unwritten.note(`t ${key}`, undefined),
  );
  readonly #sums = new Map<string, Counted>();
  #records: readonly (readonly [day: number, joins: number])[] = [];
  #since: number | undefined;

  get view(): NewcomersView {
    return this;
  }

  /** From when on newcomers are watched; undefined before the first. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Those of whom something was learned, older ones counting less. */
  all(at: number): number {
    return countAt(this.#sums.get(allKey), dayOf(at));
  }

  /** Those of them that have spoken. */
  spoken(at: number): number {
    return countAt(this.#sums.get(spokenKey), dayOf(at));
  }

  having(trait: string, at: number): number {
    return countAt(this.#traits.peek(trait), dayOf(at));
  }

  /** The most joins of one minute in the last 30 days, those of waves left out. */
  joinsRecord(at: number): number {
    const day = dayOf(at);
    return this.#records.reduce(
      (most, [one, joins]) => (day - one <= recordDays ? Math.max(most, joins) : most),
      0,
    );
  }

  watched(at: number): void {
    if (this.#since !== undefined) return;
    this.#since = at;
    this.unwritten.note(sinceKey, { since: at });
  }

  learned({ traits, hasSpoken }: LearnedNewcomer, at: number): void {
    const day = dayOf(at);
    this.#add(allKey, day);
    if (hasSpoken) this.#add(spokenKey, day);
    for (const trait of traits) {
      const counted = { count: countAt(this.#traits.get(trait), day) + 1, day };
      this.#traits.set(trait, counted);
      this.unwritten.note(`t ${trait}`, counted);
    }
  }

  /** So many joined within one minute. */
  joined(joins: number, at: number): void {
    const day = dayOf(at);
    const today = this.#records.find(([one]) => one === day)?.[1] ?? 0;
    if (joins <= today) return;
    const kept = this.#records.filter(([one]) => one !== day && day - one <= recordDays);
    this.#records = [...kept, [day, joins] as const].slice(-recordDays - 1);
    this.unwritten.note(recordsKey, { records: this.#records });
  }

  restore(key: string, item: UsualItem): void {
    if ("since" in item) this.#since = item.since;
    else if ("records" in item) this.#records = item.records;
    else if (key.startsWith("t ")) this.#traits.set(key.slice(2), item);
    else this.#sums.set(key, item);
  }

  #add(key: string, day: number): void {
    const counted = { count: countAt(this.#sums.get(key), day) + 1, day };
    this.#sums.set(key, counted);
    this.unwritten.note(key, counted);
  }
}

function countAt(counted: Counted | undefined, day: number): number {
  return counted ? counted.count * 2 ** (-Math.max(0, day - counted.day) / halfLifeDays) : 0;
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}
