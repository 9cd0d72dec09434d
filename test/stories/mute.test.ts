// Voices taken and given back: levels are put back exactly, whatever they were and whatever happens in between.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const hour = 3_600_000;
const levelsType = "m.room.power_levels";

let story: Story;
let folder: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, ...options });
  await story.start();
};
const levels = (room: string) => story.homeserver.state(room, levelsType)!.content;
const usersIn = (room: string) => levels(room)["users"] as Record<string, unknown>;
const levelOf = (room: string, who: string) => usersIn(room)[who];
const texts = () => story.rooms.map((room) => JSON.stringify(levels(room)));
const setLevels = (room: string, change: object) =>
  story.homeserver.setState(room, story.moderator, levelsType, "", { ...levels(room), ...change });
const aModerator = (name: string, room: string) => {
  const person = story.person(name, [room]);
  story.homeserver.invite(story.managementRoom, story.moderator, person);
  story.homeserver.join(story.managementRoom, person);
  return person;
};

beforeEach(() => {
  folder = aFolder();
});
describe("who is unbanned and still muted", () => {
  test("is told of, with how to lift it", async () => {
    await begin();
    const loud = story.person("loud");
    await story.command(`!tyr mute ${loud}`);
    await story.command(`!tyr ban ${loud}`);

    expect(await story.command(`!tyr unban ${loud}`)).toContain(
      `They are still muted in 2 rooms: !tyr unmute ${loud} gives them their voice back.`,
    );
    expect(await story.command(`!tyr unban ${loud}`)).toContain("They are still muted in 2 rooms");
    expect(await story.command(`!tyr exempt add ${loud}`)).toContain("They are still muted in 2 rooms");
    await story.command(`!tyr unmute ${loud}`);
    expect(await story.command(`!tyr unban ${loud}`)).not.toContain("muted");
  });

  test("is told of where their server is denied or they are banned, too", async () => {
    await begin();
    const loud = story.person("loud");
    await story.command(`!tyr ban ${loud}`);

    expect(await story.command(`!tyr unmute ${loud}`)).toContain(
      `They are banned in 2 protected rooms: !tyr unban ${loud} lifts that.`,
    );
    story.rule("*.evil.example", { kind: "server" });
    await story.pass();
    expect(await story.command("!tyr unban @one:a.evil.example")).toContain(
      "Their server is denied by *.evil.example on list coc: !tyr unban *.evil.example takes that off.",
    );
  });
});

afterEach(() => story.stop());

describe.each(["11", "12"] as const)("a mute in rooms of version %s", (version) => {
  test("takes the voice everywhere, and unmute leaves every byte as it was", async () => {
    await begin({ version, rooms: 20 });
    const person = story.person("loud");
    setLevels(story.rooms[1]!, { users: { ...usersIn(story.rooms[1]!), [person]: 7 } });
    await story.pass();
    const before = texts();

    const muted = await story.command(`!tyr mute ${person} calm down`);
    const during = story.rooms.map((room) => levelOf(room, person));
    const unmuted = await story.command(`!tyr unmute ${person}`);

    expect(muted).toContain(`✅ Mute of ${person}`);
    expect(muted).toContain(`muted ${person} in 20 rooms`);
    expect(during).toEqual(story.rooms.map(() => -1));
    expect(unmuted).toContain(`unmuted ${person} in 20 rooms`);
    expect(texts()).toEqual(before);
  });
});

describe("a mute", () => {
  test("goes below what any event there needs", async () => {
    await begin();
    const person = story.person("loud");
    const [room] = story.rooms;
    setLevels(room!, { events: { "m.reaction": -5 } });
    await story.pass();

    await story.command(`!tyr mute ${person}`);

    expect(levelOf(room!, person)).toBe(-6);
  });

  test("keeps what others change meanwhile", async () => {
    await begin();
    const [person, other] = [story.person("loud"), story.person("other")];
    const [room] = story.rooms;
    await story.command(`!tyr mute ${person} ${room}`);
    setLevels(room!, { users: { ...usersIn(room!), [other]: 33 } });
    await story.pass();

    await story.command(`!tyr unmute ${person}`);

    expect(levelOf(room!, other)).toBe(33);
    expect(levelOf(room!, person)).toBeUndefined();
  });

  test("for an hour ends by itself, after a restart too", async () => {
    await begin();
    const person = story.person("loud");
    const before = texts();
    await story.command(`!tyr mute ${person} --for 1h`);
    await story.stop();
    await story.start();
    await story.pass(hour / 2);
    expect(levelOf(story.rooms[0]!, person)).toBe(-1);

    await story.pass(hour / 2 + 1_000);

    expect(texts()).toEqual(before);
  });

  test("whose level somebody changed since is left to them", async () => {
    await begin();
    const person = story.person("loud");
    const [first, second] = story.rooms;
    await story.command(`!tyr mute ${person} --for 1h`);
    setLevels(first!, { users: { ...usersIn(first!), [person]: 10 } });

    await story.pass(2 * hour);

    expect(levelOf(first!, person)).toBe(10);
    expect(levelOf(second!, person)).toBeUndefined();
  });

  test("is taken back by its number, and made again by the number of that", async () => {
    await begin();
    const person = story.person("loud");
    const before = texts();

    const muted = await story.command(`!tyr mute ${person}`);
    const undone = await story.command(`!tyr undo ${undoNumber(muted)}`);
    expect(texts()).toEqual(before);
    await story.command(`!tyr undo ${undoNumber(undone)}`);

    expect(levelOf(story.rooms[0]!, person)).toBe(-1);
    expect(await story.command(`!tyr why ${person}`)).toContain("muted");
  });

  test("for an hour that is taken back and made again still ends", async () => {
    await begin({ rooms: 1 });
    const person = story.person("loud");
    const before = texts();

    const muted = await story.command(`!tyr mute ${person} --for 1h`);
    const undone = await story.command(`!tyr undo ${undoNumber(muted)}`);
    await story.command(`!tyr undo ${undoNumber(undone)}`);
    expect(levelOf(story.rooms[0]!, person)).toBe(-1);

    await story.pass(hour + 1_000);
    expect(texts()).toEqual(before);
  });

  test("that is given another end lasts until then, and undo of the older one leaves it", async () => {
    await begin({ rooms: 1 });
    const person = story.person("loud");
    const before = texts();

    const first = await story.command(`!tyr mute ${person} --for 1h`);
    const second = await story.command(`!tyr mute ${person} --for 3h`);
    const undone = await story.command(`!tyr undo ${undoNumber(first)}`);
    await story.pass(2 * hour);

    expect(second).toContain("Take it back");
    expect(undone).toContain("somebody has changed it since");
    expect(levelOf(story.rooms[0]!, person)).toBe(-1);
    await story.pass(hour + 1_000);
    expect(texts()).toEqual(before);
  });

  test("of many in one room ends for each of them, however late sync tells of the mutes", async () => {
    await begin({ rooms: 1, homeserver: { readLatencyMs: 400 } });
    const people = Array.from({ length: 20 }, (_, i) => story.person(`wave-${i}`));
    await story.pass(5_000);
    const before = texts();

    await story.confirmed("!tyr mute @wave-*:* --for 1h");
    await story.until(() => people.every((who) => levelOf(story.rooms[0]!, who) === -1), "the mutes");
    await story.pass(hour + 60_000);

    expect(texts()).toEqual(before);
  });

  test("that had to wait puts back what stood when it was made, not what stood when it was decided", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms as [string];
    const people = ["a", "b", "c"].map((name) => story.person(`wave-${name}`));
    const helping = Object.fromEntries(people.map((who) => [who, 50]));
    setLevels(room, { users: { ...usersIn(room), ...helping } });
    await story.pass();
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr mute @wave-*:*");
    await story.until(() => story.said().some((text) => text.includes("Question 1")), "the question");

    story.homeserver.limitWrites({ perSecond: 0.2, burst: 5 });
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes 1");
    await story.until(() => people.some((who) => levelOf(room, who) === -1), "the first mute");
    await story.pass(1_000);
    const demoted = people.find((who) => levelOf(room, who) === 50)!;
    const { [demoted]: _, ...users } = usersIn(room);
    setLevels(room, { users });
    story.homeserver.limitWrites(undefined);
    await story.until(() => people.every((who) => levelOf(room, who) === -1), "the mutes");
    await story.pass();
    await story.command(`!tyr unmute ${demoted}`);

    expect(levelOf(room, demoted)).toBeUndefined();
  });

  test("of more people than a room's levels have place for leaves place for those who run the room", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms as [string];
    const people = Array.from({ length: 200 }, (_, i) => story.person(`wave-${i}-`.padEnd(245, "x")));
    await story.pass();

    const answer = await story.confirmed("!tyr mute @wave-*:*");
    const muted = people.filter((who) => levelOf(room, who) === -1);

    expect(answer).toContain("no place left for others");
    expect(muted.length).toBeGreaterThan(100);
    expect(JSON.stringify(levels(room)).length).toBeLessThan(41_000);
    await story.confirmed("!tyr unmute @wave-*:*");
    expect(people.filter((who) => levelOf(room, who) === -1)).toEqual([]);
  });

  test.each([
    ["before", 5],
    ["after", 400],
  ])(
    "that takes back a change made in the same moment says so, where sync tells of it %s the answer",
    async (_when, readLatencyMs) => {
      await begin({ rooms: 1, homeserver: { readLatencyMs } });
      const [room] = story.rooms as [string];
      const person = story.person("loud");
      await story.pass();
      story.homeserver.setRoomLatency(room, 2_000);
      const command = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr mute ${person}`);
      // The write is on its way.
      await story.pass(1_200);
      setLevels(room, { events_default: 50 });
      story.homeserver.setRoomLatency(room, undefined);
      await story.until(() => levelOf(room, person) === -1, "the mute");
      await story.until(() => story.answerTo(command) !== undefined, "the answer");
      await story.pass(30_000);

      expect(levels(room)["events_default"]).not.toBe(50);
      expect(story.said().filter((text) => text.includes("please look whether"))).toHaveLength(1);
    },
  );

  test("never hits moderators, Tyr itself, the exempt, or those with as much power", async () => {
    await begin();
    const [exempt, strong] = [story.person("exempt"), story.person("strong")];
    for (const room of story.rooms) setLevels(room, { users: { ...usersIn(room), [strong]: 100 } });
    await story.command(`!tyr exempt add ${exempt}`);
    const before = texts();

    const answers = [];
    for (const who of [story.moderator, story.bot.userId, exempt, strong])
      answers.push(await story.command(`!tyr mute ${who}`));

    expect(texts()).toEqual(before);
    for (const answer of answers) expect(answer).toMatch(/^❌/);
  });

  test("by a glob shows whom it would hit, and waits for a yes", async () => {
    await begin();
    const people = [story.person("wave-1"), story.person("wave-2")];
    const before = texts();

    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr mute @wave-*:*");
    await story.until(() => story.said().some((text) => text.includes("Question 1")), "the question");
    expect(texts()).toEqual(before);
    expect(story.said().at(-1)).toContain("It would hit 2 newcomers");
    await story.command("!tyr yes 1");
    await story.until(() => people.every((who) => levelOf(story.rooms[0]!, who) === -1), "the mutes");
  });
});

describe("in an old room whose levels are texts", () => {
  test.each(["9", "1"] as const)(
    "of version %s people are muted, unmuted and given levels",
    async (version) => {
      await begin({ rooms: 0 });
      const [person, helper] = [story.person("loud", []), story.person("helper", [])];
      const room = story.room("Old", {
        version,
        powerLevels: {
          users: { [story.bot.userId]: "100", [story.moderator]: "100", [person]: "0", [helper]: " 5" },
          users_default: "0",
          events: { "m.room.name": "50" },
          ban: "50",
        },
      });
      for (const one of [person, helper]) story.homeserver.join(room, one);
      await story.command(`!tyr rooms add ${room}`);
      await story.until(() => story.world!.membersKnown.has(room as never), "the room's members");

      const muted = await story.command(`!tyr mute ${person}`);
      const during = [
        levelOf(room, person),
        story.world!.rooms.get(room as never)!.power.isSilenced(person as never),
      ];
      const unmuted = await story.command(`!tyr unmute ${person}`);
      const given = await story.command(`!tyr powerlevel ${helper} moderator`);
      const undone = await story.command(`!tyr undo ${undoNumber(given)}`);
      await story.pass();

      expect([muted, unmuted, given, undone].map((answer) => answer.charAt(0))).toEqual([
        "✅",
        "✅",
        "✅",
        "✅",
      ]);
      expect(during).toEqual([-1, true]);
      expect(levels(room)).toMatchObject({
        users: { [story.bot.userId]: 100, [story.moderator]: 100, [person]: 0, [helper]: 5 },
        users_default: 0,
        events: { "m.room.name": 50 },
        ban: 50,
      });
      expect(story.said().join("\n")).not.toContain("took back");
    },
  );
});

describe("a power level", () => {
  test("is set where the asker stands higher, and refused where not", async () => {
    await begin();
    const person = story.person("helper");
    const [first, second] = story.rooms;
    setLevels(second!, { users: { ...usersIn(second!), [story.moderator]: 100, [person]: 60 } });
    story.homeserver.setState(second!, story.moderator, levelsType, "", {
      ...levels(second!),
      users: { ...usersIn(second!), [story.moderator]: 40 },
    });
    await story.pass();

    const answer = await story.command(`!tyr powerlevel ${person} moderator`);

    expect(levelOf(first!, person)).toBe(50);
    expect(levelOf(second!, person)).toBe(60);
    expect(answer).toContain("your own level is 40");
    expect(answer).not.toContain("--force");
  });

  test("is never set above the asker's own, --force or not, and undone to what it was", async () => {
    await begin({ rooms: 1 });
    const person = story.person("helper");
    const [room] = story.rooms;
    setLevels(room!, { users: { ...usersIn(room!), [story.moderator]: 40 } });
    await story.pass();
    const before = texts();

    const refused = await story.command(`!tyr powerlevel ${person} 45 --force`);
    const given = await story.command(`!tyr powerlevel ${person} 40`);
    expect(levelOf(room!, person)).toBe(40);
    await story.command(`!tyr undo ${undoNumber(given)}`);

    expect(refused).toContain("your own level is 40");
    expect(texts()).toEqual(before);
  });

  test("is put back by nobody who could not have set it", async () => {
    await begin({ rooms: 1 });
    const person = story.person("helper");
    const [room] = story.rooms;
    setLevels(room!, { users: { ...usersIn(room!), [person]: 60 } });
    await story.pass();
    const lowered = await story.command(`!tyr powerlevel ${person} 20`);
    setLevels(room!, { users: { ...usersIn(room!), [story.moderator]: 50 } });
    await story.pass();

    const kept = await story.command(`!tyr undo ${undoNumber(lowered)}`);

    expect(kept).toContain(`The level of ${person} in Room 1 stays: your own level is 50.`);
    expect(levelOf(room!, person)).toBe(20);
  });

  test("is told with how many more levels stay", async () => {
    await begin({ rooms: 3 });
    const person = story.person("helper");
    for (const room of story.rooms) setLevels(room, { users: { ...usersIn(room), [person]: 60 } });
    await story.pass();
    const lowered = await story.command(`!tyr powerlevel ${person} 20`);
    for (const room of story.rooms) setLevels(room, { users: { ...usersIn(room), [story.moderator]: 50 } });
    await story.pass();

    const kept = await story.command(`!tyr undo ${undoNumber(lowered)}`);

    expect(kept).toMatch(
      /The level of @helper:hs\.test in Room \d stays: your own level is 50\. So do 2 more/,
    );
  });

  test("that lowers a fellow moderator waits for a yes, and for none with --force", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const [one, two] = ["one", "two"].map((name) => aModerator(name, room!));
    setLevels(room!, { users: { ...usersIn(room!), [one!]: 50, [two!]: 50 } });
    await story.pass();

    const event = story.homeserver.sendText(
      story.managementRoom,
      story.moderator,
      `!tyr powerlevel ${one} user`,
    );
    await story.until(() => story.answerTo(event) !== undefined, "the question");
    await story.pass();
    expect(story.answerTo(event)).toContain(
      `${one} is a moderator, and it lowers their level from 50 to 0 in 1 room`,
    );
    expect(levelOf(room!, one!)).toBe(50);
    await story.command("!tyr yes 1");
    await story.until(() => levelOf(room!, one!) === 0, "the level");

    expect(await story.command(`!tyr powerlevel ${two} user --force`)).toMatch(/^✅/);
    expect(levelOf(room!, two!)).toBe(0);
    // Raising one asks nothing.
    expect(await story.command(`!tyr powerlevel ${two} 20`)).toMatch(/^✅/);
    expect(levelOf(room!, two!)).toBe(20);
  });

  test("that lowers the asker's own waits for a yes", async () => {
    await begin({ rooms: 1 });
    setLevels(story.rooms[0]!, { users: { ...usersIn(story.rooms[0]!), [story.moderator]: 90 } });
    await story.pass();

    const event = story.homeserver.sendText(
      story.managementRoom,
      story.moderator,
      `!tyr powerlevel ${story.moderator} 0`,
    );
    await story.until(() => story.answerTo(event) !== undefined, "the question");

    expect(story.answerTo(event)).toContain("it lowers your own level from 90 to 0");
  });

  test("above Tyr's own, no number, and Tyr's own are refused with what is wrong", async () => {
    await begin({ rooms: 1 });
    const person = story.person("helper");
    story.homeserver.setState(story.rooms[0]!, story.bot.userId, levelsType, "", {
      ...levels(story.rooms[0]!),
      users: { ...usersIn(story.rooms[0]!), [story.bot.userId]: 90 },
      events: { [levelsType]: 50 },
    });
    await story.pass();
    const before = texts();

    const answers = [
      await story.command(`!tyr powerlevel ${person} 95 --force`),
      await story.command(`!tyr powerlevel ${person} boss`),
      await story.command(`!tyr powerlevel ${story.bot.userId} 50 --force`),
      await story.command(`!tyr powerlevel ${person} constructor`),
    ];

    expect(answers[0]).toContain("as mine is 90");
    expect(answers[1]).toContain("boss is no level");
    expect(answers[2]).toContain("I do not lower my own level");
    expect(answers[3]).toContain("constructor is no level");
    expect(texts()).toEqual(before);
  });

  test("that would take a moderator's voice is refused as a mute is", async () => {
    await begin({ rooms: 1 });
    const other = aModerator("other-mod", story.rooms[0]!);
    await story.pass();

    const answer = await story.command(`!tyr powerlevel ${other} -5 --force`);

    expect(answer).toContain("moderators are never touched");
    expect(levelOf(story.rooms[0]!, other)).toBeUndefined();
  });

  test("in many rooms waits for a yes", async () => {
    await begin({ rooms: 5 });
    const person = story.person("helper");

    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr powerlevel ${person} 50`);
    await story.until(() => story.said().some((text) => text.includes("Question 1")), "the question");

    expect(levelOf(story.rooms[0]!, person)).toBeUndefined();
    await story.command("!tyr yes 1");
    await story.until(() => story.rooms.every((room) => levelOf(room, person) === 50), "the levels");
  });
});

describe("a warning", () => {
  test("is said where the person spoke last, names them alone and no moderator", async () => {
    await begin();
    const person = story.person("loud");
    story.homeserver.sendText(story.rooms[1]!, person, "shouting");
    await story.pass();

    const answer = await story.command(`!tyr warn ${person} please <b>calm</b> down`);

    expect(answer).toContain("Warning to");
    const said = story.homeserver
      .events(story.rooms[1]!)
      .findLast((one) => one.type === "m.room.message" && one.sender === story.bot.userId)!;
    expect(said.content["m.mentions"]).toEqual({ user_ids: [person] });
    expect(said.content["body"]).toBe(`${person}: please <b>calm</b> down`);
    expect(String(said.content["formatted_body"])).not.toContain("<b>");
    expect(JSON.stringify(said.content)).not.toContain(story.moderator);
  });
});

describe("since", () => {
  test("shows those who joined of late, and bans them after a yes", async () => {
    await begin();
    const old = story.person("old");
    await story.pass(2 * hour);
    const wave = [story.person("wave-1"), story.person("wave-2"), story.person("wave-3")];
    await story.pass();

    const shown = await story.command("!tyr since 1h show");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr since 1h ban raid");
    await story.until(() => story.said().some((text) => text.includes("Question 1")), "the question");
    expect(wave.some((who) => story.isBanned(who))).toBe(false);
    await story.command("!tyr yes 1");
    await story.until(() => wave.every((who) => story.isBanned(who)), "the bans");

    expect(shown).toContain("3 people");
    expect(shown).not.toContain(old);
    expect(story.homeserver.membership(story.rooms[0]!, old)).toBe("join");
  });

  test("looks into several rooms, and into no others", async () => {
    await begin({ rooms: 3 });
    const [one, two, three] = story.rooms;
    await story.pass(2 * hour);
    const [first, second, third] = [
      story.person("a", [one!]),
      story.person("b", [two!]),
      story.person("c", [three!]),
    ];
    await story.pass();

    const shown = await story.command(`!tyr since 1h show ${one!} ${two!}`);
    const muted = await story.confirmed(`!tyr since 1h mute ${one!} ${two!} who came together`);

    expect([first, second, third].map((who) => shown.includes(who))).toEqual([true, true, false]);
    expect(muted).toContain("Mute of 2 people");
    expect(await story.command(`!tyr why ${first}`)).toContain("who came together");
    expect(await story.command(`!tyr since 1h show ${one!} #nowhere:hs.test`)).toContain("leads nowhere");
    expect(await story.command(`!tyr since 1h show ${one!} ${story.list}`)).toContain(
      "is not a protected room",
    );
  });

  test("refuses what is no time and no act with what to type", async () => {
    await begin();

    expect(await story.command("!tyr since yesterday ban")).toContain("30m");
    expect(await story.command("!tyr since 1h bann")).toContain("Did you mean ban?");
  });
});

describe("who has just left", () => {
  test("is muted where they spoke, so that it holds when they come back", async () => {
    await begin();
    const loud = story.person("loud");
    story.homeserver.sendText(story.rooms[0]!, loud, "AAA");
    await story.pass();
    for (const room of story.rooms) story.homeserver.leave(room, loud);
    await story.pass();

    const answer = await story.command(`!tyr mute ${loud} --for 2h`);

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("They are not in 2 rooms of these now: there it holds when they come back.");
    story.homeserver.join(story.rooms[0]!, loud);
    expect(() => story.homeserver.sendText(story.rooms[0]!, loud, "AAA again")).toThrow("permission to post");
    await story.clock.advance(2 * hour + 60_000);
    expect(() => story.homeserver.sendText(story.rooms[0]!, loud, "sorry")).not.toThrow();
  });

  test("is unmuted as well while they are away", async () => {
    await begin();
    const loud = story.person("loud");
    await story.pass();
    for (const room of story.rooms) story.homeserver.leave(room, loud);
    await story.command(`!tyr mute ${loud}`);

    expect(await story.command(`!tyr unmute ${loud}`)).toMatch(/^✅ Unmute/);

    expect(story.rooms.map((room) => levelOf(room, loud))).toEqual([undefined, undefined]);
  });

  test.each([
    ["was never here", 0],
    ["left longer ago than a day", 25 * hour],
  ])("but not who %s", async (_what, agoMs) => {
    await begin();
    const loud = agoMs === 0 ? "@stranger:hs.test" : story.person("loud");
    await story.pass();
    if (agoMs > 0) for (const room of story.rooms) story.homeserver.leave(room, loud);
    await story.clock.advance(agoMs);

    expect(await story.command(`!tyr mute ${loud}`)).toMatch(/^❌ [^]*is not in a protected room/);
  });
});
