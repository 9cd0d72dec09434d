// A rehearsal: a made-up wave that is told, asked and called for as a real one, and that touches nothing.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const minute = 60_000;

let story: Story;

afterEach(() => story.stop());

async function begin({ settings, ...options }: StoryOptions = {}): Promise<void> {
  story = new Story({
    ...options,
    settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" }, ...settings },
  });
  for (let i = 0; i < 10; i++) story.person(`resident${i}`);
  await story.start();
  await story.command("!tyr protections profile usual --now");
  await story.pass(minute);
}

const said = (what: RegExp) => story.said().filter((text) => what.test(text));
const until = (what: RegExp) =>
  story.until(() => said(what).length > 0, `a message like ${what}`, 40 * minute);
const answer = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const mark = (key: string, on: RegExp) => {
  const event = story.homeserver
    .events(story.managementRoom)
    .find(({ type, content }) => type === "m.room.message" && on.test(String(content["body"])))!.event_id;
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key },
  });
};
const question = /^Rehearsal: Question (\d+):/;
const over = /^Rehearsal over/;
/** All that is in the rooms and the list. */
const rooms = () =>
  [...story.rooms, story.list].map((room) => story.homeserver.events(room).map(({ event_id }) => event_id));
/** What Tyr has sent or written since, but for the marks on commands and questions. */
const sent = (from: number) =>
  story.homeserver
    .events(story.managementRoom)
    .slice(from)
    .filter(({ sender, type }) => sender === story.bot.userId && type !== "m.reaction");
const calls = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ content }) => Object.keys((content["m.mentions"] ?? {}) as Content).length > 0);

const acts = () =>
  story.database!.all("SELECT kind FROM decision WHERE kind NOT IN ('tell', 'react', 'change-settings')");
async function rehearse(text = "!tyr rehearse wave"): Promise<void> {
  await story.command(text);
  await until(question);
}

describe("a rehearsal", () => {
  test("asks, calls, takes the answer and tells how it went; no room, list or journal knows of it", async () => {
    await begin();
    const [before, actsBefore] = [rooms(), acts()];
    const from = story.homeserver.events(story.managementRoom).length;
    const asked = story.homeserver.requests.length;

    const reply = await story.command("!tyr rehearse wave");
    await until(question);
    await story.pass(minute);
    mark("⛔", question);
    await until(over);

    expect(reply).toMatch(/^✅ Rehearsal: 12 made-up accounts come to Room/);
    expect(rooms()).toEqual(before);
    expect(acts()).toEqual(actsBefore);
    expect([...story.world!.stored.waves.all()]).toEqual([]);
    expect(story.world!.settings.waveVerdicts.size).toBe(0);
    expect(calls()).toHaveLength(1);
    const written = story.homeserver.requests
      .slice(asked)
      .filter(({ method }) => method !== "GET")
      .map(({ kind, roomId }) => [kind, roomId]);
    expect(new Set(written.map(([kind]) => kind))).toEqual(
      new Set(["PUT send m.room.message", "PUT send m.reaction"]),
    );
    expect(new Set(written.map(([, room]) => room))).toEqual(new Set([story.managementRoom]));
    const bodies = sent(from).map(({ content }) => String(content["body"]));
    expect(bodies.filter((text) => !/^(\* )?Rehearsal/.test(text))).toEqual([]);
    const report = said(over).at(-1);
    expect(report).toMatch(/2 rooms were closed to them after \d+ seconds/);
    expect(report).toMatch(/Called: @mod:hs\.test\. @mod:hs\.test answered after 1 minute/);
    expect(report).toMatch(/I would have done: \d+ bans\./);
    expect(report).toMatch(/Of 8 messages of theirs 8 would have been removed/);
  });

  test("calls who is on duty, goes on calling, and ends by itself where nobody answers", async () => {
    await begin();
    const ann = story.homeserver.createUser("ann").userId;
    story.homeserver.invite(story.managementRoom, story.moderator, ann);
    story.homeserver.join(story.managementRoom, ann);
    await story.command(`!tyr duty add ${ann} 00:00-00:00 UTC`);
    const from = calls().length;

    await rehearse();
    await until(over);

    const called = calls()
      .slice(from)
      .map(({ content }) => (content["m.mentions"] as Content)["user_ids"]);
    expect(called[0]).toEqual([ann]);
    expect(said(over).at(-1)).toMatch(/Called: @ann:hs\.test\. Nobody answered/);
  });

  test.each([
    ["!tyr waves clean", /I would have done: \d+ bans/],
    ["no", /I would have done: \d+ bans/],
    ["!tyr no 1001", /I would have done: \d+ bans/],
    ["!tyr waves fine 1001", /Nobody would have been removed/],
    ["yes", /Nobody would have been removed/],
  ])("takes %s", async (text, what) => {
    await begin();
    const before = rooms();
    await rehearse();

    answer(text);
    await until(over);

    expect(said(over).at(-1)).toMatch(what);
    expect(rooms()).toEqual(before);
    expect(said(/^(❌|I do not know|Nothing to)/)).toEqual([]);
  });

  test("lets undo, release, raid, calm and stop be practised", async () => {
    await begin();
    const before = rooms();
    await rehearse();
    answer("no");
    await until(/banned 8 people in 2 rooms/);

    for (const [text, what] of [
      ["!tyr release", /^Rehearsal: Closed: 2 rooms/],
      ["!tyr undo 1001", /^(\* )?Rehearsal: [^]*8 bans to lift/],
      ["!tyr raid", /^Rehearsal: Closing 2 rooms/],
      ["!tyr calm", /^Rehearsal: Opening 2 rooms/],
      ["!tyr stop", /^Rehearsal: Stopped until/],
    ] as const) {
      const before = said(what).length;
      answer(text);
      await story.until(() => said(what).length > before, `a message like ${what}`);
      await story.pass(10_000);
    }
    await until(over);

    expect(rooms()).toEqual(before);
    expect(story.world!.settings.stopping.stop).toBeUndefined();
    expect(said(over).at(-1)).toMatch(/8 lifted bans, 8 bans/);
  });

  test("is ended by a command, once", async () => {
    await begin();
    await rehearse();

    const again = await story.command("!tyr rehearse wave");
    const ended = await story.command("!tyr rehearse stop");
    await until(over);
    await story.pass(5 * minute);

    expect(again).toMatch(/^❌ a rehearsal goes on already/);
    expect(ended).toMatch(/^✅ Ending the rehearsal/);
    expect(said(over)).toHaveLength(1);
    expect(said(over)[0]).toMatch(/You ended it/);
    expect(await story.command("!tyr rehearse stop")).toMatch(/^❌ no rehearsal goes on/);
    expect(await story.command("!tyr rehearse wave")).toMatch(/^✅/);
  });

  test("goes where it is told to, with so many accounts", async () => {
    await begin({ rooms: 3 });

    const reply = await story.command(`!tyr rehearse wave ${story.rooms[2]!} --accounts 20`);
    await until(question);
    await story.pass(2 * minute);

    expect(reply).toMatch(/20 made-up accounts come to Room 3 now/);
    expect(said(question).join()).not.toMatch(/Room 1/);
    await story.command("!tyr rehearse stop");
  });

  test.each([
    ["rehearse wave --accounts 3", /from 8 to 50 accounts, not 3/],
    ["rehearse wave --accounts 5000", /from 8 to 50/],
    ["rehearse wave !nowhere:hs.test", /no protected room|is not a protected room/],
  ])("%s: says what is wrong", async (text, why) => {
    await begin();

    const reply = await story.command(`!tyr ${text}`);

    expect(reply).toMatch(/^❌/);
    expect(reply).toMatch(why);
  });

  test("needs that waves are looked for, and that nothing is stopped", async () => {
    await begin({ settings: { waves: { act: "off" } } });

    expect(await story.command("!tyr rehearse wave")).toMatch(/^❌ waves are not looked for/);
    await story.command("!tyr stop");
    expect(await story.command("!tyr rehearse wave")).toMatch(/^❌/);
  });
});

/** What a team may say to it, in any order. */
const sayings = [
  "yes",
  "no",
  "!tyr yes",
  "!tyr no 1001",
  "!tyr waves",
  "!tyr waves fine",
  "!tyr waves clean",
  "!tyr waves invite",
  "!tyr waves excuse @a1:one.rehearsal.invalid",
  "!tyr undo 1001",
  "!tyr undo last",
  "!tyr release",
  "!tyr release 1001",
  "!tyr raid",
  "!tyr raid 5m",
  "!tyr shut",
  "!tyr calm",
  "!tyr stop",
  "!tyr go",
  "!tyr ban *:two.rehearsal.invalid spam",
  "!tyr why last",
  "what is going on?",
];

test.each([1, 2, 3, 4, 5])("whatever is said to it, nothing reaches a room (seed %i)", async (seed) => {
  await begin();
  const before = rooms();
  const settings = story.world!.settings;
  await rehearse();
  const asked = story.homeserver.requests.length;
  let random = seed * 7_919;

  for (let i = 0; i < 14; i++) {
    random = (random * 48_271) % 2_147_483_647;
    answer(sayings[random % sayings.length]!);
    if (random % 5 === 0) mark(random % 2 === 0 ? "⛔" : "✅", question);
    await story.pass(random % 20_000);
  }
  await story.command("!tyr rehearse stop");
  await until(over);
  await story.pass(15 * minute);

  const writes = story.homeserver.requests.slice(asked).filter(({ method }) => method !== "GET");
  expect(new Set(writes.map(({ kind, roomId }) => `${kind} ${roomId}`))).toEqual(
    new Set(["m.room.message", "m.reaction"].map((type) => `PUT send ${type} ${story.managementRoom}`)),
  );
  expect(rooms()).toEqual(before);
  expect(story.world!.settings).toEqual(settings);
  expect(story.log.filter(({ level }) => level === "error")).toEqual([]);
});

describe("what is real", () => {
  test("goes on: commands that are no words for a wave, and a ban of a real person", async () => {
    await begin();
    const spammer = story.person("spammer");
    await rehearse();

    const status = await story.command("!tyr status");
    await story.confirmed(`!tyr ban ${spammer} spam`);
    await story.until(() => story.isBanned(spammer), "the ban");
    const undone = await story.command("!tyr undo last");
    await story.until(() => !story.isBanned(spammer), "the lifted ban");

    expect(status).toMatch(/^✅ (?!Rehearsal)/);
    expect(undone).toMatch(/^✅ (?!Rehearsal)/);
    await story.command("!tyr rehearse stop");
  });

  test("is stopped, too, by a stop while anything real is done", async () => {
    await begin();
    const spammer = story.person("spammer");
    await rehearse();
    await story.confirmed(`!tyr ban ${spammer} spam`);
    await story.until(() => story.isBanned(spammer), "the ban");

    answer("!tyr stop");
    await until(over);

    expect(story.world!.settings.stopping.stop).toBeDefined();
  });

  test("comes first: a real wave ends it", async () => {
    await begin();
    await rehearse();

    for (let i = 0; i < 8; i++) {
      const user = `@a${(0x5fa9c2d10e + i * 0x2d3b7).toString(16)}:evil.example`;
      if (story.deny(story.rooms[0]!).includes("evil.example")) break;
      story.homeserver.join(story.rooms[0]!, user);
      await story.pass(2_000);
      if (
        story.homeserver.membership(story.rooms[0]!, user) === "join" &&
        !story.deny(story.rooms[0]!).includes("evil.example")
      )
        story.homeserver.sendText(
          story.rooms[0]!,
          user,
          `Dear ${i}, earn money at home with our trading group at https://evil.example/x`,
        );
      await story.pass(1_000);
    }
    await until(over);
    await until(/^Question \d+:/);

    expect(said(over)[0]).toMatch(/Something real has come up/);
  });

  test("a restart ends it, and says so", async () => {
    await begin({ dataPath: aFolder() });
    await rehearse();

    story.kill();
    await story.start();
    await until(over);
    await story.pass(10 * minute);

    expect(said(over)).toEqual([expect.stringMatching(/I was started again/)]);
    expect([...story.world!.questions.all].filter(({ id }) => id > 1_000)).toEqual([]);
  });
});
