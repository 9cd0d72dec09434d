// A management room that becomes encrypted while Tyr is in it.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type EncryptedScene, setEncryptedScene, textOf } from "../support/other-clients/encrypted-scene.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

let synapse: Synapse;
let it: EncryptedScene;

beforeAll(async () => {
  synapse = await startSynapse();
  it = await setEncryptedScene(synapse, { rooms: 1, inClear: true });
  await it.start();
  await it.heard(/^Tyr is watching/);
});
afterAll(async () => {
  await it?.close();
  await synapse?.stop();
});

test("until then all is in clear, and nothing of encryption is at work", async () => {
  expect((await it.answer("!tyr status")).sealed).toBe("no");
  const devices = await it.client.devices(it.bot.userId);
  expect(devices).toEqual([]);
});

test("from then on commands and answers are sealed; what is said before Tyr can have a key is not met with silence", async () => {
  await it.client.encrypt(it.managementRoom);
  await it.client.until((heard) => heard.type === "m.room.encryption", "the encryption");
  const early = await it.client.say(it.managementRoom, "!tyr rooms");
  await it.replyTo(early, "the early command");

  const command = await it.client.say(it.managementRoom, "!tyr status");
  const answer = await it.replyTo(command, "status");

  expect(answer.sealed).toBe("opened");
  expect(textOf(answer)).not.toMatch(/cannot read|not encrypted/i);
  expect(await it.onServer(command)).toMatchObject({ type: "m.room.encrypted" });
});
