/**
 * Puts the config together: defaults, the YAML file, the environment, flags, each overriding those before. Pure but for the
 * `readFile` it is given. Reports all problems at once.
 */
import { parseArguments, strayWords } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import { configVariable, readEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { checkedSchema } from "./cross-checks.ts";
import { explainIssues } from "./explain.ts";
import type { Problem, Source } from "./problem.ts";
import { fileMistake } from "./file-mistakes.ts";
import type { Given } from "./given-values.ts";
import { options, sections } from "./options.ts";
import type { Config } from "./schema.ts";
import { readSecretFiles } from "./secret-files.ts";
import type { ReadFile } from "./secret-files.ts";
import { readYaml } from "./yaml-file.ts";
import type { FileLayer } from "./yaml-file.ts";

export { parseArguments };

export interface LoadInput {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly readFile: ReadFile;
}

/** Subcommands that take a config and no other arguments. */
const wordsWithConfig: ReadonlySet<string> = new Set(["run", "check", "takeover"]);

export type Loaded =
  | { readonly ok: true; readonly config: Config; readonly sources: ReadonlyMap<string, Source> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function loadConfig({ argv, env, readFile }: LoadInput): Loaded {
  const flags = parseArguments(argv);
  const environment = readEnvironment(env);
  const file = readConfigFile(flags, env, readFile);
  const written = new Map([...file.given, ...environment.given, ...flags.given]);
  const secrets = readSecretFiles(written, readFile);
  const given = new Map([...written, ...secrets.given]);

  const early = [
    ...[file, environment, flags, secrets].flatMap((layer) => layer.problems),
    ...strayWords(flags.words.slice(wordsWithConfig.has(flags.words[0] ?? "") ? 1 : 0)),
  ];
  const checked = checkedSchema.safeParse(nested(given));
  const late = checked.success ? [] : explainIssues(checked.error.issues, given, early);
  // An option that seems missing may be in the part of the file that could not be read, so that is not reported.
  const problems = [...early, ...late.filter((problem) => file.isComplete || problem.source !== undefined)];
  if (!checked.success || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, config: checked.data, sources: sourcesOf(given) };
}

const nothing: FileLayer = { given: new Map(), problems: [], isComplete: true };

/** The name of the config file; undefined where all is given otherwise. */
export function configFileOf({ argv, env }: Pick<LoadInput, "argv" | "env">): string | undefined {
  return namedFile(parseArguments(argv), env);
}

function namedFile(flags: Arguments, env: Environment): string | undefined {
  return flags.configFile ?? (env[configVariable] || undefined);
}

export function readConfigFile(flags: Arguments, env: Environment, readFile: ReadFile): FileLayer {
  const file = namedFile(flags, env);
  if (file === undefined) return nothing;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const { cause, hint } = fileMistake(file, error);
    const problem = { path: "", cause, hint: `${hint} config/default.yaml is a file to start from.` };
    return { given: new Map(), problems: [problem], isComplete: false };
  }
  return readYaml(file, text);
}

/** In the schema's shape: every section is present, with the values that were given. */
function nested(given: ReadonlyMap<string, Given>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  const places = new Map([["", root]]);
  for (const { path } of sections) {
    const place = {};
    places.set(path, place);
    put(places, path, place);
  }
  for (const [path, { value }] of given) put(places, path, value);
  return root;
}

function put(places: ReadonlyMap<string, Record<string, unknown>>, path: string, value: unknown): void {
  const dot = path.lastIndexOf(".");
  const place = places.get(path.slice(0, Math.max(0, dot)));
  if (place === undefined) throw new Error(`no section for ${path}`);
  place[path.slice(dot + 1)] = value;
}

/** In the order of the file, so that it can be corrected from top to bottom; problems of other sources last. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => lineOf(a) - lineOf(b));
}

function lineOf({ source }: Problem): number {
  return source?.kind === "file" ? source.line : Number.MAX_SAFE_INTEGER;
}

function sourcesOf(given: ReadonlyMap<string, Given>): ReadonlyMap<string, Source> {
  return new Map(options.map(({ path }) => [path, given.get(path)?.source ?? { kind: "default" }]));
}
