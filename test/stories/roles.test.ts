// Roles: who may have what done by the power levels of the management room, on every road from a word to an act.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;

let story: Story;

/** `mod` and vera have 100, olga 50, paul nothing. */
async function begin({
  residents = 0,
  ...options
}: StoryOptions & { residents?: number } = {}): Promise<void> {
  story = new Story(options);
  for (let i = 0; i < residents; i++) story.person(`resident${i}`);
  for (const name of ["vera", "olga", "paul"]) moderates(story.person(name));
  story.person("spammer");
  level(vera, 100);
  level(olga, 50);
  await story.start();
}

const vera = "@vera:hs.test";
const olga = "@olga:hs.test";
const paul = "@paul:hs.test";
const spammer = "@spammer:hs.test";
const desk = () => story.managementRoom;

function moderates(user: string): void {
  story.homeserver.invite(desk(), story.moderator, user);
  story.homeserver.join(desk(), user);
}

function level(user: string, to: number, by = story.moderator): void {
  const { content } = story.homeserver.state(desk(), "m.room.power_levels")!;
  const users = { ...(content["users"] as Content), [user]: to };
  story.homeserver.setState(desk(), by, "m.room.power_levels", "", { ...content, users });
}

function levelIn(room: string, user: string, to: number): void {
  const { content } = story.homeserver.state(room, "m.room.power_levels")!;
  const users = { ...(content["users"] as Content), [user]: to };
  story.homeserver.setState(room, story.moderator, "m.room.power_levels", "", { ...content, users });
}

/** What somebody says, and what it is answered after a minute. */
async function says(user: string, text: string): Promise<string> {
  const event = story.homeserver.sendText(desk(), user, text);
  await story.pass(minute);
  return story.answerTo(event) ?? "";
}

async function reacts(user: string, key: string, question: string): Promise<void> {
  const asks = story.homeserver
    .events(desk())
    .find(({ content }) => String(content["body"]).startsWith(`Question ${question}:`))!;
  story.homeserver.send(desk(), user, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: asks.event_id, key },
  });
  await story.pass(minute);
}

const numberOf = (answer: string) => /^Question (\d+):/.exec(answer)![1]!;
const said = (what: RegExp) => story.said().filter((text) => what.test(text));
const isExempt = (user = spammer) => story.world!.settings.exemptions.has(user);
const profile = () => story.world!.settings.profile;
const admins = `@mod:hs.test, ${vera}`;

afterEach(() => story.stop());

describe("while roles are off", () => {
  beforeEach(() => begin());

  test("everybody in the room may do everything, and is shown what they would be", async () => {
    expect(await says(paul, "!tyr roles")).toMatch(
      /Roles are off: everybody.*\n• admin \(from 100 on\): @mod:hs\.test, @vera:hs\.test\..*\n• moderator \(from 50 on\): @olga:hs\.test\..*\n• viewer: @paul:hs\.test\./,
    );
    await says(paul, `!tyr exempt add ${spammer}`);
    expect(isExempt()).toBe(true);
  });

  test("they are switched on after a yes, and not where nobody would be an admin", async () => {
    expect(await says(paul, "!tyr roles on --admin 101")).toMatch(/nobody would be an admin/);
    expect(await says(paul, "!tyr roles on --admin 50 --moderator 60")).toMatch(/lower level/);
    const asked = await says(paul, "!tyr roles on");
    expect(asked).toContain("You would be no admin, so you could not take it back.");
    expect(story.world!.settings.roles).toBeUndefined();

    await says(paul, `!tyr yes ${numberOf(asked)}`);

    expect(story.world!.settings.roles).toEqual({ admin: 100, moderator: 50 });
    expect(await says(paul, "!tyr roles off")).toMatch(/^roles off is for admins: @mod:hs\.test, @vera/);
  });
});

describe("with roles", () => {
  beforeEach(async () => {
    await begin();
    await story.confirmed("!tyr roles on");
  });

  test("a viewer looks, and is refused what is more", async () => {
    expect(await says(paul, "!tyr status")).toContain("Tyr is watching");
    expect(await says(paul, "!tyr roles")).toMatch(/^Roles are on/);
    expect(await says(paul, "!tyr protections words")).not.toMatch(/is for/);

    expect(await says(paul, `!tyr ban ${spammer} spam`)).toBe(
      `ban ${spammer} spam is for moderators: @mod:hs.test, ${olga}, ${vera}.`,
    );
    expect(await says(paul, "!tyr protections words slurs add foo")).toMatch(/is for admins/);
    expect(story.isBanned(spammer)).toBe(false);
    expect(story.world!.settings.ruleLists.size).toBe(0);
  });

  test("a moderator acts against people, and is refused what is an admin's", async () => {
    for (const line of [
      `exempt add ${spammer}`,
      `powerlevel ${olga} 100`,
      "lists create more",
      "rooms joined on",
      "protections profile quiet --now",
      "roles off",
      "config",
    ])
      expect(await says(olga, `!tyr ${line}`)).toBe(`${line} is for admins: ${admins}.`);
    expect(isExempt()).toBe(false);

    await says(olga, `!tyr ban ${spammer} spam`);
    expect(story.isBanned(spammer)).toBe(true);
  });

  test("nobody is asked for what a command lacks that is not for them", async () => {
    expect(await says(paul, "!tyr ban")).toMatch(/^ban is for moderators/);
    expect(await says(paul, spammer)).toBe("");
    expect(story.isBanned(spammer)).toBe(false);
  });

  test("who has lost the level meanwhile completes nothing", async () => {
    expect(await says(olga, "!tyr ban")).toMatch(/whom|who/i);
    level(olga, 0);
    await story.pass(minute);

    expect(await says(olga, spammer)).toMatch(/is for moderators/);
    expect(story.isBanned(spammer)).toBe(false);
  });

  test("a yes takes the role of what it lets happen, by reaction, word and command", async () => {
    const question = numberOf(await says(story.moderator, "!tyr protections profile quiet"));

    await reacts(paul, "✅", question);
    await reacts(paul, "✅", question);
    await reacts(olga, "✅", question);
    expect(await says(olga, "yes")).toBe("");
    expect(await says(olga, `!tyr yes ${question}`)).toMatch(/^A yes to question \d+ is for admins: /);
    expect(await says(paul, `!tyr no ${question}`)).toMatch(/is for moderators/);
    expect(profile()).toBeUndefined();
    expect(said(new RegExp(`^A yes to question ${question} is for admins`))).toHaveLength(3);

    await reacts(vera, "✅", question);
    expect(profile()).toBe("quiet");
  });

  test("a moderator says no to anything", async () => {
    const asked = numberOf(await says(story.moderator, "!tyr protections profile quiet"));

    await reacts(paul, "❌", asked);
    expect(said(/No, said/)).toEqual([]);
    await reacts(olga, "❌", asked);

    expect(said(/No, said @olga/)).not.toEqual([]);
    expect(profile()).toBeUndefined();
  });

  test("an admin's command is taken back by an admin alone", async () => {
    const answer = await story.command(`!tyr exempt add ${spammer}`);
    const number = undoNumber(answer);

    for (const line of [`undo ${number}`, "undo last"])
      expect(await says(olga, `!tyr ${line}`)).toBe(`${line} is for admins: ${admins}.`);
    expect(isExempt()).toBe(true);

    await says(vera, `!tyr undo ${number}`);
    expect(isExempt()).toBe(false);
  });

  test("a ban of an admin's is what a moderator may take back", async () => {
    const answer = await story.command(`!tyr ban ${spammer} spam`);

    await says(olga, `!tyr undo ${undoNumber(answer)}`);

    expect(story.isBanned(spammer)).toBe(false);
  });

  test("a viewer's stop stops nothing, and overtakes nothing", async () => {
    story.homeserver.sendText(desk(), story.moderator, `!tyr ban ${spammer} spam`);
    const stop = story.homeserver.sendText(desk(), paul, "!tyr stop");
    await story.pass(minute);

    expect(story.answerTo(stop)).toMatch(/^stop is for moderators/);
    expect(story.world!.settings.stopping.stop).toBeUndefined();
    expect(story.isBanned(spammer)).toBe(true);
    await says(olga, "!tyr stop");
    expect(story.world!.settings.stopping.stop).toBeDefined();
  });

  test("an invitation is accepted from an admin alone", async () => {
    const inviting = (user: string) => {
      const room = story.homeserver.createRoom({ creator: user, name: "Elsewhere", joinRule: "public" });
      story.homeserver.invite(room, user, story.bot.userId);
      return room;
    };
    const [one, other] = [inviting(olga), inviting(vera)];
    await story.pass(minute);

    expect(story.homeserver.membership(one, story.bot.userId)).toBe("invite");
    expect(story.homeserver.membership(other, story.bot.userId)).toBe("join");
    expect(said(/@olga:hs\.test, who is no admin, invited me/)).toHaveLength(1);
  });

  test("who was an admin when the question was put and is none now needs another's yes", async () => {
    const question = numberOf(await says(vera, "!tyr protections profile quiet"));
    level(vera, 50, vera);
    await story.pass(minute);

    expect(await says(vera, `!tyr yes ${question}`)).toMatch(/is for admins/);
    expect(profile()).toBeUndefined();

    await reacts(story.moderator, "✅", question);
    expect(profile()).toBe("quiet");
  });

  test("roles are switched off by an admin, who takes that back by its number", async () => {
    expect(await story.confirmed("!tyr roles off")).toContain("everybody in this room may do everything");
    await says(paul, `!tyr exempt add ${spammer}`);
    expect(isExempt()).toBe(true);
    await story.confirmed("!tyr undo last");
  });
});

test("that it is them is said by an admin, that it is not by any moderator", async () => {
  await begin({ residents: 35 });
  const nils = story.person("nils");
  moderates(nils);
  level(nils, 50);
  levelIn(story.rooms[0]!, olga, 50);
  const residents = Array.from({ length: 35 }, (_, i) => `@resident${i}:hs.test`);
  await story.command("!tyr protections profile quiet --now");
  await story.confirmed("!tyr roles on");
  await story.pass(5 * minute);
  for (const user of residents) {
    story.homeserver.ban(story.rooms[0]!, olga, user);
    await story.pass(2_000);
  }
  const isAsked = () => said(/^Question \d+:\nThe account of @olga/);
  await story.until(() => isAsked().length > 0, "the question");
  const question = numberOf(isAsked()[0]!);

  await reacts(paul, "⛔", question);
  await reacts(nils, "✅", question);
  expect(said(new RegExp(`^A yes to question ${question} is for admins: ${admins}`))).toHaveLength(1);
  expect(await says(nils, `!tyr staff trust ${olga}`)).toMatch(/^To say that it is them is for admins/);
  expect(await says(nils, `!tyr staff undo ${vera} 1h`)).not.toMatch(/put back/);
  expect(said(/It is not them, said/)).toEqual([]);
  await reacts(nils, "⛔", question);

  expect(said(/It is not them, said @nils/)).not.toEqual([]);
  await story.until(
    () => residents.every((user) => !story.isBanned(user, [story.rooms[0]!])),
    "the way back",
  );
});

test("a list's effect is taken back by an admin alone", async () => {
  await begin();
  await story.confirmed("!tyr roles on");
  await says(vera, `!tyr ban ${spammer} spam`);

  expect(await says(olga, "!tyr undo coc")).toMatch(/^undo coc is for admins/);
  expect(story.isBanned(spammer)).toBe(true);
});

test("a moderator says yes to what a moderator may do", async () => {
  await begin({ settings: { guard: { maxPeople: 0, newcomerHours: 0 } } });
  await story.confirmed("!tyr roles on");
  const question = numberOf(await says(vera, `!tyr ban ${spammer} spam`));

  await reacts(paul, "✅", question);
  expect(said(new RegExp(`^A yes to question ${question} is for moderators`))).toHaveLength(1);
  expect(story.isBanned(spammer)).toBe(false);
  await reacts(olga, "✅", question);

  expect(story.isBanned(spammer)).toBe(true);
});

test("roles survive a restart, and an old question keeps what it takes", async () => {
  await begin({ dataPath: aFolder() });
  await story.confirmed("!tyr roles on");
  const question = numberOf(await says(story.moderator, "!tyr protections profile quiet"));
  story.kill();
  await story.start();

  expect(await says(olga, `!tyr yes ${question}`)).toMatch(/is for admins/);
  expect(await says(paul, `!tyr ban ${spammer}`)).toMatch(/is for moderators/);
});

describe("where nobody is an admin any more", () => {
  beforeEach(async () => {
    await begin();
    await story.confirmed("!tyr roles on");
    for (const user of [vera, story.moderator]) story.homeserver.leave(desk(), user);
    await story.pass(minute);
  });

  test("it is said, once, and what is an admin's is refused with the way back", async () => {
    await story.pass(minute);

    expect(said(/Nobody in this room has level 100 any more/)).toHaveLength(1);
    expect(await says(olga, `!tyr exempt add ${spammer}`)).toMatch(/nobody here is one\. Whoever runs me/);
    expect(await says(olga, `!tyr kick ${spammer}`)).toContain("icked");
  });

  test("whoever runs Tyr begins without roles", async () => {
    story.kill();
    story.settings = { ...story.settings, commands: { describe: false, withoutRoles: true } };
    await story.start();
    await story.pass(minute);

    expect(story.world!.settings.roles).toBeUndefined();
    await says(paul, `!tyr exempt add ${spammer}`);
    expect(isExempt()).toBe(true);
  });
});

test("who made a management room of version 12 is an admin", async () => {
  await begin({ version: "12" });
  await story.confirmed("!tyr roles on");

  expect(await says(paul, "!tyr roles")).toContain("admin (from 100 on): @mod:hs.test, @vera:hs.test");
  expect(await says(story.moderator, `!tyr exempt add ${spammer}`)).not.toMatch(/is for/);
  expect(isExempt()).toBe(true);
});
