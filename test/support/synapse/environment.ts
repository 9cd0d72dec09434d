// The Python environment with Synapse in it, installed once into .cache/ and shared by every run. What is needed
// to start a server quickly beyond that is in template.ts.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const cacheFolder = join(import.meta.dirname, "../../../.cache");
const requirementsFile = join(import.meta.dirname, "requirements.txt");
const pythonNames = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const oldestPython = [3, 10] as const;

export interface SynapseEnvironment {
  readonly folder: string;
  readonly python: string;
}

/** There is no Python on this machine that could run a Synapse. */
export class PythonMissing extends Error {}

/** Installs Synapse if this machine does not have it yet, which takes about half a minute. */
export async function synapseEnvironment(): Promise<SynapseEnvironment> {
  const requirements = await readFile(requirementsFile, "utf8");
  const { command, version } = await findPython();
  const folder = join(cacheFolder, environmentName(requirements, version));
  if (!existsSync(folder)) await install(folder, command);
  return { folder, python: join(folder, "bin/python") };
}

function environmentName(requirements: string, pythonVersion: string): string {
  const synapse = /^matrix-synapse==(\S+)$/m.exec(requirements)?.[1];
  if (synapse === undefined) throw new Error(`${requirementsFile}: no line "matrix-synapse==VERSION"`);
  const pins = createHash("sha256").update(requirements).digest("hex").slice(0, 6);
  return `synapse-${synapse}-py${pythonVersion}-${pins}`;
}

async function findPython(): Promise<{ command: string; version: string }> {
  // ensurepip is what some distributions leave out of their Python (Debian: package python3-venv).
  const probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
  const found: string[] = [];
  for (const command of pythonNames) {
    try {
      const version = (await run(command, ["-c", probe])).stdout.trim();
      const [major = 0, minor = 0] = version.split(".").map(Number);
      if (major === oldestPython[0] && minor >= oldestPython[1]) return { command, version };
      found.push(`${command} is ${version}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        found.push(`${command} has no venv or ensurepip`);
    }
  }
  throw new PythonMissing(
    `Synapse needs Python ${oldestPython.join(".")} or later with venv (${found.join("; ") || "no Python found"}). ` +
      "Install it (Debian and Ubuntu: apt install python3 python3-venv) and run this again. " +
      'Without it, "npm run test:unit" runs every test that needs no homeserver.',
  );
}

/** Installs into a draft folder and renames it at the end, so that an interrupted installation is never used. */
async function install(folder: string, python: string): Promise<void> {
  console.error(
    "setup: installing Synapse for the end-to-end tests into .cache/ (about half a minute, once)",
  );
  const draft = `${folder}.draft-${process.pid}`;
  await mkdir(cacheFolder, { recursive: true });
  try {
    await run(python, ["-m", "venv", draft]);
    // Only `python -m` is used afterwards: the scripts in bin/ would still name the folder before the rename.
    await run(join(draft, "bin/python"), pipArguments());
    await rename(draft, folder);
  } catch (error) {
    // Another run may have finished the same installation first.
    if (existsSync(folder)) return;
    throw new Error(
      "Synapse could not be installed. It needs the Python package index and exists for Linux on x86-64 and ARM " +
        '(glibc or musl). "npm run test:unit" runs every test that needs no homeserver.\n' +
        String((error as { stderr?: string }).stderr ?? error),
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function pipArguments(): string[] {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  return ["-m", "pip", "install", ...quiet, "--only-binary", ":all:", "-r", requirementsFile];
}
