// A list that loses many rules at once: nothing is lifted before somebody says so.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
let jjj: string;
afterEach(() => story.stop());

const names = (many: number) => Array.from({ length: many }, (_, i) => `@spam-${i}:evil.test`);
const here = "@here:hs.test";

/** A foreign list that has rules before it is followed; one person here is banned for it. */
async function begin(many: number, options: StoryOptions = {}): Promise<void> {
  story = new Story({ rooms: 1, ...options });
  jjj = story.room("jjj", {
    botLevel: 0,
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "jjj" } }],
  });
  for (const entity of names(many)) story.rule(entity, { list: jjj });
  story.rule("evil.example", { list: jjj, kind: "server" });
  story.person("here");
  story.rule(here, { list: jjj, reason: "spam" });
  story.settings = { ...story.settings, watchedLists: [story.list, jjj] };
  await story.start();
  await story.until(() => membership() === "ban", "the ban");
  await story.until(() => story.deny(room()).includes("evil.example"), "the server ACL");
  await story.pass(60_000);
}

const room = () => story.rooms[0]!;
const membership = (who = here) => story.homeserver.membership(room(), who);
const remove = (entity: string, kind = "user") =>
  story.homeserver.setState(jjj, story.moderator, `m.policy.rule.${kind}`, `rule:${entity}`, {});
function losesAll(many: number): void {
  for (const entity of [...names(many), here]) remove(entity);
  remove("evil.example", "server");
}
const question = () => story.said().find((text) => text.startsWith("Question 1:"));
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);

test("that loses 800 rules at once lifts nothing before a yes, also for who comes and after a restart", async () => {
  await begin(800, { dataPath: aFolder() });

  losesAll(800);
  await story.until(() => question() !== undefined, "the question");
  await story.pass(120_000);

  expect(question()).toContain("list jjj lost 802 of 802 rules");
  expect(story.said().findLast((text) => text.includes("Question 1:"))).toContain(
    "That lifts the bans of 1 person and what denies 1 server",
  );
  expect(membership()).toBe("ban");
  expect(story.deny(room())).toContain("evil.example");
  expect(await story.command("!tyr lists")).toContain("802 kept that it lost");
  expect(await story.command(`!tyr why ${here}`)).toContain("its list has lost it, and it stays in force");

  await story.stop();
  await story.start();
  await story.pass(60_000);
  story.homeserver.join(room(), "@spam-5:evil.test");
  await story.until(() => membership("@spam-5:evil.test") === "ban", "the ban of who comes");
  expect(membership()).toBe("ban");

  say("!tyr yes 1");
  await story.until(() => membership() === "leave", "the lift");
  await story.until(() => !story.deny(room()).includes("evil.example"), "the server let in again");
  expect(await story.command("!tyr lists")).not.toContain("kept that it lost");
}, 120_000);

test("no answer is a no, and a later yes lets the rules go after all", async () => {
  await begin(30);
  losesAll(30);
  await story.until(() => question() !== undefined, "the question");

  say("!tyr no 1");
  await story.pass(60_000);
  expect(membership()).toBe("ban");
  expect(story.said().some((text) => text.includes("they stay in force here"))).toBe(true);

  say("!tyr yes 1");
  await story.until(() => membership() === "leave", "the lift");
});

test("rules that come back are the list's again: nothing is asked, and the question ends by itself", async () => {
  await begin(30);
  losesAll(30);
  await story.until(() => question() !== undefined, "the question");
  await story.pass(20_000);

  for (const entity of names(30)) story.rule(entity, { list: jjj });
  story.rule("evil.example", { list: jjj, kind: "server" });
  story.rule(here, { list: jjj, reason: "again" });
  await story.until(
    () => story.said().some((text) => text.includes("No longer needed: none of them is kept any more.")),
    "the end of the question",
  );
  await story.pass(60_000);
  expect(membership()).toBe("ban");
  expect(story.said().some((text) => text.includes("Question 2:"))).toBe(false);

  remove(here);
  await story.until(() => membership() === "leave", "the lift for one rule that goes");
});

test("that loses a few, or writes all of them anew, lifts as ever and asks nothing", async () => {
  await begin(30);

  for (const entity of names(30)) {
    story.rule(entity, { list: jjj, key: `new:${entity}` });
    remove(entity);
  }
  await story.pass(60_000);
  remove(here);
  await story.until(() => membership() === "leave", "the lift");
  await story.pass(60_000);

  expect(question()).toBeUndefined();
});
