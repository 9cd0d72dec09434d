// Bans that people make and lift with a client: noticed, and offered for the lists.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

/** `people` are in all rooms before Tyr begins. */
const begin = async ({ people = [], ...options }: StoryOptions & { people?: readonly string[] } = {}) => {
  story = new Story({ rooms: 3, ...options });
  const those = people.map((name) => story.person(name));
  await story.start();
  return those;
};

const banByHand = (who: string, { room = 0, reason = "" } = {}) =>
  story.homeserver.ban(story.rooms[room]!, story.moderator, who, reason);
const liftByHand = (who: string, room = 0) =>
  story.homeserver.setState(story.rooms[room]!, story.moderator, "m.room.member", who, {
    membership: "leave",
  });
const offer = (number = 1) =>
  story.homeserver
    .events(story.managementRoom)
    .find((one) => String(one.content["body"]).startsWith(`Question ${number}:`));
const textOf = (number = 1) => String(offer(number)?.content["body"]);
const offered = async (number = 1) => {
  await story.until(() => offer(number) !== undefined, `offer ${number}`);
  await story.pass(2_000);
  return textOf(number);
};
const offers = () => story.said().filter((text) => /^Question \d+:/.test(text)).length;
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const react = (key: string, to: string) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: to, key },
  });
/** The messages of offers arrive, and Tyr is not told so. */
const loseAnswersToOffers = () =>
  story.homeserver.failNext({
    match: ({ path, body }) => path.includes("/send/") && JSON.stringify(body).includes("Question 1:"),
    status: 0,
    afterEffect: true,
    times: Infinity,
  });
/** Events that Tyr's messages reply to, and that its reactions stand on. */
const namedEvents = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ sender }) => sender === story.bot.userId)
    .flatMap(({ content }) => {
      const relation = content["m.relates_to"] as
        { event_id?: string; "m.in_reply_to"?: { event_id: string } } | undefined;
      return relation?.event_id ?? relation?.["m.in_reply_to"]?.event_id ?? [];
    });
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .map(({ content }) => content["entity"])
    .filter((entity) => entity !== undefined);

describe("a ban by hand", () => {
  test("is offered once, for all the rooms, with who, where, by whom and why", async () => {
    const [rude] = await begin({ people: ["rude"] });

    banByHand(rude!, { reason: "insults" });
    await story.pass(1_000);
    banByHand(rude!, { room: 1 });
    const text = await offered();
    await story.pass(60_000);

    expect(text).toContain(
      `${story.moderator} banned ${rude} in 2 rooms (insults). Ban them in all protected rooms, by list coc?`,
    );
    expect(text).toContain("!tyr yes 1");
    expect(offers()).toBe(1);
    expect(rules()).toEqual([]);
    expect(story.isBanned(rude!, [story.rooms[2]!])).toBe(false);
  });

  test("after a ✅ it holds everywhere by a rule, as a command of whoever said so, and can be undone", async () => {
    const [rude] = await begin({ people: ["rude"] });
    banByHand(rude!, { reason: 'said "--for 7d" @room' });
    await offered();

    react("✅", offer()!.event_id);
    await story.until(() => story.isBanned(rude!), "the bans");
    await story.pass(5_000);

    expect(rules()).toEqual([rude]);
    expect(story.said().some((text) => text.includes(`Ban of ${rude} on list coc`))).toBe(true);
    expect(story.said().some((text) => text.includes(`Yes, said ${story.moderator}`))).toBe(true);
    expect(await story.command(`!tyr why ${rude}`)).toContain(`as ${story.moderator} said ban ${rude} coc`);
    expect(story.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);

    expect(await story.command("!tyr undo last")).toMatch(/^✅/);
    expect(rules()).toEqual([]);
  });

  test("a bare yes right after it, a reply, and yes with its number do as well", async () => {
    const [one, two] = await begin({ people: ["one", "two"] });
    banByHand(one!);
    await offered();
    say("yes");
    await story.until(() => story.isBanned(one!), "the first bans");

    banByHand(two!);
    await offered(2);
    await story.command("!tyr yes 2");
    await story.until(() => story.isBanned(two!), "the second bans");

    expect(new Set(rules())).toEqual(new Set([one, two]));
  });

  test("after a no, or no answer within the guard's time, nothing is done and nothing is said", async () => {
    const [one, two] = await begin({ people: ["one", "two"], settings: { guard: { answerWithinHours: 1 } } });
    banByHand(one!);
    await offered();
    react("❌", offer()!.event_id);
    banByHand(two!);
    await offered(2);
    const before = story.said().length;

    await story.pass(2 * 3_600_000);

    expect(rules()).toEqual([]);
    const since = story.said().slice(before);
    expect(since).toHaveLength(1);
    expect(since[0]).toMatch(/^\* Question 2:.*Nobody answered; nothing was done/s);
  });

  test("an offer survives a restart", async () => {
    const [rude] = await begin({ people: ["rude"], dataPath: aFolder() });
    banByHand(rude!);
    await offered();

    await story.stop();
    await story.start();
    react("✅", offer()!.event_id);

    await story.until(() => story.isBanned(rude!), "the bans");
  });

  test("an offer whose message is not known to have arrived can be accepted, and nothing names an event that is not there", async () => {
    const [rude] = await begin({ people: ["rude"], dataPath: aFolder() });
    loseAnswersToOffers();
    banByHand(rude!);
    await offered();

    say("!tyr yes 1");
    await story.until(() => story.isBanned(rude!), "the bans");
    await story.pass(600_000);

    expect(story.said().some((text) => text.includes(`Ban of ${rude} on list coc`))).toBe(true);
    const there = story.homeserver.events(story.managementRoom).map(({ event_id }) => event_id);
    expect(namedEvents().filter((id) => !there.includes(id))).toEqual([]);
  });

  test("an offer that was carried out before its message was known is not carried out again after a restart", async () => {
    const [rude] = await begin({ people: ["rude"], dataPath: aFolder() });
    loseAnswersToOffers();
    banByHand(rude!);
    await offered();
    say("!tyr yes 1");
    await story.until(() => story.isBanned(rude!), "the bans");
    await story.pass(5_000);

    story.homeserver.clearFaults();
    await story.pass(60_000);
    await story.stop();
    await story.start();
    await story.pass(60_000);

    expect(story.said().filter((text) => text.includes(`Ban of ${rude} on list coc`))).toHaveLength(1);
  });

  test("an offer that has come about by itself goes", async () => {
    const [rude] = await begin({ people: ["rude"] });
    banByHand(rude!);
    await offered();
    expect(await story.command("!tyr status")).toContain(
      "1 question waits for your yes or no, an offer that can be left alone. !tyr questions shows it.",
    );

    await story.command(`!tyr ban ${rude} coc`);
    await story.pass(5_000);

    expect(story.said().some((text) => text.includes("No longer needed"))).toBe(true);
    expect(await story.command("!tyr questions")).toContain("Nothing waits");
  });
});

describe("nothing is offered", () => {
  const offersInTheEnd = async () => {
    await story.pass(60_000);
    return offers();
  };

  test("for what a rule asks for already, or what Tyr does itself", async () => {
    const [known, other] = await begin({ people: ["known", "other"] });
    story.rule("@kno*:hs.test");
    banByHand(known!);
    await story.command(`!tyr ban ${other}`);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for somebody who is exempt", async () => {
    const [friend] = await begin({ people: ["friend"] });
    await story.command(`!tyr exempt add ${friend}`);
    banByHand(friend!);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for a ban that is lifted at once, or that a rule follows at once", async () => {
    const [one, two] = await begin({ people: ["one", "two"] });
    banByHand(one!);
    banByHand(two!);
    await story.pass(1_000);
    liftByHand(one!);
    story.rule(two!);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for what happened while Tyr was away", async () => {
    const [one] = await begin({ people: ["one"], dataPath: aFolder() });
    await story.stop();
    banByHand(one!);
    await story.start();
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for what happened in a gap", async () => {
    const [one] = await begin({ people: ["one"] });
    story.homeserver.skipInSync([story.rooms[0]!]);
    banByHand(one!);
    story.homeserver.sendText(story.rooms[0]!, story.moderator, "the only thing that sync tells of");
    expect(await offersInTheEnd()).toBe(0);
  });

  test("in rooms that are not protected", async () => {
    await begin();
    const room = story.room("Elsewhere");
    const one = story.person("one", [room]);
    story.homeserver.ban(room, story.moderator, one);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for what one account does en masse", async () => {
    const crowd = await begin({ people: Array.from({ length: 8 }, (_, i) => `crowd${i}`) });
    for (const one of crowd) banByHand(one);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("where the config says so", async () => {
    const [one] = await begin({ people: ["one"], settings: { offers: { enabled: false } } });
    banByHand(one!);
    expect(await offersInTheEnd()).toBe(0);
  });

  test("for a name that could be mistaken for a glob or for more than one word", async () => {
    await begin();
    for (const name of ["@*:hs.test", '@a" b:hs.test'])
      story.homeserver.setState(story.rooms[0]!, story.moderator, "m.room.member", name, {
        membership: "ban",
      });
    expect(await offersInTheEnd()).toBe(0);
  });

  test("where there is no list to write to", async () => {
    story = new Story();
    const foreign = story.room("Foreign", { botLevel: 0 });
    story.settings = { watchedLists: [foreign] };
    const one = story.person("one");
    await story.start();
    banByHand(one);
    expect(await offersInTheEnd()).toBe(0);
  });
});

test("beyond so many an hour one line says that there are more, and the next hour has offers again", async () => {
  const [one, two, three, four, five] = await begin({
    people: ["one", "two", "three", "four", "five"],
    settings: { offers: { perHour: 2, massFrom: 100 } },
  });
  for (const who of [one!, two!, three!, four!]) {
    banByHand(who);
    await story.pass(10_000);
  }
  expect(offers()).toBe(2);
  expect(story.said().filter((text) => text.includes("More bans are made or lifted by hand"))).toHaveLength(
    1,
  );

  await story.pass(3_600_000);
  banByHand(five!);
  await offered(3);
});

describe("a ban that a list asks for and somebody lifts", () => {
  test("is offered to be taken off a list of ours", async () => {
    const [person] = await begin({ people: ["person"] });
    story.rule(person!);
    await story.until(() => story.isBanned(person!), "the bans");

    liftByHand(person!);
    const text = await offered();
    react("👍", offer()!.event_id);
    await story.until(() => !story.isBanned(person!, [story.rooms[1]!]), "the other bans lifted");
    await story.pass(2_000);

    expect(text).toContain(
      `${story.moderator} lifted the ban of ${person} in Room 1, which list coc asks for`,
    );
    expect(text).toContain("Take the rule off the list");
    expect(rules()).toEqual([]);
  });

  test("is offered as an exemption where the rule is not ours, or is a glob", async () => {
    const [person] = await begin({ people: ["person"] });
    story.rule("@pers*:hs.test");
    await story.until(() => story.isBanned(person!), "the bans");

    liftByHand(person!);
    const text = await offered();
    react("✅", offer()!.event_id);
    await story.until(() => !story.isBanned(person!, [story.rooms[1]!]), "the other bans lifted");

    expect(text).toContain("Exempt them from all lists");
    expect(rules()).toEqual(["@pers*:hs.test"]);
    expect(await story.command("!tyr exempt")).toContain(person);
  });

  test("several people at once are told in one message, as nobody answers so many", async () => {
    const people = await begin({ people: ["person1", "person2"] });
    story.rule("@person*:hs.test");
    await story.until(() => people.every((one) => story.isBanned(one)), "the bans");

    for (const one of people) liftByHand(one);
    await story.pass(30_000);

    expect(offers()).toBe(0);
    expect(story.said().filter((text) => text.includes("lifted the ban of 2 people"))).toHaveLength(1);
  });
});
