// Stories of devices in an encrypted management room: the moderators' and Tyr's own.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { EncryptingClient } from "../support/encryption/client.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { inProcess } from "../support/encryption/link.ts";
import { aFolder } from "../support/folder.ts";
import { dayMs } from "../support/weighing.ts";

let desk: EncryptedStory | undefined;
afterEach(async () => {
  await desk?.stop();
  desk = undefined;
});

async function begin(options = {}): Promise<EncryptedStory> {
  return (desk = await EncryptedStory.begin(options));
}

/** Another engine on Tyr's own device: Element, whose token was taken, or an earlier bot. */
function strangerOn({ story }: EncryptedStory): Promise<EncryptingClient> {
  const { userId, deviceId, accessToken } = story.bot;
  const login = { link: inProcess(story.homeserver), userId, deviceId, accessToken };
  return EncryptingClient.enter(login, { identity: "none" });
}

/** Somebody with a client that encrypts, who is invited and not there yet. */
async function invited(one: EncryptedStory): Promise<EncryptingClient> {
  const { homeserver, moderator } = one.story;
  const account = homeserver.createUser("second");
  const client = await one.joins(EncryptingClient.enter({ link: inProcess(homeserver), ...account }));
  homeserver.invite(one.room, moderator, account.userId);
  return client;
}

describe("a moderator's devices", () => {
  test("a new one is obeyed, and reads what is said from then on", async () => {
    const one = await begin();
    await one.command("!tyr rooms");

    const phone = await one.joins(one.moderator.newDevice());
    const answer = await one.command("!tyr rooms", phone);

    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(one.complaints()).toEqual([]);
  });

  test("one that its owner has not signed is not obeyed, and is told so", async () => {
    const one = await begin();
    const spammer = one.story.person("spammer");
    const thief = await one.joins(one.moderator.newDevice({ isSigned: false }));

    await one.say(`!tyr ban ${spammer} spam`, thief);
    const told = await one.heard("that you have not verified");
    await one.story.pass();

    expect(told).toContain(thief.deviceId);
    expect(one.story.isBanned(spammer)).toBe(false);
    expect(one.inClear()).toEqual([]);
  });

  test("one that is signed later is obeyed from then on", async () => {
    const one = await begin();
    const phone = await one.joins(one.moderator.newDevice({ isSigned: false }));
    await one.say("!tyr rooms", phone);
    await one.heard("that you have not verified");

    await one.wait(one.moderator.sign(phone.deviceId), "signing the phone");

    expect(await one.command("!tyr rooms", phone)).toMatch(/^✅/);
  });

  test("with a new identity they are believed, as nobody has verified the old one", async () => {
    const one = await begin();
    await one.command("!tyr rooms");

    await one.wait(one.moderator.makeIdentity(), "the new identity");

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
  });

  test("who joins reads what is said from then on, who has left does not", async () => {
    const one = await begin();
    const { story } = one;
    const second = await invited(one);
    story.homeserver.join(one.room, second.userId);
    await story.pass();
    const answer = await one.command("!tyr rooms", second);

    story.homeserver.kick(one.room, story.moderator, second.userId);
    await story.pass();
    const missed = await one.command("!tyr status");
    story.homeserver.invite(one.room, story.moderator, second.userId);
    story.homeserver.join(one.room, second.userId);
    await story.pass();

    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(one.said()).toContain(missed.slice(2));
    expect(one.said(second)).not.toContain(missed.slice(2));
    expect(await one.command("!tyr rooms", second)).toMatch(/^✅/);
  });

  test("who is invited reads, once they join, what was said since", async () => {
    const one = await begin();
    const second = await invited(one);
    await one.story.pass();
    const answer = await one.command("!tyr rooms");

    one.story.homeserver.join(one.room, second.userId);
    await one.story.pass();

    expect(one.said(second)).toContain(answer.slice(2));
  });
});

describe("Tyr's device", () => {
  test("is renewed with one-time keys when others have used them up", async () => {
    const one = await begin({ dataPath: aFolder() });
    const { homeserver, bot } = one.story;
    await one.story.stop();
    homeserver.devices.useUpOneTimeKeys(bot.userId, bot.deviceId);

    const phone = await one.joins(one.moderator.newDevice());
    const said = await one.say("!tyr rooms", phone);
    await one.start();

    expect(await one.answer(said, phone)).toMatch(/^✅/);
    expect(homeserver.devices.oneTimeKeys(bot.userId, bot.deviceId)).toBeGreaterThan(40);
  });

  test("that another program has taken is given up, and said so in clear", async () => {
    const one = new EncryptedStory();
    desk = one;
    await one.enter();
    const stranger = await one.wait(strangerOn(one), "another program");
    const { fingerprint } = stranger;
    await stranger.close();

    one.story.launch();
    await one.heard("cannot read encrypted");

    const { devices } = one.story.homeserver;
    expect(one.said().join("\n")).toMatch(/[Aa]nother program/);
    expect(devices.fingerprint(one.story.bot.userId, one.story.bot.deviceId)).toBe(fingerprint);
    expect(devices.identity(one.story.bot.userId)).toBeUndefined();
  });

  test("that another program has taken is left to it once there is a password, in the same data folder", async () => {
    const one = new EncryptedStory({ dataPath: aFolder() });
    desk = one;
    await one.enter();
    await (await one.wait(strangerOn(one), "another program")).close();
    one.story.launch();
    await one.heard("cannot read encrypted");
    await one.story.stop();

    one.story.settings = { homeserver: { url: "http://hs.test", user: "tyr", password: "password" } };
    await one.start();

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
    expect(await one.command("!tyr status")).toContain("Encrypted. To verify me");
  });

  test("whose new keys the homeserver refuses goes on speaking, and says what is wrong", async () => {
    const one = await begin({ dataPath: aFolder() });
    const { homeserver, bot } = one.story;
    const body = { errcode: "M_UNKNOWN", error: "One time key already exists" };
    homeserver.failNext({ match: { path: "keys/upload" }, status: 400, body, times: 1_000 });

    homeserver.devices.useUpOneTimeKeys(bot.userId, bot.deviceId);
    await one.command("!tyr rooms");
    const status = await one.command("!tyr status");

    expect(status).toContain("The homeserver refuses new keys of mine");
    expect(one.inClear()).toEqual([]);
  });

  test("that was logged out elsewhere and came back without keys is given up", async () => {
    const one = await begin({ dataPath: aFolder() });
    const { homeserver, bot } = one.story;
    await one.story.stop();
    homeserver.devices.remove(bot.userId, bot.deviceId);
    const accessToken = homeserver.newToken(bot.userId, bot.deviceId);
    one.story.settings = { homeserver: { url: "http://hs.test", accessToken } };

    one.story.launch();
    await one.heard("cannot read encrypted");

    expect(homeserver.devices.keysOf(bot.userId, bot.deviceId)).toBeUndefined();
  });

  test("that was logged out elsewhere is replaced by a login, which the identity signs", async () => {
    const homeserver = { url: "http://hs.test", user: "tyr", password: "password" };
    const one = await begin({ dataPath: aFolder(), settings: { homeserver } });
    const { devices } = one.story.homeserver;
    const user = one.story.bot.userId;
    const ended = devices.of(user).at(-1)!;
    await one.story.pass(120_000);
    devices.remove(user, ended);
    await one.story.until(() => devices.of(user).some((id) => devices.isSigned(user, id)), "a new device");
    await one.story.pass();

    const answer = await one.command("!tyr rooms");

    expect(answer).toMatch(/^✅/);
    expect(devices.of(user)).not.toContain(ended);
    expect(one.complaints()).toEqual([]);
  });

  test("whose keys were lost uploads no others over them", async () => {
    const dataPath = aFolder();
    const one = await begin({ dataPath });
    const { homeserver, bot } = one.story;
    const fingerprint = homeserver.devices.fingerprint(bot.userId, bot.deviceId);
    await one.story.stop();
    for (const part of ["", "-wal", "-shm"]) rmSync(join(dataPath, `crypto.db${part}`), { force: true });

    one.story.launch();
    await one.heard("cannot read encrypted");

    expect(homeserver.devices.fingerprint(bot.userId, bot.deviceId)).toBe(fingerprint);
  });

  test("whose login runs out goes on with the same keys after the next", async () => {
    const homeserver = { url: "http://hs.test", user: "tyr", password: "password" };
    const one = await begin({ dataPath: aFolder(), settings: { homeserver } });
    const { devices } = one.story.homeserver;
    const user = one.story.bot.userId;
    const before = devices.of(user);
    await one.story.pass(120_000);
    for (const token of one.story.homeserver.tokensOf(user)) devices.softLogout(token);

    const answer = await one.command("!tyr rooms");

    expect(answer).toMatch(/^✅/);
    expect(devices.of(user)).toEqual(before);
    expect(one.complaints()).toEqual([]);
  });

  test("whose keys were lost is replaced by a login, which the identity signs", async () => {
    const dataPath = aFolder();
    const homeserver = { user: "tyr", password: "password" };
    const one = await begin({ dataPath, settings: { homeserver: { url: "http://hs.test", ...homeserver } } });
    const { devices } = one.story.homeserver;
    const user = one.story.bot.userId;
    const identity = devices.identity(user);
    const before = devices.of(user);
    await one.story.stop();
    for (const part of ["", "-wal", "-shm"]) rmSync(join(dataPath, `crypto.db${part}`), { force: true });

    await one.start();
    const answer = await one.command("!tyr rooms");

    const [added] = devices.of(user).filter((id) => !before.includes(id));
    expect(answer).toMatch(/^✅/);
    expect(devices.identity(user)).toBe(identity);
    expect(devices.isSigned(user, added!)).toBe(true);
    expect(one.inClear()).toEqual([]);
  });

  test("whose keys were put aside has them there for a month, and then no more", async () => {
    const dataPath = aFolder();
    const homeserver = { url: "http://hs.test", user: "tyr", password: "password" };
    const one = await begin({ dataPath, settings: { homeserver } });
    const { devices } = one.story.homeserver;
    const user = one.story.bot.userId;
    const ended = devices.of(user).at(-1)!;
    writeFileSync(join(dataPath, "crypto.db.mine"), "a copy of somebody's");
    await one.story.pass(120_000);
    devices.remove(user, ended);
    await one.story.until(() => devices.of(user).some((id) => devices.isSigned(user, id)), "a new device");
    const aside = () => readdirSync(dataPath).filter((name) => name.startsWith("crypto.db."));
    const before = aside();

    await one.story.stop();
    await one.story.clock.skip(29 * dayMs);
    await one.start();
    const afterWeeks = aside();
    await one.story.clock.skip(1.5 * dayMs);
    await one.command("!tyr rooms");

    expect(before).toEqual([`crypto.db.${ended}`, "crypto.db.mine"]);
    expect(afterWeeks).toEqual(before);
    expect(aside()).toEqual(["crypto.db.mine"]);
  });
});

test("a token without a device is said to be no good for encryption", async () => {
  const one = new EncryptedStory();
  desk = one;
  await one.enter();
  const accessToken = one.story.homeserver.devices.tokenWithoutDevice(one.story.bot.userId);
  one.story.settings = { homeserver: { url: "http://hs.test", accessToken } };

  one.story.launch();
  await one.heard("cannot read encrypted");

  expect(one.said().join("\n")).toContain("no device");
});
