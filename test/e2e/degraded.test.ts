// A start with one room that Tyr is banned from, one that it was never asked into, and one list that it cannot read:
// everything else works, and each of them comes back when a moderator puts it right.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let bannedFrom: string;
let neverAskedInto: string;
let unreadable: string;

beforeAll(async () => {
  synapse = await startSynapse();
  // Of version 12, so that the rooms' creator can ban a bot that has the highest level.
  scene = await setScene(synapse, { rooms: 3, version: "12" });
  bannedFrom = scene.rooms[1]!;
  const closed = {
    preset: "private_chat",
    version: "12",
    powerLevels: { users: { [scene.bot.userId]: 100 } },
  } as const;
  neverAskedInto = await scene.moderator.createRoom({ ...closed, name: "Closed" });
  unreadable = await scene.moderator.createRoom({ ...closed, name: "Closed list" });
  await scene.moderator.ban(bannedFrom, scene.bot.userId, "by mistake");
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      protectedRooms: [...scene.rooms, neverAskedInto],
      watchedLists: [scene.list, unreadable],
    },
  });
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const ruleIn = (list: string, user: string) =>
  scene.moderator.sendState(list, "m.policy.rule.user", user.slice(1), {
    entity: user,
    recommendation: "m.ban",
  });
const expectBannedIn = (user: string, rooms: readonly string[]) =>
  Promise.all(
    rooms.map((room) =>
      scene.moderator.until(
        (event, where) => where === room && event.state_key === user && event.content.membership === "ban",
        { what: `the ban in ${room}` },
      ),
    ),
  );

/** The lines of a message that tell what is wrong with a room. */
const about = (text: string, room: string) =>
  text.split("\n").filter((line) => line.startsWith("• ") && line.includes(room) && line.includes(": "));

test("the first message and the status name each of them, and what to do", async () => {
  const first = await scene.said(/^Tyr is watching/);
  await scene.moderator.sendText(scene.managementRoom, "!tyr status");
  const status = await scene.said(/^Up for/);

  for (const text of [first, status]) {
    for (const room of [bannedFrom, neverAskedInto, unreadable]) {
      expect(about(text, room)).toEqual([expect.stringMatching(/I am not in it: .*nvite me/)]);
    }
    expect(about(text, bannedFrom)[0]).toMatch(/banned/);
    expect(about(text, scene.rooms[0]!)).toEqual([]);
  }
});

test("the other rooms and lists work", async () => {
  const { userId } = await scene.person("meanwhile", scene.rooms);

  await ruleIn(scene.list, userId);

  await expectBannedIn(userId, [scene.rooms[0]!, scene.rooms[2]!]);
});

test("unbanned and invited, it protects the room again and makes good what it missed", async () => {
  const { userId } = await scene.person("missed", [bannedFrom]);
  await ruleIn(scene.list, userId);

  await scene.moderator.unban(bannedFrom, scene.bot.userId);
  await scene.moderator.invite(bannedFrom, scene.bot.userId);

  await expectBannedIn(userId, [bannedFrom]);
});

test("invited for the first time, it protects the room", async () => {
  const { userId, client } = await scene.person("inside", []);
  await scene.moderator.invite(neverAskedInto, userId);
  await client.join(neverAskedInto);
  await ruleIn(scene.list, userId);

  await scene.moderator.invite(neverAskedInto, scene.bot.userId);

  await expectBannedIn(userId, [neverAskedInto]);
});

test("invited into the list, it applies the rules", async () => {
  const { userId } = await scene.person("listed", [scene.rooms[0]!]);
  await ruleIn(unreadable, userId);

  await scene.moderator.invite(unreadable, scene.bot.userId);

  await expectBannedIn(userId, [scene.rooms[0]!]);
});

test("then nothing is left to look at", async () => {
  const seen = new Set(scene.moderator.seen.map(({ event }) => event.event_id));
  await scene.moderator.sendText(scene.managementRoom, "!tyr status");
  const { event } = await scene.moderator.until(
    (one, room) =>
      room === scene.managementRoom &&
      one.sender === scene.bot.userId &&
      !seen.has(one.event_id) &&
      String(one.content.body).startsWith("Up for"),
    { what: "the status" },
  );

  expect(event.content.body).not.toMatch(/to look at/);
});
