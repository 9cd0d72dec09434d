// Lists of others: looked at before they are followed, and left alone where they are not.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { RoomId } from "../../src/model/ids.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;

afterEach(() => story.stop());

/** `people` are in the rooms before Tyr begins, so none of them is a newcomer. */
const begin = async ({ people = [], ...options }: StoryOptions & { people?: readonly string[] } = {}) => {
  story = new Story(options);
  const those = people.map((name) => story.person(name));
  await story.start();
  return those;
};

/** A list of somebody else's, in which Tyr is not. */
function foreignList(rules: readonly { entity: string; kind?: string; reason?: string }[]): string {
  const author = story.homeserver.createUser("author").userId;
  return story.homeserver.createRoom({
    creator: author,
    name: "Foreign bans",
    joinRule: "public",
    initialState: [
      { type: "org.matrix.mjolnir.shortcode", content: { shortcode: "foreign" } },
      ...rules.map(({ entity, kind = "user", reason = "" }) => ({
        type: `m.policy.rule.${kind}`,
        stateKey: `rule:${entity}`,
        content: { entity, recommendation: "m.ban", reason },
      })),
    ],
  });
}

const question = (number = 1) =>
  story.homeserver
    .events(story.managementRoom)
    .find((one) => String(one.content["body"]).startsWith(`Question ${number}:`));
/** The moderator says it; resolves with the text of the question that it leads to. */
async function asked(command: string, number = 1): Promise<string> {
  story.homeserver.sendText(story.managementRoom, story.moderator, command);
  await story.until(() => question(number) !== undefined, `question ${number}`);
  await story.pass(2_000);
  return String(question(number)!.content["body"]);
}
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const watched = () => story.world!.settings.lists.map(({ room }) => room as string);
const isIn = (room: string) => story.homeserver.membership(room, story.bot.userId) === "join";
/** Whoever asks to join hears nothing any more. */
const joinsHang = () =>
  story.homeserver.setWeather(({ path }) =>
    path.includes("/join/") ? { status: 0, hangs: true } : undefined,
  );
const joinsAsked = () => story.homeserver.requests.filter(({ kind }) => kind === "POST join").length;

describe("lists preview", () => {
  test("tells what a list would do, follows nothing, leaves it again and forgets its rules", async () => {
    await begin({ people: ["spammer"] });
    story.rule("@known:far.test");
    const list = foreignList([
      { entity: "@spammer:hs.test" },
      { entity: "@known:far.test" },
      { entity: "*.evil.test", kind: "server" },
    ]);

    const answer = await story.command(`!tyr lists preview ${list}`);
    await story.until(() => !isIn(list), "Tyr leaving");
    await story.pass(60_000);

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("3 rules (2 users, 1 server, 0 rooms; among them 1 glob)");
    expect(answer).toContain("1 rule of them stands on lists that I watch already");
    expect(answer).toContain("1 account may write in it: @author:hs.test");
    expect(answer).toContain("It would hit 1 person: @spammer:hs.test");
    expect(answer).toContain("Room 1 (1 of ");
    expect(answer).not.toContain("Take it back");
    expect(watched()).toEqual([story.list]);
    expect(story.isBanned("@spammer:hs.test")).toBe(false);
    expect(story.world!.lists.has(list as RoomId)).toBe(false);
    expect(story.world!.rooms.has(list as RoomId)).toBe(false);
    expect(story.world!.settings.previews.size).toBe(0);
    expect(story.database!.all("SELECT * FROM state WHERE room = ?", list)).toEqual([]);
  });

  test("stays in a room in which Tyr was before", async () => {
    await begin();
    const list = story.room("Known list", { botLevel: 0 });
    story.rule("@far:far.test", { list });
    await story.pass(1_000);
    story.homeserver.clearRequests();

    expect(await story.command(`!tyr lists preview ${list}`)).toContain("1 rule (1 user");
    await story.pass(30_000);

    expect(isIn(list)).toBe(true);
    expect(joinsAsked()).toBe(0);
  });

  test("says why a list cannot be seen, and leaves nothing behind", async () => {
    await begin();
    const list = story.homeserver.createRoom({
      creator: story.moderator,
      name: "Closed",
      joinRule: "invite",
    });

    const answer = await story.command(`!tyr lists preview ${list}`);
    await story.pass(15 * 60_000);

    expect(answer).toMatch(/^❌/);
    expect(answer).toContain(`I cannot see ${list}`);
    expect(story.world!.settings.previews.size).toBe(0);
  });

  test("names rules against moderators and exempt people", async () => {
    await begin({ people: ["friend"] });
    await story.command("!tyr exempt add @friend:hs.test");
    const list = foreignList([{ entity: "@friend:hs.test" }, { entity: story.moderator }]);

    const answer = await story.command(`!tyr lists preview ${list}`);

    expect(answer).toContain(
      `1 rule names moderators or me, to whom none is ever applied: ${story.moderator}`,
    );
    expect(answer).toContain("1 rule names people who are exempt");
    expect(answer).toContain("It would hit nobody");
  });

  test("a server that never answers the join ends the wait with a sentence", async () => {
    await begin();
    joinsHang();

    const list = foreignList([{ entity: "@far:far.test" }]);
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr lists preview ${list}`);

    await story.until(
      () => story.said().some((text) => text.includes("it takes too long")),
      "the sentence",
      10 * 60_000,
    );
  });
});

describe("lists watch", () => {
  test("follows a list at once that hits nobody, and tells its numbers", async () => {
    await begin();
    const list = foreignList([{ entity: "@far:far.test" }]);

    const answer = await story.command(`!tyr lists watch ${list}`);

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("as it hits nobody here now");
    expect(answer).toContain("1 rule (1 user");
    expect(watched()).toEqual([story.list, list]);
    await story.pass(1_000);
    expect(story.world!.settings.previews.size).toBe(0);
  });

  test("asks where it would hit somebody, and after a yes does not ask again", async () => {
    const people = await begin({
      people: ["one", "two", "three", "tyrant"],
      settings: { guard: { maxPeople: 1 } },
    });
    const list = foreignList([{ entity: "@one:hs.test" }, { entity: "@t*:hs.test" }]);

    const text = await asked(`!tyr lists watch ${list}`);
    expect(text).toContain("It would hit 4 people");
    expect(text).toContain("Shall I follow it?");
    expect(watched()).toEqual([story.list]);
    expect(people.some((one) => story.isBanned(one))).toBe(false);
    story.homeserver.sendText(story.managementRoom, story.moderator, "yes");

    await story.until(() => people.every((one) => story.isBanned(one)), "the bans");
    await story.pass(30_000);
    expect(watched()).toEqual([story.list, list]);
    expect(question(2)).toBeUndefined();
    expect(story.isBanned(story.moderator)).toBe(false);
    expect(isIn(list)).toBe(true);
  });

  test("a rule that comes between the question and the yes is weighed like any other", async () => {
    const [one, ...crowd] = await begin({
      people: ["one", "crowd1", "crowd2", "crowd3"],
      settings: { guard: { maxPeople: 1, maxRoomShare: 100 } },
    });
    const list = foreignList([{ entity: one! }]);
    await asked(`!tyr lists watch ${list}`);

    story.homeserver.setState(list, "@author:hs.test", "m.policy.rule.user", "more", {
      entity: "@crowd*:hs.test",
      recommendation: "m.ban",
    });
    await story.pass(2_000);
    story.homeserver.sendText(story.managementRoom, story.moderator, "yes");

    await story.until(() => question(2) !== undefined, "the guard's question");
    expect(story.isBanned(one!)).toBe(true);
    expect(crowd.some((who) => story.isBanned(who))).toBe(false);
  });

  test("after a no it is left and forgotten", async () => {
    await begin();
    const one = story.person("one");
    const list = foreignList([{ entity: one }]);
    await asked(`!tyr lists watch ${list}`);
    expect(isIn(list)).toBe(true);

    story.homeserver.sendText(story.managementRoom, story.moderator, "no");

    await story.until(() => !isIn(list), "Tyr leaving");
    await story.pass(5_000);
    expect(watched()).toEqual([story.list]);
    expect(story.isBanned(one)).toBe(false);
    expect(story.world!.lists.has(list as RoomId)).toBe(false);
    expect(story.world!.settings.previews.size).toBe(0);
  });

  test("--now follows without a question, and the guard still asks about what is too much", async () => {
    const people = await begin({
      people: ["one", "two", "three"],
      settings: { guard: { maxPeople: 1 } },
    });
    const list = foreignList(people.map((entity) => ({ entity })));

    expect(await story.command(`!tyr lists watch ${list} --now`)).toMatch(/^✅/);

    await story.until(() => question() !== undefined, "the guard's question");
    expect(watched()).toEqual([story.list, list]);
    expect(question()!.content["body"]).toContain("3 new rules");
  });

  test("the question survives a restart, and so does its yes", async () => {
    await begin({ dataPath: aFolder() });
    const one = story.person("one");
    const list = foreignList([{ entity: one }]);
    await asked(`!tyr lists watch ${list}`);

    await story.stop();
    await story.start();
    expect(isIn(list)).toBe(true);
    await story.command("!tyr yes 1");

    await story.until(() => story.isBanned(one), "the ban");
    expect(watched()).toEqual([story.list, list]);
  });

  test("a crash while the list is read has the moderator say it again, and leaves no room behind", async () => {
    await begin({ dataPath: aFolder() });
    const list = foreignList([{ entity: story.person("one") }]);
    joinsHang();
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr lists watch ${list}`);
    await story.pass(3_000);

    story.kill();
    story.homeserver.setWeather(() => undefined);
    await story.start();
    await story.until(
      () => story.said().some((text) => text.includes("please say it again")),
      "the word about it",
    );
    await story.pass(12 * 60_000);

    expect(watched()).toEqual([story.list]);
    expect(isIn(list)).toBe(false);
    expect(story.world!.settings.previews.size).toBe(0);
  });
});

describe("lists import", () => {
  const rulesOf = (list: string, kind = "user") =>
    story.homeserver
      .stateOfType(list, `m.policy.rule.${kind}`)
      .map(({ content }) => content)
      .filter(({ entity }) => entity !== undefined);
  const banned = (room: string, name: string, reason?: string) => {
    const { userId } = story.homeserver.createUser(name);
    story.homeserver.ban(room, story.moderator, userId, reason);
    return userId;
  };

  test("makes rules of a room's bans with their reasons, and leaves out what lists say already", async () => {
    await begin({ settings: { offers: { enabled: false } } });
    const room = story.room("Old room", { botLevel: 0 });
    banned(room, "rude", "insults");
    banned(room, "known");
    story.homeserver.setState(room, story.moderator, "m.room.server_acl", "", {
      allow: ["*"],
      deny: ["evil.test", "*.evil.test", "friend.test"],
    });
    await story.command("!tyr exempt add server friend.test");
    story.rule("@kno*:hs.test");

    const answer = await story.command(`!tyr lists import ${room}`);

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("3 rules (1 user, 2 servers)");
    expect(answer).toContain("1 that lists ask for already");
    expect(answer).toContain("1 against moderators, me or exempt people (friend.test)");
    expect(answer).toContain("wrote 3 rules");
    expect(rulesOf(story.list)).toContainEqual({
      entity: "@rude:hs.test",
      recommendation: "m.ban",
      reason: "insults",
    });
    expect(rulesOf(story.list, "server").map(({ entity }) => entity)).toEqual(["evil.test", "*.evil.test"]);

    expect(await story.command(`!tyr lists import ${room}`)).toContain("nothing to write");
    expect(await story.command("!tyr undo last")).toMatch(/^✅/);
    expect(rulesOf(story.list).map(({ entity }) => entity)).toEqual(["@kno*:hs.test"]);
    expect(rulesOf(story.list, "server")).toEqual([]);
  });

  test("asks first where there are more than a few, with whom they would hit, and tells it in one message", async () => {
    const people = await begin({
      people: ["here0", "here1"],
      settings: { guard: { maxPeople: 1 }, offers: { enabled: false } },
    });
    const room = story.room("Old room");
    for (const one of people) story.homeserver.ban(room, story.moderator, one, "seen there");
    for (let i = 0; i < 30; i++) banned(room, `old${i}`);

    const text = await asked(`!tyr lists import ${room} coc`);
    expect(text).toContain("32 rules (32 users, 0 servers)");
    expect(text).toContain("It would hit 2 people");
    expect(rulesOf(story.list)).toEqual([]);
    const before = story.said().length;
    say("yes");
    await story.until(() => story.said().some((one) => one.includes("wrote 32 rules")), "the rules");
    await story.until(() => people.every((one) => story.isBanned(one)), "the bans");
    await story.pass(10_000);

    expect(rulesOf(story.list)).toHaveLength(32);
    expect(question(2)).toBeUndefined();
    const firsts = story
      .said()
      .slice(before)
      .filter((one) => !one.startsWith("* "));
    expect(firsts).toHaveLength(2);
  });

  test("says what is in its way", async () => {
    await begin();

    expect(await story.command("!tyr lists import !nowhere:hs.test")).toMatch(/^❌.*I am not in/);
    expect(await story.command(`!tyr lists import ${story.list}`)).toMatch(/^❌.*that list itself/);
    story.homeserver.failNext({ match: (request) => request.path.endsWith("/members"), status: 403 });
    expect(await story.command(`!tyr lists import ${story.rooms[0]!}`)).toMatch(
      /^❌.*I cannot read the bans/,
    );
  });

  test("a ban of somebody whose name is a glob makes no rule", async () => {
    await begin({ settings: { offers: { enabled: false } } });
    const room = story.room("Old room");
    for (const name of ["@*:far.test", "@r?de:far.test"])
      story.homeserver.setState(room, story.moderator, "m.room.member", name, { membership: "ban" });

    const answer = await story.command(`!tyr lists import ${room}`);

    expect(answer).toContain("2 whose names would mean others too");
    expect(rulesOf(story.list)).toEqual([]);
  });
});

describe("lists export", () => {
  const file = () =>
    story.homeserver.events(story.managementRoom).find((one) => one.content["msgtype"] === "m.file");

  test("sends the rules as a table, in which nothing is run as a formula", async () => {
    await begin();
    story.rule("@rude:hs.test", { reason: '=HYPERLINK("http://evil.test")' });
    story.rule("evil.test", { kind: "server", reason: "scam, and more" });
    await story.pass(1_000);

    const answer = await story.command("!tyr lists export coc");

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("2 rules in coc.csv");
    expect(answer).toContain("2 accounts in this room can read it");
    expect(file()!.content).toMatchObject({ body: "coc.csv", info: { mimetype: "text/csv" } });
    const text = story.homeserver.media(String(file()!.content["url"]))!;
    expect(text.split("\r\n").slice(0, 3)).toEqual([
      expect.stringContaining('"kind","entity"'),
      expect.any(String),
      expect.any(String),
    ]);
    expect(text).toContain(`"user","'@rude:hs.test","","m.ban","'=HYPERLINK(""http://evil.test"")"`);
    expect(text).toContain('"server","evil.test","","m.ban","scam, and more"');
  });

  test("or as JSON lines; what is too much is left out, the oldest first", async () => {
    await begin({ settings: { limits: { exportKilobytes: 16 } } });
    for (let i = 0; i < 100; i++) story.rule(`@spammer${i}:far.test`, { reason: "x".repeat(200) });
    await story.pass(2_000);

    const answer = await story.command("!tyr lists export coc --json");

    expect(answer).toContain("older rules left out; limits.exportKilobytes");
    const text = story.homeserver.media(String(file()!.content["url"]))!;
    expect(text.length).toBeLessThanOrEqual(16 * 1024);
    const [first] = text.split("\n").map((line) => (line === "" ? undefined : JSON.parse(line)));
    expect(first).toMatchObject({ type: "m.policy.rule.user", content: { recommendation: "m.ban" } });
  });

  test("what arrives is what was sent, to the last byte", async () => {
    await begin();
    story.rule("@rude:hs.test", { reason: "Störer – 禁止 🦄" });
    await story.pass(1_000);

    await story.command("!tyr lists export coc");

    const text = story.homeserver.media(String(file()!.content["url"]))!;
    expect(text).toContain('"Störer – 禁止 🦄"');
    expect(file()!.content["info"]).toEqual({ mimetype: "text/csv", size: Buffer.byteLength(text) });
  });

  test("an upload that the homeserver refuses is told", async () => {
    await begin();
    story.rule("@rude:hs.test");
    story.homeserver.failNext({
      match: (request) => request.path.endsWith("/upload"),
      status: 413,
      body: { errcode: "M_TOO_LARGE", error: "too large" },
    });
    await story.pass(1_000);

    expect(await story.command("!tyr lists export coc")).toMatch(/^❌.*M_TOO_LARGE/s);
  });
});

describe("rules", () => {
  test("search finds what is in entities and reasons, newest first, with author and day", async () => {
    await begin();
    story.rule("@one:EVIL.test", { reason: "first" });
    await story.pass(1_000);
    story.rule("@two:far.test", { reason: "from Evil.Test" });
    story.rule("@three:far.test");
    await story.pass(1_000);

    const answer = await story.command("!tyr rules search evil.test");

    expect(answer).toContain("2 rules on 1 list with evil.test");
    expect(answer.indexOf("@two:far.test")).toBeLessThan(answer.indexOf("@one:EVIL.test"));
    expect(answer).toContain(`by ${story.moderator} on 2025-01-01`);
    expect(answer).not.toContain("@three");
    expect(await story.command("!tyr rules search nobody")).toContain("No rule holds nobody");
  });

  test("of a list with 10,000 are counted, shown by the newest, and told how to narrow", async () => {
    story = new Story();
    for (let i = 0; i < 10_000; i++) story.rule(`@spammer${i}:far.test`, { reason: `r${i}` });
    await story.start();

    const answer = await story.command("!tyr rules coc");

    expect(answer).toContain("10,000 rules (10,000 users), newest first (page 1 of 250");
    expect(answer).toContain("!tyr rules search <text>");
    expect(answer.split("\n").filter((line) => line.startsWith("•"))).toHaveLength(40);
    expect(await story.command("!tyr rules search spammer9999:")).toContain("1 rule on 1 list");
    expect(await story.command("!tyr rules search far.test")).toContain("10,000 rules on 1 list");
  });
});
