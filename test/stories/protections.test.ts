// Findings on the road that rules and commands take: told once, explained, taken back, and never against us.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const hour = 3_600_000;
const day = 24 * hour;

let story: Story;
let folder: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, ...options });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const levelsOf = (room: string) => story.homeserver.state(room, "m.room.power_levels")!.content;
const levelOf = (who: string, room = story.rooms[0]!) =>
  (levelsOf(room)["users"] as Record<string, unknown>)[who];
const isMuted = (who: string, room = story.rooms[0]!) => Number(levelOf(who, room) ?? 0) < 0;
const say = (who: string, times: number, room = story.rooms[0]!) => {
  for (let i = 0; i < times; i++) story.homeserver.sendText(room, who, `message ${i}`);
};
const standing = (who: string, room = story.rooms[0]!) =>
  story.homeserver
    .events(room)
    .filter(
      (one) => one.sender === who && one.type === "m.room.message" && Object.keys(one.content).length > 0,
    ).length;
const told = (what: string | RegExp) => story.said().filter((text) => text.match(what) !== null);

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe("a flood", () => {
  test("is stopped and cleaned, told once with a number, explained by why and taken back by undo", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    const before = JSON.stringify(levelsOf(story.rooms[0]!));

    say(person, 25);
    await story.until(() => isMuted(person) && standing(person) === 0, "the mute and the redactions");
    await story.pass(20_000);

    const [message] = told(/^flood in Room 1/).slice(-1);
    expect(message).toContain(`${person} (`);
    expect(message).toContain(`muted ${person} in 1 room`);
    expect(message).toContain("redacted 25 events");
    expect(await story.command(`!tyr why ${person}`)).toContain("as flood found");
    await story.command(`!tyr undo ${undoNumber(message!)}`);
    expect(JSON.stringify(levelsOf(story.rooms[0]!))).toBe(before);
  });

  test("that comes all at once is removed to the last message", async () => {
    await begin({ homeserver: { readLatencyMs: 2_000 } });
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");

    say(person, 12);
    await story.until(() => told(/^flood in/).length > 0, "the finding");
    story.homeserver.setState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
      ...levelsOf(story.rooms[0]!),
      users: { [story.bot.userId]: 100, [story.moderator]: 100 },
    });
    say(person, 9);
    await story.pass(60_000);

    expect(standing(person)).toBe(0);
  });

  test("of more than is remembered of one person, read in one go after a gap, is removed to the first message", async () => {
    await begin({ rooms: 1, homeserver: { readLatencyMs: 500 } });
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");

    story.homeserver.inOneGo(() => say(person, 700));
    await story.until(() => isMuted(person), "the mute");
    await story.pass(120_000);

    expect(standing(person)).toBe(0);
  });

  test("that was taken back counts no more, after a restart either", async () => {
    await begin({ rooms: 1 });
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    say(person, 25);
    await story.until(() => isMuted(person) && standing(person) === 0, "the mute and the redactions");
    await story.pass();
    await story.command(`!tyr undo ${undoNumber(told(/^flood in Room 1/).at(-1)!)}`);
    await story.stop();
    await story.start();
    await story.pass(61_000);

    say(person, 25);
    await story.until(() => standing(person) === 0, "the redactions");
    await story.pass();

    expect(isMuted(person)).toBe(true);
    expect(story.isBanned(person)).toBe(false);
  });

  test("that goes on for hours is an incident an hour, each with its own number", async () => {
    await begin({ rooms: 1 });
    await story.command("!tyr protections enable mention-limit");
    await story.command("!tyr protections set mention-limit response redact");
    const many = Array.from({ length: 11 }, (_, i) => `@person${i}:x.example`).join(" ");
    const people = Array.from({ length: 150 }, (_, i) => story.person(`caller-${i}`));

    for (const who of people) {
      story.homeserver.sendText(story.rooms[0]!, who, many);
      await story.pass(50_000);
    }

    const incidents = story.homeserver
      .events(story.managementRoom)
      .filter(
        (one) =>
          String(one.content["body"]).startsWith("mention-limit in") &&
          one.content["m.relates_to"] === undefined,
      );
    expect(incidents).toHaveLength(3);
  });

  test("of five people in three rooms is one message and one undo", async () => {
    await begin({ rooms: 3 });
    const people = Array.from({ length: 5 }, (_, i) => story.person(`flooder-${i}`));
    await story.command("!tyr protections enable flood");
    const before = story.rooms.map((room) => JSON.stringify(levelsOf(room)));

    for (let i = 0; i < 20; i++) for (const room of story.rooms) for (const who of people) say(who, 1, room);
    await story.until(
      () =>
        story.rooms.every((room) => people.every((who) => isMuted(who, room) && standing(who, room) === 0)),
      "the mutes and the redactions",
    );
    await story.pass(30_000);

    const messages = story.homeserver
      .events(story.managementRoom)
      .filter(
        (one) =>
          one.sender === story.bot.userId &&
          String(one.content["body"]).startsWith("flood") &&
          one.content["m.relates_to"] === undefined,
      );
    expect(messages).toHaveLength(1);
    const newest = told(/flood in 3 rooms/).at(-1)!;
    expect(newest).toContain("muted 5 people in 3 rooms");
    await story.command(`!tyr undo ${undoNumber(newest)}`);
    expect(story.rooms.map((room) => JSON.stringify(levelsOf(room)))).toEqual(before);
  });

  test("that was taken back counts no more: neither for the next word nor for one that comes late", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood seconds 600");
    await story.command("!tyr protections set flood response mute");
    say(person, 12);
    await story.until(() => isMuted(person), "the mute");
    await story.pass(10_000);

    await story.command(`!tyr undo ${undoNumber(told(/^flood in/).at(-1)!)}`);
    say(person, 1);
    await story.pass(20_000);
    expect(isMuted(person)).toBe(false);

    say(person, 10);
    await story.until(() => isMuted(person), "the mute of another flood");
  });

  test("of new names, or of coming and going, is one as well, and ends with a ban as no mute ends it", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms as [string];
    const [renamer, visitor] = [story.person("renamer"), story.person("visitor")];
    await story.command("!tyr protections enable flood");
    const noise = () => {
      for (let i = 0; i < 12; i++) {
        story.homeserver.join(room, renamer, { displayname: `buy ${i}` });
        if (i % 2 === 0) story.homeserver.leave(room, visitor);
        else story.homeserver.join(room, visitor);
      }
    };

    noise();
    await story.until(() => isMuted(renamer) && isMuted(visitor), "the mutes");
    await story.pass(30_000);
    noise();
    await story.until(() => story.isBanned(renamer) && story.isBanned(visitor), "the bans");
  });

  test("that is none leaves everybody alone", async () => {
    await begin();
    const person = story.person("talker");
    await story.command("!tyr protections enable flood");

    say(person, 10);
    await story.pass(20_000);
    say(person, 10);
    await story.pass(20_000);

    expect(isMuted(person)).toBe(false);
    expect(standing(person)).toBe(20);
    expect(told(/^flood in/)).toEqual([]);
  });

  test("of moderators, the exempt and people with power is none", async () => {
    await begin();
    const [exempt, helper] = [story.person("exempt"), story.person("helper")];
    await story.command("!tyr protections enable flood");
    await story.command(`!tyr exempt add ${exempt}`);
    await story.command(`!tyr powerlevel ${helper} 10 --force`);

    for (const who of [exempt, helper, story.moderator]) say(who, 30);
    await story.pass(20_000);

    for (const who of [exempt, helper, story.moderator]) expect(standing(who)).toBe(30);
    expect(told(/^flood in/)).toEqual([]);
  });

  test("again within a day is answered with the next step, and later with the first", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response warn redact+mute redact+ban");
    await story.command("!tyr protections set flood muteFor 30m");

    say(person, 12);
    await story.pass(30_000);
    expect([isMuted(person), standing(person)]).toEqual([false, 12]);
    const warning = story.homeserver
      .events(story.rooms[0]!)
      .find((one) => one.sender === story.bot.userId && one.type === "m.room.message");
    expect(warning?.content["m.mentions"]).toEqual({ user_ids: [person] });

    say(person, 12);
    await story.until(() => isMuted(person), "the mute");
    await story.pass(hour);
    expect(isMuted(person)).toBe(false);
    say(person, 12);
    await story.until(() => story.isBanned(person, [story.rooms[0]!]), "the ban");
    expect(story.homeserver.membership(story.rooms[1]!, person)).toBe("join");
  });

  test("after a day of rest begins at the foot of the ladder", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response warn redact+ban");
    say(person, 12);
    await story.pass(30_000);

    await story.pass(day + hour);
    say(person, 12);
    await story.pass(30_000);

    expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("join");
  });

  test("by the step list is banned everywhere by a rule, which undo takes back", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response redact+list");

    say(person, 12);
    await story.until(() => story.isBanned(person), "the bans");
    await story.pass(30_000);
    const newest = told(/^flood in Room 1/).at(-1)!;
    await story.command(`!tyr undo ${undoNumber(newest)}`);

    expect(story.rooms.map((room) => story.homeserver.membership(room, person))).toEqual(["leave", "leave"]);
    expect(story.written("m.policy.rule.user").map(({ content }) => content["entity"])).toEqual([
      person,
      undefined,
    ]);
  });

  test("while only told does nothing, and tells what it would have done", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood alertOnly yes");

    say(person, 12);
    await story.until(() => told(/Alert only/).length > 0, "the alert");
    await story.pass(30_000);

    expect(told(/Alert only/).at(-1)).toContain("redact+mute");
    expect([isMuted(person), standing(person)]).toEqual([false, 12]);
  });

  test("counts in the rooms that were chosen, with the limits that were chosen there", async () => {
    await begin();
    const person = story.person("flooder");
    const [first, second] = story.rooms;
    await story.command(`!tyr protections enable flood ${second}`);
    await story.command(`!tyr protections set flood limit ${second} 3`);

    say(person, 20, first);
    say(person, 4, second);
    await story.until(() => isMuted(person, second), "the mute");
    await story.pass(20_000);

    expect([isMuted(person, first), standing(person, first)]).toEqual([false, 20]);
  });

  test("of old hands is none where only newcomers are looked at", async () => {
    await begin();
    const old = story.person("old");
    await story.pass(2 * day);
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood newcomersOnly yes");
    const fresh = story.person("fresh");

    say(old, 20);
    say(fresh, 20);
    await story.until(() => isMuted(fresh), "the mute");
    await story.pass(20_000);

    expect([isMuted(old), standing(old)]).toEqual([false, 20]);
  });

  test("goes on where it was after a restart: a repeat is a repeat", async () => {
    await begin();
    const person = story.person("flooder");
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response warn redact+ban");
    say(person, 12);
    await story.pass(30_000);
    await story.stop();
    await story.start();
    await story.pass(61_000);

    say(person, 12);

    await story.until(() => story.isBanned(person, [story.rooms[0]!]), "the ban");
  });

  test("said while Tyr was away is judged by when it was said", async () => {
    await begin();
    const [slow, fast] = [story.person("slow"), story.person("fast")];
    await story.command("!tyr protections enable flood");
    await story.stop();
    for (let i = 0; i < 20; i++) {
      say(slow, 1);
      await story.pass(20_000);
    }
    say(fast, 20);

    await story.start();
    await story.until(() => isMuted(fast), "the mute");
    await story.pass(20_000);

    expect([isMuted(slow), standing(slow)]).toEqual([false, 20]);
  });
});

describe("too many mentions", () => {
  const mention = (who: string, count: number) =>
    story.homeserver.forceSend(story.rooms[0]!, who, "m.room.message", {
      msgtype: "m.text",
      body: "hello",
      "m.mentions": { user_ids: Array.from({ length: count }, (_, i) => `@p${i}:hs.test`) },
    });

  test("in one message are removed with it, and few are not", async () => {
    await begin();
    const [loud, calm] = [story.person("loud"), story.person("calm")];
    await story.command("!tyr protections enable mention-limit");

    mention(calm, 10);
    mention(loud, 11);
    await story.until(() => standing(loud) === 0 && isMuted(loud), "the answer");
    await story.pass(20_000);

    expect([standing(calm), isMuted(calm)]).toEqual([1, false]);
    expect(told(/^mention-limit/).at(-1)).toContain("11 people mentioned in one message");
  });

  test("are seen whatever follows them in the same breath", async () => {
    await begin();
    const loud = story.person("loud");
    await story.command("!tyr protections enable mention-limit");

    mention(loud, 11);
    say(loud, 3);
    await story.until(() => isMuted(loud), "the mute");
    await story.pass(20_000);

    expect(standing(loud)).toBe(3);
  });
});

describe("the settings", () => {
  test("say what is wrong and what to type", async () => {
    await begin();

    const answers = [];
    for (const command of [
      "protections enable flod",
      "protections set flood limt 5",
      "protections set flood limit many",
      "protections set flood response smite",
      "protections set flood muteFor soon",
      "protections set flood enabled maybe",
    ])
      answers.push(await story.command(`!tyr ${command}`));

    expect(answers[0]).toContain("Did you mean flood?");
    expect(answers[1]).toContain("Did you mean limit?");
    expect(answers[2]).toContain("a whole number from 2 to 100");
    expect(answers[3]).toContain('"smite" is no answer; there are alert, hold');
    expect(answers[4]).toContain("a span of time");
    expect(answers[5]).toContain("yes or no");
    for (const answer of answers) expect(answer).toMatch(/^❌/);
  });

  test("are shown, kept over a restart, put back by default and by undo", async () => {
    await begin();
    await story.command("!tyr protections enable flood");
    const answer = await story.command("!tyr protections set flood limit 42");
    await story.stop();
    await story.start();
    expect(await story.command("!tyr protections show flood")).toContain("limit is 42 messages (default 10)");

    await story.command(`!tyr undo ${undoNumber(answer)}`);
    expect(await story.command("!tyr protections show flood")).toContain("limit is 10 messages:");
    await story.command("!tyr protections set flood limit 7");
    await story.command("!tyr protections set flood limit default");
    expect(await story.command("!tyr protections show flood")).toContain("limit is 10 messages:");
    expect(await story.command("!tyr protections")).toContain("Act: flood.");
  });
});

describe("people who have been here for long", () => {
  const settings = {
    guard: { regularAfterDays: 1, regularDays: 2, maxPeople: 3, maxRoomShare: 100, newcomerHours: 1 },
  };

  test("and speak are muted where others are banned", async () => {
    await begin({ settings });
    const regular = story.person("regular");
    for (let i = 0; i < 3; i++) {
      say(regular, 1);
      await story.pass(day);
    }
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response redact+ban");

    say(regular, 20);
    await story.until(() => isMuted(regular), "the mute");
    await story.pass(20_000);

    expect(story.homeserver.membership(story.rooms[0]!, regular)).toBe("join");
    expect(told(/1 regular among them/)).not.toEqual([]);
  });

  test("and are many wait for a yes, and are removed after it", async () => {
    await begin({ settings });
    const people = Array.from({ length: 6 }, (_, i) => story.person(`old-${i}`));
    await story.pass(2 * hour);
    await story.command("!tyr protections enable flood");
    await story.command("!tyr protections set flood response redact+ban");

    for (let i = 0; i < 12; i++) for (const who of people) say(who, 1);
    await story.until(() => told(/^Question 1:/).length > 0, "the question");
    await story.pass(30_000);
    const before = people.filter((who) => story.isBanned(who, [story.rooms[0]!])).length;
    await story.command("!tyr yes 1");
    await story.until(() => people.every((who) => story.isBanned(who, [story.rooms[0]!])), "the bans");

    expect(before).toBeLessThanOrEqual(3);
    expect(people.map((who) => standing(who))).toEqual(people.map(() => 0));
  });
});
