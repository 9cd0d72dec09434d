// Ids that differ in capitals alone are different people: whom rules and commands then mean.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
};
const is = (user: string, room = story.rooms[0]!) => story.homeserver.membership(room, user);
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .flatMap(({ content }) => content["entity"] ?? []);

afterEach(() => story.stop());

describe("a rule of a list", () => {
  test("hits exactly the id it names where somebody bears it", async () => {
    await begin();
    const [upper, lower] = [story.person("Twin"), story.person("twin")];

    story.rule(upper);
    await story.until(() => story.isBanned(upper), "the bans");
    await story.pass();

    expect(is(lower)).toBe("join");
  });

  test("hits another spelling of it where nobody does", async () => {
    await begin();
    const lower = story.person("twin");

    story.rule("@Twin:hs.test");

    await story.until(() => story.isBanned(lower), "the bans");
  });

  test("passes on to whom it names as soon as they come, and the other is let in again", async () => {
    await begin();
    const lower = story.person("twin");
    story.rule("@Twin:hs.test");
    await story.until(() => story.isBanned(lower), "the bans");

    const upper = story.person("Twin", [story.rooms[0]!]);
    await story.until(() => is(upper) === "ban", "the ban");
    await story.until(
      () => is(lower) === "leave" && is(lower, story.rooms[1]) === "leave",
      "the end of the others",
    );

    await story.pass();
    expect(is(upper)).toBe("ban");
  });
});

describe("a command", () => {
  test("hits the id as it was typed and no other", async () => {
    await begin();
    const [upper, lower] = [story.person("Twin"), story.person("twin")];

    expect(await story.command(`!tyr ban ${upper} spam`)).toMatch(/^✅/);
    await story.pass();
    expect([is(upper), is(lower)]).toEqual(["ban", "join"]);

    await story.command(`!tyr ban ${lower} spam`);
    await story.command(`!tyr unban ${upper}`);
    await story.pass();
    expect([is(upper), is(lower)]).toEqual(["leave", "ban"]);
    expect(rules()).toEqual([lower]);
  });

  test.each(["ban", "kick", "mute", "unban", "warn"])(
    "%s offers the spelling that somebody bears instead of acting on it",
    async (word) => {
      await begin();
      const lower = story.person("rude");

      const answer = await story.command(`!tyr ${word} @Rude:hs.test stop it`);
      await story.pass();

      expect(answer).toMatch(/^❌ I know nobody of the id @Rude:hs.test, and @rude:hs.test is here/);
      expect(is(lower)).toBe("join");
      expect(rules()).toEqual([]);
    },
  );

  test("takes the choice, or the id as it stands", async () => {
    await begin();
    const lower = story.person("rude");
    await story.command("!tyr kick @Rude:hs.test");

    expect(await story.command("1")).toContain("Kick of @rude:hs.test");
    await story.until(() => is(lower) === "leave", "the kick");

    story.homeserver.join(story.rooms[0]!, lower);
    await story.command("!tyr exempt add @Rude:hs.test");
    await story.command("2");
    expect([...story.world!.settings.exemptions.keys()]).toEqual(["@Rude:hs.test"]);
  });

  test("unban and exempt remove name what stands against the other spelling", async () => {
    await begin();
    await story.command("!tyr ban @Rude:hs.test");
    await story.command("!tyr exempt add @Guest:hs.test");

    expect(await story.command("!tyr unban @rude:hs.test")).toContain(
      'list coc has a rule for @Rude:hs.test, in other capitals: !tyr unban "@Rude:hs.test" takes that off.',
    );
    expect(await story.command("!tyr exempt remove @guest:hs.test")).toContain("@Guest:hs.test is");
    expect(rules()).toEqual(["@Rude:hs.test"]);
    expect(story.world!.settings.exemptions.size).toBe(1);
  });
});
