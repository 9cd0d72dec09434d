// A protection tried on the past of the rooms: the numbers are those that a count by hand gives, and nothing is changed.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const hour = 3_600_000;
const day = 24 * hour;

const rules = `links: our-links
entries: [ example.org ]
---
rule: new-links
when: author is newcomer and any link where (domain not in our-links)
then: redact+mute
`;

let story: Story;
/** Rooms with a past, and nobody who has watched it. */
const withPast = (options: StoryOptions = {}) => {
  story = new Story({ rooms: 3, rules, ...options });
};
const begin = async () => {
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const say = (who: string, text: string, room = story.rooms[0]!) => story.homeserver.sendText(room, who, text);
const spam = "buy at https://evil.example/now";

/**
 * Twelve days: a person who was there before and links, eight spammers of whom six are banned, one is kicked, one is
 * let be and leaves; three newcomers who link and stay; one of them only once.
 */
const twelveDays = async () => {
  const [lobby, hall] = story.rooms as [string, string, string];
  const old = story.person("old");
  await story.pass(day);
  const stays = ["stay-1", "stay-2"];
  for (let i = 1; i <= 11; i++) {
    say(old, "look: https://elsewhere.example/a");
    for (const name of stays) if (i > 5) say(`@${name}:hs.test`, "good morning");
    await story.pass(hour);
    if (i === 1) say(story.person("too-early"), spam);
    if (i >= 4) {
      const spammer = story.person(`spammer-${i}`, [lobby, hall]);
      await story.pass(60_000);
      say(spammer, spam);
      say(spammer, `${spam} again`, hall);
      await story.pass(60_000);
      if (i <= 9) for (const room of [lobby, hall]) story.homeserver.ban(room, story.moderator, spammer);
      if (i === 10) for (const room of [lobby, hall]) story.homeserver.kick(room, story.moderator, spammer);
      if (i === 11) for (const room of [lobby, hall]) story.homeserver.leave(room, spammer);
    }
    if (i === 5) for (const name of stays) say(story.person(name), "mine: https://youtu.example/v", hall);
    if (i === 6) say(story.moderator, spam);
    await story.pass(day - 2 * hour);
  }
  say(story.person("came-late"), "mine: https://youtu.example/w", hall);
  await story.pass(hour);
};

afterEach(() => story.stop());

test("the report counts as a person would", async () => {
  withPast();
  await twelveDays();
  await begin();

  const report = await story.command("!tyr protections try new-links");

  // From the first event on, as the rooms are younger than 14 days.
  expect(report).toContain(
    "✅ new-links on 11 days 14 hours: 19 messages of 11 people would have been redacted.",
  );
  expect(report).toContain("of 3 rooms. The first 2 days 22 hours only told who is who.");
  expect(report).toContain("7 people were banned or removed, by you or by a list: right");
  expect(report).toContain("2 people still write here: wrong");
  expect(report).toContain("2 unknown");
  expect(report).toContain("Precision 78 % (at least 45 % with so few).");
  expect(report).toContain("It would have met 7 of the 7 people who were banned or removed in that time.");
  expect(report).toContain("No staff. No regular as of that day.");
  expect(report).toContain("Wrong ones: youtu.example (2)");
  expect(report).toContain("By room: Room 2 11 · Room 1 8");
  expect(report).toContain("Go on: !tyr protections ask new-links");
});

const ofTwo = `${rules}---
links: evil-links
entries: [ evil.example ]
---
rule: evil-alone
when: author is newcomer and any link where (domain in evil-links)
then: redact
`;

test("two on the same past, side by side: what each meets, and what only one of them does", async () => {
  withPast({ rules: ofTwo });
  await twelveDays();
  await begin();

  const report = await story.command("!tyr protections try new-links evil-alone 14d");
  const other = await story.command("!tyr protections try evil-alone new-links");

  expect(report).toContain("✅ new-links and evil-alone on 11 days 14 hours, side by side:");
  expect(report).toContain("new-links: 19 messages of 11 people: 7 right, 2 wrong, 2 unknown");
  expect(report).toContain("evil-alone: 16 messages of 8 people: 7 right, 0 wrong, 1 unknown");
  expect(report).toContain("Both meet 16 messages of 8 people");
  expect(report).toContain("Only new-links meets 3 messages of 3 people");
  expect(report).toContain("Only evil-alone meets nothing");
  expect(report).toContain(
    "Of the 7 people banned or removed in that time new-links meets 7, evil-alone meets 7.",
  );
  expect(report).toMatch(/The 3 that only new-links meets, with links:\s+• wrong: @stay-1:hs.test/);
  expect(other).toContain("Only new-links meets 3 messages of 3 people");
});

test("a version of one's own against the one in force; what is no version is told", async () => {
  withPast();
  await twelveDays();
  await begin();
  await story.command("!tyr protections add mine when author is newcomer and links then redact");
  await story.command(
    '!tyr protections edit mine when author is newcomer and text has "nowhere" then redact',
  );
  await story.pass(60_000);

  const report = await story.command("!tyr protections try mine@1 mine@2 14d");
  const none = await story.command("!tyr protections try mine@7 mine");
  const shipped = await story.command("!tyr protections try flood@2 flood");
  const same = await story.command("!tyr protections try mine mine");

  expect(report).toContain("mine@1 and mine@2 on");
  expect(report).toContain("mine@1: 19 messages of 11 people");
  expect(report).toContain("mine@2: nothing");
  expect(none).toContain("mine@7 cannot be tried: the versions of mine are 1, 2");
  expect(shipped).toContain("flood has no versions: it comes with me");
  expect(same).toContain("mine is compared with another one, or with another version of it");
});

test("what was redacted, and who was there before all that is read, is told apart from what is known", async () => {
  withPast({ rooms: 1 });
  const old = story.person("old");
  await story.pass(40 * day);
  const spammers = [story.person("spammer-1"), story.person("spammer-2")];
  say(spammers[0]!, spam);
  story.homeserver.redact(story.rooms[0]!, story.moderator, say(spammers[1]!, spam));
  for (const spammer of spammers) story.homeserver.ban(story.rooms[0]!, story.moderator, spammer);
  // Whoever was there at the first start came nobody knows when.
  say(old, "look: https://elsewhere.example/a");
  say(old, "no link");
  await story.pass(hour);
  await begin();

  const report = await story.command("!tyr protections try new-links 20d");

  expect(report).toContain("1 message of 1 person would have been redacted");
  expect(report).toContain(
    "It would have met 1 of the 2 people who were banned or removed in that time; of 1 of them nothing is left to see.",
  );
  expect(report).toContain("Redacted and not kept: 1 event, not seen.");
  expect(report).toContain("Could not tell for 1 message (unknown: author is newcomer (1)).");
});

test("a shipped protection is tried with counters of its own, and the settings of each room", async () => {
  withPast({ rooms: 2 });
  const [lobby, hall] = story.rooms as [string, string];
  await story.pass(5 * day);
  const flooder = story.person("flooder");
  for (let i = 0; i < 9; i++) for (const room of [lobby, hall]) say(flooder, `message ${i}`, room);
  await story.pass(hour);
  await begin();
  await story.command("!tyr protections enable flood");
  await story.command(`!tyr protections set flood limit ${hall} 5`);

  const report = await story.command(`!tyr protections try flood 10d`);

  // The join counts as well: ten events in each room, and the limit of the other is ten.
  expect(report).toContain("10 messages of 1 person would have been redacted");
  expect(report).toContain("By room: Room 2 10.");
  for (let i = 0; i < 8; i++) say(flooder, `more ${i}`);
  await story.pass(20_000);
  expect(story.said().filter((text) => text.startsWith("flood in"))).toEqual([]);
});

test("one room, a space of time, further rooms", async () => {
  withPast();
  await twelveDays();
  await begin();
  const [lobby, hall] = story.rooms as [string, string];

  expect(await story.command(`!tyr protections try new-links 14d ${hall}`)).toContain("By room: Room 2 11.");
  expect(await story.command(`!tyr protections try new-links ${lobby} 14d`)).toContain("By room: Room 1 8.");
  expect(await story.command(`!tyr protections try new-links 14d ${lobby} ${hall}`)).toContain("of 2 rooms");
  expect(await story.command("!tyr protections try new-links 1d")).toContain("new-links on 1 day:");
});

test("a room that cannot be read is named, the others are read", async () => {
  withPast();
  await twelveDays();
  await begin();
  const hall = story.rooms[1]!;
  story.homeserver.failNext({
    match: ({ path }) => path.includes(encodeURIComponent(hall)) && path.endsWith("/messages"),
    status: 403,
    body: { errcode: "M_FORBIDDEN", error: "no history for you" },
  });

  const report = await story.command("!tyr protections try new-links");

  expect(report).toContain("Not read: Room 2: no history for you.");
  expect(report).toContain("events of 2 rooms");
  expect(report).toContain("By room: Room 1 8.");
});

test("changes nothing: neither what is believed nor what is stored, but that it was asked", async () => {
  withPast();
  await twelveDays();
  await begin();
  const rows = () => {
    const tables = story.database!.all("SELECT name FROM sqlite_master WHERE type = 'table'");
    return Object.fromEntries(
      // The index of words follows the decisions.
      tables
        .filter(([name]) => !JSON.stringify(name).includes("decision_text"))
        .map(([name]) => [name, story.database!.all(`SELECT count(*) FROM ${JSON.stringify(name)}`)[0]![0]]),
    );
  };
  await story.command("!tyr protections");
  await story.pass();
  const before = rows();

  await story.command("!tyr protections try new-links");
  await story.pass();

  const { decision, ...others } = rows();
  // Reading, the answer and the mark.
  expect(decision).toBe(Number(before["decision"]) + 3);
  expect({ ...others, decision: before["decision"] }).toEqual(before);
  expect(story.rooms.flatMap((room) => story.homeserver.events(room)).filter(isOurs)).toEqual([]);
});

const isOurs = ({ type, sender, state_key: key }: { type: string; sender: string; state_key?: string }) =>
  sender === story.bot.userId && !(type === "m.room.member" && key === story.bot.userId);

/** A past of which each page takes three seconds. */
const slowly = async () => {
  withPast({ rooms: 2, homeserver: {} });
  await story.pass(2 * day);
  const person = story.person("person");
  for (let i = 0; i < 1_500; i++) {
    say(person, `message ${i}`);
    await story.clock.advance(60_000);
  }
  await begin();
  for (const room of story.rooms) story.homeserver.setRoomLatency(room, 3_000);
};
const ask = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const answered = (event: string, what: RegExp) =>
  story.until(() => what.test(story.answerTo(event) ?? ""), String(what));
const isMarked = (event: string) =>
  story.homeserver
    .events(story.managementRoom)
    .some(
      ({ type, content }) =>
        type === "m.reaction" &&
        (content["m.relates_to"] as Record<string, unknown> | undefined)?.["event_id"] === event,
    );
test("it says how far it has come, in one message, and is ended by a ❌ on it", async () => {
  await slowly();
  const asked = ask("!tyr protections try flood 3d");
  await answered(asked, /of about [\d,]+ events, .* left/);

  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: firstAnswerTo(asked), key: "❌" },
  });
  await answered(asked, /Ended before it was done/);

  await story.until(() => isMarked(asked), "the mark");
  expect(story.answerTo(asked)).not.toContain("would have been");
  expect(await story.command("!tyr protections try flood 1h")).toContain("✅");
});

const firstAnswerTo = (asked: string) => {
  const messages = story.homeserver
    .events(story.managementRoom)
    .filter(({ sender }) => sender === story.bot.userId);
  return messages.find(({ content }) => JSON.stringify(content["m.relates_to"] ?? {}).includes(asked))!
    .event_id;
};

test("stop ends it; a second one waits until the first is done", async () => {
  await slowly();
  const asked = ask("!tyr protections try flood 3d");
  await answered(asked, /Trying flood/);

  expect(await story.command("!tyr protections try mention-limit")).toContain("trying another protection");
  await story.command("!tyr stop");
  await answered(asked, /Ended before it was done/);
  expect(story.answerTo(asked)).not.toContain("would have been");
});

test("a kill in the middle is told after the start, and nothing goes on", async () => {
  const dataPath = aFolder();
  withPast({ rooms: 1, dataPath });
  await twelveDaysOfOne();
  await begin();
  for (const room of story.rooms) story.homeserver.setRoomLatency(room, 3_000);
  const asked = ask("!tyr protections try new-links");
  await story.pass(4_000);
  story.kill();
  story.homeserver.clearRequests();

  await story.start();
  const sorry =
    "I was stopped before I had read what protections try new-links needs. Nothing was done: please say it again.";
  await story.until(() => story.said().includes(sorry), "that it has to be said again");
  await story.pass(60_000);

  expect(story.answerTo(asked)).not.toContain("would have been");
  expect(story.said().filter((text) => text.includes("events, "))).toEqual([]);
});

const twelveDaysOfOne = async () => {
  const person = story.person("person");
  for (let i = 0; i < 300; i++) {
    say(person, `message ${i}`);
    await story.clock.advance(hour);
  }
};

test.each([
  ["protections try new-lniks", "Did you mean new-links?"],
  ["protections try new-links soon", "is not a span of time up to 90 days"],
  ["protections try new-links 200d", "is not a span of time up to 90 days"],
  ["protections try new-links 14d !nowhere:hs.test", "is not a protected room"],
])("%s is refused in a sentence", async (line, told) => {
  withPast({ rooms: 1 });
  await begin();

  const answer = await story.command(`!tyr ${line}`);

  expect(answer).toContain("❌");
  expect(answer).toContain(told);
});

test("what Tyr removed is tried as it was kept", async () => {
  withPast();
  const spammer = story.person("spammer", []);
  await begin();
  await story.pass(4 * day);
  story.homeserver.join(story.rooms[0]!, spammer);
  await story.pass(60_000);
  say(spammer, spam);
  await story.pass(5_000);
  await story.command(`!tyr redact ${spammer}`);
  await story.command(`!tyr ban ${spammer} spam`);
  await story.pass();

  const report = await story.command("!tyr protections try new-links 4d");

  expect(report).toContain("Removed by me and looked at as I kept it: 1 event.");
  expect(report).toContain("1 message of 1 person would have been redacted");
  expect(report).toContain("1 person was banned or removed, by you or by a list: right");
});
