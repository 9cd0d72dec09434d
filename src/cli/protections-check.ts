/** `tyr protections check FILE...`: tells what is wrong with rule files, as an editor or a CI run shows it. */
import { describeProblem } from "../automod/file-problems.ts";
import { readRuleFile } from "../automod/rule-file.ts";
import type { ListKind } from "../model/facts/fact.ts";

export interface CheckedFiles {
  readonly text: string;
  /** No file has a mistake; warnings do not count. */
  readonly isWell: boolean;
}

/** Undefined where it was asked wrongly. `readFile` throws for a file that cannot be read. */
export function checkProtections(
  words: readonly string[],
  readFile: (file: string) => string,
): CheckedFiles | undefined {
  const [word, ...files] = words;
  if (word !== "check" || files.length === 0) return undefined;
  const texts = files.map((file) => ({ file, read: reading(file, readFile) }));
  // A rule may look into a list of another file.
  const lists = new Map<string, ListKind>();
  for (const { read } of texts)
    if (read.text !== undefined)
      for (const { name, kind } of readRuleFile(read.text, lists).lists.values()) lists.set(name, kind);
  const lines: string[] = [];
  let [rules, wrong] = [0, 0];
  for (const { file, read } of texts) {
    if (read.text === undefined) {
      lines.push(`${file}: cannot be read: ${read.problem}`);
      wrong++;
      continue;
    }
    const found = readRuleFile(read.text, lists);
    rules += found.rules.length;
    wrong += found.mistakes.length;
    lines.push(...found.mistakes.map((one) => describeProblem(file, one)));
    lines.push(
      ...found.warnings.map((one) => describeProblem(file, { ...one, message: `note: ${one.message}` })),
    );
  }
  lines.push(wrong === 0 ? `${counted(rules, "rule")}, no mistakes.` : `${counted(wrong, "mistake")}.`);
  return { text: lines.join("\n"), isWell: wrong === 0 };
}

function reading(
  file: string,
  readFile: (file: string) => string,
): { readonly text: string; readonly problem?: never } | { readonly text?: never; readonly problem: string } {
  try {
    return { text: readFile(file) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
