// A database that 0fc16fb wrote is opened, continued and undone from. test/fixtures/ holds that database and all that
// changed its homeserver; the head of the SQL file says how both were made.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile } from "../../src/store/database.ts";
import { aFolder } from "../support/folder.ts";
import { replay } from "../support/replay.ts";
import { Story } from "../support/story.ts";

const fixtures = join(import.meta.dirname, "../fixtures");
const crowd = Array.from({ length: 10 }, (_, i) => `@crowd${i}:hs.test`);

let story: Story;

/** The homeserver as it was when Tyr was killed, and the data folder that it left. */
beforeEach(async () => {
  const dataPath = aFolder();
  const sqlite = new DatabaseSync(join(dataPath, databaseFile));
  sqlite.exec(readFileSync(join(fixtures, "database-0fc16fb.sql"), "utf8"));
  sqlite.close();
  story = new Story({
    rooms: 2,
    dataPath,
    onlyPromises: true,
    homeserver: { writeLatencyMs: 0, readLatencyMs: 0 },
    settings: { guard: { maxPeople: 4, maxRoomShare: 100 } },
  });
  await replay(readFileSync(join(fixtures, "homeserver-0fc16fb.jsonl"), "utf8"), story);
  story.homeserver.clearRequests();
});

afterEach(() => story.stop());

const membership = (user: string) => story.rooms.map((room) => story.homeserver.membership(room, user));
const writes = () =>
  story.homeserver.requests
    .filter(({ method, userId }) => method !== "GET" && userId === story.bot.userId)
    .map(({ kind }) => kind)
    .filter((kind) => /^PUT state|ban$|kick$|redact/.test(kind));

test("it is continued: the ban that was under way is done, and nothing else is written", async () => {
  expect(membership("@late:hs.test")).toEqual(["ban", "join"]);

  await story.start();
  await story.pass(60_000);

  expect(membership("@late:hs.test")).toEqual(["ban", "ban"]);
  expect(writes()).toEqual(["PUT state m.room.member"]);
});

test("what moderators had settled holds: lists, default list, exemption, protection", async () => {
  await story.start();

  expect(await story.command("!tyr lists")).toMatch(/2 lists[\s\S]*coc[\s\S]*second/);
  expect(await story.command("!tyr protections show flood")).toMatch(/flood is on/);
  await story.command("!tyr ban @somebody:elsewhere.test rude");
  story.rule("@friend:hs.test");
  await story.pass(60_000);

  const [second] = story.world!.settings.lists.map(({ room }) => room).filter((room) => room !== story.list);
  expect(
    story.homeserver.stateOfType(second!, "m.policy.rule.user").map(({ content }) => content["entity"]),
  ).toEqual(["@somebody:elsewhere.test"]);
  expect(membership("@friend:hs.test")).toEqual(["join", "join"]);
});

test("the open question is answered", async () => {
  await story.start();
  await story.pass(60_000);
  expect(crowd.flatMap(membership)).not.toContain("ban");

  await story.command("!tyr yes 1");
  await story.pass(60_000);

  expect(crowd.flatMap(membership)).toEqual(Array.from({ length: 20 }, () => "ban"));
});

test("a ban by command is taken back by its number: the rule and the bans", async () => {
  await story.start();
  expect(membership("@spammer:hs.test")).toEqual(["ban", "ban"]);

  const answer = await story.command("!tyr undo 1");
  await story.pass(10_000);

  expect(answer).toContain("✅");
  expect(membership("@spammer:hs.test")).toEqual(["leave", "leave"]);
  const entities = story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .map(({ content }) => content["entity"]);
  expect(entities).toContain("@listed:hs.test");
  expect(entities).not.toContain("@spammer:hs.test");
});

/** The level of the muted person in each room, where the room has one. */
const levels = () =>
  story.rooms.map((room) => {
    const { users } = story.homeserver.state(room, "m.room.power_levels")!.content;
    return (users as Readonly<Record<string, number>>)["@loud:hs.test"];
  });

test("a mute is taken back by its number", async () => {
  await story.start();
  expect(levels()).toEqual([-1, -1]);

  await story.command("!tyr undo 2");
  await story.pass(10_000);

  expect(levels()).toEqual([undefined, undefined]);
});

test("a mute ends when it was to end", async () => {
  await story.start();

  await story.pass(2 * 3_600_000);

  expect(levels()).toEqual([undefined, undefined]);
});

test("the bans of a list are lifted with its rule", async () => {
  await story.start();

  story.rule("", { key: "rule:@listed:hs.test" });
  await story.pass(60_000);

  expect(membership("@listed:hs.test")).toEqual(["leave", "leave"]);
});

test("settings are taken back by their numbers, newest first", async () => {
  await story.start();

  for (const number of [6, 5, 4, 3]) expect(await story.command(`!tyr undo ${number}`)).toContain("✅");
  await story.pass(10_000);

  expect(story.world!.settings.lists.map(({ room }) => room)).toEqual([story.list]);
  expect(await story.command("!tyr exempt list")).not.toContain("@friend:hs.test");
  expect(await story.command("!tyr protections show flood")).toMatch(/flood is off/);
});

test("why tells what was done before", async () => {
  await story.start();

  const answer = await story.command("!tyr why @spammer:hs.test");

  expect(answer).toContain("@mod:hs.test said ban");
  expect(answer).toContain("rude");
});
