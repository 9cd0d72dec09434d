// Stories of an encrypted management room: everything is said and answered there as in any other, and nothing in clear.

import { afterEach, describe, expect, test } from "@jest/globals";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { aFolder } from "../support/folder.ts";
import { encryption, undoNumber } from "../support/story.ts";

let desk: EncryptedStory | undefined;
afterEach(async () => {
  await desk?.stop();
  desk = undefined;
});

async function begin(options = {}): Promise<EncryptedStory> {
  return (desk = await EncryptedStory.begin(options));
}

function expectNoHarm({
  inClear,
  complaints,
}: {
  inClear: readonly string[];
  complaints: readonly string[];
}) {
  expect({ inClear, complaints }).toEqual({ inClear: [], complaints: [] });
}

const harm = (one: EncryptedStory) => ({ inClear: one.inClear(), complaints: one.complaints() });

describe("in an encrypted management room", () => {
  test("a command is answered, for its readers alone", async () => {
    const { story, command } = bound(await begin());

    const answer = await command("!tyr rooms");

    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(story.homeserver.devices.isSigned(story.bot.userId, story.bot.deviceId)).toBe(true);
    expectNoHarm(harm(desk!));
  });

  test("a ban is done, told, and taken back", async () => {
    const { story, command } = bound(await begin());
    const spammer = story.person("spammer");

    const banned = await command(`!tyr ban ${spammer} spam`);
    await story.until(() => story.isBanned(spammer), "the ban");
    await command(`!tyr undo ${undoNumber(banned)}`);
    await story.until(() => !story.isBanned(spammer), "the ban being taken back");

    expectNoHarm(harm(desk!));
  });

  test("a command that is corrected is obeyed as it was meant", async () => {
    const { story, command } = bound(await begin());
    const wrong = await desk!.say("!tyr roms");
    await story.until(() => desk!.markOn(wrong) !== undefined, "the mark");

    const edited = await desk!.wait(desk!.moderator.edit(desk!.room, wrong, "!tyr rooms"), "the edit");
    const next = await command("!tyr rooms");

    expect(desk!.moderator.timeline.event(edited)?.isEncrypted).toBe(true);
    expect(next).toMatch(/^✅/);
    expectNoHarm(harm(desk!));
  });

  test("answers that grow are edited, and read as edits", async () => {
    const { story, command } = bound(await begin({ rooms: 6 }));
    for (let index = 0; index < 30; index += 1) story.rule(`@spammer${index}:evil.test`);
    await story.pass();

    await command("!tyr sync");

    const edits = desk!.events().filter(({ content }) => content["m.new_content"] !== undefined);
    expect(edits.every(({ isEncrypted }) => isEncrypted)).toBe(true);
    expectNoHarm(harm(desk!));
  });

  test("a question is answered by a reaction", async () => {
    const { story } = bound(await begin());
    const crowd = [1, 2, 3, 4, 5, 6].map((number) => story.person(`hit${number}`));
    const question = await desk!.say("!tyr kick @hit*:hs.test cleaning");
    await story.until(() => desk!.answerTo(question) !== undefined, "the question");
    const asked = desk!.events().find(({ content }) => JSON.stringify(content).includes(question))!;

    await desk!.wait(desk!.moderator.react(desk!.room, asked.eventId, "✅"), "the reaction");
    await story.until(() => desk!.markOn(question) !== undefined, "the mark on the command");

    expect(asked.isEncrypted).toBe(true);
    expect(crowd.map((user) => story.homeserver.membership(story.rooms[0]!, user))).toEqual(
      crowd.map(() => "leave"),
    );
    expectNoHarm(harm(desk!));
  });

  test("files are encrypted, too", async () => {
    const { story, command } = bound(await begin());
    story.rule("@spammer:evil.test");
    await story.pass();

    expect(await command("!tyr lists export coc")).toContain("it is encrypted for them");

    const sent = desk!.events().find(({ content }) => content["msgtype"] === "m.file")!;
    const text = await desk!.wait(desk!.moderator.readFile(sent), "the file");
    expect(Buffer.from(text).toString()).toContain("@spammer:evil.test");
    const { url } = sent.content["file"] as { url: string };
    expect(story.homeserver.media(url)).not.toContain("spammer");
    expectNoHarm(harm(desk!));
  });

  test("a file of a moderator is opened: a rule in it is shown, as from a file in clear", async () => {
    await begin();
    const { moderator, room } = desk!;
    const rule = Buffer.from(`rule: scam-links\nabout: Links.\nwhen: text has "airdrop"\nthen: redact\n`);

    const file = await desk!.wait(moderator.sendFile(room, "rules.yaml", rule), "the file");
    const command = await desk!.wait(moderator.reply(room, file, "!tyr protections add"), "the command");
    await desk!.story.until(() => desk!.answerTo(command) !== undefined, "the answer");

    expect(desk!.answerTo(command)).toContain(`scam-links, from the file rules.yaml of ${moderator.userId}:`);
    expectNoHarm(harm(desk!));
  });

  test.each([
    ["that is not what was sent", { k: "A".repeat(43) }],
    ["with keys that are none", { k: 7 }],
  ])("a file %s is not taken, and that is said", async (_which, key) => {
    const { story } = bound(await begin());
    const { moderator, room } = desk!;
    const file = {
      url: story.homeserver.addFile(story.moderator, "rule: evil"),
      key: { kty: "oct", key_ops: ["encrypt", "decrypt"], alg: "A256CTR", ext: true, ...key },
      ...{ iv: "A".repeat(11), hashes: { sha256: "A".repeat(43) }, v: "v2" },
    };
    const content = { msgtype: "m.file", body: "rules.yaml", file };

    const sent = await desk!.wait(moderator.send(room, "m.room.message", content), "the file");
    const command = await desk!.wait(moderator.reply(room, sent, "!tyr protections add"), "the command");
    await story.until(() => desk!.answerTo(command) !== undefined, "the answer");

    expect(desk!.answerTo(command)).toContain("does not open with the key that came with it");
  });
});

describe("a restart", () => {
  test("goes on with the same keys, and hears what was said meanwhile", async () => {
    const { story } = bound(await begin({ dataPath: aFolder() }));
    await desk!.command("!tyr rooms");
    const fingerprint = story.homeserver.devices.fingerprint(story.bot.userId, story.bot.deviceId);

    await story.stop();
    const meanwhile = await desk!.say("!tyr rooms");
    await desk!.start();

    expect(await desk!.answer(meanwhile)).toMatch(/^✅ .*Room 1/s);
    expect(story.homeserver.devices.fingerprint(story.bot.userId, story.bot.deviceId)).toBe(fingerprint);
    expectNoHarm(harm(desk!));
  });

  test("after a kill in the middle of an answer loses nothing", async () => {
    const { story } = bound(await begin({ dataPath: aFolder() }));

    for (let round = 0; round < 3; round += 1) {
      const said = await desk!.say("!tyr rooms");
      await story.clock.advance(40 * round);
      story.kill();
      await desk!.start();
      expect(await desk!.answer(said)).toMatch(/^✅/);
    }

    expectNoHarm(harm(desk!));
  });

  test("with a data file that is behind the keys reads everything", async () => {
    const { story, command } = bound(await begin({ dataPath: aFolder() }));
    await command("!tyr rooms");
    story.remember();
    await command("!tyr status");

    story.powerCut();
    await desk!.start();

    expect(await command("!tyr rooms")).toMatch(/^✅/);
    expectNoHarm(harm(desk!));
  });

  test("makes no second identity", async () => {
    const { story } = bound(await begin({ dataPath: aFolder() }));
    const identity = story.homeserver.devices.identity(story.bot.userId);

    await story.stop();
    await desk!.start();
    await desk!.command("!tyr rooms");

    expect(identity).toBeDefined();
    expect(story.homeserver.devices.identity(story.bot.userId)).toBe(identity);
  });
});

describe("a room that becomes encrypted", () => {
  test("is spoken in accordingly from then on", async () => {
    const { story, command } = bound(await begin({ isEncrypted: false }));
    await command("!tyr rooms");
    const before = desk!.inClear().length;

    story.homeserver.setState(desk!.room, story.moderator, encryption.type, "", encryption.content);
    await story.pass();
    const answer = await command("!tyr rooms");

    expect(before).toBeGreaterThan(0);
    expect(answer).toMatch(/^✅ .*Room 1/s);
    expect(desk!.inClear()).toHaveLength(before);
    expect(desk!.complaints()).toEqual([]);
  });

  test("stays so although an administrator empties the state", async () => {
    const { story, command } = bound(await begin());

    story.homeserver.setState(desk!.room, story.moderator, encryption.type, "", {});
    await story.pass();
    const answer = await command("!tyr rooms");

    expect(answer).toMatch(/^✅/);
    expectNoHarm(harm(desk!));
  });
});

/** The story and what is said most often, without the desk before it. */
function bound(one: EncryptedStory) {
  return { story: one.story, command: (text: string) => one.command(text) };
}
