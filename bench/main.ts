// `npm run bench [name ...]`: every scenario, or the named ones, against the compiled bot. A benchmark prints a table
// and judges nothing; it fails only where an effect does not come. `--against REVISION` runs each in turn with that
// revision's.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { against } from "./against.ts";
import { burst } from "./scenarios/burst.ts";
import { encryption } from "./scenarios/encryption.ts";
import { flood } from "./scenarios/flood.ts";
import { gap } from "./scenarios/gap.ts";
import { isolation } from "./scenarios/isolation.ts";
import { join } from "./scenarios/join.ts";
import { redact } from "./scenarios/redact.ts";
import { restart } from "./scenarios/restart.ts";
import { scale } from "./scenarios/scale.ts";
import { serverRule } from "./scenarios/server-rule.ts";
import { start } from "./scenarios/start.ts";
import { userRule } from "./scenarios/user-rule.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: "string" },
    /** One benchmark by its name, or the rows of a comparison whose name holds this. */
    only: { type: "string" },
    rounds: { type: "string", default: "2" },
  },
});

const scenarios: Readonly<Record<string, () => Promise<void>>> = {
  start,
  "user-rule": userRule,
  "server-rule": serverRule,
  join,
  burst,
  flood,
  redact,
  gap,
  restart,
  isolation,
  encryption,
  scale,
};
/** The micro-benchmarks, each a program of its own. */
const programs = ["match", "acl", "lanes", "rules", "ordinary"];

const known = [...Object.keys(scenarios), ...programs];
const isName = values.only !== undefined && known.includes(values.only);
const wanted = isName ? [values.only!] : positionals.length > 0 ? positionals : known;
const rounds = Number(values.rounds);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) fail(`no such benchmark: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
if (!Number.isInteger(rounds) || rounds < 1)
  fail(`--rounds ${values.rounds}: expected a whole number above 0`);

const root = resolve(import.meta.dirname, "..");
if (values.against !== undefined) {
  const only = isName ? undefined : values.only;
  against({ root, revision: values.against, names: wanted, programs, rounds, only });
} else {
  // A comparison has built both sides.
  if (process.env["BENCH_CHECKOUT"] === undefined) run("npm", ["run", "-s", "build"]);
  for (const name of wanted) {
    const scenario = scenarios[name];
    if (scenario) await scenario();
    else if (existsSync(resolve(root, `bench/${name}.ts`)))
      run(process.execPath, ["--expose-gc", `bench/${name}.ts`]);
  }
}
process.exit(0);

function fail(problem: string): never {
  console.error(problem);
  process.exit(2);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}
