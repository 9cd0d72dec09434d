/** What a condition means, once it was checked: names are facts, settings and lists, numbers have one unit. */
import type { Fact, FactType } from "../../model/facts/fact.ts";
import type { KindSet } from "../../model/facts/kinds.ts";
import type { Place } from "./place.ts";
import type { Comparison, Measure, Sum, Which } from "./syntax.ts";

export type Amount =
  /** In ms, bytes, pixels, or from 0 to 1, whatever it is compared with. */
  | { readonly kind: "constant"; readonly amount: number }
  | { readonly kind: "fact"; readonly fact: Fact }
  | { readonly kind: "setting"; readonly setting: string }
  | { readonly kind: "sum"; readonly sign: Sum; readonly left: Amount; readonly right: Amount }
  /** Its place in `Checked.rates`. */
  | { readonly kind: "rate"; readonly rate: number };

/** A word, a text or a name. */
export type Word =
  { readonly kind: "constant"; readonly text: string } | { readonly kind: "fact"; readonly fact: Fact };

/** What is looked for: words as they were written, and lists by name. */
export interface Looked {
  readonly words: readonly string[];
  readonly lists: readonly string[];
}

export type Meaning = { readonly place: Place } & (
  | { readonly kind: "and" | "or"; readonly parts: readonly Meaning[] }
  | { readonly kind: "not"; readonly part: Meaning }
  /** Asked of each link. */
  | { readonly kind: "links"; readonly which: Which; readonly part: Meaning }
  | { readonly kind: "compare"; readonly sign: Comparison; readonly left: Amount; readonly right: Amount }
  | { readonly kind: "same"; readonly left: Word; readonly right: Word; readonly not: boolean }
  /** A yes-no fact; or a number that is more than none. */
  | { readonly kind: "yes"; readonly fact: Fact }
  | { readonly kind: "some"; readonly amount: Amount }
  | { readonly kind: "unknown"; readonly fact: Fact; readonly not: boolean }
  | { readonly kind: "in"; readonly fact: Fact; readonly looked: Looked; readonly not: boolean }
  | { readonly kind: "has" | "spells"; readonly fact: Fact; readonly looked: Looked }
  | { readonly kind: "like"; readonly fact: Fact; readonly glob: string }
  | { readonly kind: "matches"; readonly fact: Fact; readonly pattern: string }
  /** Not understood; the mistake is told. */
  | { readonly kind: "broken" }
);

/** By what is counted; `room` is added where it is not counted anywhere. */
export const rateKeys = [
  "author",
  "server",
  "room",
  "community",
  "text.key",
  "media.key",
  "link.domain",
  "link.host",
  "author.avatar",
  "author.display",
] as const;
export type RateKey = (typeof rateKeys)[number];

export interface CheckedRate {
  readonly measure: Measure;
  /** Undefined for `count`. */
  readonly of: Fact | RateKey | undefined;
  readonly kinds: KindSet;
  readonly where: Meaning | undefined;
  readonly by: readonly RateKey[];
  readonly anywhere: boolean;
  /** Ms, or a setting. */
  readonly within: Amount;
  /** As it was written, in the one form: rates that are written alike are counted once. */
  readonly written: string;
}

export interface Checked {
  readonly meaning: Meaning;
  readonly rates: readonly CheckedRate[];
}

/** The facts that a test itself asks for, without those of its parts. */
export function factsIn(meaning: Meaning): readonly Fact[] {
  switch (meaning.kind) {
    case "compare":
      return [...factsOfAmount(meaning.left), ...factsOfAmount(meaning.right)];
    case "some":
      return factsOfAmount(meaning.amount);
    case "same":
      return [meaning.left, meaning.right].flatMap((word) => (word.kind === "fact" ? [word.fact] : []));
    case "yes":
    case "unknown":
    case "in":
    case "has":
    case "spells":
    case "like":
    case "matches":
      return [meaning.fact];
    default:
      return [];
  }
}

function factsOfAmount(amount: Amount): readonly Fact[] {
  if (amount.kind === "fact") return [amount.fact];
  return amount.kind === "sum" ? [...factsOfAmount(amount.left), ...factsOfAmount(amount.right)] : [];
}

/** The lists that a condition looks into, each once, those of what it counts included. */
export function listsLookedInto({ meaning, rates }: Checked): readonly string[] {
  const all = [meaning, ...rates.flatMap(({ where }) => where ?? [])];
  return [...new Set(all.flatMap(listsIn))];
}

function listsIn(meaning: Meaning): readonly string[] {
  if ("parts" in meaning) return meaning.parts.flatMap(listsIn);
  if ("part" in meaning) return listsIn(meaning.part);
  return "looked" in meaning ? meaning.looked.lists : [];
}

/** Whether the test is about a fact of a link. */
export function asksOfLink(meaning: Meaning): boolean {
  return meaning.kind === "not" ? asksOfLink(meaning.part) : factsIn(meaning).some(({ ofLink }) => ofLink);
}

/** For sentences: "a time", "a text". */
export function describeType(type: FactType): string {
  switch (type.base) {
    case "yes-no":
      return "true or false";
    case "number":
      return {
        count: "a number",
        time: "a time",
        size: "a size",
        share: "a share",
        pixels: "a length in pixels",
      }[type.measured];
    case "word":
      return "a word";
    case "text":
      return "a text";
    case "name":
      return "a name";
    case "key":
      return "a mark";
  }
}
