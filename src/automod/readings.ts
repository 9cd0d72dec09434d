/**
 * What the texts of rules were read to be, as plain data. Kept from one run to the next, so that a start reads only what
 * is new: reading takes about half a millisecond a rule. A reading stands for exactly one text, in one version of Tyr and
 * of its vocabulary, among lists of exactly these names and kinds; without one the text is read as ever.
 */
import { stableId } from "../kit/hash.ts";
import { version } from "../kit/version.ts";
import type { Fact } from "../model/facts/fact.ts";
import { vocabulary } from "../model/facts/index.ts";
import { kindWords } from "../model/facts/kinds.ts";
import type { Lists } from "./rule-file.ts";
import type { Rule } from "./rule.ts";

/** Raised with whatever makes a condition mean something else; `test/automod/readings.test.ts` notices. */
export const languageVersion = 1;

/** Where readings are kept; what it forgets is read again. */
export interface Readings {
  readonly get: (key: string) => string | undefined;
  readonly put: (key: string, reading: string) => void;
}

export const noReadings: Readings = { get: () => undefined, put: () => {} };

/** A digest of all that a text is read with, besides its lists. */
let language: string | undefined;

/** By what the reading of a text is known. */
export function readingKey(text: string, lists: Lists): string {
  language ??= stableId(JSON.stringify([version, languageVersion, [...vocabulary.values()], [...kindWords]]));
  return stableId(language, JSON.stringify([...lists]), text);
}

/** Facts stand there by their names. */
export function writeReading(rule: Rule): string {
  return JSON.stringify(rule, (_field, value: unknown) =>
    isFact(value) ? ({ [factField]: value.name } satisfies NamedFact) : value,
  );
}

/** Undefined for what is none, as in a damaged database. */
export function readReading(reading: string): Rule | undefined {
  try {
    return withFacts(JSON.parse(reading)) as Rule;
  } catch {
    return undefined;
  }
}

const factField = "$fact";
type NamedFact = { readonly [factField]: string };

function isFact(value: unknown): value is Fact {
  return typeof value === "object" && value !== null && "ofLink" in value && "place" in value;
}

/** The same data, with the facts in it. */
function withFacts(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (factField in value) {
    const fact = vocabulary.get(String(value[factField]));
    if (!fact) throw new Error("a fact that is not known");
    return fact;
  }
  const fields = value as Record<string, unknown>;
  for (const field of Object.keys(fields)) {
    const one = fields[field];
    if (typeof one === "object") fields[field] = withFacts(one);
  }
  return fields;
}
