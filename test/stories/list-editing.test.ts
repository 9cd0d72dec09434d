// Rules of a list that are changed: another reason, one recommendation of several; and who did what on a list.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const day = 86_400_000;

let story: Story;
afterEach(() => story.stop());

const begin = async (options: StoryOptions = {}) => {
  story = new Story(options);
  const person = story.person("rude");
  const other = story.room("Other list", {
    botLevel: 0,
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "jjj" } }],
  });
  story.settings = { ...story.settings, watchedLists: [story.list, other] };
  await story.start();
  return { person, other };
};
const ruleOn = (
  list: string,
  entity: string,
  { key = `rule:${entity}`, recommendation = "m.ban", type = "m.policy.rule.user" } = {},
) => story.homeserver.setState(list, story.moderator, type, key, { entity, recommendation, reason: "scam" });
const rulesOn = (list: string, type = "m.policy.rule.user") =>
  story.homeserver
    .stateOfType(list, type)
    .filter(({ content }) => content["entity"] !== undefined)
    .map(
      ({ content }) =>
        `${String(content["entity"])} ${String(content["recommendation"])} ${String(content["reason"])}`,
    );
const digests = () => story.said().filter((text) => text.startsWith("Lists of others since yesterday"));

describe("rules reason", () => {
  test("writes another reason in every dialect, bans as before, and is undone", async () => {
    const { person } = await begin();
    ruleOn(story.list, person);
    ruleOn(story.list, person, { type: "m.room.rule.user" });
    await story.until(() => story.isBanned(person), "the bans");

    const answer = await story.command(`!tyr rules reason coc ${person} insults, twice`);
    await story.pass();

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain("Before: scam");
    expect(answer).toContain(`It was written by ${story.moderator}, and is by me from now on`);
    expect(rulesOn(story.list)).toEqual([`${person} m.ban insults, twice`]);
    expect(rulesOn(story.list, "m.room.rule.user")).toEqual([`${person} m.ban insults, twice`]);
    expect(story.isBanned(person)).toBe(true);

    await story.command("!tyr undo last");
    expect(rulesOn(story.list)).toEqual([`${person} m.ban scam`]);
  });

  test("says why where it cannot: no rule, a list of others", async () => {
    const { person, other } = await begin();
    ruleOn(other, person);
    await story.until(() => story.isBanned(person), "the bans");

    expect(await story.command(`!tyr rules reason coc ${person} spam`)).toContain("has no rule for");
    expect(await story.command(`!tyr rules reason jjj ${person} spam`)).toContain(
      "I may not write to list jjj",
    );
    expect(rulesOn(other)).toEqual([`${person} m.ban scam`]);
  });

  test("brings no rule into force that got a no", async () => {
    const { person } = await begin();
    ruleOn(story.list, person);
    await story.until(() => story.isBanned(person), "the bans");
    await story.command("!tyr undo coc");
    await story.until(() => !story.isBanned(person), "the bans lifted");

    expect(await story.command(`!tyr rules reason coc ${person} spam`)).toContain("is not applied");
    expect(rulesOn(story.list)).toEqual([`${person} m.ban scam`]);
  });
});

describe("rules remove", () => {
  test("takes one recommendation of several, asks which, and lifts the ban with the last one", async () => {
    const { person } = await begin();
    ruleOn(story.list, person);
    ruleOn(story.list, person, { key: "takedown", recommendation: "m.takedown" });
    await story.until(() => story.isBanned(person), "the bans");

    expect(await story.command(`!tyr rules remove coc ${person}`)).toMatch(/^❌.*ban, takedown/s);
    expect(await story.command(`!tyr rules remove coc ${person} takedown`)).toContain("Left: ban");
    await story.pass();
    expect(rulesOn(story.list)).toEqual([`${person} m.ban scam`]);
    expect(story.isBanned(person)).toBe(true);

    await story.command(`!tyr rules remove coc ${person} ban`);
    await story.until(() => !story.isBanned(person), "the bans lifted");
    expect(await story.command(`!tyr rules remove coc ${person} ban`)).toContain("has no rule for");
  });
});

describe("lists log", () => {
  test("tells what was written, changed and taken off, by whom", async () => {
    const { person, other } = await begin();
    ruleOn(other, person);
    await story.command("!tyr ban coc @spammer:far.test spam");
    await story.command("!tyr rules reason coc @spammer:far.test scam");
    await story.command("!tyr ban coc @second:far.test spam");
    await story.command("!tyr unban @second:far.test");
    await story.pass();

    const answer = await story.command("!tyr lists log coc");

    expect(answer).toContain(`${story.bot.userId} changed what was user @spammer:far.test`);
    expect(answer).toContain(`${story.bot.userId} took off user @second:far.test`);
    expect(answer).toContain(`By editor: ${story.bot.userId}`);
    expect(answer).not.toContain(person);
    expect(await story.command(`!tyr lists log jjj ${story.moderator}`)).toContain(
      `1 change by ${story.moderator}`,
    );
    expect(await story.command("!tyr lists log jjj @nobody:hs.test")).toContain(
      "no change by @nobody:hs.test",
    );
  });

  test("goes back as far as it is asked to", async () => {
    const { other } = await begin();
    ruleOn(other, "@old:far.test");
    await story.pass(3 * 3_600_000);

    expect(await story.command("!tyr lists log jjj --since 2h")).toContain("no change in the last 2 hours");
    expect(await story.command("!tyr lists log jjj --since 7d")).toContain("@old:far.test");
  });
});

describe("the digest of lists", () => {
  test("is one message a day for lists of others that changed, over a restart, and none where nothing did", async () => {
    const { person, other } = await begin({ dataPath: aFolder() });
    ruleOn(other, person);
    ruleOn(other, "@b:far.test");
    ruleOn(story.list, "@c:far.test");
    await story.pass(4 * 3_600_000);
    story.homeserver.setState(other, story.moderator, "m.policy.rule.user", "rule:@b:far.test", {});
    await story.pass(1_000);
    await story.stop();
    await story.start();

    await story.pass(day);
    expect(digests()).toHaveLength(1);
    expect(digests()[0]).toContain("list jjj: 1 new rule, 1 gone or changed, naming 1 person known here");
    expect(digests()[0]).toContain("!tyr lists log jjj");
    expect(digests()[0]).not.toContain("coc");

    await story.pass(day);
    expect(digests()).toHaveLength(1);
  });

  test("stands in the report of the morning where there is one, and can be switched off", async () => {
    const { other } = await begin({ settings: { duty: { reportAt: "07:30" } } });
    ruleOn(other, "@b:far.test");
    await story.pass(day);
    expect(digests()).toEqual([]);
    expect(story.said().filter((text) => /^Since .*list jjj: 1 new rule/s.test(text))).toHaveLength(1);
    await story.stop();

    const quiet = await begin({ settings: { duty: { listDigest: false } } });
    ruleOn(quiet.other, "@b:far.test");
    await story.pass(day);
    expect(digests()).toEqual([]);
  });
});
