// mautrix-go with goolm (Go) as a moderator's client: cryptography of its own in pure Go, cross-signing, and no keys for
// devices that their owner has not signed, as Element. Only where Go is at hand; built once into .cache/.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../python-environment.ts";
import type { RegisteredUser, Synapse } from "../synapse/synapse.ts";
import { type OtherClient, startOtherClient } from "./other-client.ts";

const run = promisify(execFile);
const sources = join(import.meta.dirname, "mautrix");
// No C compiler is needed, and no other Go is fetched than the one that is here.
const environment = { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" };

/** The program, or why it is not to be had here. */
export type MautrixProgram = { readonly program: string } | { readonly missing: string };

/** Builds it if this machine does not have it yet, which takes about a minute. */
export async function mautrixProgram(): Promise<MautrixProgram> {
  const hash = createHash("sha256").update(process.arch);
  for (const name of ["go.mod", "go.sum", "main.go"]) hash.update(await readFile(join(sources, name)));
  const folder = join(cacheFolder, `mautrix-${hash.digest("hex").slice(0, 6)}`);
  const program = join(folder, "client");
  if (existsSync(program)) return { program };
  try {
    await run("go", ["mod", "download"], { cwd: sources, env: environment });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const reason = code === "ENOENT" ? "there is no Go on this machine" : String(stderr ?? error).trim();
    return { missing: `Not tried with mautrix-go: ${reason}. matrix-nio stands in for it.` };
  }
  console.error(
    "setup: building a client of mautrix-go for the end-to-end tests into .cache/ (about a minute, once)",
  );
  const draft = `${folder}.draft-${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    const build = ["build", "-tags", "goolm", "-trimpath", "-o", join(draft, "client"), "."];
    await run("go", build, { cwd: sources, env: environment });
    await rename(draft, folder);
  } catch (error) {
    // Another run may have finished the same build first.
    if (!existsSync(program)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { program };
}

export async function startMautrix(
  program: string,
  synapse: Synapse,
  user: RegisteredUser,
): Promise<OtherClient> {
  return startOtherClient({
    command: program,
    args: [],
    login: { url: synapse.url, user: user.userId, password: user.password },
  });
}
