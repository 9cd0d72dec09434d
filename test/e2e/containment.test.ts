// Rooms are closed to newcomers and opened again on a real Synapse: who can speak meanwhile, that the levels are the same
// afterwards to the last value, also where Tyr is killed in the middle, and what a cut with 500 names costs.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { patienceMs } from "../support/patience.ts";
import type { Content, TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const kills = Number(process.env.E2E_KILLS ?? 2);
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
  "a cut with 500 names is taken by Synapse within moments, and so is what is said after it",
  async () => {
    const scene = await setScene(synapse, { rooms: 1, version: "11" });
    const [room] = scene.rooms;
    const { moderator } = scene;
    const plain = (await moderator.getStateEvent(room!, levelsType)) ?? {};
    const names = Array.from({ length: 500 }, (_, i) => [`@somebody-with-a-name-${i}:example.org`, 1]);
    const cut = {
      ...plain,
      events_default: 1,
      users: { ...(plain["users"] as object), ...Object.fromEntries(names) },
    };
    const timed = async (act: () => Promise<unknown>) => {
      const since = performance.now();
      await act();
      return Math.round(performance.now() - since);
    };
    const say = () => timed(() => moderator.sendText(room!, "hello"));

    const saidBefore = [await say(), await say(), await say()];
    const writeMs = await timed(() => moderator.sendState(room!, levelsType, "", cut));
    const saidDuring = [await say(), await say(), await say()];
    const releaseMs = await timed(() => moderator.sendState(room!, levelsType, "", plain));
    const kB = Math.round(JSON.stringify(cut).length / 1000);
    process.stdout.write(
      `500 names: ${kB} kB, written in ${writeMs} ms, released in ${releaseMs} ms; messages before ${saidBefore.join(", ")} ms, during ${saidDuring.join(", ")} ms\n`,
    );
    scene.close();

    expect(await moderator.getStateEvent(room!, levelsType)).toEqual(plain);
    expect(kB).toBeLessThan(48);
  },
  patienceMs,
);
