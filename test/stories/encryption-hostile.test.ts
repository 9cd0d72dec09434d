// Stories of an engine that breaks, and of much that is sent to it: whatever becomes of encryption, Tyr goes on protecting.

import { afterEach, describe, expect, test } from "@jest/globals";
import { DyingEngine } from "../support/encryption/dying-engine.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { keysToUpload } from "../support/encryption/listed-devices.ts";
import { inProcess } from "../support/encryption/link.ts";
import { aFolder } from "../support/folder.ts";

let one: EncryptedStory;
afterEach(() => one.stop());

/** Two bans are no more alike: the clock goes on by the pauses of whoever is awake. */
const jitterMs = 50;

/** Ms from the rule of a list to the ban in all rooms. */
async function banTakes(name: string): Promise<number> {
  const { story } = one;
  const spammer = story.person(name);
  await story.pass(5_000);
  const begun = story.clock.now();
  story.rule(spammer);
  await story.until(() => story.isBanned(spammer), `the ban of ${name}`);
  return story.clock.now() - begun;
}

describe("an engine", () => {
  let engine: DyingEngine;
  const begin = async () => {
    engine = new DyingEngine();
    one = await EncryptedStory.begin({
      dataPath: aFolder(),
      openEngine: (clock) => engine.opener(clock),
    });
  };

  test("that dies of a message is there again for the next, with the same keys", async () => {
    await begin();
    const { homeserver, bot } = one.story;
    const usual = await banTakes("before");
    const [device] = homeserver.devices.of(bot.userId);
    const fingerprint = homeserver.devices.fingerprint(bot.userId, device!);

    engine.diesOf = "decrypt";
    await one.say("!tyr rooms");
    const told = await one.heard("could not read that");

    expect(engine.deaths).toBe(1);
    expect(told).toContain("died of it twice");
    expect(await banTakes("after")).toBeLessThanOrEqual(usual + jitterMs);
    expect(await one.command("!tyr rooms")).toMatch(/^✅ .*Room 1/s);
    expect(homeserver.devices.fingerprint(bot.userId, device!)).toBe(fingerprint);
    expect(one.complaints()).toEqual([]);
    expect(one.inClear()).toEqual([]);
  });

  test("that dies of what comes for our device goes on without that", async () => {
    await begin();
    const { homeserver, bot } = one.story;

    engine.diesOf = "receive";
    homeserver.devices.post(bot.userId, bot.deviceId, {
      type: "m.room.encrypted",
      sender: "@x:evil.test",
      content: { a: [] },
    });
    await one.story.until(() => engine.deaths === 1, "its death");

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
    expect(homeserver.devices.waitingFor(bot.userId, bot.deviceId)).toEqual([]);
  });

  test("that dies again and again is given up; moderators are told in clear, and all else goes on", async () => {
    await begin();
    const usual = await banTakes("before");

    for (const words of ["one", "two"]) {
      engine.diesOf = "decrypt";
      await one.say(words);
      await one.story.pass(5_000);
    }
    await one.heard("I can no longer read what is encrypted here");

    expect(await banTakes("after")).toBeLessThanOrEqual(usual + jitterMs);
    expect(one.inClear().join("\n")).toContain("It broke");
    const crowd = [1, 2, 3, 4, 5, 6].map((number) => one.story.person(`hit${number}`));
    await one.story.pass(5_000);
    const command = await one.wait(
      one.moderator.sayInClear(one.room, "!tyr kick @hit*:hs.test cleaning"),
      "a command in clear",
    );
    await one.story.until(() => one.story.answerTo(command) !== undefined, "the question");
    const asked = one.story.homeserver
      .events(one.room)
      .find(({ type, content }) => type === "m.room.message" && JSON.stringify(content).includes(command))!;
    await one.wait(one.moderator.react(one.room, asked.event_id, "✅"), "the reaction");
    const isOut = (user: string) => one.story.homeserver.membership(one.story.rooms[0]!, user) === "leave";
    await one.story.until(() => crowd.every(isOut), "the kicks");
  });

  test("that is silent keeps no ban waiting", async () => {
    await begin();
    const usual = await banTakes("before");

    engine.isSilentAt = "decrypt";
    await one.say("!tyr rooms");
    await one.story.pass(1_000);

    expect(await banTakes("after")).toBeLessThanOrEqual(usual + jitterMs);
  });

  test("that is silent about what comes for our device is waited for once", async () => {
    await begin();
    const { homeserver, bot } = one.story;
    const post = () =>
      homeserver.devices.post(bot.userId, bot.deviceId, {
        type: "m.dummy",
        sender: "@x:evil.test",
        content: {},
      });
    const usual = await banTakes("before");

    engine.isSilentAt = "receive";
    post();
    await one.story.pass(4_000);
    post();

    expect(await banTakes("after")).toBeLessThanOrEqual(usual + jitterMs);
  });
});

test("keys that cannot be written to a full disk are named, to moderators and probes, and come in afterwards", async () => {
  const engine = new DyingEngine();
  one = await EncryptedStory.begin({ dataPath: aFolder(), openEngine: (clock) => engine.opener(clock) });

  engine.refuses = { question: "receive", reason: "the disk is full (SQLite error 13)" };
  await one.wait(one.moderator.discardSession(one.room), "a new session");
  const said = await one.say("!tyr rooms");
  const told = await one.heard("cannot be kept on my disk");
  await one.story.pass();

  expect(told).toContain("the disk is full");
  expect(one.said().filter((text) => text.includes("cannot be kept on my disk"))).toHaveLength(1);
  expect(one.story.tyr.pulse().isDiskInTrouble).toBe(true);
  engine.refuses = undefined;
  expect(await one.answer(said)).toMatch(/^✅ I could not read that/);
  expect(one.answerTo(said, one.moderator, 1)).toContain("Room 1");
  await one.heard("can be kept on my disk again");
  expect(one.story.tyr.pulse().isDiskInTrouble).toBe(false);
  expect(one.complaints()).toEqual([]);
  expect(one.inClear()).toEqual([]);
});

describe("much at once", () => {
  const kinds = [
    { type: "m.room.encrypted", content: {} },
    {
      type: "m.room.encrypted",
      content: { algorithm: "m.olm.v1.curve25519-aes-sha2", sender_key: "x", ciphertext: {} },
    },
    { type: "m.room.encrypted", content: { algorithm: "m.olm.v9", ciphertext: 5 } },
    { type: "m.room_key", content: { algorithm: "m.megolm.v1.aes-sha2", room_id: 7 } },
    { type: "m.forwarded_room_key", content: { session_key: [] } },
    { type: "m.room_key.withheld", content: { code: "m.blacklisted", room_id: "!a:b", session_id: "" } },
    { type: "m.room_key_request", content: { action: "request", body: null } },
    { type: "m.secret.request", content: { name: "m.cross_signing.master", action: "request" } },
    { type: "m.key.verification.request", content: { from_device: {}, methods: "all" } },
    { type: "", content: { "": "" } },
  ];

  test("ten thousand messages of nonsense to our device keep nobody from being heard, and are gone", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    const usual = await banTakes("before");
    const spammer = one.story.person("spammer");
    await one.story.pass(5_000);
    for (let index = 0; index < 10_000; index += 1) {
      const sender = `@x${index % 100}:evil.test`;
      homeserver.devices.post(bot.userId, bot.deviceId, { sender, ...kinds[index % kinds.length]! });
    }

    const begun = one.story.clock.now();
    one.story.rule(spammer);
    await one.story.until(() => one.story.isBanned(spammer), "the ban in the middle of it");
    const banMs = one.story.clock.now() - begun;

    expect(banMs).toBeLessThan(usual + 1_000);
    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
    await one.story.pass();
    expect(homeserver.devices.waitingFor(bot.userId, bot.deviceId)).toEqual([]);
    expect(await one.command("!tyr status")).toContain("Encrypted. To verify me");
  }, 120_000);

  test("a management room of 1,500 devices is answered, each has the key once, and the next answer sends no more", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    const devices = await comeWithDevices(30, 50);
    const sent = () => homeserver.requestCounts["PUT to-device"] ?? 0;

    const before = sent();
    const first = await one.command("!tyr rooms");
    const [forFirst, after] = [sent() - before, sent()];
    const second = await one.command("!tyr rooms");

    expect([first, second].map((answer) => answer.slice(0, 1))).toEqual(["✅", "✅"]);
    expect(forFirst).toBeGreaterThan(0);
    expect(forFirst).toBeLessThan(50);
    expect(sent() - after).toBe(0);
    const keysFor = devices.map(
      ({ userId, device }) =>
        homeserver.devices.waitingFor(userId, device).filter(({ sender }) => sender === bot.userId).length,
    );
    expect(new Set(keysFor)).toEqual(new Set([1]));
    expect(one.complaints()).toEqual([]);
  }, 120_000);

  test("in a protected room of more devices than the bound nothing is said; moderators are told, and bans are made", async () => {
    one = await EncryptedStory.begin({
      settings: { encryption: { protectedRooms: true, mostDevices: 20 } },
    });
    const { homeserver, rooms, bot, moderator } = one.story;
    const [room] = rooms;
    homeserver.setState(room!, moderator, "m.room.encryption", "", { algorithm: "m.megolm.v1.aes-sha2" });
    await comeWithDevices(3, 8, room);

    await one.say(`!tyr warn @reader0:hs.test ${room} be kind`);
    const told = await one.heard("encryption.mostDevices");

    expect(told).toContain("I write to 20 at most");
    expect(homeserver.texts(room!, bot.userId)).toEqual([]);
    expect(homeserver.requestCounts["POST keys/claim"] ?? 0).toBeLessThanOrEqual(1);
    expect(await banTakes("spammer")).toBeGreaterThan(0);
  });
});

/** People in the room, with so many devices each. */
async function comeWithDevices(people: number, each: number, room = one.room) {
  const { homeserver, moderator } = one.story;
  const link = inProcess(homeserver);
  const uploads = Array.from({ length: people }, (_, index) => index).flatMap((index) => {
    const { userId } = homeserver.createUser(`reader${index}`);
    if (room === one.room) homeserver.invite(room, moderator, userId);
    homeserver.join(room, userId);
    return Array.from({ length: each }, (_, number) => ({ userId, device: `READER${number}` }));
  });
  const upload = async ({ userId, device }: (typeof uploads)[number]) => {
    const login = await link({
      method: "POST",
      path: "client/v3/login",
      body: {
        type: "m.login.password",
        identifier: { type: "m.id.user", user: userId },
        password: "password",
        device_id: device,
      },
    });
    const token = (login as { access_token: string }).access_token;
    const body = keysToUpload(userId, device);
    await link({ method: "POST", path: "client/v3/keys/upload", body, token });
  };
  await one.wait(Promise.all(uploads.map(upload)), "the devices");
  await one.story.pass(5_000);
  return uploads;
}
