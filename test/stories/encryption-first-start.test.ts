// Stories of the first start in an encrypted management room, when keys and identity are made: torn at any moment, it ends well.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { aFolder } from "../support/folder.ts";

let one: EncryptedStory;
afterEach(() => one.stop());

async function enter(): Promise<string> {
  const dataPath = aFolder();
  one = new EncryptedStory({ dataPath });
  await one.enter();
  return dataPath;
}

/** Tyr is read and obeyed, its device is signed, and its recovery key is kept. */
async function expectAllWell(dataPath: string): Promise<void> {
  const { homeserver, bot } = one.story;
  expect(await one.command("!tyr rooms")).toMatch(/^✅ .*Room 1/s);
  expect(homeserver.devices.isSigned(bot.userId, bot.deviceId)).toBe(true);
  expect(readFileSync(join(dataPath, "recovery.key"), "utf8")).not.toBe("");
  expect(homeserver.accountData(bot.userId, "m.cross_signing.self_signing")).toBeDefined();
  expect(one.complaints()).toEqual([]);
  expect(one.inClear()).toEqual([]);
}

/** What is kept opens the identity that the homeserver has: a device that is new is signed by it. */
async function expectRecovered(dataPath: string): Promise<void> {
  const { devices } = one.story.homeserver;
  const { userId } = one.story.bot;
  const identity = devices.identity(userId);
  await one.story.stop();
  for (const part of ["", "-wal", "-shm"]) rmSync(join(dataPath, `crypto.db${part}`), { force: true });
  one.story.settings = { homeserver: { url: "http://hs.test", user: "tyr", password: "password" } };

  await one.start();
  await one.command("!tyr rooms");

  expect(devices.identity(userId)).toBe(identity);
  expect(devices.isSigned(userId, devices.of(userId).at(-1)!)).toBe(true);
}

test("killed again and again, a little later each time", async () => {
  const dataPath = await enter();

  for (let ms = 20; ms <= 400; ms += 20) {
    one.story.launch();
    await one.story.clock.advance(ms);
    one.story.kill();
  }
  await one.start();

  await expectAllWell(dataPath);
  await expectRecovered(dataPath);
});

test.each([
  "keys/upload",
  "keys/query",
  "device_signing/upload",
  "signatures/upload",
  "account_data/",
  "sendToDevice/",
])("with every answer to %s lost once", async (path) => {
  const dataPath = await enter();
  const lost = new Set<string>();
  one.story.homeserver.setWeather((request) => {
    const isOurs = request.headers["authorization"] === `Bearer ${one.story.bot.accessToken}`;
    const what = `${request.method} ${request.path}`;
    if (!isOurs || !request.path.includes(path) || lost.has(what)) return undefined;
    lost.add(what);
    return { status: 0, afterEffect: true };
  });

  await one.start();

  await expectAllWell(dataPath);
  expect(lost.size).toBeGreaterThan(0);
});

test("under a limit that every request of it meets, it waits and goes on", async () => {
  const dataPath = await enter();
  const body = { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests", retry_after_ms: 1_000 };
  for (const path of ["keys/upload", "keys/query", "device_signing/upload", "signatures/upload"])
    one.story.homeserver.failNext({ match: { path }, status: 429, body, times: 2 });

  await one.start();

  await expectAllWell(dataPath);
});

test("without any answer to what makes the identity, until the homeserver is well again", async () => {
  const dataPath = await enter();
  const { homeserver, bot } = one.story;
  const match = { path: "device_signing/upload" };
  homeserver.failNext({ match, status: 502, times: 1_000 });

  one.story.launch();
  await one.story.pass(60_000);
  const before = homeserver.devices.identity(bot.userId);
  homeserver.clearFaults();
  await one.story.pass(600_000);

  expect(before).toBeUndefined();
  expect(one.inClear()).toEqual([]);
  expect(existsSync(join(dataPath, "recovery.key"))).toBe(true);
  expect(await one.command("!tyr rooms")).toMatch(/^✅/);
  expect(homeserver.devices.isSigned(bot.userId, bot.deviceId)).toBe(true);
});
