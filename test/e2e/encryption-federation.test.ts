// An encrypted management room whose moderators are at another homeserver: what is said there, its keys and the devices
// go by federation. The moderator's client is matrix-nio, which nobody here wrote.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type EncryptedScene, setEncryptedScene, textOf } from "../support/other-clients/encrypted-scene.ts";
import { unasked } from "../support/synapse/scene.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

let here: Synapse;
let there: Synapse;
let it: EncryptedScene;

beforeAll(async () => {
  [here, there] = await Promise.all([
    startSynapse({ federation: true, bindAddress: "127.0.0.6" }),
    startSynapse({ federation: true, bindAddress: "127.0.0.7" }),
  ]);
  it = await setEncryptedScene(here, { rooms: 2, moderatorsAt: there });
  await it.start({ ...it.byPassword, ...unasked });
  await it.heard(/^Tyr is watching/);
});

afterAll(async () => {
  await it?.close();
  await Promise.all([here?.stop(), there?.stop()]);
});

const person = async (localpart: string): Promise<string> => {
  const { userId } = await it.scene.person(localpart, it.scene.rooms);
  await it.answer("!tyr rooms");
  return userId;
};
const memberships = (user: string) =>
  Promise.all(it.scene.rooms.map(async (room) => (await it.scene.moderator.members(room)).get(user)));

test("the moderator is at another homeserver than Tyr, and what Tyr says first is sealed and read there", async () => {
  expect(it.moderator.user.userId.endsWith(`:${there.serverName}`)).toBe(true);
  expect(it.bot.userId.endsWith(`:${here.serverName}`)).toBe(true);

  const help = await it.answer("!tyr help");

  expect(help.sealed).toBe("opened");
  expect(textOf(help)).toContain("!tyr ban");
  expect(await it.onServer(help.event)).toMatchObject({ type: "m.room.encrypted" });
});

test("a ban is carried out, told, and taken back", async () => {
  const user = await person("rude");

  expect((await it.ask(`!tyr ban ${user} rude`)).mark).toBe("✅");
  expect(await memberships(user)).toEqual(["ban", "ban"]);
  expect((await it.ask("!tyr undo last")).mark).toBe("✅");

  expect(await memberships(user)).toEqual(["leave", "leave"]);
});

test("a question is answered by a reaction", async () => {
  const crowd = await it.scene.crowd("wave", 12, it.scene.rooms);
  await it.answer("!tyr rooms");
  const command = await it.client.say(it.managementRoom, `!tyr ban @wave-*:${here.serverName} raid`);
  const question = await it.heard(/^Question \d+:/);
  expect(question.sealed).toBe("opened");

  await it.client.react(it.managementRoom, question.event, "✅");

  const { text, mark } = await it.answerTo(command, "the ban of many");
  expect(mark).toBe("✅");
  expect(text).toContain(`banned ${crowd.length} people in 2 rooms`);
  expect(await memberships(crowd[0]!)).toEqual(["ban", "ban"]);
});

test("a second moderator of the other homeserver is read, once their device is signed", async () => {
  const other = await it.come("second");
  await it.client.invite(it.managementRoom, other.user.userId);
  await other.client.join(it.managementRoom);
  await other.client.untilKnown(it.managementRoom);

  const answer = await it.ask("!tyr status", other.client);

  expect(answer.mark).toBe("✅");
});

test("after a restart the conversation goes on with the same device", async () => {
  await it.start({ ...it.byPassword, ...unasked });

  expect((await it.ask("!tyr rooms")).mark).toBe("✅");
});

test("in all of that nothing of Tyr was in clear or unreadable", () => {
  expect(it.said().length).toBeGreaterThan(6);
  expect(it.said().filter(({ sealed }) => sealed !== "opened")).toEqual([]);
});
