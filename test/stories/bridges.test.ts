// A bridge that moderators have named: what its ghosts and its bot are spared, and what not.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
beforeEach(async () => {
  story = new Story({ dataPath: aFolder() });
  await story.start();
});
afterEach(() => story.stop());

describe("the bot of a bridge", () => {
  test("is banned by no glob, and by a rule that names it", async () => {
    const [bot, ghost] = [story.person("irc-bot"), story.person("irc_joe")];
    await story.pass(1_000);
    await story.command("!tyr bridges add @irc_*:hs.test @irc-bot:hs.test");

    story.rule("@irc*:hs.test");
    await story.until(() => story.isBanned(ghost), "the ghost's ban");
    await story.pass(5_000);
    expect(story.isBanned(bot)).toBe(false);
    story.rule(bot);

    await story.until(() => story.isBanned(bot), "the bot's ban");
  });

  test("that a glob has banned is let in again once it is named, and banned again by an undo", async () => {
    const bot = story.person("irc-bot");
    story.rule("@irc*:hs.test");
    await story.until(() => story.isBanned(bot), "the ban");

    const named = await story.command("!tyr bridges add @irc_*:hs.test @irc-bot:hs.test");
    await story.until(() => !story.isBanned(bot), "the end of the ban");
    for (const room of story.rooms) story.homeserver.join(room, bot);
    await story.pass(1_000);
    await story.command(`!tyr undo ${undoNumber(named)}`);

    await story.until(() => story.isBanned(bot), "the ban again");
  });

  test("is passed over by commands with a glob, and hit by its name", async () => {
    const [bot, ghost] = [story.person("irc-bot"), story.person("irc_joe")];
    await story.pass(1_000);
    await story.command("!tyr bridges add @irc_*:hs.test @irc-bot:hs.test");

    await story.confirmed("!tyr kick @irc*:hs.test");

    expect(story.homeserver.membership(story.rooms[0]!, ghost)).toBe("leave");
    expect(story.homeserver.membership(story.rooms[0]!, bot)).toBe("join");
    await story.command(`!tyr kick ${bot}`);
    expect(story.homeserver.membership(story.rooms[0]!, bot)).toBe("leave");
  });
});

test("rules know the ghosts as bridged, over a restart too, and others not", async () => {
  await story.command("!tyr bridges add @irc_*:hs.test");
  await story.stop();
  await story.start();
  await story.command('!tyr protections add no-bridge when author.bridged and text has "spam" then redact');
  await story.command("!tyr protections act no-bridge");
  const [ghost, person] = [story.person("irc_joe"), story.person("joe")];
  const [bad, good] = [ghost, person].map((who) => story.homeserver.sendText(story.rooms[0]!, who, "spam"));
  const isRedacted = (id: string) =>
    story.homeserver
      .events(story.rooms[0]!)
      .some((one) => one.type === "m.room.redaction" && one.redacts === id);

  await story.until(() => isRedacted(bad!), "the redaction");
  await story.pass(5_000);

  expect(isRedacted(good!)).toBe(false);
});

test("bridges shows them, and remove ends it", async () => {
  story.person("irc_joe");
  await story.pass(1_000);
  expect(await story.command("!tyr bridges")).toContain("I was told of no bridge");

  const answer = await story.command("!tyr bridges add @irc_*:hs.test @irc-bot:hs.test");
  const shown = await story.command("!tyr bridges");
  await story.command("!tyr bridges remove @irc_*:hs.test");

  expect(answer).toContain("1 ghost known here");
  expect(shown).toContain("@irc_*:hs.test, bot @irc-bot:hs.test: 1 ghost known here");
  expect(await story.command("!tyr bridges")).toContain("I was told of no bridge");
  expect(await story.command("!tyr bridges remove @irc_*:hs.test")).toMatch(/^❌/);
});

test.each([
  ["@*:hs.test", "would take in people"],
  ["@i*:hs.test", "would take in people"],
  ["@irc_*:*", "no pattern of one server"],
  ["@irc_joe:hs.test", "is one account"],
  ["@mod*:hs.test", "the moderator"],
  ["@irc_*:hs.test @bot*:hs.test", "may be many"],
])("%s is no bridge: %s", async (typed, why) => {
  const answer = await story.command(`!tyr bridges add ${typed}`);

  expect(answer).toMatch(/^❌/);
  expect(answer).toContain(why);
});
