// Lists on a real Synapse: looked at before they are followed, left when they are not; a room's bans taken over, a list
// sent as a file, and a ban made with a client offered for all rooms.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TestClient, textOf, type MatrixEvent } from "../support/synapse/client.ts";
import { ask, question } from "../support/synapse/conversation.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
/** Somebody else's, who keeps a list of their own. */
let author: TestClient;
/** People who were here before Tyr. */
let crowd: readonly string[];

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 2, version: "12" });
  crowd = await scene.crowd("person", 4, scene.rooms);
  author = (await scene.person("author", [])).client;
  // Everybody here has just come; that is not what this is about.
  const settings = { ...scene.settings, guard: { newcomerHours: 0, maxPeople: 50, maxRoomShare: 100 } };
  tyr = await startTyr({ homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

async function foreignList(name: string, entities: readonly string[]): Promise<string> {
  return author.createRoom({
    name,
    creationContent: { type: "m.policy" },
    initialState: entities.map((entity) => ({
      type: "m.policy.rule.user",
      state_key: `rule:${entity}`,
      content: { entity, recommendation: "m.ban", reason: "seen elsewhere" },
    })),
  });
}

const say = (text: string) => scene.moderator.sendText(scene.managementRoom, text);
const react = (message: string, key: string) =>
  scene.moderator.sendEvent(scene.managementRoom, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: message, key },
  });
const isBanOf =
  (user: string) =>
  (event: MatrixEvent): boolean =>
    event.type === "m.room.member" && event.state_key === user && event.content["membership"] === "ban";
const bannedEverywhere = (user: string) =>
  scene.moderator.until(() => scene.moderator.allSeen(isBanOf(user)).length >= scene.rooms.length, {
    what: `the bans of ${user}`,
  });
const membershipOfTyr = async (room: string) => (await author.members(room)).get(scene.bot.userId);
async function rules(): Promise<readonly unknown[]> {
  const state = await scene.moderator.getState(scene.list);
  return state.filter(({ type }) => type.startsWith("m.policy.rule")).map(({ content }) => content);
}

test("a list is looked at, told and left again, and after a no as well", async () => {
  const list = await foreignList("Foreign", [crowd[0]!, "@nobody:far.example"]);

  const preview = await ask(scene, `!tyr lists preview ${list}`);
  expect(preview.mark).toBe("✅");
  expect(preview.text).toContain("2 rules (2 users, 0 servers, 0 rooms)");
  expect(preview.text).toContain(`It would hit 1 person: ${crowd[0]}`);

  await say(`!tyr lists watch ${list}`);
  const put = await question(scene, 1);
  expect(textOf(put)).toContain("Shall I follow it?");
  expect(await membershipOfTyr(list)).toBe("join");
  await react(put.event_id, "❌");
  await scene.said(/Question 1:.*No, said/s);
  await author.watch();
  await author.until(
    (event, room) =>
      room === list && event.state_key === scene.bot.userId && event.content["membership"] === "leave",
    { what: "Tyr leaving the list" },
  );

  expect((await ask(scene, "!tyr lists")).text).not.toContain("Foreign");
  expect(scene.moderator.allSeen(isBanOf(crowd[0]!))).toEqual([]);
});

test("after a yes it is followed, and its rules are applied without a second question", async () => {
  const list = await foreignList("Followed", [crowd[1]!]);

  await say(`!tyr lists watch ${list}`);
  const put = await question(scene, 2);
  await react(put.event_id, "✅");

  await bannedEverywhere(crowd[1]!);
  expect((await ask(scene, "!tyr questions")).text).toContain("Nothing waits");
  expect(await membershipOfTyr(list)).toBe("join");
});

test("the bans of a room become rules with their reasons, and are undone together", async () => {
  const room = await scene.moderator.createRoom({ name: "Old room" });
  await new TestClient(synapse.url, scene.bot.accessToken).join(room);
  for (const [name, reason] of [
    ["rude", "insults"],
    ["loud", ""],
  ] as const)
    await scene.moderator.sendState(room, "m.room.member", `@${name}:far.example`, {
      membership: "ban",
      ...(reason === "" ? {} : { reason }),
    });
  await scene.moderator.sendState(room, "m.room.server_acl", "", { allow: ["*"], deny: ["evil.example"] });
  // An answer proves that Tyr has seen the room: it comes before the command in the stream.
  await ask(scene, "!tyr rooms");

  const answer = await ask(scene, `!tyr lists import ${room}`);

  expect(answer.mark).toBe("✅");
  expect(answer.text).toContain("3 rules (2 users, 1 server)");
  expect(await rules()).toContainEqual({
    entity: "@rude:far.example",
    recommendation: "m.ban",
    reason: "insults",
  });
  expect(await rules()).toContainEqual({ entity: "evil.example", recommendation: "m.ban" });

  await ask(scene, "!tyr undo last");
  expect((await rules()).filter((content) => Object.keys(content as object).length > 0)).toEqual([]);
});

test("a list is sent as a file that can be opened again", async () => {
  await ask(scene, '!tyr ban @formula:far.example "=1+1"');

  const answer = await ask(scene, "!tyr lists export coc");
  const { event } = await scene.moderator.until(
    (one) => one.content["msgtype"] === "m.file" && one.sender === scene.bot.userId,
    { what: "the file" },
  );

  expect(answer.text).toContain("1 rule in coc.csv");
  const [, server, id] = /^mxc:\/\/([^/]+)\/(.+)$/.exec(String(event.content["url"]))!;
  const response = await fetch(`${synapse.url}/_matrix/client/v1/media/download/${server}/${id}`, {
    headers: { authorization: `Bearer ${scene.moderator.accessToken}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString("utf8");
  expect(event.content["info"]).toEqual({ mimetype: "text/csv", size: bytes.length });
  expect(response.headers.get("content-type")).toContain("text/csv");
  expect(text).toContain(`"user","'@formula:far.example","","m.ban","'=1+1","'${scene.bot.userId}"`);
});

test("a ban made with a client is offered, and after a ✅ holds everywhere by a rule", async () => {
  const rude = crowd[2]!;
  await scene.moderator.ban(scene.rooms[0]!, rude, "spam");
  const put = await question(scene, 3);
  expect(textOf(put)).toContain(`${scene.moderatorId} banned ${rude} in Room 1 (spam)`);

  await react(put.event_id, "✅");
  await bannedEverywhere(rude);
  await scene.moderator.until(
    (one) => one.type === "m.reaction" && JSON.stringify(one.content).includes("☑️"),
    { what: "the mark on the offer" },
  );

  expect(await rules()).toContainEqual({ entity: rude, recommendation: "m.ban", reason: "spam" });
  expect((await ask(scene, `!tyr why ${rude}`)).text).toContain(`as ${scene.moderatorId} said ban ${rude}`);
});
