/**
 * From a checked condition to a function. Tests are pure, so their order is free: the cheapest come first, and what is
 * dear is asked only where the rest leaves it open.
 */
import { compileGlob } from "../../kit/glob.ts";
import { hostNamed } from "../../kit/links.ts";
import { compilePattern } from "../../kit/pattern.ts";
import { compileWords, type Words } from "../../kit/words.ts";
import { costs, type Cost, type Fact, type FactValue } from "../../model/facts/fact.ts";
import type { Facts, LinkFacts } from "../../model/facts/facts.ts";
import { vocabulary } from "../../model/facts/index.ts";
import { compileAmount, type Counters, type Given } from "./compile-amount.ts";
import { factsIn, type Looked, type Meaning, type Word } from "./meaning.ts";
import type { Which } from "./syntax.ts";
import { negated, no, truthOf, unknown, yes, type Truth } from "./truth.ts";

/** Whether the condition holds for an event. `link`: the one at hand, inside of any, every and no. */
export type Look = (facts: Facts, counters: Counters, link?: LinkFacts) => Truth;

export function compile(meaning: Meaning, given: Given): Look {
  switch (meaning.kind) {
    case "and":
      return allOf(inOrder(meaning.parts, given));
    case "or":
      return anyOf(inOrder(meaning.parts, given));
    case "not": {
      const look = compile(meaning.part, given);
      return (facts, counters, link) => negated(look(facts, counters, link));
    }
    case "links":
      return ofLinks(meaning.which, compile(meaning.part, given));
    default:
      return compileTest(meaning, given);
  }
}

function compileTest(meaning: Meaning, given: Given): Look {
  switch (meaning.kind) {
    case "compare":
      return compare(meaning, given);
    case "same":
      return same(meaning);
    case "yes":
      return meaning.fact === newcomer
        ? isNewcomer(given.newcomerMs)
        : tested(meaning.fact, (value) => value === true);
    case "some": {
      const amount = compileAmount(meaning.amount, given);
      return (facts, counters, link) => {
        const found = amount(facts, counters, link);
        return found === undefined ? unknown : truthOf(found > 0);
      };
    }
    case "unknown": {
      const { fact, not } = meaning;
      return (facts, _counters, link) => truthOf((valueOf(fact, facts, link) === undefined) !== not);
    }
    case "in":
      return isIn(meaning, given);
    case "has":
    case "spells":
      return finds(meaning, given);
    case "like": {
      const glob = compileGlob(meaning.glob, { ignoreCase: true });
      return tested(meaning.fact, (value) => glob.matches(String(value)));
    }
    case "matches": {
      const pattern = compilePattern(meaning.pattern);
      return tested(meaning.fact, (value) => pattern.matches(String(value).toLowerCase()));
    }
    default:
      // What was refused is never compiled; it would not fire.
      return () => unknown;
  }
}

const newcomer = vocabulary.get("author.newcomer")!;
const age = vocabulary.get("author.age")!;
const flagged = vocabulary.get("author.flagged")!;
const staff = vocabulary.get("author.staff")!;
const known = [vocabulary.get("author.regular")!, vocabulary.get("author.staff")!];

/** Who came lately, and is neither known from other rooms nor of the staff; and whom lists have flagged. */
function isNewcomer(withinMs: number): Look {
  return (facts) => {
    if (facts.get(flagged) === true) return truthOf(facts.get(staff) !== true);
    const since = facts.get(age);
    if (typeof since !== "number") return unknown;
    return truthOf(since < withinMs && known.every((fact) => facts.get(fact) !== true));
  };
}

export function valueOf(fact: Fact, facts: Facts, link: LinkFacts | undefined): FactValue | undefined {
  return fact.ofLink ? link?.get(fact) : facts.get(fact);
}

function tested(fact: Fact, holds: (value: FactValue) => boolean): Look {
  return (facts, _counters, link) => {
    const value = valueOf(fact, facts, link);
    return value === undefined ? unknown : truthOf(holds(value));
  };
}

function compare(meaning: Meaning & { readonly kind: "compare" }, given: Given): Look {
  const left = compileAmount(meaning.left, given);
  const right = compileAmount(meaning.right, given);
  const holds = comparisons[meaning.sign];
  return (facts, counters, link) => {
    const one = left(facts, counters, link);
    const other = right(facts, counters, link);
    return one === undefined || other === undefined ? unknown : truthOf(holds(one, other));
  };
}

const comparisons = {
  "<": (one: number, other: number) => one < other,
  "<=": (one: number, other: number) => one <= other,
  ">": (one: number, other: number) => one > other,
  ">=": (one: number, other: number) => one >= other,
  "=": (one: number, other: number) => one === other,
  "!=": (one: number, other: number) => one !== other,
} as const;

function same({ left, right, not }: Meaning & { readonly kind: "same" }): Look {
  const isOfHosts = [left, right].some((word) => word.kind === "fact" && isHost(word.fact));
  const formOf = isOfHosts ? hostNamed : lowerCase;
  const [one, other] = [compileWord(left, formOf), compileWord(right, formOf)];
  return (facts, _counters, link) => {
    const [first, second] = [one(facts, link), other(facts, link)];
    return first === undefined || second === undefined ? unknown : truthOf((first === second) !== not);
  };
}

const lowerCase = (text: string) => text.toLowerCase();

/** Hosts of links are asked for in one form: bücher.example is xn--bcher-kva.example. */
function isHost({ name }: Fact): boolean {
  return name === "link.domain" || name === "link.host";
}

/** Without letter case. */
function compileWord(
  word: Word,
  formOf: (text: string) => string,
): (facts: Facts, link: LinkFacts | undefined) => string | undefined {
  if (word.kind === "constant") {
    const constant = formOf(word.text);
    return () => constant;
  }
  const { fact } = word;
  return (facts, link) => {
    const value = valueOf(fact, facts, link);
    return value === undefined ? undefined : String(value).toLowerCase();
  };
}

function isIn({ fact, looked, not }: Meaning & { readonly kind: "in" }, given: Given): Look {
  const formOf = isHost(fact) ? hostNamed : lowerCase;
  const wanted = new Set(entriesOf(looked, given).map(formOf));
  return tested(fact, (value) => wanted.has(String(value).toLowerCase()) !== not);
}

function finds({ kind, fact, looked }: Meaning & { readonly kind: "has" | "spells" }, given: Given): Look {
  const words: Words = compileWords(entriesOf(looked, given));
  return (facts) => {
    const text = facts.folded(fact);
    if (text === undefined) return unknown;
    return truthOf(kind === "has" ? words.areIn(text) : words.areSpelledIn(text));
  };
}

export function entriesOf({ words, lists }: Looked, given: Given): readonly string[] {
  return [...words, ...lists.flatMap((list) => given.lists.get(list) ?? [])];
}

function inOrder(parts: readonly Meaning[], given: Given): readonly Look[] {
  return parts.toSorted((one, other) => costOf(one) - costOf(other)).map((part) => compile(part, given));
}

function allOf(looks: readonly Look[]): Look {
  return (facts, counters, link) => {
    let all: Truth = yes;
    for (const look of looks) {
      const truth = look(facts, counters, link);
      if (truth === no) return no;
      if (truth === unknown) all = unknown;
    }
    return all;
  };
}

function anyOf(looks: readonly Look[]): Look {
  return (facts, counters, link) => {
    let any: Truth = no;
    for (const look of looks) {
      const truth = look(facts, counters, link);
      if (truth === yes) return yes;
      if (truth === unknown) any = unknown;
    }
    return any;
  };
}

/** `any` is an or over the links, `every` an and over at least one, `no` the opposite of any. */
function ofLinks(which: Which, look: Look): Look {
  return (facts, counters) => {
    const links = facts.links();
    if (links === undefined) return unknown;
    if (which === "every" && links.length === 0) return no;
    const looks = links.map(
      (link): Look =>
        () =>
          look(facts, counters, link),
    );
    if (which === "every") return allOf(looks)(facts, counters);
    const any = anyOf(looks)(facts, counters);
    return which === "any" ? any : negated(any);
  };
}

/** What is counted is dearer than what is looked up, and words and patterns are dearer than that. */
const dearness: Readonly<Record<Cost, number>> = { "at hand": 0, "looked up": 1, text: 3, links: 4 };
const ofCounting = 2;
const ofPattern = costs.length + 1;

function costOf(meaning: Meaning): number {
  if ("parts" in meaning) return Math.max(...meaning.parts.map(costOf));
  if ("part" in meaning) return Math.max(meaning.kind === "links" ? dearness.links : 0, costOf(meaning.part));
  const own = meaning.kind === "matches" ? ofPattern : counts(meaning) ? ofCounting : 0;
  return Math.max(own, ...factsIn(meaning).map(({ cost }) => dearness[cost]));
}

function counts(meaning: Meaning): boolean {
  if (meaning.kind === "some") return meaning.amount.kind === "rate";
  return (
    meaning.kind === "compare" && JSON.stringify([meaning.left, meaning.right]).includes('"kind":"rate"')
  );
}
