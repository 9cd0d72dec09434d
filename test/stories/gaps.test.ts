// What sync leaves out, tells twice or tells late, in all rooms at once: nothing is lost, nothing is done twice, and making good what was missed is no storm of requests.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;

afterEach(() => story.stop());

/** The largest number of reads of rooms that were under way at the same time. */
function mostReadsAtOnce(): () => number {
  let now = 0;
  let most = 0;
  const handle = story.homeserver.handle.bind(story.homeserver);
  story.homeserver.handle = async (request) => {
    const isRead = request.method === "GET" && request.path.includes("/rooms/");
    if (isRead) most = Math.max(most, ++now);
    try {
      return await handle(request);
    } finally {
      if (isRead) now--;
    }
  };
  return () => most;
}

const bansOf = (person: string) =>
  story
    .written("m.room.member")
    .filter((one) => one.state_key === person && one.content["membership"] === "ban");

test("a gap in all rooms at once, over 10,000 rules and 1,000 members, is made good once", async () => {
  story = new Story({ rooms: 20, homeserver: { readLatencyMs: 50 } });
  const here = story.person("here");
  const lifted = story.person("lifted");
  const rule = story.rule(lifted);
  await story.start();
  await story.until(() => story.isBanned(lifted), "the ban before");
  const most = mostReadsAtOnce();
  story.homeserver.clearRequests();

  story.homeserver.skipInSync("all");
  story.homeserver.inOneGo(() => {
    for (let i = 0; i < 1_000; i++)
      story.homeserver.join(story.rooms[i % 20]!, `@${i % 100 === 0 ? "spam" : "person"}${i}:far.example`);
    story.homeserver.addRules(story.list, story.moderator, 10_000);
    story.rule("@spam*:far.example");
    story.rule(here);
    story.homeserver.redact(story.list, story.moderator, rule);
    for (const room of [...story.rooms, story.list])
      for (let i = 0; i < 30; i++) story.homeserver.sendText(room, story.moderator, `chat ${i}`);
  });
  const spammers = Array.from({ length: 10 }, (_, i) => `@spam${i * 100}:far.example`);
  await story.until(
    () => story.isBanned(here) && !story.isBanned(lifted, [story.rooms[0]!]),
    "what was missed",
  );
  await story.pass(60_000);

  const inRoom = (i: number) => story.homeserver.membership(story.rooms[(i * 100) % 20]!, spammers[i]!);
  expect(spammers.map((_, i) => inRoom(i))).toEqual(spammers.map(() => "ban"));
  expect(spammers.map((one) => bansOf(one).length)).toEqual(spammers.map(() => 1));
  expect(bansOf(here)).toHaveLength(20);
  expect(most()).toBeLessThanOrEqual(16);
  // One state and a few pages of the past for each room, and members for none.
  const counts = story.homeserver.requestCounts;
  expect(counts["GET state"]).toBeLessThanOrEqual(23);
  expect(counts["GET members"] ?? 0).toBe(0);
  expect(await story.command("!tyr status")).toMatch(/^✅.*\nTyr is watching 1 list with 10,00\d rules/);
});

test("gap after gap in all rooms reads each room's state no more than once in a while, and at the end once more", async () => {
  story = new Story({ rooms: 10 });
  await story.start();
  story.homeserver.clearRequests();

  for (let i = 0; i < 10; i++) {
    story.homeserver.skipInSync("all");
    story.homeserver.inOneGo(() => {
      for (const room of story.rooms)
        for (let n = 0; n < 3; n++) story.homeserver.sendText(room, story.moderator, `chat ${i} ${n}`);
    });
    await story.pass(1_000);
  }
  const during = story.homeserver.requestCounts["GET state"]!;
  await story.pass(120_000);

  expect(during).toBe(10);
  expect(story.homeserver.requestCounts["GET state"]).toBe(20);
});

test("a sync that goes back and tells everything again has nothing done again", async () => {
  story = new Story({ rooms: 3 });
  await story.start();
  const [banned, back] = [story.person("banned"), story.person("back")];
  story.rule(banned);
  const rule = story.rule(back);
  await story.until(() => story.isBanned(banned) && story.isBanned(back), "the bans");
  story.homeserver.redact(story.list, story.moderator, rule);
  await story.until(() => !story.isBanned(back, [story.rooms[0]!]), "the lifts");
  for (const room of story.rooms) story.homeserver.join(room, back);
  await story.pass(10_000);
  const before = story.written("m.room.member").length;

  for (const steps of [25, 10, 3]) {
    story.homeserver.repeatSync(story.bot.userId, { back: steps });
    story.homeserver.sendText(story.rooms[0]!, story.moderator, "something new");
    await story.pass(20_000);
  }

  expect(story.homeserver.membership(story.rooms[0]!, back)).toBe("join");
  expect(story.isBanned(banned)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(before);
});

test("what sync never told is found by the command sync, and done", async () => {
  story = new Story({ rooms: 3 });
  const person = story.person("person");
  await story.start();
  const state = { entity: person, recommendation: "m.ban", reason: "" };
  story.homeserver.forceState(story.list, story.moderator, "m.policy.rule.user", "silent", state, {
    silent: true,
  });
  await story.pass(30_000);
  expect(story.isBanned(person)).toBe(false);

  await story.command("!tyr sync");

  await story.until(() => story.isBanned(person), "the bans");
  expect(bansOf(person)).toHaveLength(3);
});
