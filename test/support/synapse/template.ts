// A prepared database and certificate that each test server starts from: creating the tables and working off
// Synapse's background updates takes several seconds, copying the result a few milliseconds.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { PythonEnvironment } from "../python-environment.ts";
import { logConfig, synapseConfig } from "./config.ts";
import { synapseEnvironment } from "./environment.ts";
import { signingKey } from "./keys.ts";
import { freePorts } from "./ports.ts";
import { launch } from "./process.ts";

const updatesTimeoutMs = 120_000;

export interface SynapseTemplate {
  readonly python: string;
  readonly database: string;
  readonly certificate: string;
  readonly certificateKey: string;
}

/** Everything that a server needs and that this machine can keep. Slow once, then immediate. */
export async function synapseTemplate(): Promise<SynapseTemplate> {
  const environment = await synapseEnvironment();
  const folder = join(environment.folder, "template");
  if (!existsSync(folder)) await make(folder, environment);
  return { python: environment.python, ...filesIn(folder) };
}

function filesIn(folder: string): Omit<SynapseTemplate, "python"> {
  return {
    database: join(folder, "homeserver.db"),
    certificate: join(folder, "certificate.pem"),
    certificateKey: join(folder, "certificate-key.pem"),
  };
}

async function make(folder: string, { python }: PythonEnvironment): Promise<void> {
  console.error("setup: preparing an empty Synapse database (some seconds, once)");
  const draft = `${folder}.draft-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    const { database, certificate, certificateKey } = filesIn(draft);
    const script = join(import.meta.dirname, "certificate.py");
    await promisify(execFile)(python, [script, certificate, certificateKey]);
    await fillDatabase(draft, python, database);
    await rename(draft, folder);
  } catch (error) {
    // Another run may have finished the same preparation first.
    if (!existsSync(folder)) throw error;
    await rm(draft, { recursive: true, force: true });
  }
}

async function fillDatabase(folder: string, python: string, database: string): Promise<void> {
  const [clientPort] = await freePorts("127.0.0.1", 1);
  const config = synapseConfig({
    folder,
    serverName: "template.test",
    bindAddress: "127.0.0.1",
    clientPort,
    federation: undefined,
    sharedSecret: "template",
    rateLimits: "none",
    defaultRoomVersion: "11",
    experimentalFeatures: {},
  });
  const configFile = join(folder, "homeserver.json");
  const hurry = { background_updates: { background_update_duration_ms: 1000, sleep_enabled: false } };
  await writeFile(configFile, JSON.stringify({ ...config, ...hurry }));
  await writeFile(join(folder, "log.yaml"), JSON.stringify(logConfig));
  await writeFile(join(folder, "signing.key"), signingKey());
  const logFile = join(folder, "synapse.log");
  const synapse = await launch({ python, configFile, logFile, url: `http://127.0.0.1:${clientPort}` });
  try {
    await untilUpdated(database);
  } finally {
    await synapse.stop();
  }
  // Kept in the file, and copied with it: commits without waiting for a rollback journal.
  const file = new DatabaseSync(database);
  file.exec("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);");
  file.close();
}

async function untilUpdated(database: string): Promise<void> {
  const file = new DatabaseSync(database, { readOnly: true, timeout: 5000 });
  try {
    const remaining = file.prepare("SELECT count(*) AS n FROM background_updates");
    const deadline = performance.now() + updatesTimeoutMs;
    while (Number(remaining.get()?.n) > 0) {
      if (performance.now() > deadline) throw new Error("Synapse did not finish its background updates");
      await pause(50);
    }
  } finally {
    file.close();
  }
}
