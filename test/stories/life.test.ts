// Starting, stopping, losing sight and coming back.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

test("a restart asks nothing about single rooms and knows what came meanwhile", async () => {
  await begin({ rooms: 4, dataPath: aFolder() });
  const before = story.person("before");
  story.rule(before);
  await story.until(() => story.isBanned(before), "the bans");
  await story.stop();
  const meanwhile = story.person("meanwhile");
  story.rule(meanwhile);
  story.homeserver.clearRequests();

  await story.start();
  await story.until(() => story.isBanned(meanwhile), "the bans after the restart");

  const reads = story.homeserver.requests
    .filter((request) => request.method === "GET")
    .map((request) => request.kind);
  expect(
    reads
      .filter((kind) => kind !== "GET sync")
      .every((kind) =>
        ["whoami", "admin", "software", "capabilities", "profile"].some((name) => kind.includes(name)),
      ),
  ).toBe(true);
});

test("what was decided and not done before a crash is done after it, once", async () => {
  await begin({ rooms: 6, dataPath: aFolder(), homeserver: { writeLatencyMs: 1_000 } });
  const person = story.person("person");
  story.rule(person);
  await story.until(
    () => story.rooms.some((room) => story.homeserver.membership(room, person) === "ban"),
    "the first ban",
  );
  await story.stop();

  await story.start();
  await story.until(() => story.isBanned(person), "all bans");
  await story.pass();

  expect(story.written("m.room.member")).toHaveLength(6);
});

test("a gap is filled: rules, redactions and joins in it are all seen", async () => {
  await begin({ rooms: 3, dataPath: aFolder() });
  const [first, middle, last] = ["first", "middle", "last"].map((name) => story.person(name)) as [
    string,
    string,
    string,
  ];
  const gone = story.person("gone");
  const rule = story.rule(gone);
  await story.until(() => story.isBanned(gone), "the bans");
  await story.stop();
  story.homeserver.redact(story.list, story.moderator, rule);
  story.rule(first);
  story.homeserver.addRules(story.list, story.moderator, 5_000, (i) => ({
    type: "m.policy.rule.user",
    stateKey: `a${i}`,
    content: { entity: `@n${i}:x.test`, recommendation: "m.ban" },
  }));
  story.rule(middle);
  story.homeserver.addRules(story.list, story.moderator, 5_000, (i) => ({
    type: "m.policy.rule.user",
    stateKey: `b${i}`,
    content: { entity: `@m${i}:x.test`, recommendation: "m.ban" },
  }));
  story.rule(last);

  await story.start();
  await story.until(() => [first, middle, last].every((user) => story.isBanned(user)), "all bans");
  await story.until(
    () => story.homeserver.membership(story.rooms[0]!, gone) === "leave",
    "the lift for the redacted rule",
  );

  expect(story.tyr.world()!.watchedLists()[0]!.size).toBe(10_003);
});

test("a homeserver that is down at the start is waited for, and said", async () => {
  story = new Story();
  story.homeserver.goDown();
  story.launch();
  await story.pass(30_000);
  expect(story.log.filter((line) => line.message.includes("waiting for it"))).toHaveLength(1);

  story.homeserver.comeUp();
  await story.until(
    () => story.said().some((text) => text.startsWith("Tyr is watching")),
    "the first message",
  );
});

test("a revoked token ends the run with a kind of its own", async () => {
  await begin();

  story.homeserver.revokeToken(story.bot.accessToken);

  expect(await story.ended()).toMatchObject({ kind: "token-revoked" });
});

test("an unreadable room is named and the others are protected; it comes back when invited", async () => {
  story = new Story();
  const closed = story.homeserver.createRoom({
    creator: story.moderator,
    name: "Closed",
    joinRule: "invite",
    powerLevels: { users: { [story.moderator]: 100, [story.bot.userId]: 100 } },
  });
  story.settings = { protectedRooms: [...story.rooms, closed, "#nowhere:hs.test"] };
  const person = story.person("person");
  await story.start();

  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans in the other rooms");
  const status = await story.command("!tyr status");
  expect(status).toContain(closed);
  expect(story.said()[0]).toContain("#nowhere:hs.test");

  story.homeserver.invite(closed, story.moderator, story.bot.userId);
  await story.until(() => story.homeserver.membership(closed, story.bot.userId) === "join", "the return");
  const late = story.homeserver.createUser("late").userId;
  story.homeserver.invite(closed, story.moderator, late);
  story.rule(late);
  await story.until(() => story.homeserver.membership(closed, late) === "ban", "the ban there");
});

test("a room and a list that were closed at the start are joined unasked once they are open", async () => {
  story = new Story();
  const closed = (name: string) =>
    story.homeserver.createRoom({
      creator: story.moderator,
      name,
      joinRule: "invite",
      powerLevels: { users: { [story.bot.userId]: 100, [story.moderator]: 100 } },
    });
  const [room, list] = [closed("Closed room"), closed("Closed list")];
  story.settings = { protectedRooms: [...story.rooms, room], watchedLists: [story.list, list] };
  const person = story.person("person");
  story.homeserver.invite(room, story.moderator, person);
  story.rule(person, { list });
  await story.start();
  await story.pass(60_000);
  expect(await story.command("!tyr status")).toContain("2 things to look at");

  for (const id of [room, list])
    story.homeserver.setState(id, story.moderator, "m.room.join_rules", "", { join_rule: "public" });
  await story.until(() => story.isBanned(person, [...story.rooms, room]), "the bans", 6 * 60_000);

  expect(await story.command("!tyr status")).not.toContain("to look at");
});

test("removed from a room, Tyr says so and comes back when invited", async () => {
  await begin();
  const [room] = story.rooms as [string];
  story.homeserver.forceState(room, story.moderator, "m.room.member", story.bot.userId, {
    membership: "leave",
    reason: "testing",
  });
  await story.pass();
  expect(await story.command("!tyr status")).toContain("we were removed by");

  story.homeserver.invite(room, story.moderator, story.bot.userId);
  await story.until(() => story.homeserver.membership(room, story.bot.userId) === "join", "the return");
  const person = story.person("person");
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
});

test("power that comes back is used at once", async () => {
  story = new Story();
  const weak = story.room("Weak", { botLevel: 0 });
  story.settings = { protectedRooms: [weak] };
  const person = story.person("person", [weak]);
  story.rule(person);
  await story.start();
  await story.pass();
  expect(story.homeserver.membership(weak, person)).toBe("join");

  story.homeserver.setState(weak, story.moderator, "m.room.power_levels", "", {
    users: { [story.moderator]: 100, [story.bot.userId]: 100 },
  });

  await story.until(() => story.homeserver.membership(weak, person) === "ban", "the ban");
});

test("with the server's rate limits everything is done, bans before words", async () => {
  await begin({ rooms: 15 });
  const person = story.person("person");
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 10, exempt: [story.moderator] });

  story.rule(person);
  await story.until(() => story.isBanned(person), "all bans", 600_000);
  await story.until(
    () => story.said().some((text) => text.includes("banned @person:hs.test in 15 rooms")),
    "the report",
    600_000,
  );
  const limited = story.homeserver.requests.filter((request) => request.status === 429).length;

  expect(limited).toBeLessThan(25);
});

test("one slow room does not hold up the others", async () => {
  await begin({ rooms: 10 });
  const person = story.person("person");
  story.homeserver.setRoomLatency(story.rooms[0]!, 20_000);
  const others = story.rooms.slice(1);
  const begun = story.clock.now();

  story.rule(person);
  await story.until(() => story.isBanned(person, others), "the bans in the others");

  expect(story.clock.now() - begun).toBeLessThan(400);
});

test("a management room that has become public is one where nobody can answer either", async () => {
  story = new Story({ rooms: 1 });
  await story.start();
  const person = story.person("wave-1");
  await story.pass();
  const command = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @wave-*:*");
  await story.until(() => story.answerTo(command) !== undefined, "the question");
  const question = story.homeserver
    .events(story.managementRoom)
    .find((one) => String(one.content["body"]).startsWith("Question 1"))!;

  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.join_rules", "", {
    join_rule: "public",
  });
  const { userId: stranger } = story.homeserver.createUser("stranger");
  story.homeserver.join(story.managementRoom, stranger);
  story.homeserver.sendText(story.managementRoom, stranger, "yes");
  story.homeserver.send(story.managementRoom, stranger, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: question.event_id, key: "✅" },
  });
  await story.pass();

  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("join");
});

test("a public management room is refused with the reason", async () => {
  story = new Story();
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.join_rules", "", {
    join_rule: "public",
  });
  await story.start();

  expect(await story.ended()).toMatchObject({
    kind: "cannot-start",
    message: expect.stringContaining("can be joined by anybody"),
  });
});

describe.each(["11", "12"] as const)("a management room of version %s that Tyr makes", (version) => {
  const make = async (options: StoryOptions = {}) => {
    story = new Story({ version, ...options });
    story.settings = { managementRoom: undefined, initialManager: story.moderator };
    story.launch();
    await story.until(() => story.tyr.world()?.settings.managementRoom !== undefined, "the room");
    const room = story.tyr.world()!.settings.managementRoom!;
    const content = (type: string) => story.homeserver.state(room, type)?.content;
    return { room, content };
  };

  test("is private, has no guests, and is its manager's as much as Tyr's", async () => {
    const { room, content } = await make();

    expect(story.homeserver.membership(room, story.moderator)).toBe("invite");
    expect(content("m.room.join_rules")).toEqual({ join_rule: "invite" });
    expect(content("m.room.guest_access")).toEqual({ guest_access: "forbidden" });
    expect(content("m.room.history_visibility")).toEqual({ history_visibility: "shared" });
    const creators = content("m.room.create")!["additional_creators"];
    const levels = content("m.room.power_levels")!["users"];
    const both = { [story.bot.userId]: 100, [story.moderator]: 100 };
    expect([creators, levels]).toEqual(version === "12" ? [[story.moderator], {}] : [undefined, both]);
  });

  test("is not encrypted where the homeserver encrypts private rooms by default", async () => {
    const { content } = await make({ homeserver: { encryptsRooms: "invite" } });

    expect(content("m.room.encryption")).toBeUndefined();
  });

  test("has the commands described from the start, and no state event afterwards", async () => {
    const { room } = await make();
    await story.pass();
    story.homeserver.clearRequests();

    await story.pass(30 * 60_000);

    const described = story.homeserver.stateOfType(room, "org.matrix.msc4391.command_description");
    expect(described.length).toBeGreaterThan(40);
    expect(story.homeserver.requests.filter(({ path }) => path.includes("command_description"))).toEqual([]);
  });
});

test("commands said while Tyr was away are counted in its first message, and not run", async () => {
  await begin({ dataPath: aFolder() });
  await story.stop();
  await story.pass(5_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @a:b.c");
  await story.pass(5_000);

  await story.start();

  await story.until(
    () => story.said().some((text) => text.includes("I did not run 1 command")),
    "the word about it",
  );
  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user")).toEqual([]);
});
