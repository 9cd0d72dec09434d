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

  test("offers the spelling of somebody who is banned, and does not say that they are here", async () => {
    await begin();
    const lower = story.person("rude");
    await story.command(`!tyr ban ${lower} spam`);

    expect(await story.command("!tyr unban @Rude:hs.test")).toMatch(
      /^❌ I know nobody of the id @Rude:hs.test, and @rude:hs.test is banned here/,
    );
  });

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

  describe("ban, where nobody here bears the id and somebody bears another spelling of it,", () => {
    const left = async () => {
      await begin();
      const [upper, lower] = [story.person("Rude"), story.person("rude")];
      const message = story.homeserver.sendText(story.rooms[0]!, upper, "buy this");
      await story.pass();
      for (const room of story.rooms) story.homeserver.leave(room, upper);
      await story.pass();
      return { upper, lower, message };
    };

    test.each([
      "!tyr ban https://matrix.to/#/@Rude:hs.test spam",
      '!tyr ban "@Rude:hs.test" spam',
      "!tyr ban @*nobody:hs.test https://matrix.to/#/@Rude:hs.test spam",
    ])("bans nobody in their place: %s", async (command) => {
      const { lower } = await left();

      const answer = await story.command(command);
      await story.pass();

      expect(answer).toContain("nobody here has exactly the id @Rude:hs.test");
      expect(answer).toContain("a rule for it would ban @rude:hs.test");
      expect(answer).toContain('!tyr ban "@Rude:hs.test" --hash');
      expect(is(lower)).toBe("join");
      expect(rules()).toEqual([]);
    });

    test("bans nobody in their place in reply to their message, nor as it was typed", async () => {
      const { lower, message } = await left();

      const event = story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", {
        msgtype: "m.text",
        body: "!tyr ban spam",
        "m.relates_to": { "m.in_reply_to": { event_id: message } },
      });
      await story.pass();
      const typed = [await story.command("!tyr ban @Rude:hs.test spam"), await story.command("2")];
      await story.pass();

      expect([story.answerTo(event), ...typed].join("\n")).not.toContain("banned 1 person");
      expect(typed[1]).toContain('!tyr ban "@Rude:hs.test" --hash');
      expect(is(lower)).toBe("join");
      expect(rules()).toEqual([]);
    });

    test("writes a hash, which means the id alone", async () => {
      const { upper, lower } = await left();

      expect(await story.command('!tyr ban "@Rude:hs.test" --hash spam')).toMatch(/^✅/);
      story.homeserver.join(story.rooms[0]!, upper);
      await story.until(() => is(upper) === "ban", "the ban of who comes back");
      await story.pass();

      expect(is(lower)).toBe("join");
    });
  });

  test("ban does not take somebody for a moderator of nearly the same id, with a hash", async () => {
    await begin();

    expect(await story.command('!tyr ban "@Mod:hs.test" spam')).toContain("--hash");
    expect(await story.command('!tyr ban "@Mod:hs.test" --hash spam')).toMatch(/^✅/);
    expect(await story.command("!tyr ban @mod:hs.test --hash spam")).toContain("the moderator @mod:hs.test");
  });

  test("lists import leaves out bans of ids that would hit others", async () => {
    await begin();
    const lower = story.person("rude");
    const lounge = story.room("Lounge");
    const upper = story.person("Rude", []);
    story.homeserver.ban(lounge, story.moderator, upper);

    const answer = await story.command(`!tyr lists import ${lounge} coc`);
    await story.pass();

    expect(answer).toContain("Left out: 1 whose names would mean others too");
    expect(is(lower)).toBe("join");
  });
});
