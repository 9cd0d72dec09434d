/**
 * What has to hold of an event before a condition can: tests that are asked once for all conditions that need them, so
 * that most rules are passed over unread. A need may be weaker than what is written, never stronger.
 */
import { costs, type Fact } from "../../model/facts/fact.ts";
import { vocabulary } from "../../model/facts/index.ts";
import { givenAmount, type Given } from "./compile-amount.ts";
import { compile, entriesOf, type Look } from "./compile.ts";
import { keyOf } from "./key.ts";
import type { Amount, Meaning } from "./meaning.ts";
import type { Comparison } from "./syntax.ts";
import { no, yes } from "./truth.ts";

export interface Need {
  /** Needs with the same key are one; their entries are put together. */
  readonly key: string;
  /** The dearer, the later it is asked. */
  readonly cost: number;
  /** What is looked for, where needs for different words are one: that any of them is there. */
  readonly entries: readonly string[];
  readonly compile: (entries: readonly string[]) => Look;
}

export function needsOf(meaning: Meaning, given: Given): readonly Need[] {
  switch (meaning.kind) {
    case "and":
      return joined(meaning.parts.flatMap((part) => needsOf(part, given)));
    case "or":
      return shared(meaning.parts.map((part) => needsOf(part, given)));
    case "links":
      return meaning.which === "no" ? [] : needsOfLinks(meaning.part, given);
    case "not":
      return "part" in meaning.part || "parts" in meaning.part
        ? []
        : needsOfTest(meaning, meaning.part, given);
    default:
      return needsOfTest(meaning, meaning, given);
  }
}

/** `whole`: the test itself, or its opposite. */
function needsOfTest(whole: Meaning, test: Meaning, given: Given): readonly Need[] {
  switch (test.kind) {
    case "compare":
      return whole === test ? needsOfComparison(test, given) : [];
    case "same":
      return whole === test && !test.not ? needsOfName(test, given) : [];
    case "in":
      if (whole !== test || test.not) return [exactly(whole, test.fact, given)];
      return [oneOf(test, test.fact, entriesOf(test.looked, given), given)];
    case "has":
    case "spells":
      return whole === test ? [oneOf(test, test.fact, entriesOf(test.looked, given), given)] : [];
    case "some":
      return test.amount.kind === "fact" ? [exactly(whole, test.amount.fact, given)] : [];
    case "yes":
    case "unknown":
      return [exactly(whole, test.fact, given)];
    default:
      return [];
  }
}

function exactly(meaning: Meaning, { cost }: Fact, given: Given): Need {
  const listKey = (list: string) => `${list} ${identityOf(given.lists.get(list))}`;
  return {
    key: keyOf(meaning, given, listKey),
    cost: costs.indexOf(cost),
    entries: [],
    compile: () => compile(meaning, given),
  };
}

const identities = new WeakMap<readonly string[], number>();
let known = 0;

/** Lists may have the same name in the eyes of rules of different origin, and be others. */
function identityOf(entries: readonly string[] | undefined): number {
  if (!entries) return 0;
  let identity = identities.get(entries);
  if (identity === undefined) identities.set(entries, (identity = ++known));
  return identity;
}

/** One of what any rule looks for is there. */
function oneOf(
  { kind, place }: Meaning & { readonly kind: "in" | "has" | "spells" },
  fact: Fact,
  entries: readonly string[],
  given: Given,
): Need {
  return {
    key: `${kind} ${fact.name}`,
    cost: costs.indexOf(fact.cost) + (kind === "in" ? 0 : 1),
    entries,
    compile: (words) => compile({ kind, place, fact, looked: { words, lists: [] }, not: false }, given),
  };
}

function needsOfName(
  { left, right, place }: Meaning & { readonly kind: "same" },
  given: Given,
): readonly Need[] {
  const [fact] = [left, right].flatMap((word) => (word.kind === "fact" ? [word.fact] : []));
  const [text] = [left, right].flatMap((word) => (word.kind === "constant" ? [word.text] : []));
  if (!fact || text === undefined) return [];
  return [
    oneOf({ kind: "in", place, fact, looked: { words: [text], lists: [] }, not: false }, fact, [text], given),
  ];
}

const flipped: Readonly<Record<Comparison, Comparison>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
  "!=": "!=",
};

/** With a number that is the same for all events. Limits that lie close to each other become one need. */
function needsOfComparison(
  { left, right, sign, place }: Meaning & { readonly kind: "compare" },
  given: Given,
): readonly Need[] {
  const [asked, sense, limit] = left.kind === "fact" ? [left, sign, right] : [right, flipped[sign], left];
  if (asked.kind !== "fact") return [];
  const amount = givenAmount(limit, given);
  const near = amount === undefined ? undefined : relaxed(sense, amount);
  if (near === undefined) return [];
  const to: Amount = { kind: "constant", amount: near };
  return [exactly({ kind: "compare", sign: sense, left: asked, right: to, place }, asked.fact, given)];
}

/** The next power of four beyond it. */
function relaxed(sign: Comparison, limit: number): number | undefined {
  if (sign === "!=") return undefined;
  if (sign === "=" || limit <= 0) return limit;
  const power = Math.log(limit) / Math.log(4);
  // A little more, as logarithms are not exact.
  const near = sign === "<" || sign === "<=" ? Math.ceil(power - 1e-9) : Math.floor(power + 1e-9);
  const rounded = 4 ** near;
  const isBeyond = sign === "<" || sign === "<=" ? rounded >= limit : rounded <= limit;
  return isBeyond ? rounded : limit;
}

const links = vocabulary.get("links")!;

/** There is a link, and each of the tests holds of one, though not of the same. */
function needsOfLinks(part: Meaning, given: Given): readonly Need[] {
  const { place } = part;
  const some = exactly({ kind: "some", amount: { kind: "fact", fact: links }, place }, links, given);
  const ofOne = needsOf(part, given).map((need): Need => {
    return {
      ...need,
      key: `link ${need.key}`,
      cost: costs.length,
      compile: (all) => ofAny(need.compile(all)),
    };
  });
  return joined([some, ...ofOne]);
}

function ofAny(look: Look): Look {
  return (facts, counters) => {
    for (const link of facts.links() ?? []) if (look(facts, counters, link) === yes) return yes;
    return no;
  };
}

/** Each once: of several that look for words, one is enough to pass a condition over. */
function joined(needs: readonly Need[]): readonly Need[] {
  return [...new Map(needs.map((need) => [need.key, need] as const)).values()];
}

/** Those that all parts have; of words, those of all parts. */
function shared(parts: readonly (readonly Need[])[]): readonly Need[] {
  const [first = [], ...others] = parts;
  return first.flatMap((need) => {
    const same = others.map((part) => part.find(({ key }) => key === need.key));
    const entries = same.flatMap((one) => (one ? [one.entries] : []));
    return entries.length < same.length ? [] : [{ ...need, entries: [need.entries, ...entries].flat() }];
  });
}
