// What lasts only for a time: bans and exemptions that end by themselves, over restarts and with clocks set wrong.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const ruleType = "m.policy.rule.user";
const unstable = "support.feline.policy.expiry.rev.2";

let story: Story;
let folder: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, ...options });
  await story.start();
};
const membership = (who: string) => story.homeserver.membership(story.rooms[0]!, who);
const rules = () =>
  story.homeserver
    .stateOfType(story.list, ruleType)
    .map((event) => event.content)
    .filter((content) => Object.keys(content).length > 0);
const blanked = () =>
  story.written(ruleType).filter((event) => Object.keys(event.content).length === 0).length;
const timedRule = (entity: string, expiry: unknown, list = story.list) =>
  story.homeserver.setState(list, story.moderator, ruleType, `rule:${entity}`, {
    entity,
    recommendation: "m.ban",
    expiry,
  });

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe("a ban for an hour", () => {
  test("says until when, for all who read the rule", async () => {
    await begin();
    const person = story.person("person");

    const answer = await story.command(`!tyr ban ${person} --for 1h insults`);

    expect(answer).toContain("until 2025-01-01 01:00 UTC");
    const [rule] = rules();
    expect(rule).toMatchObject({ entity: person, reason: "insults" });
    expect(rule!["expiry"]).toBeCloseTo(story.clock.now() + hour, -4);
    expect(rule![unstable]).toBe(rule!["expiry"]);
    expect(await story.command("!tyr rules show")).toContain("until 2025-01-01 01:00 UTC");
  });

  test("is lifted within a second of its end, its rule is blanked, and moderators are told", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);
    const end = Number(rules()[0]!["expiry"]);

    await story.pass(end - story.clock.now() - 1);
    expect(membership(person)).toBe("ban");
    await story.pass(1_000);

    expect(membership(person)).toBe("leave");
    expect(rules()).toEqual([]);
    await story.until(
      () => story.said().some((text) => text.includes(`rule ended for user ${person}`)),
      "the word about it",
    );
    await story.pass(hour);
    expect(blanked()).toBe(1);
  });

  test("goes on after a restart and ends on time", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);
    await story.stop();
    await story.pass(10 * minute);
    await story.start();
    await story.pass(45 * minute);
    expect(membership(person)).toBe("ban");

    await story.pass(6 * minute);

    expect(membership(person)).toBe("leave");
    expect(rules()).toEqual([]);
  });

  test("that ended while Tyr was away is lifted at the start", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);
    await story.stop();
    await story.pass(2 * hour);
    expect(membership(person)).toBe("ban");

    await story.start();
    await story.until(() => membership(person) === "leave" && rules().length === 0, "the lift");
    await story.stop();
    await story.start();
    await story.pass();

    expect(blanked()).toBe(1);
  });

  test("whose rule could not be blanked before a crash is blanked after it", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);
    await story.pass(hour - 10_000);
    story.homeserver.setRoomLatency(story.list, 60_000);
    await story.until(() => membership(person) === "leave", "the lift");
    await story.stop();
    story.homeserver.setRoomLatency(story.list, undefined);

    await story.start();
    await story.until(() => rules().length === 0, "the blank rule");
  });

  test("renewed by a person while its end waits for a slow list is not blanked", async () => {
    await begin();
    const [first, second] = [story.person("first"), story.person("second")];
    for (const person of [first, second]) await story.command(`!tyr ban ${person} --for 1h`);
    const { state_key: key } = story.homeserver
      .stateOfType(story.list, ruleType)
      .find((event) => event.content["entity"] === second)!;
    story.homeserver.setRoomLatency(story.list, 30_000);
    await story.pass(hour);

    story.homeserver.setState(story.list, story.moderator, ruleType, key!, {
      entity: second,
      recommendation: "m.ban",
    });
    await story.pass(5 * minute);

    expect(rules().map((rule) => rule["entity"])).toEqual([second]);
  });

  test("is for ever once the ban is said again without it", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);

    await story.command(`!tyr ban ${person} for good`);
    await story.pass(2 * hour);

    expect(membership(person)).toBe("ban");
    expect(rules()).toEqual([{ entity: person, recommendation: "m.ban", reason: "for good" }]);
  });

  test("takes the place of every ban of the same person on the list, of whatever dialect and key", async () => {
    await begin();
    const person = story.person("person");
    story.rule(person, { type: "m.room.rule.user", key: "older" });
    story.rule(person, { key: "another key" });
    await story.until(() => story.isBanned(person), "the bans");

    await story.command(`!tyr ban ${person} --for 1h`);
    await story.pass(50 * minute);
    expect(membership(person)).toBe("ban");
    await story.pass(11 * minute);

    expect(membership(person)).toBe("leave");
    expect(story.tyr.world()!.watchedLists()[0]!.size).toBe(0);
  });

  test("becomes one for three hours when said in the same breath", async () => {
    await begin({ homeserver: { writeLatencyMs: 2_000 } });
    const person = story.person("person");
    for (const span of ["1h", "3h"])
      story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person} --for ${span}`);
    await story.pass(2 * hour);
    expect(membership(person)).toBe("ban");

    await story.pass(hour + minute);

    expect(membership(person)).toBe("leave");
  });

  test("is lifted although a rule for somebody else is on its way to the list just then", async () => {
    await begin();
    const [person, other] = [story.person("person"), story.person("other")];
    await story.command(`!tyr ban ${person} --for 1h`);
    await story.pass(hour - 10_000);
    story.homeserver.setRoomLatency(story.list, 30_000);
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${other}`);

    await story.pass(5 * minute);

    expect(membership(other)).toBe("ban");
    expect(membership(person)).toBe("leave");
  });

  test("of a server is an hour in the server ACLs", async () => {
    await begin();
    await story.command("!tyr ban server evil.example --for 1h");
    await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the ACL");

    await story.pass(hour + 10_000);

    expect(story.deny(story.rooms[0]!)).not.toContain("evil.example");
  });

  test("taken back by hand before its end stays taken back", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 1h`);
    await story.command(`!tyr unban ${person}`);
    await story.pass(2 * hour);

    expect(membership(person)).toBe("leave");
    expect(blanked()).toBe(1);
  });
});

describe("rules that others wrote", () => {
  test("end without a word from us on their list", async () => {
    await begin();
    const person = story.person("person");
    timedRule(person, story.clock.now() + hour);
    await story.until(() => story.isBanned(person), "the bans");

    await story.pass(hour + 1_000);

    expect(membership(person)).toBe("leave");
    expect(story.written(ruleType)).toEqual([]);
  });

  test.each([
    ["in the past", 1_000, "join"],
    ["of 0, which is none", 0, "ban"],
    ["that is absent", undefined, "ban"],
    ["written as a string, which is none", "1", "ban"],
    ["beyond all calendars", 1e300, "ban"],
    ["below zero, which is none", -5, "ban"],
  ])("with an end %s", async (_what, expiry, expected) => {
    await begin();
    const person = story.person("person");

    timedRule(person, expiry);
    await story.pass(2 * minute);

    expect(membership(person)).toBe(expected);
    expect(await story.command("!tyr status")).toContain("✅");
    expect(story.log.filter((line) => line.level === "error")).toEqual([]);
  });

  test("that ended long ago are not applied at a restart, not for a moment", async () => {
    await begin();
    const person = story.person("person");
    timedRule(person, story.clock.now() + hour);
    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.server", "s", {
      entity: "evil.example",
      recommendation: "m.ban",
      expiry: story.clock.now() + hour,
    });
    await story.until(() => story.isBanned(person), "the bans");
    await story.pass(hour + minute);
    for (const room of story.rooms) story.homeserver.join(room, person);
    await story.pass(minute);
    await story.stop();
    const writes = () => [...story.written("m.room.member"), ...story.written("m.room.server_acl")].length;
    const before = writes();

    // Settings that the start changes have everything looked at before the homeserver has said anything.
    story.settings = { watchedLists: [story.list, story.room("Another list")] };
    await story.start();
    await story.pass(2 * minute);

    expect(writes()).toBe(before);
    expect(story.isBanned(person)).toBe(false);
  });

  test("that end one after another do not keep us busy", async () => {
    await begin();
    const from = story.clock.now() + minute;
    for (let i = 0; i < 300; i++) timedRule(`@n${i}:x.test`, from + 10 * i);
    await story.pass(50_000);
    const world = story.tyr.world()!;
    const apply = world.apply.bind(world);
    let ticks = 0;
    world.apply = (seen) => {
      ticks += Number(seen.kind === "tick");
      apply(seen);
    };

    await story.pass(30_000);

    expect(world.watchedLists()[0]!.size).toBe(0);
    expect(ticks).toBeLessThan(10);
  });
});

describe("an exemption for an hour", () => {
  test("spares until it ends; then the lists apply at once and moderators are told once", async () => {
    await begin();
    const person = story.person("person");
    expect(await story.command(`!tyr exempt add ${person} --for 1h guest`)).toContain(
      "until 2025-01-01 01:00 UTC",
    );
    expect(await story.command("!tyr exempt list")).toContain("until 2025-01-01 01:00 UTC");
    story.rule(person);
    await story.pass(50 * minute);
    expect(membership(person)).toBe("join");

    await story.pass(11 * minute);

    expect(membership(person)).toBe("ban");
    const told = story.said().filter((text) => text.includes(`The exemption of ${person} has ended`));
    expect(told).toHaveLength(1);
    expect(await story.command("!tyr exempt list")).toContain("Nobody is exempt");
  });

  test("ends at the start if it was over while Tyr was away, and is told once", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr exempt add ${person} --for 1h`);
    story.rule(person);
    await story.pass();
    await story.stop();
    await story.pass(2 * hour);

    await story.start();
    await story.until(() => story.isBanned(person), "the bans");
    await story.stop();
    await story.start();
    await story.pass();

    const told = story.said().filter((text) => text.includes(`The exemption of ${person} has ended`));
    expect(told).toHaveLength(1);
  });

  test("is for ever once it is said again without it", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr exempt add ${person} --for 1h`);
    await story.command(`!tyr exempt add ${person}`);
    story.rule(person);

    await story.pass(2 * hour);

    expect(membership(person)).toBe("join");
  });
});

describe("our clock", () => {
  test("ten years ahead for a minute ends nothing", async () => {
    await begin();
    const [timed, foreign, exempt] = ["timed", "foreign", "exempt"].map((name) => story.person(name)) as [
      string,
      string,
      string,
    ];
    await story.command(`!tyr ban ${timed} --for 7d`);
    await story.command(`!tyr exempt add ${exempt} --for 7d`);
    timedRule(foreign, story.clock.now() + 7 * day);
    story.rule(exempt);
    await story.until(() => story.isBanned(foreign), "the bans");

    story.stepClock(3_650 * day);
    const late = story.person("late");
    await story.command(`!tyr ban ${late} --for 2h`);
    timedRule("@new:x.test", story.clock.now() + day);
    await story.pass(minute);
    story.stepClock(-3_650 * day);
    await story.pass(minute);

    for (const person of [timed, foreign, late]) expect(story.isBanned(person)).toBe(true);
    expect(membership(exempt)).toBe("join");
    expect(story.tyr.world()!.watchedLists()[0]!.size).toBe(5);
    expect(blanked()).toBe(0);
    await story.pass(2 * hour);
    expect(membership(late)).toBe("leave");
  });

  test("ten years ahead while a question is put ends nothing", async () => {
    await begin({ settings: { guard: { maxPeople: 2, maxRoomShare: 100 } } });
    const timed = story.person("timed");
    await story.command(`!tyr ban ${timed} --for 7d`);
    for (let i = 0; i < 5; i++) story.person(`guest${i}`);
    await story.pass();

    story.stepClock(3_650 * day);
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @guest*:hs.test");
    await story.until(() => story.said().some((text) => text.startsWith("Question 1:")), "the question");
    await story.pass(minute);

    expect(membership(timed)).toBe("ban");
    expect(blanked()).toBe(0);
  });

  test("ten years ahead for a minute closes no question", async () => {
    story = new Story({ dataPath: folder, settings: { guard: { maxPeople: 2, maxRoomShare: 100 } } });
    const guests = Array.from({ length: 5 }, (_, i) => story.person(`guest${i}`));
    await story.start();
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @guest*:hs.test");
    await story.until(() => story.said().some((text) => text.startsWith("Question 1:")), "the question");

    story.stepClock(3_650 * day);
    await story.pass(minute);
    story.stepClock(-3_650 * day);
    await story.pass(minute);
    await story.command("!tyr yes 1");
    await story.until(() => guests.every((guest) => story.isBanned(guest)), "the bans");

    expect(story.said().some((text) => text.includes("nothing was done"))).toBe(false);
  });

  test("ten years ahead at a start ends nothing", async () => {
    await begin();
    const person = story.person("person");
    await story.command(`!tyr ban ${person} --for 7d`);
    await story.stop();

    story.stepClock(3_650 * day);
    await story.start();
    await story.pass(5 * minute);

    expect(membership(person)).toBe("ban");
    expect(rules()).toHaveLength(1);
  });

  test.each([-day, -20 * minute, day])("set by %p ms freezes nothing", async (step) => {
    await begin();
    const [before, after] = [story.person("before"), story.person("after")];
    await story.command(`!tyr ban ${before} --for 1h`);
    await story.command(`!tyr ban ${after}`);
    await story.command(`!tyr unban ${after}`);
    for (const room of story.rooms) story.homeserver.join(room, after);
    await story.pass(1_000);

    story.stepClock(step);
    const begun = story.clock.now();
    await story.command(`!tyr ban ${after} --for 1h`);

    expect(story.isBanned(after)).toBe(true);
    expect(story.clock.now() - begun).toBeLessThan(20_000);
    story.homeserver.ban(story.rooms[0]!, story.moderator, after);
    await story.pass(hour + 5 * minute);
    expect(story.homeserver.membership(story.rooms[1]!, after)).toBe("leave");
    await story.pass(day);
    expect(membership(before)).toBe("leave");
  });

  test("set back a day has rooms that cannot be joined tried again as before", async () => {
    story = new Story({ dataPath: folder });
    const closed = story.homeserver.createRoom({
      creator: story.moderator,
      name: "Closed",
      joinRule: "invite",
    });
    story.settings = { protectedRooms: [...story.rooms, closed] };
    await story.start();

    story.stepClock(-day);
    story.homeserver.clearRequests();
    await story.pass(6 * minute);

    const tries = story.homeserver.requests.filter(({ kind }) => kind.startsWith("POST join")).length;
    expect(tries >= 1 && tries <= 3).toBe(true);
  });

  test.each([-day, day])(
    "set by %p ms between two rules of a burst leaves both in the ACLs",
    async (step) => {
      await begin();
      const denied = (server: string) => story.deny(story.rooms[0]!).includes(server);
      story.rule("first.example", { kind: "server" });
      await story.until(() => denied("first.example"), "the first ACL");
      story.rule("second.example", { kind: "server" });
      await story.pass(50);
      expect(denied("second.example")).toBe(false);

      story.stepClock(step);
      await story.pass(10_000);

      expect(denied("second.example")).toBe(true);
    },
  );

  test("set forth a day in a quiet moment has slow work told as soon as before", async () => {
    await begin();
    const person = story.person("person");
    story.homeserver.setRoomLatency(story.rooms[0]!, 2 * minute);
    await story.pass(31_000);

    story.stepClock(day);
    const command = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.pass(3_000);

    expect(story.answerTo(command)).toContain("banned @person:hs.test in 1 of 2 rooms");
  });

  test.each([-day, day])("set by %p ms leaves work under way told in time", async (step) => {
    await begin();
    const person = story.person("person");
    story.homeserver.setRoomLatency(story.rooms[0]!, 2 * minute);
    const command = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.pass(500);
    story.stepClock(step);
    const later = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr kick ${person}`);

    await story.pass(10_000);
    expect(story.answerTo(command)).toContain("banned @person:hs.test in 1 of 2 rooms");
    expect(story.answerTo(later)).toContain("Kick");
  });

  test("set back a day while the homeserver limits us keeps us waiting no longer than it asked", async () => {
    await begin({ rooms: 6 });
    const person = story.person("person");
    story.homeserver.limitWrites({ perSecond: 0.1, burst: 1, exempt: [story.moderator] });
    story.rule(person);
    await story.pass(15_000);
    expect(story.isBanned(person)).toBe(false);

    story.stepClock(-day);

    await story.until(() => story.isBanned(person), "all bans", 5 * minute);
  });
});

describe("what is done for a time", () => {
  const wait = async (ms: number) => {
    await story.stop();
    await story.start();
    await story.pass(ms);
  };
  const said = (text: string) => story.said().some((one) => one.includes(text));

  test.each([
    ["suspend", "suspended"],
    ["lock", "locked"],
  ])("%s ends by itself, over a restart, and is told", async (word, state) => {
    await begin();
    story.homeserver.setAdmin(story.bot.userId, true);
    await story.pass(minute);
    const person = story.person("loud", []);

    const answer = await story.command(`!tyr ${word} ${person} --for 2h insults`);
    expect(answer).toContain("until 2025-01-01 02:01 UTC");
    await wait(hour);
    expect(story.homeserver.standingOf(person)).toBe(state);
    await story.pass(hour + 2 * minute);

    expect(story.homeserver.standingOf(person)).toBe("good");
    expect(said(word === "lock" ? "unlocked" : "lifted the suspension of")).toBe(true);
    expect(await story.command(`!tyr why ${person}`)).toContain("was over");
  });

  test("suspend that somebody ended, and said again without an end, lasts", async () => {
    await begin();
    story.homeserver.setAdmin(story.bot.userId, true);
    await story.pass(minute);
    const person = story.person("loud", []);
    await story.command(`!tyr suspend ${person} --for 1h`);
    await story.command(`!tyr unsuspend ${person}`);
    await story.command(`!tyr suspend ${person}`);

    await wait(2 * hour);

    expect(story.homeserver.standingOf(person)).toBe("suspended");
  });

  test("a list is followed no longer, and its bans are lifted", async () => {
    await begin();
    const person = story.person("person");
    const list = story.room("Other list", {
      creationContent: { type: "m.policy" },
    });
    timedRule(person, undefined, list);

    await story.command(`!tyr lists watch ${list} --now --for 1d`);
    await story.until(() => membership(person) === "ban", "the ban");
    expect(await story.command("!tyr lists")).toContain("until 2025-01-02");
    expect(await story.command(`!tyr lists watch ${list} --for 2d`)).toMatch(/^❌.*already until/);
    await wait(day);
    await story.pass(minute);

    expect(story.world!.isWatched(list as never)).toBe(false);
    expect(membership(person)).toBe("leave");
    expect(said("The time is over for which I was to follow Other list")).toBe(true);
  });

  test("a list that is followed for good after all stays", async () => {
    await begin();
    const list = story.room("Other list", {
      creationContent: { type: "m.policy" },
    });
    await story.command(`!tyr lists watch ${list} --now --for 1h`);

    expect(await story.command(`!tyr lists watch ${list}`)).toContain("without an end");
    await wait(2 * hour);

    expect(story.world!.isWatched(list as never)).toBe(true);
  });

  test.each(["", " ROOM"])("protections (%s) are as they were before", async (room) => {
    await begin();
    const where = room.replace("ROOM", story.rooms[0]!);
    const state = () => story.command(`!tyr protections show flood${where}`);
    const before = await state();

    const answer = await story.command(`!tyr protections enable flood${where} --for 1h`);
    expect(answer).toContain("until 2025-01-01 01:0");
    expect(await state()).not.toBe(before);
    expect(await story.command(`!tyr protections enable flood${where} --for 2h`)).toContain("already until");
    await wait(hour);
    await story.pass(minute);

    expect(await state()).toBe(before);
    expect(said("The time is over for which flood was switched")).toBe(true);
  });

  test("a protection that was set otherwise meanwhile is left so, and nothing is told", async () => {
    await begin();
    await story.command("!tyr protections enable flood --for 1h");
    await story.command("!tyr protections alert flood");

    await wait(2 * hour);

    expect(await story.command("!tyr protections show flood")).toContain("only tells");
    expect(said("The time is over")).toBe(false);
  });

  test("is taken back by an undo before its time, and not once more then", async () => {
    await begin();
    await story.command("!tyr protections enable flood --for 1h");
    const undone = await story.command("!tyr undo last");
    await story.command("!tyr protections enable flood");

    await wait(2 * hour);

    expect(undone).toMatch(/^✅/);
    expect(said("The time is over")).toBe(false);
    expect(await story.command("!tyr protections enable flood")).toContain("is on already");
  });
});
