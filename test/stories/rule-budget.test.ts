// A protection mutes, kicks and bans so many people an hour; more waits for a yes. And what a braked rule did is taken back.

import { afterEach, expect, test } from "@jest/globals";
import { hourMs } from "../../src/kit/duration.ts";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
let old: readonly string[];
afterEach(() => story.stop());

/** Some people were there before Tyr. */
const begin = async (options: StoryOptions = {}, response = "redact+mute") => {
  story = new Story({ rooms: 1, settings: { guard: { protectionPeopleAnHour: 2 } }, ...options });
  old = Array.from({ length: 12 }, (_, i) => story.person(`old-${i}`));
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
  await story.command('!tyr protections add crypto when text has "airdrop" then redact');
  await story.command(`!tyr protections set crypto response ${response}`);
  await story.command("!tyr protections set crypto muteFor 1d");
  await story.command("!tyr protections act crypto");
};
const say = async (who: string, text = "airdrop") => {
  story.homeserver.sendText(story.rooms[0]!, who, text);
  await story.pass(5_000);
};
const muted = () =>
  old.filter((who) => {
    const power = story.world!.rooms.get(story.rooms[0]! as RoomId)!.power;
    return power.isSilenced(who as UserId);
  }).length;
const redacted = () =>
  story.homeserver.events(story.rooms[0]!).filter(({ type }) => type === "m.room.redaction").length;
const questions = () => story.said().filter((text) => text.startsWith("Question"));

test("beyond its budget mutes wait for a yes, and redactions go on", async () => {
  await begin();
  for (const who of old.slice(0, 4)) await say(who);

  expect(muted()).toBe(2);
  expect(redacted()).toBe(4);
  expect(questions()[0]).toContain(
    "crypto has muted or removed as many people as it may without a yes; whoever is found in the same incident later waits with them. Redactions go on.",
  );
  expect(questions()[0]).toContain(
    "Because it would have muted or removed 3 people within an hour, and a protection may do that to 2 without a question.",
  );

  await story.command("!tyr yes 1");
  await story.until(() => muted() === 4, "the mutes");
});

test("a no leaves them as they are", async () => {
  await begin();
  for (const who of old.slice(0, 4)) await say(who);

  await story.command("!tyr no 1");
  await story.pass();

  expect(muted()).toBe(2);
});

test("an hour later it may go on, until the day's budget is spent", async () => {
  await begin({ settings: { guard: { protectionPeopleAnHour: 2, protectionPeopleADay: 3 } } });
  for (const who of old.slice(0, 2)) await say(who);
  await story.pass(hourMs);
  await say(old[2]!);
  expect(muted()).toBe(3);

  await story.pass(hourMs);
  await say(old[3]!);

  expect(muted()).toBe(3);
  expect(questions()[0]).toContain("4 people within a day, and a protection may do that to 3");
});

test("a restart forgets nothing of it", async () => {
  await begin({ dataPath: aFolder(), settings: { guard: { protectionPeopleAnHour: 2 } } });
  for (const who of old.slice(0, 2)) await say(who);
  await story.stop();
  await story.start();
  await story.pass(61_000);

  await say(old[2]!);

  expect(muted()).toBe(2);
  expect(questions()).toHaveLength(1);
});

test("newcomers do not count, nor does what is only redacted", async () => {
  await begin();
  const wave = Array.from({ length: 5 }, (_, i) => story.person(`wave-${i}`));
  for (const who of wave) await say(who);
  expect(questions()).toEqual([]);
  await story.command("!tyr protections set crypto response redact");
  for (const who of old.slice(0, 4)) await say(who);

  expect(questions()).toEqual([]);
});

test("what a braked rule did in the last hour is taken back by one reaction", async () => {
  await begin({ settings: { guard: {} } });
  for (const who of old.slice(0, 6)) await say(who);
  await story.until(() => story.said().some((text) => text.includes("is back in shadow")), "the brake");
  await story.until(() => questions().length > 0, "the offer");
  await story.pass();
  expect(questions()[0]).toContain("crypto acted in 1 incident within the last hour. Take all of that back?");
  const before = muted();

  const message = story.homeserver
    .events(story.managementRoom)
    .find(({ content }) => String(content["body"]).startsWith("Question"))!.event_id;
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: message, key: "✅" },
  });
  await story.until(() => muted() === 0, "the unmutes");

  expect(before).toBeGreaterThan(3);
});

test("more than a tenth of those who spoke in the room within the hour are too many, from five on", async () => {
  await begin({}, "redact");
  for (const who of old) await say(who, "good morning");
  for (const who of old.slice(0, 5)) await say(who);
  await story.until(() => story.said().some((text) => text.includes("is back in shadow")), "the brake");

  expect(story.said().find((text) => text.includes("is back in shadow"))).toMatch(
    /it met 5 people in .*, where 12 spoke within the hour/,
  );
});

test("protections undo takes back what a protection did within the time", async () => {
  await begin();
  await say(old[0]!);
  await story.pass(2 * hourMs);
  await say(old[1]!);

  expect(await story.command("!tyr protections undo crypto")).toContain(
    "Undo of what crypto did within 1 hour, 1 incident",
  );
  await story.until(() => muted() === 1, "one unmute");
  expect(await story.command("!tyr protections undo crypto 3h")).toContain("2 incidents");
  await story.until(() => muted() === 0, "the other unmute");

  expect(await story.command("!tyr protections undo flood")).toContain("❌ flood did nothing within 1 hour");
  expect(await story.command("!tyr protections undo crypto soon")).toContain("❌ soon is not a span of time");
});
