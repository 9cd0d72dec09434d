/** `tyr protections check FILE...`: tells what is wrong with rule files, as an editor or a CI run shows it. */
import { readRuleFiles } from "../automod/rule-files.ts";

export interface CheckedFiles {
  readonly text: string;
  /** No file has a mistake; warnings do not count. */
  readonly isWell: boolean;
}

/** Undefined where it was asked wrongly. `taken`: the names of the rules that ship. */
export function checkProtections(
  words: readonly string[],
  readFile: (file: string) => string,
  taken: Iterable<string> = [],
): CheckedFiles | undefined {
  const [word, ...files] = words;
  if (word !== "check" || files.length === 0) return undefined;
  const { rules, mistakes, warnings } = readRuleFiles(files, readFile, taken);
  const isWell = mistakes.length === 0;
  const sum = isWell
    ? `${counted(rules.length, "rule")}, no mistakes.`
    : `${counted(mistakes.length, "mistake")}.`;
  return { text: [...mistakes, ...warnings, sum].join("\n"), isWell };
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
