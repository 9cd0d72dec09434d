// Night duty: who is called, what follows where nobody answers, test calls, the report of the morning.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

let story: Story;
let [ann, bob, troll]: [string, string, string] = ["", "", ""];

afterEach(() => story.stop());

/** Three moderators, mod, ann and bob; a rule that calls for everything that somebody cries about. */
async function begin(options: StoryOptions = {}): Promise<void> {
  story = new Story({
    rules: 'rule: crying\nwhen: text has "cry"\nthen: call\nmode: act\n',
    ...options,
  });
  [ann, bob] = [moderator("ann"), moderator("bob")];
  troll = story.person("troll");
  await story.start();
  await story.pass(61_000);
}

function moderator(localpart: string): string {
  const { userId } = story.homeserver.createUser(localpart);
  const { homeserver, managementRoom } = story;
  homeserver.invite(managementRoom, story.moderator, userId);
  homeserver.join(managementRoom, userId);
  return userId;
}

/** Text and mentioned people of what Tyr said that begins so. */
const told = (start: RegExp) =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ sender, content }) => sender === story.bot.userId && start.test(String(content["body"])))
    .map(({ content }) => (content["m.mentions"] as Content | undefined)?.["user_ids"] ?? []);
const say = (text: string, by: string) => story.homeserver.sendText(story.managementRoom, by, text);
async function cry(): Promise<void> {
  const before = told(/^crying calls/).length;
  story.homeserver.sendText(story.rooms[0]!, troll, "I cry");
  await story.until(() => told(/^crying calls/).length > before, "the call");
}

/** Hours from midnight UTC on, from which the person is on duty for two hours: as seen from now. */
const from = (hours: number): string => {
  const hour = (new Date(story.clock.wall()).getUTCHours() + hours + 24) % 24;
  const two = (n: number) => String(n % 24).padStart(2, "0");
  return `${two(hour)}:00-${two(hour + 2)}:00`;
};

describe("a call", () => {
  test("mentions everybody in the management room, where there is no roster", async () => {
    await begin();

    await cry();

    expect(told(/^crying calls/)).toEqual([expect.arrayContaining([ann, bob, story.moderator])]);
  });

  test("mentions who is on duty, and nobody else", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC daily`);
    await story.command(`!tyr duty add ${bob} ${from(5)} UTC`);

    await cry();

    expect(told(/^crying calls/)).toEqual([[ann]]);
  });

  test("mentions nobody, where nobody is on duty or whoever is is away", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty off ${ann} 2d`);

    await cry();
    await story.pass(40 * minute);

    expect(told(/^crying calls/)).toEqual([[]]);
    expect(told(/^Nobody has answered/)).toEqual([]);
  });

  test("goes on to who is next, then to the roster, then no further", async () => {
    await begin();
    const cid = moderator("cid");
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);
    await story.command(`!tyr duty add ${cid} ${from(9)} UTC`);

    await cry();
    await story.pass(60 * minute);

    expect(told(/^crying calls/)).toEqual([[ann]]);
    expect(told(/^Nobody has answered/)).toEqual([[bob], [cid]]);
  });

  test.each([
    ["a word", () => void say("I see", bob)],
    ["a command", () => void say("!tyr status", bob)],
    ["a reaction", () => react(bob)],
  ])("is answered by %s of any moderator", async (_what, answer) => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);
    await cry();

    answer();
    await story.pass(30 * minute);

    expect(told(/^Nobody has answered/)).toEqual([]);
  });
});

function react(by: string): void {
  const event = story.homeserver
    .events(story.managementRoom)
    .findLast(({ sender, type }) => sender === story.bot.userId && type === "m.room.message")!.event_id;
  story.homeserver.send(story.managementRoom, by, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key: "👀" },
  });
}

/** The newest message of Tyr that begins so. */
const idOf = (start: RegExp) =>
  story.homeserver
    .events(story.managementRoom)
    .findLast(({ sender, content }) => sender === story.bot.userId && start.test(String(content["body"])))!
    .event_id;

describe("that a call was read", () => {
  test.each([["m.read"], ["m.read.private"]])("is an answer of who was called (%s)", async (type) => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);
    await cry();
    await story.pass(1_000);

    story.homeserver.read(story.managementRoom, ann, idOf(/^crying calls/), type);
    await story.pass(30 * minute);

    expect(told(/^Nobody has answered/)).toEqual([]);
  });

  test("is none of anybody else, nor that something before it was read", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);
    const before = idOf(/^On duty/);
    await cry();
    await story.pass(1_000);

    story.homeserver.read(story.managementRoom, ann, before);
    story.homeserver.read(story.managementRoom, bob, idOf(/^crying calls/));
    story.homeserver.read(story.rooms[0]!, ann, idOf(/^crying calls/));
    await story.pass(30 * minute);

    expect(told(/^Nobody has answered/)).toEqual([[bob]]);
  });

  test("is none, where the config says so", async () => {
    await begin({ settings: { duty: { seenIsEnough: false } } });
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);
    await cry();
    await story.pass(1_000);

    story.homeserver.read(story.managementRoom, ann, idOf(/^crying calls/));
    await story.pass(15 * minute);

    expect(told(/^Nobody has answered/)).toEqual([[bob]]);
  });

  test("is told of a test call", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command("!tyr duty test");
    await story.until(() => told(/^This is a test call/).length > 0, "the call");
    await story.pass(minute);

    story.homeserver.read(story.managementRoom, ann, idOf(/^This is a test call/));
    await story.until(() => told(/^@ann:hs\.test has seen the test call after/).length > 0, "the result");
  });
});

describe("in quiet hours", () => {
  const quiet = (hours: string): StoryOptions => ({
    rules:
      'rule: crying\nwhen: text has "cry"\nthen: call\nmode: act\n---\nrule: rude\nwhen: text has "rude"\nthen: kick\nmode: act\n',
    settings: {
      duty: { quietHours: hours },
      notify: { moderators: "all", restMinutes: 0 },
    },
  });
  /** Somebody is removed, of which moderators are told. */
  async function incident(): Promise<void> {
    story.homeserver.sendText(story.rooms[1]!, troll, "how rude");
    await story.until(() => told(/^rude[^]*kicked/).length > 0, "the incident");
  }

  test("only who is on duty is mentioned of what can wait; calls are as ever", async () => {
    await begin(quiet("00:00-23:59"));
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);

    await incident();
    await cry();

    expect(told(/^rude[^]*kicked/)).toEqual([[ann]]);
    expect(told(/^crying calls/)).toEqual([[ann]]);
  });

  test("nobody is, where nobody is on the roster; a call mentions everybody", async () => {
    await begin(quiet("00:00-23:59"));

    await incident();
    await cry();

    expect(told(/^rude[^]*kicked/)).toEqual([[]]);
    expect(told(/^crying calls/)).toEqual([expect.arrayContaining([ann, bob, story.moderator])]);
  });

  test("are over at their end", async () => {
    await begin(quiet("23:58-23:59"));

    await incident();

    expect(told(/^rude[^]*kicked/)).toEqual([expect.arrayContaining([ann, bob])]);
  });
});

test("somebody is called three times in one night at most by protections, and the next night again", async () => {
  await begin();
  await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
  // Those are none of them.
  for (let i = 0; i < 3; i++) {
    await story.command("!tyr duty test");
    say("here", ann);
    await story.pass(minute);
  }
  for (let i = 0; i < 5; i++) {
    troll = story.person(`troll${i}`);
    await cry();
    say("I see", ann);
    await story.pass(20 * minute);
  }
  await story.pass(13 * 60 * minute);
  troll = story.person("another");
  await cry();

  expect(told(/^crying calls/)).toEqual([[ann], [ann], [ann], [], [], [ann]]);
});

describe("a test call", () => {
  test("calls, and says who answered", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);

    await story.command("!tyr duty test");
    await story.until(() => told(/^This is a test call/).length > 0, "the call");
    await story.pass(2 * minute);
    say("here", ann);
    await story.until(() => told(/answered the test call after/).length > 0, "the result");

    expect(told(/^This is a test call/)).toEqual([[ann]]);
    expect(told(/^@ann:hs.test answered/)).toHaveLength(1);
  });

  test("says that nobody answered, and calls nobody else", async () => {
    await begin();
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    await story.command(`!tyr duty add ${bob} ${from(3)} UTC`);

    await story.command("!tyr duty test");
    await story.pass(40 * minute);

    expect(told(/^Nobody answered the test call/)).toHaveLength(1);
    expect(told(/^Nobody has answered/)).toEqual([]);
  });
});

describe("the roster", () => {
  test("is shown, changed and undone", async () => {
    await begin();

    const added = await story.command(`!tyr duty add ${ann} 22:00-06:00 europe/berlin fri,sat`);
    const shown = await story.command("!tyr duty");
    await story.command("!tyr undo last");

    expect(added).toMatch(/On duty: @ann:hs.test, 22:00 to 06:00 Europe\/Berlin, fri, sat\./);
    expect(shown).toMatch(/@ann:hs.test: 22:00 to 06:00 Europe\/Berlin, fri, sat/);
    expect(await story.command("!tyr duty")).toMatch(/Nobody is on the roster/);
  });

  test.each([
    ["duty add @stranger:hs.test 22:00-06:00 UTC", /is not in this room/],
    ["duty add @ann:hs.test 22-6 UTC", /22:00-06:00/],
    ["duty add @ann:hs.test 22:00-06:00 Berlin", /is no time zone/],
    ["duty add @ann:hs.test 22:00-06:00 UTC someday", /are no days/],
    ["duty remove @ann:hs.test", /is not on the roster/],
    ["duty off @ann:hs.test", /is not on the roster/],
  ])("%s: says what is wrong", async (text, why) => {
    await begin();

    const answer = await story.command(`!tyr ${text}`);

    expect(answer).toMatch(/^❌/);
    expect(answer).toMatch(why);
  });
});

describe("the report of the morning", () => {
  const settings = { duty: { reportAt: "07:30" } };

  test("tells what was done, once, and mentions nobody", async () => {
    await begin({ settings });
    await story.command("!tyr protections enable flood");
    for (let i = 0; i < 25; i++) story.homeserver.sendText(story.rooms[0]!, troll, `message ${i}`);
    await story.until(() => told(/^flood in/).length > 0, "the flood");

    await story.pass(day);

    expect(told(/^Since .*\n(.*\n)*.*flood, 1 person/)).toEqual([[]]);
  });

  test("is not sent where nothing happened", async () => {
    await begin({ settings });

    await story.pass(day);

    expect(told(/^Since/)).toEqual([]);
  });

  test("can be had at any time", async () => {
    await begin();

    expect(await story.command("!tyr report --for 7d")).toMatch(/Nothing happened, and nothing waits\./);
  });
});
