// Rooms are closed to newcomers and opened again on a real Synapse: who can speak meanwhile, that the levels are the same
// afterwards to the last value, also where Tyr is killed in the middle, and what a cut with many names costs: E2E_NAMES=500
// for so many (50).

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { patienceMs, testLimitMs } from "../support/patience.ts";
import type { Content, MatrixEvent, TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { makeWave } from "../support/synapse/wave.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const kills = Number(process.env.E2E_KILLS ?? 2);
const names = Number(process.env.E2E_NAMES ?? 50);
const levelsType = "m.room.power_levels";

let synapse: Synapse;

beforeAll(async () => {
  synapse = await startSynapse();
});

afterAll(() => synapse?.stop());

describe.each(["11", "12"] as const)("in rooms of version %s", (version) => {
  let scene: Scene;
  let tyr: TyrProcess;
  let known: { readonly userId: string; readonly client: TestClient };
  let before: readonly Content[];

  const begin = async (folder?: string) => {
    const settings = { ...scene.settings, ...unasked };
    const where = { homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings };
    tyr = await startTyr(folder === undefined ? where : { ...where, folder });
    await tyr.logged("watching");
  };
  const levels = () =>
    Promise.all(
      scene.rooms.map(async (room) => (await scene.moderator.getStateEvent(room, levelsType)) ?? {}),
    );
  const canSpeak = async ({ client }: { readonly client: TestClient }) =>
    Promise.all(
      scene.rooms.map((room) =>
        client.sendText(room, "hello").then(
          () => true,
          () => false,
        ),
      ),
    );

  beforeAll(async () => {
    scene = await setScene(synapse, { rooms: 5, version });
    known = await scene.person("known", scene.rooms);
    before = await levels();
    await begin();
    await scene.said(/^Tyr is watching/);
  }, patienceMs);

  afterAll(async () => {
    await tyr?.stop();
    scene?.close();
    await tyr?.remove();
  });

  test("raid silences who is new and nobody else, and calm leaves the levels as they were", async () => {
    const stranger = await scene.person("stranger", scene.rooms);
    await ask(scene, "!tyr rooms");

    const raid = await ask(scene, "!tyr raid");
    const during = { known: await canSpeak(known), stranger: await canSpeak(stranger) };
    const calm = await ask(scene, "!tyr calm");

    expect([raid.mark, calm.mark]).toEqual(["✅", "✅"]);
    expect(during).toEqual({ known: Array(5).fill(true), stranger: Array(5).fill(false) });
    expect(await levels()).toEqual(before);
    expect(await canSpeak(stranger)).toEqual(Array(5).fill(true));
  });

  test(
    `killed ${kills} times in the middle of it, Tyr ends what it began, and nothing is left behind`,
    async () => {
      for (let n = 0; n < kills; n++) {
        await scene.moderator.sendText(scene.managementRoom, n % 2 === 0 ? "!tyr raid" : "!tyr calm");
        await scene.moderator.until(
          (event) => event.type === levelsType && event.sender === scene.bot.userId,
          { what: "the first write", timeoutMs: patienceMs },
        );
        await tyr.kill();
        await begin(tyr.folder);
      }
      await ask(scene, "!tyr raid");
      const closed = await levels();
      await ask(scene, "!tyr calm");

      expect(closed.map(({ events_default: asked }) => asked)).toEqual(Array(5).fill(1));
      expect(await levels()).toEqual(before);
    },
    5 * patienceMs,
  );
});

test(
  `a cut that names ${names} people, made against a wave, is taken by Synapse, and so is what is said after it`,
  async () => {
    const scene = await setScene(synapse, { rooms: 1, version: "11" });
    const [room = ""] = scene.rooms;
    const { moderator, bot } = scene;
    await scene.crowd("member", names, scene.rooms);
    const wave = await makeWave({ homes: [synapse], rooms: scene.rooms, count: 12, mask: "twins" });
    const settings = { ...scene.settings, waves: { learnDays: 0, learnPeople: 0 } };
    const { url: homeserverUrl } = synapse;
    const tyr = await startTyr({ homeserverUrl, accessToken: bot.accessToken, settings });
    await scene.said(/^Tyr is watching/);
    const timed = async (act: () => Promise<unknown>) => {
      const since = performance.now();
      await act();
      return Math.round(performance.now() - since);
    };
    const say = () => timed(() => moderator.sendText(room, "hello"));
    const levelsOf = async () => (await moderator.getStateEvent(room, levelsType)) ?? {};
    const plain = await levelsOf();
    const isCut = (event: MatrixEvent) => event.type === levelsType && event.sender === bot.userId;

    const saidBefore = [await say(), await say(), await say()];
    const cutMs = await timed(async () => {
      await Promise.all([wave.strikes(), moderator.until(isCut, { what: "the cut" })]);
    });
    const saidDuring = [await say(), await say(), await say()];
    const cut = await levelsOf();
    const calmMs = await timed(() => ask(scene, "!tyr calm"));
    const kB = Math.round(JSON.stringify(cut).length / 1000);
    process.stdout.write(
      `${names} names: ${kB} kB, there ${cutMs} ms after a wave began, taken back in ${calmMs} ms; messages before ${saidBefore.join(", ")} ms, during ${saidDuring.join(", ")} ms\n`,
    );
    await tyr.stop();
    scene.close();
    await tyr.remove();

    const named = Object.entries(cut["users"] ?? {}).filter(([, level]) => level === 1);
    expect(named).toHaveLength(names);
    expect(wave.accounts.filter(({ userId }) => userId in (cut["users"] as Content))).toEqual([]);
    expect(await moderator.getStateEvent(room, levelsType)).toEqual(plain);
    expect(kB).toBeLessThan(48);
  },
  testLimitMs.e2e + names * 500,
);
