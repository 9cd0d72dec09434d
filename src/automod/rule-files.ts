/** Reads several rule files together: a rule may look into a list of another file, and no two share a name. */
import { listKinds, type ListKind, type RuleList } from "../model/rule-lists.ts";
import { describeProblem } from "./file-problems.ts";
import { heat } from "./heat.ts";
import { readRuleFile, type Lists, type ReadRules, type TakenNames } from "./rule-file.ts";
import type { Rule } from "./rule.ts";

/** The rules of a community's files, with their lists by name. */
export interface OwnRules {
  readonly rules: readonly Rule[];
  readonly lists: ReadonlyMap<string, RuleList>;
}

export interface ReadFiles extends OwnRules {
  /** With file, line and column, as an editor shows them; empty where all is well. */
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
}

export interface FileText {
  readonly file: string;
  readonly text: string;
}

/** A rule file as it was found: with its text, or with why it has none. */
export type FoundFile =
  | FileText
  /** `isMissing`: there is none of that name. */
  | { readonly file: string; readonly trouble: string; readonly isMissing?: boolean }
  /** Somebody is writing it. */
  | { readonly file: string; readonly isMoving: true };

export const noRules: OwnRules = { rules: [], lists: new Map() };

/** `taken`: names that rules may not have. `readFile` throws for a file that cannot be read. */
export function readRuleFiles(
  files: readonly string[],
  readFile: (file: string) => string,
  taken: Iterable<string>,
): ReadFiles {
  const unread: string[] = [];
  const texts = files.flatMap((file) => {
    try {
      return [{ file, text: readFile(file) }];
    } catch (error) {
      unread.push(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  const read = readTogether(texts, { lists: new Map(), taken: namesOfShipped(taken) });
  const mistakes = [...read].flatMap(([file, one]) =>
    one.mistakes.map((mistake) => describeProblem(file, mistake)),
  );
  const warnings = [...read].flatMap(([file, one]) =>
    one.warnings.map((warning) => describeProblem(file, { ...warning, message: `note: ${warning.message}` })),
  );
  const lists = new Map<string, RuleList>();
  for (const { lists: own } of read.values())
    for (const [name, { kind, entries }] of own) lists.set(name, { kind, entries });
  return {
    rules: [...read.values()].flatMap(({ rules }) => rules),
    lists,
    mistakes: [...unread, ...mistakes],
    warnings,
  };
}

/** What keeps the files from being taken, as an editor shows it. `taken`: names that rules may not have. */
export function describeFound(found: readonly FoundFile[], taken: Iterable<string>): readonly string[] {
  const texts = new Map(found.map((one) => [one.file, one]));
  const read = (file: string) => {
    const one = texts.get(file)!;
    if ("text" in one) return one.text;
    throw new Error("trouble" in one ? one.trouble : "somebody is writing it");
  };
  return readRuleFiles([...texts.keys()], read, taken).mistakes;
}

/** Names that no other rule may have; but `heat`, which looks at nothing itself, another may take the place of each. */
export function namesOfShipped(shipped: Iterable<string>): Required<Omit<TakenNames, "lists">> {
  const names = [...shipped];
  return {
    rules: new Map(names.map((name) => [name, "one that comes with Tyr"])),
    replaceable: new Set(names.filter((name) => name !== heat.name)),
  };
}

/** By file. `lists` are known besides those of the texts; of two files with one name the later one has the mistake. */
export function readTogether(
  texts: readonly FileText[],
  { lists, taken }: { readonly lists: Lists; readonly taken: TakenNames },
): ReadonlyMap<string, ReadRules> {
  const kinds = new Map<string, ListKind>(lists);
  for (const { text } of texts)
    if (mayHoldLists(text))
      for (const { name, kind } of readRuleFile(text, kinds).lists.values()) kinds.set(name, kind);
  const rules = new Map(taken.rules);
  const named = new Map(taken.lists);
  const read = new Map<string, ReadRules>();
  for (const { file, text } of texts) {
    const one = readRuleFile(text, kinds, { ...taken, rules, lists: named });
    read.set(file, one);
    for (const { name } of one.rules) rules.set(name, `in ${file}`);
    for (const name of one.lists.keys()) named.set(name, `in ${file}`);
  }
  return read;
}

/** To read a file costs much: most hold rules alone. */
function mayHoldLists(text: string): boolean {
  return listKinds.some((kind) => new RegExp(`\\b${kind}["']?\\s*:`).test(text));
}
