// The main job on homeservers that do things in their own way: the same outcome under each.

import { afterEach, describe, expect, test } from "@jest/globals";
import { manners, type ServerKind } from "../homeserver/manners.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (like: ServerKind, options: StoryOptions = {}) => {
  story = new Story({ ...options, homeserver: { like, ...options.homeserver } });
  await story.start();
  return story;
};

afterEach(() => story.stop());

/** The reply to a command with its mark, whichever stands first, however long a server lets us wait. */
const replyTo = async (text: string) => {
  const event = story.homeserver.sendText(story.managementRoom, story.moderator, text);
  const mark = () =>
    story.homeserver
      .events(story.managementRoom)
      .map((one) => one.content["m.relates_to"] as { event_id?: string; key?: string } | undefined)
      .find((relation) => relation?.event_id === event && relation.key !== undefined)?.key;
  const reply = () => story.answerTo(event);
  await story.until(() => mark() !== undefined && reply() !== undefined, `the reply to ${text}`, 600_000);
  return `${mark()} ${reply()}`;
};

const kinds = Object.keys(manners) as ServerKind[];
const places = kinds.flatMap((like) =>
  (["11", "12"] as const)
    .filter((version) => Number(version) <= manners[like].newestRoomVersion)
    .map((version) => ({ like, version })),
);

describe.each(places)("on $like, in rooms of version $version", ({ like, version }) => {
  test("a ban for spam by command is in force in every room, and what was written is gone", async () => {
    await begin(like, { version, rooms: 3 });
    const spammer = story.person("spammer");
    const spam = story.rooms.map((room) => story.homeserver.sendText(room, spammer, "buy my coins"));

    const reply = await replyTo(`!tyr ban ${spammer} spam`);
    await story.pass();

    expect(reply).toMatch(/^✅ /);
    expect(story.isBanned(spammer)).toBe(true);
    for (const [i, room] of story.rooms.entries())
      expect(story.homeserver.event(room, spam[i]!)?.content).toEqual({});
    const [rule] = story.homeserver.stateOfType(story.list, "m.policy.rule.user");
    expect(rule?.content).toMatchObject({ entity: spammer, recommendation: "m.ban", reason: "spam" });
  });

  test("a rule of a list bans who is here, who joins later, and closes rooms to servers", async () => {
    await begin(like, { version });
    const here = story.person("here");
    story.rule(here);
    story.rule("@late:hs.test");
    story.rule("evil.example", { kind: "server" });
    await story.until(() => story.isBanned(here), "the bans");
    await story.until(() => story.rooms.every((room) => story.deny(room).includes("evil.example")), "ACLs");

    const late = story.person("late", [story.rooms[1]!]);
    await story.until(() => story.isBanned(late, [story.rooms[1]!]), "the ban of who came later");

    expect(story.homeserver.membership(story.rooms[0]!, story.moderator)).toBe("join");
  });

  test("undo and unmute leave everything as it was", async () => {
    await begin(like, { version });
    const [banned, muted] = [story.person("banned"), story.person("muted")];
    const levels = () =>
      story.rooms.map((room) => story.homeserver.state(room, "m.room.power_levels")?.content);
    const before = structuredClone(levels());
    const number = undoNumber(await replyTo(`!tyr ban ${banned}`));
    await story.command(`!tyr mute ${muted}`);
    expect(levels()).not.toEqual(before);

    await story.command(`!tyr undo ${number}`);
    await story.command(`!tyr unmute ${muted}`);
    await story.pass();

    expect(story.rooms.map((room) => story.homeserver.membership(room, banned))).toEqual(["leave", "leave"]);
    expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user").map((one) => one.content)).toEqual([
      {},
    ]);
    expect(levels()).toEqual(before);
  });

  test("a list is made, and a room that leads nowhere is named and tried again", async () => {
    await begin(like, { version });

    const made = await replyTo("!tyr lists create mine");
    const added = await replyTo("!tyr rooms add !nowhere:gone.example");

    expect(made).toMatch(/^✅ /);
    expect(added).toMatch(/^❌ /);
    expect(added).toContain("!nowhere:gone.example");
  });

  test("after a restart without news nothing is said or written twice", async () => {
    await begin(like, { version });
    const person = story.person("person");
    await story.command(`!tyr ban ${person}`);
    const bans = story.written("m.room.member").length;

    await story.stop();
    await story.start();
    await story.pass();

    expect(story.written("m.room.member")).toHaveLength(bans);
  });
});

test("a start without news takes a second where the homeserver holds /sync back for five", async () => {
  await begin("tuwunel", { dataPath: aFolder() });
  await story.pass();
  await story.stop();
  // The long poll that the run had open ends.
  await story.pass();
  const before = story.clock.now();

  await story.start();

  expect(story.clock.now() - before).toBeLessThan(1_500);
});

test("where /sync answers at once, nothing is sent to our own device", async () => {
  await begin("synapse", { dataPath: aFolder() });
  await story.stop();
  await story.start();

  expect(story.homeserver.requests.filter(({ kind }) => kind === "PUT to-device")).toEqual([]);
});

test.each([
  ["dendrite", "Dendrite"],
  ["tuwunel", "Tuwunel"],
] as const)(
  "on %s an account is not suspended, and the command gives no advice for Synapse",
  async (like, name) => {
    await begin(like);
    await story.pass();

    const reply = await replyTo(`!tyr suspend ${story.person("person")}`);

    expect(reply).toMatch(/^❌ /);
    expect(reply).toContain(`needs Synapse's admin API, and this homeserver is ${name}`);
    expect(reply).not.toContain("UPDATE users");
    expect(
      story.homeserver.requests.filter((one) => one.path.includes("/suspend/") && one.method === "PUT"),
    ).toEqual([]);
  },
);

const marksOn = (event: string) =>
  story.homeserver
    .events(story.managementRoom)
    .map((one) => one.content["m.relates_to"] as { event_id?: string; key?: string } | undefined)
    .filter((relation) => relation?.event_id === event)
    .flatMap((relation) => relation?.key ?? []);

describe("where of two events that are sent at once the later may stand first", () => {
  test("a question bears its yes before its no", async () => {
    await begin("tuwunel");
    story.person("here");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @h*:hs.test");
    const question = () =>
      story.homeserver
        .events(story.managementRoom)
        .find((one) => String(one.content["body"]).startsWith("Question 1:"));

    await story.until(() => question() !== undefined, "the question");
    await story.pass();

    expect(marksOn(question()!.event_id)).toEqual(["✅", "❌"]);
  });

  test("choices stand in the order of their numbers", async () => {
    story = new Story({ homeserver: { like: "tuwunel" } });
    story.settings = { watchedLists: [story.list, story.room("Second"), story.room("Third")] };
    await story.start();
    const command = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @a:hs.test");

    await story.until(() => story.answerTo(command) !== undefined, "the prompt");
    await story.pass();

    const prompt = story.homeserver
      .events(story.managementRoom)
      .find(({ content }) => JSON.stringify(content).includes(`"m.in_reply_to":{"event_id":"${command}"}`));
    expect(marksOn(prompt!.event_id)).toEqual(["1️⃣", "2️⃣", "3️⃣"]);
  });

  test("the mark on a command comes after its answer", async () => {
    await begin("tuwunel");
    const command = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr status");

    await story.until(() => marksOn(command).length > 0, "the mark");

    expect(story.answerTo(command)).toContain("Tyr is watching");
  });
});

test("while a join is tried again for minutes, the answer says so within seconds", async () => {
  await begin("dendrite");
  const command = story.homeserver.sendText(
    story.managementRoom,
    story.moderator,
    "!tyr rooms add !nowhere:gone.example",
  );

  await story.pass(5_000);

  expect(story.answerTo(command)).toContain(
    "not yet in 1: !nowhere:gone.example: the homeserver answered with status 500; I try again for some minutes",
  );
  await story.pass(600_000);
  expect(story.answerTo(command)).toContain("failed in 1: !nowhere:gone.example");
  expect(story.answerTo(command)).not.toContain("I try again");
});
