// Whose phone rings: what is urgent is a message of its own that mentions the right people, everything else is a notice.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const day = 24 * 3_600_000;

let story: Story;
let [ann, bob]: [string, string] = ["", ""];

afterEach(() => story.stop());

/** Three moderators, mod, ann and bob, of whom ann alone spoke lately; ten people of one name; small limits. */
async function begin({ settings, ...options }: StoryOptions = {}): Promise<void> {
  story = new Story({
    ...options,
    settings: { guard: { maxPeople: 4, maxRoomShare: 100, answerWithinHours: 1 }, ...settings },
  });
  [ann, bob] = [moderator("ann"), moderator("bob")];
  for (let i = 0; i < 10; i++) story.person(`crowd${i}`);
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
  story.homeserver.sendText(story.managementRoom, ann, "evening");
  await story.pass();
}

function moderator(localpart: string): string {
  const { userId } = story.homeserver.createUser(localpart);
  const { homeserver, managementRoom } = story;
  homeserver.invite(managementRoom, story.moderator, userId);
  homeserver.join(managementRoom, userId);
  return userId;
}

/** Somebody above Tyr takes it out of the room. */
function remove(room: string): void {
  setBotLevel(room, 50);
  story.homeserver.kick(room, story.moderator, story.bot.userId);
}

/** Tyr gives up power itself, as nobody else may take it: who has as much cannot lower it. */
function setBotLevel(room: string, level: number): void {
  const levels = story.homeserver.state(room, "m.room.power_levels")!.content;
  story.homeserver.setState(room, story.bot.userId, "m.room.power_levels", "", {
    ...levels,
    users: { [story.moderator]: 100, [story.bot.userId]: level },
  });
}

/** What Tyr has said that begins so, edits left out. */
const messages = (start: RegExp): readonly ClientEvent[] =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ sender, content }) => sender === story.bot.userId && start.test(String(content["body"])));
const message = async (start: RegExp): Promise<ClientEvent> => {
  await story.until(() => messages(start).length > 0, `a message like ${start}`);
  return messages(start)[0]!;
};
const how = ({ content }: ClientEvent) => ({
  as: content["msgtype"],
  mentions: content["m.mentions"],
  isEdit: relation(content)["rel_type"] === "m.replace",
});
const relation = (content: Content) => (content["m.relates_to"] ?? {}) as Content;
const quiet = { as: "m.notice", mentions: {}, isEdit: false };
const calls = (...users: readonly string[]) => ({
  as: "m.text",
  mentions: { user_ids: users },
  isEdit: false,
});
/** Messages that mention anybody. */
const calling = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ content }) => Object.keys((content["m.mentions"] ?? {}) as Content).length > 0)
    .map(({ content }) => String(content["body"]).split("\n")[0]);
const say = (text: string, by = story.moderator) => story.homeserver.sendText(story.managementRoom, by, text);
const flood = (who: string) => {
  for (let i = 0; i < 25; i++) story.homeserver.sendText(story.rooms[0]!, who, `message ${i}`);
};

describe("what waits for a yes", () => {
  test("mentions those who spoke within seven days", async () => {
    await begin();

    story.rule("@crowd*:hs.test");

    expect(how(await message(/^Question 1/))).toEqual(calls(ann));
  });

  test("mentions all if nobody did, those first who spoke last", async () => {
    await begin();
    story.stepClock(8 * day);
    await story.pass();

    story.rule("@crowd*:hs.test");

    const { mentions } = how(await message(/^Question 1/));
    expect((mentions as { user_ids: string[] }).user_ids.toSorted()).toEqual([ann, bob, story.moderator]);
  });

  test("still knows after a restart who spoke", async () => {
    await begin({ dataPath: aFolder() });
    await story.stop();
    await story.start();

    story.rule("@crowd*:hs.test");

    expect(how(await message(/^Question 1/))).toEqual(calls(ann));
  });

  test.each([
    ["nobody", () => quiet],
    ["all", () => calls(ann, story.moderator, bob)],
    ["room", () => ({ as: "m.text", mentions: { room: true }, isEdit: false })],
  ] as const)("mentions whom the config names: %s", async (moderators, expected) => {
    await begin({ settings: { notify: { moderators } } });

    story.rule("@crowd*:hs.test");

    const asked = how(await message(/^Question 1/));
    expect({ ...asked, mentions: sorted(asked.mentions) }).toEqual({
      ...expected(),
      mentions: sorted(expected().mentions),
    });
  });

  test("mentions all where the config says the room and Tyr may not mention it", async () => {
    await begin({ settings: { notify: { moderators: "room" } } });
    const levels = story.homeserver.state(story.managementRoom, "m.room.power_levels")!.content;
    story.homeserver.setState(story.managementRoom, story.moderator, "m.room.power_levels", "", {
      ...levels,
      notifications: { room: 101 },
    });
    await story.pass();

    story.rule("@crowd*:hs.test");

    expect(sorted(how(await message(/^Question 1/)).mentions)).toEqual(
      sorted({ user_ids: [ann, bob, story.moderator] }),
    );
  });

  test("mentions whoever typed the command that waits, and nobody else", async () => {
    await begin();

    say("!tyr ban @crowd*:hs.test spam", bob);

    expect(how(await message(/^Question 1/))).toEqual(calls(bob));
  });

  test("is told as ended when nobody answered, in a message of its own", async () => {
    await begin();
    story.rule("@crowd*:hs.test");
    await message(/^Question 1:/);
    await story.pass(3_600_000);

    const { content, ...rest } = await message(/^Question 1: Nobody answered/);

    expect(how({ content, ...rest })).toEqual(calls(ann));
    expect(content["body"]).toContain("!tyr yes 1");
  });
});

describe("an answer", () => {
  const ask = async () => {
    await begin();
    say("!tyr ban @crowd*:hs.test spam", bob);
    await message(/^Question 1/);
    await story.pass(2_000);
  };

  test("of yes by another moderator mentions who asked", async () => {
    await ask();

    say("!tyr yes 1", ann);

    expect(how(await message(/^Ban of /))).toEqual(calls(bob));
  });

  test("of no by another moderator mentions who asked", async () => {
    await ask();

    say("!tyr no 1", ann);

    const { content, ...rest } = await message(/^Question 1: No, said /);
    expect(how({ content, ...rest })).toEqual(calls(bob));
    expect(content["body"]).toContain(`No, said ${ann}`);
  });

  test("of one's own mentions nobody", async () => {
    await ask();

    say("!tyr yes 1", bob);

    expect(how(await message(/^Ban of /))).toEqual(quiet);
  });
});

describe("what went wrong", () => {
  test("rights lost in a room", async () => {
    await begin();

    setBotLevel(story.rooms[0]!, 0);

    expect(how(await message(/^Room 1 .*I may not/))).toEqual(calls(ann));
  });

  test("a list gone; the second loss within five minutes is shown and rings no more", async () => {
    await begin();

    remove(story.list);
    const list = await message(/^List .*.*I am not in it/);
    remove(story.rooms[0]!);
    const room = await message(/^Room 1 .*.*I am not in it/);
    await story.pass(6 * 60_000);
    remove(story.rooms[1]!);

    expect([list, room, await message(/^Room 2 .*.*I am not in it/)].map(how)).toEqual([
      calls(ann),
      quiet,
      calls(ann),
    ]);
  });

  test("what lists ask for and the homeserver refuses", async () => {
    await begin();
    const spammer = story.person("spammer");
    story.homeserver.failNext({
      match: ({ method, path }) => method === "PUT" && path.includes("m.room.member"),
      status: 403,
      body: { errcode: "M_FORBIDDEN", error: "not you" },
      times: 2,
    });

    story.rule(spammer);

    const failed = await message(/2 failed|forbidden/i);
    expect(how(failed)).toEqual(calls(ann));
  });

  test("a command that fails long after something was told of it mentions who typed it, once more", async () => {
    await begin({ homeserver: { writeLatencyMs: 5_000 } });
    const rude = story.person("rude");
    const levels = story.homeserver.state(story.rooms[1]!, "m.room.power_levels")!.content;
    story.homeserver.setState(story.rooms[1]!, story.moderator, "m.room.power_levels", "", {
      ...levels,
      ban: 100,
      kick: 100,
      users: { ...(levels["users"] as Content), [rude]: 100 },
    });
    await story.pass();

    say(`!tyr kick ${rude}`, bob);
    await story.pass(60_000);

    const told = messages(/Kick of/);
    expect(told.map(how).at(-1)).toEqual(calls(bob));
  });

  test("found by a start, where the start before did not tell of it", async () => {
    await begin({ dataPath: aFolder() });
    const restarted = async () => {
      const before = messages(/^Tyr is watching/).length;
      await story.stop();
      await story.start();
      await story.until(() => messages(/^Tyr is watching/).length > before, "the first message");
      return how(messages(/^Tyr is watching/).at(-1)!);
    };
    const first = await restarted();
    await story.stop();
    remove(story.rooms[0]!);

    expect([first, await restarted(), await restarted()]).toEqual([quiet, calls(ann), quiet]);
  });
});

describe("what a protection found", () => {
  const enabled = async (response: string) => {
    await begin();
    await story.command("!tyr protections enable flood");
    await story.command(`!tyr protections set flood response ${response}`);
    say("good night", ann);
    await story.pass();
  };

  test("and removed mentions the moderators, in a message of its own; what follows within minutes does not", async () => {
    await enabled("redact+ban");

    flood("@crowd1:hs.test");
    const first = await message(/^flood in Room 1.*crowd1/);
    await story.pass(60_000);
    flood("@crowd2:hs.test");
    const second = await message(/^flood in Room 1.*crowd2/);

    expect([how(first), how(second)]).toEqual([calls(story.moderator, ann), quiet]);
  });

  test("and only told wants a person to look", async () => {
    await enabled("alert");

    flood("@crowd1:hs.test");

    expect(how(await message(/^flood in Room 1/))).toEqual(calls(story.moderator, ann));
  });

  test("and cleaned up is for whoever looks; that it came to a ban after all is a message of its own", async () => {
    await enabled('"redact redact+ban"');

    flood("@crowd1:hs.test");
    const first = await message(/^flood in Room 1/);
    await story.pass(5 * 60_000);
    flood("@crowd1:hs.test");
    await story.until(() => story.isBanned("@crowd1:hs.test", [story.rooms[0]!]), "the ban");
    await story.pass();

    expect(how(first)).toEqual(quiet);
    expect(calling().filter((text) => text!.startsWith("flood"))).toHaveLength(1);
    expect(messages(/^flood in Room 1/).map(how)).toEqual([quiet, calls(story.moderator, ann)]);
  });
});

describe("nobody is mentioned", () => {
  test("by the first message, replies, news of lists, what they ask for, rooms that come, and an undo", async () => {
    await begin();
    story.person("spammer");

    await story.command("!tyr status");
    await story.command("!tyr help");
    await story.command("!tyr nonsense");
    await story.command("!tyr ban @crowd3:hs.test spam");
    await story.command("!tyr undo last");
    story.rule("@spammer:hs.test");
    await story.until(() => story.isBanned("@spammer:hs.test"), "the ban");
    await story.pass();

    expect(story.said().length).toBeGreaterThan(6);
    expect(calling()).toEqual([]);
  });

  test("who left the management room", async () => {
    await begin();
    story.homeserver.leave(story.managementRoom, ann);
    await story.pass();

    story.rule("@crowd*:hs.test");

    const { mentions } = how(await message(/^Question 1/));
    expect(sorted(mentions)).toEqual(sorted({ user_ids: [bob, story.moderator] }));
  });

  test("another bot that says something there", async () => {
    await begin();
    story.homeserver.send(story.managementRoom, bob, "m.room.message", {
      msgtype: "m.notice",
      body: "I am a bot",
    });
    await story.pass();

    story.rule("@crowd*:hs.test");

    expect(how(await message(/^Question 1/))).toEqual(calls(ann));
  });
});

test("a command said in a protected room is answered with a mention, as nobody looks at the management room", async () => {
  await begin({ settings: { commands: { inProtectedRooms: true } } });
  const rude = story.person("rude");
  const room = story.rooms[0]!;
  story.homeserver.join(room, bob);
  const buy = story.homeserver.sendText(room, rude, "buy this");

  story.homeserver.send(room, bob, "m.room.message", {
    msgtype: "m.text",
    body: "!tyr ban spam",
    "m.relates_to": { "m.in_reply_to": { event_id: buy } },
  });

  expect(how(await message(/Ban of /))).toEqual(calls(bob));
});

describe("encryption in the management room, switched off in the config,", () => {
  const settings = { encryption: { enabled: "no" } };
  const encrypt = () =>
    story.homeserver.setState(story.managementRoom, story.moderator, "m.room.encryption", "", {
      algorithm: "m.megolm.v1.aes-sha2",
    });
  const sealed = (by: string) =>
    story.homeserver.send(story.managementRoom, by, "m.room.encrypted", { ciphertext: "AwgAEn" });
  const answers = () => messages(/^I cannot read encrypted messages/);

  test("is told at once when it is switched on, once, and mentions the moderators", async () => {
    await begin({ dataPath: aFolder(), settings });

    encrypt();
    const told = await message(/^This room is encrypted from now on/);
    await story.stop();
    await story.start();
    await story.pass();

    expect(how(told)).toEqual(calls(ann));
    expect(messages(/^This room is encrypted from now on/)).toHaveLength(1);
    expect(messages(/^Tyr is watching/).at(-1)!.content["body"]).toContain("This room is encrypted");
  });

  test("lets each person hear once a day that what they say is not read, in reply to it", async () => {
    await begin({ dataPath: aFolder(), settings });
    encrypt();
    await story.pass();

    const first = sealed(ann);
    sealed(ann);
    const other = sealed(bob);
    await story.pass();
    await story.stop();
    await story.start();
    sealed(ann);
    await story.pass();
    const sameDay = answers();
    await story.pass(day);
    sealed(ann);
    await story.pass();

    const repliedTo = sameDay.map(({ content }) => relation(content)["m.in_reply_to"]);
    expect(repliedTo).toEqual([{ event_id: first }, { event_id: other }]);
    expect(sameDay.map(how)).toEqual([calls(ann), calls(bob)]);
    expect(answers()).toHaveLength(3);
  });

  test("leaves ✅ on a question as good as ever", async () => {
    await begin({ settings });
    encrypt();
    story.rule("@crowd*:hs.test");
    const { event_id: question } = await message(/^Question 1/);

    story.homeserver.send(story.managementRoom, ann, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: question, key: "✅" },
    });

    await story.until(() => story.isBanned("@crowd1:hs.test"), "the bans");
  });

  test("in a protected room is nobody's trouble", async () => {
    await begin();
    const [room] = story.rooms;
    story.homeserver.setState(room!, story.moderator, "m.room.encryption", "", { algorithm: "x" });
    story.homeserver.send(room!, "@crowd1:hs.test", "m.room.encrypted", { ciphertext: "AwgAEn" });
    const before = story.said().length;

    await story.pass();

    expect(story.said().length).toBe(before);
  });
});

function sorted(mentions: unknown): unknown {
  const { user_ids: users, ...rest } = mentions as { user_ids?: string[] };
  return users ? { user_ids: users.toSorted(), ...rest } : rest;
}

test("the reply to a command that was said in another room notifies once, over a restart", async () => {
  await begin({
    rooms: 12,
    dataPath: aFolder(),
    settings: {
      commands: { inProtectedRooms: true },
      executor: { startConcurrency: 2, maxConcurrency: 2 },
    },
  });
  for (const room of story.rooms) story.homeserver.setRoomLatency(room, 2_000);
  const [room] = story.rooms;
  const words = story.homeserver.sendText(room!, story.person("rude"), "rude words");
  await story.pass(1_000);
  story.homeserver.send(room!, story.moderator, "m.room.message", {
    msgtype: "m.text",
    body: "!tyr mute",
    "m.relates_to": { "m.in_reply_to": { event_id: words } },
  });
  await message(/muted @rude/);

  await story.stop();
  await story.start();
  await story.pass(200_000);

  const told = messages(/muted @rude/);
  const own = told.filter(({ content }) => editedBy(content) === undefined);
  expect(own).toHaveLength(1);
  expect(new Set(told.map(({ content }) => editedBy(content)))).toEqual(
    new Set([undefined, own[0]!.event_id]),
  );
});

const editedBy = (content: Content): unknown => {
  const relation = content["m.relates_to"] as Content | undefined;
  return relation?.["rel_type"] === "m.replace" ? relation["event_id"] : undefined;
};
