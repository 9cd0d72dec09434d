/** Reads several rule files together: a rule may look into a list of another file, and no two rules share a name. */
import type { ListKind, RuleList } from "../model/rule-lists.ts";
import { describeProblem } from "./file-problems.ts";
import { readRuleFile } from "./rule-file.ts";
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

export const noRules: OwnRules = { rules: [], lists: new Map() };

/** `taken`: names that rules may not have. `readFile` throws for a file that cannot be read. */
export function readRuleFiles(
  files: readonly string[],
  readFile: (file: string) => string,
  taken: Iterable<string>,
): ReadFiles {
  const mistakes: string[] = [];
  const texts = files.flatMap((file) => {
    try {
      return [{ file, text: readFile(file) }];
    } catch (error) {
      mistakes.push(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  const lists = new Map<string, RuleList>();
  const kinds = new Map<string, ListKind>();
  for (const { text } of texts)
    for (const { name, kind, entries } of readRuleFile(text, kinds).lists.values()) {
      kinds.set(name, kind);
      lists.set(name, { kind, entries });
    }
  const warnings: string[] = [];
  const rules = new Map<string, Rule>();
  const names = new Set(taken);
  for (const { file, text } of texts) {
    const read = readRuleFile(text, kinds);
    mistakes.push(...read.mistakes.map((one) => describeProblem(file, one)));
    warnings.push(
      ...read.warnings.map((one) => describeProblem(file, { ...one, message: `note: ${one.message}` })),
    );
    for (const rule of read.rules) {
      if (names.has(rule.name)) mistakes.push(`${file}: there is a rule "${rule.name}" already`);
      names.add(rule.name);
      rules.set(rule.name, rule);
    }
  }
  return { rules: [...rules.values()], lists, mistakes, warnings };
}
