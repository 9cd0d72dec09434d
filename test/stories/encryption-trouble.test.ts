// Stories of what can go wrong in an encrypted management room, by bad luck or by somebody's will.

import { afterEach, describe, expect, test } from "@jest/globals";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";

let one: EncryptedStory;
afterEach(() => one.stop());

const fiveMinutesMs = 5 * 60_000;

function isBanned(user: string): boolean {
  return one.story.isBanned(user);
}

describe("keys", () => {
  test("that come late bring the command with them", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    homeserver.devices.hold({ user: bot.userId });
    await one.wait(one.moderator.discardSession(one.room), "a new session");
    const said = await one.say("!tyr rooms");
    await one.story.pass(5_000);
    const before = one.markOn(said);

    homeserver.devices.release({ user: bot.userId });

    expect(before).toBeUndefined();
    expect(await one.answer(said)).toMatch(/^✅ .*Room 1/s);
  });

  test("that come very late bring a question whether it is still meant", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    const spammer = one.story.person("spammer");
    homeserver.devices.hold({ user: bot.userId });
    await one.wait(one.moderator.discardSession(one.room), "a new session");
    await one.say(`!tyr ban ${spammer} spam`);
    await one.story.pass(fiveMinutesMs + 60_000);

    homeserver.devices.release({ user: bot.userId });
    await one.heard("only now");

    expect(isBanned(spammer)).toBe(false);
  });

  test("that never come are said not to have come", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    homeserver.devices.hold({ user: bot.userId });
    await one.wait(one.moderator.discardSession(one.room), "a new session");

    await one.say("!tyr rooms");

    expect(await one.heard("could not read that")).toContain("no key");
  });

  test("that come twice do no harm", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    homeserver.devices.repeat({ user: bot.userId }, 3);

    for (let round = 0; round < 3; round += 1) {
      await one.wait(one.moderator.discardSession(one.room), "a new session");
      expect(await one.command("!tyr rooms")).toMatch(/^✅/);
    }

    expect(one.complaints()).toEqual([]);
  });

  test("that the homeserver does not pass on keep the answer back until it does", async () => {
    one = await EncryptedStory.begin();
    const { homeserver, bot } = one.story;
    await one.joins(one.moderator.newDevice());
    homeserver.devices.refuseToDevice(3, { from: bot.userId, status: 503 });

    const answer = await one.command("!tyr rooms");

    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(one.complaints()).toEqual([]);
    expect(one.inClear()).toEqual([]);
  });
});

describe("a sync", () => {
  test("that left commands out has them read afterwards", async () => {
    one = await EncryptedStory.begin();
    one.story.homeserver.skipInSync([one.room], 3);

    const said = [];
    for (const text of ["!tyr rooms", "!tyr status", "!tyr lists"]) said.push(await one.say(text));
    const answers = [];
    for (const event of said) answers.push(await one.answer(event));

    expect(answers.map((answer) => answer.slice(0, 1))).toEqual(["✅", "✅", "✅"]);
    expect(one.complaints()).toEqual([]);
  });

  test("that comes again has nothing done twice", async () => {
    one = await EncryptedStory.begin();
    const said = await one.say("!tyr rooms");
    await one.answer(said);

    one.story.homeserver.repeatSync(one.story.bot.userId, { back: 5, times: 2 });
    await one.command("!tyr status");

    const answers = one.events().filter(({ content }) => JSON.stringify(content).includes(said));
    expect(answers.filter(({ type }) => type === "m.room.message")).toHaveLength(1);
  });
});

describe("words that are not what they seem", () => {
  test("a command in clear is not taken, and that is said", async () => {
    one = await EncryptedStory.begin();
    const spammer = one.story.person("spammer");

    await one.wait(one.moderator.sayInClear(one.room, `!tyr ban ${spammer} spam`), "words in clear");
    await one.heard("it was not encrypted");
    await one.story.pass();

    expect(isBanned(spammer)).toBe(false);
    expect(one.inClear()).toEqual([]);
  });

  test("an answer in clear leaves the question open, and the same answer counts when it is encrypted", async () => {
    one = await EncryptedStory.begin();
    const spammer = one.story.person("spammer");
    const command = await one.say("!tyr kick");
    const question = await one.answer(command);
    expect(question).toContain("Whom");

    await one.wait(one.moderator.sayInClear(one.room, spammer), "words in clear");
    await one.heard("it was not encrypted");
    expect(one.story.homeserver.membership(one.story.rooms[0]!, spammer)).toBe("join");

    await one.say(spammer);
    await one.story.until(
      () => one.story.homeserver.membership(one.story.rooms[0]!, spammer) === "leave",
      "the kick",
    );
  });

  test("a rule in a message in clear is not taken from a reply to it", async () => {
    one = await EncryptedStory.begin();
    const rule = "```\nrule: evil\nabout: All.\nwhen: text.length > 0\nthen: ban\n```";
    const clear = await one.wait(one.moderator.sayInClear(one.room, rule), "words in clear");

    const command = await one.wait(
      one.moderator.reply(one.room, clear, "!tyr protections add"),
      "the command",
    );

    expect(await one.answer(command)).toContain("was not encrypted, and this room is");
  });

  test("the same cipher under another event id is no command", async () => {
    one = await EncryptedStory.begin();
    const { story } = one;
    const spammer = story.person("spammer");
    const said = await one.say(`!tyr ban ${spammer} spam`);
    await story.until(() => isBanned(spammer), "the ban");
    const { content } = story.homeserver.event(one.room, said)!;
    const unban = await one.say(`!tyr unban ${spammer}`);
    await story.until(() => !isBanned(spammer), "the end of the ban");
    await one.answer(unban);

    const replayed = story.homeserver.send(one.room, story.moderator, "m.room.encrypted", content);
    await story.pass();

    expect(isBanned(spammer)).toBe(false);
    expect(one.markOn(replayed)).not.toBe("✅");
  });

  test("the cipher of one moderator under the name of another is no command", async () => {
    one = await EncryptedStory.begin();
    const { story } = one;
    const { userId } = story.homeserver.createUser("mallory");
    story.homeserver.invite(one.room, story.moderator, userId);
    story.homeserver.join(one.room, userId);
    await story.pass();
    const spammer = story.person("spammer");
    const sealed = await one.wait(
      one.moderator.seal(one.room, "m.room.message", { msgtype: "m.text", body: `!tyr ban ${spammer} spam` }),
      "a cipher",
    );

    story.homeserver.send(one.room, userId, "m.room.encrypted", sealed);
    await story.pass();

    expect(isBanned(spammer)).toBe(false);
  });

  test("a redaction inside a cipher takes nothing back", async () => {
    one = await EncryptedStory.begin();
    const { story } = one;
    const said = await one.say("!tyr rooms");
    await one.answer(said);

    const content = { redacts: said, reason: "hidden" };
    const sealed = await one.wait(one.moderator.seal(one.room, "m.room.redaction", content), "a cipher");
    story.homeserver.send(one.room, story.moderator, "m.room.encrypted", sealed);
    await story.pass();

    expect(story.homeserver.event(one.room, said)?.content).not.toEqual({});
    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
  });

  test("power levels inside a cipher are no power levels", async () => {
    one = await EncryptedStory.begin();
    const { story } = one;
    const content = { users: { [story.moderator]: 0 } };

    const sealed = await one.wait(one.moderator.seal(one.room, "m.room.power_levels", content), "a cipher");
    story.homeserver.send(one.room, story.moderator, "m.room.encrypted", sealed);
    await story.pass();

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
  });

  test("nonsense is left alone, and what follows is heard", async () => {
    one = await EncryptedStory.begin();
    const { story } = one;
    const { homeserver, bot, moderator } = story;
    for (const content of [
      {},
      { algorithm: "m.megolm.v1.aes-sha2" },
      { ciphertext: 5 },
      { ciphertext: "AwgA" },
    ])
      homeserver.forceSend(one.room, moderator, "m.room.encrypted", content);
    for (const type of ["m.room.encrypted", "m.room_key", "m.forwarded_room_key", "m.room_key.withheld"])
      homeserver.devices.post(bot.userId, bot.deviceId, { type, sender: "@x:evil.test", content: { a: [] } });

    expect(await one.command("!tyr rooms")).toMatch(/^✅/);
  });
});
