/** Checks numbers: what is measured, in which unit, and what is counted by whom in which time. */
import { dayMs } from "../../kit/duration.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import type { Fact, FactType, Measured } from "../../model/facts/fact.ts";
import { kindWords, type KindSet } from "../../model/facts/kinds.ts";
import { amountOf, examples, measuredIn } from "./amounts.ts";
import {
  describeType,
  rateKeys,
  type Amount,
  type CheckedRate,
  type Meaning,
  type RateKey,
} from "./meaning.ts";
import type { Names, Scope } from "./names.ts";
import type { Place } from "./place.ts";
import { printValue } from "./print.ts";
import type { Problems } from "./problems.ts";
import type { Condition, Name, Rate, Value } from "./syntax.ts";

/** So many things may one rule count. */
export const maxRates = 8;
export const longestMs = dayMs;

/** A number with what it measures. `isBare`: written without a unit, so that it may have to be told what it measures. */
export interface Measurement {
  readonly amount: Amount;
  readonly measured: Measured;
  readonly isBare: boolean;
}

/** What a value turned out to be; undefined, where it is asked for: not understood, and told. */
export type Operand =
  | ({ readonly is: "number" } & Measurement)
  | { readonly is: "fact"; readonly fact: Fact }
  | { readonly is: "quoted"; readonly text: string };

export class AmountChecker {
  readonly rates: CheckedRate[] = [];
  readonly #names: Names;
  readonly #problems: Problems;
  readonly #condition: (condition: Condition) => Meaning;
  #isInRate = false;

  /** `condition`: checks what stands after `where`. */
  constructor(names: Names, problems: Problems, condition: (condition: Condition) => Meaning) {
    this.#names = names;
    this.#problems = problems;
    this.#condition = condition;
  }

  /** Numbers of all sorts, and facts that are none. */
  operand(value: Value, scope: Scope): Operand | undefined {
    switch (value.kind) {
      case "number": {
        const amount = { kind: "constant", amount: amountOf(value.amount, value.unit) } as const;
        return { is: "number", amount, measured: measuredIn(value.unit), isBare: value.unit === "" };
      }
      case "quoted":
        return { is: "quoted", text: value.text };
      case "name":
        return this.#name(value, scope);
      case "sum":
        return this.#sum(value, scope);
      case "rate":
        return this.#rate(value.rate, value.place);
    }
  }

  #name(name: Name, scope: Scope): Operand | undefined {
    const meant = this.#names.meant(name, scope);
    if (!meant) return undefined;
    if (meant.kind === "setting") {
      const { setting, measured } = meant;
      return { is: "number", amount: { kind: "setting", setting }, measured, isBare: false };
    }
    return operandOf(meant.fact);
  }

  /** Undefined where it is no number, which is told. */
  number(value: Value, scope: Scope): Measurement | undefined {
    const operand = this.operand(value, scope);
    if (!operand || operand.is === "number") return operand;
    this.#problems.mistake("notANumber", value.place, describe(operand));
    return undefined;
  }

  #sum(value: Value & { readonly kind: "sum" }, scope: Scope): Operand | undefined {
    const left = this.number(value.left, scope);
    const right = this.number(value.right, scope);
    if (!left || !right) return undefined;
    const measured = measuredBy(value.sign, left, right);
    if (measured === undefined) {
      this.#problems.mistake("otherUnit", value.place, printValue(value.left), printValue(value.right));
      return undefined;
    }
    const amount = { kind: "sum", sign: value.sign, left: left.amount, right: right.amount } as const;
    return { is: "number", amount, measured, isBare: left.isBare && right.isBare };
  }

  #rate(rate: Rate, place: Place): Operand | undefined {
    if (this.#isInRate) {
      this.#problems.mistake("rateInRate", place);
      return undefined;
    }
    this.#isInRate = true;
    const of = this.#of(rate);
    const where = rate.where && this.#condition(rate.where);
    this.#isInRate = false;
    const by = rate.by.flatMap((key) => this.#key(key) ?? []);
    const within = this.#within(rate);
    const kinds = this.#kinds(rate.kinds);
    if (of === "wrong" || !within || by.length < rate.by.length || kinds === 0) return undefined;
    const measured =
      rate.measure !== "count" && typeof of === "object" ? measuredOf(of.type, rate.measure) : "count";
    const written = printValue({ kind: "rate", rate, place });
    const same = this.rates.findIndex((one) => one.written === written && one.kinds === kinds);
    if (same < 0) {
      if (this.rates.length === maxRates) this.#problems.mistake("manyRates", place, maxRates);
      const { measure, anywhere } = rate;
      this.rates.push({ measure, of, kinds, where, by, anywhere, within, written });
    }
    const amount = { kind: "rate", rate: same < 0 ? this.rates.length - 1 : same } as const;
    return { is: "number", amount, measured, isBare: false };
  }

  #of({ measure, of }: Rate): Fact | RateKey | undefined | "wrong" {
    if (!of) return undefined;
    if (measure === "distinct" && isRateKey(of.word)) return of.word;
    const meant = this.#names.meant(of, "link");
    if (meant?.kind !== "fact") return "wrong";
    const { fact } = meant;
    if (measure === "distinct" || fact.type.base === "number") return fact;
    this.#problems.mistake("noSumOf", of.place, of.word);
    return "wrong";
  }

  /** Without any: what the rule looks at. Nothing where a word is not understood. */
  #kinds(words: readonly Name[]): KindSet {
    if (words.length === 0) return this.#names.context.kinds;
    return words.reduce((set, name) => set | kindOf(name, this.#problems), 0);
  }

  #key({ word, place }: Name): RateKey | undefined {
    if (isRateKey(word)) return word;
    this.#problems.mistake("noSuchKey", place, word, rateKeys.join(", "));
    return undefined;
  }

  #within({ within }: Rate): Amount | undefined {
    const found = this.number(within, "none");
    if (!found) return undefined;
    if (found.isBare || found.measured !== "time") {
      const what = printValue(within);
      if (found.isBare) this.#problems.mistake("noUnit", within.place, "this is a time", examples.time);
      else this.#problems.mistake("noTime", within.place, what);
      return undefined;
    }
    const { amount } = found;
    const most =
      amount.kind === "setting"
        ? this.#names.context.settings.get(amount.setting.toLowerCase())?.max
        : undefined;
    const longest = amount.kind === "constant" ? amount.amount : (most ?? 0);
    if (longest <= longestMs) return amount;
    this.#problems.mistake("longTime", within.place, "1d");
    return undefined;
  }
}

/** Nothing where nothing that happens is called so, which is told. */
export function kindOf({ word, place }: Name, problems: Problems): KindSet {
  const set = kindWords.get(word);
  if (set === undefined) problems.mistake("noSuchKind", place, word, nearest(word, kindWords.keys()));
  return set ?? 0;
}

export function operandOf(fact: Fact): Operand {
  return fact.type.base === "number"
    ? { is: "number", amount: { kind: "fact", fact }, measured: fact.type.measured, isBare: false }
    : { is: "fact", fact };
}

/** For sentences. */
export function describe(operand: Operand): string {
  switch (operand.is) {
    case "number":
      return operand.amount.kind === "fact" ? operand.amount.fact.name : "a number";
    case "fact":
      return `${operand.fact.name} (${describeType(operand.fact.type)})`;
    case "quoted":
      return "a text in quotes";
  }
}

/** What comes of two numbers; undefined where they do not go together. */
function measuredBy(sign: string, left: Measurement, right: Measurement): Measured | undefined {
  if (sign === "+" || sign === "-") return left.measured === right.measured ? left.measured : undefined;
  const isPart = (one: Measurement) => one.measured === "count" || one.measured === "share";
  if (sign === "*") {
    if (left.measured === "share") return right.measured;
    return isPart(right) ? left.measured : isPart(left) ? right.measured : undefined;
  }
  return left.measured === right.measured ? "count" : isPart(right) ? left.measured : undefined;
}

function measuredOf(type: FactType, measure: Rate["measure"]): Measured {
  return measure === "distinct" || type.base !== "number" ? "count" : type.measured;
}

function isRateKey(word: string): word is RateKey {
  return (rateKeys as readonly string[]).includes(word);
}
