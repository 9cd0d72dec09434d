/** The only time the scripted homeserver knows; stories fake it, benchmarks use the real one. */
import { setTimeout as sleepFor } from "node:timers/promises";

export interface HomeserverClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: HomeserverClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
  },
};
