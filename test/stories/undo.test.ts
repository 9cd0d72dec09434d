// Taking back: everything of a cause, only where the world still shows it as ours, and the story of it in words.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RoomId } from "../../src/model/ids.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
};
afterEach(() => story.stop());

const membership = (user: string, room = story.rooms[0]!) => story.homeserver.membership(room, user);
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .filter((event) => event.content["entity"] !== undefined);

describe("a ban by command", () => {
  let person: string;
  let answer: string;
  beforeEach(async () => {
    await begin({ rooms: 3 });
    person = story.person("person");
    answer = await story.command(`!tyr ban ${person} rude`);
  });

  test("is taken back whole by its number: the rule and the bans in all rooms", async () => {
    const undone = await story.command(`!tyr undo ${undoNumber(answer)}`);
    await story.pass(10_000);

    expect(undone).toContain("✅");
    expect(undone).toContain("1 rule to take back, 3 bans to lift");
    expect(undone).toContain("took back 1 rule");
    expect(undone).toContain(`unbanned ${person} in 3 rooms`);
    expect(story.rooms.map((room) => membership(person, room))).toEqual(["leave", "leave", "leave"]);
    expect(rules()).toEqual([]);
  });

  test("and by last, by name, and only once", async () => {
    await story.command("!tyr undo last");
    expect(membership(person)).toBe("leave");

    expect(await story.command(`!tyr undo ${person}`)).toContain("❌");
    expect(await story.command("!tyr undo last")).toContain("❌");
  });

  test("is back after the undo is undone", async () => {
    const undone = await story.command("!tyr undo last");

    await story.command(`!tyr undo ${undoNumber(undone)}`);
    await story.pass(5_000);

    expect(story.isBanned(person)).toBe(true);
    expect(rules()).toHaveLength(1);
  });

  test("is lifted with its rule also after it was lifted and that was undone", async () => {
    await story.command(`!tyr unban ${person}`);
    await story.command("!tyr undo last");
    await story.pass(5_000);
    expect(story.isBanned(person)).toBe(true);

    const [rule] = rules();
    story.homeserver.setState(story.list, story.moderator, rule!.type, rule!.state_key!, {});

    await story.until(() => membership(person) === "leave", "the lift");
  });

  test("is back for its list after the undo is undone", async () => {
    await story.command("!tyr undo last");
    await story.command("!tyr undo 2");
    await story.pass(5_000);

    const [rule] = rules();
    story.homeserver.setState(story.list, story.moderator, rule!.type, rule!.state_key!, {});

    await story.until(() => membership(person) === "leave", "the lift");
  });

  test("stays where somebody else has banned since", async () => {
    const [room] = story.rooms;
    story.homeserver.setState(room!, story.moderator, "m.room.member", person, { membership: "leave" });
    story.homeserver.setState(room!, story.moderator, "m.room.member", person, { membership: "ban" });
    await story.pass(1_000);

    const undone = await story.command("!tyr undo last");

    expect(story.rooms.map((one) => membership(person, one))).toEqual(["ban", "leave", "leave"]);
    expect(undone).toContain("Left alone, as it is gone already or somebody has changed it since: 1 ban.");
  });

  test("stays where a list of others still asks for it, and the answer says which", async () => {
    const foreign = story.room("Foreign", { botLevel: 0 });
    await story.command(`!tyr lists watch ${foreign}`);
    story.rule(person, { list: foreign, reason: "known spammer" });
    await story.pass(5_000);

    const undone = await story.command("!tyr undo 1");
    await story.pass(5_000);

    expect(story.isBanned(person)).toBe(true);
    expect(rules()).toEqual([]);
    expect(undone).toContain("list Foreign still asks for them (known spammer)");
    expect(undone).toContain(`exempt add ${person}`);
  });

  test("is told by why, before and after", async () => {
    const before = await story.command(`!tyr why ${person}`);
    await story.command("!tyr undo last");
    const after = await story.command(`!tyr why ${person}`);

    expect(before).toContain("Is banned by me for list coc in Room");
    expect(before).toContain(`user ${person} (ban) by ${story.bot.userId}`);
    expect(before).toContain(
      `banned in 3 rooms (3 done), as ${story.moderator} said ban ${person} rude [undo 1]`,
    );
    expect(after).toContain("No rule speaks about it now.");
    expect(after).toContain("gone or changed on");
    expect(after).toContain(`unbanned in 3 rooms (3 done), as ${story.moderator} said undo last [undo 2]`);
  });
});

test("a person is invited again where nobody comes in without", async () => {
  story = new Story();
  const closed = story.room("Closed", { joinRule: "invite" });
  const person = story.person("person");
  story.homeserver.invite(closed, story.moderator, person);
  story.homeserver.join(closed, person);
  story.settings = { protectedRooms: [...story.rooms, closed] };
  await story.start();
  await story.command(`!tyr ban ${person} rude`);
  expect(membership(person, closed)).toBe("ban");

  await story.command("!tyr undo last");
  await story.pass(5_000);

  expect(membership(person, closed)).toBe("invite");
  expect(membership(person)).toBe("leave");
});

test("a kick is made good by an invitation where one is needed, and told where none is", async () => {
  await begin();
  const person = story.person("person");
  await story.command(`!tyr kick ${person} rude`);

  const undone = await story.command("!tyr undo last");

  expect(undone).toContain("can come back without an invitation");
});

test("whoever was kicked and is exempt by now is invited all the same", async () => {
  story = new Story();
  const closed = story.room("Closed", { joinRule: "invite" });
  const person = story.person("person");
  story.homeserver.invite(closed, story.moderator, person);
  story.homeserver.join(closed, person);
  story.settings = { protectedRooms: [...story.rooms, closed] };
  await story.start();
  const kick = await story.command(`!tyr kick ${person} rude`);
  await story.command(`!tyr exempt add ${person}`);

  await story.command(`!tyr undo ${undoNumber(kick)}`);

  expect(membership(person, closed)).toBe("invite");
});

test("a space that was not known to be one is followed no longer, nor are its rooms protected", async () => {
  await begin();
  const space = story.room("Space", { creationContent: { type: "m.space" } });
  const child = story.room("Child");
  story.homeserver.setState(space, story.moderator, "m.space.child", child, { via: ["hs.test"] });
  const answer = await story.command(`!tyr rooms add ${space}`);
  await story.until(() => story.world!.settings.rooms.has(child as RoomId), "the room of the space");

  await story.command(`!tyr undo ${undoNumber(answer)}`);
  await story.pass(10_000);

  expect([...story.world!.settings.spaces.keys()]).toEqual([]);
  expect([...story.world!.settings.rooms.keys()]).toEqual(story.rooms);
});

test("a list that is watched again has its place again, and is the default again", async () => {
  await begin();
  await story.command(`!tyr lists watch ${story.room("Other", { botLevel: 0 })}`);
  await story.command("!tyr lists default coc");
  await story.command("!tyr lists unwatch coc");

  await story.command("!tyr undo last");

  const { lists, defaultList } = story.world!.settings;
  expect({ first: lists[0]!.room, defaultList }).toEqual({ first: story.list, defaultList: story.list });
});

test("an exemption that took the place of another is left alone when the other is taken back", async () => {
  await begin();
  const first = await story.command("!tyr exempt add @somebody:far.test one");
  await story.command("!tyr exempt add @somebody:far.test two");

  expect(await story.command(`!tyr undo ${undoNumber(first)}`)).toContain("Left alone");
  await story.command("!tyr undo last");

  const reasons = [...story.world!.settings.exemptions.values()].map(({ reason }) => reason);
  expect(reasons).toEqual(["one"]);
});

test("numbers go up by one, whatever each command led to", async () => {
  await begin({ rooms: 5 });
  const one = story.person("one");
  const two = story.person("two");

  const first = await story.command(`!tyr ban ${one} spam`);
  await story.command("!tyr status");
  const second = await story.command(`!tyr ban ${two} spam`);

  expect([undoNumber(first), undoNumber(second)]).toEqual(["1", "2"]);
});

test("a number that nothing has is named, with those that are there", async () => {
  await begin();
  const person = story.person("person");
  await story.command(`!tyr ban ${person} rude`);

  expect(await story.command("!tyr undo 99")).toContain(
    "I know nothing under 99. The newest:\n• !tyr undo 1:",
  );
  await story.command("!tyr undo last");
  expect(await story.command("!tyr undo last")).toContain("Nothing is left to take back");
});

test("what is for good is not offered to be taken back", async () => {
  await begin();
  const person = story.person("person");
  story.homeserver.sendText(story.rooms[0]!, person, "words");
  await story.pass(1_000);

  const redacted = await story.command(`!tyr redact ${person}`);

  expect(redacted).toContain("redacted");
  expect(redacted).not.toContain("Take it back");
});

test("a rule that replaced another brings the other back", async () => {
  await begin();
  await story.command("!tyr ban @somebody:far.test first reason");
  const second = await story.command("!tyr ban @somebody:far.test second reason");

  await story.command(`!tyr undo ${undoNumber(second)}`);

  expect(rules().map((event) => event.content["reason"])).toEqual(["first reason"]);
});

test("an exemption is taken back, and the list applies again", async () => {
  await begin();
  const person = story.person("person");
  await story.command(`!tyr exempt add ${person}`);
  story.rule(person);
  await story.pass(5_000);
  expect(story.isBanned(person)).toBe(false);

  await story.command("!tyr undo last");

  await story.until(() => story.isBanned(person), "the bans");
});

test("redactions are told to be final, and those that wait are called off", async () => {
  await begin({ rooms: 1, homeserver: { writeLatencyMs: 2_000 } });
  const person = story.person("person");
  for (let i = 0; i < 30; i++) story.homeserver.sendText(story.rooms[0]!, person, `message ${i}`);
  await story.pass(1_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr redact ${person}`);
  const redacted = () =>
    story.homeserver.events(story.rooms[0]!).filter((event) => event.type === "m.room.redaction").length;
  await story.until(() => redacted() >= 4, "some redactions");

  const undone = await story.command("!tyr undo last");
  const then = redacted();
  await story.pass(120_000);

  expect(undone).toMatch(/redactions? cannot be undone/);
  expect(undone).toMatch(/\d+ acts still waiting: called off/);
  expect(redacted() - then).toBeLessThanOrEqual(4);
  expect(redacted()).toBeLessThan(30);
});

test("bans on their way when they are taken back do not stay", async () => {
  await begin({ rooms: 6, homeserver: { writeLatencyMs: 3_000 } });
  const person = story.person("person");
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.until(() => story.rooms.some((room) => membership(person, room) === "ban"), "the first ban");

  await story.command("!tyr undo last");
  await story.pass(120_000);

  expect(story.rooms.map((room) => membership(person, room))).not.toContain("ban");
  expect(rules()).toEqual([]);
});

test("what a list has led to is taken back, its rules stay and are no longer applied", async () => {
  await begin();
  const [one, two] = [story.person("one"), story.person("two")];
  story.rule(one);
  story.rule("@tw*:hs.test");
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.isBanned(one) && story.isBanned(two), "the bans");
  await story.until(() => story.deny(story.rooms[0]!).length === 1, "the ACL");

  const undone = await story.command("!tyr undo coc");
  await story.pass(30_000);

  expect(undone).toContain("3 rules no longer applied");
  expect([membership(one), membership(two)]).toEqual(["leave", "leave"]);
  expect(story.deny(story.rooms[0]!)).toEqual([]);
  const late = story.person("twice");
  await story.pass(30_000);
  expect(story.isBanned(late)).toBe(false);
  expect(await story.command(`!tyr rules matching ${one}`)).toContain(
    `not applied, ${story.moderator} said no`,
  );

  await story.command(`!tyr undo ${undoNumber(undone)}`);
  await story.until(() => story.isBanned(late), "the rules applied again");
  expect(story.deny(story.rooms[0]!)).toEqual(["evil.example"]);
});

test("an undo that brings back a rule waits where the rule would hit too many by now", async () => {
  await begin({ settings: { guard: { maxPeople: 4, maxRoomShare: 100, newcomerHours: 1 } } });
  const wave = Array.from({ length: 10 }, (_, i) => story.person(`wave${i}`));
  await story.confirmed("!tyr ban @wave*:hs.test raid");
  await story.command("!tyr unban @wave*:hs.test");
  for (const one of wave) for (const room of story.rooms) story.homeserver.join(room, one);
  await story.pass(2 * 3_600_000);

  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr undo last");
  await story.until(() => story.said().some((text) => text.startsWith("Question 2:")), "the question");
  await story.pass(60_000);

  expect(wave.filter((one) => story.isBanned(one))).toEqual([]);
  expect(rules()).toEqual([]);
});

test("undo without a word tells the newest commands", async () => {
  await begin();
  await story.command("!tyr ban @somebody:far.test rude");

  const answer = await story.command("!tyr undo");

  expect(answer).toContain("!tyr undo 1: ban @somebody:far.test rude");
});

test("why tells of a server and of a room", async () => {
  await begin();
  await story.command("!tyr ban server evil.example spam network");
  await story.until(() => story.deny(story.rooms[0]!).length === 1, "the ACL");

  const server = await story.command("!tyr why evil.example");
  const room = await story.command(`!tyr why ${story.rooms[0]!}`);
  const nobody = await story.command("!tyr why @nobody:far.test");

  expect(server).toContain("The server ACL denies it in Room 1, Room 2.");
  expect(server).toContain("server evil.example (ban)");
  expect(room).toContain("Is protected.");
  expect(room).toContain("Its server ACL denies 1 entry, 0 of them made by hand.");
  expect(room).toContain("wrote the server ACL in 1 room (1 done)");
  expect(nobody).toContain("Nothing touches @nobody:far.test");
});

test("only one thing is taken back at a time: a list named by the way is left alone", async () => {
  await begin();
  const [person, other] = [story.person("person"), story.person("other")];
  story.rule(other);
  await story.command(`!tyr ban ${person} coc rude`);
  await story.until(() => story.isBanned(other), "the ban of the list");

  const answer = await story.command(`!tyr undo ${person} coc`);
  await story.pass(5_000);

  expect(answer).toContain("❌");
  expect(story.isBanned(person) && story.isBanned(other)).toBe(true);
});

test("a list is also taken back by the id of its room", async () => {
  await begin();
  const someone = story.person("someone");
  story.rule(someone);
  await story.until(() => story.isBanned(someone), "the ban");

  const undone = await story.command(`!tyr undo ${story.list}`);

  expect(undone).toMatch(/^✅/);
  await story.until(() => !story.isBanned(someone), "the lift");
});
