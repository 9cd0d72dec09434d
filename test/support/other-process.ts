// A second process of ours that runs a few lines with the store at hand, and stays until it is told to end.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const store = join(import.meta.dirname, "../../src/store");

export interface OtherProcess {
  readonly pid: number;
  /** Resolves with the first line it prints. */
  readonly said: Promise<string>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** `code` sees `openDatabase` and `folder`, and says one thing with `say`. The process stays. */
export function otherProcess(code: string, folder: string): OtherProcess {
  const script = `
    import { openDatabase } from ${JSON.stringify(join(store, "database.ts"))};
    const folder = ${JSON.stringify(folder)};
    const say = (text) => console.log(text);
    ${code}
    process.stdin.on('end', () => process.exit()).resume();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    // It ends with us at the latest, when its input does.
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid: child.pid!,
    said: firstLine(child),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once("exit", () => reject(new Error(`the other process ended after: ${text}`)));
  });
}
