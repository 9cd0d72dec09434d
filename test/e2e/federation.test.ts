// Two servers that federate: people, lists and bans across them, and one server shut out by the other.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MatrixEvent, RequestFailed, TestClient, textOf } from "../support/synapse/client.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let here: Synapse;
let there: Synapse;
let scene: Scene;
let tyr: TyrProcess;
/** Moderates a list of their own on the other server. */
let neighbour: TestClient;
let neighbourList: string;
const strangers: TestClient[] = [];

/** As server ACLs and rules name the servers: without port, so IP literals. */
const ourName = "127.0.0.2";
const otherName = "127.0.0.3";

beforeAll(async () => {
  [here, there] = await Promise.all([
    startSynapse({ federation: true, bindAddress: ourName }),
    startSynapse({ federation: true, bindAddress: otherName }),
  ]);
  // Room ids of this version name no server, so a join from elsewhere has to name one (`via`).
  scene = await setScene(here, { rooms: 3, version: "12" });
  neighbour = new TestClient(there.url, (await there.registerUser("neighbour")).accessToken);
  neighbourList = await neighbour.createRoom({ name: "Neighbour's list", version: "12" });
  tyr = await startTyr({
    homeserverUrl: here.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked },
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  for (const client of strangers) void client.close();
  await tyr?.remove();
  await Promise.all([here?.stop(), there?.stop()]);
});

const roomLink = (room: string, via: Synapse) =>
  `https://matrix.to/#/${encodeURIComponent(room)}?via=${encodeURIComponent(via.serverName)}`;

async function stranger(localpart: string, rooms: readonly string[] = scene.rooms) {
  const user = await there.registerUser(localpart);
  const client = new TestClient(there.url, user.accessToken);
  for (const room of rooms) await client.join(room, [here.serverName]);
  await client.watch();
  strangers.push(client);
  return { userId: user.userId, client };
}

const seenInAll = (fits: (event: MatrixEvent) => boolean, what: string, rooms = scene.rooms) =>
  Promise.all(
    rooms.map((room) =>
      scene.moderator.until((event, where) => where === room && fits(event), { what: `${what} in ${room}` }),
    ),
  );
const banOf = (user: string) => (event: MatrixEvent) =>
  event.type === "m.room.member" && event.state_key === user && event.content.membership === "ban";
/** The other server lets its people in until it has received the ban; their events are refused here. */
const outOfAll = (client: TestClient, user: string) =>
  Promise.all(
    scene.rooms.map((room) =>
      client.until((event, where) => where === room && banOf(user)(event), {
        what: `the ban in ${room}, at the other server`,
      }),
    ),
  );
async function refusedAt(client: TestClient, room: string): Promise<void> {
  const refused = await client.join(room, [here.serverName]).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RequestFailed);
  expect(refused).toMatchObject({ status: 403 });
}
const denyListIn = async (room: string) =>
  (await scene.moderator.getStateEvent(room, "m.room.server_acl"))?.deny as string[] | undefined;
const command = (text: string) => scene.moderator.sendText(scene.managementRoom, `!tyr ${text}`);

test("a rule bans a person of another server, who cannot come back", async () => {
  const { userId, client } = await stranger("spammer");

  await scene.moderator.sendState(scene.list, "m.policy.rule.user", "spammer", {
    entity: userId,
    recommendation: "m.ban",
  });
  await seenInAll(banOf(userId), "the ban");

  await outOfAll(client, userId);
  for (const room of scene.rooms) await refusedAt(client, room);
});

test("somebody of another server who is on the list already is banned on coming in", async () => {
  const { userId, client } = await stranger("expected", []);
  await scene.moderator.sendState(scene.list, "m.policy.rule.user", "expected", {
    entity: userId,
    recommendation: "m.ban",
  });

  await client.join(scene.rooms[0]!, [here.serverName]);

  await seenInAll(banOf(userId), "the ban of the newcomer", [scene.rooms[0]!]);
});

test("a list on another server is followed, and its rules are applied", async () => {
  const { userId: before } = await scene.person("before", scene.rooms);
  const { userId: after } = await scene.person("after", scene.rooms);
  const rule = (key: string, entity: string) =>
    neighbour.sendState(neighbourList, "m.policy.rule.user", key, { entity, recommendation: "m.ban" });
  await rule("before", before);

  await command(`lists watch ${roomLink(neighbourList, there)} --now`);
  await seenInAll(banOf(before), "the ban by a rule that was there before");
  await rule("after", after);

  await seenInAll(banOf(after), "the ban by a rule that came over federation");
});

test("a list on another server can be named by a link in the config", async () => {
  const second = await neighbour.createRoom({ name: "Second list", version: "12" });
  const { userId } = await scene.person("linked", scene.rooms);
  await neighbour.sendState(second, "m.policy.rule.user", "linked", {
    entity: userId,
    recommendation: "m.ban",
  });
  await tyr.stop();

  tyr = await startTyr({
    homeserverUrl: here.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked, watchedLists: [scene.list, roomLink(second, there)] },
    folder: tyr.folder,
  });

  await seenInAll(banOf(userId), "the ban by the list of the config");
});

test("no list can have Tyr's own server denied", async () => {
  const deny = (key: string, entity: string) =>
    neighbour.sendState(neighbourList, "m.policy.rule.server", key, { entity, recommendation: "m.ban" });
  await deny("ours", ourName);
  await deny("ours with port", here.serverName);
  await deny("both of us", "127.0.0.*");
  await deny("all", "*");
  await deny("marker", "evil.example");

  await seenInAll(
    (event) =>
      event.type === "m.room.server_acl" && (event.content.deny as string[]).includes("evil.example"),
    "the ACL for the last rule",
  );
  await command("status");

  for (const room of scene.rooms) expect(await denyListIn(room)).toEqual(["evil.example"]);
  expect(await scene.said(/Up for .*/s)).toMatch(/127\.0\.0\.\*.* is not applied/);
});

test("a server that is banned is shut out: nobody comes in from there, and nothing said there arrives", async () => {
  const [protectedRoom, withoutThem] = [scene.rooms[0]!, scene.rooms[1]!];
  const elsewhere = await scene.moderator.createRoom({ name: "Not protected", version: "12" });
  const { client } = await stranger("talker", [protectedRoom, elsewhere]);
  const newcomer = await stranger("newcomer", []);
  const heard = (text: string) => (event: MatrixEvent) => textOf(event) === text;
  await client.sendText(protectedRoom, "before");
  await scene.moderator.until(heard("before"), { what: "a message before the ban" });

  await command(`ban server ${otherName} trouble`);
  await seenInAll(
    (event) => event.type === "m.room.server_acl" && (event.content.deny as string[]).includes(otherName),
    "the ACL",
  );

  await refusedAt(newcomer.client, withoutThem);
  // Where the other server is in the room it lets its people in and takes what they say. None of it comes here.
  await newcomer.client.join(protectedRoom, [here.serverName]);
  await client.sendText(protectedRoom, "shut out");
  // What one server sends to another goes in order: when this is here, the others have been refused.
  await client.sendText(elsewhere, "still here");
  await scene.moderator.until(heard("still here"), { what: "a message in a room that is not protected" });
  expect(scene.moderator.allSeen(heard("shut out"))).toEqual([]);
  expect((await scene.moderator.members(protectedRoom)).has(newcomer.userId)).toBe(false);
});

test("once its ban is lifted, the server's people may come back", async () => {
  const newcomer = await stranger("back-again", []);

  const before = new Set(scene.moderator.seen.map(({ event }) => event.event_id));
  await command(`unban server ${otherName}`);
  await seenInAll(
    (event) => event.type === "m.room.server_acl" && !before.has(event.event_id),
    "the next ACL",
  );

  for (const room of scene.rooms) expect(await denyListIn(room)).toEqual(["evil.example"]);
  await newcomer.client.join(scene.rooms[1]!, [here.serverName]);
  expect((await scene.moderator.members(scene.rooms[1]!)).get(newcomer.userId)).toBe("join");
});
