// Makes a fresh clone ready to run: installs the locked packages, once per lockfile. Plain JavaScript for
// Node 20 and later, because it runs before anything is installed; among the packages is Node 24 itself, which
// npm scripts find first from then on. Synapse, for the demo and the end-to-end tests, is prepared at first use by
// test/support/synapse/environment.ts.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".tyr-setup");
// Everything that decides what `npm ci` would install.
const inputs = ["package.json", "package-lock.json", ".npmrc", "vendor/toolchain/package.json"];

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  install();
  // Written last: an interrupted installation leaves no stamp and is done again.
  writeFileSync(stamp, wanted);
}
requireNode24();

function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\n`);
  for (const name of inputs) hash.update(name).update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

function install() {
  console.error("setup: installing packages (npm ci, about half a minute)");
  // --include: the tests and the demo need both kinds, whatever NODE_ENV or npm's own settings say.
  const args = ["ci", "--include=dev", "--include=optional", "--loglevel=error", "--no-progress"];
  const npm = spawnSync("npm", args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) fail(`"npm ${args.join(" ")}" failed; the reason is above. Then run this again.`);
}

function requireNode24() {
  const bundled = existsSync(join(root, "node_modules", ".bin", "node"));
  if (bundled || Number(process.versions.node.split(".")[0]) >= 24) return;
  fail(
    `Node ${process.versions.node} is too old, and Node 24 could not be installed from the registry for ` +
      `${process.platform}-${process.arch}. Install Node 24 or later and run this again.`,
  );
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}
