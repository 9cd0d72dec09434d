// `npm run bench -- --against REVISION`: builds that revision in a worktree of its own and runs its benchmarks and ours
// in turn, so that both meet the same machine at the same time. This checkout's benchmarks measure both builds; only the
// programs that measure modules (`match`, `acl`, `lanes`, `rules`) are each revision's own.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, printComparison, type Round } from "./compare.ts";
import { readTables } from "./read-tables.ts";

export interface AgainstOptions {
  readonly root: string;
  readonly revision: string;
  readonly names: readonly string[];
  /** Those of the names that measure modules and not the built bot. */
  readonly programs: readonly string[];
  readonly rounds: number;
  /** Rows whose name holds this text; all where there is none. */
  readonly only: string | undefined;
}

export function against(options: AgainstOptions): void {
  const { root, revision, names, programs, rounds, only } = options;
  const commit = output("git", ["rev-parse", "--short", "--verify", `${revision}^{commit}`], root).trim();
  const folder = mkdtempSync(join(tmpdir(), "tyr-against-"));
  const other = join(folder, commit);
  try {
    output("git", ["worktree", "add", "--quiet", "--detach", other, commit], root);
    provideModules(root, other);
    for (const checkout of [root, other]) output("npm", ["run", "-s", "build"], checkout);
    for (const name of names) {
      const before: Round[] = [];
      const after: Round[] = [];
      for (let round = 1; round <= rounds; round++) {
        console.log(`${name}: round ${round} of ${rounds}`);
        const sides = [
          { checkout: other, figures: before },
          { checkout: root, figures: after },
        ];
        // The second to run finds a warmer machine, so both are second in turn.
        for (const { checkout, figures } of round % 2 === 1 ? sides : sides.toReversed())
          figures.push(run(programs.includes(name) ? checkout : root, { checkout, name }));
      }
      const rows = compare(before, after).filter(({ row }) => only === undefined || row.includes(only));
      console.log("");
      printComparison(rows, commit);
      console.log("");
    }
  } finally {
    spawnSync("git", ["worktree", "remove", "--force", other], { cwd: root });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shared where both are made from the same lockfile. */
function provideModules(root: string, other: string): void {
  const lock = (checkout: string) => readFileSync(join(checkout, "package-lock.json"), "utf8");
  if (lock(root) === lock(other)) symlinkSync(join(root, "node_modules"), join(other, "node_modules"));
  else {
    console.log("installing the packages of that revision");
    const quiet = ["--loglevel=error", "--no-progress", "--no-audit", "--no-fund"];
    output("npm", ["ci", "--include=dev", "--include=optional", ...quiet], other);
  }
}

/** A benchmark that fails on one side has no figures there; its last words are shown. */
function run(cwd: string, { checkout, name }: { readonly checkout: string; readonly name: string }): Round {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bench/main.ts", name], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, BENCH_CHECKOUT: checkout },
  });
  if (status !== 0) console.log(`  ${checkout} ended with ${status}:\n${stderr.slice(-2_000)}`);
  return readTables(stdout);
}

function output(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr ?? error?.message}`);
  return stdout;
}
