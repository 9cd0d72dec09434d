/** What is possible but odd in a condition: its author is told, and the rule is taken all the same. */
import { compilePattern } from "../../kit/pattern.ts";
import { describeKinds, kindWords, unheard } from "../../model/facts/kinds.ts";
import { mostOfKey } from "../kept.ts";
import { comparedWithDomain, hostWithin } from "./hosts.ts";
import { factsIn, type Amount, type Checked, type CheckedRate, type Meaning } from "./meaning.ts";
import type { RuleContext } from "./names.ts";
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";

export function warnOf({ meaning, rates }: Checked, context: RuleContext, problems: Problems): void {
  for (const part of everyPart([meaning, ...rates.flatMap(({ where }) => where ?? [])])) {
    warnOfPart(part, context, problems);
    if (part.kind === "and") warnOfContradiction(part.parts, part.place, problems);
    if (part.kind === "or") warnOfCertainty(part.parts, part.place, problems);
  }
  warnOfCounts(meaning, rates, problems);
  if ((context.kinds & ~unheard) === 0)
    problems.warning("notHeard", meaning.place, describeKinds(context.kinds));
  if (looksIntoEvery(meaning, context)) problems.warning("everyEvent", meaning.place);
}

function* everyPart(meanings: readonly Meaning[]): Iterable<Meaning> {
  for (const meaning of meanings) {
    yield meaning;
    if ("parts" in meaning) yield* everyPart(meaning.parts);
    if ("part" in meaning) yield* everyPart([meaning.part]);
  }
}

function warnOfPart(meaning: Meaning, { kinds }: RuleContext, problems: Problems): void {
  for (const fact of factsIn(meaning)) {
    if (fact.kinds !== undefined && (fact.kinds & kinds) === 0)
      problems.warning("notInKind", meaning.place, fact.name, describeKinds(fact.kinds));
    if (fact.waitsFor !== undefined) problems.warning("notKnownYet", meaning.place, fact.name, fact.waitsFor);
    if (fact.name === "text.mentions_declared") problems.warning("declaredOnly", meaning.place);
  }
  for (const { host, domain } of comparedWithDomain(meaning).flatMap((word) => hostWithin(word) ?? []))
    problems.warning("hostAsked", meaning.place, host, domain);
  if (meaning.kind === "matches" && compilePattern(meaning.pattern).isCostly)
    problems.warning("costlyPattern", meaning.place);
}

/** Where less of what is counted makes a condition true, and where more is asked for than is remembered. */
function warnOfCounts(
  meaning: Meaning,
  rates: readonly CheckedRate[],
  problems: Problems,
  holds = true,
): void {
  if ("parts" in meaning) for (const part of meaning.parts) warnOfCounts(part, rates, problems, holds);
  else if ("part" in meaning) {
    const turns = meaning.kind === "not" || (meaning.kind === "links" && meaning.which === "no");
    warnOfCounts(meaning.part, rates, problems, turns ? !holds : holds);
  } else if (meaning.kind === "some") {
    if (!holds && grows(meaning.amount)) problems.warning("fewCounted", meaning.place);
  } else if (meaning.kind === "compare") {
    const { sign, left, right, place } = meaning;
    const wantsFew = isSmaller[sign];
    const isFew =
      wantsFew === "either"
        ? grows(left) || falls(left) || grows(right) || falls(right)
        : wantsFew === holds
          ? grows(left) || falls(right)
          : falls(left) || grows(right);
    if (isFew) problems.warning("fewCounted", place);
    if (holds && wantsMore(meaning, rates)) problems.warning("manyCounted", place, mostOfKey);
  }
}

const isSmaller = { "<": true, "<=": true, ">": false, ">=": false, "=": "either", "!=": "either" } as const;

/** The more is counted, the greater it is. What is multiplied is never negative. */
function grows(amount: Amount): boolean {
  if (amount.kind === "rate") return true;
  if (amount.kind !== "sum") return false;
  const { sign, left, right } = amount;
  return sign === "-" || sign === "/" ? grows(left) || falls(right) : grows(left) || grows(right);
}

/** The more is counted, the smaller it is. */
function falls(amount: Amount): boolean {
  if (amount.kind !== "sum") return false;
  const { sign, left, right } = amount;
  return sign === "-" || sign === "/" ? falls(left) || grows(right) : falls(left) || falls(right);
}

function wantsMore(
  { sign, left, right }: Meaning & { readonly kind: "compare" },
  rates: readonly CheckedRate[],
): boolean {
  if (left.kind !== "rate" || right.kind !== "constant" || rates[left.rate]?.measure !== "count")
    return false;
  return sign === ">"
    ? right.amount >= mostOfKey
    : (sign === ">=" || sign === "=") && right.amount > mostOfKey;
}

/** What one fact is said to be: a yes or no, a word, or a span of numbers. */
interface Claim {
  readonly about: string;
  readonly says: string | boolean | Span;
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** The ends do not belong to it. */
  readonly open: boolean;
}

/** Pairs of yes-no facts of which at most one holds. */
const exclusive: readonly (readonly [string, string])[] = [
  ["author.newcomer", "author.regular"],
  ["author.newcomer", "author.staff"],
];

function warnOfContradiction(parts: readonly Meaning[], place: Place, problems: Problems): void {
  const claims = parts.flatMap((part) => claimOf(part, true) ?? []);
  for (const [i, one] of claims.entries())
    for (const other of claims.slice(i + 1)) {
      const why = clash(one, other);
      if (why !== undefined) return problems.warning("neverTrue", place, why);
    }
}

function clash(one: Claim, other: Claim): string | undefined {
  if (one.about !== other.about) {
    const isPair = exclusive.some((pair) => pair.includes(one.about) && pair.includes(other.about));
    return isPair && one.says === true && other.says === true
      ? `nobody is ${lastWord(one.about)} and ${lastWord(other.about)}`
      : undefined;
  }
  const [a, b] = [one.says, other.says];
  if (typeof a === "object" && typeof b === "object")
    return isEmpty(a, b) ? `${one.about} cannot be both` : undefined;
  return a === b ? undefined : `${one.about} cannot be both`;
}

function isEmpty(a: Span, b: Span): boolean {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return from > to || (from === to && (a.open || b.open));
}

/** "x or not x" */
function warnOfCertainty(parts: readonly Meaning[], place: Place, problems: Problems): void {
  const claims = parts.flatMap((part) => claimOf(part, true) ?? []);
  const sure = claims.find(
    ({ about, says }) =>
      typeof says === "boolean" && claims.some((other) => other.about === about && other.says === !says),
  );
  if (sure) problems.warning("alwaysTrue", place, `${sure.about} is one or the other, where it is known`);
}

function claimOf(meaning: Meaning, holds: boolean): Claim | undefined {
  switch (meaning.kind) {
    case "not":
      return claimOf(meaning.part, !holds);
    case "yes":
      return { about: meaning.fact.name, says: holds };
    case "same": {
      const { left, right, not } = meaning;
      if (left.kind !== "fact" || right.kind !== "constant" || left.fact.type.base !== "word")
        return undefined;
      return holds && !not ? { about: left.fact.name, says: right.text } : undefined;
    }
    case "compare":
      return holds ? spanOf(meaning) : undefined;
    default:
      return undefined;
  }
}

function spanOf({ sign, left, right }: Meaning & { readonly kind: "compare" }): Claim | undefined {
  if (left.kind !== "fact" || right.kind !== "constant") return undefined;
  const about = left.fact.name;
  const { amount } = right;
  switch (sign) {
    case "<":
      return { about, says: { from: -Infinity, to: amount, open: true } };
    case "<=":
      return { about, says: { from: -Infinity, to: amount, open: false } };
    case ">":
      return { about, says: { from: amount, to: Infinity, open: true } };
    case ">=":
      return { about, says: { from: amount, to: Infinity, open: false } };
    case "=":
      return { about, says: { from: amount, to: amount, open: false } };
    case "!=":
      return undefined;
  }
}

function lastWord(fact: string): string {
  return fact.split(".").at(-1)!;
}

/** It reads text, and nothing in it that is cheaper has to be true first. */
function looksIntoEvery(meaning: Meaning, { kinds }: RuleContext): boolean {
  if ((kinds & kindWords.get("message")!) === 0) return false;
  return isDear(meaning);
}

function isDear(meaning: Meaning): boolean {
  switch (meaning.kind) {
    case "and":
      return meaning.parts.every(isDear);
    case "or":
      return meaning.parts.some(isDear);
    case "not":
      return isDear(meaning.part);
    case "matches":
    case "spells":
      return true;
    default:
      return false;
  }
}
