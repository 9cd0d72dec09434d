// Runs the test suites one after the other and adds up their results in a last line. Arguments go to Jest:
// `npm test -- test/kit/glob.test.ts`, `npm run test:unit -- -t "leaves moderators alone"`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { testLimitMs } from "../test/support/patience.ts";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const root = join(import.meta.dirname, "..");
const suites = ["core", "e2e"] as const;
const { only, jestArgs } = readArguments(process.argv.slice(2));

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
let isGreen = true;
for (const suite of suites) {
  if (only !== undefined && only !== suite) continue;
  const begun = performance.now();
  const { tally, exitCode } = runSuite(suite);
  process.stdout.write(`== ${suite} tests took ${Math.round((performance.now() - begun) / 1000)} s\n`);
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  if (exitCode !== 0 || tally.failed > 0) isGreen = false;
}

// A run without a single test proves nothing, so it does not count as a success.
if (!isGreen || total.passed === 0) process.exitCode = 1;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);

function readArguments(argv: readonly string[]): { only: string | undefined; jestArgs: readonly string[] } {
  if (argv[0] !== "--only") return { only: undefined, jestArgs: argv };
  const { values } = parseArgs({ args: argv.slice(0, 2), options: { only: { type: "string" } } });
  return { only: values.only, jestArgs: argv.slice(2) };
}

function runSuite(suite: (typeof suites)[number]): { tally: Tally; exitCode: number } {
  const folder = mkdtempSync(join(tmpdir(), "tyr-jest-"));
  try {
    const report = join(folder, "report.json");
    const jest = spawnSync(process.execPath, jestCommand(suite, report), {
      cwd: root,
      // Jest's progress goes to stderr; on one stream the closing line is last wherever the output is sent.
      stdio: ["ignore", 1, 1],
    });
    return { tally: readTally(report), exitCode: jest.status ?? 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jestCommand(suite: (typeof suites)[number], report: string): string[] {
  return [
    // ES modules in Jest still hang on this flag; the warning about it would head every run.
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    // Old dependencies of matrix-bot-sdk.
    "--disable-warning=DEP0040",
    "--disable-warning=DEP0060",
    "node_modules/jest/bin/jest.js",
    `--selectProjects=${suite}`,
    "--json",
    `--outputFile=${report}`,
    // A pattern picks files from one suite; the other has none then.
    ...(jestArgs.length > 0 ? ["--passWithNoTests"] : []),
    // One real server at a time: figures and timeouts stay comparable.
    ...(suite === "e2e" ? ["--runInBand"] : ["--maxWorkers=100%"]),
    `--testTimeout=${testLimitMs[suite]}`,
    ...jestArgs,
  ];
}

function readTally(report: string): Tally {
  try {
    const json = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    return {
      passed: json.numPassedTests ?? 0,
      // A file that does not even load has no failed test, yet it is a failure.
      failed: (json.numFailedTests ?? 0) + (json.numRuntimeErrorTestSuites ?? 0),
      skipped: json.numPendingTests ?? 0,
    };
  } catch {
    // Jest ended before it could report: its own message is above.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
