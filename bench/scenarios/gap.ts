// Ten thousand rules in one gap of the sync: all of them count, whether Tyr was running or not.

import { setTimeout as pause } from "node:timers/promises";
import { type Community, withCommunity } from "../scripted.ts";
import { samples } from "../measured.ts";
import { Runs, show } from "../support.ts";

const rules = 10_000;
const times = samples(3);
const patienceMs = 60_000;

export async function gap(): Promise<void> {
  const live = new Runs();
  const stopped = new Runs();
  for (let run = 0; run < times; run++) {
    await withCommunity({ rooms: 30, membersEach: 20 }, async (community) =>
      live.add(await liveRun(community)),
    );
    await withCommunity({ rooms: 30, membersEach: 20 }, async (community) =>
      stopped.add(await stoppedRun(community)),
    );
  }
  show(
    `gap: ${rules.toLocaleString("en")} rules at once, the first, middle and last against people in rooms; scripted homeserver, ${times} runs`,
    [
      {
        what: "running: all three banned, from the rules written",
        measured: live.of("ms"),
        target: "none missed",
      },
      { what: "  reads of the list to fill the gap", measured: live.of("reads"), unit: "" },
      {
        what: "stopped meanwhile: all three banned, from the start",
        measured: stopped.of("ms"),
        target: "none missed",
      },
      { what: "  reads of the list to fill the gap", measured: stopped.of("reads"), unit: "" },
    ],
  );
}

async function liveRun(community: Community): Promise<Record<string, number>> {
  const victims = await present(community);
  const { tyr } = await community.start();
  await community.homeserver.call("clearRequests");
  await write(community);
  const figures = await banned(community, victims);
  await tyr.stop();
  await tyr.remove();
  return figures;
}

async function stoppedRun(community: Community): Promise<Record<string, number>> {
  const victims = await present(community);
  const { tyr } = await community.start();
  await tyr.stop();
  await write(community);
  await community.homeserver.call("clearRequests");
  const begun = performance.now();
  const [figures, again] = await Promise.all([banned(community, victims), community.start(tyr.folder)]);
  await again.tyr.stop();
  await again.tyr.remove();
  return { ...figures, ms: figures["at"]! - begun };
}

function nthUser(n: number): string {
  return `@spammer${n}:evil.test`;
}

/** The people whom the first, the middle and the last rule name, each in a room of their own. */
async function present({ homeserver, rooms }: Community): Promise<readonly { room: string; user: string }[]> {
  const victims = [0, rules / 2, rules - 1].map((n, i) => ({ room: rooms[i]!, user: nthUser(n) }));
  for (const { room, user } of victims) await homeserver.call("join", room, user);
  return victims;
}

async function write({ homeserver, list, author }: Community): Promise<void> {
  const content = { entity: nthUser("{i}" as never), recommendation: "m.ban", reason: "nuisance" };
  await homeserver.addRules(list, author, rules, {
    type: "m.policy.rule.user",
    stateKey: "rule:{i}",
    content,
  });
}

async function banned(
  { homeserver }: Community,
  victims: readonly { room: string; user: string }[],
): Promise<Record<string, number>> {
  const begun = performance.now();
  const isBanned = async () =>
    (await homeserver.batch(victims.map(({ room, user }) => ["membership", room, user]))).every(
      (membership) => membership === "ban",
    );
  while (!(await isBanned())) {
    if (performance.now() - begun > patienceMs) throw new Error("not all of the three were banned");
    await pause(10);
  }
  const at = performance.now();
  const counts = await homeserver.read("requestCounts");
  return { at, ms: at - begun, reads: (counts["GET messages"] ?? 0) + (counts["GET state"] ?? 0) };
}
