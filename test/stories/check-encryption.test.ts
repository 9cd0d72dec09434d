// `tyr check` where rooms are encrypted: whose keys the device has, whether others believe it, and that nothing is uploaded.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkCommand } from "../../src/cli/check.ts";
import { configFrom } from "../support/config.ts";
import { EncryptingClient } from "../support/encryption/client.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { inProcess } from "../support/encryption/link.ts";
import { aFolder } from "../support/folder.ts";
import { seamOf, sendTo } from "../support/send.ts";

let desk: EncryptedStory;
let dataPath: string;
beforeEach(() => {
  dataPath = aFolder();
});
afterEach(() => desk.stop());

/** A Tyr that has run on the data folder, and is stopped. */
async function hasRun(): Promise<void> {
  desk = await EncryptedStory.begin({ dataPath });
  await desk.command("!tyr rooms");
  await desk.story.stop();
  await desk.story.pass(1_000);
}

/** An account that never ran, in a room that is encrypted. */
async function hasNotRun(options = {}): Promise<void> {
  desk = new EncryptedStory({ dataPath, ...options });
  await desk.enter();
}

async function check(settings: Readonly<Record<string, unknown>> = {}) {
  const { story } = desk;
  const config = configFrom({
    homeserver: { url: "http://hs.test", accessToken: story.bot.accessToken },
    dataPath,
    managementRoom: story.managementRoom,
    protectedRooms: story.rooms,
    watchedLists: [story.list],
    protectionProfile: "none",
    ...settings,
  });
  story.homeserver.clearRequests();
  const seams = { clock: seamOf(story.clock), random: { next: () => 0.5 }, send: sendTo(story.homeserver) };
  const { text, isWell } = await desk.wait(checkCommand(config, seams), "the check");
  const lines = text.split("\n").filter((line) => /^\w+ +encryption /.test(line));
  return { encryption: lines.map((line) => line.replace(/ +/g, " ")), isWell };
}

/** What was asked for that may write, since the check began. */
const posted = () =>
  desk.story.homeserver.requests
    .filter(({ method, userId }) => method !== "GET" && userId === desk.story.bot.userId)
    .map(({ path }) => path);

/** Another program's keys on the device of our token. */
async function strangerOnDevice(): Promise<void> {
  const { homeserver, bot } = desk.story;
  const { userId, deviceId, accessToken } = bot;
  const login = { link: inProcess(homeserver), userId, deviceId, accessToken };
  await desk.joins(EncryptingClient.enter(login, { identity: "none" }));
}

test("after a run: the device, signed, with the fingerprint that status shows", async () => {
  desk = await EncryptedStory.begin({ dataPath });
  const status = await desk.command("!tyr status");
  await desk.story.stop();

  const { encryption, isWell } = await check();

  const [, device, key] = /device (\S+), key (.*)\./.exec(status.replaceAll("`", ""))!;
  expect(encryption).toEqual([`ok encryption device ${device}, signed; fingerprint ${key}`]);
  expect(isWell).toBe(true);
  expect(posted()).toEqual(["/_matrix/client/v3/keys/query"]);
});

test("keys of another program on the device of the token are a problem", async () => {
  await hasNotRun();
  await strangerOnDevice();

  const { encryption, isWell } = await check();

  expect(encryption).toEqual([
    expect.stringContaining("problem encryption Another program encrypts with this access token"),
  ]);
  expect(isWell).toBe(false);
  expect(existsSync(join(dataPath, "crypto.db"))).toBe(false);
});

test("they are only a warning where no room is encrypted", async () => {
  await hasNotRun({ isEncrypted: false });
  await strangerOnDevice();

  const { encryption, isWell } = await check();

  expect(encryption).toEqual([expect.stringMatching(/^warning .*No room needs that yet/)]);
  expect(isWell).toBe(true);
});

test("where no room is encrypted nothing is said of it", async () => {
  await hasNotRun({ isEncrypted: false });

  expect((await check()).encryption).toEqual([]);
});

test("a crypto.db that is lost is a problem, and is called so", async () => {
  await hasRun();
  rmSync(join(dataPath, "crypto.db"));

  expect((await check()).encryption).toEqual([
    expect.stringMatching(/^problem encryption .*crypto\.db is gone, and with it the keys of the device/),
  ]);
});

test("keys that the homeserver has lost are a problem, and none where a password gives a new device", async () => {
  await hasRun();
  // The account anew, as a homeserver that was set back has it: with the same device, and no keys.
  const { userId, accessToken } = desk.story.homeserver.createUser("tyr", { password: "secret" });

  const byToken = await check({ homeserver: { url: "http://hs.test", accessToken } });
  const byPassword = await check({ homeserver: { url: "http://hs.test", user: userId, password: "secret" } });

  expect(byToken.encryption).toEqual([
    expect.stringMatching(/^problem .*has no keys any more for my device/),
  ]);
  // The login of the check is a device of its own.
  expect(byPassword.encryption).toEqual([expect.stringMatching(/^ok .*makes the keys of its device/)]);
});

test("an identity that nothing opens is a problem, until its recovery key is there", async () => {
  await hasRun();
  const recoveryKeyFile = join(dataPath, "recovery.key");
  // Of another login of the same account.
  const accessToken = desk.story.homeserver.newToken(desk.story.bot.userId);
  const elsewhere = join(dataPath, "elsewhere");
  mkdirSync(elsewhere);
  const settings = { homeserver: { url: "http://hs.test", accessToken }, dataPath: elsewhere };

  const without = await check(settings);
  writeFileSync(join(elsewhere, "recovery.key"), "EsTc wrong\n");
  const wrong = await check(settings);
  const withIt = await check({ ...settings, encryption: { recoveryKeyFile } });

  expect(without.encryption).toEqual([
    expect.stringMatching(/^problem .*The account has an identity, made in another client/),
  ]);
  expect(wrong.encryption).toEqual([
    expect.stringMatching(/^problem .*does not open the account's identity/),
  ]);
  expect(withIt.encryption).toEqual([
    expect.stringMatching(/^ok .*makes the keys of its device and signs them/),
  ]);
});

test("encryption that is switched off is a problem where the management room needs it", async () => {
  await hasNotRun();

  const { encryption, isWell } = await check({ encryption: { enabled: "no" } });

  expect(encryption).toEqual(["problem encryption Encryption is switched off (encryption.enabled)."]);
  expect(isWell).toBe(false);
});

test("an encrypted protected room that is not read is a warning", async () => {
  await hasNotRun({ isEncrypted: false });
  const { homeserver, rooms, moderator } = desk.story;
  homeserver.setState(rooms[0]!, moderator, "m.room.encryption", "", { algorithm: "m.megolm.v1.aes-sha2" });

  const { encryption, isWell } = await check();
  const read = await check({ encryption: { protectedRooms: true } });

  expect(encryption).toEqual([expect.stringMatching(/^warning .*Room 1 is encrypted and not read/)]);
  expect(isWell).toBe(true);
  expect(read.encryption).toEqual([expect.stringMatching(/^ok .*the next start makes the keys/)]);
});

test("a recovery key that is nowhere to be found is a warning", async () => {
  await hasRun();
  rmSync(join(dataPath, "recovery.key"));

  expect((await check()).encryption).toEqual([
    expect.stringMatching(/^ok .*signed/),
    expect.stringMatching(/^warning .*opened by crypto\.db alone/),
  ]);
});
