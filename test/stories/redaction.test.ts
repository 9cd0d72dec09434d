// Removing what somebody wrote: seen by ourselves, found by search, never what a room stands on.

import { afterEach, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

const redacted = (room: string, event: string) =>
  story.homeserver.event(room, event)?.unsigned?.["redacted_because"] !== undefined;

test("a ban for spam also removes what was written before Tyr came", async () => {
  story = new Story();
  const spammer = story.person("spammer");
  const messages = story.rooms.map(
    (room) => [room, story.homeserver.sendText(room, spammer, "coins!")] as const,
  );
  const other = story.homeserver.sendText(story.rooms[0]!, story.moderator, "hello");
  await story.start();

  story.rule(spammer, { reason: "spam" });
  await story.until(() => messages.every(([room, event]) => redacted(room, event)), "the redactions");

  expect(story.isBanned(spammer)).toBe(true);
  expect(redacted(story.rooms[0]!, other)).toBe(false);
});

test("what was seen live needs no search", async () => {
  await begin();
  const spammer = story.person("spammer");
  const messages = story.rooms.map(
    (room) => [room, story.homeserver.sendText(room, spammer, "coins!")] as const,
  );
  await story.pass(1_000);

  story.rule(spammer, { reason: "spam" });
  await story.until(() => messages.every(([room, event]) => redacted(room, event)), "the redactions");

  expect(story.homeserver.requests.filter((request) => request.kind.includes("messages"))).toEqual([]);
  expect(
    story
      .written("m.room.member")
      .every((event) => event.content["org.matrix.msc4293.redact_events"] === true),
  ).toBe(true);
});

test("a server that ignores the sender filter does not make Tyr redact others", async () => {
  story = new Story({ homeserver: { ignoresSenderFilter: true } });
  const spammer = story.person("spammer");
  const bystander = story.person("bystander");
  const spam = story.homeserver.sendText(story.rooms[0]!, spammer, "coins!");
  const innocent = story.homeserver.sendText(story.rooms[0]!, bystander, "I like coins");
  await story.start();

  await story.command(`!tyr redact ${spammer}`);

  expect(redacted(story.rooms[0]!, spam)).toBe(true);
  expect(redacted(story.rooms[0]!, innocent)).toBe(false);
});

test("a link to the room's ACL or power levels is refused", async () => {
  await begin();
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(story.rooms[0]!).length > 0, "the ACL");
  const acl = story.homeserver.state(story.rooms[0]!, "m.room.server_acl")!.event_id;

  const answer = await story.command(`!tyr redact https://matrix.to/#/${story.rooms[0]!}/${acl}`);

  expect(answer).toMatch(/^❌/);
  expect(answer).toContain("would break the room");
});

test("a link that leads to an event of another room is refused, whether Tyr saw the event or not", async () => {
  story = new Story();
  const person = story.person("person");
  const [here, there] = story.rooms as [string, string];
  const before = story.homeserver.sendText(there, person, "before Tyr came");
  await story.start();
  const seen = story.homeserver.sendText(there, person, "hello");
  await story.pass(1_000);
  const acl = story.homeserver.state(there, "m.room.power_levels")!.event_id;

  for (const event of [seen, acl]) {
    const answer = await story.command(`!tyr redact https://matrix.to/#/${here}/${event}`);
    expect(answer).toMatch(/^❌/);
    expect(answer).toContain("is in another room");
  }
  expect(await story.command(`!tyr redact https://matrix.to/#/${here}/${before}`)).toMatch(
    /^❌.*\n.*\n.*different room/,
  );
  expect([before, seen].some((event) => redacted(there, event))).toBe(false);
});

test("redact takes back a limited number of messages in one room", async () => {
  await begin();
  const loud = story.person("loud");
  const events = [1, 2, 3].map((n) => story.homeserver.sendText(story.rooms[0]!, loud, `message ${n}`));
  await story.pass(1_000);

  const answer = await story.command(`!tyr redact ${loud} ${story.rooms[0]!} --limit 2`);

  expect(answer).toMatch(/^✅/);
  expect(events.map((event) => redacted(story.rooms[0]!, event))).toEqual([false, true, true]);
});

test("a ban by command for spam removes what was written, in every room", async () => {
  await begin();
  const spammer = story.person("spammer");
  const messages = story.rooms.map(
    (room) => [room, story.homeserver.sendText(room, spammer, "coins!")] as const,
  );
  await story.pass(1_000);

  const answer = await story.command(`!tyr ban ${spammer} spam`);

  expect(answer).toContain("redacted 4 events");
  expect(messages.every(([room, event]) => redacted(room, event))).toBe(true);
});

test("of the recent words alone, those that were seen and those before Tyr came, with --since", async () => {
  story = new Story();
  const rude = story.person("rude");
  const room = story.rooms[0]!;
  const oldest = story.homeserver.sendText(room, rude, "long ago");
  await story.clock.advance(3 * 3_600_000);
  const unseen = story.homeserver.sendText(room, rude, "half an hour ago");
  await story.clock.advance(30 * 60_000);
  await story.start();
  const seen = story.homeserver.sendText(room, rude, "just now");
  await story.pass();

  const answer = await story.command(`!tyr redact ${rude} --since 1h rude`);
  await story.until(() => redacted(room, seen) && redacted(room, unseen), "the redactions");
  await story.pass();

  expect(answer).toContain("wrote in 2 rooms in the last 1 hour");
  expect(redacted(room, oldest)).toBe(false);
});

test("with --since what was seen longer ago stays, and so does all where nothing is recent", async () => {
  await begin();
  const rude = story.person("rude");
  const event = story.homeserver.sendText(story.rooms[0]!, rude, "hello");
  await story.clock.advance(2 * 3_600_000);

  await story.command(`!tyr redact ${rude} --since 30m`);
  await story.pass();

  expect(redacted(story.rooms[0]!, event)).toBe(false);
});
