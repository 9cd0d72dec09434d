// What a server administrator's Tyr does to accounts, files and rooms: only to its own server's, never to those it
// spares, and told, written down and taken back like everything else.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async ({ admin = true, ...options }: StoryOptions & { admin?: boolean } = {}) => {
  story = new Story(options);
  story.homeserver.setAdmin(story.bot.userId, admin);
  await story.start();
  await story.pass(1_000);
};
const standing = (user: string) => story.homeserver.standingOf(user);
const writes = (pattern: RegExp) =>
  story.homeserver.requests.filter(({ method, path }) => method !== "GET" && pattern.test(path)).length;

afterEach(() => story.stop());

describe.each([
  ["suspend", "unsuspend", "suspended"],
  ["lock", "unlock", "locked"],
] as const)("%s", (word, back, state) => {
  test("is done, undone by its number, and done again by the number of that", async () => {
    await begin();
    const person = story.person("loud", []);

    const done = await story.command(`!tyr ${word} ${person} rude in private`);
    expect(done).toMatch(new RegExp(`^✅ .*\n${state} ${person}\n`));
    expect(standing(person)).toBe(state);
    const undone = await story.command(`!tyr undo ${undoNumber(done)}`);
    expect(standing(person)).toBe("good");
    await story.command(`!tyr undo ${undoNumber(undone)}`);

    expect(standing(person)).toBe(state);
    expect(await story.command(`!tyr why ${person}`)).toContain(`said ${word} ${person} rude in private`);
  });

  test(`is ended by ${back}`, async () => {
    await begin();
    const person = story.person("loud", []);
    await story.command(`!tyr ${word} ${person}`);

    const answer = await story.command(`!tyr ${back} ${person}`);

    expect(answer).toMatch(/^✅/);
    expect(standing(person)).toBe("good");
  });

  test("that somebody else did before is told, and is nothing to take back", async () => {
    await begin();
    const person = story.person("loud", []);
    story.homeserver.setStanding(person, state);

    const answer = await story.command(`!tyr ${word} ${person}`);
    await story.command(`!tyr undo last`);

    expect(answer).toContain("it was so already");
    expect(answer).not.toContain("Take it back");
    expect(standing(person)).toBe(state);
  });

  test("whose command was overtaken by another is left as it is", async () => {
    await begin();
    const person = story.person("loud", []);
    const first = await story.command(`!tyr ${word} ${person}`);
    await story.command(`!tyr ${back} ${person}`);
    await story.command(`!tyr ${word} ${person}`);

    const undone = await story.command(`!tyr undo ${undoNumber(first)}`);

    expect(undone).toContain("somebody has changed it since");
    expect(standing(person)).toBe(state);
  });

  test("uses the standard's own way where the homeserver offers it, on any server", async () => {
    await begin({ admin: false, homeserver: { accountModeration: { suspend: true, lock: true } } });
    const person = story.person("loud", []);

    const answer = await story.command(`!tyr ${word} ${person}`);

    expect(answer).toMatch(/^✅/);
    expect(standing(person)).toBe(state);
    expect(writes(/_synapse/)).toBe(0);
  });

  test("whose answer got lost is ours all the same", async () => {
    await begin();
    const person = story.person("loud", []);
    story.homeserver.failNext({
      match: ({ method, path }) => method === "PUT" && /suspend|users/.test(path) && path.includes("admin/"),
      status: 0,
      afterEffect: true,
      times: 1,
    });

    const answer = await story.command(`!tyr ${word} ${person}`);

    expect(standing(person)).toBe(state);
    expect(answer).toContain("Take it back");
  });
});

describe("never touched", () => {
  const acts = ["suspend", "lock", "deactivate", "quarantine-media"];

  test.each(acts)("by %s: Tyr, moderators, exempt people, accounts of other servers", async (word) => {
    await begin();
    const exempt = story.person("friend", []);
    await story.command(`!tyr exempt add ${exempt}`);
    story.homeserver.clearRequests();

    const answers = [];
    for (const who of [story.bot.userId, story.moderator, exempt, "@who:other.example"])
      answers.push(await story.command(`!tyr ${word} ${who}`));

    expect(answers[0]).toContain("❌");
    expect(answers[0]).toContain("Not done: I do not act against myself.");
    expect(answers[1]).toContain("moderators are never touched");
    expect(answers[2]).toContain("is exempt");
    expect(answers[3]).toContain(
      word === "quarantine-media"
        ? "holds no files that @who:other.example sent"
        : "is an account of other.example; its server's admins can do that",
    );
    expect(writes(/admin/)).toBe(0);
  });

  test.each(acts)("by %s: other administrators of the homeserver", async (word) => {
    await begin();
    const { userId } = story.homeserver.createUser("root", { admin: true });

    const answer = await story.confirmed(`!tyr ${word} ${userId}`);

    expect(answer).toContain("is an administrator of the homeserver, and those are never touched");
    expect(standing(userId)).toBe("good");
  });

  test("are many at once, or people who are not there", async () => {
    await begin();

    expect(await story.command("!tyr suspend @*:hs.test")).toContain("one account at a time");
    expect(await story.command("!tyr lock @nobody:hs.test")).toContain(
      "failed: the homeserver has no account @nobody:hs.test",
    );
  });
});

describe("without the rights of an administrator", () => {
  test.each([
    "suspend @a:hs.test",
    "lock @a:hs.test",
    "deactivate @a:hs.test",
    "quarantine-media @a:hs.test",
    "unquarantine-media mxc://hs.test/file",
    "shutdown !a:hs.test",
    "make-admin !a:hs.test",
  ])("%s is refused with what to do about it, and nothing is asked of the server", async (command) => {
    await begin({ admin: false });

    const answer = await story.command(`!tyr ${command}`);

    expect(answer).toMatch(/^❌ .* needs an administrator of the homeserver/);
    expect(answer).toContain(`UPDATE users SET admin = 1 WHERE name = '${story.bot.userId}'`);
    expect(answer).toContain("Everything else works without");
    expect(writes(/admin/)).toBe(0);
  });

  test("whoever has been made one since is heard at the next word", async () => {
    await begin({ admin: false });
    const person = story.person("loud", []);
    await story.command(`!tyr suspend ${person}`);
    story.homeserver.setAdmin(story.bot.userId, true);

    const answer = await story.command(`!tyr suspend ${person}`);

    expect(answer).toMatch(/^✅/);
    expect(standing(person)).toBe("suspended");
  });

  test("what the homeserver refuses is told in its words, with where accounts may be kept instead", async () => {
    await begin();
    const person = story.person("loud", []);
    story.homeserver.failNext({
      match: ({ method, path }) => method === "PUT" && path.includes("/v2/users/"),
      status: 405,
      body: { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" },
      times: 1,
    });

    const answer = await story.command(`!tyr lock ${person}`);

    expect(answer).toContain("Unrecognized request. If the Matrix Authentication Service keeps the accounts");
    expect(answer).toContain("mas-cli manage lock-user loud");
  });
});

describe("a deactivation", () => {
  test("waits for a yes, says that it is for good, and cannot be undone", async () => {
    await begin();
    const person = story.person("gone");

    const event = story.homeserver.sendText(
      story.managementRoom,
      story.moderator,
      `!tyr deactivate ${person}`,
    );
    await story.until(() => story.answerTo(event) !== undefined, "the question");
    const question = story.answerTo(event)!;
    expect(standing(person)).toBe("good");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes");
    await story.until(() => standing(person) === "deactivated", "the deactivation");
    await story.pass(2_000);
    const undone = await story.command("!tyr undo last");

    expect(question).toContain("leaves every room");
    expect(question).toContain("nobody can take it back");
    expect(story.answerTo(event, 1)).toContain(`deactivated ${person}`);
    expect(story.answerTo(event, 1)).not.toContain("Take it back");
    expect(undone).toContain("1 deactivated account cannot be undone");
    expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("leave");
  });

  test("that gets a no is not done", async () => {
    await begin();
    const person = story.person("stays", []);
    const event = story.homeserver.sendText(
      story.managementRoom,
      story.moderator,
      `!tyr deactivate ${person}`,
    );
    await story.until(() => story.answerTo(event) !== undefined, "the question");

    await story.command("!tyr no");

    expect(standing(person)).toBe("good");
  });

  test("with --erase erases", async () => {
    await begin();
    const person = story.person("gone", []);

    await story.confirmed(`!tyr deactivate ${person} --erase asked for it`);

    expect(standing(person)).toBe("erased");
  });

  test("of a regular with power asks with that, too", async () => {
    await begin();
    const person = story.person("helper");
    const levels = story.homeserver.state(story.rooms[0]!, "m.room.power_levels")!.content;
    story.homeserver.setState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
      ...levels,
      users: { ...(levels["users"] as object), [person]: 30 },
    });
    await story.pass(1_000);
    const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr suspend ${person}`);
    await story.until(() => story.answerTo(event) !== undefined, "the question");

    expect(story.answerTo(event)).toContain("power level above the usual");
    expect(standing(person)).toBe("good");
  });
});

describe("quarantine of files", () => {
  const link = (room: string, event: string) => `https://matrix.to/#/${room}/${event}`;
  const post = (user: string, content: Record<string, unknown>) =>
    story.homeserver.send(story.rooms[0]!, user, "m.room.message", {
      msgtype: "m.image",
      body: "x",
      ...content,
    });

  test("takes one file, and gives it back", async () => {
    await begin();
    const file = story.homeserver.addMedia("mxc://hs.test/one", { user: story.person("poster") });

    const answer = await story.command(`!tyr quarantine-media ${file} gore`);
    expect(answer).toContain("quarantined 1 file");
    expect(story.homeserver.isQuarantined(file)).toBe(true);
    await story.command(`!tyr undo ${undoNumber(answer)}`);
    expect(story.homeserver.isQuarantined(file)).toBe(false);
    await story.command(`!tyr quarantine-media ${file}`);
    await story.command(`!tyr unquarantine-media ${file}`);

    expect(story.homeserver.isQuarantined(file)).toBe(false);
  });

  test("of a message takes all that clients show of it, and leaves what was posted by moderators", async () => {
    await begin();
    const person = story.person("poster");
    const [own, preview, theirs] = ["own", "preview", "theirs"].map((id) => `mxc://hs.test/${id}`);
    story.homeserver.addMedia(own!, { user: person });
    story.homeserver.addMedia(preview!, { user: person });
    story.homeserver.addMedia(theirs!, { user: story.moderator });
    const event = post(person, {
      url: own,
      info: { thumbnail_url: preview },
      formatted_body: `<img src="${theirs}">`,
    });

    const answer = await story.command(`!tyr quarantine-media ${link(story.rooms[0]!, event)} gore`);

    expect(answer).toContain("quarantined 2 files");
    expect(answer).toContain("moderators are never touched");
    expect([own, preview, theirs].map((file) => story.homeserver.isQuarantined(file!))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("of a message without files, or of a file that is not there, says so", async () => {
    await begin();
    const person = story.person("poster");
    const event = post(person, { msgtype: "m.text" });

    expect(await story.command(`!tyr quarantine-media ${link(story.rooms[0]!, event)}`)).toContain(
      "the message has no files",
    );
    expect(await story.command("!tyr quarantine-media mxc://hs.test/nothing")).toContain(
      "the homeserver has no file mxc://hs.test/nothing",
    );
  });

  test("of what an administrator keeps safe is told to have failed", async () => {
    await begin();
    const file = story.homeserver.addMedia("mxc://hs.test/safe", { user: story.person("p"), isSafe: true });

    expect(await story.command(`!tyr quarantine-media ${file}`)).toContain("safe from quarantine");
  });

  test("of everything somebody uploaded waits for a yes, and tells how many", async () => {
    await begin();
    const person = story.person("poster");
    const files = ["a", "b"].map((id) => story.homeserver.addMedia(`mxc://hs.test/${id}`, { user: person }));
    const other = story.homeserver.addMedia("mxc://hs.test/other", { user: story.person("other") });

    const answer = await story.confirmed(`!tyr quarantine-media ${person} gore`);

    expect(answer).toContain("2 files");
    expect(files.every((file) => story.homeserver.isQuarantined(file))).toBe(true);
    expect(story.homeserver.isQuarantined(other)).toBe(false);
  });

  test("of a room waits for a yes; the management room's are left", async () => {
    await begin();
    const person = story.person("poster");
    const file = story.homeserver.addMedia("mxc://hs.test/a", { user: person });
    post(person, { url: file });

    const answer = await story.confirmed(`!tyr quarantine-media ${story.rooms[0]!} gore`);
    const refused = await story.command(`!tyr quarantine-media ${story.managementRoom}`);

    expect(answer).toContain("1 file");
    expect(story.homeserver.isQuarantined(file)).toBe(true);
    expect(refused).toContain("that is the management room");
  });
});

describe("a shutdown", () => {
  const spamRoom = () =>
    story.homeserver.createRoom({
      creator: story.homeserver.createUser("spammer").userId,
      name: "Spam",
      joinRule: "public",
    });

  test.each([
    ["", true],
    ["--purge", false],
  ])("%s waits for a yes, then empties and blocks the room", async (flag, isKept) => {
    await begin();
    const room = spamRoom();

    const answer = await story.confirmed(`!tyr shutdown ${room} spam ${flag}`);

    expect(answer).toContain("shut down 1 room");
    expect(answer).toContain("1 person removed");
    expect(story.homeserver.isBlocked(room)).toBe(true);
    expect(story.homeserver.hasRoom(room)).toBe(isKept);
  });

  test("of a large room tells in one message how far it has come", async () => {
    await begin({ homeserver: { writeLatencyMs: 1_000 } });
    const room = spamRoom();
    for (let i = 0; i < 30; i++) story.homeserver.join(room, story.homeserver.createUser(`p${i}`).userId);

    const answer = await story.confirmed(`!tyr shutdown ${room}`);

    expect(answer).toContain("31 people removed");
    expect(story.said().some((text) => /so far: \d+ people removed/.test(text))).toBe(true);
  });

  test("of rooms that are ours is refused, under whatever name", async () => {
    await begin();
    const space = story.room("Space", { creationContent: { type: "m.space" } });
    await story.pass(1_000);
    await story.command(`!tyr rooms add ${space}`);
    story.homeserver.setAlias("#same:hs.test", story.rooms[0]);
    story.homeserver.clearRequests();

    expect(await story.command(`!tyr shutdown ${story.rooms[0]!}`)).toContain("is a protected room");
    expect(await story.command("!tyr shutdown #same:hs.test")).toContain("is a protected room");
    expect(await story.command(`!tyr shutdown ${story.list}`)).toContain("is a list that I watch");
    expect(await story.command(`!tyr shutdown ${story.managementRoom}`)).toContain("is the management room");
    expect(await story.command(`!tyr shutdown ${space}`)).toContain("is a space that I follow");
    expect(writes(/v2\/rooms/)).toBe(0);
  });

  test("that somebody else has begun is followed to its end", async () => {
    await begin({ homeserver: { writeLatencyMs: 500 } });
    const room = spamRoom();
    for (let i = 0; i < 10; i++) story.homeserver.join(room, story.homeserver.createUser(`p${i}`).userId);
    const root = story.homeserver.createUser("root", { admin: true });
    void story.homeserver.handle({
      method: "DELETE",
      path: `/_synapse/admin/v2/rooms/${encodeURIComponent(room)}`,
      query: {},
      headers: { authorization: `Bearer ${root.accessToken}` },
      body: { block: true, purge: false },
    });

    const answer = await story.confirmed(`!tyr shutdown ${room}`);

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("11 people removed");
  });
});

describe("make-admin", () => {
  const abandoned = () => {
    const { userId } = story.homeserver.createUser("founder");
    return story.homeserver.createRoom({
      creator: userId,
      name: "Abandoned",
      powerLevels: { users: { [userId]: 100 } },
    });
  };
  const levelOf = (room: string, who: string) =>
    (story.homeserver.state(room, "m.room.power_levels")!.content["users"] as Record<string, number>)[who];

  test("is off unless the config allows it", async () => {
    await begin();
    const room = abandoned();

    const answer = await story.command(`!tyr make-admin ${room}`);

    expect(answer).toContain("admin.makeRoomAdmin: true");
    expect(levelOf(room, story.bot.userId)).toBeUndefined();
  });

  test("gives the highest level that the homeserver's accounts have there", async () => {
    await begin({ settings: { admin: { makeRoomAdmin: true } } });
    const room = abandoned();

    await story.command(`!tyr make-admin ${room}`);
    await story.command(`!tyr make-admin ${room} ${story.moderator}`);

    expect([story.bot.userId, story.moderator].map((who) => levelOf(room, who))).toEqual([100, 100]);
  });
});
