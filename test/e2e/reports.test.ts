// What people report on a real Synapse, by their clients and in the room; what an attacker makes of it; and an appeal.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { patienceMs } from "../support/patience.ts";
import { TestClient, textOf, type Content } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

type Person = Awaited<ReturnType<Scene["person"]>>;

const falseReports = 500;

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let loud: Person;
const reporters: Person[] = [];

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 2 });
  const root = new TestClient(synapse.url, (await synapse.registerUser("root", { admin: true })).accessToken);
  const where = `/_synapse/admin/v1/users/${encodeURIComponent(scene.bot.userId)}/admin`;
  await root.request("PUT", where, { admin: true });
  loud = await scene.person("loud", scene.rooms);
  await loud.client.watch();
  for (let i = 0; i < 6; i++) reporters.push(await scene.person(`reporter-${i}`, scene.rooms));
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      ...unasked,
      reports: { everySeconds: 10 },
      appeals: { contact: "Not right? Write to Tyr" },
    },
  });
  await tyr.logged("watching");
  // What was in the homeserver's list before is not taken in.
  await scene.said(/From now on I take in what users of my homeserver report/);
}, patienceMs);

afterAll(async () => {
  await loud?.client.close();
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const flag = (by: Person, room: string, event: string) =>
  by.client.sendEvent(room, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key: "🚩" },
  });
const reply = (by: Person, room: string, event: string, body: string) =>
  by.client.sendEvent(room, "m.room.message", {
    msgtype: "m.text",
    body,
    "m.relates_to": { "m.in_reply_to": { event_id: event } },
  });
const byClient = (by: Person, room: string, event: string, reason: string) =>
  by.client.request("POST", `/rooms/${encodeURIComponent(room)}/report/${encodeURIComponent(event)}`, {
    reason,
  });
const mayReact = (message: string, key: string) =>
  scene.moderator.sendEvent(scene.managementRoom, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: message, key },
  });
/** All that Tyr has said in the management room, edits included, the newest text of each. */
async function saidByTyr(what: RegExp): Promise<readonly string[]> {
  const { chunk } = await scene.moderator.messages(scene.managementRoom, { dir: "b", limit: 200 });
  return chunk
    .filter(({ sender, type }) => sender === scene.bot.userId && type === "m.room.message")
    .filter(({ content }) => (content["m.relates_to"] as Content | undefined)?.["rel_type"] === undefined)
    .map((event) => textOf(event))
    .filter((text) => what.test(text));
}

describe("six people report one", () => {
  test(
    "by their client, by 🚩 and by a reply: one case, one message; taken, muted, closed, and the room is thanked",
    async () => {
      const [lobby] = scene.rooms;
      await ask(scene, "!tyr reports on");
      const insult = await loud.client.sendText(lobby!, "an insult");
      const grown = scene.said(/Report 1 ·.*6 people/);
      const [a, b, c, d, e, f] = reporters as [Person, Person, Person, Person, Person, Person];
      const flags = [await flag(a, lobby!, insult), await flag(b, lobby!, insult)];
      await reply(c, lobby!, insult, "!tyr report insults people");
      await reply(d, lobby!, insult, "!tyr report insults everybody");
      await byClient(e, lobby!, insult, "harassment");
      await byClient(f, lobby!, insult, "harassment, again");
      await grown;

      expect(await saidByTyr(/^Report \d+ ·.*\n/)).toHaveLength(1);
      for (const one of flags) {
        const event = await scene.moderator.getEvent(lobby!, one);
        expect((event as { unsigned?: Content }).unsigned?.["redacted_because"]).toBeDefined();
      }
      const taken = await ask(scene, "!tyr reports take 1");
      expect(taken.mark).toBe("✅");
      const thanked = loud.client.until((event) => textOf(event).startsWith("Thank you"), {
        what: "the thanks",
      });
      const muted = await ask(scene, `!tyr mute ${loud.userId} --for 1d insults`);
      expect(muted.mark).toBe("✅");
      await scene.said(/Report 1 ·.*closed: acted, by/);
      await thanked;
      expect(await saidByTyr(/^Report \d+ ·.*\n/)).toHaveLength(1);
    },
    patienceMs,
  );
});

test(
  "one attacker reports five hundred: nobody is muted, removed or redacted, and one line says so",
  async () => {
    const [, garden] = scene.rooms;
    const mallory = await scene.person("mallory", scene.rooms);
    const victims = [];
    for (let i = 0; i < 25; i++) victims.push(await scene.person(`victim-${i}`, [garden!]));
    const said = await Promise.all(victims.map(({ client }, i) => client.sendText(garden!, `hello ${i}`)));
    const before = await scene.moderator.getStateEvent(garden!, "m.room.power_levels");
    const told = scene.said(/reported too many people/);

    await Promise.all(said.map((event) => flag(mallory, garden!, event)));
    for (let i = said.length; i < falseReports; i += 25)
      await Promise.all(
        said.map((event, n) =>
          n % 2 === 0
            ? reply(mallory, garden!, event, "!tyr report spam")
            : byClient(mallory, garden!, event, "spam"),
        ),
      );
    await told;
    await ask(scene, "!tyr reports");

    expect(await saidByTyr(/reported too many people/)).toHaveLength(1);
    expect((await saidByTyr(/^Report \d+ ·.*\n/)).length).toBeLessThanOrEqual(1 + 3);
    expect(await scene.moderator.getStateEvent(garden!, "m.room.power_levels")).toEqual(before);
    const members = await scene.moderator.members(garden!);
    expect(victims.map(({ userId }) => members.get(userId))).toEqual(victims.map(() => "join"));
    for (const event of said.slice(0, 5))
      expect((await scene.moderator.getEvent(garden!, event))["content"]).not.toEqual({});
  },
  patienceMs,
);

test(
  "somebody who is banned appeals in a direct room, and is let in",
  async () => {
    const [lobby] = scene.rooms;
    await ask(scene, "!tyr appeals on");
    const banned = await ask(scene, `!tyr ban ${loud.userId} insults`);
    expect(banned.mark).toBe("✅");
    const reason = (await scene.moderator.getStateEvent(lobby!, "m.room.member", loud.userId))?.["reason"];
    expect(reason).toBe("insults (Not right? Write to Tyr)");
    const direct = await loud.client.createRoom({ preset: "trusted_private_chat" });
    const welcomed = loud.client.until((event) => textOf(event).startsWith("Write here why"));
    await loud.client.invite(direct, scene.bot.userId);
    await welcomed;
    const put = scene.said(/^Appeal \d+ ·[^]*I was angry/);
    await loud.client.sendText(direct, "I was angry. It will not happen again.");
    await put;
    const appeal = (await scene.moderator.messages(scene.managementRoom, { dir: "b", limit: 30 })).chunk.find(
      (event) => event.sender === scene.bot.userId && /^Appeal \d+ ·[^]*asks/.test(textOf(event)),
    )!;
    const answered = loud.client.until((event) => /your ban is lifted/.test(textOf(event)));
    await mayReact(appeal.event_id!, "👋");
    await answered;

    await loud.client.join(lobby!);
    expect((await scene.moderator.members(lobby!)).get(loud.userId)).toBe("join");
  },
  patienceMs,
);
