// A rule that has just begun to act and meets the wrong people stops by itself.

import { afterEach, expect, test } from "@jest/globals";
import { dayMs } from "../../src/kit/duration.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
let old: readonly string[];
/** Some people were there before Tyr. */
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rooms: 2, ...options });
  old = Array.from({ length: 10 }, (_, i) => story.person(`old-${i}`));
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const say = (who: string, text: string) => story.homeserver.sendText(story.rooms[0]!, who, text);
const stands = (who: string) =>
  story.homeserver
    .events(story.rooms[0]!)
    .filter(({ sender, type, content }) => sender === who && type === "m.room.message" && "body" in content)
    .length;
const told = () => story.said().filter((text) => text.includes("is back in shadow"));
/** Whether moderators are mentioned in the message. */
const notifies = (words: RegExp) =>
  story.homeserver
    .events(story.managementRoom)
    .some(
      ({ content }) =>
        words.test(String(content["body"])) &&
        JSON.stringify(content["m.mentions"] ?? {}).includes(story.moderator),
    );
const modeOf = (name: string) => story.world!.settings.protections.get(name)?.["mode"];
const everybody = "!tyr protections add everybody when text.length > 0 then redact";

afterEach(() => story.stop());

test("a rule that hits everybody is back in shadow after the fifth of them, and the room is told", async () => {
  await begin();
  await story.command(everybody);
  await story.command("!tyr protections act everybody");

  for (const who of old.slice(0, 5)) {
    say(who, "good morning");
    await story.pass(1_000);
  }
  await story.until(() => told().length > 0, "what the brake says");
  expect(told()[0]).toContain("on its first day of acting it met 5 people in Room 1, where 5 spoke");
  expect(modeOf("everybody")).toBe("shadow");
  expect(notifies(/is back in shadow/)).toBe(true);

  for (const who of old.slice(5)) say(who, "good morning");
  await story.pass(30_000);
  expect(old.map(stands)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
});

test("whoever lets it act again has seen why: it goes on", async () => {
  await begin();
  await story.command(everybody);
  await story.command("!tyr protections act everybody");
  for (const who of old.slice(0, 6)) say(who, "good morning");
  await story.until(() => told().length > 0, "what the brake says");

  await story.command("!tyr protections act everybody");
  for (const who of old.slice(6)) say(who, "good morning");
  await story.until(() => old.slice(6).every((who) => stands(who) === 0), "the redactions");
  expect(told()).toHaveLength(1);
  expect(modeOf("everybody")).toBe("act");
});

test("a single regular is enough", async () => {
  await begin({ settings: { guard: { regularAfterDays: 1, regularDays: 2 } }, dataPath: aFolder() });
  await story.command("!tyr protections enable flood");
  const regular = old[0]!;
  for (let day = 0; day < 3; day++) {
    say(regular, `this is day ${day}`);
    await story.pass(5_000);
    story.stepClock(dayMs);
  }
  await story.pass(61_000);
  await story.command('!tyr protections add shouting when text has "airdrop" then redact');
  await story.command("!tyr protections act shouting");

  say(regular, "airdrop is what our code is called");
  await story.until(() => told().length > 0, "what the brake says");
  expect(told()[0]).toContain(`it met a regular, ${regular}`);
  expect(modeOf("shouting")).toBe("shadow");
});

test("newcomers stop no rule, however many: they come in waves", async () => {
  await begin();
  await story.command(everybody);
  await story.command("!tyr protections act everybody");
  const wave = Array.from({ length: 20 }, (_, i) => story.person(`wave-${i}`));
  await story.pass(5_000);

  for (const who of wave) say(who, "buy now");
  await story.until(() => wave.every((who) => stands(who) === 0), "the redactions");
  await story.pass(20_000);
  expect(told()).toEqual([]);
  expect(modeOf("everybody")).toBe("act");
});

test("what only tells, asks, or ships is not stopped", async () => {
  await begin();
  await story.command(everybody);
  await story.command("!tyr protections alert everybody");
  await story.command("!tyr protections set flood limit 2");
  await story.command("!tyr protections act flood");

  for (const who of old) for (let i = 0; i < 3; i++) say(who, "good morning");
  await story.pass(60_000);
  expect(told()).toEqual([]);
  expect(modeOf("everybody")).toBe("alert");
  expect(modeOf("flood")).toBe("act");
});

test("in a room where it acts on its own it is stopped there, too", async () => {
  await begin();
  await story.command(everybody);
  await story.command(`!tyr protections act everybody ${story.rooms[0]!}`);

  for (const who of old.slice(0, 6)) say(who, "good morning");
  await story.until(() => told().length > 0, "what the brake says");
  await story.pass(5_000);
  expect(modeOf(`everybody ${story.rooms[0]!}`)).toBe("shadow");
});
