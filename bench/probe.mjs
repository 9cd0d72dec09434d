// Preloaded into the measured process: at SIGUSR2 it writes one line with its memory, CPU time and longest pause.
import { monitorEventLoopDelay } from "node:perf_hooks";

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on("SIGUSR2", () => {
  const { rss } = process.memoryUsage();
  const longestPauseMs = delay.max / 1e6;
  globalThis.gc?.();
  const rssAfterGc = process.memoryUsage.rss();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const figures = { rss, rssAfterGc, heapUsed, external, arrayBuffers, cpuUs: user + system, longestPauseMs };
  process.stderr.write(`probe ${JSON.stringify(figures)}\n`);
  delay.reset();
});
