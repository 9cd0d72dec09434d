// A wave of spam: what still comes of it is removed by the rules that ask for waves; people who come meanwhile are left alone.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
let folder: string;
/** As if Tyr had been here for long. */
const known = { waves: { act: "ask", learnDays: 0, learnPeople: 0 } };
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rooms: 2, dataPath: folder, settings: known, ...options });
  await story.start();
  for (const rule of ["wave-suspected", "wave-recognised", "wave-harmful"])
    await story.command(`!tyr protections act ${rule}`);
  await story.pass(5 * 60_000);
};
const lobby = () => story.rooms[0]!;
const stands = (event: string) =>
  Object.keys(story.homeserver.event(lobby(), event)?.content ?? {}).length > 0;
const bot = (i: number) => `@${(0x3fa9c2d1 + i * 0x1d3b7).toString(16)}a7b${i}:evil.example`;
const spam = (i: number) =>
  `Dear friend ${i}, earn money at home with our trading group, join now at https://evil.example/x`;
const comesAndSays = async (who: string, text: string): Promise<string> => {
  story.homeserver.join(lobby(), who);
  await story.pass(2_000);
  const event = story.homeserver.sendText(lobby(), who, text);
  await story.pass(3_000);
  return event;
};
const waves = () => [...(story.world?.stored.waves.all() ?? [])];
const told = (what: RegExp) => story.said().filter((text) => what.test(text));

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe("a wave of machine names with one link", () => {
  test("is harmful by its pace; what comes after that is removed, what others say stands", async () => {
    await begin();
    const events: string[] = [];
    for (let i = 0; i < 12; i++) events.push(await comesAndSays(bot(i), spam(i)));
    const person = story.person("newcomer");
    const question = story.homeserver.sendText(lobby(), person, "hello, how do I build it on a Mac?");
    await story.pass(30_000);

    expect(waves()).toMatchObject([{ stage: "harmful", proof: "pace" }]);
    expect(events.slice(6).map(stands)).toEqual(Array(6).fill(false));
    expect(stands(question)).toBe(true);
    expect(story.said().join(" ")).not.toContain("newcomer");
  });

  test("goes on over a restart by its id", async () => {
    await begin();
    for (let i = 0; i < 8; i++) await comesAndSays(bot(i), spam(i));
    const { id } = waves()[0]!;
    await story.stop();
    await story.start();
    await story.pass(60_000);

    const event = await comesAndSays(bot(9), spam(9));
    await story.pass(30_000);

    expect(waves().map((wave) => wave.id)).toEqual([id]);
    expect(stands(event)).toBe(false);
  });

  test("in its first days Tyr only holds what the wave shares, and closes nothing", async () => {
    await begin({ settings: { waves: { act: "contain" } } });
    const events: string[] = [];
    for (let i = 0; i < 12; i++) events.push(await comesAndSays(bot(i), spam(i)));
    await story.pass(30_000);

    expect(waves()).toMatchObject([{ stage: "harmful", asksFirst: "cold" }]);
    expect(events.slice(8).map(stands)).toEqual(Array(4).fill(false));
    expect(story.said().join(" ")).not.toContain("wave-harmful in");
    expect(story.written("m.room.server_acl")).toEqual([]);
    expect(story.isBanned(bot(0), [lobby()])).toBe(false);
  });

  test("is nothing where waves are switched off", async () => {
    await begin({ settings: { waves: { act: "off" } } });
    for (let i = 0; i < 8; i++) await comesAndSays(bot(i), spam(i));

    expect(waves()).toEqual([]);
    expect(told(/^wave-[a-z]+ (?!acts)/)).toEqual([]);
  });
});
