// Lists of others: looked at before they are followed, and left alone where they are not.

import { afterEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RoomId } from "../../src/model/ids.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const folders: string[] = [];
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), "tyr-story-"));
  folders.push(path);
  return path;
};

afterEach(async () => {
  await story.stop();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

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
    await begin({ dataPath: folder() });
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
    await begin({ dataPath: folder() });
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
