/** From a checked number to a function. */
import type { Fact } from "../../model/facts/fact.ts";
import type { Facts, LinkFacts } from "../../model/facts/facts.ts";
import type { Amount } from "./meaning.ts";

/** What a rule is compiled with: the values of its settings by name, and the entries of the lists by name. */
export interface Given {
  readonly settings: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** How long somebody is a newcomer: each protection has its own. */
  readonly newcomerMs: number;
}

/** What the rates of a rule come to for the event at hand; undefined: cannot be told. */
export interface Counters {
  readonly rate: (rate: number, facts: Facts, link: LinkFacts | undefined) => number | undefined;
}

/** One count cannot stand in another, so that nothing is asked of it. */
export const noCounters: Counters = { rate: () => undefined };

export type LookUp = (facts: Facts, counters: Counters, link: LinkFacts | undefined) => number | undefined;

export function compileAmount(amount: Amount, given: Given): LookUp {
  switch (amount.kind) {
    case "constant":
    case "setting": {
      const value = givenAmount(amount, given);
      return () => value;
    }
    case "fact":
      return numberOf(amount.fact);
    case "sum":
      return sumOf(amount, given);
    case "rate": {
      const { rate } = amount;
      return (facts, counters, link) => counters.rate(rate, facts, link);
    }
  }
}

/** A number that is the same for all events: what is written, or what a setting says. */
export function givenAmount(amount: Amount, given: Given): number | undefined {
  if (amount.kind === "constant") return amount.amount;
  return amount.kind === "setting" ? given.settings.get(amount.setting) : undefined;
}

function numberOf(fact: Fact): LookUp {
  return (facts, _counters, link) => {
    const value = fact.ofLink ? link?.get(fact) : facts.get(fact);
    return typeof value === "number" ? value : undefined;
  };
}

function sumOf({ sign, left, right }: Amount & { readonly kind: "sum" }, given: Given): LookUp {
  const [first, second] = [compileAmount(left, given), compileAmount(right, given)];
  const join = sums[sign];
  return (facts, counters, link) => {
    const one = first(facts, counters, link);
    const other = second(facts, counters, link);
    const sum = one === undefined || other === undefined ? undefined : join(one, other);
    // Nothing is known of what was divided by none.
    return sum !== undefined && Number.isFinite(sum) ? sum : undefined;
  };
}

const sums = {
  "+": (one: number, other: number) => one + other,
  "-": (one: number, other: number) => one - other,
  "*": (one: number, other: number) => one * other,
  "/": (one: number, other: number) => one / other,
} as const;
