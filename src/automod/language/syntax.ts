/** The parts of a condition as they were written, before anybody asks what they mean. */
import type { Place } from "./place.ts";

/** A word as it was written, in lower case: `text.length`, `our-links`, `newcomer`. */
export interface Name {
  readonly word: string;
  readonly place: Place;
}

export const comparisons = ["<", "<=", ">", ">=", "=", "!="] as const;
export type Comparison = (typeof comparisons)[number];

export type Sum = "+" | "-" | "*" | "/";

/** `s` to `w`: times; `b` to `gb`: sizes; `%`: a share; `px`: length in a picture; nothing: a plain number. */
export const units = ["", "s", "m", "h", "d", "w", "b", "kb", "mb", "gb", "%", "px"] as const;
export type Unit = (typeof units)[number];

export type Value =
  | { readonly kind: "number"; readonly amount: number; readonly unit: Unit; readonly place: Place }
  | { readonly kind: "quoted"; readonly text: string; readonly place: Place }
  /** A fact, a setting, or one of the words that a fact may be. */
  | { readonly kind: "name"; readonly word: string; readonly place: Place }
  | {
      readonly kind: "sum";
      readonly sign: Sum;
      readonly left: Value;
      readonly right: Value;
      readonly place: Place;
    }
  | { readonly kind: "rate"; readonly rate: Rate; readonly place: Place };

export type Measure = "count" | "sum" | "distinct" | "span";

/** "distinct author messages where (author is newcomer) by link.domain anywhere in 1d" */
export interface Rate {
  readonly measure: Measure;
  /** What is summed up, told apart or spanned; undefined for `count`. */
  readonly of: Name | undefined;
  /** The kinds of events that count; none: those that the rule looks at. */
  readonly kinds: readonly Name[];
  readonly where: Condition | undefined;
  /** At least one. */
  readonly by: readonly Name[];
  /** In all protected rooms together; otherwise in the room of the event. */
  readonly anywhere: boolean;
  /** A time, or a setting that is one. */
  readonly within: Value;
}

/** One of a list after `in`, `has` and `spells`: words in quotes, or the name of a list, or a word of the fact. */
export type Item =
  | { readonly kind: "quoted"; readonly text: string; readonly place: Place }
  | { readonly kind: "name"; readonly word: string; readonly place: Place };

export type Which = "any" | "every" | "no";

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[]; readonly place: Place }
  | { readonly kind: "not"; readonly part: Condition; readonly place: Place }
  /** `where`: "any link where (...)"; otherwise the part is one test about a fact of a link. */
  | {
      readonly kind: "which";
      readonly which: Which;
      readonly where: boolean;
      readonly part: Condition;
      readonly place: Place;
    }
  | {
      readonly kind: "compare";
      readonly sign: Comparison;
      readonly left: Value;
      readonly right: Value;
      readonly place: Place;
    }
  | {
      readonly kind: "is";
      readonly thing: Name;
      readonly not: boolean;
      readonly word: Name;
      readonly place: Place;
    }
  | { readonly kind: "unknown"; readonly value: Value; readonly not: boolean; readonly place: Place }
  | {
      readonly kind: "in";
      readonly value: Value;
      readonly not: boolean;
      readonly items: readonly Item[];
      readonly place: Place;
    }
  | {
      readonly kind: "has" | "spells";
      readonly text: Value;
      readonly items: readonly Item[];
      readonly place: Place;
    }
  | { readonly kind: "like"; readonly value: Value; readonly glob: string; readonly place: Place }
  | { readonly kind: "matches"; readonly value: Value; readonly pattern: string; readonly place: Place }
  /** A yes-no fact, or a number that is more than none. */
  | { readonly kind: "alone"; readonly value: Value; readonly place: Place }
  /** Could not be read; the problem is told. */
  | { readonly kind: "broken"; readonly place: Place };

/** Words that are part of the language; nothing else may be called so. */
export const keyWords: ReadonlySet<string> = new Set([
  ...["and", "or", "not", "any", "every", "no", "where", "is", "in", "has", "spells", "like", "matches"],
  ...["count", "sum", "distinct", "span", "by", "anywhere"],
]);
