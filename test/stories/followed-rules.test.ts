// Rules rooms: protections of another community, tried in shadow; what they change waits, whoever writes there.

import { afterEach, expect, test } from "@jest/globals";
import { Story, undoNumber } from "../support/story.ts";
import { aFolder } from "../support/folder.ts";

let story: Story;
let room: string;
const begin = async (more: { readonly dataPath?: string } = {}) => {
  story = new Story({ rooms: 2, ...more });
  room = story.room("Rules of friends", { botLevel: 0 });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
afterEach(() => story.stop());

const publish = (
  name: string,
  when: string,
  more: { answer?: string; version?: number; digest?: string } = {},
) =>
  story.homeserver.setState(room, story.moderator, "io.tyr.protection", name, {
    rule: `rule: ${name}\nwhen: ${when}\nthen: ${more.answer ?? "redact"}\n`,
    version: more.version ?? 1,
    ...(more.digest === undefined ? {} : { digest: more.digest }),
  });
const words = (name: string, ...entries: string[]) =>
  story.homeserver.setState(room, story.moderator, "io.tyr.words", name, { kind: "words", entries });
const takeOut = (name: string) =>
  story.homeserver.setState(room, story.moderator, "io.tyr.protection", name, {});
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const news = (what: RegExp) => story.until(() => told(what).length > 0, String(what));
const stands = (who: string) =>
  story.homeserver
    .events(story.rooms[0]!)
    .filter((one) => one.sender === who && one.type === "m.room.message" && "body" in one.content).length;
const follow = async (more = "") => {
  publish("scam", "text has bad", { answer: "redact+call" });
  words("bad", "airdrop", "free nitro");
  const done = await story.command(`!tyr protections follow ${room} friends${more}`);
  await news(/New, in shadow: they look and do nothing: .*friends\/scam\./);
  return done;
};

test("its rules come in shadow with their words, told in one message; undo of unfollow brings them back as they were, and undo of follow takes them away", async () => {
  await begin();
  const done = await follow();

  expect(done).toContain("as friends: its protections come in shadow, called friends/<name>");
  expect(told(/friends\/scam/)[0]).toContain("The rules room Rules of friends, followed as friends:");
  expect(await story.command("!tyr protections show friends/scam")).toContain("friends/scam is in shadow");
  expect(await story.command("!tyr protections history friends/scam")).toContain(`by ${story.moderator}`);
  expect(await story.command("!tyr protections")).toContain(
    "Followed rules rooms: Rules of friends as friends (1 protection, new versions wait).",
  );
  expect(await story.command("!tyr status")).toContain("Followed rules rooms: Rules of friends as friends");

  const spammer = story.person("spammer");
  story.homeserver.sendText(story.rooms[0]!, spammer, "airdrop!");
  await story.pass(20_000);
  expect(stands(spammer)).toBe(1);
  expect(await story.command("!tyr protections hits friends/scam")).toContain("1 finding of 1 person");
  expect(await story.command("!tyr protections act friends/scam")).toContain("acts, with redact");
  story.homeserver.sendText(story.rooms[0]!, spammer, "airdrop again");
  await story.until(() => stands(spammer) === 1, "the redaction");

  const left = await story.command("!tyr protections unfollow friends");
  expect(await story.command("!tyr protections show friends/scam")).toContain("There is no protection");
  await story.command(`!tyr undo ${undoNumber(left)}`);
  expect(await story.command("!tyr protections show friends/scam")).toContain("friends/scam is on");

  await story.command(`!tyr undo ${undoNumber(done)}`);
  expect(await story.command("!tyr protections show friends/scam")).toContain("There is no protection");
  expect(await story.command("!tyr protections")).not.toContain("friends");
});

test("a room that turns hostile: new versions and new words of what acts wait in shadow, and are told", async () => {
  await begin();
  await follow();
  await story.command("!tyr protections act friends/scam");
  const [member, spammer] = [story.person("member"), story.person("spammer")];

  publish("scam", "text.length > 0", { answer: "ban", version: 2 });
  await news(/tried in shadow beside the version that goes on: friends\/scam/);
  story.homeserver.sendText(story.rooms[0]!, member, "hello everybody");
  story.homeserver.sendText(story.rooms[0]!, spammer, "airdrop!");
  await story.until(() => stands(spammer) === 0, "the old version going on");
  await story.pass(30_000);
  expect(stands(member)).toBe(1);
  expect(await story.command("!tyr protections show friends/scam")).toContain(
    "Version 2, tried in shadow beside it: text.length > 0",
  );

  words("bad", "airdrop", "hello");
  publish("scam", "text has bad", { version: 3 });
  await story.pass(10 * 60_000);
  story.homeserver.sendText(story.rooms[0]!, member, "hello again");
  await story.pass(30_000);
  expect(stands(member)).toBe(2);
  const acting = await story.command("!tyr protections act friends/scam");
  expect(acting).toContain("Version 3 takes the place of version 1");
  expect(acting).toContain(`Version 3 of it, by ${story.moderator}, is here for less than a day.`);
});

test("a rule and the list that it is about are taken together, whichever comes first", async () => {
  await begin();
  await follow();
  await story.pass(6 * 3_600_000);
  publish("second", "text has worse");
  await story.pass(1_000);
  words("worse", "gift");
  await news(/New, in shadow: they look and do nothing: friends\/second/);

  expect(told(/cannot be used/)).toEqual([]);
});

test("with --apply a new version takes the mode of the old one, but for one that goes back", async () => {
  await begin();
  await follow(" --apply");
  await story.command("!tyr protections act friends/scam");

  publish("scam", 'text has bad or text has "gift"', { version: 2 });
  await news(/the new version answers from now on: friends\/scam/);
  const spammer = story.person("spammer");
  story.homeserver.sendText(story.rooms[0]!, spammer, "a gift");
  await story.until(() => stands(spammer) === 0, "the new version acting");

  publish("scam", "text.length > 0", { version: 1 });
  await story.until(
    () => told(/counts the new version as an older one: friends\/scam/).length > 0,
    "the news",
    3_600_000,
  );
  const member = story.person("member");
  story.homeserver.sendText(story.rooms[0]!, member, "hello");
  await story.pass(30_000);
  expect(stands(member)).toBe(1);
});

test("what cannot be used leaves the last good version in force, and is told once", async () => {
  await begin();
  await follow();
  publish("scam", "autor is newcomer", { version: 2 });
  publish("other", "links", { digest: "0".repeat(64) });
  await story.until(
    () => told(/has a new version that cannot be used, and stays as it was/).length > 0,
    "the news",
    600_000,
  );
  await story.pass(3_600_000);

  expect(told(/stays as it was/)).toHaveLength(1);
  expect(
    told(/friends\/other cannot be used, and is left out: its text does not fit its digest/),
  ).toHaveLength(1);
  expect(await story.command("!tyr protections show friends/scam")).toContain("It looks for: text has bad");
});

test("a rule that is taken out goes where it only looks, and stays where it does more", async () => {
  await begin();
  publish("second", "links");
  await follow();
  await story.command("!tyr protections alert friends/scam");
  takeOut("scam");
  takeOut("second");
  await story.until(
    () => told(/No longer in the room, and removed here: friends\/second/).length > 0,
    "the news",
    600_000,
  );

  expect(told(/friends\/scam is no longer in the room; it goes on here/)).toHaveLength(1);
  expect(await story.command("!tyr protections show friends/scam")).toContain("only tells");
  expect(await story.command("!tyr protections show friends/second")).toContain("There is no protection");
  expect(await story.command("!tyr protections remove friends/scam")).toContain(
    "is removed, with its settings",
  );
});

test("its rules are changed and removed there, not here; they can be switched off, shared, and left all together", async () => {
  await begin();
  await follow();

  expect(await story.command("!tyr protections edit friends/scam when links")).toContain(
    "comes from a rules room",
  );
  expect(await story.command("!tyr protections remove friends/scam")).toContain("would come again");
  expect(await story.command("!tyr protections words bad")).toContain("There is no list");
  const shared = await story.command("!tyr protections share friends/scam");
  expect(shared).toContain(
    "rule: scam\nwhen: text has bad\nthen: redact\n---\nwords: bad\nentries: [ airdrop, free nitro ]",
  );
  expect(await story.command("!tyr protections disable friends/scam")).toContain("✅");
  expect(await story.command("!tyr protections unfollow nobody")).toContain("there are friends");
  expect(await story.command("!tyr protections unfollow friends")).toContain("1 protection of it is gone");
  expect(story.world!.settings.protections.has("friends/scam")).toBe(false);
  await story.pass(60_000);
  expect(await story.command("!tyr protections show friends/scam")).toContain("There is no protection");
});

test("a room that changes a hundred times a minute is looked at a few times", async () => {
  await begin();
  await follow();
  const versions = () => story.world!.settings.rules.get("friends/scam")!.versions;
  for (let i = 0; i < 300; i++) {
    publish("scam", `text.length > ${i}`, { version: i });
    await story.pass(600);
  }
  await story.pass(3_600_000);

  expect(versions().at(-1)!.text).toContain("text.length > 299");
  expect(versions().at(-1)!.number).toBeLessThan(8);
  expect(versions().length).toBeLessThan(4);
  expect(told(/friends\/scam/).length).toBeLessThan(10);
});

test("six hundred rules, long words and odd events are bounded", async () => {
  await begin();
  for (let i = 0; i < 620; i++) publish(`rule-${i}`, "links");
  publish("Bad Name", "links");
  publish("long", `links or text has "${"x".repeat(9_000)}"`);
  story.homeserver.setState(room, story.moderator, "io.tyr.protection", "odd", { rule: 7 });
  words("many", ...Array.from({ length: 6_000 }, (_, i) => `w${i}`));
  story.homeserver.setState(room, story.moderator, "io.tyr.words", "odd", { entries: "a" });
  await story.command(`!tyr protections follow ${room} friends`);
  await story.pass(30 * 60_000);

  expect(story.world!.settings.rules.size).toBe(500);
  expect(await story.command("!tyr protections")).toContain("left out as too much or no rule");
  expect(told(/there are 500 rules already/).length).toBeGreaterThan(0);
});

test("a restart goes on where it was, forgets nothing while the room cannot be read, and tells nothing again", async () => {
  await begin({ dataPath: aFolder() });
  await follow();
  await story.command("!tyr protections act friends/scam");
  publish("scam", "text.length > 0", { version: 2 });
  publish("broken", "autor is newcomer");
  await news(/tried in shadow beside/);
  await story.until(() => told(/friends\/broken cannot be used/).length > 0, "the news", 600_000);
  story.kill();
  publish("third", "links");
  const before = story.said().length;
  await story.start();
  await story.until(() => told(/friends\/third/).length > 0, "the news", 600_000);
  await story.pass(600_000);

  expect(
    story
      .said()
      .slice(before)
      .filter((text) => /friends\/(?:scam|broken)/.test(text)),
  ).toEqual([]);
  expect(await story.command("!tyr protections show friends/scam")).toContain(
    "Version 2, tried in shadow beside it",
  );
});

test("removed from the room, Tyr says so and goes on with what it has", async () => {
  await begin();
  await follow();
  story.homeserver.kick(room, story.moderator, story.bot.userId);
  await news(/The rules room Rules of friends: I am not in it/);

  expect(await story.command("!tyr protections show friends/scam")).toContain("in shadow");
  expect(await story.command("!tyr status")).toContain("Invite me again");
});

test("names and modes: one name a room, another mode by saying it again", async () => {
  await begin();
  await follow();

  expect(await story.command(`!tyr protections follow ${room}`)).toContain("I follow");
  expect(await story.command(`!tyr protections follow ${room} others`)).toContain("as friends already");
  const changed = await story.command(`!tyr protections follow ${room} --apply`);
  expect(changed).toContain("take the place of the old ones at once");
  await story.command(`!tyr undo ${undoNumber(changed)}`);
  expect(await story.command("!tyr protections")).toContain("new versions wait");
  const other = story.room("Rules of friends", { botLevel: 0 });
  expect(await story.command(`!tyr protections follow ${other} friends`)).toContain(
    "please choose another name",
  );
  expect(await story.command(`!tyr protections follow ${other} Not_A_Name`)).toContain(
    "cannot stand before names",
  );
  expect(await story.command(`!tyr protections follow ${other}`)).toContain("as rules-of-friends");
});

test("a room that Tyr cannot join is said so", async () => {
  await begin();
  const closed = story.homeserver.createRoom({
    creator: story.moderator,
    name: "Closed",
    joinRule: "invite",
  });
  const done = await story.command(`!tyr protections follow ${closed} closed`);

  expect(done).toContain("failed in 1");
  expect(await story.command("!tyr protections unfollow closed")).toContain("No longer following");
});
