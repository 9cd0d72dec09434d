// Tyr's account under the limits that every new Synapse has: 10 writes at once, then one in five seconds.
// E2E_LIMITED_ROOMS says how many rooms (10); each above eight takes five seconds.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MatrixEvent, type SeenEvent, textOf } from "../support/synapse/client.ts";
import { startProxy, type Exchange, type Proxy } from "../support/synapse/proxy.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { timelineOf } from "../support/synapse/timeline.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const roomCount = Number(process.env.E2E_LIMITED_ROOMS ?? 10);
const patienceMs = 60_000 + roomCount * 10_000;

let synapse: Synapse;
let proxy: Proxy;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "default" });
  scene = await setScene(synapse, { rooms: roomCount, isBotLimited: true });
  proxy = await startProxy(synapse.url);
  tyr = await startTyr({
    homeserverUrl: proxy.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
}, patienceMs);

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await proxy?.close();
  await synapse?.stop();
});

const isBanOf = (user: string) => (event: MatrixEvent) =>
  event.type === "m.room.member" && event.state_key === user && event.content.membership === "ban";

test(
  "a ban in many rooms is done everywhere, nothing is lost, and the waits are kept",
  async () => {
    const { userId } = await scene.person("spammer", scene.rooms);

    const command = await scene.moderator.sendText(scene.managementRoom, `!tyr ban ${userId} rude`);
    const { at: saidAt } = await scene.moderator.until((event) => event.event_id === command);
    const mark = await scene.moderator.until(
      (event) => event.type === "m.reaction" && relation(event).event_id === command,
      { what: "the mark at the command", timeoutMs: patienceMs },
    );

    for (const room of scene.rooms) {
      const bans = (await timelineOf(scene.moderator, room)).filter(isBanOf(userId));
      expect(bans).toHaveLength(1);
    }
    expect(relation(mark.event).key).toBe("✅");
    expect(await scene.said(new RegExp(`in ${roomCount} rooms`))).toContain(`banned ${userId}`);
    expect(brokenWaits(proxy.exchanges)).toEqual([]);
    const answer = answerTo(command);
    const estimate = firstEstimate(answer);
    const doneAt = answer.at(-1)!.at;
    if (process.env.E2E_LIMITS_REPORT !== undefined) report({ saidAt, doneAt, userId, estimate });
    expect(errorOf(estimate, doneAt)).toBeLessThan(1 / 3);
    expect(estimate).toBeDefined();
  },
  patienceMs,
);

/** Writes that were sent although an earlier answer had asked for silence. */
function brokenWaits(exchanges: readonly Exchange[]): readonly string[] {
  let silentUntil = 0;
  const broken: string[] = [];
  for (const one of [...exchanges].sort((a, b) => a.askedAt - b.askedAt)) {
    // What was under way when the answer came could not know of it.
    const limit = exchanges.findLast(
      (earlier) => earlier.retryAfterMs !== undefined && earlier.answeredAt < one.askedAt,
    );
    if (limit) silentUntil = Math.max(silentUntil, limit.answeredAt + limit.retryAfterMs!);
    if (one.method !== "GET" && one.askedAt < silentUntil - 5) broken.push(`${one.method} ${one.path}`);
  }
  return broken;
}

interface Estimate {
  readonly at: number;
  readonly ms: number;
}

/** The message that answers the command, and its edits. */
function answerTo(command: string): readonly SeenEvent[] {
  const said = scene.moderator.allSeen(
    ({ type, sender }) => type === "m.room.message" && sender === scene.bot.userId,
  );
  const first = said.find(({ event }) => relation(event)["m.in_reply_to"]?.event_id === command)!;
  return [first, ...said.filter(({ event }) => relation(event).event_id === first.event.event_id)];
}

function relation(event: MatrixEvent) {
  return (event.content["m.relates_to"] ?? {}) as {
    event_id?: string;
    key?: string;
    "m.in_reply_to"?: { event_id?: string };
  };
}

/** What the answer first says about how long the rest will take: "about 3 minutes". */
function firstEstimate(answer: readonly SeenEvent[]): Estimate | undefined {
  for (const { event, at } of answer) {
    const [, number, unit] = /about ([\d.]+) (second|minute|hour)/.exec(textOf(event)) ?? [];
    if (number === undefined) continue;
    const unitMs = unit === "second" ? 1_000 : unit === "minute" ? 60_000 : 3_600_000;
    return { at, ms: Number(number) * unitMs };
  }
  return undefined;
}

/** As a part of the time that it really took. No estimate, no error. */
function errorOf(estimate: Estimate | undefined, doneAt: number): number {
  return estimate ? Math.abs(estimate.ms / (doneAt - estimate.at) - 1) : 0;
}

/** What a maker of estimates wants to know. */
function report({
  saidAt,
  doneAt,
  userId,
  estimate,
}: {
  saidAt: number;
  doneAt: number;
  userId: string;
  estimate: Estimate | undefined;
}): void {
  const client = scene.moderator;
  const seconds = (at: number) => ((at - saidAt) / 1000).toFixed(1).padStart(6);
  const writes = proxy.exchanges.filter((one) => one.method !== "GET");
  for (const one of writes) {
    const wait = one.retryAfterMs === undefined ? "" : ` retry_after_ms ${one.retryAfterMs}`;
    const took = Math.round(one.answeredAt - one.askedAt);
    process.stderr.write(
      `${seconds(one.askedAt)} s ${one.status} ${took} ms ${one.method} ${decodeURIComponent(one.path)}${wait}\n`,
    );
  }
  for (const { event, at } of client.allSeen(
    (event, room) => room === scene.managementRoom && event.sender === scene.bot.userId,
  )) {
    process.stderr.write(`${seconds(at)} s said ${JSON.stringify(event.content).slice(0, 400)}\n`);
  }
  const bans = client.allSeen(isBanOf(userId));
  const told = estimate ? `at ${seconds(estimate.at)} s: ${estimate.ms / 1000} s more` : "never";
  process.stderr.write(`estimate told ${told}; done at ${seconds(doneAt)} s\n`);
  process.stderr.write(`bans at ${bans.map(({ at }) => seconds(at)).join(" ")} s\n`);
}
