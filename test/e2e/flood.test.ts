// A flood on a real Synapse: stopped and cleaned, one message, one undo; and mutes that are put back byte for byte.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { RequestFailed, type TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const roomCount = 20;
const accounts = 5;
const messages = 300;

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: roomCount, version: "12" });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const levels = (room: string) => scene.moderator.getStateEvent(room, "m.room.power_levels");
const numberIn = (text: string) => /undo (\d+)/.exec(text)![1]!;

/** What a person wrote that stands there still. */
async function standing(room: string, user: string): Promise<readonly { readonly sentAt: number }[]> {
  const found: { sentAt: number }[] = [];
  for (let from: string | undefined; ;) {
    const page = await scene.moderator.messages(
      room,
      from === undefined ? { limit: 500 } : { from, limit: 500 },
    );
    for (const event of page.chunk)
      if (event.sender === user && event.type === "m.room.message" && "body" in event.content)
        found.push({ sentAt: event.origin_server_ts! });
    if (page.end === undefined || page.chunk.length === 0) return found;
    from = page.end;
  }
}

test("a mute in 20 rooms and its unmute leave every power level byte for byte as it was", async () => {
  const { userId } = await scene.person("loud", scene.rooms);
  await ask(scene, "!tyr rooms");
  const before = await Promise.all(scene.rooms.map(levels));

  const muted = await ask(scene, `!tyr mute ${userId} calm down`);
  const during = await Promise.all(scene.rooms.map(levels));
  const unmuted = await ask(scene, `!tyr unmute ${userId}`);
  const after = await Promise.all(scene.rooms.map(levels));

  expect([muted.mark, unmuted.mark]).toEqual(["✅", "✅"]);
  expect(during.map((content) => (content!["users"] as Record<string, number>)[userId])).toEqual(
    scene.rooms.map(() => -1),
  );
  expect(after.map((content) => JSON.stringify(content))).toEqual(
    before.map((content) => JSON.stringify(content)),
  );
});

test("300 messages by five accounts in three rooms are stopped, told once, and one undo takes it back", async () => {
  const rooms = scene.rooms.slice(0, 3);
  const flooders = [];
  for (let i = 0; i < accounts; i++) flooders.push(await scene.person(`flooder-${i}`, rooms));
  const regular = await scene.person("regular", rooms);
  for (const room of rooms) for (let i = 0; i < 3; i++) await regular.client.sendText(room, `talk ${i}`);
  await ask(scene, "!tyr protections enable flood");
  // A slow machine takes longer for as many messages.
  await ask(scene, "!tyr protections set flood seconds 60");
  const before = await Promise.all(rooms.map(levels));
  const heardBefore = scene.moderator.allSeen(isAlert).length;

  const begunAt = Date.now();
  const talk = moderatorTalks(rooms);
  const sent = await Promise.all(flooders.map(({ client }) => flood(client, rooms, messages / accounts)));
  await talk;
  const alert = await scene.said(/muted 5 people in 3 rooms \(15 acts\)[\s\S]*Take it back/);
  const left = (
    await Promise.all(flooders.flatMap(({ userId }) => rooms.map((room) => standing(room, userId))))
  ).flat();

  const accepted = sent.reduce((all, { taken }) => all + taken, 0);
  const lastAt = Math.max(...sent.map((one) => one.lastAt));
  report({
    accepted,
    left: left.length,
    stoppedAfterMs: lastAt - begunAt,
    cleanedAfterMs: Date.now() - begunAt,
    alert,
  });
  expect(accepted).toBeLessThan(messages);
  expect(left).toEqual([]);
  expect(
    (await Promise.all(rooms.map((room) => standing(room, regular.userId)))).map((one) => one.length),
  ).toEqual([3, 3, 3]);
  expect(
    (await Promise.all(rooms.map((room) => standing(room, scene.moderatorId)))).map((one) => one.length),
  ).toEqual([20, 20, 20]);
  expect(scene.moderator.allSeen(isAlert).length - heardBefore).toBe(1);
  const undone = await ask(scene, `!tyr undo ${numberIn(alert)}`);
  expect(undone.mark).toBe("✅");
  const after = await Promise.all(rooms.map(levels));
  expect(after.map((content) => JSON.stringify(content))).toEqual(
    before.map((content) => JSON.stringify(content)),
  );
});

/** The first message of an incident; its edits are none. */
function isAlert(event: {
  readonly sender: string;
  readonly content: Readonly<Record<string, unknown>>;
}): boolean {
  return (
    event.sender === scene.bot.userId &&
    String(event.content["body"]).startsWith("flood in") &&
    event.content["m.relates_to"] === undefined
  );
}

/** As fast as the server takes them, from room to room. Answers how many it took, and when the last. */
async function flood(
  client: TestClient,
  rooms: readonly string[],
  count: number,
): Promise<{ readonly taken: number; readonly lastAt: number }> {
  let taken = 0;
  let lastAt = 0;
  for (let i = 0; i < count; i++) {
    try {
      await client.sendText(rooms[i % rooms.length]!, `buy my coins ${i}`);
      taken++;
      lastAt = Date.now();
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.status !== 403) throw error;
    }
  }
  return { taken, lastAt };
}

async function moderatorTalks(rooms: readonly string[]): Promise<void> {
  for (let i = 0; i < 20; i++)
    for (const room of rooms) await scene.moderator.sendText(room, `please stop ${i}`);
}

function report(figures: Readonly<Record<string, unknown>>): void {
  const file = process.env.E2E_FLOOD_REPORT;
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
}
