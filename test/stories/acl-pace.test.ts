// How often server ACLs are written: each is a large event that everybody's client shows and every server checks.

import { afterEach, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  // What is written at the start is not part of it.
  await story.pass(6_000);
};

afterEach(() => story.stop());

const acls = (room: string) =>
  story.homeserver
    .events(room)
    .filter(({ type, sender }) => type === "m.room.server_acl" && sender === story.bot.userId);

async function rulesComing(many: number, everyMs: number): Promise<void> {
  for (let i = 0; i < many; i++) {
    story.rule(`evil${i}.example`, { kind: "server" });
    await story.pass(everyMs);
  }
}

test("rules that trickle in make few server ACLs, ever further apart", async () => {
  await begin();
  const room = story.rooms[0]!;

  await rulesComing(40, 1_400);
  await story.pass(61_000);

  const times = acls(room).map((event) => event.origin_server_ts);
  const apart = times.slice(1).map((at, i) => Math.round((at - times[i]!) / 1_000));
  expect(apart).toEqual([2, 5, 15, 60]);
  expect(story.deny(room)).toHaveLength(40);
});

test("fifty rules within a second are in force right after the last, with two or three events a room", async () => {
  await begin();

  await rulesComing(50, 20);
  await story.pass(500);

  expect(story.rooms.map((room) => story.deny(room).length)).toEqual([50, 50]);
  expect(acls(story.rooms[0]!).length).toBeLessThanOrEqual(3);
});

test("a command does not wait for a pause, and status tells of the pause", async () => {
  await begin();
  await rulesComing(10, 1_400);
  expect(story.deny(story.rooms[0]!)).not.toContain("evil9.example");

  const status = await story.command("!tyr status");
  const sent = story.clock.now();
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr ban server worse.example scam");
  await story.until(() => story.deny(story.rooms[0]!).includes("worse.example"), "the server ACL");

  expect(status).toContain("New server rules come in fast: the next round of server ACLs is due in ");
  expect(story.clock.now() - sent).toBeLessThan(2_000);
  expect(story.deny(story.rooms[0]!)).toEqual(expect.arrayContaining(["worse.example", "evil9.example"]));
});

test("a rule against a server whose people are here does not wait for a pause", async () => {
  await begin();
  story.homeserver.join(story.rooms[0]!, "@one:here.example");
  await rulesComing(10, 1_400);

  story.rule("*.example", { kind: "server" });
  await story.pass(1_500);

  expect(story.deny(story.rooms[1]!)).toContain("*.example");
});

test("a room that is protected during a pause gets its server ACL at once, and it alone", async () => {
  await begin();
  await rulesComing(10, 1_400);
  const before = acls(story.rooms[0]!).length;
  const room = story.room("New");

  await story.command(`!tyr rooms add ${room}`);
  await story.pass(1_000);

  expect(story.deny(room)).toHaveLength(10);
  expect(acls(story.rooms[0]!)).toHaveLength(before);
});

test("an exempt server within a wildcard is left alone, and the others of that domain are not", async () => {
  await begin();
  await story.command("!tyr exempt add server good.evil.example");
  const room = story.rooms[0]!;

  await story.command("!tyr ban *.evil.example scam");
  expect(story.deny(room)).toEqual([
    "?.evil.example",
    "??.evil.example",
    "???.evil.example",
    "?????*.evil.example",
  ]);
  expect(await story.command("!tyr status")).toContain(
    "Server rule *.evil.example is applied in part: it spares good.evil.example",
  );

  // Just as long as the exempt name: it can only be denied by its own.
  story.homeserver.join(story.rooms[1]!, "@one:vile.evil.example");
  story.homeserver.join(story.rooms[1]!, "@one:good.evil.example");
  await story.until(() => story.deny(room).includes("vile.evil.example"), "the late entry");
  expect(story.deny(room)).not.toContain("good.evil.example");
});
