// Writes the files that are derived from code (settings, protections, commands), so that documentation cannot
// drift from behaviour. `--check` writes nothing and fails when a file on disk differs. What each file says is
// decided by its generator.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { format, resolveConfig } from "prettier";
import { commands } from "../src/commands/index.ts";
import { commandsPage } from "../src/commands/docs-page.ts";
import { peersPage } from "../src/management-room/hearing/foreign/peers-page.ts";
import { protectionFiles } from "../src/protections/generate.ts";
import { metricsFiles } from "./metrics-files.ts";
import { settingsFiles } from "../src/config/generate.ts";

export interface Generator {
  /** File contents by path, relative to the project's folder, with forward slashes. */
  readonly files: () => ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>;
  /** A folder that holds nothing but these files: what is found there and no longer generated is removed. */
  readonly folder?: string;
}

const generators: readonly Generator[] = [
  { files: settingsFiles },
  { files: protectionFiles },
  { files: metricsFiles },
  { files: () => new Map([["docs/commands.md", commandsPage(commands, "!tyr")]]) },
  { files: () => new Map([["docs/peers.md", peersPage()]]) },
];

const root = join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");
const differing: string[] = [];

for (const generator of generators) {
  const files = await generator.files();
  for (const [path, text] of files) await update(path, await pretty(path, text));
  if (generator.folder === undefined) continue;
  for (const path of await filesIn(generator.folder)) {
    if (!files.has(path)) await update(path, undefined);
  }
}

if (isCheck && differing.length > 0) {
  console.error(
    `generate: not up to date: ${differing.join(", ")}. Run "npm run generate" and commit the result.`,
  );
  process.exitCode = 1;
}

/** Writes one file with the wanted text, or removes it (`undefined`); with `--check` notes that it differs. */
async function update(path: string, wanted: string | undefined): Promise<void> {
  const file = join(root, path);
  if ((await readIfAny(file)) === wanted) return;
  differing.push(path);
  if (isCheck) return;
  console.error(`generate: ${wanted === undefined ? "removing" : "writing"} ${path}`);
  if (wanted === undefined) {
    await rm(file);
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, wanted);
}

async function pretty(path: string, text: string): Promise<string> {
  const options = await resolveConfig(join(root, path));
  return format(text, { ...options, filepath: path });
}

async function readIfAny(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => posix.join(folder, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
