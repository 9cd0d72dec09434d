/** Reads the data folder alone, for `tyr backup`: the rest of the config may be wrong or missing. */
import { parseArguments } from "./arguments.ts";
import { readEnvironment } from "./environment.ts";
import { readConfigFile, type LoadInput } from "./load.ts";
import type { Problem } from "./problem.ts";
import { configSchema } from "./schema.ts";

export type LoadedDataPath =
  | { readonly ok: true; readonly dataPath: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function loadDataPath({ argv, env, readFile }: LoadInput): LoadedDataPath {
  const flags = parseArguments(argv);
  const environment = readEnvironment(env);
  if (flags.problems.length > 0) return { ok: false, problems: flags.problems };
  const named = flags.given.get("dataPath") ?? environment.given.get("dataPath");
  // The config file is read only where no flag or variable names the folder.
  const file = named === undefined ? readConfigFile(flags, env, readFile) : undefined;
  const given = named ?? file?.given.get("dataPath");
  const problems = file?.problems.filter((one) => !file.isComplete || isAbout("dataPath", one)) ?? [];
  const checked = configSchema.shape.dataPath.safeParse(given?.value);
  if (checked.success && problems.length === 0) return { ok: true, dataPath: checked.data };
  if (problems.length > 0) return { ok: false, problems };
  return { ok: false, problems: [{ source: given?.source, path: "dataPath", cause: "expected text" }] };
}

function isAbout(path: string, problem: Problem): boolean {
  return problem.path === path || problem.meant === path;
}
