// A start with nothing known, and the one after it, which should ask for nothing but what has happened since.

import { setScene, unasked } from "../../test/support/synapse/scene.ts";
import { startSynapse } from "../../test/support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../../test/support/tyr-process.ts";
import { withCommunity } from "../scripted.ts";
import { measuredRoot, samples } from "../measured.ts";
import { quiet, Runs, show } from "../support.ts";

const large = { rooms: 1_000, membersEach: 100, rules: 20_000 };
const small = 20;
const times = samples(4);

export async function restart(): Promise<void> {
  await many();
  await few();
}

async function many(): Promise<void> {
  const first = new Runs();
  const again = new Runs();
  let requests: Readonly<Record<string, number>> = {};
  await withCommunity(large, async (community) => {
    const { homeserver, list, author } = community;
    await homeserver.addRules(list, author, large.rules);
    await homeserver.call("clearRequests");
    const { tyr, ms } = await community.start();
    const asked = total(await homeserver.read("requestCounts"));
    await quiet(community.moderator, 1_000);
    first.add({ ms, asked, memory: await tyr.peakMemoryMb() });
    await tyr.stop();
    for (let run = 0; run < times; run++) {
      await homeserver.call("clearRequests");
      const next = await community.start(tyr.folder);
      await quiet(community.moderator, 1_000);
      requests = await homeserver.read("requestCounts");
      again.add({ ms: next.ms, asked: total(requests), memory: await next.tyr.peakMemoryMb() });
      await next.tyr.stop();
    }
    await tyr.remove();
  });
  const { rooms, membersEach, rules } = large;
  show(
    `restart: ${rooms} rooms, ${rooms * membersEach} members, ${rules} rules; scripted homeserver, ${times} restarts`,
    [
      { what: "first start, process begun to first message", measured: first.of("ms") },
      { what: "  requests", measured: first.of("asked"), unit: "", target: "about one a room" },
      { what: "  peak memory", measured: first.of("memory"), unit: "MB" },
      { what: "restart, process begun to first message", measured: again.of("ms") },
      { what: "  requests", measured: again.of("asked"), unit: "", target: "none for a room" },
      { what: "  peak memory", measured: again.of("memory"), unit: "MB", target: "< 200" },
    ],
  );
  console.log(`  requests of the last restart, the watching moderator's included: ${listOf(requests)}`);
}

async function few(): Promise<void> {
  const runs = new Runs();
  const synapse = await startSynapse();
  try {
    const scene = await setScene(synapse, { rooms: small });
    for (let i = 0; i < small; i++) await scene.person(`regular${i}`, scene.rooms);
    let folder: string | undefined;
    let last: TyrProcess | undefined;
    for (let run = 0; run <= times; run++) {
      await quiet(scene.moderator, 500);
      const begun = performance.now();
      const options = {
        homeserverUrl: synapse.url,
        accessToken: scene.bot.accessToken,
        from: "dist" as const,
        root: measuredRoot,
        settings: { ...scene.settings, ...unasked, log: { level: "info" } },
      };
      const tyr = (last = await startTyr({ ...options, ...(folder === undefined ? {} : { folder }) }));
      folder = tyr.folder;
      const said = await scene.moderator.until(
        (event) =>
          String(event.content["body"]).startsWith("Tyr is watching") && isNew(event.origin_server_ts, begun),
        { what: "Tyr's first message", timeoutMs: 30_000 },
      );
      await quiet(scene.moderator, 1_000);
      const figures = { ms: said.at - begun, memory: await tyr.peakMemoryMb() };
      runs.add(run === 0 ? { first: figures.ms } : figures);
      await tyr.stop();
    }
    await last?.remove();
    scene.close();
  } finally {
    await synapse.stop();
  }
  show(`restart on Synapse: ${small} rooms with ${small} regulars, ${times} restarts`, [
    { what: "first start, process begun to first message", measured: runs.of("first") },
    { what: "restart, process begun to first message", measured: runs.of("ms"), target: "<= 700" },
    { what: "  peak memory", measured: runs.of("memory"), unit: "MB", target: "< 120" },
  ]);
}

function isNew(sentAt: number | undefined, begun: number): boolean {
  return sentAt !== undefined && sentAt >= performance.timeOrigin + begun;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function listOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
