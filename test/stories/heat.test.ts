// Weak signs that add up: one alone is nothing, several together are answered, and all of it cools and is taken back.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

const rules = `rule: capitals
when: text.capitals > 80% and text.length > 20
heat: 25
mode: act
---
rule: offers
when: text has "free nitro"
heat: { author: 30, server: 5 }
mode: act
---
rule: warm
when: author.heat > 20 and text has "tell me"
then: alert
mode: alert
`;

let story: Story;
let folder: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rooms: 2, rules, dataPath: folder, ...options });
  await story.start();
  await story.pass(61_000);
};
const lobby = () => story.rooms[0]!;
const hall = () => story.rooms[1]!;
const stands = (event: string, room = lobby()) =>
  Object.keys(story.homeserver.event(room, event)?.content ?? {}).length > 0;
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const levelOf = (who: string, room = lobby()) => {
  const users = story.homeserver.state(room, "m.room.power_levels")!.content["users"];
  return Number((users as Record<string, unknown>)[who] ?? 0);
};
const say = (who: string, text: string, room = lobby()) => story.homeserver.sendText(room, who, text);
/** Others each time: the same again would give half. */
const shouting = (i: number) =>
  Array.from("QWERTY", (letter) => `${letter}${"ABCDEFGH"[i]!}`.repeat(6)).join(" ");
const warnings = () =>
  story.homeserver
    .events(lobby())
    .filter((one) => String(one.content["body"]).includes("Several of your messages look out of place"))
    .length;

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe("two weak signs together", () => {
  test("are warned about, the third is held with those before it, undo and why know it", async () => {
    await begin();
    await story.command("!tyr protections act heat");
    const person = story.person("spammer");

    const first = say(person, shouting(0));
    await story.pass();
    expect(told(/^heat in/)).toEqual([]);
    const second = say(person, "free nitro for all of you");
    await story.until(() => told(/^heat in/).length > 0, "the warning");
    await story.pass(20_000);
    expect(told(/^heat in/)[0]).toMatch(/@spammer:hs.test \(heat 5[45]: offers 30, capitals 2[45]\)/);
    expect(warnings()).toBe(1);
    expect([first, second].map((one) => stands(one))).toEqual([true, true]);

    const third = say(person, shouting(1));
    await story.until(() => !stands(third), "the redaction");
    await story.pass(20_000);
    expect([first, second].map((one) => stands(one))).toEqual([false, false]);
    expect(warnings()).toBe(1);
    const why = await story.command(`!tyr why ${person}`);
    expect(why).toMatch(/Heat 7\d: capitals 25 \(\d+ seconds ago, \d+ left\), offers 30 \(/);
    expect(why).toContain("as heat found");
    expect(await story.command("!tyr why hs.test")).not.toContain("Heat");
  });

  test("that are let through are forgotten", async () => {
    await begin();
    await story.command("!tyr protections act heat");
    const person = story.person("friend");
    for (let i = 0; i < 3; i++) say(person, shouting(i));
    await story.until(() => told(/heat held 3 messages of 1 person/).length > 0, "the question");
    await story.pass(minute);
    const question = story.homeserver
      .events(story.managementRoom)
      .findLast((one) => /^Question \d+:/.test(String(one.content["body"])))!;
    story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: question.event_id, key: "✅" },
    });
    await story.pass(minute);

    expect(await story.command(`!tyr why ${person}`)).not.toMatch(/Heat \d/);
    const again = say(person, shouting(0));
    await story.pass(minute);
    expect(stands(again)).toBe(true);
  });

  test("are nothing where one of them only tells, asks or is in shadow, or heat is off", async () => {
    await begin();
    const person = story.person("spammer");
    say(person, shouting(0));
    say(person, "free nitro for all of you");
    await story.pass(20_000);
    expect(told(/^heat in/)).toEqual([]);

    await story.pass(120 * minute);
    await story.command("!tyr protections act heat");
    for (const mode of ["shadow", "alert", "ask"]) {
      await story.command(`!tyr protections ${mode} offers`);
      const other = story.person(`other-${mode}`);
      say(other, shouting(0));
      say(other, "free nitro for all of you");
      await story.pass(2 * minute);
    }

    expect(told(/^heat in/)).toEqual([]);
    expect(told(/^offers in/).map((text) => /It would have been: [^.]*/.exec(text)?.[0])).toEqual([
      "It would have been: heat 30",
      "It would have been: heat 30",
    ]);
  });

  test("are nothing of a regular, nor of the staff", async () => {
    await begin({ settings: { guard: { regularAfterDays: 1, regularDays: 2 } } });
    const regular = story.person("regular");
    for (let i = 0; i < 2; i++) {
      say(regular, "hello");
      await story.pass(day);
    }
    await story.command("!tyr protections act heat");

    for (const who of [regular, story.moderator]) {
      say(who, shouting(0));
      say(who, "free nitro for all of you");
      say(who, shouting(1));
    }
    await story.pass(minute);

    expect(told(/^heat in/)).toEqual([]);
    expect(await story.command(`!tyr why ${regular}`)).toMatch(/Heat 1\d/);
  });
});

describe("steps", () => {
  test("do not come again before the heat has fallen under three quarters of them", async () => {
    await begin();
    await story.command("!tyr protections act heat");
    const person = story.person("spammer");

    say(person, shouting(0));
    say(person, "free nitro for all of you");
    await story.until(() => warnings() === 1, "the warning");
    // 55 becomes 33, 58 with the next.
    await story.pass(7 * minute);
    say(person, shouting(1));
    await story.pass(minute);
    expect(warnings()).toBe(1);

    await story.pass(12 * minute);
    say(person, shouting(2));
    await story.until(() => warnings() === 2, "the second warning");
  });

  test("reach to a mute, in each room where it goes on", async () => {
    await begin();
    await story.command("!tyr protections act heat");
    const person = story.person("spammer");

    for (let i = 0; i < 4; i++) say(person, shouting(i));
    await story.until(() => levelOf(person) < 0, "the mute");
    await story.pass(minute);
    expect(levelOf(person, hall())).toBe(0);
    const there = say(person, shouting(5), hall());
    await story.until(() => levelOf(person, hall()) < 0 && !stands(there, hall()), "the mute there");
    expect(story.isBanned(person)).toBe(false);
  });

  test("that only tell or ask do nothing by themselves", async () => {
    await begin();
    await story.command("!tyr protections alert heat");
    const [one, other] = [story.person("one"), story.person("other")];
    for (let i = 0; i < 4; i++) say(one, shouting(i));
    await story.until(() => told(/^heat in/).length > 0, "the alert");
    await story.pass(minute);
    expect(told(/^heat in/).at(-1)).toContain("It would have been");
    expect(levelOf(one)).toBe(0);

    await story.command("!tyr protections ask heat");
    for (let i = 0; i < 4; i++) say(other, shouting(i));
    await story.until(() => told(/It waits for a yes/).length > 0, "the question");
    await story.pass(minute);
    expect(levelOf(other)).toBe(0);
  });
});

test("an undo takes the heat away, after a restart either; heat itself outlives one", async () => {
  await begin();
  await story.command("!tyr protections act heat");
  const [person, other] = [story.person("spammer"), story.person("other")];
  for (let i = 0; i < 3; i++) say(person, shouting(i));
  await story.until(() => told(/heat held 3 messages/).length > 0, "the question");
  await story.pass(minute);
  say(other, shouting(0));
  await story.pass();
  expect(await story.command(`!tyr undo ${undoNumber(told(/^heat in/).at(-1)!)}`)).toContain(
    "the heat of 1 person",
  );
  await story.pass();
  expect(await story.command(`!tyr why ${person}`)).not.toMatch(/Heat \d/);
  await story.stop();
  await story.start();
  await story.pass(61_000);

  const again = say(person, shouting(4));
  say(other, "free nitro for all of you");
  await story.until(() => warnings() === 2, "the warning of the other");
  await story.pass(minute);
  expect(stands(again)).toBe(true);
  expect(told(/^heat in/).at(-1)).not.toContain(person);
});

test("rules may ask for it, a server is told by why, and who writes a rule with heat is told that heat is off", async () => {
  await begin();
  const person = "@spammer:far.example";
  for (const room of story.rooms) story.homeserver.join(room, person);
  say(person, "free nitro for all of you");
  await story.pass();
  say(person, "please tell me");
  await story.until(() => told(/^warm in/).length > 0, "the alert");
  await story.pass(20_000);
  expect(told(/^warm in/).at(-1)).toMatch(/heat (29|30) before/);
  expect(await story.command("!tyr why far.example")).toContain("Heat 5: offers 5 (");

  const added = await story.command("!tyr protections add pings when text.mentions heat 20");
  expect(added).toContain("its answer would be heat 20");
  expect(await story.command("!tyr protections act pings")).toContain("nothing follows from heat until");
  expect(await story.command("!tyr protections ask pings")).toContain("nothing to ask");
  await story.command("!tyr protections act heat");
  expect(await story.command("!tyr protections act pings")).not.toContain("nothing follows");
  expect(await story.command("!tyr protections set heat steps 40 30")).toContain("each greater than");
  expect(await story.command("!tyr protections set heat steps 20, 50")).toContain("becomes 20 50");
});
