// Protections that moderators write in the management room: tried in shadow, told, asked, done, changed and taken back.

import { afterEach, expect, test } from "@jest/globals";
import { Story, undoNumber } from "../support/story.ts";
import { aFolder } from "../support/folder.ts";

let story: Story;
const begin = async (more: { readonly dataPath?: string } = {}) => {
  story = new Story({ rooms: 3, ...more });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const say = (who: string, text: string, room = story.rooms[0]!) => story.homeserver.sendText(room, who, text);
const stands = (who: string, room = story.rooms[0]!) =>
  story.homeserver
    .events(room)
    .filter(
      (one) => one.sender === who && one.type === "m.room.message" && Object.keys(one.content).length > 0,
    ).length;
const isMuted = (who: string) => {
  const levels = story.homeserver.state(story.rooms[0]!, "m.room.power_levels")!.content["users"] as Record<
    string,
    number
  >;
  return (levels[who] ?? 0) < 0;
};
const told = (what: RegExp) => story.said().filter((text) => what.test(text));

afterEach(() => story.stop());

const shouting = '!tyr protections add shouting when text has "airdrop" then redact';

test("a new one is in shadow: it finds, tells nobody and does nothing; alert tells, act acts", async () => {
  await begin();
  expect(await story.command(shouting)).toContain("shouting, version 1, in shadow");
  const spammer = story.person("spammer");
  say(spammer, "airdrop one");
  await story.pass(20_000);
  expect(told(/shouting in/)).toEqual([]);
  expect(stands(spammer)).toBe(1);
  const hits = await story.command("!tyr protections hits shouting");
  expect(hits).toContain("1 finding of 1 person in the last week");
  expect(hits).toContain(spammer);
  expect(hits).toContain(
    "Found in shadow: 0 banned or on a list by now (right), 0 still writing here or regulars (wrong), 1 unknown.",
  );
  expect(await story.command("!tyr protections show shouting")).toContain(
    "shouting is in shadow: it looks and does nothing. 1 finding of 1 person in a week.",
  );
  expect(await story.command("!tyr protections")).toContain(
    "In shadow, looking and doing nothing: shouting (1 finding of 1 person in a week).",
  );

  await story.command("!tyr protections alert shouting");
  say(spammer, "airdrop two");
  await story.until(() => told(/shouting in/).length > 0, "the alert");
  await story.pass(20_000);
  expect(stands(spammer)).toBe(2);

  expect(await story.command("!tyr protections act shouting")).toContain("shouting acts, with redact");
  const other = story.person("other");
  say(other, "airdrop three");
  await story.until(() => stands(other) === 0, "the redaction");
  await story.pass(20_000);
  // What was said before it acted stays.
  expect(stands(spammer)).toBe(2);
  expect(await story.command(`!tyr why ${other}`)).toContain("as shouting found");
});

test("ask puts everything to the moderators first, mutes and redactions, too", async () => {
  await begin();
  await story.command('!tyr protections add shouting when text has "airdrop" then redact+mute');
  await story.command("!tyr protections ask shouting");
  const spammer = story.person("spammer");
  say(spammer, "airdrop");
  await story.until(() => told(/does nothing about it without a yes/).length > 0, "the question");
  await story.pass(30_000);
  expect(stands(spammer)).toBe(1);
  expect(isMuted(spammer)).toBe(false);

  await story.command("!tyr yes 1");
  await story.until(() => stands(spammer) === 0, "the redaction");
  await story.until(() => isMuted(spammer), "the mute");
});

test("no to the question leaves everything as it is", async () => {
  await begin();
  await story.command(shouting);
  await story.command("!tyr protections ask shouting");
  const spammer = story.person("spammer");
  say(spammer, "airdrop");
  await story.until(() => told(/does nothing about it without a yes/).length > 0, "the question");
  await story.command("!tyr no 1");
  await story.pass(30_000);
  expect(stands(spammer)).toBe(1);
});

test("all mistakes of a rule are told at once, with what to write, and nothing is changed", async () => {
  await begin();
  const answer = await story.command(
    "!tyr protections add lobby when autor is newcomer and text.lenght > 20 and count messages by author in 10 > 3 then delete",
  );
  expect(answer).toContain("Nothing is changed.");
  expect(answer).toContain("did you mean author?");
  expect(answer).toContain("did you mean text.length?");
  expect(answer).toContain("delete");
  expect(await story.command("!tyr protections")).not.toContain("lobby");
});

test("a code block with settings is taken whole, and its settings can be set", async () => {
  await begin();
  const answer = await story.command(
    "!tyr protections add pings\n```yaml\nrule: pings\nabout: Many mentions.\nsettings: { limit: 3 }\nwhen: text.mentions > limit\nthen: redact\n```",
  );
  expect(answer).toContain("pings, version 1, in shadow");
  expect(await story.command("!tyr protections show pings")).toContain("limit is 3");
  expect(await story.command("!tyr protections set pings limit 5")).toContain("3 becomes 5");
});

test("while a version acts, a new one that looks for something else is tried beside it; act swaps, back returns", async () => {
  await begin();
  await story.command(shouting);
  await story.command("!tyr protections act shouting");
  expect(await story.command('!tyr protections edit shouting when text has "airdrop", "nitro"')).toContain(
    "version 2, is tried in shadow beside version 1",
  );
  const spammer = story.person("spammer");
  say(spammer, "nitro for all");
  await story.pass(20_000);
  expect(stands(spammer)).toBe(1);
  say(spammer, "airdrop for all");
  await story.until(() => stands(spammer) === 1, "the redaction by the old version");
  const hits = await story.command("!tyr protections hits shouting");
  expect(hits).toContain("shouting, version 1: 1 finding of 1 person");
  expect(hits).toContain("Version 2, in shadow: 2 findings of 1 person");

  expect(await story.command("!tyr protections act shouting")).toContain(
    "Version 2 takes the place of version 1",
  );
  const other = story.person("other");
  say(other, "nitro for all");
  await story.until(() => stands(other) === 0, "the redaction by the new version");

  expect(await story.command("!tyr protections back shouting 1")).toContain("shouting is version 1 again");
  const third = story.person("third");
  say(third, "nitro for all");
  await story.pass(20_000);
  expect(stands(third)).toBe(1);
});

test("adding, editing, removing and lists are undone; a rule removed and made again begins in shadow", async () => {
  await begin();
  const added = await story.command(shouting);
  await story.command("!tyr protections act shouting");
  const removed = await story.command("!tyr protections remove shouting");
  expect(await story.command("!tyr protections")).not.toContain("shouting");
  await story.command(`!tyr undo ${undoNumber(removed)}`);
  expect(await story.command("!tyr protections")).toContain("Act: shouting.");

  await story.command("!tyr protections remove shouting");
  await story.command(shouting);
  expect(await story.command("!tyr protections show shouting")).toContain("shouting is in shadow");
  expect(undoNumber(added)).toBeDefined();
});

test("lists are made and changed by the word; what a rule looks into cannot be deleted", async () => {
  await begin();
  expect(await story.command("!tyr protections add slur when text has slurs then redact")).toContain(
    'no list is called "slurs"',
  );
  expect(await story.command("!tyr protections words slurs add rude, “very rude”, *foo")).toContain(
    "new list of words",
  );
  await story.command("!tyr protections add slur when text has slurs then redact");
  await story.command("!tyr protections act slur");
  const one = story.person("one");
  say(one, "you are very rude");
  await story.until(() => stands(one) === 0, "the redaction");

  const removed = await story.command("!tyr protections words slurs remove rude");
  const two = story.person("two");
  say(two, "rude");
  await story.pass(20_000);
  expect(stands(two)).toBe(1);
  await story.command(`!tyr undo ${undoNumber(removed)}`);
  say(two, "rude again");
  await story.until(() => stands(two) === 1, "the redaction");

  expect(await story.command("!tyr protections words slurs delete")).toContain("slur looks into slurs");
  expect(await story.command("!tyr protections links slurs add a.example")).toContain("is a list of words");
});

test("they outlive a restart, with their mode, versions and what they found", async () => {
  await begin({ dataPath: aFolder() });
  await story.command(shouting);
  const spammer = story.person("spammer");
  say(spammer, "airdrop");
  await story.pass(20_000);
  await story.command("!tyr protections act shouting");
  await story.stop();
  await story.start();
  await story.pass(61_000);
  say(spammer, "airdrop again");
  await story.until(() => stands(spammer) === 1, "the redaction");
  expect(await story.command("!tyr protections hits shouting")).toContain("2 findings of 1 person");
  expect(await story.command("!tyr protections history shouting")).toContain("1, in force,");
});

test("regulars' settings, moderators and what ships cannot be got around by a rule", async () => {
  await begin();
  await story.command("!tyr protections add all when text.length > 0 then redact+ban");
  await story.command("!tyr protections act all");
  say(story.moderator, "hello");
  await story.pass(20_000);
  expect(stands(story.moderator)).toBe(1);
  expect(await story.command("!tyr protections add flood when links then ban")).toContain(
    "is the name of a protection that I have already",
  );
  expect(await story.command("!tyr protections edit flood when links")).toContain("flood comes with me");
});

test("what became of those whom it found in shadow tells how often it was right", async () => {
  await begin();
  await story.command(shouting);
  const people = ["a", "b", "c", "d"].map((name) => story.person(name));
  for (const person of people) say(person, "airdrop");
  await story.pass(20_000);
  for (const person of people.slice(0, 2)) await story.command(`!tyr ban ${person} coc spam`);
  await story.pass(30_000);
  await story.command(`!tyr exempt add ${people[2]!}`);

  const hits = await story.command("!tyr protections hits shouting");
  expect(hits).toContain(
    "Found in shadow: 2 banned or on a list by now (right), 0 still writing here or regulars (wrong), 2 unknown.",
  );
  expect(hits).toContain("Precision 100 % (at least 34 % with so few).");
});

test("one whose list was taken back is told in status as long as the list is gone", async () => {
  await begin();
  const made = await story.command("!tyr protections words scam add airdrop");
  await story.command("!tyr protections add scams when text has scam then redact");
  await story.command("!tyr protections act scams");
  expect(await story.command("!tyr status")).not.toContain("scams");

  await story.command(`!tyr undo ${undoNumber(made)}`);
  expect(await story.command("!tyr status")).toContain(
    'The protection scams cannot be used: no list is called "scam".',
  );

  await story.command("!tyr protections words scam add airdrop");
  expect(await story.command("!tyr status")).not.toContain("scams");
});

test("hits of a version that was taken back are not those of the next one", async () => {
  await begin();
  await story.command(shouting);
  const edited = await story.command('!tyr protections edit shouting when text has "hello"');
  const person = story.person("honest");
  say(person, "hello all");
  await story.pass(20_000);
  expect(await story.command("!tyr protections hits shouting")).toContain("1 finding");

  await story.command(`!tyr undo ${undoNumber(edited)}`);
  await story.command('!tyr protections edit shouting when text has "nitro"');
  expect(await story.command("!tyr protections hits shouting")).toContain("nobody in the last week");
});

test.each(["and", "spells", "warning", "then"])("no list is called %s", async (word) => {
  await begin();

  expect(await story.command(`!tyr protections words ${word} add airdrop`)).toContain(
    `"${word}" is a word of the language`,
  );
  expect(await story.command("!tyr protections words")).not.toContain(`• ${word}:`);
});

test("after a no the next finding asks for the same step again; after a yes for the next one", async () => {
  await begin();
  await story.command('!tyr protections add asker when text has "airdrop" then warn redact+mute');
  await story.command("!tyr protections ask asker");
  const spammer = story.person("spammer");
  const asked = (what: string) => told(/asker in/).filter((text) => text.includes(`a yes: ${what}`)).length;
  say(spammer, "airdrop one");
  await story.until(() => asked("warn") === 1, "the first question");
  await story.command("!tyr no 1");
  await story.pass(90_000);

  say(spammer, "airdrop two");
  await story.until(() => asked("warn") === 2, "the same question");
  expect(told(/asker in/).at(-1)).not.toContain("repeat");
  await story.command("!tyr yes 2");
  await story.pass(90_000);

  say(spammer, "airdrop three");
  await story.until(() => asked("redact+mute") === 1, "the next step");
});

test("other numbers in its settings are tried beside the version that acts, too", async () => {
  await begin();
  const block = (limit: number) =>
    `\`\`\`\nsettings: { limit: ${limit} }\nwhen: text.mentions > limit\nthen: redact\n\`\`\``;
  await story.command(`!tyr protections add pings\n${block(9)}`);
  await story.command("!tyr protections act pings");

  expect(await story.command(`!tyr protections edit pings\n${block(0)}`)).toContain(
    "tried in shadow beside version 1",
  );
  const person = story.person("caller");
  say(person, "hello @a:hs.test and @b:hs.test");
  await story.pass(20_000);
  expect(stands(person)).toBe(1);
});

test("a host in a list of links is said to be no domain", async () => {
  await begin();
  const answer = await story.command("!tyr protections links ours add example.org, wiki.example.net");
  expect(answer).toContain("wiki.example.net is a host within a domain: link.host in ours looks for hosts");
  expect(answer).not.toContain("example.org is a host");

  const [asksDomain, asksHost] = [
    await story.command("!tyr protections add domains when any link.domain in ours then redact"),
    await story.command("!tyr protections add hosts when any link.host in ours then redact"),
  ];
  expect(asksDomain).toContain(
    "Note: wiki.example.net in ours is a host within a domain, and link.domain is never one: link.host in ours looks for hosts.",
  );
  expect(asksHost).not.toContain("Note:");
});

test("a rule that asks first and holds puts one question, and holds after the yes", async () => {
  await begin();
  await story.command('!tyr protections add shouting when text has "airdrop" then hold');
  await story.command("!tyr protections ask shouting");
  const spammer = story.person("spammer");
  say(spammer, "airdrop");
  await story.until(() => told(/does nothing about it without a yes/).length > 0, "the question");
  await story.pass(30_000);
  expect(stands(spammer)).toBe(1);
  expect(told(/held 1 message/)).toEqual([]);

  await story.command("!tyr yes 1");
  await story.until(() => told(/held 1 message of 1 person/).length > 0, "the question about what is held");
  expect(stands(spammer)).toBe(0);
  await story.command("!tyr yes 2");
  await story.pass(20_000);
  say(spammer, "airdrop once more");
  await story.pass(30_000);
  expect(stands(spammer)).toBe(1);
});
