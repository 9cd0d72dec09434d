/** A rule file's contents, checked, and what a rule is once it is read. */
import type { ListKind } from "../model/rule-lists.ts";
import { parse } from "./language/parse.ts";
import { check } from "./language/check.ts";
import type { Checked } from "./language/meaning.ts";
import type { RuleSetting } from "./language/names.ts";
import { Problems, type Problem } from "./language/problems.ts";
import { parseAmount } from "./language/amounts.ts";
import type { Measured } from "../model/facts/fact.ts";
import { vocabulary } from "../model/facts/index.ts";
import type { KindSet } from "../model/facts/kinds.ts";
import type { GivenHeat, Mode, ProfileModes } from "./define.ts";
import type { Scope } from "./scope.ts";
import type { SettingSpec, SettingSpecs } from "./settings.ts";

/** A rule as it is written, in the words of its file. */
export interface RuleText {
  readonly name: string;
  /** A sentence for people. */
  readonly about: string;
  readonly on: KindSet;
  readonly settings: SettingSpecs;
  readonly when: string;
  /** What is done: its field is `then`. Empty where it only gives heat. */
  readonly ladder: string;
  readonly heat?: GivenHeat;
  /** What the step `warn` says. */
  readonly warning: string;
  /** What the step `reply` says. */
  readonly reply: string;
  /** Other events of whoever is found that were on their way belong to the incident. */
  readonly takesInWhatFollows: boolean;
  /** In which mode it is on, as long as nobody says otherwise. */
  readonly mode?: Mode;
  /** Lists that it looks into and that nobody has to have made: until then they are empty. */
  readonly lists?: Readonly<Record<string, ListKind>>;
  /** Those of the lists without an entry in which it finds nothing: an empty list of what is allowed forbids all. */
  readonly needs?: readonly string[];
  readonly scope?: Scope;
  /** In which profiles it is on, and in which mode. */
  readonly profiles?: ProfileModes;
}

export type Rule = RuleText & { readonly checked: Checked };

/** By the word of `unit`, for settings that are plain numbers of them: ms. */
const timesOf: ReadonlyMap<string, number> = new Map([
  ["seconds", 1_000],
  ["minutes", 60_000],
  ["hours", 3_600_000],
  ["days", 86_400_000],
]);

export interface CheckedRule {
  /** Undefined where there are mistakes. */
  readonly rule: Rule | undefined;
  /** Places are those of `when`. */
  readonly mistakes: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export function checkRule(text: RuleText, lists: ReadonlyMap<string, ListKind>): CheckedRule {
  const problems = new Problems();
  const settings = new Map(
    Object.entries(text.settings).flatMap(([name, spec]) => {
      const setting = ruleSetting(name, spec);
      return setting ? [[name.toLowerCase(), setting] as const] : [];
    }),
  );
  const condition = parse(text.when, problems);
  const known = new Map([...lists, ...Object.entries(text.lists ?? {})]);
  const checked = check(condition, { vocabulary, settings, lists: known, kinds: text.on }, problems);
  const { mistakes, warnings } = problems;
  return { rule: mistakes.length === 0 ? { ...text, checked } : undefined, mistakes, warnings };
}

/** Undefined for settings that are no numbers: conditions cannot use them. */
function ruleSetting(name: string, spec: SettingSpec): RuleSetting | undefined {
  if (spec.type === "amount")
    return { name, measured: spec.measured, max: parseAmount(spec.max, spec.measured) };
  if (spec.type !== "number") return undefined;
  const measured: Measured = timesOf.has(spec.unit) ? "time" : "count";
  return { name, measured, max: spec.max * (timesOf.get(spec.unit) ?? 1) };
}

/** The value of a setting in ms, bytes and so on, as conditions compare it. */
export function settingAmount(spec: SettingSpec, value: unknown): number | undefined {
  if (spec.type === "number" && typeof value === "number") return value * (timesOf.get(spec.unit) ?? 1);
  if (spec.type === "amount" && typeof value === "string") return parseAmount(value, spec.measured);
  return undefined;
}
