// The desk's manners on a real Synapse: whom a command means by name, reply, pill or link, what it is asked when that is
// missing, and by which names it is called.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { textOf, type MatrixEvent } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 2 });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      commands: { understands: ["mjolnir"], inProtectedRooms: true, describe: true },
    },
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

type Content = Readonly<Record<string, unknown>>;
const relation = (event: MatrixEvent) => (event.content["m.relates_to"] ?? {}) as Record<string, unknown>;
const replying = (to: string, body: string) => ({
  body,
  "m.relates_to": { "m.in_reply_to": { event_id: to } },
});

/** Says something and waits for Tyr's mark on it; gives the newest text of what Tyr said to it. */
async function say(content: Content, room = scene.managementRoom): Promise<string> {
  const { moderator, bot } = scene;
  const id = await moderator.sendEvent(room, "m.room.message", { msgtype: "m.text", ...content });
  const { event } = await moderator.until(
    (one) => one.type === "m.reaction" && one.sender === bot.userId && relation(one)["event_id"] === id,
    { what: `the mark on ${String(content["body"])}` },
  );
  const said = moderator
    .allSeen((one) => one.sender === bot.userId && textOf(one) !== "")
    .map((one) => one.event);
  const first = said.find(
    (one) => (relation(one)["m.in_reply_to"] as Content | undefined)?.["event_id"] === id,
  );
  const newest = said.findLast((one) => relation(one)["event_id"] === first?.event_id) ?? first;
  return `${String(relation(event)["key"])} ${newest ? textOf(newest) : ""}`;
}

const newestOfTyr = (pattern: RegExp) =>
  scene.moderator
    .allSeen((one) => one.sender === scene.bot.userId && pattern.test(textOf(one)))
    .findLast(({ event }) => relation(event)["rel_type"] === undefined)!.event.event_id!;

async function membershipOf(user: string): Promise<readonly (string | undefined)[]> {
  const all = await Promise.all(scene.rooms.map((room) => scene.moderator.members(room)));
  return all.map((members) => members.get(user));
}

test("a display name means the one person of our rooms who bears it", async () => {
  const rude = await scene.person("named", scene.rooms);
  await rude.client.request("PUT", `/profile/${encodeURIComponent(rude.userId)}/displayname`, {
    displayname: "Rudolf the Rude",
  });
  // The directory learns of a name a moment later.
  await scene.moderator.until(
    (one, room) => room === scene.rooms[1] && one.content["displayname"] === "Rudolf the Rude",
    { what: "the new name" },
  );
  const command = { body: '!tyr ban coc "rudolf the rude" spam' };

  let answer = await say(command);
  for (let i = 0; i < 20 && !answer.startsWith("✅"); i++) answer = await say(command);

  expect(answer).toContain(`is ${rude.userId}.`);
  expect(await membershipOf(rude.userId)).toEqual(["ban", "ban"]);
});

test("a reply in a protected room bans the author of the message, and the room sees one mark", async () => {
  const rude = await scene.person("replied", scene.rooms);
  const message = await rude.client.sendText(scene.rooms[0]!, "buy this");

  expect(await say(replying(message, "!tyr ban spam"), scene.rooms[0])).toMatch(/^✅/);

  await scene.said(new RegExp(`From the message you replied to: ${rude.userId}`));
  expect(await membershipOf(rude.userId)).toEqual(["ban", "ban"]);
  const words = scene.moderator.allSeen(
    (one, room) =>
      scene.rooms.includes(room) && one.sender === scene.bot.userId && one.type === "m.room.message",
  );
  expect(words).toEqual([]);
});

test.each(["pill", "link"])("a %s means whom it leads to", async (kind) => {
  const rude = await scene.person(kind, scene.rooms);
  const link = `https://matrix.to/#/${encodeURIComponent(rude.userId)}`;
  const html = `<a href="https://matrix.to/#/${scene.bot.userId}">Tyr</a>: kick <a href="${link}">Rude One</a> calm down`;

  const answer = await say(
    kind === "pill"
      ? { body: "Tyr: kick Rude One calm down", format: "org.matrix.custom.html", formatted_body: html }
      : { body: `!tyr kick ${link} calm down` },
  );

  expect(answer).toMatch(/^✅/);
  expect(await membershipOf(rude.userId)).toEqual(["leave", "leave"]);
});

test("what is missing is asked for and completed; what Tyr then says can be replied to", async () => {
  const rude = await scene.person("asked", scene.rooms);

  expect(await say({ body: `${scene.bot.userId}: ban coc` })).toMatch(/^❌ Whom or what\?/);
  expect(await say({ body: rude.userId })).toMatch(/^✅/);
  expect(await membershipOf(rude.userId)).toEqual(["ban", "ban"]);
  expect(await say(replying(newestOfTyr(new RegExp(`^Ban of ${rude.userId}`)), "!tyr undo"))).toMatch(/^✅/);

  expect(await membershipOf(rude.userId)).toEqual(["leave", "leave"]);
});

test("a Mjolnir's command does here what it did there", async () => {
  const rude = await scene.person("foreign", scene.rooms);

  expect(await say({ body: `!mjolnir ban coc user ${rude.userId} insults --force` })).toContain(
    "Read as !tyr ban",
  );

  expect(await membershipOf(rude.userId)).toEqual(["ban", "ban"]);
});

test("commands are described in the management room once Tyr may, and can be called from there", async () => {
  const type = "org.matrix.msc4391.command_description";
  const levels = await scene.moderator.getStateEvent(scene.managementRoom, "m.room.power_levels");
  await scene.moderator.sendState(scene.managementRoom, "m.room.power_levels", "", {
    ...levels,
    users: { ...(levels!["users"] as Content), [scene.bot.userId]: 50 },
  });
  // The first is written at once, the others one after another over minutes.
  const { event } = await scene.moderator.until((one) => one.type === type, {
    what: "the first description",
  });

  expect(event.sender).toBe(scene.bot.userId);
  const answer = await say({
    body: "/status",
    "m.mentions": { user_ids: [scene.bot.userId] },
    "org.matrix.msc4391.command": { command: "status", arguments: {} },
  });
  expect(answer).toContain("Tyr is watching");
});
