/** A condition as text, in one form: what is printed and read again is the same condition. */
import type { Condition, Item, Name, Rate, Value } from "./syntax.ts";

export function print(condition: Condition): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.parts.map(printPart).join(` ${condition.kind} `);
    case "not":
      return `not ${printPart(condition.part)}`;
    case "which":
      return condition.where
        ? `${condition.which} link where (${print(condition.part)})`
        : `${condition.which} ${print(condition.part)}`;
    case "compare":
      return `${printValue(condition.left)} ${condition.sign} ${printValue(condition.right)}`;
    case "is":
      return `${condition.thing.word} is ${printNot(condition)}${condition.word.word}`;
    case "unknown":
      return `${printValue(condition.value)} is ${printNot(condition)}unknown`;
    case "in":
      return `${printValue(condition.value)} ${printNot(condition)}in ${printItems(condition.items)}`;
    case "has":
    case "spells":
      return `${printValue(condition.text)} ${condition.kind} ${printItems(condition.items)}`;
    case "like":
      return `${printValue(condition.value)} like ${quote(condition.glob)}`;
    case "matches":
      return `${printValue(condition.value)} matches /${condition.pattern.replaceAll("/", "\\/")}/`;
    case "alone":
      return printValue(condition.value);
    case "broken":
      return "...";
  }
}

/** Brackets wherever and, or, not meet, although and binds closer than or: nobody has to remember it. */
function printPart(part: Condition): string {
  return part.kind === "and" || part.kind === "or" ? `(${print(part)})` : print(part);
}

function printNot({ not }: { readonly not: boolean }): string {
  return not ? "not " : "";
}

export function printValue(value: Value): string {
  switch (value.kind) {
    case "number":
      return `${value.amount}${value.unit.toUpperCase() in sizes ? value.unit.toUpperCase() : value.unit}`;
    case "quoted":
      return quote(value.text);
    case "name":
      return value.word;
    case "sum":
      return `${printValue(value.left)} ${value.sign} ${printValue(value.right)}`;
    case "rate":
      return printRate(value.rate);
  }
}

const sizes: Readonly<Record<string, true>> = { B: true, KB: true, MB: true, GB: true };

function printRate({ measure, of, kinds, where, by, anywhere, within }: Rate): string {
  return [
    measure,
    ...(of ? [of.word] : []),
    ...(kinds.length > 0 ? [printNames(kinds, ", ")] : []),
    ...(where ? [`where (${print(where)})`] : []),
    `by ${printNames(by, " + ")}`,
    ...(anywhere ? ["anywhere"] : []),
    `in ${printValue(within)}`,
  ].join(" ");
}

function printNames(names: readonly Name[], between: string): string {
  return names.map(({ word }) => word).join(between);
}

function printItems(items: readonly Item[]): string {
  return items.map((item) => (item.kind === "quoted" ? quote(item.text) : item.word)).join(", ");
}

/** Opening quotes with what would close them: those are taken that the text does not hold. */
const quotes = [
  ['"', '"”“', '"'],
  ["'", "'’", "'"],
  ["«", "»", "»"],
  ["»", "«", "«"],
  ["”", '”"', "”"],
  ["„", '“”"', "“"],
  ["‘", "’‘'", "’"],
] as const;

function quote(text: string): string {
  const pair = quotes.find(([, closing]) => ![...text].some((letter) => closing.includes(letter)));
  const [open, , close] = pair ?? quotes[0];
  return `${open}${text}${close}`;
}
