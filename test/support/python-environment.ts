// Python programs that the tests need (a Synapse, a client), each with what it needs installed once into a folder of
// its own in .cache/, which every run shares.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const cacheFolder = join(import.meta.dirname, "../../.cache");
const pythonNames = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const oldestPython = [3, 10] as const;

export interface PythonEnvironment {
  readonly folder: string;
  readonly python: string;
}

export interface PythonProgram {
  /** As people call it. */
  readonly title: string;
  /** Its folder in .cache/ begins with this. */
  readonly name: string;
  /** The package of the requirements whose version names the folder. */
  readonly package: string;
  readonly requirementsFile: string;
  /** What to say where it cannot be installed. */
  readonly advice: string;
}

/** There is no Python on this machine that could run it. */
export class PythonMissing extends Error {}

/** Installs the program if this machine does not have it yet, which takes about half a minute. */
export async function pythonEnvironment(program: PythonProgram): Promise<PythonEnvironment> {
  const requirements = await readFile(program.requirementsFile, "utf8");
  const { command, version } = await findPython(program);
  const folder = join(cacheFolder, environmentName(program, requirements, version));
  if (!existsSync(folder)) await install(program, folder, command);
  return { folder, python: join(folder, "bin/python") };
}

function environmentName(program: PythonProgram, requirements: string, pythonVersion: string): string {
  const pin = requirements.split("\n").find((line) => line.split(/[[=]/)[0] === program.package);
  const version = pin?.split("==")[1];
  if (version === undefined)
    throw new Error(`${program.requirementsFile}: no line "${program.package}==VERSION"`);
  const pins = createHash("sha256").update(requirements).digest("hex").slice(0, 6);
  return `${program.name}-${version}-py${pythonVersion}-${pins}`;
}

async function findPython({ title }: PythonProgram): Promise<{ command: string; version: string }> {
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
    `${title} needs Python ${oldestPython.join(".")} or later with venv (${found.join("; ") || "no Python found"}). ` +
      "Install it (Debian and Ubuntu: apt install python3 python3-venv) and run this again. " +
      'Without it, "npm run test:unit" runs every test that needs no homeserver.',
  );
}

/** Installs into a draft folder and renames it at the end, so that an interrupted installation is never used. */
async function install(program: PythonProgram, folder: string, python: string): Promise<void> {
  console.error(
    `setup: installing ${program.title} for the end-to-end tests into .cache/ (about half a minute, once)`,
  );
  const draft = `${folder}.draft-${process.pid}`;
  await mkdir(cacheFolder, { recursive: true });
  try {
    await run(python, ["-m", "venv", draft]);
    // Only `python -m` is used afterwards: the scripts in bin/ would still name the folder before the rename.
    await run(join(draft, "bin/python"), pipArguments(program));
    await rename(draft, folder);
  } catch (error) {
    // Another run may have finished the same installation first.
    if (existsSync(folder)) return;
    throw new Error(
      `${program.title} could not be installed. ${program.advice}\n` +
        String((error as { stderr?: string }).stderr ?? error),
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function pipArguments({ requirementsFile }: PythonProgram): string[] {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  return ["-m", "pip", "install", ...quiet, "--only-binary", ":all:", "-r", requirementsFile];
}
