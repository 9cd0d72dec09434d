// Lists that are trusted in part: several have to agree, some only ask, are only told of, or lead to a mute at most.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { UserId } from "../../src/model/ids.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

let authors: Map<string, string>;
const rule = (
  list: string,
  entity: string,
  { kind = "user", reason = "" }: { kind?: string; reason?: string } = {},
) =>
  story.homeserver.setState(list, authors.get(list)!, `m.policy.rule.${kind}`, `rule:${entity}`, {
    entity,
    recommendation: "m.ban",
    reason,
  });
const unrule = (list: string, entity: string) =>
  story.homeserver.setState(list, authors.get(list)!, "m.policy.rule.user", `rule:${entity}`, {});

/** Foreign lists, followed, each with an author of its own; and people who are in the rooms before. */
async function begin(
  names: readonly string[],
  { people = [], ...options }: StoryOptions & { people?: readonly string[] } = {},
): Promise<readonly string[]> {
  story = new Story(options);
  authors = new Map();
  const lists = names.map((shortcode) => {
    const author = story.homeserver.createUser(`author-${shortcode}`).userId;
    const list = story.homeserver.createRoom({
      creator: author,
      name: shortcode,
      joinRule: "public",
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode } }],
    });
    authors.set(list, author);
    return list;
  });
  for (const name of people) story.person(name);
  story.settings = { ...story.settings, watchedLists: [story.list, ...lists] };
  await story.start();
  return lists;
}

const membership = (who: string) => story.rooms.map((room) => story.homeserver.membership(room, who));
/** Said, and not answered yet where it asks. */
async function asked(command: string): Promise<string> {
  const event = story.homeserver.sendText(story.managementRoom, story.moderator, command);
  await story.until(
    () => story.answerTo(event)?.startsWith("Question") === true,
    `the question of ${command}`,
  );
  await story.pass(2_000);
  return story.answerTo(event)!;
}

test("of three foreign lists with half the weight one alone flags, and two ban", async () => {
  const [, jjj, kde] = (await begin(["cme", "jjj", "kde"], { people: ["scammer"] })) as [
    string,
    string,
    string,
  ];
  const scammer = "@scammer:hs.test";
  for (const name of ["cme", "jjj", "kde"])
    expect(await story.command(`!tyr lists weight ${name} 50`)).toContain(
      `Weight of list ${name}: 50 of the 100 that a ban takes.`,
    );

  rule(jjj, scammer, { reason: "scam" });
  await story.pass(60_000);
  expect(membership(scammer)).toEqual(["join", "join"]);
  expect(story.said().join("\n")).toContain(
    "Flagged @scammer:hs.test, whom list jjj names: 50 points of the 100 that a ban takes.",
  );
  expect(story.world!.stored.flags.has(scammer as UserId)).toBe(true);
  const flagged = await story.command(`!tyr why ${scammer}`);
  expect(flagged).toContain(
    'Flagged since 2025-01-01, with 50 of the 100 that it takes: list jjj 50 ("scam", ',
  );

  rule(kde, scammer, { reason: "dm spam" });
  await story.until(() => story.isBanned(scammer), "the bans");
  await story.pass(5_000);
  expect(story.world!.stored.flags.has(scammer as UserId)).toBe(false);

  const banned = await story.command(`!tyr why ${scammer}`);
  expect(banned).toMatch(
    /Lists ask for a ban, with 100 of the 100 that it takes: list jjj 50 \("scam".*\) \+ list kde 50 \("dm spam"/,
  );
  expect(story.said().join("\n")).toContain(
    "as list jjj and list kde together ask for it: user @scammer:hs.test",
  );
  expect(await story.command("!tyr lists")).toContain("weight 50");

  // One of them is enough no more, once the other takes its rule back.
  unrule(kde, scammer);
  await story.until(() => membership(scammer).every((one) => one === "leave"), "the lifts");
});

test("a change of the weight tells first who would be let go, and who stays; a yes does it, and undo takes it back", async () => {
  const [cme, jjj] = (await begin(["cme", "jjj"], { people: ["one", "two"] })) as [string, string];
  rule(jjj, "@one:hs.test", { reason: "spam" });
  rule(jjj, "@two:hs.test");
  rule(cme, "@two:hs.test");
  await story.until(() => story.isBanned("@one:hs.test") && story.isBanned("@two:hs.test"), "the bans");
  await story.pass(5_000);

  const question = await asked("!tyr lists weight jjj 50");
  expect(question).toContain("The weight of list jjj would be 50 of the 100 that a ban takes.");
  expect(question).toContain("It names 2 people here, of whom 1 stays as they are.");
  expect(question).toContain('1 person would be let go and flagged: @one:hs.test ("spam").');
  expect(membership("@one:hs.test")).toEqual(["ban", "ban"]);

  const number = /Question (\d+)/.exec(question)![1]!;
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr yes ${number}`);
  await story.until(() => membership("@one:hs.test").every((one) => one === "leave"), "the lifts");
  await story.pass(5_000);
  expect(story.isBanned("@two:hs.test")).toBe(true);
  expect(story.said().join("\n")).toContain("unbanned @one:hs.test in 2 rooms");

  for (const room of story.rooms) story.homeserver.join(room, "@one:hs.test");
  await story.pass(5_000);
  expect(membership("@one:hs.test")).toEqual(["join", "join"]);
  const back = await asked("!tyr lists weight jjj 100");
  expect(back).toContain('1 person would be banned: @one:hs.test ("spam").');
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr no`);
  await story.pass(5_000);
  expect(membership("@one:hs.test")).toEqual(["join", "join"]);

  const said = story.said().find((text) => text.includes("Weight of list jjj: 50"))!;
  await story.command(`!tyr undo ${undoNumber(said)}`);
  await story.until(() => story.isBanned("@one:hs.test"), "the bans again");
});

describe("lists of one owner", () => {
  test("have one voice once a moderator says so, and two again when that is taken back", async () => {
    const [cme, jjj] = (await begin(["cme", "jjj"], { people: ["one"] })) as [string, string];
    for (const name of ["cme", "jjj"]) await story.command(`!tyr lists weight ${name} 50`);
    rule(cme, "@one:hs.test");
    rule(jjj, "@one:hs.test");
    await story.until(() => story.isBanned("@one:hs.test"), "the bans");
    await story.pass(5_000);

    const question = await asked("!tyr lists together cme jjj");
    expect(question).toContain("list cme and list jjj would have one voice: what they say would count once.");
    expect(question).toContain("1 person would be let go and flagged: @one:hs.test");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes");
    await story.until(() => membership("@one:hs.test").every((one) => one === "leave"), "the lifts");
    for (const room of story.rooms) story.homeserver.join(room, "@one:hs.test");
    await story.pass(20_000);
    expect(membership("@one:hs.test")).toEqual(["join", "join"]);
    expect(await story.command("!tyr why @one:hs.test")).toContain("of one owner with list cme");
    expect(await story.command("!tyr lists")).toContain("one voice with 1 other list");

    const apart = await asked("!tyr lists apart cme");
    expect(apart).toContain("1 person would be banned: @one:hs.test");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes");
    await story.until(() => story.isBanned("@one:hs.test"), "the bans again");
    expect(await story.command("!tyr lists apart cme")).toMatch(
      /^❌ nobody said that list cme is of one owner/,
    );
  });

  test("are known by who writes both; to be named in the levels of another is not enough", async () => {
    const [cme, jjj] = (await begin(["cme", "jjj"], { people: ["one", "two"] })) as [string, string];
    for (const name of ["cme", "jjj"]) await story.command(`!tyr lists weight ${name} 50`);
    const author = authors.get(cme)!;
    const levels = story.homeserver.state(jjj, "m.room.power_levels")!.content;
    const users = { ...(levels["users"] as object), [author]: 100 };
    story.homeserver.setState(jjj, authors.get(jjj)!, "m.room.power_levels", "", { ...levels, users });
    rule(cme, "@one:hs.test");
    rule(jjj, "@one:hs.test");
    await story.until(() => story.isBanned("@one:hs.test"), "two voices");

    story.homeserver.join(jjj, author);
    authors.set(jjj, author);
    rule(jjj, "@nobody:hs.test");
    await story.pass(60_000);
    rule(cme, "@two:hs.test");
    rule(jjj, "@two:hs.test");
    await story.pass(60_000);

    expect(membership("@two:hs.test")).toEqual(["join", "join"]);
    expect(await story.command("!tyr why @two:hs.test")).toContain("Flagged");
    expect(await story.command("!tyr lists together cme jjj")).toContain("have one voice already");
  });
});

test("what is chosen outlives a restart", async () => {
  const [jjj] = (await begin(["jjj"], { dataPath: aFolder(), people: ["one"] })) as [string];
  await story.command("!tyr lists weight jjj 40");
  await story.stop();
  rule(jjj, "@one:hs.test");

  await story.start();
  await story.pass(60_000);

  expect(membership("@one:hs.test")).toEqual(["join", "join"]);
  expect(await story.command("!tyr lists")).toContain("weight 40");
});

describe("a list that is set to", () => {
  test("ask: a rule that hits nobody here is in force, one that hits somebody waits, and so does who comes later", async () => {
    const [jjj] = (await begin(["jjj"], { people: ["here"] })) as [string];
    expect(await story.command("!tyr lists mode jjj ask")).toContain(
      "The mode of list jjj is ask: a rule that hits somebody here waits for a yes.",
    );
    const later = story.homeserver.createUser("later").userId;

    rule(jjj, later);
    await story.pass(10_000);
    expect(story.said().some((text) => text.startsWith("Question"))).toBe(false);

    rule(jjj, "@here:hs.test", { reason: "spam" });
    await story.until(() => story.said().some((text) => text.startsWith("Question 1:")), "the question");
    await story.pass(10_000);
    expect(story.said().findLast((text) => text.startsWith("Question 1:"))).toContain(
      "the list is set to ask first",
    );
    expect(membership("@here:hs.test")).toEqual(["join", "join"]);
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes 1");
    await story.until(() => story.isBanned("@here:hs.test"), "the bans");

    story.homeserver.join(story.rooms[0]!, later);
    await story.until(
      () => story.said().some((text) => text.startsWith("Question 2:")),
      "the second question",
    );
    await story.pass(10_000);
    expect(story.homeserver.membership(story.rooms[0]!, later)).toBe("join");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr no 2");
    await story.pass(10_000);
    expect(story.homeserver.membership(story.rooms[0]!, later)).toBe("join");
  });

  test("notify: nothing is done, and going back shows whom it would hit", async () => {
    const [jjj] = (await begin(["jjj"], { people: ["here"] })) as [string];
    await story.command("!tyr lists mode jjj notify");
    rule(jjj, "@here:hs.test", { reason: "spam" });
    rule(jjj, "evil.example", { kind: "server" });
    await story.pass(60_000);
    expect(membership("@here:hs.test")).toEqual(["join", "join"]);
    expect(story.deny(story.rooms[0]!)).toEqual([]);

    const question = await asked("!tyr lists mode jjj apply");
    expect(question).toContain('1 person would be banned: @here:hs.test ("spam").');
    expect(question).toContain("Server ACLs would have 1 more entry.");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes");
    await story.until(() => story.isBanned("@here:hs.test"), "the bans");
    await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the server ACL");
  });

  test("off for servers alone: its people are banned as before", async () => {
    const [jjj] = (await begin(["jjj"], { people: ["here"] })) as [string];
    expect(await story.command("!tyr lists mode jjj servers off")).toContain(
      "The mode of list jjj for servers is off: it is not heard at all.",
    );
    rule(jjj, "evil.example", { kind: "server" });
    rule(jjj, "@here:hs.test");

    await story.until(() => story.isBanned("@here:hs.test"), "the bans");
    await story.pass(60_000);
    expect(story.deny(story.rooms[0]!)).toEqual([]);
    expect(await story.command("!tyr lists")).toContain("off for servers");
  });
});

test("with a cap of a mute a rule mutes, and the mute ends with the rule", async () => {
  const [jjj] = (await begin(["jjj"], { people: ["loud"] })) as [string];
  expect(await story.command("!tyr lists cap jjj mute")).toContain(
    "A rule of list jjj leads to a mute at most, and denies no server.",
  );
  const level = (room: string) => {
    const levels = story.homeserver.state(room, "m.room.power_levels")?.content["users"];
    return (levels as Record<string, number> | undefined)?.["@loud:hs.test"];
  };

  rule(jjj, "@loud:hs.test", { reason: "noise" });
  await story.until(() => story.rooms.every((room) => level(room) === -1), "the mutes");
  await story.pass(5_000);
  expect(membership("@loud:hs.test")).toEqual(["join", "join"]);
  expect(story.said().join("\n")).toContain("muted @loud:hs.test in 2 rooms");

  unrule(jjj, "@loud:hs.test");
  await story.until(() => story.rooms.every((room) => level(room) === undefined), "the voice given back");
});

test("what is no mode, weight or cap, and no list that is watched, is said so", async () => {
  await begin(["jjj"]);

  expect(await story.command("!tyr lists mode jjj loud")).toMatch(
    /^❌ loud is no mode: apply, ask, notify or off/,
  );
  expect(await story.command("!tyr lists mode jjj servers")).toMatch(/^❌ Which mode\?/);
  expect(await story.command("!tyr lists mode jjj people off")).toMatch(/^❌ people is no kind of rules/);
  expect(await story.command("!tyr lists weight jjj 0")).toMatch(/^❌ 0 is no weight/);
  expect(await story.command("!tyr lists weight jjj 101")).toMatch(/^❌ 101 is no weight/);
  expect(await story.command("!tyr lists cap jjj kick")).toMatch(/^❌ kick is no cap: ban, mute or none/);
  expect(await story.command("!tyr lists weight nothing 50")).toMatch(/^❌/);
  expect(await story.command("!tyr lists weight jjj 100")).toContain("That was so before.");
});

describe("whoever is flagged", () => {
  const redactions = () =>
    story.homeserver.events(story.rooms[0]!).filter(({ type }) => type === "m.room.redaction").length;
  const says = (who: string, text = "see https://shop.example/now") =>
    story.homeserver.sendText(story.rooms[0]!, `@${who}:hs.test`, text);

  test("is a newcomer to protections, however long they are here, until the flag goes", async () => {
    const [jjj] = (await begin(["jjj"], { people: ["known", "other"], rules: noLinks })) as [string];
    await story.command("!tyr lists weight jjj 50");
    await story.pass(61_000);
    says("known");
    await story.pass(20_000);
    expect(redactions()).toBe(0);

    rule(jjj, "@known:hs.test");
    await story.pass(20_000);
    says("other");
    says("known");
    await story.until(() => redactions() === 1, "the redaction");
    await story.pass(20_000);
    expect(redactions()).toBe(1);

    unrule(jjj, "@known:hs.test");
    await story.pass(20_000);
    says("known");
    await story.pass(20_000);
    expect(redactions()).toBe(1);
  });

  test("is met by the shipped rule, which holds what they say first", async () => {
    const [jjj] = (await begin(["jjj"])) as [string];
    await story.command("!tyr lists mode jjj notify");
    await story.command("!tyr protections act flagged");
    await story.pass(61_000);
    story.person("somebody");
    story.person("fine");
    rule(jjj, "@somebody:hs.test");
    await story.pass(5_000);

    says("fine", "hello");
    says("somebody", "hello");
    await story.until(() => redactions() === 1, "the message that is held");
    await story.pass(20_000);

    expect(redactions()).toBe(1);
  });
});

const noLinks = `rule: no-links
about: Links of newcomers.
when: author is newcomer and links
then: redact
mode: act
`;
