// A reason by a tap for a ban that gives none, and a rule proposed to the editors of a list of others.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const events = () => story.homeserver.events(story.managementRoom);
const bodyOf = ({ content }: { content: Readonly<Record<string, unknown>> }) => String(content["body"]);
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .map(({ content }) => [content["entity"], content["reason"] ?? ""].join(": "));

describe("a ban that gives no reason", () => {
  const settings = { commands: { describe: false, banReasons: ["spam", "insults, after a warning"] } };
  const begin = async (options: StoryOptions = {}) => {
    story = new Story({ settings, ...options });
    const rude = story.person("rude");
    await story.start();
    return rude;
  };
  const question = () => events().find((one) => bodyOf(one).includes("Why is "));
  const tap = (key: string) =>
    story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: question()!.event_id, key },
    });

  test("is asked for one, with the reactions that choose, and is done by a tap, over a restart", async () => {
    const rude = await begin({ dataPath: aFolder() });
    say(`!tyr ban ${rude}`);
    await story.until(() => question() !== undefined, "the question");
    await story.pass(5_000);
    expect(bodyOf(question()!)).toContain("2: insults, after a warning");
    expect(events().filter(({ type }) => type === "m.reaction").length).toBeGreaterThanOrEqual(2);
    expect(story.isBanned(rude)).toBe(false);
    expect(rules()).toEqual([]);

    await story.stop();
    await story.start();
    tap("2️⃣");
    await story.until(() => story.isBanned(rude), "the bans");

    expect(rules()).toEqual([`${rude}: insults, after a warning`]);
  });

  test("takes a reply for another reason, and a number typed", async () => {
    const rude = await begin();
    say(`!tyr ban ${rude} coc --for 7d`);
    await story.until(() => question() !== undefined, "the question");
    await story.pass(3_000);
    say("1");
    await story.until(() => story.isBanned(rude), "the bans");

    expect(rules()).toEqual([`${rude}: spam`]);
  });

  test("is not asked where a reason is given, or none is wanted; and does nothing while nobody answers", async () => {
    const rude = await begin();

    expect(await story.command("!tyr ban @a:far.test spam")).toMatch(/^✅/);
    expect(await story.command("!tyr ban @b:far.test --no-reason")).toMatch(/^✅/);
    expect(question()).toBeUndefined();
    say(`!tyr ban ${rude}`);
    await story.until(() => question() !== undefined, "the question");
    say("ok");
    await story.pass(30 * 60_000);
    tap("1️⃣");
    await story.pass();

    expect(story.isBanned(rude)).toBe(false);
    expect(rules()).toHaveLength(2);
  });

  test("is done at once where the config has no reasons", async () => {
    story = new Story();
    const rude = story.person("rude");
    await story.start();

    expect(await story.command(`!tyr ban ${rude}`)).toMatch(/^✅/);
    expect(story.isBanned(rude)).toBe(true);
  });
});

describe("lists propose", () => {
  const begin = async ({ maySpeak }: { maySpeak: boolean }) => {
    story = new Story();
    const rude = story.person("rude");
    const other = story.room("Other list", {
      powerLevels: {
        users: { [story.moderator]: 100, "@editor:far.test": 50 },
        events_default: maySpeak ? 0 : 50,
      },
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "jjj" } }],
    });
    story.settings = { ...story.settings, watchedLists: [story.list, other] };
    await story.start();
    return { rude, other };
  };
  const saidIn = (room: string) => story.homeserver.texts(room, story.bot.userId);

  test("says it in the list's room after a yes, with the editors mentioned and the rule as it would be", async () => {
    const { rude, other } = await begin({ maySpeak: true });

    say(`!tyr lists propose jjj ${rude} spam in six rooms`);
    await story.pass();
    expect(saidIn(other)).toEqual([]);
    say("yes");
    await story.until(() => saidIn(other).length > 0, "the proposal");

    const [text] = saidIn(other);
    expect(text).toContain(`a ban of the user ${rude}. Why: spam in six rooms`);
    expect(text).toContain(
      `m.policy.rule.user {"entity":"${rude}","recommendation":"m.ban","reason":"spam in six rooms"}`,
    );
    expect(text).toContain("@editor:far.test");
    expect(story.isBanned(rude)).toBe(false);
  });

  test("writes it out where it may not speak there", async () => {
    const { rude, other } = await begin({ maySpeak: false });

    const answer = await story.command(`!tyr lists propose jjj ${rude} spam`);

    expect(answer).toContain("I may not speak in the room of list jjj");
    expect(answer).toContain("@editor:far.test");
    expect(answer).toContain("A proposal for this list");
    expect(saidIn(other)).toEqual([]);
  });

  test("is refused for a list of our own, for moderators, and where it is there already", async () => {
    const { rude, other } = await begin({ maySpeak: true });
    story.homeserver.setState(other, story.moderator, "m.policy.rule.user", "one", {
      entity: rude,
      recommendation: "m.ban",
    });
    await story.until(() => story.isBanned(rude), "the bans");

    expect(await story.command(`!tyr lists propose coc ${rude} spam`)).toContain(
      "I may write to list coc myself",
    );
    expect(await story.command(`!tyr lists propose jjj ${story.moderator} spam`)).toContain(
      "would hit the moderator",
    );
    expect(await story.command(`!tyr lists propose jjj ${rude} spam`)).toContain("already");
    expect(saidIn(other)).toEqual([]);
  });
});
