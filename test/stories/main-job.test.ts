// The main job, told on a scripted homeserver: rules become bans and ACLs, and go again.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

describe.each(["11", "12"] as const)("in rooms of version %s", (version) => {
  test("a rule on a list bans the person in every room, once, and tells it once", async () => {
    await begin({ version, rooms: 5 });
    const spammer = story.person("spammer");

    story.rule(spammer, { reason: "rude" });
    await story.until(() => story.said().some((text) => text.includes("banned")), "the report");

    expect(story.isBanned(spammer)).toBe(true);
    expect(story.written("m.room.member")).toHaveLength(5);
    expect(story.said().filter((text) => text.includes("banned"))).toEqual([
      `List coc: new rule for user ${spammer} (rude)\nbanned ${spammer} in 5 rooms`,
    ]);
  });

  test("a listed person who joins is banned with one write", async () => {
    await begin({ version });
    story.rule("@late:hs.test");

    const late = story.person("late", [story.rooms[0]!]);
    await story.until(() => story.isBanned(late, [story.rooms[0]!]), "the ban");
    await story.pass();

    expect(story.written("m.room.member")).toHaveLength(1);
  });

  test("a server rule becomes one ACL in every room, and our own server stays", async () => {
    await begin({ version, rooms: 3 });

    story.rule("evil.example", { kind: "server" });
    await story.until(
      () => story.rooms.every((room) => story.deny(room).includes("evil.example")),
      "the ACLs",
    );
    await story.pass();

    expect(story.written("m.room.server_acl")).toHaveLength(3);
  });

  test("when a rule goes, the bans made for it are lifted, and those of others stay", async () => {
    await begin({ version });
    const both = story.person("both");
    story.homeserver.ban(story.rooms[0]!, story.moderator, both);
    story.rule(both);
    await story.until(() => story.isBanned(both), "the bans");

    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", `rule:${both}`, {});
    await story.until(() => story.homeserver.membership(story.rooms[1]!, both) === "leave", "the lift");
    await story.pass();

    expect(story.homeserver.membership(story.rooms[0]!, both)).toBe("ban");
  });
});
