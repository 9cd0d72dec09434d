// Taking over on a real Synapse from what a Mjolnir, a Draupnir and a Meowlnir keep there, without a word in the
// config about rooms or lists; and the way back.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestClient } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let bot: TestClient;
let tyr: TyrProcess | undefined;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "none" });
});
afterAll(() => synapse.stop());
beforeEach(async () => {
  scene = await setScene(synapse, { rooms: 3 });
  bot = new TestClient(synapse.url, scene.bot.accessToken);
});
afterEach(async () => {
  await tyr?.stop();
  scene.close();
  await tyr?.remove();
  tyr = undefined;
});

const rooms = "org.matrix.mjolnir.protected_rooms";
const lists = "org.matrix.mjolnir.watched_lists";
const enabled = "org.matrix.mjolnir.enabled_protections";
const defaultList = "org.matrix.mjolnir.default_list";
const version = "ge.applied-langua.ge.draupnir.schema_version";
const link = () => `https://matrix.to/#/${scene.list}?via=${encodeURIComponent(synapse.serverName)}`;
const state = (type: string, key: string, content: Record<string, unknown>) =>
  scene.moderator.sendState(scene.managementRoom, type, key, content);

async function firstMessage(): Promise<string> {
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { managementRoom: scene.managementRoom, log: { level: "debug" } },
  });
  // A room of a server that is gone keeps the first message waiting for half a minute.
  return scene.said(/^Tyr is watching/);
}

/** A person who is listed before the start is banned in all rooms after it. */
async function isInForce(): Promise<void> {
  const { userId } = await scene.person("spammer", scene.rooms);
  await scene.moderator.sendState(scene.list, "m.policy.rule.user", "rule", {
    entity: userId,
    recommendation: "m.ban",
    reason: "spam",
  });
  await Promise.all(
    scene.rooms.map((room) =>
      scene.moderator.until(
        (event, where) =>
          where === room && event.state_key === userId && event.content["membership"] === "ban",
        { what: `the ban in ${room}` },
      ),
    ),
  );
}

async function isKept(type: string, fits: (content: unknown) => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const content = await bot.getAccountData(type);
    if (fits(content)) return;
    if (Date.now() > end) throw new Error(`${type} is ${JSON.stringify(content)}`);
  }
}

test("a Mjolnir: rooms, list, default and protections are in force, and its keys are as it needs them to go back", async () => {
  await bot.setAccountData(rooms, { rooms: [...scene.rooms, "!gone:gone.example"] });
  await bot.setAccountData(lists, { references: [link(), "https://matrix.to/#/#gone:gone.example"] });
  await bot.setAccountData(defaultList, { shortcode: "coc" });
  await bot.setAccountData(enabled, { enabled: ["BasicFloodingProtection", "WordList"] });
  await state("org.matrix.mjolnir.setting", "BasicFloodingProtection", { maxPerMinute: 6 });

  const first = await firstMessage();
  await isInForce();
  const { userId } = await scene.person("rude", [scene.rooms[0]!]);
  await scene.moderator.sendText(scene.managementRoom, `!tyr ban ${userId}`);
  await scene.moderator.until((event, where) => where === scene.list && event.content["entity"] === userId, {
    what: "the rule on the default list",
  });
  await scene.moderator.sendText(scene.managementRoom, `!tyr rooms remove ${scene.rooms[2]}`);
  await isKept(rooms, (content) => !JSON.stringify(content).includes(scene.rooms[2]!));

  expect(first).toContain(
    "Taken over from a Mjolnir's account data: 4 rooms, 1 list, list coc as the default",
  );
  expect(first).toContain("BasicFloodingProtection is now flood: limit 5, seconds 60, response redact+ban");
  expect(first).toContain("WordList is now words: response redact+ban");
  expect(first).toContain("#gone:gone.example leads nowhere");
  expect(await bot.getAccountData(rooms)).toEqual({
    rooms: [scene.rooms[0], scene.rooms[1], "!gone:gone.example"],
  });
  expect(await bot.getAccountData(lists)).toEqual({
    references: [link(), "https://matrix.to/#/#gone:gone.example"],
  });
  expect(await bot.getAccountData(defaultList)).toEqual({ shortcode: "coc" });
  expect(await bot.getAccountData(enabled)).toEqual({ enabled: ["BasicFloodingProtection", "WordList"] });
});

test("a Draupnir: its keys, versions and simulations are read, and kept", async () => {
  const names = [
    "BanPropagationProtection",
    "MemberBanSynchronisationProtection",
    "ServerBanSynchronisationProtection",
    "MentionLimitProtection",
  ];
  await bot.setAccountData(rooms, { rooms: scene.rooms });
  await bot.setAccountData(lists, { references: [link()] });
  await bot.setAccountData(enabled, { enabled: names, [version]: 8 });
  await state("me.marewolf.draupnir.set_capability_provider", "MentionLimitProtection", {
    userConsequences: { capability_provider_name: "SimulatedUserConsequences" },
    [version]: 1,
  });

  const first = await firstMessage();
  await isInForce();
  const added = await scene.moderator.createRoom({ name: "Added", invite: [scene.bot.userId] });
  await scene.moderator.sendText(scene.managementRoom, `!tyr rooms add ${added}`);
  await isKept(rooms, (content) => JSON.stringify(content).includes(added));

  expect(first).toContain("Taken over from a Draupnir's account data: 3 rooms, 1 list and 1 protection");
  expect(first).toContain("response redact+warn,");
  expect(await bot.getAccountData(enabled)).toEqual({ enabled: names, [version]: 8 });
  expect(await bot.getAccountData(rooms)).toEqual({ rooms: [...scene.rooms, added] });
});

test("a Meowlnir: the state of its management room is read, and left as it is", async () => {
  const protectedRooms = {
    rooms: scene.rooms,
    skip_acl: [],
    protections: { anti_flood: { limit: 8, per: 10, max_infractions: 2 } },
  };
  const watched = {
    lists: [{ room_id: scene.list, name: "List", shortcode: "coc", auto_unban: true }],
  };
  await state("fi.mau.meowlnir.protected_rooms", "", protectedRooms);
  await state("fi.mau.meowlnir.watched_lists", "", watched);

  const first = await firstMessage();
  await isInForce();

  expect(first).toContain("Taken over from a Meowlnir's state in the management room: 3 rooms, 1 list");
  expect(first).toContain("anti_flood is now flood: limit 8, seconds 10, response redact redact+ban");
  expect(await scene.moderator.getStateEvent(scene.managementRoom, "fi.mau.meowlnir.watched_lists")).toEqual(
    watched,
  );
});

test("a dry run shows the same and changes nothing", async () => {
  await bot.setAccountData(rooms, { rooms: scene.rooms });
  await bot.setAccountData(lists, { references: [link()] });
  const folder = mkdtempSync(join(tmpdir(), "tyr-dry-"));
  try {
    writeFileSync(
      join(folder, "tyr.yaml"),
      JSON.stringify({
        homeserver: { url: synapse.url, accessToken: scene.bot.accessToken },
        managementRoom: scene.managementRoom,
        dataPath: join(folder, "data"),
      }),
    );
    const entry = join(import.meta.dirname, "../../src/main.ts");

    const { status, stdout } = spawnSync(
      process.execPath,
      [entry, "takeover", "--dry-run", "--config", join(folder, "tyr.yaml")],
      { encoding: "utf8" },
    );

    expect(status).toBe(0);
    expect(stdout).toContain("Nothing was changed.");
    expect(stdout).toContain("Taken over from a Mjolnir's account data: 3 rooms and 1 list");
    for (const room of [...scene.rooms, scene.list]) expect(stdout).toContain(room);
    expect(await bot.getAccountData(rooms)).toEqual({ rooms: scene.rooms });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
