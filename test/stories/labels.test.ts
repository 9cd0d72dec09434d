// Moderators say of incidents whether a protection was right, and its precision is told by that.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rooms: 1, ...options });
  await story.start();
  await story.command('!tyr protections add crypto when text has "airdrop" then redact');
  await story.command("!tyr protections act crypto");
};
/** What is told of the person, once all is done. */
const caught = async (name: string) => {
  const who = story.person(name);
  story.homeserver.sendText(story.rooms[0]!, who, "airdrop");
  const message = () =>
    story.homeserver
      .events(story.managementRoom)
      .findLast(
        ({ content, sender }) =>
          sender === story.bot.userId &&
          String(content["body"]).startsWith("crypto in") &&
          String(content["body"]).includes(who),
      );
  await story.until(() => message() !== undefined, `the message about ${name}`);
  // What comes later is another incident.
  await story.pass(70_000);
  return { who, event: message()!.event_id, text: String(message()!.content["body"]) };
};
const react = (key: string, event: string, by = story.moderator) =>
  story.homeserver.send(story.managementRoom, by, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key },
  });
const hits = () => story.command("!tyr protections hits crypto");
const table = async () =>
  /\d+ right .*?, \d+ wrong .*?, \d+ unknown/.exec(await hits())?.[0].replaceAll(/ \(.*?\)/g, "");

test("👍 and 👎 on the message of an incident say it, and the last one counts", async () => {
  await begin();
  const one = await caught("one");
  const two = await caught("two");
  expect(one.text).toContain("👍 if that was right, 👎 if it was wrong.");
  expect(await table()).toBe("0 right, 0 wrong, 2 unknown");

  react("👍🏽", one.event);
  react("👎", two.event);
  await story.pass(2_000);
  expect(await table()).toBe("1 right, 1 wrong, 0 unknown");
  expect(await hits()).toContain("Precision 50 % (at least 9 % with so few).");

  react("👍", two.event);
  await story.pass(2_000);
  expect(await table()).toBe("2 right, 0 wrong, 0 unknown");
});

test("only moderators say it, and only of incidents", async () => {
  await begin();
  const one = await caught("one");
  const guest = story.homeserver.createUser("guest").userId;
  react(
    "👎",
    story.homeserver.events(story.managementRoom).find(({ sender }) => sender === story.bot.userId)!.event_id,
  );
  story.homeserver.send(story.rooms[0]!, one.who, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: one.event, key: "👎" },
  });
  react("❌", one.event);
  await story.pass(2_000);

  expect(guest).toBeDefined();
  expect(await table()).toBe("0 right, 0 wrong, 1 unknown");
  expect(story.world!.settings.labels.size).toBe(0);
});

test("a reaction to a message from before a restart is understood, and what was said is remembered", async () => {
  await begin({ dataPath: aFolder() });
  const one = await caught("one");
  const two = await caught("two");
  react("👍", one.event);
  await story.pass(2_000);
  await story.stop();
  await story.start();

  react("👎", two.event);
  await story.pass(2_000);

  expect(await table()).toBe("1 right, 1 wrong, 0 unknown");
});

test("right and wrong say it by number, and are undone", async () => {
  await begin();
  await story.command("!tyr protections set crypto response redact+mute");
  const one = await caught("one");
  const number = undoNumber(one.text);

  expect(await story.command(`!tyr right ${number}`)).toContain(`crypto was right about ${number}.`);
  expect(await table()).toBe("1 right, 0 wrong, 0 unknown");
  expect(await story.command(`!tyr wrong ${number}`)).toContain(
    `!tyr undo ${number} takes back what it did.`,
  );
  expect(await table()).toBe("0 right, 1 wrong, 0 unknown");
  await story.command("!tyr undo last");
  expect(await table()).toBe("1 right, 0 wrong, 0 unknown");

  expect(await story.command("!tyr right 999")).toContain("❌ I know nothing under 999.");
  expect(await story.command("!tyr wrong 1")).toContain("❌ 1 is a command");
  expect(await story.command("!tyr wrong")).toContain("❌ Which incident?");
});

test("what is taken back was wrong; whom a moderator bans was met rightly; what it did itself tells nothing", async () => {
  await begin();
  await story.command("!tyr protections set crypto response redact+mute");
  const one = await caught("one");
  const two = await caught("two");
  expect(await table()).toBe("0 right, 0 wrong, 2 unknown");

  await story.command(`!tyr undo ${undoNumber(one.text)}`);
  await story.command(`!tyr ban ${two.who} spam`);
  await story.pass();

  expect(await table()).toBe("1 right, 1 wrong, 0 unknown");
});

test("a rule that is often wrong is told once, and moderators are notified", async () => {
  await begin();
  for (let i = 0; i < 20; i++) {
    const { event } = await caught(`person-${i}`);
    react(i < 16 ? "👍" : "👎", event);
  }
  await story.pass(60_000);
  const told = () => story.said().filter((text) => text.includes("is often wrong"));
  expect(told()).toHaveLength(1);
  expect(told()[0]).toContain(
    "crypto is often wrong: of 20 people it met lately 16 were right and 4 wrong (80 %, at least 58 %).",
  );

  react("👎", (await caught("more")).event);
  await story.pass(60_000);
  expect(told()).toHaveLength(1);
});
