// The desk's manners: how moderators may say whom, where and which, and what they are asked when they left it out.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options: StoryOptions = {}) => {
  story = new Story(options);
  await story.start();
};
const settings = (commands: Record<string, unknown>) => ({
  settings: { commands: { describe: false, ...commands } },
});

afterEach(() => story.stop());

const relation = (event: ClientEvent) => (event.content["m.relates_to"] ?? {}) as Content;
const send = (content: Content, { room = story.managementRoom, by = story.moderator } = {}) =>
  story.homeserver.send(room, by, "m.room.message", { msgtype: "m.text", ...content });
const replying = (to: string, body: string) => ({
  body,
  "m.relates_to": { "m.in_reply_to": { event_id: to } },
});
const edit = (of: string, body: string) => ({
  body: `* ${body}`,
  "m.new_content": { msgtype: "m.text", body },
  "m.relates_to": { rel_type: "m.replace", event_id: of },
});
const marksOn = (event: string, room = story.managementRoom) =>
  story.homeserver
    .events(room)
    .filter((one) => one.type === "m.reaction" && relation(one)["event_id"] === event)
    .map((one) => String(relation(one)["key"]));
/** The answer to a message, when it has its mark. */
const answered = async (event: string) => {
  await story.until(() => marksOn(event).length > 0, "the mark");
  return `${marksOn(event)[0]} ${story.answerTo(event) ?? ""}`;
};
const sayAs = (content: Content, by = story.moderator) => answered(send(content, { by }));
/** Our own message that fits, its newest edit last. */
const ours = (pattern: RegExp) =>
  story.homeserver
    .events(story.managementRoom)
    .findLast(
      (one) =>
        one.type === "m.room.message" &&
        one.sender === story.bot.userId &&
        relation(one)["rel_type"] === undefined &&
        pattern.test(String(one.content["body"])),
    )!.event_id;
const react = (to: string, key: string, by = story.moderator) =>
  story.homeserver.send(story.managementRoom, by, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: to, key },
  });
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .flatMap((event) => (event.content["entity"] === undefined ? [] : [event.content]));
const requests = (kind: string) =>
  story.homeserver.requests.filter((one) => one.kind === kind && one.userId === story.bot.userId).length;
const secondModerator = () => {
  const { userId } = story.homeserver.createUser("second");
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.member", userId, {
    membership: "invite",
  });
  story.homeserver.join(story.managementRoom, userId);
  return userId;
};

describe("a display name", () => {
  beforeEach(() => begin());

  test.each(["!tyr ban Bob spam", "!tyr ban “bob” spam", "!tyr ban @Bob spam", "!tyr ban Ｂｏｂ\u200b spam"])(
    "%s bans the one person of that name, and says whom",
    async (command) => {
      const bob = story.person("b0b");
      story.homeserver.setDisplayName(bob, "Bob");

      const answer = await story.command(command);

      expect(answer).toMatch(/^✅ .* is @b0b:hs\.test\./);
      expect(answer).toContain("banned @b0b:hs.test in 2 rooms");
      expect(story.isBanned(bob)).toBe(true);
      expect(rules()).toEqual([{ entity: bob, recommendation: "m.ban", reason: "spam" }]);
      expect(requests("POST user_directory")).toBe(1);
    },
  );

  test("serves why and undo, which take a number as well", async () => {
    const bob = story.person("b0b");
    story.homeserver.setDisplayName(bob, "Bob");
    await story.command(`!tyr ban ${bob} rude`);

    expect(await story.command("!tyr why bob")).toContain("Is banned by me");
    expect(await story.command("!tyr why nobody")).toMatch(/^❌/);
    expect(await story.command("!tyr undo 999")).toContain("I know nothing under 999");
    expect(await story.command("!tyr undo Bob")).toContain("unbanned @b0b:hs.test in 2 rooms");
  });

  test("of several people names them all and hits nobody, until one is chosen", async () => {
    const [one, other] = [story.person("bob1"), story.person("bob2")];
    for (const user of [one, other]) story.homeserver.setDisplayName(user, "Bob");

    const answer = await story.command("!tyr ban Bob spam");

    expect(answer).toMatch(/^❌ Bob may be several people\. Which\?/);
    expect(answer).toContain("1: @bob1:hs.test");
    expect(answer).toContain("2: @bob2:hs.test");
    await story.pass();
    expect([story.isBanned(one), story.isBanned(other)]).toEqual([false, false]);

    expect(await sayAs({ body: "2" })).toContain("banned @bob2:hs.test");
    expect([story.isBanned(one), story.isBanned(other)]).toEqual([false, true]);
    expect(rules()).toMatchObject([{ entity: other, reason: "spam" }]);
  });

  test("of somebody who is in none of our rooms, or that only looks alike, hits nobody", async () => {
    const stranger = story.homeserver.createUser("stranger").userId;
    story.homeserver.setDisplayName(stranger, "Bob");
    const alike = story.person("alike");
    story.homeserver.setDisplayName(alike, "Bοb");
    const longer = story.person("longer");
    story.homeserver.setDisplayName(longer, "Bob Builder");

    const answer = await story.command("!tyr kick Bob");

    expect(answer).toMatch(/^❌ Bob is not a user id/);
    expect(story.homeserver.membership(story.rooms[0]!, longer)).toBe("join");
    expect(story.homeserver.membership(story.rooms[0]!, alike)).toBe("join");
  });

  test("costs no request where the command is understood without it", async () => {
    story.person("rude");

    await story.command("!tyr ban @rude:hs.test Bob said so");

    expect(requests("POST user_directory")).toBe(0);
  });

  test("is told as not understood where the directory does not answer", async () => {
    const bob = story.person("bob");
    story.homeserver.failNext({ match: ({ path }) => path.includes("user_directory"), status: 500 });

    expect(await story.command("!tyr ban bob spam")).toMatch(/^❌ bob is not a user/);
    expect(story.isBanned(bob)).toBe(false);
  });
});

describe("a reply in the management room", () => {
  beforeEach(() => begin());

  test("to Tyr's own words takes the person they are about", async () => {
    const rude = story.person("rude");
    await story.command("!tyr why @rude:hs.test");

    const answer = await sayAs(replying(ours(/^@rude/), "!tyr ban spam"));

    expect(answer).toContain("From the message you replied to: @rude:hs.test.");
    expect(story.isBanned(rude)).toBe(true);
    expect(rules()).toMatchObject([{ reason: "spam" }]);
    expect(requests("GET event")).toBe(0);
  });

  test.each([
    ["an id", (user: string) => ({ body: `look at ${user}, please` })],
    [
      "a pill",
      (user: string) => ({
        body: "look at Rude",
        formatted_body: `look at <a href="https://matrix.to/#/${user}">Rude</a>`,
      }),
    ],
    ["a link", (user: string) => ({ body: `see https://matrix.to/#/${encodeURIComponent(user)}.` })],
  ])("to words with %s takes that person", async (_what, words) => {
    const rude = story.person("rude");
    const message = send(words(rude));

    const answer = await sayAs(replying(message, "> <@mod:hs.test> quoted\n\n!tyr ban spam"));

    expect(answer).toMatch(/^✅/);
    expect(story.isBanned(rude)).toBe(true);
  });

  test("to words about several asks which, and does nothing before", async () => {
    const [one, other] = [story.person("one"), story.person("other")];
    const message = send({ body: `${one} and ${other} are at it again` });

    const asked = replying(message, "!tyr kick calm down");
    const answer = await sayAs(asked);

    expect(answer).toMatch(/^❌ The message you replied to is about several\. Which\?/);
    expect(story.homeserver.membership(story.rooms[0]!, one)).toBe("join");
    expect(await sayAs({ body: "1" })).toMatch(/^✅/);
    expect(story.rooms.map((room) => story.homeserver.membership(room, one))).toEqual(["leave", "leave"]);
    expect(story.homeserver.membership(story.rooms[0]!, other)).toBe("join");
  });

  test("that names somebody means that person, not the message's", async () => {
    const [rude, other] = [story.person("rude"), story.person("other")];
    const message = send({ body: `${other} complains` });

    await sayAs(replying(message, `!tyr ban ${rude} spam`));

    expect([story.isBanned(rude), story.isBanned(other)]).toEqual([true, false]);
  });

  test("in a thread that only falls back to a message is no reply to it", async () => {
    const rude = story.person("rude");
    const message = send({ body: `${rude} again` });
    const thread = { rel_type: "m.thread", event_id: message, "m.in_reply_to": { event_id: message } };

    const fallen = await sayAs({
      body: "!tyr ban spam",
      "m.relates_to": { ...thread, is_falling_back: true },
    });

    expect(fallen).toMatch(/^❌ spam is not/);
    expect(story.isBanned(rude)).toBe(false);
    await sayAs({ body: "!tyr ban spam", "m.relates_to": { ...thread, is_falling_back: false } });
    expect(story.isBanned(rude)).toBe(true);
  });

  test("takes the link to a message that is to be redacted, and a room", async () => {
    const rude = story.person("rude");
    const said = story.homeserver.sendText(story.rooms[0]!, rude, "buy this");
    const report = send({ body: `what about https://matrix.to/#/${story.rooms[0]!}/${said}?via=hs.test` });

    expect(await sayAs(replying(report, "!tyr redact"))).toMatch(/^✅/);

    expect(story.homeserver.event(story.rooms[0]!, said)?.content).toEqual({});
    const room = story.room("Newer");
    const wish = send({ body: `please protect ${room}` });
    expect(await sayAs(replying(wish, "!tyr rooms add"))).toMatch(/^✅/);
    expect(story.world!.isProtected(room as never)).toBe(true);
  });

  test("to a Markdown link takes whom it leads to, as a command that has one does", async () => {
    const irc = story.person("irc/rude+=");
    const room = story.room("Hall", { botLevel: 100 });
    const wish = send({ body: `what about [Rude](https://matrix.to/#/${irc})?` });

    expect(await sayAs(replying(wish, "!tyr warn please stop"))).toMatch(/^✅/);
    expect(await sayAs({ body: `!tyr ban [Rude](https://matrix.to/#/${irc}) spam` })).toMatch(/^✅/);
    expect(await sayAs({ body: `!tyr rooms add [Hall](<https://matrix.to/#/${room}?via=hs.test>)` })).toMatch(
      /^✅/,
    );

    expect(story.isBanned(irc)).toBe(true);
    expect(story.world!.isProtected(room as never)).toBe(true);
  });

  test("undo and why take the incident that the message tells of", async () => {
    const rude = story.person("rude");
    await story.command("!tyr ban @rude:hs.test spam");
    const message = ours(/^Ban of @rude/);

    const why = await sayAs(replying(message, "!tyr why"));
    expect(why).toContain("ban @rude:hs.test spam");
    expect(why).toContain("@mod:hs.test");
    expect(await sayAs(replying(message, "!tyr undo"))).toMatch(/^✅ [^]*Undo of 1/);

    expect(story.isBanned(rude)).toBe(false);
  });

  test("to a message from before the start asks the homeserver for it, once", async () => {
    await story.stop();
    story = new Story();
    const rude = story.person("rude");
    const old = send({ body: `${rude} should go` });
    await story.start();

    expect(await sayAs(replying(old, "!tyr ban spam"))).toMatch(/^✅/);

    expect(story.isBanned(rude)).toBe(true);
    expect(requests("GET event")).toBe(1);
  });

  test("to a message that cannot be read takes nobody, not even somebody of the reason's name", async () => {
    const spam = story.person("spam");

    const answer = await sayAs(replying("$nowhere", "!tyr ban spam"));

    expect(answer).toContain("I could not read the message you replied to.");
    expect(story.isBanned(spam)).toBe(false);
  });

  test("does not believe others what only Tyr's own messages say", async () => {
    const rude = story.person("rude");
    const forged = send({ body: "hello", "io.tyr.about": { who: [rude], rooms: [], events: [] } });

    expect(await sayAs(replying(forged, "!tyr ban spam"))).toMatch(/^❌/);
    expect(story.isBanned(rude)).toBe(false);
  });
});

describe("what Tyr's message is about", () => {
  test("stands in its content, ten of each at most", async () => {
    await begin({ rooms: 12 });
    story.person("rude");

    await story.command("!tyr ban @rude:hs.test");

    const message = story.homeserver
      .events(story.managementRoom)
      .findLast((one) => one.sender === story.bot.userId && one.type === "m.room.message")!;
    const about = (message.content["io.tyr.about"] ?? {}) as Record<string, unknown>;
    expect(about).toMatchObject({ who: ["@rude:hs.test"], events: [], incident: 1 });
    expect(about["rooms"]).toHaveLength(10);
  });
});

test("Tyr's own news can be replied to: whose ban somebody lifted, and where", async () => {
  await begin();
  const rude = story.person("rude");
  story.rule(rude);
  await story.until(() => story.isBanned(rude), "the bans");
  story.homeserver.unban(story.rooms[0]!, story.moderator, rude);
  await story.until(() => story.said().some((text) => text.includes("lifted the ban")), "the news");

  const answer = await sayAs(replying(ours(/lifted the ban/), "!tyr exempt add a friend of the house"));

  expect(answer).toContain("From the message you replied to: @rude:hs.test.");
  expect(story.world!.settings.exemptions.get(rude)?.reason).toBe("a friend of the house");
});

describe("a message that was edited into a command", () => {
  const notRun = "I do not run edited messages; send it again.";
  const hints = () => story.said().filter((text) => text === notRun);

  test.each([
    ["talk", "ban @rude:hs.test"],
    ["a typo", "!tyr bam @rude:hs.test"],
    ["a command that could not be carried out", "!tyr unban"],
  ])("is answered in one line, once, where it was %s before", async (_what, before) => {
    await begin();
    const rude = story.person("rude");
    const first = send({ body: before });
    await story.pass(5_000);

    send(edit(first, "!tyr ban @rude:hs.test spam"));
    await story.pass(5_000);
    send(edit(first, "!tyr ban @rude:hs.test spam, sorry"));
    await story.pass(5_000);

    expect(hints()).toEqual([notRun]);
    expect(story.answerTo(first, before.startsWith("!") ? 1 : 0)).toBe(notRun);
    expect(story.isBanned(rude)).toBe(false);
  });

  test.each([
    ["was carried out before", "!tyr ban @rude:hs.test", "!tyr ban @rude:hs.test spam", "mod"],
    ["is talk", "hello", "hello there", "mod"],
    ["is by a person who is no moderator", "hello", "!tyr ban @rude:hs.test", "guest"],
  ])("is not where it %s", async (_what, before, after, who) => {
    await begin();
    story.person("rude");
    const guest = story.person("guest");
    const by = who === "mod" ? story.moderator : guest;
    const room = who === "mod" ? story.managementRoom : story.rooms[0]!;
    const first = send({ body: before }, { by, room });
    await story.pass(5_000);

    send(edit(first, after), { by, room });
    await story.pass(5_000);

    expect(hints()).toEqual([]);
  });

  test("is not answered where it was edited while we were away", async () => {
    await begin();
    const first = send({ body: "ban" });
    await story.stop();
    send(edit(first, "!tyr ban @rude:hs.test"));
    await story.clock.advance(60_000);
    await story.start();

    expect(hints()).toEqual([]);
  });
});

describe("a reply in a protected room", () => {
  const inRooms = settings({ inProtectedRooms: true });
  const inRoom = (content: Content, by = story.moderator) => send(content, { room: story.rooms[0]!, by });
  const oursIn = (room: string) =>
    story.homeserver
      .events(room)
      .filter((one) => one.sender === story.bot.userId && one.state_key === undefined);

  test("bans the author of the message, tells the management room and leaves one mark", async () => {
    await begin(inRooms);
    const rude = story.person("rude");
    const message = story.homeserver.sendText(story.rooms[0]!, rude, "buy this");

    const command = inRoom(replying(message, "!tyr ban spam"));
    await story.until(() => marksOn(command, story.rooms[0]).length > 0, "the mark");

    expect(story.isBanned(rude)).toBe(true);
    expect(story.said().at(-1)).toContain("From the message you replied to: @rude:hs.test.");
    expect(
      oursIn(story.rooms[0]!)
        .map((one) => one.type)
        .filter((type) => type !== "m.room.redaction"),
    ).toEqual(["m.reaction"]);
    expect(marksOn(command, story.rooms[0])).toEqual(["✅"]);
    const answer = story.homeserver
      .events(story.managementRoom)
      .find((one) => /Ban of/.test(String(one.content["body"])))!;
    expect(answer.content["m.relates_to"]).toBeUndefined();
    expect(answer.content["body"]).toMatch(/^@mod:hs.test in Room 1: ban spam\nFrom the message/);
  });

  test("that is refused is told with who said it and where", async () => {
    await begin(inRooms);
    const message = story.homeserver.sendText(story.rooms[0]!, story.person("rude"), "hello");

    inRoom(replying(message, "!tyr bam"));
    await story.until(() => story.said().some((text) => text.includes("Did you mean")), "the answer");

    expect(story.said().at(-1)).toMatch(/^@mod:hs.test in Room 1: bam\nI do not know the command bam/);
  });

  test("that was edited into a command is told in the management room", async () => {
    await begin(inRooms);
    const message = story.homeserver.sendText(story.rooms[0]!, story.person("rude"), "hello");
    const typo = inRoom(replying(message, "tyr ban spam"));

    inRoom(edit(typo, "!tyr ban spam"));
    await story.until(() => story.said().some((text) => text.includes("edited")), "the answer");

    expect(story.said().at(-1)).toBe("@mod:hs.test in Room 1: I do not run edited messages; send it again.");
    expect(oursIn(story.rooms[0]!)).toEqual([]);
  });

  test("redacts the message itself", async () => {
    await begin(inRooms);
    const rude = story.person("rude");
    const [kept, message] = ["before", "buy this"].map((text) =>
      story.homeserver.sendText(story.rooms[0]!, rude, text),
    );

    const command = inRoom(replying(message!, "!tyr redact"));
    await story.until(() => marksOn(command, story.rooms[0]).length > 0, "the mark");

    expect(story.homeserver.event(story.rooms[0]!, message!)?.content).toEqual({});
    expect(story.homeserver.event(story.rooms[0]!, kept!)?.content["body"]).toBe("before");
  });

  test.each([
    ["by somebody who is no moderator", { by: "person" }],
    ["that replies to nothing", { body: "!tyr ban spam" }],
    ["without a prefix", { text: "ban spam" }],
  ])(
    "%s is talk",
    async (_what, { by, body, text = "!tyr ban spam" }: { by?: string; body?: string; text?: string }) => {
      await begin(inRooms);
      const rude = story.person("rude");
      const person = story.person("person");
      const message = story.homeserver.sendText(story.rooms[0]!, rude, "hello");
      await story.pass();
      story.homeserver.clearRequests();

      inRoom(body === undefined ? replying(message, text) : { body }, by ? person : story.moderator);
      await story.pass();

      expect(story.isBanned(rude)).toBe(false);
      expect(
        story.homeserver.requests.filter((one) => one.userId === story.bot.userId && one.method === "PUT"),
      ).toEqual([]);
    },
  );

  test("is talk as long as the config does not allow it", async () => {
    await begin();
    const rude = story.person("rude");
    const message = story.homeserver.sendText(story.rooms[0]!, rude, "hello");

    inRoom(replying(message, "!tyr ban spam"));
    await story.pass();

    expect(story.isBanned(rude)).toBe(false);
  });

  test("never hits a moderator, and the room reads no word of it", async () => {
    await begin(inRooms);
    const second = secondModerator();
    story.homeserver.join(story.rooms[0]!, second);
    const message = story.homeserver.sendText(story.rooms[0]!, second, "hello");

    const command = inRoom(replying(message, "!tyr ban spam"));
    await story.until(() => marksOn(command, story.rooms[0]).length > 0, "the mark");

    expect(marksOn(command, story.rooms[0])).toEqual(["❌"]);
    expect(story.said().at(-1)).toContain("would hit the moderator @second:hs.test");
    expect(oursIn(story.rooms[0]!).map((one) => one.type)).toEqual(["m.reaction"]);
  });

  test("that hits a regular waits for a yes in the management room", async () => {
    await begin({ settings: { ...inRooms.settings, guard: { maxPeople: 0, newcomerHours: 0 } } });
    const rude = story.person("rude");
    const message = story.homeserver.sendText(story.rooms[0]!, rude, "hello");

    inRoom(replying(message, "!tyr ban spam"));
    await story.until(() => story.said().some((text) => text.startsWith("Question 1:")), "the question");

    expect(story.said().at(-1)).toContain("Question 1:\n@mod:hs.test in Room 1: ban spam\n");
    expect(story.isBanned(rude)).toBe(false);
    await story.command("!tyr yes 1");
    await story.until(() => story.isBanned(rude), "the bans");
    expect(rules()).toMatchObject([{ entity: rude, reason: "spam" }]);
  });
});

describe("what is missing", () => {
  beforeEach(() => begin());

  test("is asked for, and a reply completes the command, in the name of whoever said it", async () => {
    const rude = story.person("rude");

    expect(await story.command("!tyr ban coc")).toMatch(/^❌ Whom or what\?/);
    const answer = await sayAs(replying(ours(/^Whom or what/), "@rude:hs.test spam"));

    expect(answer).toMatch(/^✅/);
    expect(story.isBanned(rude)).toBe(true);
    expect(rules()).toMatchObject([{ entity: rude, reason: "spam" }]);
    const told = await story.command("!tyr why @rude:hs.test");
    expect(told).toContain("as @mod:hs.test said ban coc @rude:hs.test spam");
  });

  test("may be given by the next message where that can be nothing else", async () => {
    const rude = story.person("rude");
    await story.command("!tyr kick");

    expect(
      await sayAs({ body: "Rude", formatted_body: `<a href="https://matrix.to/#/${rude}">Rude</a>` }),
    ).toMatch(/^✅/);

    expect(story.homeserver.membership(story.rooms[0]!, rude)).toBe("leave");
  });

  test.each([
    ["chat", "hm, wait a moment"],
    ["chat that names somebody", "I mean @rude:hs.test of course"],
    ["a name", "rude"],
    ["something with a dot", "ok.fine"],
  ])("is not taken from %s", async (_what, words) => {
    const rude = story.person("rude");
    await story.command("!tyr ban");

    const message = send({ body: words });
    await story.pass();
    send({ body: rude });
    await story.pass();

    expect(marksOn(message)).toEqual([]);
    expect(story.isBanned(rude)).toBe(false);
  });

  test("is not taken from another moderator", async () => {
    const rude = story.person("rude");
    const second = secondModerator();
    await story.command("!tyr kick");
    const question = ours(/^Whom\?/);

    send({ body: rude }, { by: second });
    send(replying(question, rude), { by: second });
    await story.pass();

    expect(story.homeserver.membership(story.rooms[0]!, rude)).toBe("join");
  });

  test("is not taken after ten minutes", async () => {
    const rude = story.person("rude");
    await story.command("!tyr kick");
    await story.pass(11 * 60_000);

    send(replying(ours(/^Whom\?/), rude));
    await story.pass();

    expect(story.homeserver.membership(story.rooms[0]!, rude)).toBe("join");
  });

  test.each([
    ["a reply", (question: string) => replying(question, "@rude:hs.test")],
    ["the next message", () => ({ body: "@rude:hs.test" })],
  ])("may be given after a restart or a crash, as %s", async (_what, answerTo) => {
    await story.stop();
    await begin({ dataPath: aFolder() });
    const rude = story.person("rude");
    await story.command("!tyr kick");
    await story.pass();
    const question = ours(/^Whom\?/);
    story.kill();
    await story.start();

    const answer = send(answerTo(question));
    await story.until(() => marksOn(answer).length > 0, "the mark");

    expect(marksOn(answer)).toEqual(["✅"]);
    expect(story.homeserver.membership(story.rooms[0]!, rude)).toBe("leave");
    send(answerTo(question));
    await story.pass();
    expect(story.said().filter((text) => text.includes("Kick of"))).toHaveLength(1);
  });

  test("may be chosen by a reaction after a restart", async () => {
    await story.stop();
    await begin({ dataPath: aFolder() });
    const upper = story.person("Rude");
    await story.command("!tyr kick @rude:hs.test");
    await story.pass();
    const question = ours(/Who is meant\?/);
    await story.stop();
    await story.start();

    story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: question, key: "1️⃣" },
    });

    await story.until(() => story.homeserver.membership(story.rooms[0]!, upper) === "leave", "the kick");
  });

  test("may be a name in a reply, and is given up with a no", async () => {
    const bob = story.person("bob");
    await story.command("!tyr kick");
    send(replying(ours(/^Whom\?/), "no"));
    await story.pass();
    send({ body: bob });
    await story.pass();
    expect(story.homeserver.membership(story.rooms[0]!, bob)).toBe("join");

    await story.command("!tyr kick");
    const answer = await sayAs(replying(ours(/^Whom\?/), "Bob calm down"));

    expect(answer).toContain("Bob is @bob:hs.test.");
    expect(story.homeserver.membership(story.rooms[0]!, bob)).toBe("leave");
  });
});

describe("a list that is missing", () => {
  const beginWithTwo = async () => {
    story = new Story();
    const other = story.room("Other", {
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "spam" } }],
    });
    story.settings = { watchedLists: [story.list, other], commands: { describe: false } };
    await story.start();
    return other;
  };
  const rulesOf = (list: string) =>
    story.homeserver.stateOfType(list, "m.policy.rule.user").map((one) => one.content);

  test.each([
    ["the number", "2"],
    ["the name", "Spam"],
  ])("is chosen by %s", async (_what, word) => {
    const other = await beginWithTwo();
    const rude = story.person("rude");

    const answer = await story.command("!tyr ban @rude:hs.test coc is what they said");
    await story.command("!tyr undo last");
    for (const room of story.rooms) story.homeserver.join(room, rude);
    const asked = await story.command("!tyr ban @rude:hs.test insults");

    expect(answer).toMatch(/^✅/);
    expect(asked).toMatch(/^❌ Which list\?/);
    expect(asked).toContain("1: list coc");
    expect(await sayAs({ body: word })).toMatch(/^✅/);
    expect(rulesOf(other)).toEqual([{ entity: rude, recommendation: "m.ban", reason: "insults" }]);
    expect(story.isBanned(rude)).toBe(true);
  });

  test("is chosen where it has no name for commands", async () => {
    story = new Story();
    const other = story.room("Other");
    story.settings = { watchedLists: [story.list, other], commands: { describe: false } };
    await story.start();
    const rude = story.person("rude");
    await story.command(`!tyr ban ${rude} insults`);

    expect(await sayAs({ body: "2" })).toMatch(/^✅/);
    expect(rulesOf(other)).toEqual([{ entity: rude, recommendation: "m.ban", reason: "insults" }]);
  });

  test("is chosen by a reaction, whose answer belongs to the command", async () => {
    const other = await beginWithTwo();
    const rude = story.person("rude");
    const command = send({ body: "!tyr ban @rude:hs.test insults" });
    await story.until(() => marksOn(command).length > 0, "the mark");
    const question = ours(/^Which list/);
    await story.until(() => marksOn(question).length === 2, "the choices");

    expect(marksOn(question)).toEqual(["1️⃣", "2️⃣"]);
    react(question, "2️⃣");
    await story.until(() => marksOn(command).length === 2, "the second mark");

    expect(marksOn(command)).toEqual(["❌", "✅"]);
    expect(story.isBanned(rude)).toBe(true);
    expect(rulesOf(other)).toHaveLength(1);
    expect(rulesOf(story.list)).toEqual([]);
  });

  test("is not chosen by somebody else's reaction, nor by a number that is not offered", async () => {
    await beginWithTwo();
    const second = secondModerator();
    const rude = story.person("rude");
    await story.command("!tyr ban @rude:hs.test insults");
    const question = ours(/^Which list/);

    react(question, "1️⃣", second);
    react(question, "7️⃣");
    send({ body: "7" });
    await story.pass();

    expect(story.isBanned(rude)).toBe(false);
  });
});

describe("Tyr is called", () => {
  beforeEach(() => begin());

  test.each([
    ["by prefix", { body: "!tyr status" }],
    ["with a capital", { body: "!Tyr Status" }],
    ["by id", { body: "@tyr:hs.test status" }],
    ["by id and colon", { body: "@tyr:hs.test: status" }],
    ["by name", { body: "Tyr: status" }],
    ["by name and comma", { body: "tyr, status" }],
    [
      "by a pill",
      {
        body: "The Bot status",
        formatted_body: '<a href="https://matrix.to/#/@tyr:hs.test">The Bot</a> status',
      },
    ],
    [
      "by a pill and colon",
      {
        body: "The Bot: status",
        formatted_body: '<a href="https://matrix.to/#/%40tyr%3Ahs.test">The Bot</a>: status',
      },
    ],
  ])("%s", async (_what, content) => {
    expect(await sayAs(content)).toContain("Tyr is watching");
  });

  test("by the name it has in the room from then on", async () => {
    story.homeserver.setState(story.managementRoom, story.bot.userId, "m.room.member", story.bot.userId, {
      membership: "join",
      displayname: "Guard of the Gate",
    });
    await story.pass();

    expect(await sayAs({ body: "guard of the gate, status" })).toContain("Tyr is watching");
  });

  test.each(["tyr status", "I asked tyr: status", "tyrant: status", "what did Tyr say?"])(
    "not by %p",
    async (body) => {
      const message = send({ body });
      await story.pass();

      expect(marksOn(message)).toEqual([]);
    },
  );
});

describe("other bots' commands", () => {
  test("are understood in their words where the config says so", async () => {
    await begin(settings({ understands: ["mjolnir", "meowlnir"] }));
    const rude = story.person("rude");

    const answer = await story.command("!mjolnir ban coc user @rude:hs.test spam --force");
    expect(answer).toContain("Read as !tyr ban coc user @rude:hs.test spam.");
    expect(story.isBanned(rude)).toBe(true);
    expect(await story.command("!mjolnir rooms")).toContain("2 protected rooms");
    expect(await story.command("!remove-ban coc @rude:hs.test")).toContain(
      "Read as !tyr unban coc @rude:hs.test.",
    );
    expect(await story.command("!meowlnir takedown coc @rude:hs.test")).toContain(
      "Read as !tyr ban coc @rude:hs.test --takedown.",
    );
    expect(await story.command(`!meowlnir send-as-bot ${story.rooms[0]!} hello`)).toContain(
      `Read as !tyr say ${story.rooms[0]!} hello.`,
    );
    expect(await story.command("!meowlnir provision @rude:hs.test")).toMatch(
      /^❌ Nothing done: [^]*I serve one community/,
    );
    const weather = send({ body: "!weather Berlin" });
    const draupnir = send({ body: "!draupnir status" });
    await story.pass();
    expect([marksOn(weather), marksOn(draupnir)]).toEqual([[], []]);
  });

  test("are switched on and off by command", async () => {
    await begin();
    const before = send({ body: "!draupnir status" });
    await story.pass();
    expect(marksOn(before)).toEqual([]);

    expect(await story.command("!tyr understand draupnir on")).toMatch(/^✅/);
    expect(await story.command("!draupnir status")).toContain("Tyr is watching");
    expect(await story.command("!tyr understand")).toContain("draupnir");
    expect(await story.command("!tyr understand draupnir off")).toMatch(/^✅/);

    const after = send({ body: "!draupnir status" });
    await story.pass();
    expect(marksOn(after)).toEqual([]);
  });
});

describe("the commands", () => {
  const type = "org.matrix.msc4391.command_description";
  const described = () =>
    story.homeserver
      .stateOfType(story.managementRoom, type)
      .filter((event) => Object.keys(event.content).length > 0)
      .map((event) => String(event.content["command"]));
  const writes = () => requests(`PUT state ${type}`);
  const aLittleLater = () => story.pass(90_000);

  test("are described once in the management room, one event each", async () => {
    await begin({ settings: { commands: { describe: true } } });

    await story.until(() => described().includes("understand"), "the last description", 3 * 3_600_000);
    const names = new Set(described());

    expect(names.size).toBe(described().length);
    for (const name of ["ban", "lists watch", "redact", "undo"]) expect(names).toContain(name);
    const written = writes();
    expect(written).toBe(names.size);
    await aLittleLater();
    story.homeserver.clearRequests();
    await aLittleLater();
    expect(writes()).toBe(0);
    const said = story.said().length;
    expect(said).toBe(1);
  });

  test("are described anew only where they changed, and not described any more where they went", async () => {
    await begin({ settings: { commands: { describe: true } } });
    await story.until(() => described().includes("understand"), "the last description", 3 * 3_600_000);
    const [one, other] = story.homeserver.stateOfType(story.managementRoom, type);
    story.homeserver.setState(story.managementRoom, story.moderator, type, one!.state_key!, {
      command: "old",
    });
    story.homeserver.setState(story.managementRoom, story.bot.userId, type, "gone", { command: "gone" });
    story.homeserver.setState(story.managementRoom, story.moderator, type, "theirs", { command: "theirs" });
    story.homeserver.clearRequests();

    await aLittleLater();

    expect(writes()).toBe(2);
    expect(described()).not.toContain("old");
    expect(described()).not.toContain("gone");
    expect(described()).toContain("theirs");
    expect(story.homeserver.state(story.managementRoom, type, other!.state_key)?.event_id).toBe(
      other!.event_id,
    );
  });

  test("are not described in a room that Tyr has not made before the config asks for it", async () => {
    await begin({ settings: { commands: {} } });

    await story.pass(30 * 60_000);

    expect(described()).toEqual([]);
  });

  test("that are described are kept in step whether the config asks for it or not", async () => {
    story = new Story({ settings: { commands: {} } });
    story.homeserver.setState(story.managementRoom, story.bot.userId, type, "gone", { command: "gone" });
    await story.start();

    await story.until(() => !described().includes("gone"), "the last change", 3 * 3_600_000);

    expect(described()).toContain("ban");
  });

  test("are not described where Tyr lacks the power, or the config says no", async () => {
    story = new Story({ settings: { commands: { describe: true } } });
    const levels = story.homeserver.state(story.managementRoom, "m.room.power_levels")!.content;
    story.homeserver.setState(story.managementRoom, story.bot.userId, "m.room.power_levels", "", {
      ...levels,
      users: { [story.moderator]: 100 },
    });
    await story.start();
    await aLittleLater();
    expect(writes()).toBe(0);
    await story.stop();

    await begin();
    await aLittleLater();
    expect(writes()).toBe(0);
  });

  test("can be called as such clients do", async () => {
    await begin();
    const rude = story.person("rude");
    const call = (command: string, args: Content, to = story.bot.userId) => ({
      body: `/${command} ...`,
      "m.mentions": { user_ids: [to] },
      "org.matrix.msc4391.command": { command, arguments: args },
    });

    const answer = await sayAs(call("ban", { who: rude, reason: 'said "go away" — twice', for: "7 days" }));

    expect(answer).toContain("until 20");
    expect(rules()).toMatchObject([{ entity: rude, reason: 'said "go away" — twice' }]);
    expect(
      await sayAs(call("rooms add", { room: { type: "room_id", id: story.rooms[0]!, via: ["hs.test"] } })),
    ).toContain("is protected already");
    const other = send(call("status", {}, "@draupnir:hs.test"));
    await story.pass();
    expect(marksOn(other)).toEqual([]);
  });
});

describe("a command that is badly typed", () => {
  beforeEach(() => begin());

  test.each([
    ["a capital", "!tyr Ban @rude:hs.test Spam"],
    ["a full stop after the id", "!tyr ban @rude:hs.test. Spam"],
    ["angle brackets", "!tyr ban <@rude:hs.test> Spam"],
    ["characters that nobody sees", "\u200b!tyr\u00a0b\u200ban\u00a0\u2068@rude:hs.test\u2069 Spam"],
    ["a colon after the name", "!tyr ban @rude:hs.test: Spam"],
    ["lines", "!tyr ban\n@rude:hs.test\nSpam"],
  ])("with %s is understood", async (_what, command) => {
    const rude = story.person("rude");

    expect(await story.command(command)).toMatch(/^✅/);
    expect(story.isBanned(rude)).toBe(true);
    expect(rules()).toEqual([{ entity: rude, recommendation: "m.ban", reason: "Spam" }]);
  });

  test("keeps the apostrophe and the family of the reason as they were", async () => {
    story.person("rude");

    await story.command("!tyr ban @rude:hs.test doesn’t stop. 👨‍👩‍👧");

    expect(rules()).toMatchObject([{ reason: "doesn’t stop. 👨‍👩‍👧" }]);
  });

  test.each(["!tyr why @a:hs.test,@b:hs.test", "!tyr powerlevel @a:hs.test, @b:hs.test 50"])(
    "%p is told that there is one at a time",
    async (command) => {
      const a = story.person("a");

      expect(await story.command(command)).toMatch(/^❌ [^]*one at a time/);
      expect(story.homeserver.membership(story.rooms[0]!, a)).toBe("join");
      expect(story.world!.settings.exemptions.size).toBe(0);
    },
  );

  test.each([
    ["!tyr", "Tyr is watching"],
    ["!tyr lists", "1 list"],
    ["!tyr statsu", "Did you mean !tyr status?"],
    ["!tyr rooms ad #x:y", "Did you mean !tyr rooms add?"],
    ["!tyr kick @a:b --limit 3", "--limit is no flag of this command. It belongs to !tyr redact."],
    ["!tyr ban @a:b --for", "--for needs a span of time"],
    ["!tyr redact @a:b --limit 0", "--limit needs a whole number above 0"],
  ])("%s", async (command, told) => {
    expect(await story.command(command.trim())).toContain(told);
  });

  test("in more characters than anybody types is told so", async () => {
    expect(await story.command(`!tyr ban @a:b ${"long ".repeat(1_100)}.`)).toContain(
      "a command may have 5000 characters",
    );
  });
});

describe("a long answer", () => {
  const listed = /• /g;

  test.each([
    ["rooms", 100],
    ["rules coc", 500],
    ["exempt list", 500],
  ])("of %s comes in pages, folded, each with the way to the next, and fits", async (words, many) => {
    await begin({ rooms: words === "rooms" ? many : 1 });
    for (let i = 0; i < many; i++) {
      const entity = `@somebody-with-a-long-name-${i}:a-server-with-a-long-name.example`;
      if (words === "rules coc") story.rule(entity, { reason: "spam & <b>worse</b> @room ".repeat(8) });
      if (words === "exempt list")
        story.tyr.bot()!.receive([
          {
            kind: "settings-changed",
            change: {
              kind: "exempt",
              exemption: { entity, reason: "a bridge & more", by: story.moderator, at: i },
            },
          },
        ]);
    }
    await story.pass();

    const [first, second, last] = [
      await story.command(`!tyr ${words}`),
      await story.command(`!tyr ${words} --page 2`),
      await story.command(`!tyr ${words} --page 9999`),
    ];

    const pages = Math.ceil(many / 40);
    expect(first).toContain(`(page 1 of ${pages}; !tyr ${words} --page 2 shows the next)`);
    expect(second).toContain(`(page 2 of ${pages}; !tyr ${words} --page 3 shows the next)`);
    expect(last).toContain(`(page ${pages} of ${pages}; it is the last)`);
    expect(first.match(listed)).toHaveLength(40);
    expect(last.match(listed)).toHaveLength(many % 40);
    for (const answer of [first, second, last]) {
      expect(answer).not.toContain("shortened");
      expect(answer).not.toMatch(/@room\b/);
    }
    const html = String(story.homeserver.events(story.managementRoom).at(-2)?.content["formatted_body"]);
    expect(html).toMatch(/^<details><summary>[^]*<\/details>/);
    expect(html).not.toContain("<b>worse");
  });
});
