/**
 * How mistakes in a config are worded: where, what, and what to do about it. No secret is ever quoted, nor any value that
 * looks like one in the wrong place.
 */
import type { z } from "zod";
import { plain } from "../kit/say.ts";
import type { CrossCheck } from "./cross-checks.ts";
import type { Given } from "./given-values.ts";
import { optionAt } from "./options.ts";
import type { Option } from "./options.ts";
import type { Problem, Source } from "./problem.ts";

/** tyr.yaml:3:3 homeserver.acesToken: unknown setting. Did you mean "accessToken"? */
export function renderProblem({ source, path, cause, hint }: Problem): string {
  // The name of a variable or flag contains the path.
  const isNamed = source?.kind === "environment" || source?.kind === "flag";
  const where = [source && renderSource(source), isNamed ? "" : path].filter(Boolean).join(" ");
  return `${where === "" ? "" : `${where}: `}${cause}.${hint === undefined ? "" : ` ${hint}`}`;
}

export function renderSource(source: Source): string {
  switch (source.kind) {
    case "default":
      return "default";
    case "file":
      return `${source.file}:${source.line}:${source.column}`;
    case "environment":
    case "flag":
      return source.name;
    case "secret-file":
      return source.file;
  }
}

export function unknownSetting(source: Source, path: string, meant: string | undefined): Problem {
  const parent = path.slice(0, path.lastIndexOf(".") + 1);
  // An option of the same section is named by its key alone, as it is written in the file.
  const name = parent !== "" && meant?.startsWith(parent) ? meant.slice(parent.length) : meant;
  const hint = name === undefined ? "docs/settings.md lists them all." : `Did you mean "${name}"?`;
  return { source, path, cause: "unknown setting", hint, meant };
}

export function noValue(source: Source, path: string): Problem {
  const hint = "Write a value or remove the line. A value that starts with # must be in quotes.";
  return { source, path, cause: "no value given", hint };
}

/** Everything zod found, each with the place of the value that caused it. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  given: ReadonlyMap<string, Given>,
  reportedBefore: readonly Problem[],
): readonly Problem[] {
  const broken = issues.map(crossCheckOf).filter((check) => check !== undefined);
  const single = issues
    .filter((issue) => crossCheckOf(issue) === undefined)
    .filter(isFirstAtItsPath)
    .map((issue) => explainIssue(issue, given))
    .filter((problem) => problem.source !== undefined || !isReported(reportedBefore, problem.path));
  const reported = [...reportedBefore, ...single];
  const joint = broken
    .filter((check) => !check.about.some((path) => isReported(reported, path)))
    .map((check) => explainCrossCheck(check, given));
  return [...single, ...joint];
}

/** A value in quotes, on one line, shortened; a text that may be a misplaced secret is not shown. */
export function quote(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string")
    return looksSecret(value)
      ? "a text that is not shown here, since it may be a secret"
      : `"${plain(value, 60).text}"`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return "a group of settings";
}

/** Tokens of Synapse and MAS by their first letters, any long word without punctuation, passwords in addresses. */
export function looksSecret(text: string): boolean {
  const isToken = /^(syt_|syl_|mat_|mct_|mcr_|MDAx)|access_token/i.test(text) || /^[\w+=-]{24,}$/.test(text);
  return isToken || /:[^@]+@/.test(text);
}

function explainIssue(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): Problem {
  const path = issue.path.join(".");
  const option = optionAt(pathWithoutItem(path));
  if (option === undefined) throw new Error(`no option at ${path}`);
  const entry = given.get(option.path);
  if (entry === undefined) return missingOption(option);
  const item = issue.path.find((part) => typeof part === "number");
  const isItem = item !== undefined && Array.isArray(entry.value);
  const value: unknown = isItem ? (entry.value as unknown[])[item] : entry.value;
  const source = (isItem ? entry.items?.[item] : undefined) ?? entry.source;
  const expected = option.kind === "list" && !isItem && !Array.isArray(value) ? "a list" : option.expected;
  const got = option.kind === "secret" ? "" : `, got ${quote(value)}`;
  return {
    source,
    path: option.path,
    cause: `expected ${expected}${got}`,
    hint:
      hintOnLimit(option, value) ?? (source.kind === "file" ? hintOnYaml(option, value, isItem) : undefined),
  };
}

/** The meaning of a limit holds its reason, which matters to somebody who tried to exceed it. */
function hintOnLimit(option: Option, value: unknown): string | undefined {
  return option.kind === "number" && typeof value === "number" ? option.meaning : undefined;
}

function hintOnYaml(option: Option, value: unknown, isItem: boolean): string | undefined {
  switch (option.kind) {
    case "number":
      return typeof value === "string" && /^\d+$/.test(value) ? "Remove the quotes." : undefined;
    case "yes-no":
      return typeof value === "string" ? "Write true or false, without quotes." : undefined;
    case "list":
      if (isItem) return hintOnQuotes(value);
      return typeof value === "string" ? "Write each item on a line of its own, after a dash." : undefined;
    case "text":
    case "secret":
      return hintOnQuotes(value);
    case "section":
    case "choice":
      return undefined;
  }
}

function hintOnQuotes(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "boolean" ? "Put it in quotes." : undefined;
}

function missingOption(option: Option): Problem {
  const example = option.example === undefined ? "" : ` Example: ${option.example}`;
  const hint = `Add it to the file that --config names, or set ${option.environmentVariable}.${example}`;
  return { path: option.path, cause: "needed, and not given", hint };
}

/** zod may report several issues for one value (its type and its length, say): the first is the mistake. */
function isFirstAtItsPath(
  issue: z.core.$ZodIssue,
  index: number,
  issues: readonly z.core.$ZodIssue[],
): boolean {
  const path = issue.path.join(".");
  return issues.findIndex((other) => other.path.join(".") === path) === index;
}

/** Whether a problem of the option itself, or of a misspelt section that would hold it, is reported already. */
function isReported(problems: readonly Problem[], path: string): boolean {
  const mentioned = problems.flatMap((problem) => [problem.path, problem.meant]);
  return mentioned.some((name) => name && (name === path || path.startsWith(`${name}.`)));
}

type BrokenCheck = Omit<CrossCheck, "holds">;

function crossCheckOf(issue: z.core.$ZodIssue): BrokenCheck | undefined {
  return issue.code === "custom" ? (issue.params?.["crossCheck"] as BrokenCheck | undefined) : undefined;
}

function explainCrossCheck(
  { at, cause, hint, about }: BrokenCheck,
  given: ReadonlyMap<string, Given>,
): Problem {
  const source = [at, ...about].map((path) => given.get(path)?.source).find((found) => found !== undefined);
  return { source, path: at, cause, hint };
}

/** "protectedRooms.2" is about the option "protectedRooms". */
function pathWithoutItem(path: string): string {
  return path.replace(/\.\d+$/, "");
}
