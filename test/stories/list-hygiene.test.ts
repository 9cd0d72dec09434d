// Lists in good order: what is wrong with the rules of one, and taking off those that say nothing.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async ({ people = [], ...options }: StoryOptions & { people?: readonly string[] } = {}) => {
  story = new Story(options);
  const those = people.map((name) => story.person(name));
  const other = story.room("Other list", {
    botLevel: 0,
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "jjj" } }],
  });
  story.settings = { ...story.settings, watchedLists: [story.list, other] };
  await story.start();
  return { those, other };
};
const ruleOn = (
  list: string,
  entity: string,
  { kind = "user", key = `rule:${entity}`, reason = "scam", ...more } = {},
) =>
  story.homeserver.setState(list, story.moderator, `m.policy.rule.${kind}`, key, {
    entity,
    recommendation: "m.ban",
    reason,
    ...more,
  });
const entitiesOn = (list: string) =>
  story.homeserver.stateOfType(list, "m.policy.rule.user").flatMap(({ content }) => content["entity"] ?? []);

describe("lists tidy", () => {
  test("shows what can go, asks, takes it off, lets nobody in, and is undone", async () => {
    const { those } = await begin({ people: ["spam1", "spam2"] });
    ruleOn(story.list, "@spam*:hs.test");
    ruleOn(story.list, those[0]!);
    ruleOn(story.list, those[0]!, { key: "again", reason: "" });
    await story.until(() => those.every((one) => story.isBanned(one)), "the bans");

    const answer = await story.confirmed("!tyr lists tidy coc");
    await story.pass(30_000);

    expect(answer).toMatch(/^✅/);
    expect(entitiesOn(story.list)).toEqual(["@spam*:hs.test"]);
    expect(those.every((one) => story.isBanned(one))).toBe(true);
    expect(
      story.said().some((text) => text.includes("2 rules can go, and what it asks for stays the same")),
    ).toBe(true);

    expect(await story.command("!tyr undo last")).toMatch(/^✅/);
    expect(entitiesOn(story.list)).toHaveLength(3);
    expect(entitiesOn(story.list).filter((one) => one === those[0])).toHaveLength(2);
    expect(await story.command("!tyr lists tidy coc --expired")).toContain("is tidy");
  });

  test("changes nothing before the yes, nor on a list of others", async () => {
    const { other } = await begin();
    ruleOn(other, "@a:far.test");
    ruleOn(other, "@a:far.test", { key: "again" });
    ruleOn(story.list, "@a:far.test");
    ruleOn(story.list, "@a:far.test", { key: "again" });
    await story.pass();

    expect(await story.command("!tyr lists tidy jjj")).toMatch(/^❌.*I may not write to list jjj/s);
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr lists tidy coc");
    await story.pass(60_000);

    expect(entitiesOn(story.list)).toHaveLength(2);
    expect(entitiesOn(other)).toHaveLength(2);
  });

  test("takes off a rule whose time is over and that somebody else wrote", async () => {
    await begin();
    ruleOn(story.list, "@a:far.test", { expiry: story.clock.now() + 3_600_000 } as object);
    await story.pass(26 * 3_600_000);

    expect(await story.command("!tyr lists check coc")).toContain(
      "1 over for a day or more: user @a:far.test",
    );
    expect(await story.confirmed("!tyr lists tidy coc --expired")).toMatch(/^✅/);
    await story.pass();

    expect(entitiesOn(story.list)).toEqual([]);
    expect(await story.command("!tyr lists check coc")).toContain("has no rules");
  });
});

describe("lists check", () => {
  test("names what is against our people, needless, without a reason, and of writers who are gone", async () => {
    const { those, other } = await begin({ people: ["friend"] });
    await story.command(`!tyr except jjj ${those[0]}`);
    ruleOn(other, story.moderator, { reason: "" });
    ruleOn(other, those[0]!);
    ruleOn(other, "@a:far.test");
    ruleOn(other, "@*:far.test");
    await story.pass();

    const answer = await story.command("!tyr lists check jjj");

    expect(answer).toContain("list jjj: 4 rules. What I see from here:");
    expect(answer).toContain("2 against people of ours");
    expect(answer).toContain(`(${story.moderator}, a moderator)`);
    expect(answer).toContain(`(${those[0]}, an exception)`);
    expect(answer).toContain("1 covered by a wider rule of the list: user @a:far.test");
    expect(answer).toContain("1 without a reason");
    expect(answer).not.toContain("lists tidy");
    expect(story.isBanned(those[0]!)).toBe(false);
  });

  test("says so where there is nothing", async () => {
    const { other } = await begin();
    ruleOn(other, "@a:far.test", { reason: "a scam of many words" });
    await story.pass();

    expect(await story.command("!tyr lists check jjj")).toContain(
      "nothing is wrong with them that I can see",
    );
    expect(await story.command("!tyr lists check nolist")).not.toMatch(/^✅/);
  });
});
