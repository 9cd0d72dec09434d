// One Synapse process: started, awaited, stopped. Which configuration it runs with is decided in synapse.ts.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const pollMs = 20;
const logTailLines = 25;

export interface SynapseProcess {
  /** Asks it to end, and insists after ten seconds. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  isRunning(): boolean;
}

export interface LaunchOptions {
  readonly python: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly url: string;
}

/** Resolves when the server answers. */
export async function launch(options: LaunchOptions): Promise<SynapseProcess> {
  const log = openSync(options.logFile, "a");
  const args = [join(import.meta.dirname, "run.py"), "--config-path", options.configFile];
  // The pipe on standard input tells the child when we are gone: see run.py.
  const child = spawn(options.python, args, { stdio: ["pipe", log, log] });
  closeSync(log);
  // A test run that ends does not wait for a server somebody forgot.
  child.unref();
  try {
    await untilHealthy(child, options);
  } catch (error) {
    await end(child, "SIGKILL");
    throw error;
  }
  return {
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
    isRunning: () => isRunning(child),
  };
}

async function untilHealthy(child: ChildProcess, { url, logFile }: LaunchOptions): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  const deadline = performance.now() + startTimeoutMs;
  while (!(await answers(`${url}/health`))) {
    if (failure !== undefined) throw failure;
    if (!isRunning(child)) throw new Error(`Synapse ended while starting:\n${await tailOf(logFile)}`);
    if (performance.now() > deadline) {
      throw new Error(`Synapse was not ready after ${startTimeoutMs} ms:\n${await tailOf(logFile)}`);
    }
    await pause(pollMs);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, "exit");
  child.ref();
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
  await ended;
  clearTimeout(insist);
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function tailOf(file: string): Promise<string> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  return `${lines.slice(-logTailLines).join("\n")}\n(all of it: ${file})`;
}
