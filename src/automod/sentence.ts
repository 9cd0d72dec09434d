/** What is said of a finding: the parts of the condition that held, with their numbers. Nothing in it was written by anybody. */
import { describeDuration } from "../kit/duration.ts";
import type { Fact } from "../model/facts/fact.ts";
import type { EventFacts } from "../model/facts/read.ts";
import { describeKinds, speech } from "../model/facts/kinds.ts";
import type { Counters, Given } from "./language/compile-amount.ts";
import { compile } from "./language/compile.ts";
import type { Amount, Checked, CheckedRate, Looked, Meaning } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";

export interface SentenceParts {
  readonly facts: EventFacts;
  readonly counters: Counters;
  /** By the place of the rate. */
  readonly counted: (rate: number) => { readonly told: number; readonly windowMs: number };
}

export interface Sentence {
  readonly sentence: string;
  /** The rates that it speaks of. */
  readonly rates: readonly number[];
}

/** More would not be read. */
const mostParts = 3;

/** A flood is as many findings, and each has a sentence: what is the same in all of them is found out once. */
export function compileSentence(
  { meaning, rates }: Checked,
  given: Given,
): (parts: SentenceParts) => Sentence {
  const held = compileHeld(meaning, given);
  const always = typeof held === "function" ? undefined : toldOf(held);
  return (parts) => {
    const told = always ?? toldOf(heldFor(held, parts));
    const said = new Set<string>();
    for (const part of told.parts) said.add(describe(part, rates, parts));
    said.delete("");
    return { sentence: [...said].slice(0, mostParts).join(", ") || "as the rule says", rates: told.rates };
  };
}

interface Told {
  readonly parts: readonly Meaning[];
  readonly rates: readonly number[];
}

/** What is compared says why; yes and no, and words, say it where there is nothing else. */
function toldOf(held: readonly Meaning[]): Told {
  const numbers = held.filter(({ kind }) => kind === "compare");
  const parts = numbers.length > 0 ? numbers : held;
  return { parts, rates: [...new Set(parts.flatMap(ratesIn))] };
}

/** The parts that held: always the same where there is no "or". */
type Held = readonly Meaning[] | ((parts: SentenceParts) => readonly Meaning[]);

function heldFor(held: Held, parts: SentenceParts): readonly Meaning[] {
  return typeof held === "function" ? held(parts) : held;
}

/** Of "or" the first that held; of "and" all. */
function compileHeld(meaning: Meaning, given: Given): Held {
  switch (meaning.kind) {
    case "and": {
      const all = meaning.parts.map((part) => compileHeld(part, given));
      const isSame = all.every((held) => typeof held !== "function");
      const join = (parts: SentenceParts) => all.flatMap((held) => heldFor(held, parts));
      return isSame ? all.flat() : join;
    }
    case "or": {
      const all = meaning.parts.map((part) => [compile(part, given), compileHeld(part, given)] as const);
      return (parts) => {
        const first = all.find(([look]) => look(parts.facts, parts.counters) === yes);
        return first ? heldFor(first[1], parts) : [];
      };
    }
    default:
      return [meaning];
  }
}

function ratesIn(meaning: Meaning): readonly number[] {
  const amounts =
    meaning.kind === "compare"
      ? [meaning.left, meaning.right]
      : meaning.kind === "some"
        ? [meaning.amount]
        : [];
  return amounts.flatMap((amount) => (amount.kind === "rate" ? [amount.rate] : []));
}

function describe(meaning: Meaning, rates: readonly CheckedRate[], parts: SentenceParts): string {
  switch (meaning.kind) {
    case "compare":
      return describeAmount(meaning.left, rates, parts);
    case "some":
      return describeAmount(meaning.amount, rates, parts);
    case "yes":
      return yesWords.get(meaning.fact.name) ?? lastWord(meaning.fact);
    case "has":
    case "spells":
      return `${meaning.fact.name} has words ${ofThose(meaning.looked)}`;
    case "in": {
      const { fact, looked, not } = meaning;
      return `${fact.name} is ${not ? "none" : "one"} ${ofThose(looked)}`;
    }
    case "links":
      return "a link";
    case "like":
    case "matches":
      return `${meaning.fact.name} matches`;
    default:
      return "";
  }
}

function describeAmount(
  amount: Amount,
  rates: readonly CheckedRate[],
  { facts, counted }: SentenceParts,
): string {
  if (amount.kind === "rate") {
    const { told, windowMs } = counted(amount.rate);
    return `${describeRate(told, rates[amount.rate]!)} within ${describeDuration(windowMs)}`;
  }
  if (amount.kind !== "fact") return "";
  const value = facts.get(amount.fact);
  return typeof value === "number" ? describeFact(amount.fact, value) : "";
}

function describeRate(n: number, { measure, of, kinds }: CheckedRate): string {
  // People call everything that somebody sends a message.
  const what = kinds === speech ? "messages" : describeKinds(kinds);
  const counted = typeof of === "string" ? of : of ? lastWord(of) : "";
  switch (measure) {
    case "count":
      return `${n} ${what}`;
    case "sum":
      return `${n} ${counted}`;
    case "distinct":
      return `${what} of ${n} different ${counted.replace(/^.*\./, "")}s`;
    case "span":
      return `${counted} ${n} apart`;
  }
}

const factWords: ReadonlyMap<string, (n: number) => string> = new Map([
  ["text.mentions", (n) => `${n} people mentioned in one message`],
  ["author.age", (ms) => `came ${describeDuration(ms)} ago`],
  ["author.spoken", (n) => `${n} messages before`],
  ["text.length", (n) => `${n} letters`],
  ["text.lines", (n) => `${n} lines`],
  ["links", (n) => `${n} links`],
  ["author.heat", (n) => `heat ${n} before`],
]);

const yesWords: ReadonlyMap<string, string> = new Map([
  ["author.newcomer", "a newcomer"],
  ["author.imitates", "the name looks like that of one of the staff"],
  ["text.masked", "letters swapped for look-alikes"],
]);

function describeFact(fact: Fact, value: number): string {
  const words = factWords.get(fact.name);
  if (words) return words(value);
  if (fact.type.base === "number" && fact.type.measured === "time")
    return `${fact.name} ${describeDuration(value)}`;
  if (fact.type.base === "number" && fact.type.measured === "share")
    return `${fact.name} ${Math.round(value * 100)} %`;
  return `${fact.name} ${value}`;
}

function ofThose({ lists, words }: Looked): string {
  return lists.length === 0 || words.length > 0
    ? "of those that are looked for"
    : `of the list ${lists.join(", ")}`;
}

function lastWord({ name }: Fact): string {
  return name.split(".").at(-1)!.replaceAll("_", " ");
}
