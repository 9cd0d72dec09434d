// Our own account in trouble: locked, suspended, its token revoked in the middle of the work.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story } from "../support/story.ts";

let story: Story;

afterEach(() => story.stop());

const banned = (people: readonly string[]) => people.filter((one) => story.isBanned(one)).length;
const logged = (words: string) => story.log.filter((line) => line.message.includes(words)).length;
const banEvents = () => story.written("m.room.member").map((event) => `${event.state_key}`);

/** Twenty people who are listed at once, at a server that takes its time. */
async function inMidWork(story: Story): Promise<readonly string[]> {
  const people = Array.from({ length: 20 }, (_, i) => story.person(`p${i}`));
  story.homeserver.inOneGo(() => people.map((one) => story.rule(one)));
  await story.until(() => banned(people) >= 5, "the first bans");
  return people;
}

test.each(["locked", "suspended"] as const)(
  "an account that is %s in the middle of the work goes on when it is free, and the moderators are told once",
  async (standing) => {
    story = new Story({ homeserver: { writeLatencyMs: 300 } });
    await story.start();
    const people = await inMidWork(story);

    story.homeserver.setStanding(story.bot.userId, standing);
    await story.pass(30_000);
    const before = banned(people);
    expect(before).toBeLessThan(20);
    await story.pass(600_000);
    expect(banned(people)).toBe(before);
    expect(story.tyr.bot()?.health.accountTrouble).toBeDefined();
    expect(logged("account is locked or suspended")).toBe(1);

    story.homeserver.setStanding(story.bot.userId, "good");
    await story.until(() => banned(people) === 20, "the other bans");
    await story.pass(90_000);

    expect(banEvents()).toHaveLength(40);
    expect(story.said().filter((text) => text.includes("It is free again"))).toHaveLength(1);
    expect(logged("account is locked or suspended")).toBe(1);
    expect(await story.command("!tyr status")).not.toContain("suspended");
  },
);

test("an account that is locked while nothing is to do is told as well", async () => {
  story = new Story();
  await story.start();

  story.homeserver.setStanding(story.bot.userId, "locked");
  await story.pass(120_000);
  expect(story.tyr.bot()?.health).toMatchObject({
    syncTrouble: undefined,
    accountTrouble: expect.any(String),
  });
  story.homeserver.setStanding(story.bot.userId, "good");
  await story.pass(60_000);

  expect(story.tyr.bot()?.health.accountTrouble).toBeUndefined();
  expect(story.said().at(-1)).toContain("It is free again");
});

test("a command said while the account was suspended is answered when it is free", async () => {
  story = new Story();
  await story.start();
  story.homeserver.setStanding(story.bot.userId, "suspended");

  const event = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr status");
  await story.pass(600_000);
  expect(story.answerTo(event)).toBeUndefined();
  story.homeserver.setStanding(story.bot.userId, "good");
  await story.pass(90_000);

  expect(story.answerTo(event)).toContain("Tyr is watching");
});

test("a token revoked in the middle of the work ends the run, and the next start with a new one finishes it, once", async () => {
  story = new Story({ dataPath: aFolder(), homeserver: { writeLatencyMs: 300 } });
  await story.start();
  const people = await inMidWork(story);
  const command = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @late:hs.test");
  await story.pass(100);

  story.homeserver.revokeToken(story.bot.accessToken);
  expect(await story.ended()).toMatchObject({ kind: "token-revoked" });
  expect(banned(people)).toBeLessThan(20);
  story.settings = {
    homeserver: { url: "http://hs.test", accessToken: story.homeserver.newToken(story.bot.userId) },
  };
  await story.start();
  await story.until(() => banned(people) === 20, "the other bans");
  await story.pass(30_000);

  expect(banEvents().filter((one) => one.startsWith("@p"))).toHaveLength(40);
  const rules = story.homeserver.stateOfType(story.list, "m.policy.rule.user");
  expect(rules.filter((rule) => rule.content["entity"] === "@late:hs.test").length).toBeLessThanOrEqual(1);
  const marks = story.homeserver
    .events(story.managementRoom)
    .filter((one) => one.type === "m.reaction" && JSON.stringify(one.content).includes(command));
  expect(marks.length).toBeLessThanOrEqual(1);
});

test("with a password Tyr logs in again and finishes the work, once", async () => {
  story = new Story({ dataPath: aFolder(), homeserver: { writeLatencyMs: 300 } });
  story.settings = {
    homeserver: { url: "http://hs.test", user: story.bot.userId, password: "password" },
  };
  await story.start();
  await story.pass(120_000);
  const people = await inMidWork(story);

  for (const token of story.homeserver.tokensOf(story.bot.userId)) story.homeserver.revokeToken(token);
  await story.until(() => banned(people) === 20, "the other bans");
  await story.pass(30_000);

  expect(banEvents()).toHaveLength(40);
  expect(logged("logging in again")).toBe(1);
});
