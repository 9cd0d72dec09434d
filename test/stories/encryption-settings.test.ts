// Stories of what the config says about encryption, and of much at once in an encrypted management room.

import { afterEach, describe, expect, test } from "@jest/globals";
import { EncryptingClient } from "../support/encryption/client.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { inProcess } from "../support/encryption/link.ts";
import { aFolder } from "../support/folder.ts";

let desk: EncryptedStory | undefined;
afterEach(async () => {
  await desk?.stop();
  desk = undefined;
});

async function begin(encryption: object = {}, more: object = {}): Promise<EncryptedStory> {
  return (desk = await EncryptedStory.begin({ settings: { encryption }, ...more }));
}

describe("the config", () => {
  test("lets any device command, if somebody wants that", async () => {
    const one = await begin({ commandsFrom: "any" });
    const phone = await one.joins(one.moderator.newDevice({ isSigned: false }));

    expect(await one.command("!tyr rooms", phone)).toMatch(/^✅/);
  });

  test("lets reactions answer nothing, as a homeserver could forge them", async () => {
    const one = await begin({ answersBy: "words" });
    const { story } = one;
    const crowd = [1, 2, 3, 4, 5, 6].map((number) => story.person(`hit${number}`));
    const isGone = () =>
      crowd.every((user) => story.homeserver.membership(story.rooms[0]!, user) === "leave");
    const question = await one.say("!tyr kick @hit*:hs.test cleaning");
    await story.until(() => one.answerTo(question) !== undefined, "the question");
    const asked = one.events().find(({ content }) => JSON.stringify(content).includes(question))!;

    await one.wait(one.moderator.react(one.room, asked.eventId, "✅"), "the reaction");
    await one.heard("reactions are not encrypted");
    await story.pass();
    const before = isGone();
    await one.wait(one.moderator.reply(one.room, asked.eventId, "yes"), "a written yes");
    await story.until(isGone, "the kicks");

    expect(before).toBe(false);
  });

  test("switches encryption off, and that is said in clear", async () => {
    const one = new EncryptedStory({ settings: { encryption: { enabled: "no" } } });
    desk = one;
    await one.enter();

    one.story.launch();
    const told = await one.heard("cannot read encrypted");

    expect(told).toContain("encryption.enabled");
    expect(one.story.homeserver.requestCounts["POST keys/upload"]).toBe(1);
  });
});

describe("much at once", () => {
  test("is answered over the end of a session, and read", async () => {
    const one = await begin();

    const said = [];
    for (let index = 0; index < 105; index += 1) said.push(one.moderator.say(one.room, "!tyr help ban"));
    const events = await one.wait(Promise.all(said), "many commands");
    const marks = () => one.story.homeserver.requestCounts["PUT send m.reaction"] ?? 0;
    await one.story.until(() => marks() >= events.length, "all marks");
    await one.command("!tyr rooms");

    expect(one.complaints()).toEqual([]);
    expect(one.inClear()).toEqual([]);
    expect(events.filter((event) => one.answerTo(event) === undefined)).toEqual([]);
  });

  test("that happened while Tyr was away is read as it was meant", async () => {
    const one = await begin({}, { dataPath: aFolder() });
    const { story } = one;
    const { homeserver } = story;
    await one.command("!tyr rooms");
    await story.stop();

    const phone = await one.joins(one.moderator.newDevice());
    const account = homeserver.createUser("second");
    const second = await one.joins(EncryptingClient.enter({ link: inProcess(homeserver), ...account }));
    homeserver.invite(one.room, story.moderator, second.userId);
    homeserver.join(one.room, second.userId);
    await story.pass();
    const talk = Array.from({ length: 120 }, (_, index) => one.moderator.say(one.room, `talk ${index}`));
    await one.wait(Promise.all(talk), "a talk");
    const command = await one.say("!tyr rooms", phone);
    await one.start();
    const answer = await one.answer(command, phone);

    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(one.said(second)).toContain(answer.slice(2));
    expect(one.complaints()).toEqual([]);
  });

  test("of nonsense from a stranger keeps nobody from being heard", async () => {
    const one = await begin();
    const { homeserver, bot } = one.story;
    const content = { algorithm: "m.olm.v1.curve25519-aes-sha2", sender_key: "x", ciphertext: {} };
    for (let index = 0; index < 1_000; index += 1) {
      const message = { type: "m.room.encrypted", sender: "@x:evil.test", content };
      homeserver.devices.post(bot.userId, bot.deviceId, message);
    }

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
    await one.story.pass();
    expect(homeserver.devices.waitingFor(bot.userId, bot.deviceId)).toEqual([]);
  });
});
