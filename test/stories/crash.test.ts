// Deaths of the process and of the machine at bad moments, full disks, clocks that jump.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story({ dataPath: aFolder(), ...options });
  await story.start();
  return story;
};

afterEach(() => story.stop());

test("nothing of a killed run goes on", async () => {
  await begin({ rooms: 6, homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  story.rule(person);
  await story.until(() => story.written("m.room.member").length > 0, "the first ban");
  story.kill();
  await story.pass(1_000);
  const [written, requests, lines] = [
    story.written("m.room.member").length,
    story.homeserver.requests.length,
    story.log.length,
  ];

  story.rule("@other:evil.example");
  await story.pass(600_000);

  expect(story.written("m.room.member")).toHaveLength(written);
  expect(story.homeserver.requests).toHaveLength(requests);
  expect(story.log).toHaveLength(lines);
  expect(story.clock.pendingSleeps).toBe(0);
});

test("killed between acting and hearing of it, Tyr finds its bans and writes none of them twice", async () => {
  await begin({ rooms: 3, homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  story.rule(person);
  await story.pass(900);
  story.kill();
  await story.pass(5_000);

  await story.start();
  await story.pass();

  expect(story.isBanned(person)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(3);
});

test("after a power cut that took the newest transactions everything is put right", async () => {
  await begin({ rooms: 3 });
  story.remember();
  const [banned, listed] = [story.person("banned"), story.person("listed")];
  await story.command(`!tyr ban ${banned}`);
  story.rule(listed);
  await story.until(() => story.isBanned(listed), "the bans");

  story.powerCut();
  await story.start();
  await story.pass();

  expect(story.isBanned(banned) && story.isBanned(listed)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(6);
});

test("how an act ended is written down as soon as the disk has room again", async () => {
  await begin({ homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  story.rule(person);
  await story.pass(500);
  story.isDiskFull = true;
  await story.until(() => story.isBanned(person), "the bans");
  await story.pass(5_000);

  story.isDiskFull = false;
  await story.pass(60_000);

  expect(story.database!.all("SELECT kind FROM decision WHERE state = 'open'")).toEqual([]);
});

test("a clock that is set back by an hour in the middle of a pause delays nothing by an hour", async () => {
  await begin({ rooms: 4 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 2, exempt: [story.moderator] });
  story.rule(person);
  story.rule("evil.example", { kind: "server" });
  await story.pass(3_000);

  story.stepClock(-3_600_000);
  await story.pass(180_000);

  expect(story.isBanned(person)).toBe(true);
  expect(story.rooms.every((room) => story.deny(room).includes("evil.example"))).toBe(true);
});

test("a command of the run before is not obeyed again where the server tells it once more", async () => {
  await begin();
  const person = story.person("person");
  const command = story.homeserver.sendText(
    story.managementRoom,
    story.moderator,
    `!tyr kick ${person} calm down`,
  );
  await story.until(() => story.answerTo(command) !== undefined, "the answer");
  await story.pass(5_000);
  await story.stop();
  await story.start();

  story.homeserver.join(story.rooms[0]!, person);
  story.homeserver.repeatSync(story.bot.userId, { back: 25 });
  await story.pass(60_000);

  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("join");
});

test("what a command left to do and a new rule asks for as well is written once after a crash", async () => {
  await begin({ rooms: 1 });
  const person = story.person("person");
  story.homeserver.setRoomLoss(story.rooms[0]!, "requests");
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.pass(2_000);
  story.kill();
  story.rule(person);
  story.homeserver.clearFaults();
  story.homeserver.clearRequests();

  await story.start();
  await story.pass();

  expect(story.isBanned(person)).toBe(true);
  expect(story.homeserver.requestCounts["PUT state m.room.member"]).toBe(1);
  expect(story.said().some((text) => text.includes(`ban ${person}`))).toBe(true);
});

test("killed after a command's rule was written and before its bans, Tyr asks for each ban once", async () => {
  await begin({ rooms: 4, homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.01, burst: 1, exempt: [story.moderator] });
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person} rude`);
  await story.pass(500);
  story.kill();
  await story.pass(2_000);
  story.homeserver.limitWrites(undefined);
  const before = story.homeserver.requests.length;

  await story.start();
  await story.until(() => story.isBanned(person), "the bans");
  await story.pass();

  const bans = story.homeserver.requests
    .slice(before)
    .filter(({ method, path }) => method === "PUT" && path.includes("m.room.member"))
    .map(({ path }) => path);
  expect(bans).toEqual([...new Set(bans)]);
});

describe("an undo that was said while its command was under way", () => {
  const mutedBy = (person: string) =>
    story.rooms.filter((room) => {
      const levels = story.homeserver.state(room, "m.room.power_levels")!.content;
      return (levels["users"] as Record<string, number>)[person] === -1;
    }).length;
  /** Two writes at a time, of two seconds each: most of the mutes wait. */
  const undoUnderWay = async () => {
    await begin({ rooms: 12, settings: { executor: { startConcurrency: 2, maxConcurrency: 2 } } });
    for (const room of story.rooms) story.homeserver.setRoomLatency(room, 2_000);
    const person = story.person("rude");
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr mute ${person}`);
    await story.until(() => mutedBy(person) > 0, "a mute");
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr undo ${person}`);
    await story.pass(300);
    return person;
  };

  test("outlives a restart", async () => {
    const person = await undoUnderWay();

    await story.stop();
    await story.start();
    await story.pass(120_000);

    expect(mutedBy(person)).toBe(0);
  });

  test("outlives a crash", async () => {
    const person = await undoUnderWay();

    story.kill();
    await story.pass();
    await story.start();
    await story.pass(120_000);

    expect(mutedBy(person)).toBe(0);
  });
});
