// Lists that are odd, broken or hostile: the right thing happens, and the next good rule still works.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;

beforeEach(async () => {
  story = new Story({ rooms: 2 });
  await story.start();
});

afterEach(() => story.stop());

const theNextGoodRuleWorks = async () => {
  const next = story.person("next");
  story.rule(next);
  await story.until(() => story.isBanned(next), "the next good rule");
};

test("of three dialects under one key the newest decides, and the older come back one by one", async () => {
  const [stable, room, mjolnir] = ["stable", "room", "mjolnir"].map((name) => story.person(name)) as [
    string,
    string,
    string,
  ];
  story.rule(mjolnir, { type: "org.matrix.mjolnir.rule.user", key: "k" });
  await story.until(() => story.isBanned(mjolnir), "the oldest dialect");
  story.rule(room, { type: "m.room.rule.user", key: "k" });
  await story.until(() => story.isBanned(room) && !story.isBanned(mjolnir), "the middle dialect");
  story.rule(stable, { key: "k" });
  await story.until(() => story.isBanned(stable) && !story.isBanned(room), "the newest dialect");

  story.homeserver.join(story.rooms[0]!, room);
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "k", {});
  await story.until(
    () => story.homeserver.membership(story.rooms[0]!, room) === "ban",
    "the middle dialect again",
  );

  expect(story.isBanned(stable)).toBe(false);
  await theNextGoodRuleWorks();
});

test("a redacted rule is a removed rule", async () => {
  const person = story.person("person");
  const event = story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");

  story.homeserver.redact(story.list, story.moderator, event);
  await story.until(() => story.homeserver.membership(story.rooms[0]!, person) === "leave", "the lift");

  await theNextGoodRuleWorks();
});

test("a rule against everybody and our own server hits neither Tyr nor the moderators", async () => {
  const regular = story.person("regular");
  story.rule("*", { kind: "server" });
  story.rule("hs.test", { kind: "server" });
  story.rule("*.test", { kind: "server" });
  story.rule("@mod:*");
  story.rule("@tyr:hs.test");

  await story.pass();

  expect(story.rooms.flatMap((room) => story.deny(room))).toEqual([]);
  expect(
    [story.moderator, story.bot.userId, regular].map((user) =>
      story.homeserver.membership(story.rooms[0]!, user),
    ),
  ).toEqual(["join", "join", "join"]);
  expect(await story.command("!tyr status")).toContain("own server");
  await theNextGoodRuleWorks();
});

test.each([
  ["emoji", "@🦄💥:hs.test"],
  ["a newline", "@a\nb:hs.test"],
  ["a null byte", "@a\0b:hs.test"],
  ["bidi marks", "@\u202Eevil\u202C:hs.test"],
  ["markup", "<b>@room</b> **x** [y](https://z.example)"],
  ["nothing", ""],
  ["10,000 stars", "*a".repeat(5_000)],
])("an entity with %s does no harm", async (_what, entity) => {
  story.rule(entity, { key: "odd" });
  story.rule(entity, { key: "odd", kind: "server" });
  story.rule(entity, { key: "odd", kind: "room" });

  await story.pass();

  expect(story.said().join("\n")).not.toMatch(/[\0\u202E]|@room/);
  await theNextGoodRuleWorks();
});

test("a reason of 60 kB is shortened, in the ban and in what is said", async () => {
  const person = story.person("person");
  story.rule(person, { reason: "x".repeat(60_000) });
  await story.until(() => story.isBanned(person), "the bans");
  await story.pass();

  expect(story.written("m.room.member").every((event) => String(event.content["reason"]).length <= 500)).toBe(
    true,
  );
  expect(story.said().every((text) => text.length < 1_000)).toBe(true);
});

test.each([
  ["a number as entity", { entity: 5, recommendation: "m.ban" }],
  ["no recommendation", { entity: "@x:hs.test" }],
  ["an array", { entity: ["@x:hs.test"], recommendation: ["m.ban"] }],
  ["an unknown recommendation", { entity: "@x:hs.test", recommendation: "m.applaud" }],
  ["hashes that are none", { hashes: { sha256: 7 }, recommendation: "m.ban" }],
])("a rule with %s is no ban", async (_what, content) => {
  const person = story.person("x");
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "odd", content);

  await story.pass();

  expect(story.isBanned(person, [story.rooms[0]!])).toBe(false);
  await theNextGoodRuleWorks();
});

test("a hashed rule finds its person, now and on joining", async () => {
  const { sha256Base64 } = await import("../../src/kit/hash.ts");
  const here = story.person("here");
  const rule = (user: string) => ({ hashes: { sha256: sha256Base64(user) }, recommendation: "m.ban" });
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "h1", rule(here));
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "h2", rule("@later:hs.test"));
  await story.until(() => story.isBanned(here), "the bans");

  const later = story.person("later");
  await story.until(() => story.isBanned(later), "the bans on joining");
});

test("a takedown bans and removes, an expired rule does neither", async () => {
  const taken = story.person("taken");
  const message = story.homeserver.sendText(story.rooms[0]!, taken, "bad things");
  const past = story.person("past");
  await story.pass(1_000);
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "t", {
    entity: taken,
    recommendation: "org.matrix.msc4204.takedown",
  });
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "p", {
    entity: past,
    recommendation: "m.ban",
    expiry: story.clock.now() - 1,
  });
  await story.until(() => story.isBanned(taken), "the bans");
  await story.pass();

  expect(story.homeserver.event(story.rooms[0]!, message)?.unsigned?.["redacted_because"]).toBeDefined();
  expect(story.isBanned(past, [story.rooms[0]!])).toBe(false);
});

test("a rule that expires while it is in force lifts its bans", async () => {
  const person = story.person("person");
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "t", {
    entity: person,
    recommendation: "m.ban",
    expiry: story.clock.now() + 600_000,
  });
  await story.until(() => story.isBanned(person), "the bans");

  await story.pass(700_000);

  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("leave");
});

test("odd events in a room do not stop the others", async () => {
  const person = story.person("person", []);
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.member", "not a user", {
    membership: "join",
  });
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.member", "@x:y", {
    membership: { deep: true },
  });
  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
    users: "none",
    ban: {},
    events: [],
  });
  await story.pass();

  story.homeserver.join(story.rooms[1]!, person);
  story.rule(person);
  await story.until(
    () => story.homeserver.membership(story.rooms[1]!, person) === "ban",
    "the ban in the other room",
  );

  expect(await story.command("!tyr status")).toContain("odd event");
});

test("an allow rule shields a server from its own list and those after it, never from one before", async () => {
  const lower = story.room("Lower", {
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "lower" } }],
  });
  await story.command(`!tyr lists watch ${lower}`);
  story.rule("evil.example", { kind: "server" });
  story.rule("*", { kind: "server", list: lower, recommendation: "m.allow" });
  story.rule("late.example", { kind: "server", list: lower, key: "late" });

  await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the ACL");
  await story.pass();

  expect(story.deny(story.rooms[0]!)).toEqual(["evil.example"]);
});
