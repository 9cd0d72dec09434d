// What is removed can be read again for a while: by moderators alone, noted, and never from the database or a backup.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backUp } from "../../src/store/backup.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
let folder: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, rooms: 1, ...options });
  await story.start();
  await story.pass(61_000);
};
const again = async () => {
  await story.stop();
  await story.start();
  await story.pass(61_000);
};
const told = (what: string | RegExp) => story.said().filter((text) => text.match(what) !== null);
const standing = (who: string) =>
  story.homeserver
    .events(story.rooms[0]!)
    .filter(
      (one) => one.sender === who && one.type === "m.room.message" && Object.keys(one.content).length > 0,
    );
const flood = async (who: string) => {
  for (let i = 1; i <= 14; i++) story.homeserver.sendText(story.rooms[0]!, who, `cheap <b>pills</b> ${i}`);
  await story.until(() => standing(who).length === 0, "the redactions");
  await story.pass();
};
const shown = async (what: string) => {
  const before = story.said().length;
  const answer = await story.command(`!tyr protections show-removed ${what}`);
  await story.pass();
  return {
    answer,
    message: story
      .said()
      .slice(before)
      .find((text) => text.includes("removed message")),
  };
};

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

test("a flood that was removed is read again, by person and by incident, after a restart too, and why says who looked", async () => {
  await begin();
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  await flood(person);
  const number = undoNumber(told(/^flood in Room 1/).at(-1)!);

  const { answer, message } = await shown(person);
  expect(answer).toContain("comes as a message of its own");
  expect(message).toMatch(/^14 removed messages, the newest first/);
  expect(message).toMatch(/cheap <b>pills<\/b> 1$/);
  expect(message).toContain("in Room 1, removed");
  expect(message).toContain("for flood");
  await again();
  expect((await shown(number)).message).toContain("cheap <b>pills</b> 14");
  expect(await story.command(`!tyr why ${person}`)).toContain("showed what was removed");
});

test("neither the database nor a backup has a word of it, and the key is in neither", async () => {
  await begin();
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  await flood(person);
  await shown(person);
  await story.stop();
  const copy = join(folder, "copy.db");
  backUp(folder, copy);

  const key = readFileSync(join(folder, "tyr-stash.key"), "latin1").trim();
  for (const file of [copy, join(folder, "tyr.db")]) {
    const bytes = readFileSync(file, "latin1");
    expect(bytes).not.toContain("pills");
    expect(bytes).not.toContain(key);
    expect(bytes).not.toContain(Buffer.from(key, "base64").toString("latin1"));
  }
});

test("what people remove themselves is not kept, nor what stands", async () => {
  await begin();
  const person = story.person("ann");
  const mine = story.homeserver.sendText(story.rooms[0]!, person, "I regret this");
  story.homeserver.redact(story.rooms[0]!, person, mine);
  story.homeserver.sendText(story.rooms[0]!, person, "this stands");
  await story.pass();

  expect((await shown(person)).answer).toContain("I keep nothing");
});

test("what a search found is kept before it is removed, also of the time before we came", async () => {
  story = new Story({ dataPath: folder, rooms: 1 });
  const person = story.person("old");
  story.homeserver.sendText(story.rooms[0]!, person, "an old word");
  await story.start();
  await story.pass(61_000);

  await story.command(`!tyr redact ${person}`);
  await story.until(() => standing(person).length === 0, "the redaction");

  expect((await shown(person)).message).toContain("an old word");
});

test("on request it is forgotten", async () => {
  await begin();
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  await flood(person);

  expect(await story.command(`!tyr protections forget-removed ${person}`)).toContain("14 removed messages");
  await story.pass();

  expect((await shown(person)).answer).toContain("I keep nothing");
  expect(await story.command(`!tyr why ${person}`)).toContain("forgot what was removed");
});

test("a key that is gone or damaged is said in status; nothing of the old is read, and Tyr goes on", async () => {
  await begin();
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  await flood(person);
  const key = join(folder, "tyr-stash.key");
  const before = readFileSync(key);

  rmSync(key);
  await again();
  expect(await story.command("!tyr status")).toContain(
    "14 removed messages are kept under a key that is gone",
  );
  expect((await shown(person)).answer).toContain("cannot be read: the key is another one now");

  writeFileSync(key, "no key");
  await again();
  expect(await story.command("!tyr status")).toContain("tyr-stash.key is no key");
  const other = story.person("other");
  await flood(other);
  expect((await shown(other)).answer).toContain("I keep nothing");

  writeFileSync(key, before);
  await again();
  expect(await story.command("!tyr status")).not.toContain("removed messages");
  expect((await shown(person)).message).toContain("pills");
});

test("switched off nothing is kept, no key is made, and what was kept goes", async () => {
  await begin({ settings: { stash: { enabled: false } } });
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  await flood(person);

  expect((await shown(person)).answer).toContain("switched off in the config");
  expect(existsSync(join(folder, "tyr-stash.key"))).toBe(false);
});

test("a kill right after the intent was written loses nothing of it", async () => {
  await begin();
  const person = story.person("flooder");
  await story.command("!tyr protections enable flood");
  for (let i = 1; i <= 14; i++) story.homeserver.sendText(story.rooms[0]!, person, `pills ${i}`);
  await story.until(() => standing(person).length < 14, "the first redaction");
  story.kill();
  await story.start();
  await story.pass(61_000);

  expect(standing(person)).toEqual([]);
  expect((await shown(person)).message).toMatch(/^14 removed messages/);
});
