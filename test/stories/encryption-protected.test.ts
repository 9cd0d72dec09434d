// Stories of an encrypted protected room: what can be done there in any case, and what only where Tyr reads it.

import { afterEach, describe, expect, test } from "@jest/globals";
import { EncryptingClient } from "../support/encryption/client.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { inProcess } from "../support/encryption/link.ts";

let desk: EncryptedStory | undefined;
afterEach(async () => {
  await desk?.stop();
  desk = undefined;
});

const rule = `rule: casino
about: Words of a casino.
when: text has "casino"
then: redact
`;

interface Talk {
  readonly one: EncryptedStory;
  readonly room: string;
  readonly ann: EncryptingClient;
}

/** A room that is encrypted, with a person in it whose client encrypts. */
async function begin(protectedRooms: boolean): Promise<Talk> {
  const one = (desk = await EncryptedStory.begin({
    settings: { encryption: { protectedRooms } },
    rules: rule,
  }));
  const { story } = one;
  const room = story.rooms[0]!;
  const { userId, accessToken } = story.homeserver.createUser("ann");
  story.homeserver.join(room, userId);
  const [deviceId] = story.homeserver.devices.of(userId);
  const login = { link: inProcess(story.homeserver), userId, accessToken, deviceId: deviceId! };
  const ann = await one.joins(EncryptingClient.enter(login));
  const content = { algorithm: "m.megolm.v1.aes-sha2" };
  story.homeserver.setState(room, story.moderator, "m.room.encryption", "", content);
  // Past the time in which we catch up.
  await story.pass(61_000);
  await one.command("!tyr protections act casino");
  return { one, room, ann };
}

async function say({ one, room, ann }: Talk, text: string): Promise<string> {
  return one.wait(ann.say(room, text), text);
}

/** What Tyr has redacted in the room. */
function redacted({ one, room }: Talk): readonly unknown[] {
  return one.story.homeserver
    .events(room)
    .filter(({ type, sender }) => type === "m.room.redaction" && sender === one.story.bot.userId)
    .map(({ content }) => content["redacts"]);
}

describe("an encrypted room that is read", () => {
  test("has rules look at words in it, and what they find is done", async () => {
    const talk = await begin(true);

    await say(talk, "hello all");
    const spam = await say(talk, "come to my casino");
    await talk.one.story.until(() => redacted(talk).length > 0, "the redaction");

    expect(redacted(talk)).toEqual([spam]);
    expect(await talk.one.command("!tyr protections alert casino")).not.toContain("encrypted");
  });

  test("has what Tyr says there encrypted, and read by the people in it", async () => {
    const talk = await begin(true);
    const { one, room, ann } = talk;

    expect(await one.command(`!tyr warn ${ann.userId} ${room} be kind`)).toMatch(/^✅/);
    const warned = () => ann.timeline.texts(room, one.story.bot.userId);
    await one.story.until(() => warned().some((text) => text.includes("be kind")), "the warning");

    expect(one.story.homeserver.texts(room, one.story.bot.userId)).toEqual([]);
  });
});

describe("an encrypted room that is not read", () => {
  test("has bans as everywhere, and no rule that sees words", async () => {
    const talk = await begin(false);
    const { one, room, ann } = talk;

    await say(talk, "come to my casino");
    await one.story.pass(20_000);
    const found = redacted(talk);
    const banned = await one.command(`!tyr ban ${ann.userId} rude`);
    await one.story.until(() => one.story.homeserver.membership(room, ann.userId) === "ban", "the ban");

    expect(banned).toMatch(/^✅/);
    expect(found).toEqual([]);
  });

  test("is named where a protection that looks at words is switched on, and not where it does not", async () => {
    const { one } = await begin(false);

    const words = await one.command("!tyr protections alert casino");
    const enabled = await one.command("!tyr protections enable words");
    const flood = await one.command("!tyr protections alert flood");

    expect(words).toContain("encrypted, and I do not read there");
    expect(enabled).toContain("it looks at words, and sees none");
    expect(flood).not.toContain("encrypted");
  });

  test("has no warning said in it in clear: moderators are told instead", async () => {
    const talk = await begin(false);
    const { one, room, ann } = talk;

    await one.say(`!tyr warn ${ann.userId} ${room} be kind`);
    await one.heard("encryption.protectedRooms");

    expect(one.story.homeserver.texts(room, one.story.bot.userId)).toEqual([]);
  });
});
