/** Why a condition holds for an event or not: each of its parts with what it looked at. Made only when somebody asks. */
import { compileWords } from "../kit/words.ts";
import { describeDuration } from "../kit/duration.ts";
import type { Fact, FactType, FactValue, Measured } from "../model/facts/fact.ts";
import type { Facts, LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import { compileAmount, type Counters, type Given } from "./language/compile-amount.ts";
import { compile, valueOf } from "./language/compile.ts";
import { factsIn, type Amount, type Checked, type Meaning } from "./language/meaning.ts";
import { no, yes, type Truth } from "./language/truth.ts";

export type Holds = "yes" | "no" | "unknown";

/** A part of a condition, for one event. Texts in it may be anybody's: they are cleaned where they are shown. */
export interface ExplainedPart {
  /** As the author of the rule wrote it, numbers with what they came to. */
  readonly written: string;
  /** The same, whatever the event. */
  readonly asWritten: string;
  readonly holds: Holds;
  /** What it looked at; empty where the truth says it all. */
  readonly found: string;
  /** What it is made of: the parts of an "or", and those of each link. */
  readonly parts: readonly ExplainedPart[];
}

export interface Explanation {
  readonly holds: Holds;
  /** The parts that have to hold together. */
  readonly parts: readonly ExplainedPart[];
}

export interface Explained {
  /** The text of the condition. */
  readonly when: string;
  readonly checked: Checked;
  readonly given: Given;
  readonly facts: Facts;
  readonly counters: Counters;
}

/** More links would not be read. */
const mostLinks = 5;
/** Looked for one by one, to say which was found. */
const mostWords = 500;

export function explain(rule: Explained): Explanation {
  const { meaning } = rule.checked;
  const parts = meaning.kind === "and" ? meaning.parts : [meaning];
  return { holds: holds(meaning, rule), parts: parts.map((part) => explainPart(part, rule)) };
}

export function holdsOf(truth: Truth): Holds {
  return truth === yes ? "yes" : truth === no ? "no" : "unknown";
}

function holds(meaning: Meaning, { given, facts, counters }: Explained, link?: LinkFacts): Holds {
  return holdsOf(compile(meaning, given)(facts, counters, link));
}

function explainPart(meaning: Meaning, rule: Explained, link?: LinkFacts): ExplainedPart {
  const { start, end } = meaning.place;
  const asWritten = rule.when.slice(start, end).replace(/\s+/g, " ");
  const whole = {
    written: asWritten,
    asWritten,
    holds: holds(meaning, rule, link),
    found: "",
    parts: [] as readonly ExplainedPart[],
  };
  switch (meaning.kind) {
    case "and":
    case "or":
      return { ...whole, parts: meaning.parts.map((part) => explainPart(part, rule, link)) };
    case "not": {
      const { found, parts } = explainPart(meaning.part, rule, link);
      return { ...whole, found, parts };
    }
    case "links":
      return { ...whole, ...ofLinks(meaning.part, rule) };
    case "compare":
      return { ...whole, written: compared(meaning, rule, link) };
    default:
      return { ...whole, found: foundBy(meaning, rule, link) };
  }
}

const domain = vocabulary.get("link.domain")!;

/** Each link by its domain, with what is asked of it. */
function ofLinks(part: Meaning, rule: Explained): Pick<ExplainedPart, "found" | "parts"> {
  const links = rule.facts.links();
  if (links === undefined) return { found: "its text cannot be read", parts: [] };
  if (links.length === 0) return { found: "no link", parts: [] };
  const parts = links.slice(0, mostLinks).map((link): ExplainedPart => {
    const inner = explainPart(part, rule, link);
    return { ...inner, written: `${String(link.get(domain) || "a link")}: ${inner.written}` };
  });
  return { found: links.length > mostLinks ? `${links.length} links` : "", parts };
}

function compared(
  { left, right, sign }: Meaning & { readonly kind: "compare" },
  rule: Explained,
  link: LinkFacts | undefined,
): string {
  const measured = measuredIn(left, rule) ?? measuredIn(right, rule) ?? "count";
  const side = (amount: Amount) => operand(amount, measured, { rule, link });
  return `${side(left)} ${sign} ${side(right)}`;
}

/** "author.age 3 hours", "limit 10", "60%". */
function operand(
  amount: Amount,
  measured: Measured,
  { rule, link }: { readonly rule: Explained; readonly link: LinkFacts | undefined },
): string {
  const value = compileAmount(amount, rule.given)(rule.facts, rule.counters, link);
  const shown = value === undefined ? "unknown" : describeAmount(value, measured);
  switch (amount.kind) {
    case "constant":
      return shown;
    case "fact":
      return `${amount.fact.name} ${shown}`;
    case "setting":
      return `${amount.setting} ${shown}`;
    case "rate":
      return `${rule.checked.rates[amount.rate]!.written}: ${shown}`;
    case "sum": {
      const sides = [amount.left, amount.right].map((one) =>
        operand(one, measuredIn(one, rule) ?? measured, { rule, link }),
      );
      return `(${sides.join(` ${amount.sign} `)})`;
    }
  }
}

/** Undefined for what has no measure of its own: constants, settings, sums of them. */
function measuredIn(amount: Amount, rule: Explained): Measured | undefined {
  switch (amount.kind) {
    case "fact":
      return measuredBy(amount.fact.type);
    case "rate": {
      const { measure, of } = rule.checked.rates[amount.rate]!;
      return measure !== "count" && measure !== "distinct" && typeof of === "object"
        ? measuredBy(of.type)
        : "count";
    }
    case "sum":
      return amount.sign === "/"
        ? "count"
        : (measuredIn(amount.left, rule) ?? measuredIn(amount.right, rule));
    default:
      return undefined;
  }
}

function measuredBy(type: FactType): Measured | undefined {
  return type.base === "number" ? type.measured : undefined;
}

function describeAmount(value: number, measured: Measured): string {
  switch (measured) {
    case "time":
      return describeDuration(value);
    case "share":
      return `${Math.round(value * 100)}%`;
    case "size":
      return value < 1_024 ? `${value}B` : `${Math.round(value / 1_024)}KB`;
    case "pixels":
      return `${value}px`;
    case "count":
      return String(Math.round(value * 100) / 100);
  }
}

const newcomer = vocabulary.get("author.newcomer")!;
const age = vocabulary.get("author.age")!;

function foundBy(meaning: Meaning, rule: Explained, link: LinkFacts | undefined): string {
  switch (meaning.kind) {
    case "has":
    case "spells":
      return wordsFound(meaning, rule);
    case "some": {
      const value = compileAmount(meaning.amount, rule.given)(rule.facts, rule.counters, link);
      return value === undefined ? "" : describeAmount(value, measuredIn(meaning.amount, rule) ?? "count");
    }
    case "yes":
      return meaning.fact === newcomer ? `author.age ${shown(age, rule, link)}` : "";
    default:
      return [...new Set(factsIn(meaning))]
        .filter(({ type }) => type.base !== "text")
        .map((fact) => shown(fact, rule, link))
        .join(", ");
  }
}

function shown(fact: Fact, { facts }: Explained, link: LinkFacts | undefined): string {
  const value: FactValue | undefined = valueOf(fact, facts, link);
  if (value === undefined) return "unknown";
  const measured = measuredBy(fact.type);
  if (typeof value === "number") return describeAmount(value, measured ?? "count");
  return typeof value === "boolean" ? (value ? "yes" : "no") : value.slice(0, 100);
}

/** Which of the words, not where: what people wrote is not repeated. */
function wordsFound(
  { kind, fact, looked }: Meaning & { readonly kind: "has" | "spells" },
  { facts, given }: Explained,
): string {
  const text = facts.folded(fact);
  if (text === undefined) return "its text cannot be read";
  const entries = [...looked.words, ...looked.lists.flatMap((list) => given.lists.get(list) ?? [])];
  const isIn = (entry: string) => {
    const words = compileWords([entry]);
    return kind === "has" ? words.areIn(text) : words.areSpelledIn(text);
  };
  return entries.slice(0, mostWords).find(isIn) ?? "";
}
