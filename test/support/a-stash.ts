/** A stash that keeps, under a key of its own, or one that is switched off. */
import { Stash, type StashLimits } from "../../src/journal/stash.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { StashKey } from "../../src/store/stash-key.ts";

export const usualStash: StashLimits = { enabled: true, days: 30, maxEvents: 20_000, maxMegabytes: 64 };

export function aKey(byte = 7): StashKey {
  return { kind: "key", key: new Uint8Array(32).fill(byte) };
}

export function aStash({
  db = openDatabase(":memory:"),
  key = aKey(),
  isDryRun = false,
  ...limits
}: Partial<StashLimits> & {
  db?: ReturnType<typeof openDatabase>;
  key?: StashKey;
  isDryRun?: boolean;
} = {}): Stash {
  return new Stash({ db, key, limits: { ...usualStash, ...limits }, isDryRun });
}
