// A moderator's account that suddenly acts en masse with its own client: called, paused, and with a no stopped and taken
// back.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const hour = 60 * minute;

let story: Story;

afterEach(() => story.stop());

/** Residents who were there before Tyr, and two moderators beside the one who made the rooms. */
async function begin({ lists = {}, ...options }: StoryOptions & { lists?: object } = {}): Promise<void> {
  story = new Story({ ...options, settings: { ...options.settings, ...lists } });
  for (let i = 0; i < 40; i++) story.person(`resident${i}`);
  for (const name of ["olga", "paul"]) {
    const user = story.person(name);
    moderates(user);
    for (const room of story.rooms) level(room, user, 50);
  }
  await story.start();
  await story.command("!tyr protections profile quiet --now");
  await story.pass(5 * minute);
}

const olga = "@olga:hs.test";
const paul = "@paul:hs.test";
const lobby = () => story.rooms[0]!;
const resident = (i: number) => `@resident${i}:hs.test`;
const residents = Array.from({ length: 40 }, (_, i) => resident(i));

function moderates(user: string): void {
  story.homeserver.invite(story.managementRoom, story.moderator, user);
  story.homeserver.join(story.managementRoom, user);
}

const levelsIn = (room = lobby()) => story.homeserver.state(room, "m.room.power_levels")!.content;
const levelOf = (user: string, room = lobby()) => ((levelsIn(room)["users"] ?? {}) as Content)[user];

function setLevels(changes: Content, { by = story.moderator, room = lobby() } = {}): void {
  story.homeserver.setState(room, by, "m.room.power_levels", "", { ...levelsIn(room), ...changes });
}

function level(room: string, user: string, to: number, by = story.moderator): void {
  setLevels({ users: { ...(levelsIn(room)["users"] as Content), [user]: to } }, { by, room });
}

/** So many residents are banned by hand, one after the other. */
async function bans(
  count: number,
  { by = olga, from = 0, everyMs = 2_000, room = lobby() } = {},
): Promise<void> {
  for (let i = from; i < from + count; i++) {
    story.homeserver.ban(room, by, resident(i));
    await story.pass(everyMs);
  }
}

const banned = (room = lobby()) => residents.filter((user) => story.isBanned(user, [room]));
const said = (what: RegExp) => story.said().filter((text) => what.test(text));
const until = (what: RegExp) => story.until(() => said(what).length > 0, `a message like ${what}`);
const question = (user = olga) => new RegExp(`^Question \\d+:\nThe account of ${user}`);
const asked = (user = olga) => until(question(user));
const numberOf = (user = olga) => /^Question (\d+)/.exec(said(question(user))[0]!)![1]!;
/** Somebody says something in the management room. */
const says = (user: string, text: string) => story.homeserver.sendText(story.managementRoom, user, text);
/** Somebody reacts to the question. */
function reacts(user: string, key: string, about = olga): void {
  const asks = story.homeserver
    .events(story.managementRoom)
    .find(({ content }) => question(about).test(String(content["body"])))!;
  story.homeserver.send(story.managementRoom, user, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: asks.event_id, key },
  });
}
/** Whom the question mentions. */
const called = (about = olga) =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ content }) => question(about).test(String(content["body"])))
    .flatMap(
      ({ content }) => ((content["m.mentions"] as Content | undefined)?.["user_ids"] ?? []) as string[],
    );
const stateTypes = [
  ...["m.room.power_levels", "m.room.name", "m.room.topic", "m.room.join_rules", "m.room.server_acl"],
];
const state = (room = lobby()) =>
  Object.fromEntries(stateTypes.map((type) => [type, story.homeserver.state(room, type)?.content]));

describe("somebody who bans far more than moderators do", () => {
  test("is asked about once, by one call to everybody else", async () => {
    await begin();

    await bans(35);
    await asked();
    await story.pass(minute);

    expect(said(/Is it @olga/).length).toBeGreaterThan(0);
    expect(new Set(said(question()).map((text) => text.slice(0, 12))).size).toBe(1);
    expect(called().toSorted()).toEqual([story.moderator, paul].toSorted());
    expect(said(question())[0]).toContain("31 people banned, in Room 1");
    expect(banned()).toHaveLength(35);
    expect(levelOf(olga)).toBe(50);
  });

  test("goes on for an hour after a yes, and is counted anew after it", async () => {
    await begin();
    await bans(32);
    await asked();

    reacts(paul, "✅");
    await until(/It is them, said/);
    await bans(8, { from: 32 });
    await story.pass(minute);

    expect(said(question()).filter((text) => /Is it/.test(text))).toHaveLength(1);
    expect(banned()).toHaveLength(40);
    expect(said(/nothing of theirs is counted/)).not.toEqual([]);
    const reply = says(olga, "!tyr status");
    await story.pass(minute);
    expect(story.answerTo(reply)).toContain("Tyr is watching");

    await story.pass(hour);
    await bans(35, { room: story.rooms[1]! });
    await story.pass(minute);
    expect(said(/Is it @olga/).length).toBeGreaterThan(1);
  });

  test("is stopped after a no: the level goes, and what they did is taken back", async () => {
    await begin();
    const before = state();
    await bans(32);
    story.homeserver.setState(lobby(), olga, "m.room.name", "", { name: "Pwned" });
    story.homeserver.setState(lobby(), olga, "m.room.topic", "", { topic: "Pwned" });
    await asked();

    reacts(paul, "⛔");
    await story.until(() => banned().length === 0, "the lifted bans");
    await story.pass(minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([undefined, undefined]);
    level(lobby(), olga, 50);
    expect(state()).toEqual({ ...before, "m.room.topic": {} });
    expect(said(/It is not them, said/)).not.toEqual([]);
  });

  test("has everything again that a stop took, when the stop is undone", async () => {
    await begin();
    await bans(32);
    await asked();
    reacts(paul, "⛔");
    await story.until(() => banned().length === 0, "the lifted bans");
    await until(/undo \d+/);
    await story.pass(minute);

    await story.confirmed(`!tyr undo ${undoNumber(said(/@olga:hs.test is stopped/).at(-1)!)}`);
    await story.until(() => banned().length === 32, "the bans");
    await story.pass(minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([50, 50]);
    const reply = says(olga, "!tyr status");
    await story.pass(minute);
    expect(story.answerTo(reply)).toContain("Tyr is watching");
  });

  test("keeps the level that a person gave them meanwhile, when the stop is undone", async () => {
    await begin();
    await bans(32);
    await asked();
    reacts(paul, "⛔");
    await story.until(() => banned().length === 0, "the lifted bans");
    await story.pass(minute);
    level(lobby(), olga, 25);
    await story.pass(minute);

    await story.confirmed(`!tyr undo ${undoNumber(said(/@olga:hs.test is stopped/).at(-1)!)}`);
    await story.pass(minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([25, 50]);
  });
});

describe("a stop", () => {
  test("is not undone by somebody who came since it began, as they may not say what the account is", async () => {
    await begin();
    await bans(32);
    await asked();
    const friend = story.homeserver.createUser("friend").userId;
    moderates(friend);
    reacts(paul, "⛔");
    await story.until(() => banned().length === 0, "the lifted bans");
    await until(/undo \d+/);
    await story.pass(minute);
    const number = undoNumber(said(/@olga:hs.test is stopped/).at(-1)!);

    const asks = [`!tyr undo ${number}`, "!tyr undo last"].map((text) => says(friend, text));
    await story.pass(minute);

    for (const one of asks) expect(story.answerTo(one)).toContain("Another of you has to say it");
    expect(story.world!.settings.staffVerdicts.get(olga as never)).toMatchObject({ is: "stopped" });
    expect(story.world!.questions.open()).toEqual([]);
    expect(levelOf(olga)).toBeUndefined();
    const reply = says(olga, "!tyr status");
    await story.pass(minute);
    expect(story.answerTo(reply)).not.toContain("Tyr is watching");
  });
});

describe("an account that waits for somebody's word", () => {
  test("cannot answer for itself, by no way, and is told so once", async () => {
    await begin();
    await bans(32);
    await asked();
    const number = numberOf();

    reacts(olga, "✅");
    says(olga, "yes");
    says(olga, `!tyr yes ${number}`);
    says(olga, "!tyr staff trust @olga:hs.test");
    says(olga, "!tyr stop");
    says(olga, "!tyr protections disable staff");
    await story.pass(minute);

    expect(said(/It is them/)).toEqual([]);
    expect(said(/I do not obey/)).toHaveLength(1);
    expect(story.world!.settings.stopping.stop).toBeUndefined();
    expect(story.world!.questions.get(Number(number))!.answer).toBeUndefined();
  });

  test("answers no other question either", async () => {
    await begin();
    says(story.moderator, `!tyr powerlevel ${paul} 0`);
    await until(/^Question \d+:/);
    await bans(32);
    await asked();
    const open = story.world!.questions.open().filter(({ about }) => about.kind !== "staff");

    for (const { id } of open) says(olga, `!tyr yes ${id}`);
    await story.pass(minute);

    expect(open.length).toBeGreaterThan(0);
    expect(open.map(({ id }) => story.world!.questions.get(id)!.answer)).toEqual(open.map(() => undefined));
  });

  test("is not answered for by somebody whom it has let in since", async () => {
    await begin();
    level(story.managementRoom, olga, 100);
    await bans(20);
    await story.pass(minute);
    const friend = story.homeserver.createUser("friend").userId;
    story.homeserver.invite(story.managementRoom, olga, friend);
    story.homeserver.join(story.managementRoom, friend);
    await bans(12, { from: 20 });
    await asked();

    reacts(friend, "✅");
    says(friend, `!tyr yes ${numberOf()}`);
    await story.pass(minute);

    expect(said(/It is them/)).toEqual([]);
    expect(called()).not.toContain(friend);
  });
});

describe("two at once", () => {
  test("neither can answer for the other, and the third answers for both", async () => {
    await begin();
    for (let i = 0; i < 32; i++) {
      story.homeserver.ban(lobby(), olga, resident(i));
      story.homeserver.ban(story.rooms[1]!, paul, resident(i));
      await story.pass(2_000);
    }
    await asked(olga);
    await asked(paul);

    reacts(paul, "⛔", olga);
    reacts(olga, "⛔", paul);
    says(paul, `!tyr no ${numberOf(olga)}`);
    says(olga, "!tyr staff stop @paul:hs.test");
    await story.pass(minute);
    expect([levelOf(olga), levelOf(paul)]).toEqual([50, 50]);

    reacts(story.moderator, "✅", olga);
    reacts(story.moderator, "⛔", paul);
    await story.until(() => banned(story.rooms[1]).length === 0, "the lifted bans");
    await story.pass(minute);

    expect([levelOf(olga), levelOf(paul)]).toEqual([50, undefined]);
    expect(banned()).toHaveLength(32);
  });

  test("nobody is stopped whose account has done nothing out of the ordinary", async () => {
    await begin();
    const said = says(paul, `!tyr staff stop ${story.moderator}`);
    await story.pass(minute);

    expect(story.answerTo(said)).toContain("has not done more than moderators do");
    expect(levelOf(story.moderator)).toBe(100);
  });

  test("of two answers the first counts", async () => {
    await begin();
    await bans(32);
    await asked();

    reacts(paul, "⛔");
    reacts(story.moderator, "✅");
    await story.pass(2 * minute);

    expect(said(/It is not them, said @paul/)).not.toEqual([]);
    expect(said(/It is them/)).toEqual([]);
    expect(levelOf(olga)).toBeUndefined();
  });
});

describe("who cleans up by hand", () => {
  test("calls nobody with thirty bans during a wave, be it as fast as a script", async () => {
    await begin({ lists: { waves: { act: "ask", learnDays: 0, learnPeople: 0 } } });
    await story.command("!tyr protections set staff removals 3");
    const spammers: string[] = [];
    for (let i = 0; i < 30; i++) {
      const user = `@a${(0x3fa9c2d10e + i * 0x1d3b7).toString(16)}:evil.example`;
      spammers.push(user);
      story.homeserver.join(lobby(), user);
      await story.pass(2_000);
      story.homeserver.sendText(lobby(), user, `Dear friend ${i}, earn money at https://evil.example/x`);
      await story.pass(1_000);
    }
    // One who is of the wave, though nothing tells.
    const other = story.person("newcomer");

    for (const user of [...spammers, other]) {
      story.homeserver.ban(lobby(), olga, user);
      await story.pass(500);
    }
    await story.pass(minute);

    expect(said(/The account of/)).toEqual([]);
    expect(spammers.every((user) => story.isBanned(user, [lobby()]))).toBe(true);
  });

  test("calls nobody with people whom a list names, or who were not there", async () => {
    await begin({ settings: { acl: { enabled: false } } });
    for (let i = 0; i < 40; i++) story.homeserver.ban(lobby(), olga, `@stranger${i}:elsewhere.example`);
    await story.pass(minute);

    expect(said(/The account of/)).toEqual([]);
  });

  test("calls nobody who is exempt, as another bot is", async () => {
    await begin();
    await story.confirmed("!tyr exempt add @olga:hs.test");

    await bans(35);
    await story.pass(minute);

    expect(said(/The account of/)).toEqual([]);
  });

  test("calls nobody by commands to Tyr", async () => {
    await begin();

    for (let i = 0; i < 35; i++) says(olga, `!tyr ban @resident${i}:hs.test #spam`);
    await story.pass(5 * minute);

    expect(said(/The account of/)).toEqual([]);
  });

  test("calls nobody with a new moderator who is named in every room", async () => {
    await begin({ rooms: 8 });

    for (const room of story.rooms) {
      level(room, resident(1), 50);
      await story.pass(5_000);
    }
    await story.pass(minute);

    expect(said(/The account of/)).toEqual([]);
  });
});

describe("what is taken back", () => {
  test("levels, ACLs, lists and invitations, as far as nobody has changed them since", async () => {
    await begin({ settings: { acl: { enabled: true } } });
    const room = lobby();
    story.homeserver.join(story.list, olga);
    for (const one of [room, story.list]) level(one, olga, 90);
    const events = { ...(levelsIn()["events"] as Content) };
    setLevels({ events: { ...events, "m.room.power_levels": 50, "m.room.server_acl": 50 } });
    const acl = { allow: ["*"], deny: ["bad.example"], allow_ip_literals: true };
    story.homeserver.setState(room, story.moderator, "m.room.server_acl", "", acl);
    story.homeserver.setState(room, story.moderator, "m.room.join_rules", "", { join_rule: "invite" });
    const rule = "m.policy.rule.user";
    story.rule("@spammer:bad.example");
    await story.pass(minute);
    const before = state();

    setLevels({ events_default: 90, ban: 60 }, { by: olga });
    level(room, paul, 0, olga);
    level(room, resident(5), 80, olga);
    const deny = { ...acl, deny: ["hs.example", "good.example"] };
    story.homeserver.setState(room, olga, "m.room.server_acl", "", deny);
    story.homeserver.setState(story.list, olga, rule, "rule:@spammer:bad.example", {});
    story.homeserver.kick(room, olga, resident(1));
    story.homeserver.kick(room, olga, resident(2));
    await asked();
    setLevels({ ban: 70 });
    await story.pass(minute);
    reacts(paul, "⛔");
    await until(/is stopped/);
    await story.pass(2 * minute);

    const levels = before["m.room.power_levels"] as Content;
    const { [olga]: _, ...users } = levels["users"] as Content;
    expect(state()["m.room.power_levels"]).toEqual({ ...levels, users, ban: 70 });
    expect(story.deny(room)).toEqual(["bad.example"]);
    expect(story.homeserver.state(story.list, rule, "rule:@spammer:bad.example")?.content["entity"]).toBe(
      "@spammer:bad.example",
    );
    expect([1, 2].map((i) => story.homeserver.membership(room, resident(i)))).toEqual(["invite", "invite"]);
    expect(levelOf(olga, story.list)).toBeUndefined();
  });

  test("since the time that a command names, without a stop", async () => {
    await begin();
    await bans(3);
    await story.pass(10 * minute);
    await bans(3, { from: 10 });

    await story.confirmed("!tyr undo staff @olga:hs.test since 00:12");
    await story.until(() => banned().length === 3, "the lifted bans");
    await story.pass(minute);

    expect(banned()).toEqual([0, 1, 2].map(resident));
    expect(levelOf(olga)).toBe(50);
  });

  test("lifted bans are made again, but of those who have come back", async () => {
    await begin();
    for (let i = 0; i < 35; i++) story.homeserver.ban(lobby(), story.moderator, `@x${i}:bad.example`);
    await story.pass(minute);
    for (let i = 0; i < 35; i++) story.homeserver.unban(lobby(), olga, `@x${i}:bad.example`);
    await asked();
    story.homeserver.join(lobby(), "@x0:bad.example");
    await story.pass(minute);

    reacts(paul, "⛔");
    await story.pass(2 * minute);

    const isBanned = Array.from({ length: 35 }, (_, i) => story.isBanned(`@x${i}:bad.example`, [lobby()]));
    expect(isBanned.filter(Boolean)).toHaveLength(34);
    expect(isBanned[0]).toBe(false);
  });

  test("goes on after a restart in the middle", async () => {
    await begin({ dataPath: aFolder(), homeserver: { writeLatencyMs: 1_000 } });
    await bans(32);
    await asked();
    await story.pass(minute);
    story.kill();
    await story.start();

    says(olga, `!tyr yes ${numberOf()}`);
    await story.pass(minute);
    reacts(paul, "⛔");
    await story.until(() => banned().length < 30, "some lifted bans");
    story.kill();
    await story.start();
    await story.until(() => banned().length === 0, "the lifted bans");
    await story.pass(2 * minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([undefined, undefined]);
    const reply = says(olga, "!tyr status");
    await story.pass(minute);
    expect(story.answerTo(reply) ?? "").not.toContain("Tyr is watching");
  });
});

describe("staff.pause: demote", () => {
  const settings = { staff: { pause: "demote" } };

  test("takes the level by itself at three times too much, and a yes gives it back", async () => {
    await begin({ settings });
    await story.command("!tyr protections set staff removals 15");
    await bans(20, { everyMs: 400 });
    await asked();
    const stillAt = levelOf(olga);
    for (let i = 20; i < 40 && levelOf(olga) === 50; i++) await bans(1, { everyMs: 400, from: i });
    await story.until(() => levelOf(olga) === undefined, "the level taken");
    await story.pass(minute);
    expect(stillAt).toBe(50);
    expect(said(/I take their level wherever I stand above them/)).not.toEqual([]);

    reacts(paul, "✅");
    await story.until(() => levelOf(olga) === 50, "the level given back");
    await story.pass(minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([50, 50]);
  });

  test("leaves the level to the only one who is there", async () => {
    await begin({ settings });
    for (const user of [paul, story.moderator]) story.homeserver.leave(story.managementRoom, user);
    await bans(40, { everyMs: 300 });
    await story.pass(minute);

    expect(levelOf(olga)).toBe(50);
    const reply = says(olga, "!tyr status");
    await story.pass(minute);
    expect(story.answerTo(reply)).toContain("Tyr is watching");
  });
});

describe("in rooms of version 12", () => {
  test("a creator is called for, and it is told that nobody can take their power", async () => {
    await begin({ version: "12" });

    await bans(32, { by: story.moderator });
    await asked(story.moderator);
    reacts(paul, "⛔", story.moderator);
    await story.until(() => banned().length === 0, "the lifted bans");
    await story.pass(minute);

    expect(said(/They made Room 1/)).not.toEqual([]);
    expect(said(/nobody can take their power there/)).not.toEqual([]);
  });

  test("a moderator who made none of them is stopped as in older ones", async () => {
    await begin({ version: "12" });
    await bans(32);
    await asked();

    reacts(paul, "⛔");
    await story.until(() => banned().length === 0, "the lifted bans");
    await story.pass(minute);

    expect(story.rooms.map((room) => levelOf(olga, room))).toEqual([undefined, undefined]);
  });
});

test("many small commands wait for a yes once they have removed too many together, also after a restart", async () => {
  await begin({ dataPath: aFolder(), settings: { guard: { commandPeopleAnHour: 3 } } });
  for (const i of [0, 1]) await story.command(`!tyr kick ${resident(i)} ${lobby()}`);
  story.kill();
  await story.start();
  await story.command(`!tyr kick ${resident(2)} ${lobby()}`);

  says(story.moderator, `!tyr kick ${resident(3)} ${lobby()}`);
  await until(/commands would have removed 4 people within an hour/);
  await story.pass(minute);

  expect([0, 1, 2, 3].map((i) => story.homeserver.membership(lobby(), resident(i)))).toEqual([
    ...["leave", "leave", "leave", "join"],
  ]);
});
