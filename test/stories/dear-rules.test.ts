// What rules take of the machine is shown; a rule that takes much is told to its author, one that takes far too much stops.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
/** What each look of a rule takes. */
let us: number;
const begin = async (measured = true) => {
  let now = 0;
  us = 4;
  story = new Story({ rooms: 1, ...(measured ? { stopwatch: () => (now += us) } : {}) });
  await story.start();
  await story.command(
    "!tyr protections add long-winded when text.length > 5000 or text.lines > 90 then redact",
  );
  await story.command("!tyr protections act long-winded");
};
afterEach(() => story.stop());

/** So many messages that no rule minds. */
async function chat(messages: number): Promise<void> {
  const who = story.person("ann");
  for (let i = 0; i < messages; i++) {
    story.homeserver.sendText(story.rooms[0]!, who, `message ${i}`);
    if (i % 64 === 63) await story.pass(1_000);
  }
  await story.pass(5_000);
}
const told = (words: string) => story.said().filter((text) => text.includes(words));
const notifies = (words: string) =>
  story.homeserver
    .events(story.managementRoom)
    .some(
      ({ content }) =>
        String(content["body"]).includes(words) &&
        JSON.stringify(content["m.mentions"] ?? {}).includes(story.moderator),
    );
const mode = () => story.world!.settings.protections.get("long-winded")?.["mode"];

test("what a rule takes is shown; beyond 50 µs its author is told once, beyond 500 it is in shadow", async () => {
  await begin();
  await chat(64 * 18);
  expect(await story.command("!tyr protections")).toMatch(/long-winded \(4 µs\)/);
  expect(await story.command("!tyr protections show long-winded")).toContain(
    "It takes 4 µs for each event that it is asked about.",
  );
  expect(told("takes more than")).toEqual([]);

  us = 400;
  await chat(64 * 9);
  expect(told("takes more than 50 µs")).toHaveLength(1);
  expect(notifies("takes more than 50 µs")).toBe(true);
  expect(mode()).toBe("act");

  us = 60_000;
  await chat(64 * 6);
  expect(told("is in shadow now: it takes more than 500 µs")).toHaveLength(1);
  expect(mode()).toBe("shadow");

  await story.command("!tyr protections act long-winded");
  await chat(64 * 6);
  expect(mode()).toBe("act");
  expect(told("takes more than")).toHaveLength(2);
});

test("what ships is left as it is: it is not theirs to change", async () => {
  await begin();
  await story.command("!tyr protections act masked-text");
  await story.command("!tyr protections act long-text");
  await story.command("!tyr protections disable long-winded");
  us = 600;
  await chat(64 * 18);
  expect(await story.command("!tyr protections")).toMatch(/long-text \(600 µs\)/);
  expect(story.world!.settings.protections.get("long-text")?.["mode"]).toBe("act");
  expect(told("takes more than")).toEqual([]);
});

test("nothing is measured where nobody has a stopwatch", async () => {
  await begin(false);
  us = 60_000;
  await chat(64 * 18);
  expect(await story.command("!tyr protections")).not.toContain("µs");
  expect(mode()).toBe("act");
});
