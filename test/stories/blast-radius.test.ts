// What would hit too many waits for a person's yes, whoever asked for it.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;

afterEach(() => story.stop());

/** Ten people of one name are in the first room before Tyr begins; the limits are small. */
async function begin(options: StoryOptions = {}): Promise<readonly string[]> {
  story = new Story({
    ...options,
    settings: { guard: { maxPeople: 4, maxRoomShare: 100 }, ...options.settings },
  });
  const crowd = Array.from({ length: 10 }, (_, i) => story.person(`crowd${i}`));
  await story.start();
  return crowd;
}

const bannedOf = (people: readonly string[]) => people.filter((one) => story.isBanned(one)).length;
const question = () =>
  story.homeserver
    .events(story.managementRoom)
    .find((one) => String(one.content["body"]).startsWith("Question 1:"));
const asked = async () => {
  await story.until(() => question() !== undefined, "the question");
  await story.pass(2_000);
  return question()!;
};
const react = (key: string, to: string, by = story.moderator) =>
  story.homeserver.send(story.managementRoom, by, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: to, key },
  });
const newest = (start: string) =>
  story
    .said()
    .filter((text) => text.replace(/^\* /, "").startsWith(start))
    .at(-1) ?? "";

test("a rule that would hit too many waits, and tells whom and why", async () => {
  const crowd = await begin();

  story.rule("@crowd*:hs.test");
  const { content } = await asked();
  await story.pass(60_000);

  expect(bannedOf(crowd)).toBe(0);
  expect(content["body"]).toContain(
    `list coc has 1 new rule that is not applied yet: user @crowd*:hs.test, written by ${story.moderator}.`,
  );
  expect(content["body"]).toContain("It would hit 10 people");
  expect(content["body"]).toContain("the limit is 4");
  expect(content["body"]).toContain("!tyr yes 1");
});

test("after a yes by reaction the rule is applied, and the message tells who said so", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();

  react("✅", message);

  await story.until(() => bannedOf(crowd) === 10, "the bans");
  await story.pass(2_000);
  expect(newest("Question 1")).toContain(`Yes, said ${story.moderator}`);
});

test("after a no it is not, and who joins later is not banned by it either", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();

  react("👎", message);
  await story.pass(2_000);
  const late = story.person("crowd-late");
  await story.command("!tyr sync");
  await story.pass(60_000);

  expect(bannedOf([...crowd, late])).toBe(0);
  expect(newest("Question 1")).toContain(`No, said ${story.moderator}`);
});

test("what waits or got a no is told with its list", async () => {
  await begin();
  story.rule("@crowd*:hs.test");
  story.rule("@nobody:far.test");
  await asked();
  expect(await story.command("!tyr lists")).toContain("1 not applied");

  await story.command("!tyr no");

  expect(await story.command("!tyr lists")).toContain("1 not applied");
});

test("a no can be taken back by a later yes", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test");
  await asked();
  await story.command("!tyr no");

  expect(await story.command("!tyr yes 1")).toContain("✅");

  await story.until(() => bannedOf(crowd) === 10, "the bans");
});

test("only moderators are heard, and only on the question", async () => {
  const crowd = await begin();
  const stranger = story.homeserver.createUser("stranger").userId;
  story.homeserver.invite(story.managementRoom, story.moderator, stranger);
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();

  story.homeserver.sendText(story.managementRoom, story.moderator, "something else");
  story.homeserver.sendText(story.managementRoom, story.moderator, "yes");
  react("🎉", message);
  react("✅", story.homeserver.sendText(story.managementRoom, story.moderator, "a message"));
  await story.pass(10_000);

  expect(bannedOf(crowd)).toBe(0);
});

test("a bare yes right after the question is an answer, and so is a reply to it later", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test");
  await asked();
  story.homeserver.sendText(story.managementRoom, story.moderator, "Yes.");
  await story.until(() => bannedOf(crowd) === 10, "the bans");

  story.rule("@mob*:hs.test", { key: "two" });
  const mob = Array.from({ length: 10 }, (_, i) => story.homeserver.createUser(`mob${i}`).userId);
  for (const one of mob) for (const room of story.rooms) story.homeserver.join(room, one);
  await story.until(() => bannedOf(mob) === 10, "newcomers are banned without a question");
});

test("a yes that was said before the question and heard after it is none", async () => {
  const crowd = await begin({ homeserver: { readLatencyMs: 1_000 } });
  let isSaid = false;
  const isQuestion = ({ body }: { body?: unknown }) => JSON.stringify(body ?? {}).includes("Question 1");
  story.homeserver.setWeather((request) => {
    if (isQuestion(request) && !isSaid)
      story.homeserver.sendText(story.managementRoom, story.moderator, "yes");
    isSaid ||= isQuestion(request);
    return undefined;
  });

  story.rule("@crowd*:hs.test");
  await asked();
  await story.pass(30_000);
  expect({ isSaid, banned: bannedOf(crowd) }).toEqual({ isSaid: true, banned: 0 });

  story.homeserver.sendText(story.managementRoom, story.moderator, "yes");
  await story.until(() => bannedOf(crowd) === 10, "the bans");
});

test("many small rules of one list count together", async () => {
  const crowd = await begin();

  for (const one of crowd) {
    story.rule(one);
    await story.pass(500);
  }
  await asked();
  await story.pass(60_000);

  expect(bannedOf(crowd)).toBe(4);
  expect(newest("Question 1")).toContain("6 new rules");
  react("✅", question()!.event_id);
  await story.until(() => bannedOf(crowd) === 10, "the others");
});

test("an answer covers what was told, and no more", async () => {
  const crowd = await begin({
    settings: { guard: { maxPeople: 2, maxRoomShare: 100 }, answers: { editEveryMs: 600_000 } },
  });
  const [askedAbout, toldByEdit, untold] = [crowd.slice(0, 4), crowd.slice(4, 7), crowd.slice(7)];
  for (const one of askedAbout) story.rule(one);
  const { event_id: message } = await asked();
  // The first growth is told at once, the next not before ten minutes are over.
  for (const one of toldByEdit) story.rule(one);
  await story.pass(2_000);
  for (const one of untold) story.rule(one);
  await story.pass(2_000);

  react("✅", message);
  await story.pass(30_000);

  expect([askedAbout, toldByEdit, untold].map(bannedOf)).toEqual([4, 3, 0]);
  expect(story.world!.questions.open()).toHaveLength(1);
});

test("a command that would hit too many waits as a whole, its rule included", async () => {
  const crowd = await begin();
  const event = story.homeserver.sendText(
    story.managementRoom,
    story.moderator,
    "!tyr ban @crowd*:hs.test rude",
  );
  const { event_id: message, content } = await asked();
  await story.pass(10_000);

  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user")).toEqual([]);
  expect(content["body"]).toContain("Ban of @crowd*:hs.test on list coc\nIt would hit 10 people.");
  react("✅", message);
  await story.until(() => bannedOf(crowd) === 10, "the bans");
  await story.pass(5_000);

  expect(story.answerTo(event)).toBeDefined();
  expect(story.said().some((text) => text.includes("banned 10 people"))).toBe(true);
  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user")).toHaveLength(1);
});

test("two moderators who say yes in the same moment run it once, and it is answered whole", async () => {
  const crowd = await begin();
  const second = story.homeserver.createUser("second").userId;
  story.homeserver.invite(story.managementRoom, story.moderator, second);
  story.homeserver.join(story.managementRoom, second);
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @crowd*:hs.test rude");
  const { event_id: message } = await asked();

  react("✅", message);
  react("👍", message, second);

  await story.until(() => bannedOf(crowd) === 10, "the bans");
  await story.pass(5_000);
  expect(story.said().some((text) => text.includes("banned 10 people"))).toBe(true);
});

test("the yes to a command has no number of its own: the command is what can be taken back", async () => {
  await begin();
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @crowd*:hs.test rude");
  await asked();

  expect(await story.command("!tyr questions")).toContain("!tyr yes 1 does it, !tyr no 1 does not.");
  expect(await story.command("!tyr status")).toContain(
    "1 question waits for your yes or no. !tyr questions shows it.",
  );
  const yes = await story.command("!tyr yes");
  await story.pass(10_000);

  expect(yes).toContain("Question 1: yes.");
  expect(yes).not.toContain("Take it back");
  expect(story.said().at(-1)).toContain("Take it back: !tyr undo 1");
});

test("and does nothing after a no", async () => {
  await begin();
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @crowd*:hs.test");
  const { event_id: message } = await asked();

  react("❌", message);
  await story.pass(60_000);

  expect(story.written("m.room.member")).toEqual([]);
  expect(newest("Question 1")).toContain("nothing was done");
  expect(await story.command("!tyr yes 1")).toContain("❌");
});

test("the question survives a restart, and its answer holds after another", async () => {
  const crowd = await begin({ dataPath: aFolder() });
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();
  await story.stop();
  await story.start();
  await story.pass(30_000);
  expect(bannedOf(crowd)).toBe(0);

  react("✅", message);
  await story.until(() => bannedOf(crowd) > 0, "the first ban");
  await story.stop();
  await story.start();

  await story.until(() => bannedOf(crowd) === 10, "the bans");
  expect(story.said().filter((text) => text.startsWith("Question 1"))).toHaveLength(1);
});

test("a command waits over a restart and is run by a yes after it", async () => {
  const crowd = await begin({ dataPath: aFolder() });
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @crowd*:hs.test rude");
  const { event_id: message } = await asked();
  await story.stop();
  await story.start();

  react("✅", message);

  await story.until(() => bannedOf(crowd) === 10, "the bans");
});

test("a question that could not be put is put later", async () => {
  await begin();
  const isQuestion = (body: unknown) => JSON.stringify(body ?? {}).includes("Question 1");
  story.homeserver.failNext({
    match: ({ body }) => isQuestion(body),
    status: 403,
    body: { errcode: "M_FORBIDDEN", error: "no" },
  });

  story.rule("@crowd*:hs.test");
  await story.pass(60_000);
  expect(question()).toBeUndefined();

  await story.until(() => question() !== undefined, "the question", 10 * 60_000);
});

test("a question that Tyr could not put any more before it was stopped is put at the next start", async () => {
  await begin({ dataPath: aFolder() });
  story.homeserver.setWeather(({ body }) =>
    JSON.stringify(body ?? {}).includes("Question 1")
      ? { status: 403, body: { errcode: "M_FORBIDDEN" } }
      : undefined,
  );
  story.rule("@crowd*:hs.test");
  await story.pass(5_000);
  story.kill();
  story.homeserver.setWeather(undefined);

  await story.start();

  expect((await asked()).content["body"]).toContain("!tyr yes 1");
});

test("nobody answers: it is not done", async () => {
  const crowd = await begin({ settings: { guard: { maxPeople: 4, answerWithinHours: 1 } } });
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();

  await story.pass(61 * 60_000);
  react("✅", message);
  await story.pass(10_000);

  expect(bannedOf(crowd)).toBe(0);
  expect(newest("Question 1")).toContain("Nobody answered");
});

test("newcomers are no crowd: a wave is answered at once", async () => {
  await begin();
  const wave = Array.from({ length: 20 }, (_, i) => story.person(`wave${i}`));

  story.rule("@wave*:hs.test");

  await story.until(() => bannedOf(wave) === 20, "the bans");
  expect(question()).toBeUndefined();
});

test("a large share of one room waits", async () => {
  story = new Story({ settings: { guard: { maxPeople: 100 } } });
  const crowd = Array.from({ length: 6 }, (_, i) => story.person(`crowd${i}`));
  await story.start();

  story.rule("@crowd*:hs.test");
  const { content } = await asked();
  await story.pass(10_000);

  expect(bannedOf(crowd)).toBe(0);
  expect(content["body"]).toContain("it would hit more than 25 percent of the people in 2 rooms");
  expect(content["body"]).toContain("Room 1 (6 of 8)");
});

test("somebody with power waits, by list and by command; the others of the list do not", async () => {
  story = new Story({ rooms: 2 });
  const helper = story.person("helper");
  const other = story.person("other");
  story.homeserver.setState(story.rooms[1]!, story.moderator, "m.room.power_levels", "", {
    users: { [story.bot.userId]: 100, [story.moderator]: 100, [helper]: 50 },
  });
  await story.start();

  story.rule(helper);
  story.rule(other);
  const { content } = await asked();
  await story.until(() => story.isBanned(other), "the other");

  expect(content["body"]).toContain(`with a power level above the usual: ${helper}`);
  expect(story.isBanned(helper)).toBe(false);
});

test("a regular who speaks waits", async () => {
  story = new Story({ settings: { guard: { regularDays: 2, regularAfterDays: 1 } } });
  const regular = story.person("regular");
  await story.start();
  for (let day = 0; day < 2; day++) {
    story.homeserver.sendText(story.rooms[0]!, regular, `day ${day}`);
    await story.pass(1_000);
    story.stepClock(86_400_000);
  }

  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${regular} spam`);
  const { content } = await asked();

  expect(content["body"]).toContain(`1 regular: ${regular}`);
  expect(story.isBanned(regular)).toBe(false);
});

test("a server rule that would cut off many waits, and lets the harmless ones go ahead", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const far = Array.from({ length: 6 }, (_, i) => `@far${i}:big.example`);
  for (const one of far)
    for (const room of story.rooms)
      story.homeserver.forceState(room, one, "m.room.member", one, { membership: "join" });
  await story.start();

  story.rule("big.example", { kind: "server" });
  story.rule("other.example", { kind: "server" });
  const { event_id: message } = await asked();
  await story.until(() => story.deny(story.rooms[0]!).includes("other.example"), "the harmless rule");
  expect(story.deny(story.rooms[0]!)).toEqual(["other.example"]);

  react("✅", message);

  await story.until(() => story.deny(story.rooms[1]!).includes("big.example"), "the rule");
});

test("a rule that only another of its kind was written over changes nothing", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test", { key: "one" });
  react("✅", (await asked()).event_id);
  await story.until(() => bannedOf(crowd) === 10, "the bans");

  story.rule("@crowd*:hs.test", { key: "one", reason: "a better reason" });
  await story.pass(60_000);

  expect(bannedOf(crowd)).toBe(10);
  expect(story.said().some((text) => text.startsWith("Question 2"))).toBe(false);
});

test("a rule that waits, or got a no, does so still when it is written anew with another reason", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test");
  const { event_id: message } = await asked();

  story.rule("@crowd*:hs.test", { reason: "again" });
  await story.pass(30_000);
  expect(bannedOf(crowd)).toBe(0);
  react("❌", message);
  await story.pass(2_000);
  story.rule("@crowd*:hs.test", { reason: "and again" });
  await story.pass(30_000);

  expect(bannedOf(crowd)).toBe(0);
  expect(story.said().some((text) => text.startsWith("Question 2"))).toBe(false);
  await story.command("!tyr yes 1");
  await story.until(() => bannedOf(crowd) === 10, "the bans after all");
});

test("nor is one applied that takes the place of a rule that waits under another key", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test", { key: "one" });
  await asked();

  story.rule("@crowd*:hs.test", { key: "two" });
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "one", {});
  await story.pass(30_000);

  expect(bannedOf(crowd)).toBe(0);
});

test("protecting a room in which old rules would hit many waits for that room alone", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const other = story.room("Other");
  await story.start();
  story.rule("@crowd*:hs.test");
  await story.pass(2 * 3_600_000);
  const crowd = Array.from({ length: 10 }, (_, i) => story.person(`crowd${i}`, [other]));

  await story.command(`!tyr rooms add ${other}`);
  const { event_id: message } = await asked();
  const one = story.person("crowd-newcomer", [story.rooms[0]!]);
  await story.until(
    () => story.homeserver.membership(story.rooms[0]!, one) === "ban",
    "a newcomer elsewhere",
  );
  expect(crowd.filter((user) => story.homeserver.membership(other, user) === "ban")).toEqual([]);

  react("✅", message);

  await story.until(
    () => crowd.every((user) => story.homeserver.membership(other, user) === "ban"),
    "the bans",
  );
});

test("a first start puts one question where a list would hit many, whatever is read first", async () => {
  story = new Story({ rooms: 5, settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const crowd = Array.from({ length: 10 }, (_, i) => story.person(`crowd${i}`));
  story.rule("@crowd*:hs.test");
  await story.start();

  const { event_id: message } = await asked();
  await story.pass(60_000);
  expect(bannedOf(crowd)).toBe(0);
  expect(story.said().some((text) => text.startsWith("Question 2"))).toBe(false);

  react("✅", message);
  await story.until(() => bannedOf(crowd) === 10, "the bans");
});

test("rooms that are protected one after another count together", async () => {
  story = new Story({ rooms: 0, settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const others = Array.from({ length: 4 }, (_, i) => story.room(`Other ${i}`));
  const crowd = others.flatMap((room, i) =>
    [0, 1].map((j) => ({ room, user: story.person(`crowd${i}${j}`, [room]) })),
  );
  story.rule("@crowd*:hs.test");
  await story.start();

  for (const room of others) await story.command(`!tyr rooms add ${room}`);
  await asked();

  expect(crowd.filter(({ room, user }) => story.isBanned(user, [room]))).toHaveLength(4);
});

test("protecting a room waits for new rules as well, and newcomers there are banned meanwhile", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const other = story.room("Other");
  await story.start();
  const crowd = Array.from({ length: 10 }, (_, i) => story.person(`crowd${i}`, [other]));
  story.rule("@crowd*:hs.test");
  await story.pass(5_000);

  await story.command(`!tyr rooms add ${other}`);
  await asked();
  const late = story.person("crowd-late", [other]);

  await story.until(() => story.homeserver.membership(other, late) === "ban", "the newcomer");
  expect(crowd.filter((user) => story.homeserver.membership(other, user) === "ban")).toEqual([]);
});

test("a server rule that no server ACL would take up hits nobody, and is no question", async () => {
  await begin({ settings: { acl: { sparedServers: ["friends.example"] } } });
  for (let i = 0; i < 10; i++)
    for (const room of story.rooms) story.homeserver.join(room, `@friend${i}:friends.example`);
  await story.pass(1_000);

  for (const entity of ["hs.test", "*", "*.test", "friends.example"]) story.rule(entity, { kind: "server" });
  await story.pass(60_000);

  expect(question()).toBeUndefined();
  expect(story.rooms.flatMap((room) => story.deny(room))).toEqual([]);
});

test("a server rule that is not taken up hides no later one that is", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  for (let i = 0; i < 10; i++)
    for (const room of story.rooms) story.homeserver.join(room, `@one${i}:evil.example`);
  story.rule("*", { kind: "server" });
  await story.start();

  story.rule("evil.example", { kind: "server" });
  await asked();

  expect(story.rooms.flatMap((room) => story.deny(room))).toEqual([]);
});

test("a server rule hits nobody where the config switches server ACLs off", async () => {
  await begin({ settings: { acl: { enabled: false }, guard: { newcomerHours: 0, maxPeople: 4 } } });
  for (let i = 0; i < 10; i++)
    for (const room of story.rooms) story.homeserver.join(room, `@one${i}:evil.example`);
  await story.pass(1_000);

  story.rule("evil.example", { kind: "server" });
  await story.pass(60_000);

  expect(question()).toBeUndefined();
});

describe.each(["kick", "redact"] as const)("!tyr %s of a crowd", (act) => {
  const begun = async () => {
    const crowd = await begin();
    const messages = crowd.map((one) => story.homeserver.sendText(story.rooms[0]!, one, "buy my coins"));
    const others = story.homeserver.sendText(story.rooms[0]!, story.moderator, "not for sale");
    await story.pass(1_000);
    story.homeserver.clearRequests();
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ${act} @crowd*:hs.test`);
    const { content } = await asked();
    return { crowd, messages, others, body: String(content["body"]) };
  };
  const isGone = (one: string) => story.homeserver.membership(story.rooms[0]!, one) === "leave";
  const isRedacted = (id: string) =>
    story.homeserver.event(story.rooms[0]!, id)?.unsigned?.["redacted_because"] !== undefined;

  test("waits, as it would hit too many", async () => {
    const { crowd, messages, body } = await begun();

    await story.pass(60_000);

    expect(body).toContain("the limit is 4");
    expect(crowd.filter(isGone)).toEqual([]);
    expect(messages.filter(isRedacted)).toEqual([]);
    expect(story.homeserver.requestCounts["GET messages"] ?? 0).toBe(0);
  });

  test("is done after a yes, to the crowd alone", async () => {
    const { crowd, messages, others } = await begun();

    await story.command("!tyr yes 1");
    await story.pass(60_000);

    const [kicked, redacted] = act === "kick" ? [crowd, []] : [[], messages];
    expect(crowd.filter(isGone)).toEqual(kicked);
    expect(messages.filter(isRedacted)).toEqual(redacted);
    expect(isGone(story.moderator)).toBe(false);
    expect(isRedacted(others)).toBe(false);
  });
});

test("a list cannot shield people, name them, and then drop the shield", async () => {
  const crowd = await begin();
  story.rule("@crowd*:hs.test", { key: "shield", recommendation: "m.allow" });
  story.rule("@crowd*:hs.test", { key: "ban" });
  await story.pass(5_000);

  story.rule("", { key: "shield" });
  await asked();
  await story.pass(60_000);

  expect(bannedOf(crowd)).toBe(0);
});

test("nor drop one shield after the other", async () => {
  const crowd = await begin();
  for (const one of crowd) story.rule(one, { key: `shield ${one}`, recommendation: "m.allow" });
  story.rule("@crowd*:hs.test", { key: "ban" });
  await story.pass(5_000);

  for (const one of crowd) {
    story.rule("", { key: `shield ${one}` });
    await story.pass(5_000);
  }

  expect(bannedOf(crowd)).toBe(4);
  expect(question()).toBeDefined();
});

test("a room protected soon after a rule came is weighed like one protected later", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const other = story.room("Other");
  const crowd = Array.from({ length: 10 }, (_, i) => story.person(`crowd${i}`, [other]));
  await story.start();
  story.rule("@crowd*:hs.test");
  await story.pass(5_000);

  await story.command(`!tyr rooms add ${other}`);
  await asked();

  expect(crowd.filter((user) => story.homeserver.membership(other, user) === "ban")).toEqual([]);
});

test("a list cannot shield a server, name it, and then drop the shield", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const far = Array.from({ length: 6 }, (_, i) => `@far${i}:big.example`);
  for (const one of far)
    for (const room of story.rooms)
      story.homeserver.forceState(room, one, "m.room.member", one, { membership: "join" });
  await story.start();
  story.rule("other.example", { kind: "server" });
  story.rule("big.example", { kind: "server", key: "shield", recommendation: "m.allow" });
  story.rule("big.example", { kind: "server", key: "ban" });
  await story.pass(5_000);

  story.rule("", { kind: "server", key: "shield" });
  await story.pass(60_000);

  expect(story.deny(story.rooms[0]!)).toEqual(["other.example"]);
  expect(question()).toBeDefined();
});

test("people whom a list reaches one by one, as their exemptions end, count together", async () => {
  const crowd = await begin();
  for (const one of crowd) await story.command(`!tyr exempt add ${one}`);
  story.rule("@crowd*:hs.test");
  await story.pass(5_000);

  for (const one of crowd) {
    await story.command(`!tyr exempt remove ${one}`);
    await story.pass(5_000);
  }

  expect(bannedOf(crowd)).toBe(4);
  expect(question()).toBeDefined();
});

test("a server rule that has got its yes is not asked about again by the rooms that had no server ACL", async () => {
  story = new Story({ settings: { guard: { newcomerHours: 0, maxPeople: 4 } } });
  const server = Array.from({ length: 8 }, (_, i) => `@p${i}:big.test`);
  for (const one of server)
    for (const room of story.rooms)
      story.homeserver.forceState(room, one, "m.room.member", one, { membership: "join" });
  await story.start();
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.server", "big", {
    entity: "big.test",
    recommendation: "m.ban",
  });
  const { event_id: message } = await asked();

  react("✅", message);
  await story.pass(60_000);

  const denied = story.rooms.map(
    (room) => story.homeserver.state(room, "m.room.server_acl")?.content["deny"],
  );
  expect(denied).toEqual([["big.test"], ["big.test"]]);
  expect(newest("Question 2")).toBe("");
});

test("what a command finds later belongs to it, whoever has become a regular meanwhile", async () => {
  story = new Story({ settings: { guard: { regularDays: 1, regularAfterDays: 0 } } });
  const loud = story.person("loud");
  const said = story.homeserver.sendText(story.rooms[0]!, loud, "before Tyr came");
  await story.start();
  story.homeserver.setRoomLatency(story.rooms[0]!, 5_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr redact ${loud} ${story.rooms[0]!}`);
  await story.pass(1_000);

  story.homeserver.sendText(story.rooms[1]!, loud, "hello");
  await story.pass(60_000);

  expect(story.homeserver.event(story.rooms[0]!, said)?.unsigned?.["redacted_because"]).toBeDefined();
  expect(story.log.filter(({ level }) => level === "error")).toEqual([]);
});

test("a question about a server keeps nobody banned whose own rule has gone", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const far = Array.from({ length: 6 }, (_, i) => `@far${i}:big.example`);
  for (const one of far)
    for (const room of story.rooms)
      story.homeserver.forceState(room, one, "m.room.member", one, { membership: "join" });
  await story.start();
  story.rule(far[0]!, { key: "person" });
  await story.until(() => story.isBanned(far[0]!), "the ban");
  story.rule("big.example", { kind: "server" });
  await asked();

  story.rule("", { key: "person" });
  await story.pass(60_000);

  expect(story.rooms.map((room) => story.homeserver.membership(room, far[0]!))).toEqual(["leave", "leave"]);
});

test("nor what is still on its way to the question's message", async () => {
  const crowd = await begin();
  for (const one of crowd.slice(0, 5)) story.rule(one);
  const { event_id: message } = await asked();
  story.homeserver.setRoomLatency(story.managementRoom, 30_000);
  for (const one of crowd.slice(5)) story.rule(one);
  await story.pass(10_000);

  react("✅", message);
  await story.pass(120_000);

  expect(bannedOf(crowd)).toBe(5);
  expect(story.world!.questions.open()).toHaveLength(1);
});

test("rules that go while they wait need no answer: the question tells the others, and ends with the last", async () => {
  const crowd = await begin({ settings: { guard: { maxPeople: 4, maxRoomShare: 100, newcomerHours: 0 } } });
  for (let i = 0; i < 10; i++) story.person(`mob${i}`);
  await story.pass(1_000);
  story.rule("@crowd*:hs.test", { key: "one" });
  story.rule("@mob*:hs.test", { key: "two" });
  const { event_id: message } = await asked();

  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "one", {});
  await story.pass(60_000);
  expect(
    story.world!.questions.open().map(({ about }) => about.kind === "rules" && about.rules.length),
  ).toEqual([1]);
  story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "two", {});
  await story.pass(60_000);

  expect(story.world!.questions.open()).toEqual([]);
  expect(newest("Question 1")).toContain("All of them are gone from the list");
  react("✅", message);
  await story.pass(10_000);
  expect(bannedOf(crowd)).toBe(0);
});

test("a clock that is set back answers no question", async () => {
  await begin();
  story.rule("@crowd*:hs.test");
  await asked();

  story.stepClock(-5 * 3_600_000);
  await story.pass(60_000);

  expect(story.world!.questions.open()).toHaveLength(1);
});

test("a server by command that would cut off many waits, its rule included", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  for (let i = 0; i < 6; i++)
    for (const room of story.rooms) story.homeserver.join(room, `@far${i}:big.example`);
  await story.start();

  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban big.example scam");
  const { event_id: message } = await asked();
  await story.pass(10_000);
  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.server")).toEqual([]);

  react("✅", message);

  await story.until(() => story.deny(story.rooms[1]!).includes("big.example"), "the ACL");
});

test("an undo that waits for a yes calls nothing off, nor does it after a no", async () => {
  const crowd = await begin({ settings: { guard: { maxPeople: 4, maxRoomShare: 100, newcomerHours: 0 } } });
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban @crowd*:hs.test rude");
  react("✅", (await asked()).event_id);
  await story.until(() => bannedOf(crowd) === 10, "the bans");
  const [slow, quick] = story.rooms;
  story.homeserver.setRoomLatency(slow!, 10_000);
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr unban @crowd*:hs.test");
  const isIn = (room: string, membership: string) => (user: string) =>
    story.homeserver.membership(room, user) === membership;
  await story.until(() => crowd.every(isIn(quick!, "leave")), "the lifts in one room");
  for (const user of crowd) story.homeserver.join(quick!, user);
  await story.pass(1_000);
  expect(crowd.filter(isIn(slow!, "ban")).length).toBeGreaterThan(5);

  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr undo 2");
  await story.until(() => story.world!.questions.get(2) !== undefined, "the question about the undo");
  await story.command("!tyr no 2");

  await story.until(() => crowd.every(isIn(slow!, "leave")), "the lifts that waited", 600_000);
});

test("a server rule that a moderator of that server held off waits once that moderator is gone", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100, newcomerHours: 1 } } });
  const [shield, ...crowd] = Array.from({ length: 8 }, (_, i) => `@person${i}:sub.evil.example`);
  for (const room of story.rooms) for (const who of crowd) story.homeserver.join(room, who);
  story.homeserver.invite(story.managementRoom, story.moderator, shield!);
  story.homeserver.join(story.managementRoom, shield!);
  await story.start();
  story.rule("other.example", { kind: "server" });
  await story.until(() => story.deny(story.rooms[0]!).includes("other.example"), "an ACL of ours");
  story.rule("*evil*", { kind: "server" });
  await story.pass(2 * 3_600_000);
  expect(story.deny(story.rooms[0]!)).toEqual(["other.example"]);

  story.homeserver.leave(story.managementRoom, shield!);
  const { event_id: message } = await asked();
  expect(story.deny(story.rooms[0]!)).toEqual(["other.example"]);
  react("✅", message);

  await story.until(() => story.deny(story.rooms[0]!).includes("*evil*"), "the ACL");
});

test("people whom a server rule has cut off count on after a restart", async () => {
  const settings = { guard: { maxPeople: 2, maxRoomShare: 100, newcomerHours: 1 } };
  story = new Story({ settings, dataPath: aFolder() });
  const [hall] = story.rooms;
  const third = story.person("third");
  for (const who of ["@a:evil.example", "@b:evil.example"]) story.homeserver.join(hall!, who);
  await story.start();
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(hall!).includes("evil.example"), "the ACL");
  await story.pass(5_000);

  await story.stop();
  await story.start();
  story.rule(third);
  const { content } = await asked();

  expect(content["body"]).toContain("it would hit 1 person (with 2 before them), and the limit is 2");
  expect(story.isBanned(third)).toBe(false);
});

test.each(["while it waits", "after a no"])(
  "what waits for a room is not brought about by whatever else changes its ACL: %s",
  async (when) => {
    const settings = { guard: { maxPeople: 4, maxRoomShare: 100, newcomerHours: 1 } };
    story = new Story({ rooms: 2, settings });
    const [hall, empty] = story.rooms;
    const [shield, ...crowd] = Array.from({ length: 8 }, (_, i) => `@person${i}:evil.example`);
    for (const who of crowd) story.homeserver.join(hall!, who);
    story.homeserver.invite(story.managementRoom, story.moderator, shield!);
    story.homeserver.join(story.managementRoom, shield!);
    await story.start();
    story.rule("other.example", { kind: "server" });
    await story.until(() => story.deny(hall!).includes("other.example"), "an ACL of ours");
    story.rule("evil.example", { kind: "server" });
    await story.pass(2 * 3_600_000);
    story.homeserver.leave(story.managementRoom, shield!);
    const { event_id: message } = await asked();
    if (when === "after a no") react("❌", message);
    await story.until(() => story.deny(empty!).includes("evil.example"), "the ACL where nobody would be hit");
    await story.pass(60_000);

    story.rule("third.example", { kind: "server" });
    await story.until(() => story.deny(empty!).includes("third.example"), "the newer rule elsewhere");
    await story.pass(60_000);

    expect(story.deny(hall!)).toEqual(["other.example"]);
  },
);

test("no server ACL is written to a room whose people are not known yet: they are weighed first", async () => {
  story = new Story({ settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
  const room = story.room("New");
  for (let i = 0; i < 8; i++) story.homeserver.join(room, `@person${i}:evil.example`);
  await story.start();
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the ACL elsewhere");
  story.homeserver.failNext({ match: ({ path }) => path.endsWith("/members"), status: 500, times: 20 });

  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr rooms add ${room}`);
  await asked();

  expect(story.deny(room)).toEqual([]);
});
