// One piece of the table of waves, in a thread of its own: a scene for the recogniser alone, or for the whole bot.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { play, scenes } from "../test/waves/corpus.ts";
import { peers } from "../test/waves/peers.ts";
import { tried, watched, type Trial, type Watched } from "../test/waves/trial.ts";
import { lived, type WholeOptions } from "../test/waves/whole.ts";
import type { Seen } from "../test/waves/witness.ts";

export interface Task {
  readonly seed: number;
  readonly scene: string;
  /** Of the whole bot; absent: the recogniser alone. */
  readonly whole?: Omit<WholeOptions, "dataPath">;
}

export type Done =
  /** `fired`: which of the peers' thresholds the same events reach. */
  | { readonly kind: "alone"; readonly trial: Trial; readonly fired: readonly boolean[] }
  | { readonly kind: "whole"; readonly seen: Seen; readonly ms: number };

let community: (Watched & { readonly seed: number }) | undefined;

parentPort?.on("message", (task: Task) => {
  void done(task).then((result) => parentPort!.postMessage(result));
});

async function done({ seed, scene: name, whole }: Task): Promise<Done> {
  if (community?.seed !== seed) community = { seed, ...watched(seed) };
  const scene = scenes.find((one) => one.name === name)!;
  if (whole) {
    const startedAt = Date.now();
    const dataPath = mkdtempSync(join(tmpdir(), "tyr-waves-"));
    try {
      const seen = await lived(scene, community, { dataPath, ...whole });
      return { kind: "whole", seen, ms: Date.now() - startedAt };
    } finally {
      rmSync(dataPath, { recursive: true });
    }
  }
  const { events, accounts } = play(scene, community.of);
  const those = new Set(accounts.map(({ id }) => id));
  const fired = peers.map((peer) => peer.fires(events, (who) => those.has(who)) !== undefined);
  return { kind: "alone", trial: tried(scene, community), fired };
}
