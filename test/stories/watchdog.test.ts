// What was done once and is gone again: noticed, put right where a list asks for it, told where a person did it.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rooms: 2, ...options });
  await story.start();
};
afterEach(() => story.stop());

const hourMs = 3_600_000;
const said = (part: string) => story.said().filter((text) => text.includes(part));

test("a ban that a state reset has taken is made again, though nobody told of it", async () => {
  await begin({ settings: { watchdog: { everyHours: 1 } } });
  const person = story.person("person");
  const room = story.rooms[0]!;
  const joined = story.homeserver.state(room, "m.room.member", person)!.event_id;
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");

  story.homeserver.resetState(room, "m.room.member", person, joined);
  await story.until(() => story.isBanned(person), "the ban made again", 4 * hourMs);

  expect(said("lifted the ban")).toEqual([]);
});

test("a ban lost to a leave of the person themselves is made again as well", async () => {
  await begin({ homeserver: { supportsStateAfter: true } });
  const room = story.rooms[0]!;
  const person = story.person("person", [room]);
  story.homeserver.leave(room, person);
  const left = story.homeserver.state(room, "m.room.member", person)!.event_id;
  story.homeserver.join(room, person);
  story.rule(person);
  await story.until(() => story.isBanned(person, [room]), "the ban");
  await story.pass(120_000);

  story.homeserver.resetState(room, "m.room.member", person, left);
  story.homeserver.sendText(room, story.moderator, "something that makes the room show its state");

  await story.until(() => story.isBanned(person, [room]), "the ban made again", 25 * hourMs);
});

test("a ban that a person lifted is left, told once, and made again when its person comes back", async () => {
  await begin();
  const person = story.person("person");
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");
  const room = story.rooms[0]!;

  story.homeserver.setState(room, story.moderator, "m.room.member", person, { membership: "leave" });
  await story.pass(10 * 60_000);

  expect(story.homeserver.membership(room, person)).toBe("leave");
  expect(
    said(`${story.moderator} lifted the ban of ${person} in Room 1, which list coc asks for`),
  ).toHaveLength(1);
  story.homeserver.join(room, person);
  await story.until(() => story.isBanned(person), "the ban on return");
});

test("a server ACL that somebody changed is put right, and who did it is told", async () => {
  await begin();
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(story.rooms[0]!).length === 1, "the ACL");

  story.homeserver.setState(story.rooms[0]!, story.moderator, "m.room.server_acl", "", {
    allow: ["*"],
    deny: ["other.example"],
  });
  await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the entry put back");
  await story.pass(5_000);

  expect(story.deny(story.rooms[0]!)).toEqual(["other.example", "evil.example"]);
  expect(said(`${story.moderator} changed the server ACL of Room 1`)).toHaveLength(1);
});

test("two bots do not write over each other's ACLs for ever", async () => {
  await begin({ rooms: 1 });
  const room = story.rooms[0]!;
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(room).length === 1, "the ACL");

  for (let i = 0; i < 20; i++) {
    story.homeserver.setState(room, story.moderator, "m.room.server_acl", "", { allow: ["*"], deny: [] });
    await story.pass(30_000);
  }

  expect(story.written("m.room.server_acl").length).toBeLessThanOrEqual(5);
  expect(said("It happened too often in an hour")).toHaveLength(1);
  await story.pass(70 * 60_000);
  expect(story.deny(room)).toEqual(["evil.example"]);
});

test("our level taken away is told with who did it", async () => {
  await begin({ rooms: 1 });

  story.homeserver.forceState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
    users: { [story.moderator]: 100 },
  });
  await story.pass(5_000);

  expect(said(`the levels were last set by ${story.moderator}`)).toHaveLength(1);
});

test("rooms are read anew one after another, not all at once, and large ones not at all", async () => {
  await begin({ rooms: 4, settings: { watchdog: { everyHours: 2, maxMembers: 3 } } });
  for (let i = 0; i < 5; i++) story.person(`person${i}`, [story.rooms[3]!]);
  await story.pass(1_000);
  const before = story.homeserver.requests.length;

  await story.pass(4 * hourMs);

  const reads = story.homeserver.requests.slice(before).filter((one) => one.path.endsWith("/members"));
  const rooms = new Set(reads.map((one) => decodeURIComponent(one.path.split("/")[5]!)));
  expect(rooms).toEqual(new Set(story.rooms.slice(0, 3)));
  expect(reads.length).toBeLessThanOrEqual(8);
});

describe("power levels that a state reset has taken", () => {
  const levelsType = "m.room.power_levels";
  const levelsOf = (room: string) => story.homeserver.state(room, levelsType)!;
  const levelOf = (room: string, who: string) =>
    (levelsOf(room).content["users"] as Record<string, unknown>)[who];

  test.each([
    ["that sync shows", { homeserver: { supportsStateAfter: true } }],
    ["that only a read shows", { settings: { watchdog: { everyHours: 1 } } }],
  ] as const)(
    "%s are put back: mutes, which still end, and levels that were given",
    async (_how, options) => {
      await begin(options);
      const room = story.rooms[0]!;
      const [loud, helper] = [story.person("loud", [room]), story.person("helper", [room])];
      const before = levelsOf(room).event_id;
      await story.command(`!tyr mute ${loud} ${room} --for 12h`);
      await story.command(`!tyr powerlevel ${helper} 50 ${room}`);
      await story.pass(120_000);

      story.homeserver.resetState(room, levelsType, "", before);
      expect(levelOf(room, loud)).toBeUndefined();
      story.homeserver.sendText(room, story.moderator, "something that makes the room show its state");
      await story.until(
        () => levelOf(room, loud) === -1 && levelOf(room, helper) === 50,
        "the levels",
        4 * hourMs,
      );
      await story.pass();

      expect(said("went back to older power levels in Room 1")).toHaveLength(1);
      expect(said("I put back 2 levels")).toHaveLength(1);
      await story.pass(12 * hourMs);
      expect(levelOf(room, loud)).toBeUndefined();
      expect(levelOf(room, helper)).toBe(50);
    },
  );

  test("and that somebody else had set are told, and left to them", async () => {
    await begin({ homeserver: { supportsStateAfter: true } });
    const room = story.rooms[0]!;
    const helper = story.person("helper", [room]);
    const before = levelsOf(room);
    story.homeserver.setState(room, story.moderator, levelsType, "", {
      ...before.content,
      users: { ...(before.content["users"] as object), [helper]: 50 },
    });
    await story.pass(120_000);

    story.homeserver.resetState(room, levelsType, "", before.event_id);
    story.homeserver.sendText(room, story.moderator, "something that makes the room show its state");
    await story.pass(hourMs);

    expect(levelOf(room, helper)).toBeUndefined();
    expect(said(`The levels that were lost were set by ${story.moderator}`)).toHaveLength(1);
  });

  test("are no reset where a person sets other levels", async () => {
    await begin({ homeserver: { supportsStateAfter: true } });
    const room = story.rooms[0]!;
    const loud = story.person("loud", [room]);
    const before = levelsOf(room).content;
    await story.command(`!tyr mute ${loud} ${room}`);
    await story.pass(120_000);

    story.homeserver.setState(room, story.moderator, levelsType, "", before);
    await story.pass(hourMs);

    expect(levelOf(room, loud)).toBeUndefined();
    expect(said("went back to older power levels")).toEqual([]);
  });
});
