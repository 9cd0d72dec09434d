/** Reads the environment: TYR_HOMESERVER_URL for homeserver.url, lists with commas between the items. */
import { nearest } from "../kit/did-you-mean.ts";
import type { Problem } from "./problem.ts";
import { valueOfText } from "./given-values.ts";
import type { Given, Layer } from "./given-values.ts";
import { environmentVariableFor, options, sections } from "./options.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = "TYR_";
/** Names the config file, like --config. */
export const configVariable = "TYR_CONFIG";

export function readEnvironment(env: Environment): Layer {
  const given = new Map<string, Given>();
  for (const option of options) {
    const name = option.environmentVariable;
    const text = env[name];
    // A compose file passes a variable that is not set as an empty one.
    if (text === undefined || text.trim() === "") continue;
    given.set(option.path, { value: valueOfText(option, text), source: { kind: "environment", name } });
  }
  return { given, problems: Object.keys(env).flatMap(explainName) };
}

const optionByVariable = new Map(options.map((option) => [option.environmentVariable, option.path]));
const knownNames = [configVariable, ...optionByVariable.keys()];
const sectionPrefixes = sections.map((section) => `${environmentVariableFor(section.path)}_`);

/**
 * An unknown name is a mistake only where it resembles one of ours: Kubernetes, for example, sets TYR_SERVICE_HOST in
 * every container where there is a service called tyr.
 */
function explainName(name: string): Problem[] {
  if (!name.startsWith(prefix) || knownNames.includes(name)) return [];
  const closest = nearest(withoutPrefix(name), knownNames.map(withoutPrefix));
  if (closest === undefined && !sectionPrefixes.some((start) => name.startsWith(start))) return [];
  return [
    {
      source: { kind: "environment", name },
      path: "",
      cause: "unknown setting",
      hint:
        closest === undefined ? "docs/settings.md lists them all." : `Did you mean "${prefix}${closest}"?`,
      meant: closest === undefined ? undefined : optionByVariable.get(prefix + closest),
    },
  ];
}

function withoutPrefix(name: string): string {
  return name.slice(prefix.length);
}
