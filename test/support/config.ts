// A config from settings as a YAML file would hold them.

import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/schema.ts";

export function configFrom(settings: Readonly<Record<string, unknown>>): Config {
  const readFile = () => JSON.stringify(settings);
  const loaded = loadConfig({ argv: ["--config", "tyr.yaml"], env: {}, readFile });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}
