// A fresh account with Synapse's default limits, straight after its moderators have added rooms: the first ban, the answer
// to a command typed behind it, and how well the time is told that the rest takes.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MatrixEvent, textOf } from "../support/synapse/client.ts";
import { startProxy, type Proxy } from "../support/synapse/proxy.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const patienceMs = 180_000;

let synapse: Synapse;
let proxy: Proxy;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "default" });
  scene = await setScene(synapse, { rooms: 5, isBotLimited: true });
  proxy = await startProxy(synapse.url);
  tyr = await startTyr({
    homeserverUrl: proxy.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, protectedRooms: [] },
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

const inReplyTo = (event: MatrixEvent) =>
  (event.content["m.relates_to"] as { "m.in_reply_to"?: { event_id?: string } } | undefined)?.[
    "m.in_reply_to"
  ]?.event_id;
const typed = (text: string) => scene.moderator.sendText(scene.managementRoom, text);
const answerTo = (command: string) =>
  scene.moderator.until((event) => event.type === "m.room.message" && inReplyTo(event) === command, {
    what: "the answer to a command",
    timeoutMs: patienceMs,
  });

test(
  "straight after five rooms add help is answered before the last ban is made, and the time that the rest takes is told",
  async () => {
    const { userId } = await scene.person("spammer", scene.rooms);
    const isBan = (event: MatrixEvent) =>
      event.type === "m.room.member" && event.state_key === userId && event.content.membership === "ban";
    for (const room of scene.rooms) await answerTo(await typed(`!tyr rooms add ${room}`));

    const ban = await typed(`!tyr ban ${userId} rude`);
    const saidAt = performance.now();
    const help = await typed("!tyr help");
    const first = await scene.moderator.until(isBan, { what: "the first ban", timeoutMs: patienceMs });
    const helped = await answerTo(help);
    const mark = await scene.moderator.until(
      (event) =>
        event.type === "m.reaction" &&
        (event.content["m.relates_to"] as { event_id?: string }).event_id === ban,
      { what: "the mark at the ban", timeoutMs: patienceMs },
    );
    const last = scene.moderator.allSeen(isBan).at(-1)!;

    const texts = scene.moderator.allSeen(
      (event) => event.type === "m.room.message" && event.sender === scene.bot.userId,
    );
    const told = texts.filter(({ event }) => textOf(event).includes("limits how fast"));
    const since = (at: number) => Math.round(at - saidAt);
    if (process.env.E2E_LIMITS_REPORT !== undefined)
      process.stderr.write(
        `first ban ${since(first.at)} ms, help ${since(helped.at)} ms, last ban ${since(last.at)} ms, mark ${since(mark.at)} ms\n${told.map(({ event, at }) => `${since(at)} ms: ${textOf(event)}`).join("\n")}\n`,
      );
    if (process.env.E2E_LIMITS_REPORT !== undefined)
      for (const one of proxy.exchanges.filter(({ method }) => method !== "GET"))
        process.stderr.write(
          `${since(one.askedAt)} ms ${one.status} ${one.method} ${decodeURIComponent(one.path)}\n`,
        );
    expect(scene.moderator.allSeen(isBan)).toHaveLength(5);
    expect(first.at).toBeLessThan(last.at);
    expect(helped.at).toBeLessThan(last.at);
    expect(textOf(told[0]!.event)).toMatch(/about (?:\d+ seconds|a few seconds|[\d.]+ minutes)/);
  },
  patienceMs,
);
