// Processes and threads that write to a file of `store/indexed.ts`, and end in the middle of it.

import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";

/** How a script imports what it needs to write: `oneStore(openIndexed(file))`. */
const imports = `
  const { openIndexed } = await import(${JSON.stringify(new URL("../../src/store/indexed.ts", import.meta.url))});
  const { oneStore } = await import(${JSON.stringify(new URL("indexed.ts", import.meta.url))});
`;

/** A thread that runs `code`, which sees `openIndexed`, `oneStore` and `say`. */
export function threadWith(code: string): Worker {
  const script = `
    const { parentPort } = await import("node:worker_threads");
    const say = (text) => parentPort.postMessage(text);
    ${imports}
    ${code}
  `;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
}

/** Of a transaction: how many records it writes beside its number. */
export const recordsOf = (transaction: number): number => (transaction * 7) % 5;

/** Ends at the `turn`th turn of the event loop that anybody asked for. Returns the last transaction that was told to be complete. */
export function writeUntilKilled(file: string, turn: number): number {
  const script = `
    const { setImmediate: real } = globalThis;
    let turns = 0;
    globalThis.setImmediate = (run) => real(() => {
      if (++turns === ${turn}) process.kill(process.pid, "SIGKILL");
      run();
    });
    const { writeSync } = await import("node:fs");
    ${imports}
    const { write } = await oneStore(openIndexed(${JSON.stringify(file)}));
    for (let number = 1; ; number++) {
      await write((store) => {
        store.put(number, "number");
        for (let at = 0; at < (number * 7) % 5; at++) store.put("x".repeat(at * 500), [number, at]);
      });
      writeSync(1, number + "\\n");
    }
  `;
  const { stdout, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (signal !== "SIGKILL") throw new Error(`the process ended by itself after ${stdout}`);
  return Number(stdout.trimEnd().split("\n").at(-1));
}
