// Tyr is killed again and again while it cleans up a wave on a real Synapse: it ends as it would have. E2E_KILLS=10 for so
// many kills (2); each needs more accounts.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { patienceMs, testLimitMs } from "../../support/patience.ts";
import { type MatrixEvent, type TestClient, textOf } from "../../support/synapse/client.ts";
import { ask } from "../../support/synapse/conversation.ts";
import { setScene, type Scene } from "../../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../../support/synapse/synapse.ts";
import { timelineOf } from "../../support/synapse/timeline.ts";
import { makeWave, type SynapseWave } from "../../support/synapse/wave.ts";
import { startTyr, type TyrProcess } from "../../support/tyr-process.ts";

const kills = Number(process.env.E2E_KILLS ?? 2);
const accounts = 10 + 5 * kills;
const roomCount = 4;
const levelsType = "m.room.power_levels";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let wave: SynapseWave;
let resident: TestClient;

const begin = async (folder?: string) => {
  const settings = { ...scene.settings, waves: { act: "ask", learnDays: 0, learnPeople: 0 } };
  const where = { homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings };
  tyr = await startTyr(folder === undefined ? where : { ...where, folder });
  await tyr.logged("watching");
};

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: roomCount, version: "both" });
  resident = (await scene.person("resident", scene.rooms)).client;
  wave = await makeWave({ homes: [synapse], rooms: scene.rooms, count: accounts, roomsEach: roomCount });
  await begin();
  await scene.said(/^Tyr is watching/);
  // Of redactions; so that there is a middle to be killed in.
  await synapse.setRateLimit(scene.bot.userId, { perSecond: 5, burst: 5 });
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const isOurs = ({ sender }: MatrixEvent) => sender === scene.bot.userId;
const isBan = (event: MatrixEvent) => isOurs(event) && event.content.membership === "ban";
const isCleaning = (event: MatrixEvent) =>
  isBan(event) || (isOurs(event) && event.type === "m.room.redaction");
const levels = () =>
  Promise.all(
    scene.rooms.map(async (room) => JSON.stringify(await scene.moderator.getStateEvent(room, levelsType))),
  );
const eventsOf = async (fits: (event: MatrixEvent) => boolean) =>
  (await Promise.all(scene.rooms.map((room) => timelineOf(scene.moderator, room)))).map((events) =>
    events.filter(fits),
  );

test(
  `killed ${kills} times in the middle of cleaning up, Tyr ends what it began, once, and touches nobody else`,
  async () => {
    const before = await levels();
    await wave.strikes();
    const { event: question } = await scene.moderator.until((event) =>
      textOf(event).startsWith("Question 1:"),
    );
    const not = { rel_type: "m.annotation", event_id: question.event_id, key: "⛔" };
    await scene.moderator.sendEvent(scene.managementRoom, "m.reaction", { "m.relates_to": not });

    for (let n = 0; n < kills; n++) {
      const done = scene.moderator.allSeen(isCleaning).length;
      await scene.moderator.until(() => scene.moderator.allSeen(isCleaning).length > done, {
        what: "the next ban or redaction",
      });
      await tyr.kill();
      await begin(tyr.folder);
    }
    const told = await scene.said(
      new RegExp(`The wave of question 1[^]*banned ${accounts} people[^]*undo \\d+`),
      2 * patienceMs,
    );

    const bans = await eventsOf(isBan);
    const users = new Set(wave.accounts.map(({ userId }) => userId));
    for (const room of bans) {
      expect(new Set(room.map((event) => event.state_key))).toEqual(users);
      expect(room).toHaveLength(accounts);
    }
    const written = await wave.messages(scene.moderator);
    expect(written.filter(({ content }) => content["body"] !== undefined)).toEqual([]);
    const closings = await eventsOf((event) => isOurs(event) && event.type === levelsType);
    expect(closings.map(({ length }) => length)).toEqual(scene.rooms.map(() => 1));
    for (const room of scene.rooms) await resident.sendText(room, "what was that?");
    const questions = scene.moderator.allSeen(
      (event) => /^Question \d+:/.test(textOf(event)) && event.content["m.relates_to"] === undefined,
    );
    expect(questions).toHaveLength(1);
    const messages = scene.moderator.allSeen(
      (event) =>
        isOurs(event) && event.content["m.relates_to"] === undefined && /^[^Q].*wave of/.test(textOf(event)),
    );
    expect(messages).toHaveLength(1);

    await ask(scene, `!tyr undo ${/undo (\d+)/.exec(told)![1]!}`);
    expect(await wave.withMembership(scene.moderator, "ban")).toEqual(new Set());
    expect(await levels()).toEqual(before);
  },
  testLimitMs.e2e + kills * patienceMs,
);
