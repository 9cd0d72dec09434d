// Loaded into Tyr before it begins (`node --import`): SIGUSR2 ends the thread of the engine, as a panic of the library does;
// SIGHUP makes it silent until then. Nothing in Tyr knows of it.

import { createRequire, syncBuiltinESMExports } from "node:module";

const threads = createRequire(import.meta.url)("node:worker_threads");
const workers = new Set();
let isSilent = false;

threads.Worker = class extends threads.Worker {
  constructor(...given) {
    super(...given);
    workers.add(this);
    isSilent = false;
    this.once("exit", () => workers.delete(this));
  }

  postMessage(...message) {
    if (!isSilent) super.postMessage(...message);
  }
};
syncBuiltinESMExports();

process.on("SIGUSR2", () => {
  for (const worker of workers) void worker.terminate();
});
process.on("SIGHUP", () => (isSilent = true));
