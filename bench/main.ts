// `npm run bench [name ...]`: every scenario, or the named ones, against the compiled bot. A benchmark prints a table
// and judges nothing; it fails only where an effect does not come.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { burst } from "./scenarios/burst.ts";
import { flood } from "./scenarios/flood.ts";
import { gap } from "./scenarios/gap.ts";
import { isolation } from "./scenarios/isolation.ts";
import { join } from "./scenarios/join.ts";
import { redact } from "./scenarios/redact.ts";
import { restart } from "./scenarios/restart.ts";
import { scale } from "./scenarios/scale.ts";
import { serverRule } from "./scenarios/server-rule.ts";
import { userRule } from "./scenarios/user-rule.ts";

const scenarios: Readonly<Record<string, () => Promise<void>>> = {
  "user-rule": userRule,
  "server-rule": serverRule,
  join,
  burst,
  flood,
  redact,
  gap,
  restart,
  isolation,
  scale,
};
/** The micro-benchmarks, each a program of its own. */
const programs = ["match", "acl", "lanes"];

const known = [...Object.keys(scenarios), ...programs];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  process.exit(2);
}

const root = resolve(import.meta.dirname, "..");
run("npm", ["run", "-s", "build"]);
for (const name of wanted.length > 0 ? wanted : known) {
  const scenario = scenarios[name];
  if (scenario) await scenario();
  else if (existsSync(resolve(root, `bench/${name}.ts`)))
    run(process.execPath, ["--expose-gc", `bench/${name}.ts`]);
}
process.exit(0);

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}
