// Exceptions: people and servers that the rules of one list are not applied to, for good or for a while.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const [hour, day] = [3_600_000, 86_400_000];

let story: Story;
afterEach(() => story.stop());

/** `people` are in the rooms before Tyr begins. */
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
const ruleOn = (list: string, entity: string, kind = "user") =>
  story.homeserver.setState(list, story.moderator, `m.policy.rule.${kind}`, `rule:${entity}`, {
    entity,
    recommendation: "m.ban",
    reason: "scam",
  });
const deniedIn = (room: string) =>
  (story.homeserver.stateOfType(room, "m.room.server_acl").at(0)?.content["deny"] ?? []) as readonly string[];
const toldOf = (text: string) => story.said().filter((one) => one.includes(text));

describe("an exception from a list", () => {
  test("lifts the bans that this list asked for, says so in why, and lets other lists go on", async () => {
    const { those, other } = await begin({ people: ["friend"] });
    const [friend] = those;
    ruleOn(other, friend!);
    await story.until(() => story.isBanned(friend!), "the bans");

    const answer = await story.command(`!tyr except jjj ${friend} they are ours`);
    await story.until(() => !story.isBanned(friend!), "the bans lifted");

    expect(answer).toMatch(/^✅/);
    expect(answer).toContain(`${friend} is an exception from list jjj`);
    expect(answer).toContain("It has a rule for");
    expect(await story.command(`!tyr why ${friend}`)).toContain(
      `made ${friend} an exception from this list (they are ours)`,
    );
    expect(await story.command(`!tyr rules matching ${friend}`)).toContain("an exception from this list");
    expect(await story.command("!tyr exceptions jjj")).toContain("they are ours");
    expect(await story.command("!tyr exceptions coc")).toContain("Nobody is an exception from list coc");

    story.homeserver.join(story.rooms[0]!, friend!);
    await story.pass(5_000);
    expect(story.isBanned(friend!, [story.rooms[0]!])).toBe(false);

    ruleOn(story.list, friend!);
    await story.until(() => story.isBanned(friend!, [story.rooms[0]!]), "the ban of the other list");
  });

  test("is taken back by undo, and by except remove", async () => {
    const { those, other } = await begin({ people: ["friend"] });
    const [friend] = those;
    await story.command(`!tyr except jjj ${friend}`);
    ruleOn(other, friend!);
    await story.pass(5_000);
    expect(story.isBanned(friend!)).toBe(false);

    expect(await story.command("!tyr undo last")).toMatch(/^✅/);
    await story.until(() => story.isBanned(friend!), "the bans");
    await story.command(`!tyr except jjj ${friend}`);
    await story.until(() => !story.isBanned(friend!), "the bans lifted");
    story.homeserver.join(story.rooms[0]!, friend!);
    expect(await story.command(`!tyr except remove jjj ${friend}`)).toContain("no longer an exception");
    await story.until(() => story.isBanned(friend!, [story.rooms[0]!]), "the ban again");
    expect(await story.command(`!tyr except remove jjj ${friend}`)).toContain(
      "is no exception from list jjj",
    );
  });

  test("of a server keeps the server ACL of that list from it, and not that of another list", async () => {
    const { other } = await begin();
    await story.command("!tyr except jjj server good.evil.test");
    ruleOn(other, "good.evil.test", "server");
    ruleOn(other, "bad.evil.test", "server");
    await story.until(() => deniedIn(story.rooms[0]!).length > 0, "an ACL");
    expect(deniedIn(story.rooms[0]!)).toEqual(["bad.evil.test"]);

    ruleOn(story.list, "good.evil.test", "server");
    await story.until(() => deniedIn(story.rooms[0]!).length === 2, "the ACL of the other list", 600_000);
  });

  test("is refused for everybody, for rooms, and where the list is unknown", async () => {
    await begin();

    expect(await story.command("!tyr except jjj @*:*")).toContain("would except everybody");
    expect(await story.command("!tyr except jjj !room:hs.test")).toMatch(/^❌.*rooms are no exception/s);
    expect(await story.command("!tyr except nolist @a:hs.test")).not.toMatch(/^✅/);
    expect(story.world!.settings.exceptions.size).toBe(0);
  });

  test("from all lists is an exemption", async () => {
    const { those } = await begin({ people: ["friend"] });
    const [friend] = those;

    expect(await story.command(`!tyr except all ${friend} ours`)).toContain("Exempting");
    expect(await story.command("!tyr exceptions")).toContain("1 exemption from all lists");
    expect(await story.command(`!tyr except remove all ${friend}`)).toContain("No longer exempting");
  });

  test("is offered by an unban that a list of others would repeat", async () => {
    const { those, other } = await begin({ people: ["friend"] });
    const [friend] = those;
    ruleOn(other, friend!);
    await story.until(() => story.isBanned(friend!), "the bans");

    const answer = await story.command(`!tyr unban ${friend}`);

    expect(answer).toContain(`!tyr except jjj ${friend} --for 90d`);
    expect(answer).toContain(`!tyr exempt add ${friend}`);
  });
});

describe("an exception with an end", () => {
  test("is told a day before, with who would be hit, once over a restart; then the list applies again", async () => {
    const { those, other } = await begin({ people: ["friend"], dataPath: aFolder() });
    const [friend] = those;
    await story.command(`!tyr except jjj ${friend} --for 5d`);
    ruleOn(other, friend!);
    await story.pass(3 * day + 23 * hour);
    expect(toldOf("ends in a day")).toEqual([]);

    await story.pass(2 * hour);
    await story.stop();
    await story.start();
    await story.pass(hour);

    const [told, ...more] = toldOf("ends in a day");
    expect(more).toEqual([]);
    expect(told).toContain(`The exception of ${friend} from list jjj ends in a day`);
    expect(told).toContain(`It would hit 1 person: ${friend}`);
    expect(told).toContain(`!tyr except jjj ${friend} --for 90d`);
    expect(story.isBanned(friend!)).toBe(false);

    await story.pass(day);
    expect(story.isBanned(friend!)).toBe(true);
    expect(toldOf(`The exception of ${friend} from list jjj has ended`)).toHaveLength(1);
    expect(await story.command("!tyr exceptions")).toContain("Nobody is an exception");
  });

  test("that is made longer in time is neither told as ended nor ends", async () => {
    const { those } = await begin({ people: ["friend"] });
    const [friend] = those;
    await story.command(`!tyr except jjj ${friend} --for 3d`);
    await story.pass(2 * day + hour);
    await story.command(`!tyr except jjj ${friend} --for 90d`);

    await story.pass(2 * day);

    expect(toldOf("ends in a day")).toHaveLength(1);
    expect(toldOf("has ended")).toEqual([]);
    expect(story.world!.settings.exceptions.size).toBe(1);
  });

  test("of an hour is not told before", async () => {
    const { those } = await begin({ people: ["friend"] });
    await story.command(`!tyr except jjj ${those[0]} --for 1h`);

    await story.pass(2 * hour);

    expect(toldOf("ends in a day")).toEqual([]);
    expect(toldOf("has ended")).toHaveLength(1);
  });
});
