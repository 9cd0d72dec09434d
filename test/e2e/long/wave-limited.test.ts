// A wave where Tyr's account has the limits that every new Synapse has: 10 writes at once, then one in five seconds. It was
// said before how long closing the rooms takes, and the rooms come before all else. E2E_LIMITED_ROOMS says how many (12).

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MatrixEvent, textOf } from "../../support/synapse/client.ts";
import { ask } from "../../support/synapse/conversation.ts";
import { setScene, type Scene } from "../../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../../support/synapse/synapse.ts";
import { makeWave, type SynapseWave } from "../../support/synapse/wave.ts";
import { startTyr, type TyrProcess } from "../../support/tyr-process.ts";

const roomCount = Number(process.env.E2E_LIMITED_ROOMS ?? 12);
const limitMs = 120_000 + roomCount * 15_000;
const entry = join(import.meta.dirname, "../../../src/main.ts");
const levelsType = "m.room.power_levels";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let wave: SynapseWave;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "default" });
  scene = await setScene(synapse, { rooms: roomCount, version: "both", isBotLimited: true });
  wave = await makeWave({ homes: [synapse], rooms: scene.rooms, count: 2 * roomCount, mask: "twins" });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, waves: { learnDays: 0, learnPeople: 0 } },
  });
  await scene.said(/^Tyr is watching/);
}, limitMs);

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

test(
  "it was said before how long it takes, and the rooms are closed before anything else is done",
  async () => {
    const isOurs = (event: MatrixEvent) => event.sender === scene.bot.userId;
    const isCut = (event: MatrixEvent) => isOurs(event) && event.type === levelsType;
    const config = join(tyr.folder, "tyr.yaml");
    const check = await promisify(execFile)(process.execPath, [entry, "check", "--config", config]);

    const begunAt = performance.now();
    await wave.strikes();
    const cuts = () => scene.moderator.allSeen((event, room) => isCut(event) && scene.rooms.includes(room));
    await scene.moderator.until(() => new Set(cuts().map(({ roomId }) => roomId)).size === roomCount, {
      what: "the last cut",
      timeoutMs: 60_000 + roomCount * 5_000,
    });
    const last = Math.max(...cuts().map(({ at }) => at));
    const [question] = scene.moderator.allSeen((event) => textOf(event).startsWith("Question 1:"));
    const first = Math.min(...cuts().map(({ at }) => at));
    process.stdout.write(
      `${roomCount} rooms with Synapse's limits: the first closed ${Math.round(first - begunAt)} ms after the wave began, the last after ${Math.round(last - begunAt)} ms; the question was there after ${Math.round((question?.at ?? NaN) - begunAt)} ms\n`,
    );
    const { text } = await ask(scene, "!tyr status");

    expect(check.stdout).toMatch(
      new RegExp(`pace +closing all ${roomCount} rooms to a wave takes a write each: .* about `),
    );
    expect(text).toMatch(/The homeserver (?:has limited|limits) how fast I may write/);
    expect(cuts().length).toBeGreaterThanOrEqual(roomCount);
  },
  limitMs,
);
