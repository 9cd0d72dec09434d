// Messages that wait until somebody has looked: removed, one question an incident, let through, gone on with, or left.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;

const rules = `rule: new-links
about: Links of people who came today wait.
on: [ message, edit ]
when: author is newcomer and links
then: hold
---
rule: harder-links
about: As new-links, with something after it.
when: author is newcomer and links
then: hold redact+warn redact+ban
warning: No links, please.
---
rule: hours
about: When we are open.
when: text has "opening hours"
then: reply
reply: We are open from 9 to 5.
---
rule: alarm
about: Somebody has to look.
when: text has "fire"
then: call
`;

let story: Story;
let folder: string;
let room: string;
const begin = async (rule: string, options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, rooms: 2, rules, ...options });
  room = story.rooms[0]!;
  await story.start();
  await story.pass(61_000);
  await letAct(rule);
};
const letAct = async (rule: string) => {
  await story.command(`!tyr protections enable ${rule}`);
  await story.command(`!tyr protections set ${rule} alertOnly no`);
};
const newcomer = async (name: string, where = story.rooms) => {
  const { userId } = story.homeserver.createUser(name);
  for (const one of where) story.homeserver.join(one, userId);
  await story.pass(1_000);
  return userId;
};
const link = (who: string, to = "https://links.example/x", where = room) =>
  story.homeserver.sendText(where, who, `look at ${to}`);
const standing = (who: string, where = room) =>
  story.homeserver
    .events(where)
    .filter(
      (one) => one.sender === who && one.type === "m.room.message" && Object.keys(one.content).length > 0,
    )
    .map(({ content }) => String(content["body"]));
const isMuted = (who: string, where = room) => {
  const { users } = story.homeserver.state(where, "m.room.power_levels")!.content as {
    users: Record<string, number>;
  };
  return (users[who] ?? 0) < 0;
};
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const questions = () => told(/^(?:\* )?Question \d+:/);
const asked = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter((one) => one.sender === story.bot.userId && /^Question \d+:/.test(String(one.content["body"])));
const newest = () => asked().at(-1)!.event_id;
const react = (mark: string, to = newest()) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: to, key: mark },
  });
const answer = async (mark: string) => {
  react(mark);
  await story.pass();
};
const saidIn = (where = room) =>
  story.homeserver
    .events(where)
    .filter((one) => one.sender === story.bot.userId && one.type === "m.room.message")
    .map(({ content }) => content);

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe("a message that is held", () => {
  test("is removed and asked about once; let through, its author is asked to send it again and left alone for a day", async () => {
    await begin("new-links");
    const ann = await newcomer("ann");
    link(ann);
    await story.until(() => standing(ann).length === 0 && asked().length > 0, "the hold and its question");
    await story.pass();

    expect(asked()).toHaveLength(1);
    expect(told(/new-links held 1 message of 1 person in Room 1: @ann:hs\.test/)).not.toEqual([]);
    expect(told(/^new-links in/)).toEqual([]);
    expect(isMuted(ann)).toBe(false);
    expect(await story.command(`!tyr why ${ann}`)).toMatch(/held .*as new-links found: .* \[undo \d+\]/);

    await answer("✅");
    expect(saidIn()).toHaveLength(1);
    expect(saidIn()[0]).toMatchObject({ "m.mentions": { user_ids: [ann] } });
    expect(String(saidIn()[0]!["body"])).toContain("Please send it again.");
    expect(story.said().at(-1)).toContain("Let through, said @mod:hs.test");
    link(ann);
    await story.pass();
    expect(standing(ann)).toEqual(["look at https://links.example/x"]);

    await story.pass(23 * 60 * minute);
    link(ann, "https://other.example");
    await story.pass();
    expect(standing(ann)).toHaveLength(2);
    expect(asked()).toHaveLength(1);
  });

  test("twice within ten minutes mutes, in that room alone; let through, they may speak again", async () => {
    await begin("new-links");
    const before = JSON.stringify(story.homeserver.state(room, "m.room.power_levels")!.content);
    const ann = await newcomer("ann");
    link(ann);
    await story.until(() => standing(ann).length === 0, "the hold");
    await story.pass(20_000);
    link(ann);
    await story.until(() => isMuted(ann), "the mute");
    await story.pass();

    expect(isMuted(ann, story.rooms[1])).toBe(false);
    expect(story.isBanned(ann)).toBe(false);
    expect(asked()).toHaveLength(1);
    expect(questions().at(-1)).toContain("held 2 messages of 1 person");
    await answer("✅");
    expect(JSON.stringify(story.homeserver.state(room, "m.room.power_levels")!.content)).toBe(before);
    expect(saidIn()).toHaveLength(1);
  });

  test("is muted for half a day at most, and the message stays removed", async () => {
    await begin("new-links");
    const ann = await newcomer("ann");
    link(ann);
    await story.pass(20_000);
    link(ann);
    await story.until(() => isMuted(ann), "the mute");

    await story.pass(13 * 60 * minute);

    expect(isMuted(ann)).toBe(false);
    expect(standing(ann)).toEqual([]);
  });

  test("again after ten minutes, or in another room, mutes nobody", async () => {
    await begin("new-links");
    const ann = await newcomer("ann");
    link(ann);
    await story.pass(11 * minute);
    link(ann);
    await story.pass(20_000);
    link(ann, "https://links.example/y", story.rooms[1]);
    await story.pass();

    expect(standing(ann)).toEqual([]);
    expect(standing(ann, story.rooms[1])).toEqual([]);
    expect(isMuted(ann)).toBe(false);
    expect(isMuted(ann, story.rooms[1])).toBe(false);
  });

  test("that nobody answers about stays held, and nothing else follows", async () => {
    await begin("harder-links", { settings: { guard: { answerWithinHours: 1 } } });
    const ann = await newcomer("ann");
    link(ann);
    await story.pass();

    await story.pass(2 * 60 * minute);

    expect(questions().at(-1)).toContain("what was held stays removed");
    expect(standing(ann)).toEqual([]);
    expect(saidIn()).toEqual([]);
    expect(isMuted(ann) || story.isBanned(ann)).toBe(false);
  });
});

describe("a no", () => {
  test("goes on with the next step", async () => {
    await begin("harder-links");
    const ann = await newcomer("ann");
    link(ann);
    await story.pass();
    expect(questions().at(-1)).toContain("goes on with warn");

    await answer("❌");

    expect(saidIn().map(({ body }) => String(body))).toEqual([`${ann}: No links, please.`]);
    expect(story.said().at(-1)).toContain("Gone on with warn, said @mod:hs.test");
    await story.pass(30_000);
    link(ann);
    await story.until(() => told(/banned @ann:hs\.test in 1 room/).length > 0, "the step after it");
  });

  test("where nothing follows leaves it removed", async () => {
    await begin("new-links");
    const ann = await newcomer("ann");
    link(ann);
    await story.pass();

    await answer("❌");

    expect(story.said().at(-1)).toContain("Left removed, said");
    expect(saidIn()).toEqual([]);
    expect(isMuted(ann) || story.isBanned(ann)).toBe(false);
  });

  test.each(["🚫", "typed"])(
    "that says ban (%s) bans everywhere, and one undo takes all of it back",
    async (how) => {
      await begin("new-links");
      const ann = await newcomer("ann");
      link(ann);
      await story.pass();

      if (how === "typed") await story.command("!tyr no 1 ban");
      else await answer(how);
      await story.pass();

      expect(story.isBanned(ann)).toBe(true);
      const number = undoNumber(told(/banned @ann:hs\.test/).at(-1)!);
      await story.command(`!tyr undo ${number}`);
      await story.pass();
      expect(story.isBanned(ann)).toBe(false);
    },
  );
});

test("fifty people held at once are one question and no mute; one answer is for all of whom it told", async () => {
  await begin("new-links", { rooms: 1 });
  const people: string[] = [];
  for (let i = 0; i < 50; i++) {
    const { userId } = story.homeserver.createUser(`spammer${i}`);
    story.homeserver.join(room, userId);
    people.push(userId);
  }
  await story.pass(1_000);
  const levels = JSON.stringify(story.homeserver.state(room, "m.room.power_levels")!.content);
  for (const one of people) link(one);
  await story.until(() => people.every((one) => standing(one).length === 0), "the holds");
  await story.pass();

  expect(asked()).toHaveLength(1);
  expect(questions().at(-1)).toContain("held 50 messages of 50 people");
  expect(JSON.stringify(story.homeserver.state(room, "m.room.power_levels")!.content)).toBe(levels);
  await answer("✅");
  expect(saidIn()).toHaveLength(1);
  link(people[49]!);
  await story.pass();
  expect(standing(people[49]!)).toHaveLength(1);
});

test("whoever is held after the answer is asked about anew", async () => {
  await begin("new-links");
  const [ann, bob] = [await newcomer("ann"), await newcomer("bob")];
  link(ann);
  await story.pass();
  await answer("✅");
  link(bob);
  await story.pass();

  expect(standing(bob)).toEqual([]);
  expect(asked()).toHaveLength(2);
  expect(questions().at(-1)).toContain("@bob:hs.test");
  expect(questions().at(-1)).not.toContain("@ann:hs.test");
});

test("an answer is for the people of whom the question told: who came in the same moment is asked about anew", async () => {
  await begin("new-links", { homeserver: { writeLatencyMs: 3_000 } });
  const [ann, bob] = [await newcomer("ann"), await newcomer("bob")];
  link(ann);
  await story.until(() => asked().length === 1, "the question");
  await story.pass(10_000);
  link(bob);
  await story.until(() => standing(bob).length === 0, "the second hold");
  react("✅");
  await story.pass(60_000);

  expect(saidIn().map((one) => one["m.mentions"])).toEqual([{ user_ids: [ann] }]);
  expect(asked()).toHaveLength(2);
  expect(questions().at(-1)).toContain("@bob:hs.test");
});

test("regulars, staff and those who came long ago are never held by it", async () => {
  await begin("new-links");
  const [staff, old] = [await newcomer("staff"), await newcomer("old")];
  const levels = story.homeserver.state(room, "m.room.power_levels")!.content as { users: object };
  story.homeserver.setState(room, story.moderator, "m.room.power_levels", "", {
    ...levels,
    users: { ...levels.users, [staff]: 50 },
  });
  await story.pass();
  link(staff);
  link(story.moderator);
  await story.pass(25 * 60 * minute);
  link(old);
  await story.pass();

  expect([standing(staff), standing(story.moderator), standing(old)].map((one) => one.length)).toEqual([
    1, 1, 1,
  ]);
  expect(asked()).toEqual([]);
});

test("while it only tells nothing is held, and the message says what would have been done", async () => {
  await begin("new-links");
  await story.command("!tyr protections set new-links alertOnly yes");
  const ann = await newcomer("ann");
  link(ann);
  await story.pass();

  expect(standing(ann)).toHaveLength(1);
  expect(asked()).toEqual([]);
  expect(told(/It would have been: hold/)).not.toEqual([]);
});

test("a dry run holds nothing, asks nothing and says what it would have done", async () => {
  await begin("new-links", { settings: { dryRun: true } });
  const ann = await newcomer("ann");
  link(ann);
  await story.pass();

  expect(standing(ann)).toHaveLength(1);
  expect(asked()).toEqual([]);
  expect(told(/Dry run: would have held 1 message/)).not.toEqual([]);
});

test("without the right to remove messages nothing is asked, and moderators are told why", async () => {
  await begin("new-links");
  const weak = story.room("Weak", { botLevel: 30 });
  await story.command(`!tyr rooms add ${weak}`);
  const ann = await newcomer("ann", [weak]);
  link(ann, "https://links.example/x", weak);
  await story.pass();

  expect(standing(ann, weak)).toHaveLength(1);
  expect(asked()).toEqual([]);
  expect(told(/to redact in Weak I need level 50 and have 30/)).not.toEqual([]);
});

test("an undo of the incident asks for it again and ends the question; it can be read meanwhile", async () => {
  await begin("new-links");
  const ann = await newcomer("ann");
  link(ann);
  await story.pass();
  await story.command(`!tyr protections show-removed ${ann}`);
  await story.pass();
  expect(told(/look at https:\/\/links\.example\/x/)).not.toEqual([]);

  const reply = await story.command("!tyr undo 3");
  await story.pass();

  expect(reply).toContain("1 line that asks to send it again");
  expect(saidIn()).toHaveLength(1);
  expect(questions().at(-1)).toContain("No longer needed");
  link(ann);
  await story.pass();
  expect(standing(ann)).toHaveLength(1);
});

describe("a crash", () => {
  test("in mid-hold loses neither the message nor the question, and asks once", async () => {
    await begin("new-links", { homeserver: { writeLatencyMs: 2_000 } });
    const [ann, bob] = [await newcomer("ann"), await newcomer("bob")];
    link(ann);
    link(bob);
    await story.pass(1_000);
    story.kill();
    await story.pass(10_000);

    await story.start();
    await story.pass(61_000);

    expect([standing(ann), standing(bob)]).toEqual([[], []]);
    expect(asked()).toHaveLength(1);
    await answer("✅");
    expect(saidIn()).toHaveLength(1);
    await story.stop();
    await story.start();
    await story.pass(61_000);
    link(ann);
    await story.pass();
    expect(standing(ann)).toHaveLength(1);
  });

  test("right after an answer does what it said, once", async () => {
    await begin("new-links", { homeserver: { writeLatencyMs: 2_000 } });
    const ann = await newcomer("ann");
    link(ann);
    await story.pass(30_000);
    react("✅");
    await story.until(() => story.world!.questions.open().length === 0, "the answer");
    story.kill();
    await story.pass(10_000);

    await story.start();
    await story.pass(61_000);

    expect(saidIn()).toHaveLength(1);
  });
});

test("reply answers the room with its own text, once in ten minutes", async () => {
  await begin("hours");
  const ann = await newcomer("ann");
  const ask = async () => {
    story.homeserver.sendText(room, ann, "what are your opening hours?");
    await story.pass(30_000);
  };
  await ask();
  await ask();
  await ask();
  expect(saidIn().map(({ body }) => body)).toEqual(["We are open from 9 to 5."]);
  expect(saidIn()[0]).toMatchObject({ "m.mentions": {} });

  await story.stop();
  await story.start();
  await story.pass(61_000);
  await ask();
  expect(saidIn()).toHaveLength(1);
  await story.pass(10 * minute);
  await ask();
  expect(saidIn()).toHaveLength(2);
});

test("call notifies moderators, once an incident", async () => {
  await begin("alarm");
  const ann = await newcomer("ann");
  for (let i = 0; i < 3; i++) {
    story.homeserver.sendText(room, ann, "fire!");
    await story.pass(12_000);
  }

  const calls = story.homeserver
    .events(story.managementRoom)
    .filter((one) => String(one.content["body"]).startsWith("alarm calls for you"));
  expect(calls).toHaveLength(1);
  expect(calls[0]!.content["m.mentions"]).toMatchObject({ user_ids: [story.moderator] });
});
