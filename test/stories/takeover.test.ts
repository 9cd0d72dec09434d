// Taking over from other bots: what they left is in force after a first start, is told line by line, and stays theirs.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";
import type { Content } from "../homeserver/event.ts";

let story: Story;
const before = (options: StoryOptions = {}) => {
  story = new Story({ ...options, settings: { protectedRooms: [], watchedLists: [], ...options.settings } });
  return story;
};
const rooms = "org.matrix.mjolnir.protected_rooms";
const lists = "org.matrix.mjolnir.watched_lists";
const enabled = "org.matrix.mjolnir.enabled_protections";
const defaultList = "org.matrix.mjolnir.default_list";
const version = "ge.applied-langua.ge.draupnir.schema_version";
const keep = (type: string, content: Content) =>
  story.homeserver.setAccountData(story.bot.userId, type, content);
const kept = (type: string) => story.homeserver.accountData(story.bot.userId, type);
const state = (type: string, key: string, content: Content) =>
  story.homeserver.setState(story.managementRoom, story.moderator, type, key, content);
const linkTo = (room: string) => `https://matrix.to/#/${encodeURIComponent(room)}?via=hs.test`;
const first = () => story.said()[0]!;
const settings = () => story.tyr.world()!.settings;

afterEach(() => story.stop());

describe("a Mjolnir", () => {
  const leaves = () => {
    keep(rooms, { rooms: [...story.rooms] });
    keep(lists, { references: [linkTo(story.list)] });
    keep(defaultList, { shortcode: "COC" });
    keep(enabled, { enabled: ["BasicFloodingProtection", "MentionSpam", "WordList", "FromAFork"] });
    state("org.matrix.mjolnir.setting", "BasicFloodingProtection", { maxPerMinute: 7 });
    state("org.matrix.mjolnir.setting", "MentionSpam", { maxMentions: "many" });
  };

  test("is taken over: rooms, lists, default list, protections with their settings, and its prefix", async () => {
    before();
    leaves();
    const person = story.person("person");
    story.rule(person);

    await story.start();
    await story.until(() => story.isBanned(person), "the bans");

    expect(settings().defaultList).toBe(story.list);
    expect([...settings().protections]).toEqual([
      ["flood", { enabled: true, limit: 6, seconds: 60, response: "redact+ban" }],
      ["mention-limit", { enabled: true, limit: 10, rate: 1_000, seconds: 60, response: "redact" }],
      ["words", { enabled: true, response: "redact+ban", newcomersOnly: true, newcomerHours: 1 }],
    ]);
    expect([...settings().understood]).toEqual(["mjolnir"]);
  });

  test("is told line by line in the first message, with what was not taken over and why", async () => {
    before();
    leaves();

    await story.start();

    for (const line of [
      "Taken over from a Mjolnir's account data: 2 rooms, 1 list, list coc as the default list and 3 protections. Commands with !mjolnir are understood, too.",
      "If that bot still runs, stop it",
      "• BasicFloodingProtection is now flood: limit 6, seconds 60, response redact+ban",
      "• MentionSpam is now mention-limit: limit 10, rate 1000, seconds 60, response redact. Mjolnir also removed whatever",
      "• WordList is now words: response redact+ban, newcomersOnly true, newcomerHours 1. Its words stood in its config",
      "• FromAFork: I do not know this protection",
      "• MentionSpam: maxMentions was many, which is no number above zero; I take 10",
      `• Room 1 ${story.rooms[0]}`,
      `• list coc ${story.list}`,
    ])
      expect(first()).toContain(line);
  });

  test("that left odd things is taken over as far as it goes", async () => {
    before();
    keep(rooms, { rooms: [7, null, "nonsense", story.rooms[0], { room: story.rooms[1] }] });
    keep(lists, { references: "https://matrix.to/#/!a:b" });
    keep(defaultList, { shortcode: ["coc"] });
    keep(enabled, {});

    await story.start();

    expect([...settings().rooms.keys()]).toEqual([story.rooms[0]]);
    for (const line of [
      "• nonsense among the protected rooms is no room's address",
      "• 7 among the protected rooms is no room's address",
      `• ${lists} has no list references, but {"references":"https://matrix.to/#/!a:b"}`,
      `• ${defaultList} names no list, but says {"shortcode":["coc"]}`,
      `• ${enabled} has no list enabled, but {}`,
    ])
      expect(first()).toContain(line);
  });

  test("had lists by alias: one that leads nowhere is named and found later, over restarts", async () => {
    before({ dataPath: aFolder() });
    keep(lists, { references: ["https://matrix.to/#/#later:hs.test"] });
    const person = story.person("person");
    story.rule(person);
    keep(rooms, { rooms: [...story.rooms] });
    await story.start();
    expect(first()).toContain("The list of an earlier bot #later:hs.test leads nowhere");
    await story.stop();

    story.homeserver.setAlias("#later:hs.test", story.list);
    await story.start();
    await story.until(() => story.isBanned(person), "the bans");

    expect(kept(lists)).toEqual({ references: ["https://matrix.to/#/#later:hs.test"] });
  });

  test("had a space: it is named, as its rooms were not meant", async () => {
    before();
    const space = story.room("Space", { creationContent: { type: "m.space" } });
    const child = story.room("Child");
    story.homeserver.setState(space, story.moderator, "m.space.child", child, { via: ["hs.test"] });
    keep(rooms, { rooms: [space, story.rooms[0]!] });

    await story.start();

    expect(first()).toContain(`${space} is a space. It was protected without its rooms`);
    expect([...settings().rooms.keys()]).toEqual([story.rooms[0]]);
    expect(settings().spaces.size).toBe(0);
  });

  test("finds its keys as it needs them when a community goes back, with what only it knows", async () => {
    before();
    const foreign = story.room("Foreign");
    const made = story.room("Made later");
    keep(rooms, { rooms: [...story.rooms, "nonsense", 7], "its.own": { field: 1 } });
    keep(lists, { references: [linkTo(story.list), "https://matrix.to/#/#gone:hs.test", linkTo(foreign)] });
    keep(defaultList, { shortcode: "old", more: true });
    keep(enabled, { enabled: ["BasicFloodingProtection", "WordList", "FromAFork"] });
    await story.start();

    await story.command(`!tyr rooms remove ${story.rooms[0]}`);
    await story.command(`!tyr rooms add ${made}`);
    await story.command(`!tyr lists unwatch ${foreign}`);
    await story.command("!tyr lists default coc");
    await story.pass(5_000);

    expect(kept(rooms)).toEqual({ rooms: [story.rooms[1], "nonsense", 7, made], "its.own": { field: 1 } });
    expect(kept(lists)).toEqual({ references: [linkTo(story.list), "https://matrix.to/#/#gone:hs.test"] });
    expect(kept(defaultList)).toEqual({ shortcode: "coc", more: true });
    expect(kept(enabled)).toEqual({ enabled: ["BasicFloodingProtection", "WordList", "FromAFork"] });
  });

  test("had a protection on: it acts as it did, and is off in the key once it is switched off", async () => {
    before();
    keep(rooms, { rooms: [...story.rooms] });
    keep(enabled, { enabled: ["BasicFloodingProtection", "WordList"] });
    state("org.matrix.mjolnir.setting", "BasicFloodingProtection", { maxPerMinute: 4 });
    const loud = story.person("loud");
    await story.start();

    for (let i = 0; i < 3; i++) story.homeserver.sendText(story.rooms[0]!, loud, `${i}`);
    await story.pass(1_000);
    expect(story.homeserver.membership(story.rooms[0]!, loud)).toBe("join");
    story.homeserver.sendText(story.rooms[0]!, loud, "4");
    await story.until(() => story.isBanned(loud, [story.rooms[0]!]), "the ban in that room");
    await story.command("!tyr protections disable flood");
    await story.pass(5_000);

    expect(story.isBanned(loud, [story.rooms[1]!])).toBe(false);
    expect(kept(enabled)).toEqual({ enabled: ["WordList"] });
  });

  test("that ran in between keeps what it added to its keys", async () => {
    before({ dataPath: aFolder() });
    keep(rooms, { rooms: [...story.rooms] });
    await story.start();
    await story.stop();
    const added = story.room("Added by Mjolnir");
    keep(rooms, { rooms: [...story.rooms, added] });

    await story.start();
    await story.command(`!tyr rooms remove ${story.rooms[1]}`);
    await story.pass(5_000);

    expect(kept(rooms)).toEqual({ rooms: [story.rooms[0], added] });
  });
});

describe("a Draupnir", () => {
  const all = [
    "BanPropagationProtection",
    "MemberBanSynchronisationProtection",
    "ServerBanSynchronisationProtection",
    "RedactionSynchronisationProtection",
    "DraupnirNews",
  ];
  const leaves = (protections: readonly string[]) => {
    keep(rooms, { rooms: [...story.rooms] });
    keep(lists, { references: [linkTo(story.list)] });
    keep(enabled, { enabled: protections, [version]: 8 });
  };

  test("is taken over with what its acts were set to, and what Tyr does anyway is no detector", async () => {
    before();
    leaves([...all, "BasicFloodingProtection", "MentionLimitProtection"]);
    state("org.matrix.mjolnir.setting", "MentionLimitProtection", {
      maxMentions: 5,
      warningText: "Not so many, please.",
    });
    state("me.marewolf.draupnir.set_capability_provider", "BasicFloodingProtection", {
      userConsequences: { capability_provider_name: "SimulatedUserConsequences" },
      [version]: 1,
    });
    const person = story.person("person");
    story.rule(person);

    await story.start();
    await story.until(() => story.isBanned(person), "the bans");

    expect([...settings().protections]).toEqual([
      ["flood", { enabled: true, limit: 9, seconds: 60, response: "redact" }],
      [
        "mention-limit",
        {
          enabled: true,
          limit: 5,
          rate: 1_000,
          seconds: 60,
          response: "redact+warn redact+ban",
          repeatHours: 1,
          warning: "Not so many, please.",
        },
      ],
    ]);
    expect([...settings().understood]).toEqual(["draupnir"]);
    expect(first()).toContain("Taken over from a Draupnir's account data: 2 rooms, 1 list and 2 protections");
    expect(first()).toContain(
      "I do by myself what these did: BanPropagationProtection, MemberBanSynchronisationProtection",
    );
    expect(first()).toContain("• DraupnirNews: it told news of Draupnir");
  });

  test("that banned nobody for its lists is not made to: the lists are named and not watched", async () => {
    before();
    leaves(all.filter((name) => name !== "MemberBanSynchronisationProtection"));
    const person = story.person("person");
    story.rule(person);

    await story.start();
    await story.pass();

    expect(settings().lists).toEqual([]);
    expect(story.isBanned(person, [story.rooms[0]!])).toBe(false);
    expect(first()).toContain(
      `The list ${story.list} is not watched: with Draupnir, it banned nobody for rules of lists, and I would. If that is all right: !tyr lists watch ${story.list}`,
    );
    expect(kept(lists)).toEqual({ references: [linkTo(story.list)] });
  });

  test.each([
    [true, 0],
    [false, 1],
  ])("that wrote no ACLs: with acl.enabled %s, lists watched: %d", async (isEnabled, count) => {
    before({ settings: { acl: { enabled: isEnabled } } });
    leaves(all.filter((name) => name !== "ServerBanSynchronisationProtection"));

    await story.start();

    expect(settings().lists).toHaveLength(count);
  });

  test("that made its management room by itself is commanded from there", async () => {
    before({ settings: { managementRoom: undefined, initialManager: "@mod:hs.test" } });
    keep("space.draupnir.zero_touch_deploy_room", { room: linkTo(story.managementRoom) });
    leaves(all);

    await story.start();

    expect(settings().managementRoom).toBe(story.managementRoom);
  });

  test("keeps the version of its key and the names of its own", async () => {
    before();
    leaves([...all, "MentionLimitProtection", "NotOurs"]);

    await story.start();
    await story.pass(5_000);

    expect(kept(enabled)).toEqual({ enabled: [...all, "MentionLimitProtection", "NotOurs"], [version]: 8 });
  });
});

describe("a Meowlnir", () => {
  const leaves = (more: { lists?: Content[]; rooms?: Content } = {}) => {
    state("fi.mau.meowlnir.watched_lists", "", {
      lists: [
        { room_id: story.list, name: "List", shortcode: "coc", auto_unban: true },
        ...(more.lists ?? []),
      ],
    });
    state("fi.mau.meowlnir.protected_rooms", "", { rooms: [...story.rooms], ...more.rooms });
  };

  test("is taken over from the state of the management room, which is left as it is", async () => {
    before();
    const second = story.room("Second");
    leaves({
      lists: [{ room_id: second, name: "Second", shortcode: "two", auto_suspend: true }],
      rooms: {
        protections: {
          anti_flood: { limit: 8, per: 10, max_infractions: 3 },
          max_mentions: { limit: 4, per: 60 },
          no_media: { allow_images: true },
        },
      },
    });
    const person = story.person("person");
    story.rule(person);

    await story.start();
    await story.until(() => story.isBanned(person), "the bans");
    await story.command(`!tyr rooms remove ${story.rooms[0]}`);

    expect(settings().lists).toMatchObject([
      { room: story.list, liftsBans: true },
      { room: second, liftsBans: false },
    ]);
    expect([...settings().protections]).toEqual([
      ["flood", { enabled: true, limit: 8, seconds: 10, response: "redact redact redact+ban" }],
      [
        "mention-limit",
        { enabled: true, limit: 4, rate: 4, seconds: 60, response: "redact+ban", repeatHours: 1 },
      ],
      ...["no-videos", "no-audio", "no-voice", "no-files", "no-stickers"].map((name) => [
        name,
        { enabled: true, response: "redact" },
      ]),
    ]);
    expect([...settings().understood]).toEqual(["meowlnir"]);
    expect(first()).toContain("Taken over from a Meowlnir's state in the management room: 2 rooms, 2 lists");
    expect(first()).toContain("• no_media is now no-videos: response redact");
    expect(first()).toContain("accounts of this homeserver are not suspended");
    const left = story.homeserver.state(story.managementRoom, "fi.mau.meowlnir.protected_rooms");
    expect(left?.sender).toBe(story.moderator);
  });

  test("told of a list only, or wrote no ACL: that is not done silently, and named with the command", async () => {
    before();
    const [told, bans] = [story.room("Told"), story.room("Bans")];
    leaves({
      lists: [
        { room_id: told, name: "Told", dont_apply: true },
        { room_id: bans, name: "Bans", dont_apply_acl: true },
        { name: "nowhere" },
      ],
      rooms: { skip_acl: [story.rooms[1]!], obfuscate_bans: true, protections: { anti_flood: {} } },
    });

    await story.start();

    expect(settings().lists.map((list) => list.room)).toEqual([story.list]);
    expect([...settings().rooms.keys()]).toEqual([story.rooms[0]]);
    for (const line of [
      `The list Told ${told} is not watched: Meowlnir only told what changed on it`,
      `lists watch ${told}`,
      `The list Bans ${bans} is not watched: Meowlnir wrote no server ACLs for it`,
      `The room ${story.rooms[1]} is not protected: Meowlnir wrote no server ACL there`,
      `rooms add ${story.rooms[1]}`,
      '{"name":"nowhere"} among the watched lists names no room',
      "anti_flood: it had no limit and time above zero set",
      "Bans no longer hide the name and picture",
    ])
      expect(first()).toContain(line);
  });

  test("is taken over beside a Mjolnir, each room and list once", async () => {
    before();
    keep(rooms, { rooms: [story.rooms[0]!] });
    keep(lists, { references: [linkTo(story.list)] });
    leaves();

    await story.start();

    expect(first()).toContain(
      "Taken over from a Mjolnir's account data and a Meowlnir's state in the management room: 2 rooms and 1 list.",
    );
    expect([...settings().understood]).toEqual(["mjolnir", "meowlnir"]);
  });
});

test("where no other bot was, nothing is said of one, and nothing but what is settled is written", async () => {
  story = new Story();

  await story.start();
  await story.pass(5_000);

  expect(first()).not.toContain("Taken over");
  expect(kept(rooms)).toEqual({ rooms: story.rooms, "io.tyr.made": true });
  expect(kept(defaultList)).toBeUndefined();
  expect(kept(enabled)).toBeUndefined();
});

test("what we kept there ourselves is taken for ours when the data folder is lost", async () => {
  story = new Story({ dataPath: aFolder() });
  await story.start();
  await story.command("!tyr protections enable flood");
  await story.pass(5_000);
  await story.stop();
  const before = story.said().length;
  story.settings = { protectedRooms: [], watchedLists: [], dataPath: aFolder() };

  await story.start();
  await story.until(() => story.said().length > before, "the first message");

  const [said] = story.said().slice(before);
  expect(said).toContain("where an earlier data folder of mine kept it: 2 rooms, 1 list and 1 protection");
  expect(said).not.toContain("Mjolnir");
  expect([...settings().rooms.keys()]).toEqual(story.rooms);
  expect([...settings().understood]).toEqual([]);
  expect(settings().protections.get("flood")).toEqual({ enabled: true });
});

test("a second start takes nothing over again", async () => {
  before({ dataPath: aFolder() });
  keep(rooms, { rooms: [...story.rooms] });
  await story.start();
  await story.command(`!tyr rooms remove ${story.rooms[0]}`);
  await story.stop();
  keep(rooms, { rooms: [...story.rooms] });

  await story.start();

  expect([...settings().rooms.keys()]).toEqual([story.rooms[1]]);
  expect(story.said().filter((text) => text.includes("Taken over"))).toHaveLength(1);
});
