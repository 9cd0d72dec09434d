/** What is said of a finding: the parts of the condition that held, with their numbers. Nothing in it was written by anybody. */
import { describeDuration } from "../kit/duration.ts";
import type { Fact } from "../model/facts/fact.ts";
import type { EventFacts } from "../model/facts/read.ts";
import { describeKinds, speech } from "../model/facts/kinds.ts";
import type { Counters, Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import type { Amount, Checked, CheckedRate, Looked, Meaning } from "./language/meaning.ts";
import { yes } from "./language/truth.ts";

export interface SentenceParts {
  readonly given: Given;
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

export function sentenceOf({ meaning, rates }: Checked, parts: SentenceParts): Sentence {
  const held = [...heldIn(meaning, parts)];
  const numbers = held.filter(({ kind }) => kind === "compare");
  // What is compared says why; yes and no, and words, say it where there is nothing else.
  const told = numbers.length > 0 ? numbers : held;
  const said = [...new Set(told.map((part) => describe(part, rates, parts)))].filter((one) => one !== "");
  return {
    sentence: said.slice(0, mostParts).join(", ") || "as the rule says",
    rates: [...new Set(told.flatMap(ratesIn))],
  };
}

/** Of "or" the first that held; of "and" all. */
function* heldIn(meaning: Meaning, parts: SentenceParts): Iterable<Meaning> {
  switch (meaning.kind) {
    case "and":
      for (const part of meaning.parts) yield* heldIn(part, parts);
      return;
    case "or": {
      const { given, facts, counters } = parts;
      const first = meaning.parts.find((part) => lookOf(part, given)(facts, counters) === yes);
      if (first) yield* heldIn(first, parts);
      return;
    }
    default:
      yield meaning;
  }
}

const compiled = new WeakMap<Given, Map<Meaning, Look>>();

/** Compiled once: a flood is as many findings, and a list may have thousands of words. */
function lookOf(part: Meaning, given: Given): Look {
  let looks = compiled.get(given);
  if (!looks) compiled.set(given, (looks = new Map()));
  let look = looks.get(part);
  if (!look) looks.set(part, (look = compile(part, given)));
  return look;
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
