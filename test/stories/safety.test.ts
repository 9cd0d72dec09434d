// What must not happen: acts before we know whom to spare, acts that outlive their cause, orders from strangers.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

test("a ban by command stands even where its rule is written last", async () => {
  await begin({ rooms: 6 });
  story.homeserver.setRoomLatency(story.list, 15_000);
  const person = story.person("person");

  await story.command(`!tyr ban ${person}`);
  await story.pass(60_000);

  expect(story.isBanned(person)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(6);
});

test("and is lifted when its rule goes", async () => {
  await begin({ rooms: 3 });
  const person = story.person("person");
  await story.command(`!tyr ban ${person}`);
  const [rule] = story.homeserver.stateOfType(story.list, "m.policy.rule.user");

  story.homeserver.redact(story.list, story.moderator, rule!.event_id);

  await story.until(() => story.homeserver.membership(story.rooms[2]!, person) === "leave", "the lift");
});

test("nobody is touched before the moderators are known", async () => {
  story = new Story();
  const second = story.person("second");
  story.homeserver.invite(story.managementRoom, story.moderator, second);
  story.homeserver.join(story.managementRoom, second);
  const spammer = story.person("spammer");
  story.rule("@s*:*");
  story.homeserver.setRoomLatency(story.managementRoom, 10_000);

  await story.start();
  await story.until(() => story.isBanned(spammer), "the ban of who is no moderator");

  expect(story.homeserver.membership(story.rooms[0]!, second)).toBe("join");
});

test("moderators stay spared while Tyr is out of the management room", async () => {
  await begin();
  const second = story.person("second");
  story.homeserver.invite(story.managementRoom, story.moderator, second);
  story.homeserver.join(story.managementRoom, second);
  await story.pass(1_000);
  story.homeserver.forceState(story.managementRoom, story.moderator, "m.room.member", story.bot.userId, {
    membership: "leave",
  });
  await story.pass(1_000);

  story.rule(second);
  const marker = story.person("marker");
  story.rule(marker);
  await story.until(() => story.isBanned(marker), "the next rule");

  expect(story.homeserver.membership(story.rooms[0]!, second)).toBe("join");
});

test("a rule that goes while its bans wait stops them", async () => {
  await begin({ rooms: 15 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 5, exempt: [story.moderator] });
  const event = story.rule(person);
  await story.until(
    () => story.rooms.some((room) => story.homeserver.membership(room, person) === "ban"),
    "the first ban",
  );

  story.homeserver.redact(story.list, story.moderator, event);
  await story.pass(600_000);

  const bans = story.written("m.room.member").filter((one) => one.content["membership"] === "ban");
  expect(bans.length).toBeLessThan(10);
  expect(story.rooms.some((room) => story.homeserver.membership(room, person) === "ban")).toBe(false);
});

test("killed in mid-command, the work is finished after the restart and the answer completed, once", async () => {
  await begin({ rooms: 8, dataPath: aFolder(), homeserver: { writeLatencyMs: 2_000 } });
  const person = story.person("person");
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.until(
    () => story.rooms.some((room) => story.homeserver.membership(room, person) === "ban"),
    "the first ban",
  );
  await story.stop();

  await story.start();
  await story.until(() => story.isBanned(person), "all bans");
  await story.until(
    () => story.homeserver.events(story.managementRoom).some((event) => event.type === "m.reaction"),
    "the mark",
  );
  await story.pass();

  expect(story.written("m.room.member")).toHaveLength(8);
  expect(story.said().some((text) => text.includes(`banned ${person} in 8 rooms`))).toBe(true);
});

test("after a crash the bans made for a rule still go with it", async () => {
  await begin({ rooms: 6, dataPath: aFolder(), homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  const event = story.rule(person);
  await story.until(
    () => story.rooms.some((room) => story.homeserver.membership(room, person) === "ban"),
    "the first ban",
  );
  await story.stop();
  await story.start();
  await story.until(() => story.isBanned(person), "all bans");

  story.homeserver.redact(story.list, story.moderator, event);

  await story.until(
    () => story.rooms.every((room) => story.homeserver.membership(room, person) === "leave"),
    "all lifts",
  );
});

test("a ban lost to a state reset is put back by sync", async () => {
  await begin();
  const person = story.person("person");
  const joined = story.homeserver.state(story.rooms[0]!, "m.room.member", person)!.event_id;
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
  story.homeserver.resetState(story.rooms[0]!, "m.room.member", person, joined);
  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("join");

  await story.command("!tyr sync");

  await story.until(() => story.isBanned(person), "the ban put back");
});

test("a rule that comes while the list is being read is not lost", async () => {
  await begin();
  const person = story.person("person", []);
  story.homeserver.setRoomLatency(story.list, 5_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr sync");
  await story.pass(1_000);
  story.rule(person);
  await story.pass();

  story.homeserver.join(story.rooms[0]!, person);

  await story.until(() => story.homeserver.membership(story.rooms[0]!, person) === "ban", "the ban");
});

test("a ban that fails for a passing reason is tried again", async () => {
  await begin({ rooms: 1 });
  const person = story.person("person");
  story.homeserver.failNext({
    match: (request) => request.method === "PUT" && request.path.includes("m.room.member"),
    status: 400,
    body: { errcode: "M_UNKNOWN", error: "try later" },
  });

  story.rule(person);
  await story.pass(10 * 60_000);

  expect(story.isBanned(person)).toBe(true);
});

test("nobody is obeyed once the management room is open to everybody", async () => {
  await begin();
  const person = story.person("person");
  const stranger = story.homeserver.createUser("stranger").userId;
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.join_rules", "", {
    join_rule: "public",
  });
  story.homeserver.join(story.managementRoom, stranger);

  story.homeserver.sendText(story.managementRoom, stranger, `!tyr ban ${person}`);
  await story.pass();

  expect(story.isBanned(person)).toBe(false);
  expect(story.said().at(-1)).toContain("I obey nobody");
});

test("a name that looks like a command does not hide a person behind their pill", async () => {
  await begin();
  const person = story.person("person");
  const html = `!tyr ban <a href="https://matrix.to/#/${person}">ban</a> rude`;
  story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", {
    msgtype: "m.text",
    body: "!tyr ban ban rude",
    format: "org.matrix.custom.html",
    formatted_body: html,
  });

  await story.until(() => story.isBanned(person), "the bans");
});

test("an invitation by a stranger is not followed", async () => {
  await begin();
  const attacker = story.homeserver.createUser("attacker").userId;
  const trap = story.homeserver.createRoom({ creator: attacker, name: "Trap", joinRule: "invite" });
  story.homeserver.invite(trap, attacker, story.bot.userId);

  await story.pass();

  expect(story.homeserver.membership(trap, story.bot.userId)).toBe("invite");
});

test("dates beyond all calendars break no answer", async () => {
  await begin();
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "far", {
    entity: "@far:x.test",
    recommendation: "m.ban",
    expiry: 9e15,
  });
  await story.pass(1_000);

  expect(await story.command("!tyr rules matching @far:x.test")).toMatch(/^✅/);
  expect(await story.command("!tyr rules show")).toMatch(/^✅/);
});

test("a hashed server rule denies the server once somebody from it is known", async () => {
  await begin();
  const { sha256Base64 } = await import("../../src/kit/hash.ts");
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.server", "h", {
    hashes: { sha256: sha256Base64("evil.example") },
    recommendation: "m.ban",
  });
  await story.pass(10_000);

  story.homeserver.join(story.rooms[0]!, "@first:evil.example");

  await story.until(() => story.deny(story.rooms[1]!).includes("evil.example"), "the ACL");
});

test("an upgraded room's successor is protected, if it names the room it continues", async () => {
  await begin();
  const [old] = story.rooms as [string];
  const next = story.room("Next", { creationContent: { predecessor: { room_id: old } } });
  const trap = story.room("Trap");
  story.homeserver.setState(old, story.moderator, "m.room.tombstone", "", {
    body: "moved",
    replacement_room: next,
  });
  story.homeserver.setState(story.rooms[1]!, story.moderator, "m.room.tombstone", "", {
    body: "moved",
    replacement_room: trap,
  });

  await story.until(() => story.tyr.world()!.isProtected(next as never), "the successor's protection");
  await story.pass();

  expect(story.tyr.world()!.isProtected(trap as never)).toBe(false);
});

test("a room taken out by command comes back neither with its space nor at the next start", async () => {
  await begin({ dataPath: aFolder() });
  await story.command(`!tyr rooms remove ${story.rooms[0]!}`);
  await story.stop();

  await story.start();

  expect(story.tyr.world()!.isProtected(story.rooms[0] as never)).toBe(false);
  expect(story.tyr.world()!.isProtected(story.rooms[1] as never)).toBe(true);
});

test("a space that Tyr first has to join is followed once it is seen", async () => {
  await begin();
  const space = story.homeserver.createRoom({
    creator: story.moderator,
    name: "Space",
    joinRule: "public",
    creationContent: { type: "m.space" },
  });
  const child = story.room("Child");
  story.homeserver.setState(space, story.moderator, "m.space.child", child, { via: ["hs.test"] });

  await story.command(`!tyr rooms add ${space}`);

  await story.until(() => story.tyr.world()!.isProtected(child as never), "the child's protection");
});

test("an alias that leads nowhere holds no other command up", async () => {
  await begin();
  const person = story.person("person");
  story.homeserver.failNext({
    match: (request) => request.path.includes("directory"),
    status: 502,
    body: "gateway",
    times: 50,
  });
  const begun = story.clock.now();
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr rooms add #dead:elsewhere.test");

  await story.command(`!tyr ban ${person}`);

  expect(story.clock.now() - begun).toBeLessThan(10_000);
});

test("a password login gets a new token when the kept one is revoked", async () => {
  story = new Story({ dataPath: aFolder() });
  const { userId, accessToken } = story.homeserver.createUser("pass", { password: "secret" });
  story.homeserver.invite(story.managementRoom, story.moderator, userId);
  story.settings = {
    homeserver: { url: "http://hs.test", user: userId, password: "secret" },
    protectedRooms: [],
    watchedLists: [],
  };
  const watches = () =>
    story.homeserver.texts(story.managementRoom, userId).filter((text) => text.startsWith("Tyr is watching"));
  story.launch();
  await story.until(() => watches().length === 1, "the first message");

  await story.pass(120_000);
  story.homeserver.revokeToken(accessToken);
  for (const token of story.homeserver.tokensOf(userId)) story.homeserver.revokeToken(token);

  // Something happens, so that the open long poll ends and the next one is refused.
  story.homeserver.sendText(story.managementRoom, story.moderator, "hello");

  await story.until(() => watches().length === 2, "the first message after the new login");
});

test("a command's bans that wait stop when its rule is taken back by somebody else", async () => {
  await begin({ rooms: 12 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 5, exempt: [story.moderator] });
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.until(
    () => story.rooms.some((room) => story.homeserver.membership(room, person) === "ban"),
    "the first ban",
  );
  const [rule] = story.homeserver.stateOfType(story.list, "m.policy.rule.user");
  story.homeserver.redact(story.list, story.moderator, rule!.event_id);

  await story.pass(600_000);

  expect(story.rooms.some((room) => story.homeserver.membership(room, person) === "ban")).toBe(false);
});

test("an unban reaches the ban that is still waiting", async () => {
  await begin({ rooms: 6 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 1, exempt: [story.moderator] });
  story.person("filler");
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.pass(300);
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr unban ${person}`);

  await story.pass(900_000);

  expect(story.rooms.some((room) => story.homeserver.membership(room, person) === "ban")).toBe(false);
});

test("a room that Tyr was thrown out of in mid-ban is cleaned on its return", async () => {
  await begin({ rooms: 2 });
  const person = story.person("person");
  const [room] = story.rooms as [string];
  story.homeserver.failNext({
    match: (request) =>
      request.method === "PUT" &&
      request.path.includes("m.room.member") &&
      request.path.includes(encodeURIComponent(room)),
    status: 403,
    body: { errcode: "M_FORBIDDEN", error: "not in room" },
  });
  story.rule(person);
  await story.pass();
  story.homeserver.forceState(room, story.moderator, "m.room.member", story.bot.userId, {
    membership: "leave",
  });
  await story.pass(1_000);

  story.homeserver.invite(room, story.moderator, story.bot.userId);

  await story.until(() => story.isBanned(person), "the bans");
});

test("an exemption is in force at once, whatever waits", async () => {
  await begin({ rooms: 6 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.05, burst: 1, exempt: [story.moderator] });
  story.rule(person);
  await story.pass(2_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr exempt add ${person}`);

  await story.pass(900_000);

  const bans = story.written("m.room.member").filter((event) => event.content["membership"] === "ban");
  expect(bans.length).toBeLessThan(3);
});

test("a lift that waits leaves somebody alone who was unbanned by hand and is back", async () => {
  await begin({ rooms: 4 });
  const person = story.person("person");
  const rule = story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
  story.homeserver.limitWrites({ perSecond: 0.05, burst: 1, exempt: [story.moderator, person] });
  story.homeserver.redact(story.list, story.moderator, rule);
  await story.pass(2_000);

  for (const room of story.rooms) {
    if (story.homeserver.membership(room, person) === "ban")
      story.homeserver.unban(room, story.moderator, person);
    story.homeserver.join(room, person);
  }
  await story.pass(900_000);

  const memberships = story.rooms.map((room) => story.homeserver.membership(room, person));
  expect(memberships).toEqual(["join", "join", "join", "join"]);
});

test("a kick that waits lifts no ban that a person has made meanwhile", async () => {
  await begin({ rooms: 4 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.05, burst: 1, exempt: [story.moderator] });
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr kick ${person}`);
  await story.pass(2_000);

  for (const room of story.rooms) story.homeserver.ban(room, story.moderator, person);
  await story.pass(900_000);

  expect(story.isBanned(person)).toBe(true);
});
