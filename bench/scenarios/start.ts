// What somebody waits for at a start, and what memory it takes: the program alone, and a small community.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { withCommunity } from "../scripted.ts";
import { measuredRoot, samples } from "../measured.ts";
import { quiet, Runs, show } from "../support.ts";

const size = { rooms: 50, membersEach: 20, rules: 1_000 };
const times = samples(5);

export async function start(): Promise<void> {
  const runs = new Runs();
  for (let run = 0; run < times; run++) {
    const begun = performance.now();
    const { status } = spawnSync(process.execPath, [join(measuredRoot, "dist/main.js"), "--version"]);
    if (status !== 0) throw new Error(`tyr --version ended with ${status}`);
    runs.add({ version: performance.now() - begun });
  }
  await withCommunity(size, async (community) => {
    await community.homeserver.addRules(community.list, community.author, size.rules);
    for (let run = 0; run < times; run++) {
      const first = await community.start();
      await quiet(community.moderator, 1_000);
      runs.add({ first: first.ms, memory: await first.tyr.residentMemoryMb() });
      await first.tyr.stop();
      const again = await community.start(first.tyr.folder);
      await quiet(community.moderator, 1_000);
      runs.add({ again: again.ms, memoryAgain: await again.tyr.residentMemoryMb() });
      await again.tyr.stop();
      await again.tyr.remove();
    }
  });
  const { rooms, membersEach, rules } = size;
  show(
    `start: ${rooms} rooms, ${rooms * membersEach} members, ${rules} rules; scripted homeserver, ${times} runs`,
    [
      { what: "tyr --version", measured: runs.of("version") },
      { what: "first start, process begun to first message", measured: runs.of("first") },
      { what: "  resident memory", measured: runs.of("memory"), unit: "MB" },
      { what: "restart, process begun to first message", measured: runs.of("again") },
      { what: "  resident memory", measured: runs.of("memoryAgain"), unit: "MB" },
    ],
  );
}
