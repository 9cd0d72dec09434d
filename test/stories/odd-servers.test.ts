// Servers that repeat themselves, lock us out, are slow to tell, or let a room's state change under our hands.

import { afterEach, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

test("a command that sync tells a second time is not obeyed a second time", async () => {
  await begin();
  const person = story.person("person");
  await story.command(`!tyr ban ${person}`);
  const rule = story.homeserver.stateOfType(story.list, "m.policy.rule.user")[0]!;
  story.homeserver.setState(story.list, story.moderator, rule.type, rule.state_key!, {});
  await story.until(() => !story.isBanned(person, story.rooms.slice(0, 1)), "the lift");

  story.homeserver.repeatSync(story.bot.userId, { back: 20 });
  story.homeserver.sendText(story.managementRoom, story.moderator, "something new");
  await story.pass();

  expect(story.homeserver.state(story.list, rule.type, rule.state_key)?.content).toEqual({});
  expect(story.homeserver.members(story.rooms[0]!, "ban")).toEqual([]);
});

test("an account that is locked at the start is waited for", async () => {
  story = new Story();
  story.homeserver.setStanding(story.bot.userId, "locked");
  const { tyr } = story.launch();
  await story.pass(60_000);
  expect(story.log.some((line) => String(line.fields["reason"]).includes("locked"))).toBe(true);

  story.homeserver.setStanding(story.bot.userId, "good");

  await story.clock.runUntil(tyr.ready, { what: "Tyr watching" });
});

test("an ACL that has just been written is not written again because an older reading did not show it", async () => {
  await begin({ rooms: 1, homeserver: { writeLatencyMs: 8_000 } });
  const room = story.rooms[0]!;
  const isAcl = (request: { method: string; kind: string }) =>
    request.method === "PUT" && request.kind.includes("m.room.server_acl");
  story.rule("evil.example", { kind: "server" });
  await story.pass(500);
  const emptied = { allow: ["*"], deny: [], allow_ip_literals: false };
  story.homeserver.forceState(room, story.moderator, "m.room.server_acl", "", emptied);

  await story.pass(60_000);

  expect(story.deny(room)).toEqual(["evil.example"]);
  expect(story.homeserver.requests.filter(isAcl)).toHaveLength(1);
});

test("a ban right after a kick still goes with its rule, however late sync tells of the kick", async () => {
  await begin({ homeserver: { readLatencyMs: 200 } });
  const person = story.person("person");
  story.homeserver.inOneGo(() => {
    for (const command of ["kick", "ban"])
      story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ${command} ${person}`);
  });
  await story.until(() => story.isBanned(person), "the bans");
  await story.pass();
  const [rule] = story.homeserver.stateOfType(story.list, "m.policy.rule.user");

  story.homeserver.redact(story.list, story.moderator, rule!.event_id);
  await story.pass();

  expect(story.homeserver.members(story.rooms[0]!, "ban")).toEqual([]);
});

test("a rule that goes while another of the same list is being written takes its bans with it", async () => {
  await begin();
  const [first, second] = [story.person("first"), story.person("second")];
  const rule = story.rule(first);
  await story.until(() => story.isBanned(first), "the bans");
  story.homeserver.setRoomLatency(story.list, 5_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${second}`);
  await story.pass(1_000);

  story.homeserver.redact(story.list, story.moderator, rule);
  await story.pass();

  expect(story.homeserver.members(story.rooms[0]!, "ban")).toEqual([second]);
});

test("a ban of which Tyr never heard whether it was done still goes with its rule", async () => {
  await begin({ rooms: 1, homeserver: { writeLatencyMs: 100 } });
  const person = story.person("person");
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "for a while", {
    entity: person,
    recommendation: "m.ban",
    expiry: story.clock.now() + 60_000,
  });
  await story.pass(50);
  story.homeserver.goDown();
  await story.pass(120_000);
  expect(story.isBanned(person)).toBe(true);

  story.homeserver.comeUp();
  await story.pass(60_000);

  expect(story.isBanned(person)).toBe(false);
});

test("acts that fail side by side in one room are each tried as often as an act that fails alone", async () => {
  await begin();
  const words = () => story.said().filter((text) => text.includes("nothing to lift")).length;
  const before = story.clock.now();
  story.homeserver.setWeather(({ path }) => (path.includes("/send/") ? { status: 502 } : undefined));
  for (const name of ["a", "b", "c", "d"])
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr unban @${name}:x.test`);
  await story.pass(150_000);
  expect(story.clock.now() - before).toBeGreaterThan(100_000);

  story.homeserver.clearFaults();
  await story.pass(120_000);

  expect(words()).toBe(4);
});

test("a write that nobody answers is sent again after its own time-out, and done once", async () => {
  await begin({ rooms: 1 });
  const person = story.person("person");
  const isBan = ({ method, path }: { method: string; path: string }) =>
    method === "PUT" && path.includes("m.room.member");
  story.homeserver.failNext({ match: isBan, status: 0, hangs: true });
  story.rule(person);

  await story.pass(22_000);

  expect(story.isBanned(person)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(1);
});

test("a write whose answer never comes is no second ban when it is sent again", async () => {
  await begin({ rooms: 1 });
  const person = story.person("person");
  story.homeserver.failNext({
    match: ({ method, path }) => method === "PUT" && path.includes("m.room.member"),
    status: 0,
    afterEffect: true,
  });
  story.rule(person);

  await story.pass(22_000);

  expect(story.written("m.room.member")).toHaveLength(1);
});

test("a ban that a list has under way counts for the command that asks for it as well", async () => {
  await begin({ rooms: 3, homeserver: { writeLatencyMs: 2_000 } });
  const person = story.person("person");
  story.rule(person);
  await story.pass(1_000);

  const answer = await story.command(`!tyr ban ${person}`);

  expect(story.isBanned(person)).toBe(true);
  expect(answer).toContain(`banned ${person} in 3 rooms`);
  expect(story.written("m.room.member")).toHaveLength(3);
});

test("a ban that waits for a list's rule is done for the command when that rule goes", async () => {
  await begin({ rooms: 1, homeserver: { writeLatencyMs: 2_000 } });
  const [first, person] = [story.person("first"), story.person("person")];
  story.homeserver.inOneGo(() => {
    story.rule(first);
    story.rule(person);
  });
  await story.pass(100);
  const command = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.pass(100);
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", `rule:${person}`, {});

  await story.pass(30_000);

  expect(story.isBanned(person)).toBe(true);
  expect(story.answerTo(command)).toContain(`banned ${person} in 1 room`);
});

test("an ACL that the server could not take is written when it can, and no room is asked for the one it has", async () => {
  await begin();
  const isAcl = ({ method, path }: { method: string; path: string }) =>
    method === "PUT" && path.includes("m.room.server_acl");
  story.homeserver.clearRequests();
  story.homeserver.failNext({ match: isAcl, status: 502, times: 6 });

  story.rule("evil.example", { kind: "server" });
  await story.pass(60_000);

  expect(story.rooms.map((room) => story.deny(room))).toEqual([["evil.example"], ["evil.example"]]);
  expect(story.homeserver.requests.filter(({ kind }) => kind.startsWith("GET state"))).toEqual([]);
});

test("what waits for a room that is no longer protected is not done any more, and the others are", async () => {
  await begin({ rooms: 2 });
  const [stays, goes] = story.rooms as [string, string];
  const person = story.person("person");
  story.homeserver.setRoomLoss(goes, "requests");
  story.rule(person);
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.isBanned(person, [stays]), "the other ban");

  await story.command(`!tyr rooms remove ${goes}`);
  story.homeserver.setRoomLoss(goes, undefined);
  await story.pass(120_000);

  expect(story.homeserver.membership(goes, person)).toBe("join");
  expect(story.deny(goes)).toEqual([]);
  expect(story.deny(stays)).toEqual(["evil.example"]);
  expect(story.tyr.bot()?.health.pending).toBe(0);
});
