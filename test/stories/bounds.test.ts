// Whatever rooms and lists hold, what Tyr holds of it has a bound: what is beyond is left out and counted, and nothing stops.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options: StoryOptions = {}) => {
  story = new Story(options);
  await story.start();
};

afterEach(() => story.stop());

test("rules beyond the bound of a list are counted in status and not applied, also after a restart", async () => {
  await begin({ dataPath: aFolder(), settings: { limits: { rulesPerList: 10 } } });
  const [early, late] = [story.person("early"), story.person("late")];
  story.rule(early);
  await story.until(() => story.isBanned(early), "the first ban");
  story.homeserver.addRules(story.list, story.moderator, 20);
  await story.pass(5_000);
  story.rule(late);
  await story.pass(20_000);

  expect(story.isBanned(late)).toBe(false);
  expect(await story.command("!tyr status")).toMatch(/more rules than I take in: 1\d rules of the newest/);
  await story.stop();
  await story.start();
  expect(story.world?.lists.values().next().value?.size).toBe(10);

  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", `rule:${early}`, {});
  await story.until(() => !story.isBanned(early, [story.rooms[0]!]), "the lift");
  story.rule(late, { key: "again" });
  await story.until(() => story.isBanned(late), "a ban by a rule for which there is room again");
});

test("a list that gets 5,000 globs in one breath is applied, and the next rule works", async () => {
  await begin({ rooms: 1 });
  story.homeserver.addRules(story.list, story.moderator, 5_000, (i) => ({
    type: "m.policy.rule.user",
    stateKey: `glob ${i}`,
    content: { entity: `@*spam${i}*:evil${i}.example`, recommendation: "m.ban", reason: "" },
  }));
  await story.pass(10_000);

  const person = story.person("someone");
  story.rule(person);
  await story.until(() => story.isBanned(person), "the ban");

  expect(story.log.filter((line) => line.level === "error")).toEqual([]);
});

test("so many lists and rooms are taken, and no more", async () => {
  await begin({ rooms: 2, settings: { limits: { lists: 1, rooms: 2 } } });
  const [list, room] = [story.room("Another list"), story.room("Another room")];

  expect(await story.command(`!tyr lists watch ${list}`)).toMatch(/^❌.*limits\.lists/);
  expect(await story.command("!tyr lists create more")).toMatch(/^❌.*limits\.lists/);
  expect(await story.command(`!tyr rooms add ${room}`)).toMatch(/^❌.*limits\.rooms/);
});

test("spaces within spaces, in a circle and without end, come to an end", async () => {
  await begin({ settings: { limits: { spaces: 3, roomsOfSpaces: 5 } } });
  const space = (name: string) => story.room(name, { creationContent: { type: "m.space" } });
  const spaces = Array.from({ length: 8 }, (_, i) => space(`Space ${i}`));
  const child = (of: string, room: string) =>
    story.homeserver.setState(of, story.moderator, "m.space.child", room, { via: ["hs.test"] });
  spaces.forEach((one, i) => child(one, spaces[(i + 1) % spaces.length]!));
  child(spaces[0]!, story.managementRoom);
  for (let i = 0; i < 10; i++) child(spaces[0]!, story.room(`Child ${i}`));

  await story.command(`!tyr rooms add ${spaces[0]!}`);
  await story.pass(120_000);

  const { settings } = story.world!;
  expect(settings.spaces.size).toBe(3);
  expect(settings.rooms.size).toBeLessThanOrEqual(2 + 5);
  expect(settings.rooms.has(story.managementRoom as never)).toBe(false);
});

test("a room that is upgraded again and again brings no more rooms than the bound", async () => {
  await begin({ rooms: 1, settings: { limits: { rooms: 4 } } });
  let from = story.rooms[0]!;
  for (let i = 0; i < 8; i++) {
    const to = story.room(`Next ${i}`, {
      creationContent: { predecessor: { room_id: from, event_id: "$last" } },
    });
    story.homeserver.setState(from, story.moderator, "m.room.tombstone", "", { replacement_room: to });
    await story.pass(5_000);
    from = to;
  }
  // And back to the first.
  story.homeserver.setState(from, story.moderator, "m.room.tombstone", "", {
    replacement_room: story.rooms[0]!,
  });
  await story.pass(60_000);

  expect(story.world!.settings.rooms.size).toBe(4);
});

test("state under keys that mean nothing is not kept, and of a space's children a bounded number", async () => {
  await begin({ rooms: 1, settings: { limits: { statePerRoom: 100 } } });
  const room = story.rooms[0]!;
  story.homeserver.inOneGo(() => {
    for (let i = 0; i < 300; i++) {
      story.homeserver.setState(room, story.moderator, "m.room.name", `key ${i}`, { name: `x${i}` });
      story.homeserver.setState(room, story.moderator, "m.space.child", `!r${i}:hs.test`, {
        via: ["hs.test"],
      });
    }
  });
  await story.pass(10_000);

  const kept = [...story.world!.rooms.get(room as never)!.events()];
  expect(kept.length).toBeLessThanOrEqual(101);
  expect(kept.filter((one) => one.type === "m.room.name")).toHaveLength(1);
});

test("a protected room whose state is full still takes a new server ACL and new power levels", async () => {
  await begin({ rooms: 1, settings: { limits: { statePerRoom: 100 } } });
  const room = story.rooms[0]!;
  story.homeserver.inOneGo(() => {
    for (let i = 0; i < 300; i++)
      story.homeserver.setState(room, story.moderator, "m.space.child", `!r${i}:hs.test`, {
        via: ["hs.test"],
      });
  });
  await story.pass(5_000);

  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(room).includes("evil.example"), "the ACL");
  await story.pass(60_000);

  expect(story.written("m.room.server_acl")).toHaveLength(1);
});
