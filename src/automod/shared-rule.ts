/**
 * Rules that go from one community to another: what of a rule travels, and what is taken of one that comes. Whoever sends
 * it is not trusted: what must not travel is left out on both sides.
 */
import { sha256Hex } from "../kit/hash.ts";
import type { ListKind } from "../model/rule-lists.ts";
import type { FileProblem } from "./file-problems.ts";
import { parseLadder, type Response } from "./ladder.ts";
import { listsLookedInto } from "./language/meaning.ts";
import type { NamedList } from "./list-document.ts";
import { documentOfList, documentOfRule, fileOf } from "./rule-document.ts";
import { readRuleFile } from "./rule-file.ts";
import type { Rule } from "./rule.ts";

/** What does not travel. `call`: whom to call; `list`: which list to write to; both are each community's own. */
export type LeftOut = "call" | "list" | "mode" | "profiles" | "rooms" | "except" | "replace";

/** The rule without what does not travel: what would write to a list bans in the room instead. */
export function forElsewhere(rule: Rule): { readonly rule: Rule; readonly left: readonly LeftOut[] } {
  const { mode, profiles, scope = {}, ...rest } = rule;
  const { during } = scope;
  const said = new Set(parseLadder(rule.ladder).flat());
  const left: LeftOut[] = [
    ...(["call", "list"] as const).filter((one) => said.has(one)),
    ...(mode ? (["mode"] as const) : []),
    ...(profiles ? (["profiles"] as const) : []),
    ...(["rooms", "except", "replace"] as const).filter((one) => scope[one] !== undefined),
  ];
  const ladder = said.has("call") || said.has("list") ? ladderElsewhere(rule.ladder) : rule.ladder;
  return { rule: { ...rest, ladder, ...(during ? { scope: { during } } : {}) }, left };
}

function ladderElsewhere(ladder: string): string {
  return parseLadder(ladder)
    .map((step) => {
      const parts = step.flatMap((part): readonly Response[] =>
        part === "call" ? [] : part === "list" ? ["ban"] : [part],
      );
      return parts.length === 0 ? "alert" : [...new Set(parts)].join("+");
    })
    .join(" ");
}

/** The lists that the rule looks into, by name. */
export function listsOfRule(rule: Rule): readonly string[] {
  return [...new Set([...listsLookedInto(rule.checked), ...Object.keys(rule.lists ?? {})])];
}

/** By which two texts of a rule are told apart. */
export function digestOf(text: string): string {
  return sha256Hex(text);
}

/** As it is shown. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** A rule that came, with the lists that came with it. */
export interface ReceivedRule {
  readonly rule: Rule;
  /** Those that it looks into and that came with it. */
  readonly lists: readonly NamedList[];
  /** All that it looks into. */
  readonly looksInto: readonly string[];
  readonly left: readonly LeftOut[];
  readonly warnings: readonly FileProblem[];
}

/** Rules, or all that is wrong. */
export type Received =
  { readonly rules: readonly ReceivedRule[] } | { readonly mistakes: readonly FileProblem[] };

/** `lists`: those that are known here. Nothing is taken of a text with a mistake. */
export function receive(text: string, lists: ReadonlyMap<string, ListKind>): Received {
  const read = readRuleFile(text, lists);
  if (read.mistakes.length > 0) return { mistakes: read.mistakes };
  return {
    rules: read.rules.map((rule) => {
      const looksInto = listsOfRule(rule);
      const lists = looksInto.flatMap((name) => read.lists.get(name) ?? []);
      return { ...forElsewhere(rule), lists, looksInto, warnings: read.warnings };
    }),
  };
}

/** The rule with its lists, as one text that needs nothing else. */
export function wholeText(rule: Rule, lists: readonly NamedList[]): string {
  return fileOf([documentOfRule(rule), ...lists.map(documentOfList)]);
}

/** Stands before a shared rule. */
const mark = /^# shared by Tyr: version (\d{1,9}), digest ([0-9a-f]{12})[ \t]*\n/;

export function marked(text: string, version: number): string {
  return `# shared by Tyr: version ${version}, digest ${shortDigest(digestOf(text))}\n${text}`;
}

/** The text without its mark. `isChanged`: the text is not the one that was shared. */
export function withoutMark(text: string): { readonly text: string; readonly isChanged: boolean } {
  const found = mark.exec(text);
  if (!found) return { text, isChanged: false };
  const rest = text.slice(found[0].length);
  // A message loses the end of its last line.
  const isSame = [rest, `${rest}\n`].some((one) => shortDigest(digestOf(one)) === found[2]);
  return { text: rest, isChanged: !isSame };
}
