/** Loads a config from texts instead of files, for the tests beside it. */
import { loadConfig } from "../../src/config/load.ts";
import { renderProblem } from "../../src/config/explain.ts";
import type { Loaded, LoadInput } from "../../src/config/load.ts";
import type { Config } from "../../src/config/schema.ts";

interface Texts {
  readonly yaml?: string;
  readonly argv?: readonly string[];
  readonly env?: LoadInput["env"];
  /** Contents of other files by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

export const minimalYaml = `
homeserver:
  url: https://matrix.example.org
  accessToken: syt_secret
managementRoom: "#moderators:example.org"
dataPath: /var/lib/tyr
`;

export function load({ yaml, argv = [], env = {}, files = {} }: Texts): Loaded {
  const all: Readonly<Record<string, string>> = yaml === undefined ? files : { ...files, "tyr.yaml": yaml };
  const config = yaml === undefined ? [] : ["--config", "tyr.yaml"];
  return loadConfig({ argv: [...config, ...argv], env, readFile: (path) => all[path] ?? missing(path) });
}

export function configOf(texts: Texts): Config {
  const loaded = load(texts);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.config;
}

export function messagesOf(texts: Texts): readonly string[] {
  const loaded = load(texts);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

function missing(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
}
