// `tyr check`: what it tells of accounts, rooms, lists and data, and that it writes nothing anywhere.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCommand } from "../../src/cli/check.ts";
import { configFrom } from "../support/config.ts";
import { seamOf, sendTo } from "../support/send.ts";
import { Story } from "../support/story.ts";

let story: Story;
let dataPath: string;
beforeEach(() => {
  dataPath = mkdtempSync(join(tmpdir(), "tyr-checked-"));
});
afterEach(async () => {
  await story.stop();
  rmSync(dataPath, { recursive: true });
});

async function check(settings: Readonly<Record<string, unknown>> = {}) {
  const config = configFrom({
    homeserver: { url: "http://hs.test", accessToken: story.bot.accessToken },
    dataPath,
    managementRoom: story.managementRoom,
    protectedRooms: story.rooms,
    watchedLists: [story.list],
    protectionProfile: "none",
    ...settings,
  });
  const { homeserver } = story;
  const seams = { clock: seamOf(story.clock), random: { next: () => 0.5 }, send: sendTo(homeserver) };
  return story.clock.runUntil(checkCommand(config, seams), { what: "the check", limitMs: 600_000 });
}

/** Requests of the bot that are no reads. Keys are asked for by a POST. */
const writes = () =>
  story.homeserver.requests
    .filter(({ method, path }) => method !== "GET" && !path.endsWith("/keys/query"))
    .map(({ method, path }) => `${method} ${path}`);

test("all is well: says who, where, what, and what would be done, and writes nothing", async () => {
  story = new Story({ rooms: 2 });
  story.person("spammer");
  story.rule("@spammer:hs.test");

  const { text, isWell } = await check();

  expect(text).toContain("@tyr:hs.test on http://hs.test");
  expect(text).toContain(`Management (${story.managementRoom}): 1 person may command: ${story.moderator}`);
  expect(text).toContain("2 of 2 protected rooms with every right that is needed");
  expect(text).toContain("coc: 1 rule");
  expect(text).toContain("Tyr would ban 1 person in 2 rooms");
  expect(text).toContain("All is well. Nothing was written to any room.");
  expect(isWell).toBe(true);
  expect(writes()).toEqual([]);
  expect(readdirSync(dataPath)).toEqual([]);
});

test.each([
  [10, ""],
  [
    20,
    "closing all 20 rooms to a wave takes a write each: with the limits that a Synapse has by itself about 50 seconds",
  ],
  [
    130,
    "closing all 130 rooms to a wave takes a write each: with the limits that a Synapse has by itself about 10 minutes",
  ],
])(
  "how long closing %i rooms may take is said while there is time to have limits lifted",
  async (rooms, said) => {
    story = new Story({ rooms });

    const { text, isWell } = await check();

    expect(
      /^ok +pace +(closing all .*?)\. Its administrator can exempt Tyr.*Rate limits$/m.exec(text)?.[1] ?? "",
    ).toBe(said);
    expect(isWell).toBe(true);
  },
);

test("what is wrong with rooms is a problem, each with what to do", async () => {
  story = new Story({ rooms: 1 });
  const weak = story.room("Weak", { botLevel: 0 });

  const { text, isWell } = await check({ protectedRooms: [...story.rooms, weak] });

  expect(text).toMatch(/^problem +room +Weak .*: I may not ban.*Give me level 100/m);
  expect(text).toContain("1 problem to put right");
  expect(isWell).toBe(false);
});

test("a management room that anybody can join is a problem", async () => {
  story = new Story({ rooms: 1 });
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.join_rules", "", {
    join_rule: "public",
  });

  expect(await check()).toMatchObject({
    isWell: false,
    text: expect.stringContaining("Make it invite-only"),
  });
});

test("an encrypted management room is well, and the keys are said to come with the start", async () => {
  story = new Story({ rooms: 1 });
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.encryption", "", {
    algorithm: "m.megolm.v1.aes-sha2",
  });

  const { text, isWell } = await check();

  expect(text).toMatch(/^ok +management room +Management \(!.*, encrypted\): 1 person may command/m);
  expect(text).toMatch(/^ok +encryption +the next start makes the keys of its device and an identity/m);
  expect(isWell).toBe(true);
  expect(writes()).toEqual([]);
  expect(readdirSync(dataPath)).toEqual([]);
});

test("/sync is asked once, at a first start and with what a run has kept", async () => {
  story = new Story({ rooms: 1, dataPath });
  const syncs = () => story.homeserver.requests.filter(({ path }) => path.endsWith("/sync"));
  await check();
  const first = syncs().length;
  await story.start();
  await story.stop();
  story.person("newcomer");
  // The long poll that the run had open ends.
  await story.pass(1_000);
  story.homeserver.clearRequests();

  const { text } = await check();

  expect([first, syncs().length]).toEqual([1, 1]);
  expect(text).toContain("All is well");
});

test("rooms that would be joined are a warning, and are not joined", async () => {
  story = new Story({ rooms: 1 });
  const owner = story.homeserver.createUser("owner").userId;
  const room = story.homeserver.createRoom({ creator: owner, joinRule: "public" });

  const { text, isWell } = await check({ protectedRooms: [room] });

  expect(text).toMatch(/^warning +room .*I am not in it/m);
  expect(text).toContain("Tyr would join 1 room");
  expect(isWell).toBe(true);
  expect(writes()).toEqual([]);
});

test("a token that is not accepted is told, and nothing after it", async () => {
  story = new Story();

  const { text, isWell } = await check({ homeserver: { url: "http://hs.test", accessToken: "wrong" } });

  expect(text).toMatch(
    /^problem +account +the access token is not accepted .*Put a new one into the config\./m,
  );
  expect(isWell).toBe(false);
});

test("a homeserver that does not answer is told at once", async () => {
  story = new Story();
  story.homeserver.goDown();

  expect((await check()).text).toMatch(/^problem +homeserver +http:\/\/hs\.test: .*Check homeserver\.url/m);
});

test("a management room that Tyr is not in is told; what needs it is left for later", async () => {
  story = new Story();
  const other = story.homeserver.createRoom({ creator: story.moderator, joinRule: "invite" });

  const { text } = await check({ managementRoom: other });

  expect(text).toContain(`Tyr is not in ${other} yet. Invite it: it joins at the start.`);
  expect(text).not.toContain("rooms");
  expect(writes()).toEqual([]);
});

test("a management room yet to be made is no trouble", async () => {
  story = new Story();

  const { text, isWell } = await check({ managementRoom: undefined, initialManager: story.moderator });

  expect(text).toContain(`is made at the first start, and ${story.moderator} invited`);
  expect(isWell).toBe(true);
  expect(writes()).toEqual([]);
});

test("a login by password is ended again", async () => {
  story = new Story();
  const { userId } = story.homeserver.createUser("other", { password: "secret" });

  await check({ homeserver: { url: "http://hs.test", user: userId, password: "secret" } });

  expect(writes()).toEqual(["POST /_matrix/client/v3/login", "POST /_matrix/client/v3/logout"]);
});

test("while Tyr runs its data is looked at all the same, and what commands have added is known", async () => {
  story = new Story({ rooms: 2, dataPath });
  await story.start();
  const added = story.room("Added");
  await story.command(`!tyr rooms add ${added}`);
  await story.until(() => story.world!.membersKnown.has(added as never), "the room's members");

  const { text, isWell } = await check();

  expect(text).toMatch(/^ok +data folder .* is sound: .*; in use by a Tyr that runs$/m);
  expect(text).toContain("3 of 3 protected rooms");
  expect(isWell).toBe(true);
});

test("a damaged data folder is a problem, and the rest is looked at all the same", async () => {
  story = new Story({ rooms: 1, dataPath });
  await story.start();
  await story.stop();
  truncateSync(join(dataPath, "tyr.db"), 5_000);

  const { text, isWell } = await check();

  expect(text).toMatch(/^problem +data folder .* is damaged/m);
  expect(text).toContain("1 of 1 protected room with every right");
  expect(isWell).toBe(false);
});

test("a data folder that cannot be made is a problem", async () => {
  story = new Story({ rooms: 1 });
  writeFileSync(join(dataPath, "file"), "");

  expect((await check({ dataPath: join(dataPath, "file", "data") })).text).toMatch(/^problem +data folder/m);
});

test("what waits for a yes is told as that", async () => {
  story = new Story({ rooms: 1, settings: {} });
  for (const name of ["a", "b", "c", "d"]) story.person(name);
  await story.pass(2 * 86_400_000);
  story.rule("@?:hs.test");

  const { text, isWell } = await check({ guard: { maxPeople: 0, maxRoomShare: 0 } });

  expect(text).toMatch(/^warning +now +waits for a moderator's yes: Question 1:/m);
  expect(isWell).toBe(true);
});
