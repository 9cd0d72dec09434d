// Rooms, names and people that are made to mislead, to break an answer or to turn Tyr against its own.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;

beforeEach(async () => {
  story = new Story({ rooms: 2 });
  await story.start();
});

afterEach(() => story.stop());

const theNextRuleWorks = async () => {
  const next = story.person("next");
  story.rule(next);
  await story.until(() => story.isBanned(next), "the next rule");
  expect(story.log.filter((line) => line.level === "error")).toEqual([]);
};
/** The answers as clients show them. */
const formatted = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter((one) => one.sender === story.bot.userId && one.type === "m.room.message")
    .map((one) => String(one.content["formatted_body"]));

const oddNames = [
  ["HTML", '<h1>all is well</h1><img src="x" onerror="y">'],
  ["markdown and a ping", "**@room** [click](https://evil.example) @mod:hs.test"],
  ["bidi marks and null bytes", "\u202Enimda\u202C \0 \u2066x\u2069"],
  ["lines that look like an answer", "Lobby\n✅ Unbanned everybody\n• 0 problems"],
  ["60 kB", "x".repeat(60_000)],
] as const;

test.each(oddNames)("a room whose name holds %s breaks no answer and pings nobody", async (_what, name) => {
  for (const room of story.rooms)
    story.homeserver.setState(room, story.moderator, "m.room.name", "", { name });
  story.homeserver.setState(story.list, story.moderator, "m.room.name", "", { name });
  story.homeserver.setState(story.list, story.moderator, "org.matrix.mjolnir.shortcode", "", {
    shortcode: name.slice(0, 1_000),
  });
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
    users: { [story.moderator]: 100 },
  });
  await story.pass(2_000);

  const plain: string[] = [];
  for (const command of ["status", "rooms", "lists", "verify", `why ${story.rooms[0]!}`])
    plain.push(await story.command(`!tyr ${command}`));

  const said = [...plain, ...formatted()].join("\n");
  expect(said).not.toMatch(/[\0\u202E\u2066]|@room/);
  expect(formatted().join("")).not.toMatch(/<h1|<img|<a (?!href="https:\/\/matrix\.to\/#\/[!%])/);
  expect(plain.every((answer) => answer.length < 3_000)).toBe(true);
  expect(
    plain.flatMap((answer) => answer.split("\n")).filter((line) => line.startsWith("✅ Unbanned")),
  ).toEqual([]);
  const mentioning = story.homeserver
    .events(story.managementRoom)
    .filter((one) => one.sender === story.bot.userId && one.type === "m.room.message")
    .filter((one) => JSON.stringify(one.content["m.mentions"]) !== "{}")
    .map((one) => [one.content["m.mentions"], String(one.content["body"]).includes("I may not ban")]);
  // The lost right itself is urgent.
  expect(mentioning).toEqual([[{ user_ids: [story.moderator] }, true]]);
});

test("who takes a moderator's display name is nobody's moderator, and is banned like anybody", async () => {
  const person = story.homeserver.createUser("imitator").userId;
  for (const room of story.rooms)
    story.homeserver.join(room, person, { displayname: story.moderator, avatar_url: "mxc://hs.test/mod" });
  story.homeserver.sendText(story.rooms[0]!, person, `!tyr ban ${story.moderator}`);
  await story.pass(2_000);

  expect(await story.command(`!tyr ban ${person}`)).toMatch(/^✅/);

  expect(story.isBanned(person)).toBe(true);
  expect(story.homeserver.membership(story.rooms[0]!, story.moderator)).toBe("join");
});

test("a user id of 255 bytes is banned like any other, and said in one line", async () => {
  const person = `@${"x".repeat(255 - "@:long.example".length)}:long.example`;
  for (const room of story.rooms) story.homeserver.join(room, person);
  await story.pass(1_000);

  const answer = await story.command(`!tyr ban ${person} spam`);

  expect(story.isBanned(person)).toBe(true);
  expect(answer.split("\n").every((line) => line.length < 700)).toBe(true);
  await story.command(`!tyr unban ${person}`);
  expect(story.isBanned(person, [story.rooms[0]!])).toBe(false);
});

test.each([
  ["as strings", { users: { "@tyr:hs.test": "100", "@mod:hs.test": "100" }, ban: "50" }],
  ["as fractions", { users: { "@tyr:hs.test": 100.5, "@mod:hs.test": 100 }, ban: 49.5 }],
  ["of 2^60", { users: { "@tyr:hs.test": 2 ** 60, "@mod:hs.test": 2 ** 60 - 1 }, ban: 2 ** 59 }],
  ["that are nothing of the kind", { users: ["@tyr:hs.test"], ban: { deep: [[]] }, events: null }],
])("power levels %s stop nothing in the other room", async (_what, content) => {
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", content);
  await story.pass(2_000);
  const person = story.person("person", [story.rooms[1]!]);

  story.rule(person);
  await story.until(() => story.isBanned(person, [story.rooms[1]!]), "the ban in the other room");

  expect(await story.command("!tyr status")).toMatch(/^✅/);
  expect(story.log.filter((line) => line.level === "error")).toEqual([]);
});

test("events nested a thousand levels deep are taken in, kept and forgotten like others", async () => {
  const deep = JSON.parse(`${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`) as Record<string, unknown>;
  const person = story.person("person");
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.name", "", { name: "Deep", deep });
  story.homeserver.forceState(story.list, story.moderator, "m.policy.rule.user", "deep", {
    entity: person,
    recommendation: "m.ban",
    reason: deep,
    deep,
  });
  story.homeserver.forceSend(story.rooms[0]!, person, "m.room.message", { body: "hello", deep });

  await story.until(() => story.isBanned(person), "the ban");
  await theNextRuleWorks();
});

test("a list whose author bans Tyr keeps its rules in force, is named, and its news come on return", async () => {
  const list = story.room("Foreign list", { botLevel: 0 });
  await story.command(`!tyr lists watch ${list}`);
  const person = story.person("person");
  story.rule(person, { list });
  await story.until(() => story.isBanned(person), "the bans");

  story.homeserver.ban(list, story.moderator, story.bot.userId, "<b>@room</b> go away");
  await story.pass(20_000);
  const late = story.person("late");
  story.rule(late, { list });
  await story.pass(20_000);

  expect(story.isBanned(person)).toBe(true);
  expect(story.isBanned(late)).toBe(false);
  const status = await story.command("!tyr status");
  expect(status).toContain("I am not in it");
  expect([...story.said(), ...formatted()].join("\n")).not.toContain("@room");
  expect(formatted().join("")).not.toContain("<b>");

  story.homeserver.unban(list, story.moderator, story.bot.userId);
  story.homeserver.invite(list, story.moderator, story.bot.userId);
  await story.until(() => story.isBanned(late), "the rule that came meanwhile");
});

test("a list's room may be protected as well, and watched rooms may be lists of each other's people", async () => {
  const other = story.room("Another list");
  await story.command(`!tyr lists watch ${other}`);
  await story.command(`!tyr rooms add ${story.list}`);
  await story.command(`!tyr rooms add ${other}`);
  const person = story.person("person", [...story.rooms, story.list, other]);
  story.rule(story.list, { kind: "room", list: other });
  story.rule(other, { kind: "room" });

  story.rule(person, { list: other });
  await story.until(() => story.isBanned(person, [...story.rooms, story.list, other]), "the bans");
  await story.command(`!tyr lists unwatch ${other}`);
  await story.until(() => !story.isBanned(person, [story.list]), "the lift");

  await theNextRuleWorks();
});

test("a list that is upgraded in a circle is followed once around, and its rules count once", async () => {
  const create = (from: string) => ({ predecessor: { room_id: from, event_id: "$last" } });
  const next = story.room("Next list", { creationContent: create(story.list) });
  const tombstone = (from: string, to: string) =>
    story.homeserver.setState(from, story.moderator, "m.room.tombstone", "", { replacement_room: to });
  tombstone(story.list, next);
  tombstone(next, story.list);
  await story.pass(30_000);

  const person = story.person("person");
  story.rule(person, { list: next });
  await story.until(() => story.isBanned(person), "the bans by a rule of the new list");

  expect(story.world!.settings.lists.map(({ room }) => room)).toEqual([story.list, next]);
  await theNextRuleWorks();
});
