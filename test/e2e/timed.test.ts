// Bans for a time on a real Synapse, whose answers tell its time.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TestClient, type MatrixEvent } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const ruleType = "m.policy.rule.user";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "none" });
  scene = await setScene(synapse, { rooms: 2 });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr.stop();
  scene.close();
  await tyr.remove();
  await synapse.stop();
});

const seen = (room: string, fits: (event: MatrixEvent) => boolean, what: string) =>
  scene.moderator.until((event, where) => where === room && fits(event), { what });
const membership = (user: string, wanted: string) => (event: MatrixEvent) =>
  event.type === "m.room.member" && event.state_key === user && event.content["membership"] === wanted;

test("a command writes the end into the rule under both names", async () => {
  const { userId } = await scene.person("week", scene.rooms);

  await scene.moderator.sendText(scene.managementRoom, `!tyr ban ${userId} --for 7d insults`);
  const { event } = await seen(scene.list, (one) => one.content["entity"] === userId, "the rule");

  const inAWeek = Date.now() + 7 * 86_400_000;
  expect(Number(event.content["expiry"])).toBeGreaterThan(inAWeek - 60_000);
  expect(Number(event.content["expiry"])).toBeLessThanOrEqual(inAWeek);
  expect(event.content["support.feline.policy.expiry.rev.2"]).toBe(event.content["expiry"]);
  await seen(scene.rooms[0]!, membership(userId, "ban"), "the ban");
});

test("a rule of Tyr's own account that ends is lifted within two seconds, and blanked", async () => {
  const { userId } = await scene.person("moment", scene.rooms);
  const own = new TestClient(synapse.url, scene.bot.accessToken);
  const end = Date.now() + 5_000;

  await own.sendState(scene.list, ruleType, "moment", {
    entity: userId,
    recommendation: "m.ban",
    expiry: end,
  });
  await Promise.all(scene.rooms.map((room) => seen(room, membership(userId, "ban"), "the ban")));
  await Promise.all(scene.rooms.map((room) => seen(room, membership(userId, "leave"), "the lift")));

  const late = Date.now() - end;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(2_000);
  const isBlank = (one: MatrixEvent) =>
    one.type === ruleType && one.state_key === "moment" && Object.keys(one.content).length === 0;
  await seen(scene.list, isBlank, "the blank rule");
});
