// Proves that `npm pack` gives a package that installs and runs: packs, installs into an empty folder without a network
// and without lifecycle scripts, and asks what was installed. Leaves nothing behind but dist/.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
/** More than this, and something has come along that does not belong into it. */
const largestMegabytes = 12;

const folder = mkdtempSync(join(tmpdir(), "tyr-package-"));
try {
  tryIt();
  say("the package installs, runs and survives what is installed beside it");
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function tryIt(): void {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  npm(["run", "-s", "build"], root);
  npm(["pack", "--pack-destination", folder], root);
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? fail("nothing was packed");
  const megabytes = statSync(join(folder, file)).size / 1_000_000;
  say(`${file}: ${megabytes.toFixed(1)} MB`);
  if (megabytes > largestMegabytes) fail(`${file} has more than ${largestMegabytes} MB`);

  const home = join(folder, "home");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  install(home, join(folder, file));
  expectTyr(home);
  // npm looks at the whole tree again when anything else comes, and must find nothing to mend in ours.
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "package.json"), JSON.stringify({ name: "other", version: "1.0.0" }));
  install(home, other);
  expectTyr(home);
}

function install(home: string, what: string): void {
  npm(["install", what, "--offline", "--ignore-scripts"], home);
}

function expectTyr(home: string): void {
  const packages = readdirSync(join(home, "node_modules")).filter((name) => !name.startsWith("."));
  const strangers = packages.filter((name) => name !== "tyr" && name !== "other");
  if (strangers.length > 0) fail(`it brings packages from elsewhere: ${strangers.join(", ")}`);

  expect(tyr(home, "--version"), { status: 0, text: `${version}\n` });
  expect(tyr(home, "--help"), { status: 0, text: "Usage: tyr" });
  writeFileSync(join(home, "tyr.yaml"), "homeserver:\n  url: matrix.example.org\n");
  expect(tyr(home, "check", "--config", "tyr.yaml"), {
    status: 2,
    text: "tyr.yaml:2:8 homeserver.url: expected",
  });
  const config = { url: "http://127.0.0.1:9", accessToken: "none" };
  const settings = { homeserver: config, managementRoom: "!a:b.example", dataPath: "data" };
  // Loads everything that a run does, the SDK and its crypto among it, and finds nobody at that address.
  writeFileSync(join(home, "tyr.yaml"), JSON.stringify(settings));
  expect(tyr(home, "check", "--config", "tyr.yaml"), { status: 4, text: "Check homeserver.url" });
}

function tyr(home: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  // What npm tells its scripts must not reach it, and this Node is the one to use.
  const path = `${join(process.execPath, "..")}:${process.env.PATH}`;
  return spawnSync(join(home, "node_modules", ".bin", "tyr"), args, {
    cwd: home,
    encoding: "utf8",
    env: { PATH: path },
  });
}

function expect(
  { status, stdout, stderr, error }: SpawnSyncReturns<string>,
  wanted: { readonly status: number; readonly text: string },
): void {
  const output = `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`;
  if (status !== wanted.status || !output.includes(wanted.text))
    fail(`expected exit code ${wanted.status} and "${wanted.text.trim()}", got ${status} and:\n${output}`);
}

function npm(args: readonly string[], cwd: string): void {
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund"];
  const { status, stdout, stderr } = spawnSync("npm", [...args, ...quiet], { cwd, encoding: "utf8" });
  if (status !== 0) fail(`npm ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

function fail(message: string): never {
  throw new Error(message);
}

function say(text: string): void {
  process.stdout.write(`package: ${text}\n`);
}
