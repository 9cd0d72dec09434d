// Rules of another community on a real Synapse: a file with its rule is taken, a rules room is followed, and what that
// changes waits beside what answers.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ask, question } from "../support/synapse/conversation.ts";
import type { TestClient } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let author: TestClient;
let room: string;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 1 });
  author = (await scene.person("author", [])).client;
  room = await author.createRoom({ name: "Rules of friends", preset: "public_chat" });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
}, 600_000);

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const publish = (when: string, version: number) =>
  author.sendState(room, "io.tyr.protection", "scam", {
    rule: `rule: scam\nwhen: ${when}\nthen: redact\n`,
    version,
  });
const lobby = () => scene.rooms[0]!;
const isRedacted = async (event: string) =>
  Object.keys((await scene.moderator.getEvent(lobby(), event)).content).length === 0;
const untilRedacted = async (event: string) => {
  for (let i = 0; i < 100 && !(await isRedacted(event)); i++)
    await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await isRedacted(event)).toBe(true);
};

test("a rules room is followed; when it turns hostile its new version waits in shadow, and the old one goes on", async () => {
  await author.sendState(room, "io.tyr.words", "bad", { kind: "words", entries: ["airdrop"] });
  await publish("text has bad", 1);
  expect((await ask(scene, `!tyr protections follow ${room} friends`)).mark).toBe("✅");
  await scene.said(/New, in shadow: they look and do nothing: friends\/scam/);
  expect((await ask(scene, "!tyr protections act friends/scam")).text).toContain("acts, with redact");

  const spammer = await scene.person("spammer", scene.rooms);
  await untilRedacted(await spammer.client.sendText(lobby(), "an airdrop"));

  await publish("text.length > 0", 2);
  await scene.said(/tried in shadow beside the version that goes on: friends\/scam/, 120_000);
  const member = await scene.person("member", scene.rooms);
  const hello = await member.client.sendText(lobby(), "hello");
  await untilRedacted(await spammer.client.sendText(lobby(), "one more airdrop"));
  expect(await isRedacted(hello)).toBe(false);
  expect((await ask(scene, "!tyr protections show friends/scam")).text).toContain(
    "Version 2, tried in shadow beside it: text.length > 0",
  );
}, 600_000);

test("a file is fetched and shown, and after a yes its rule is in shadow", async () => {
  const { moderator, managementRoom } = scene;
  const text = "rule: pings\nwhen: text.mentions > 5\nthen: redact+warn\nwarning: Please do not.\n";
  const answer = await fetch(`${synapse.url}/_matrix/media/v3/upload?filename=rules.yaml`, {
    method: "POST",
    headers: { authorization: `Bearer ${moderator.accessToken}`, "content-type": "application/yaml" },
    body: text,
  });
  const { content_uri: url } = (await answer.json()) as { content_uri: string };
  await moderator.sendEvent(managementRoom, "m.room.message", {
    msgtype: "m.file",
    body: "!tyr protections add",
    filename: "rules.yaml",
    url,
    info: { size: text.length },
  });

  const { content } = await question(scene, 1);
  expect(String(content["body"])).toContain("pings, from the file rules.yaml");
  await ask(scene, "!tyr yes 1");
  await scene.said(/pings, version 1, in shadow/);
}, 600_000);
