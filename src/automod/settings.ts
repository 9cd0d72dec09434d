/** The kinds of settings that a protection may have: what fits each, how it is read from a command, how docs show it. */
import { parseDuration } from "../kit/duration.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import type { SettingValue } from "../model/settings/protections.ts";
import type { Measured } from "../model/facts/fact.ts";
import { namesOfMeasured, parseAmount } from "./language/amounts.ts";
import { ladderProblem } from "./ladder.ts";

/** By kind of setting: its value, and what its declaration says besides the default. */
interface Kinds {
  number: { value: number; fields: { readonly unit: string; readonly min: number; readonly max: number } };
  "yes-no": { value: boolean; fields: unknown };
  /** A number with its unit, as 10s, 20KB, 95%; bounds in the same form. */
  amount: {
    value: string;
    fields: { readonly measured: Measured; readonly min: string; readonly max: string };
  };
  /** Whole numbers, each greater than the one before, as 40 60 80. `most`: how many; `max`: how great. */
  rising: {
    value: string;
    fields: { readonly unit: string; readonly most: number; readonly max: number };
  };
  /** One of a few words. */
  choice: { value: string; fields: { readonly options: readonly string[] } };
  /** A span of time such as 1h; empty for none. */
  duration: { value: string; fields: unknown };
  text: { value: string; fields: unknown };
  /** Steps of a response, see `ladder.ts`. */
  ladder: { value: string; fields: unknown };
  /** Words or patterns. `unit`: what they are, in the plural; `max`: how many there may be. */
  list: { value: readonly string[]; fields: { readonly unit: string; readonly max: number } };
}

type SettingType = keyof Kinds;

type SpecOf<T extends SettingType> = {
  readonly type: T;
  readonly about: string;
  readonly default: Kinds[T]["value"];
} & Kinds[T]["fields"];

export type SettingSpec = { [T in SettingType]: SpecOf<T> }[SettingType];
export type SettingSpecs = Readonly<Record<string, SettingSpec>>;
export type ValuesOf<S extends SettingSpecs> = { readonly [N in keyof S]: Kinds[S[N]["type"]]["value"] };

export type ReadSetting = { readonly value: SettingValue } | { readonly problem: Say };

interface SettingKind<T extends SettingType> {
  readonly fits: (value: SettingValue, spec: SpecOf<T>) => boolean;
  /** `text`: as it was typed, without white space around it. A problem follows the name of the setting. */
  readonly read: (text: string, spec: SpecOf<T>) => ReadSetting;
  /** In Markdown. */
  readonly defaultInDocs: (spec: SpecOf<T>) => string;
  /** A further sentence of the docs, or nothing. */
  readonly rangeInDocs: (spec: SpecOf<T>) => string;
}

const maxTextLength = 500;
const maxEntryLength = 100;

const none = (word: string) => ["none", "no", "never", "off"].includes(word.toLowerCase());
const isText = (value: SettingValue) => typeof value === "string";
const inDocs = ({ default: value }: { readonly default: string }) => (value === "" ? "none" : `\`${value}\``);
const noRange = () => "";

const kinds: { readonly [T in SettingType]: SettingKind<T> } = {
  number: {
    fits: (value, { min, max }) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    read: (text, spec) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      return fits(spec, value)
        ? { value }
        : {
            problem: say`needs a whole number from ${spec.min} to ${spec.max} (${spec.unit}), not ${code(text, 40)}`,
          };
    },
    defaultInDocs: (spec) => `${spec.default} ${spec.unit}`,
    rangeInDocs: ({ min, max }) => ` From ${min} to ${max}.`,
  },
  "yes-no": {
    fits: (value) => typeof value === "boolean",
    read: (text) => {
      const value = truths.get(text.toLowerCase());
      return value === undefined ? { problem: say`needs yes or no, not ${code(text, 40)}` } : { value };
    },
    defaultInDocs: (spec) => (spec.default ? "yes" : "no"),
    rangeInDocs: noRange,
  },
  amount: {
    fits: (value, spec) => typeof value === "string" && isAmountWithin(value, spec),
    read: (text, spec) =>
      isAmountWithin(text, spec)
        ? { value: text }
        : {
            problem: say`needs ${namesOfMeasured[spec.measured]} from ${spec.min} to ${spec.max}, not ${code(text, 40)}`,
          },
    defaultInDocs: inDocs,
    rangeInDocs: ({ min, max }) => ` From ${min} to ${max}.`,
  },
  rising: {
    fits: (value, spec) => typeof value === "string" && isRisingWithin(value, spec),
    read: (text, spec) =>
      isRisingWithin(text, spec)
        ? { value: risingNumbers(text)!.join(" ") }
        : {
            problem: say`needs up to ${spec.most} whole numbers from 1 to ${spec.max}, each greater than the one before, such as ${code(spec.default)}, not ${code(text, 60)}`,
          },
    defaultInDocs: inDocs,
    rangeInDocs: ({ most, max }) => ` Up to ${most} whole numbers up to ${max} that rise.`,
  },
  choice: {
    fits: (value, { options }) => typeof value === "string" && options.includes(value),
    read: (text, { options }) => {
      const value = text.toLowerCase();
      return options.includes(value)
        ? { value }
        : { problem: say`needs one of ${plain(options.join(", "))}, not ${code(text, 40)}` };
    },
    defaultInDocs: inDocs,
    rangeInDocs: noRange,
  },
  duration: {
    fits: isText,
    read: (text) => {
      if (none(text)) return { value: "" };
      return parseDuration(text) === undefined
        ? { problem: say`needs a span of time such as 30m or 1d, or none, not ${code(text, 40)}` }
        : { value: text };
    },
    defaultInDocs: inDocs,
    rangeInDocs: noRange,
  },
  text: {
    fits: isText,
    read: (text) => ({ value: text.toLowerCase() === "none" ? "" : text.slice(0, maxTextLength) }),
    defaultInDocs: inDocs,
    rangeInDocs: noRange,
  },
  ladder: {
    fits: (value) => typeof value === "string" && ladderProblem(value) === undefined,
    read: (text) => {
      const objection = ladderProblem(text);
      return objection === undefined
        ? { value: text.toLowerCase().replace(/\s*\+\s*/g, "+") }
        : { problem: plain(objection) };
    },
    defaultInDocs: inDocs,
    rangeInDocs: noRange,
  },
  list: {
    fits: (value, { max }) => typeof value === "object" && value.length <= max && value.every(isEntry),
    read: (text, { unit, max }) => {
      const entries = entriesIn(text);
      if (entries.length > max) return { problem: say`may have ${max} ${unit}, not ${entries.length}` };
      const long = entries.find((entry) => !isEntry(entry));
      return long === undefined
        ? { value: entries }
        : { problem: say`may have ${unit} of ${maxEntryLength} letters, not ${code(long, 40)}` };
    },
    defaultInDocs: (spec) =>
      spec.default.length === 0 ? "none" : spec.default.map((entry) => `\`${entry}\``).join(", "),
    rangeInDocs: ({ unit, max }) => ` Up to ${max} ${unit}, with commas between them.`,
  },
};

function isAmountWithin(text: string, { measured, min, max }: SpecOf<"amount">): boolean {
  const amount = parseAmount(text, measured);
  return (
    amount !== undefined && amount >= parseAmount(min, measured)! && amount <= parseAmount(max, measured)!
  );
}

function isRisingWithin(text: string, { most, max }: SpecOf<"rising">): boolean {
  const numbers = risingNumbers(text);
  return numbers !== undefined && numbers.length <= most && numbers.every((one) => one <= max);
}

/** Undefined where they are none, or do not rise from one on. */
export function risingNumbers(text: string): readonly number[] | undefined {
  const words = text.split(/[\s,;>]+/).filter((word) => word !== "");
  const numbers = words.map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : NaN));
  const rise = numbers.every((one, i) => one > (numbers[i - 1] ?? 0));
  return numbers.length > 0 && rise ? numbers : undefined;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["true", true],
  ["on", true],
  ["no", false],
  ["false", false],
  ["off", false],
]);

/** Commas part the entries, which may hold spaces. Each is there once. */
function entriesIn(text: string): readonly string[] {
  if (none(text)) return [];
  const entries = text
    .split(",")
    .map((entry) => entry.trim().replace(/\s+/g, " "))
    .filter((entry) => entry !== "");
  return [...new Set(entries)];
}

function isEntry(entry: string): boolean {
  return entry !== "" && entry.length <= maxEntryLength;
}

export function fits<T extends SettingType>(spec: SpecOf<T>, value: SettingValue): boolean {
  return kinds[spec.type].fits(value, spec);
}

export function readSetting<T extends SettingType>(spec: SpecOf<T>, text: string): ReadSetting {
  return kinds[spec.type].read(text.trim(), spec);
}

export function defaultInDocs<T extends SettingType>(spec: SpecOf<T>): string {
  return kinds[spec.type].defaultInDocs(spec);
}

export function rangeInDocs<T extends SettingType>(spec: SpecOf<T>): string {
  return kinds[spec.type].rangeInDocs(spec);
}

/** Lists are the same where their entries are. */
export function isSameValue(one: SettingValue, other: SettingValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
