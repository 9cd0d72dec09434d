// Tyr as people run it: its own process with a config file, watched through its exit code and its log.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const thisCheckout = join(import.meta.dirname, "../..");

export interface TyrOptions {
  readonly homeserverUrl: string;
  readonly accessToken: string;
  /** Settings besides url, token and data folder, as the YAML file would hold them. JSON is YAML. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Kept from an earlier run to test a restart; otherwise a new folder that `remove` deletes. */
  readonly folder?: string;
  /** "src" runs the TypeScript itself, "dist" what a release would run (build first). */
  readonly from?: "src" | "dist";
  /** The checkout to run, where it is another than this. */
  readonly root?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself, for measuring. */
  readonly nodeOptions?: readonly string[];
}

export interface TyrProcess {
  readonly folder: string;
  readonly pid: number;
  /** Everything written so far to its log and error output. */
  output(): string;
  /** Resolves when the log has a line with this message. */
  logged(message: string): Promise<void>;
  /** Resolves when it has run for so long: for what Tyr does not believe right after a start. */
  ranFor(ms: number): Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Ends it as a service manager would. */
  stop(): Promise<number>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Resident memory now, in MB. */
  residentMemoryMb(): Promise<number>;
  /** Peak resident memory so far, in MB. */
  peakMemoryMb(): Promise<number>;
  /** Processor time used so far. */
  cpuMicroseconds(): Promise<number>;
  remove(): Promise<void>;
}

export async function startTyr(options: TyrOptions): Promise<TyrProcess> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "tyr-")));
  const config = join(folder, "tyr.yaml");
  const homeserver = { url: options.homeserverUrl, accessToken: options.accessToken };
  await writeFile(
    config,
    // A question that only stories are about.
    JSON.stringify({
      homeserver,
      dataPath: join(folder, "data"),
      protectionProfile: "none",
      ...options.settings,
    }),
  );
  const entry = join(options.root ?? thisCheckout, options.from === "dist" ? "dist/main.js" : "src/main.ts");
  const nodeOptions = ["--disable-warning=DEP0060", ...(options.nodeOptions ?? [])];
  const child = spawn(process.execPath, [...nodeOptions, entry, "--config", config], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  const startedAt = performance.now();
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)));
  const isLogged = (message: string) => output.includes(`"msg":${JSON.stringify(message)}`);
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  void exited.then(() => process.removeListener("exit", killAtExit));
  return {
    folder,
    pid: child.pid!,
    output: () => output,
    async logged(message) {
      let code: number | undefined;
      void exited.then((one) => (code = one));
      while (!isLogged(message)) {
        if (code !== undefined) throw new Error(`Tyr ended with ${code} before "${message}":\n${output}`);
        await pause(10);
      }
    },
    ranFor: (ms) => pause(Math.max(0, startedAt + ms - performance.now())),
    exited,
    stop: () => end(child, "SIGTERM", exited),
    kill: async () => void (await end(child, "SIGKILL", exited)),
    residentMemoryMb: async () => megabytesOf("VmRSS", await readFile(`/proc/${child.pid}/status`, "utf8")),
    peakMemoryMb: async () => megabytesOf("VmHWM", await readFile(`/proc/${child.pid}/status`, "utf8")),
    cpuMicroseconds: async () => cpuOf(await readFile(`/proc/${child.pid}/stat`, "utf8")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function end(
  child: ChildProcess,
  signal: "SIGTERM" | "SIGKILL",
  exited: Promise<number>,
): Promise<number> {
  child.kill(signal);
  return exited;
}

/** The kernel counts in hundredths of a second (proc(5), fields 14 and 15). */
function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** A line of the process's status (proc(5)), which the kernel gives in kB. */
function megabytesOf(name: "VmRSS" | "VmHWM", status: string): number {
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024);
}
