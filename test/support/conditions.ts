/** Conditions of rules, read and checked as a rule file's are. */
import type { ListKind } from "../../src/model/rule-lists.ts";
import { check } from "../../src/automod/language/check.ts";
import type { Checked } from "../../src/automod/language/meaning.ts";
import type { RuleSetting } from "../../src/automod/language/names.ts";
import { parse } from "../../src/automod/language/parse.ts";
import { Problems } from "../../src/automod/language/problems.ts";
import { vocabulary } from "../../src/model/facts/index.ts";
import { kindWords, type KindSet } from "../../src/model/facts/kinds.ts";

/** Lists that a community might have. */
export const lists: ReadonlyMap<string, ListKind> = new Map<string, ListKind>([
  ["bad-words", "words"],
  ["bad-names", "words"],
  ["scam", "words"],
  ["slurs", "words"],
  ["our-links", "links"],
  ["denied-links", "links"],
  ["allowed-links", "links"],
  ["watched-servers", "servers"],
  ["bad-pictures", "pictures"],
]);

const day = 86_400_000;

/** Settings that the conditions of the tests speak of. */
export const settings: ReadonlyMap<string, RuleSetting> = new Map<string, RuleSetting>(
  (
    [
      ["limit", "count", undefined],
      ["rate", "count", undefined],
      ["people", "count", undefined],
      ["messages", "count", undefined],
      ["letters", "count", undefined],
      ["words", "count", undefined],
      ["length", "count", undefined],
      ["redactAt", "count", undefined],
      ["within", "time", day],
      ["age", "time", undefined],
      ["share", "share", undefined],
      ["biggest", "size", undefined],
      ["forever", "time", undefined],
    ] as const
  ).map(([name, measured, max]) => [name.toLowerCase(), { name, measured, max }]),
);

export function read(
  text: string,
  kinds: KindSet = kindWords.get("events")!,
): { readonly checked: Checked; readonly problems: Problems } {
  const problems = new Problems();
  const condition = parse(text, problems);
  return { checked: check(condition, { vocabulary, settings, lists, kinds }, problems), problems };
}
