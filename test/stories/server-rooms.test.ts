// Rooms and files beyond ours, by the homeserver's administrator: looked at, deleted, told of, kept back.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async ({ admin = true, ...options }: StoryOptions & { admin?: boolean } = {}) => {
  story = new Story(options);
  story.homeserver.setAdmin(story.bot.userId, admin);
  await story.start();
  await story.pass(1_000);
};
const spamRoom = () => {
  const { userId } = story.homeserver.createUser("spammer");
  return story.homeserver.createRoom({ creator: userId, name: "Spam & <b>scams</b>", joinRule: "public" });
};

afterEach(() => story.stop());

describe("rooms info", () => {
  test("shows a room that Tyr is not in, as text", async () => {
    await begin();
    const room = spamRoom();
    story.homeserver.setAlias("#spam:hs.test", room);

    const answer = await story.command("!tyr rooms info #spam:hs.test");

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain(`${room}, called`);
    expect(answer).toContain("Spam & <b>scams</b>");
    expect(answer).toContain("1 member in all, 1 of my homeserver");
    expect(answer).toContain("Made by @spammer:hs.test");
    expect(answer).toContain("Anybody can join");
    expect(answer).toContain("not encrypted");
    expect(answer).not.toContain("Blocked");
  });

  test("tells what the room is to us, and who blocked it", async () => {
    await begin();
    const doomed = spamRoom();
    await story.confirmed(`!tyr shutdown ${doomed}`);

    expect(await story.command(`!tyr rooms info ${story.rooms[0]!}`)).toContain("It is a protected room");
    expect(await story.command(`!tyr rooms info ${doomed}`)).toContain(
      `Blocked: nobody of my homeserver can join, by ${story.bot.userId}`,
    );
  });

  test("of a room that nobody here knows, from a homeserver that is silent, or without rights says so", async () => {
    await begin();
    expect(await story.command("!tyr rooms info !nothing:elsewhere.example")).toContain(
      "my homeserver knows no room !nothing:elsewhere.example",
    );
    story.homeserver.failNext({
      match: ({ path }) => path.includes("/admin/v1/rooms/"),
      status: 500,
      times: 5,
    });
    expect(await story.command(`!tyr rooms info ${story.rooms[0]!}`)).toContain("say it again later");
    await story.stop();

    await begin({ admin: false });
    expect(await story.command(`!tyr rooms info ${story.rooms[0]!}`)).toContain(
      "needs an administrator of the homeserver",
    );
  });
});

describe("rooms purge", () => {
  test("waits for a yes, deletes the room and blocks nothing", async () => {
    await begin();
    const room = spamRoom();

    const answer = await story.confirmed(`!tyr rooms purge ${room} old`);

    expect(answer).toContain("1 person removed");
    expect(story.homeserver.hasRoom(room)).toBe(false);
    expect(story.homeserver.isBlocked(room)).toBe(false);
    expect(await story.command("!tyr undo last")).toContain("cannot be undone");
  });

  test("that gets a no, and of rooms that are ours, is not done", async () => {
    await begin();
    const room = spamRoom();
    const event = story.homeserver.sendText(
      story.managementRoom,
      story.moderator,
      `!tyr rooms purge ${room}`,
    );
    await story.until(() => story.answerTo(event) !== undefined, "the question");
    expect(story.answerTo(event)).toContain("what is deleted does not come back");
    await story.command("!tyr no");

    expect(story.homeserver.hasRoom(room)).toBe(true);
    for (const ours of [story.rooms[0]!, story.list, story.managementRoom])
      expect(await story.command(`!tyr rooms purge ${ours}`)).toMatch(/❌[\s\S]*is (a|the) /);
    expect(story.homeserver.hasRoom(story.rooms[0]!)).toBe(true);
  });
});

describe("rooms block", () => {
  test("keeps people out, and lets them in again by its number or by unblock", async () => {
    await begin();
    const room = spamRoom();

    const answer = await story.command(`!tyr rooms block ${room} spam`);
    expect(answer).toContain("blocked 1 room");
    expect(story.homeserver.isBlocked(room)).toBe(true);
    expect(story.homeserver.membership(room, "@spammer:hs.test")).toBe("join");
    await story.command("!tyr undo last");
    expect(story.homeserver.isBlocked(room)).toBe(false);
    await story.command(`!tyr rooms block ${room}`);
    await story.command(`!tyr rooms unblock ${room}`);

    expect(story.homeserver.isBlocked(room)).toBe(false);
    expect(await story.command(`!tyr rooms unblock ${room}`)).toContain("it was so already");
  });

  test("of rooms that are ours is refused, and a room that nobody here knows can be blocked", async () => {
    await begin();

    for (const ours of [story.rooms[0]!, story.list, story.managementRoom])
      expect(await story.command(`!tyr rooms block ${ours}`)).toMatch(/❌[\s\S]*is (a|the) /);
    await story.command("!tyr rooms block !far:elsewhere.example");

    expect(story.homeserver.isBlocked("!far:elsewhere.example")).toBe(true);
    expect(story.homeserver.isBlocked(story.rooms[0]!)).toBe(false);
  });
});

describe("a shutdown with --notify", () => {
  test("tells those who are removed why, in a room of its own", async () => {
    await begin();
    const room = spamRoom();

    const answer = await story.confirmed(`!tyr shutdown ${room} --notify This room was full of scams.`);

    const [, told] = /told why in (![^\s,]+)/.exec(answer) ?? [];
    expect(told).toBeDefined();
    expect(story.homeserver.membership(told!, "@spammer:hs.test")).toBe("join");
    expect(story.homeserver.events(told!).map(({ content }) => content["body"])).toContain(
      "This room was full of scams.",
    );
  });

  test("needs something to tell, and without it nobody is told anything", async () => {
    await begin();
    const room = spamRoom();

    expect(await story.command(`!tyr shutdown ${room} --notify`)).toContain("needs a reason");
    const answer = await story.confirmed(`!tyr shutdown ${room} spam`);

    expect(answer).not.toContain("told why");
  });
});

describe("files of other servers", () => {
  const post = (user: string, url: string) =>
    story.homeserver.send(story.rooms[0]!, user, "m.room.message", { msgtype: "m.image", body: "x", url });
  const stranger = (name: string, server = "evil.example") => {
    const user = `@${name}:${server}`;
    story.homeserver.join(story.rooms[0]!, user);
    return user;
  };
  const file = (id: string) => story.homeserver.addMedia(`mxc://evil.example/${id}`, {});
  const kept = (files: readonly string[]) => files.map((one) => story.homeserver.isQuarantined(one));

  test("that one person sent are kept back, and handed out again by one undo", async () => {
    await begin();
    const [spammer, other] = [stranger("spammer"), stranger("other")];
    const files = [file("a"), file("b"), file("c")];
    post(spammer, files[0]!);
    post(spammer, files[1]!);
    post(other, files[2]!);
    await story.pass(1_000);

    const answer = await story.command(`!tyr quarantine-media ${spammer} gore`);
    expect(answer).toContain("quarantined 2 files");
    expect(kept(files)).toEqual([true, true, false]);
    await story.command("!tyr undo last");

    expect(kept(files)).toEqual([false, false, false]);
  });

  test("that a server's people sent wait for a yes; those of moderators and of others stay", async () => {
    await begin();
    const [spammer, other, friend] = [stranger("a"), stranger("b"), stranger("c", "friend.example")];
    const files = [file("a"), file("b"), file("c"), file("d")];
    for (const [i, who] of [spammer, other, friend, story.moderator].entries()) post(who, files[i]!);
    await story.pass(1_000);

    const answer = await story.confirmed("!tyr quarantine-media evil.example gore");

    expect(answer).toContain("quarantined 2 files");
    expect(kept(files)).toEqual([true, true, false, false]);
  });

  test("that are older, not there, or of nobody whom we know are told", async () => {
    await begin();
    const spammer = stranger("spammer");
    const one = file("a");
    post(spammer, one);
    await story.pass(3 * 3_600_000);

    expect(await story.command(`!tyr quarantine-media ${spammer} --since 1h`)).toContain("holds no files");
    expect(await story.command("!tyr quarantine-media nobody.example")).toContain(
      "I know nobody of nobody.example",
    );
    expect(await story.command("!tyr quarantine-media hs.test")).toContain("that is my own homeserver");
    expect(kept([one])).toEqual([false]);
  });

  test("in a room that cannot be read do not keep the others from being found", async () => {
    await begin();
    const spammer = stranger("spammer");
    const one = file("a");
    post(spammer, one);
    await story.pass(1_000);
    story.homeserver.failNext({
      match: ({ path }) => path.includes(encodeURIComponent(story.rooms[1]!)) && path.endsWith("/messages"),
      status: 403,
      body: { errcode: "M_FORBIDDEN" },
      times: 1,
    });

    await story.command(`!tyr quarantine-media ${spammer}`);

    expect(kept([one])).toEqual([true]);
  });
});
