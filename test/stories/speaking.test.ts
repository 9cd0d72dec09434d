// What Tyr says in its own name, what it leaves, and whom it invites back.

import { afterEach, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

/** What Tyr said in a room that is not the management room. */
const saidIn = (room: string) =>
  story.homeserver
    .events(room)
    .filter(({ type, sender }) => type === "m.room.message" && sender === story.bot.userId)
    .map(({ content }) => content);

test("say: in one room, mentions nobody, and the words are text and no markup", async () => {
  await begin({ rooms: 2 });

  const answer = await story.command(`!tyr say ${story.rooms[0]} <b>Hello</b> @room & @mod:hs.test`);

  expect(answer).toMatch(/^✅/);
  expect(saidIn(story.rooms[0]!)).toEqual([
    expect.objectContaining({
      body: "<b>Hello</b> @room & @mod:hs.test",
      formatted_body: "&#60;b&#62;Hello&#60;/b&#62; @room &#38; @mod:hs.test",
      "m.mentions": {},
    }),
  ]);
  expect(saidIn(story.rooms[1]!)).toEqual([]);
});

test("say: the same words twice are two messages", async () => {
  await begin({ rooms: 1 });
  for (const _time of [1, 2]) await story.command(`!tyr say ${story.rooms[0]} again`);
  expect(saidIn(story.rooms[0]!)).toHaveLength(2);
});

test("say: not in a room that is not protected, and not in the management room", async () => {
  await begin({ rooms: 1 });
  const answer = await story.command(`!tyr say ${story.managementRoom} hello`);
  expect(answer).toMatch(/is not a protected room/);
});

test("announce: in every protected room, once somebody says yes", async () => {
  await begin({ rooms: 3 });

  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr announce We have new rules.");
  await story.until(
    () => story.said().some((text) => text.includes("3 rooms would read it")),
    "the question",
  );
  await story.pass();
  expect(story.rooms.flatMap(saidIn)).toEqual([]);

  expect(await story.command("!tyr yes")).toMatch(/^✅/);
  await story.pass();
  expect(story.rooms.map((room) => saidIn(room).length)).toEqual([1, 1, 1]);
});

test("announce: a no says nothing", async () => {
  await begin({ rooms: 3 });
  story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr announce We have new rules.");
  await story.until(
    () => story.said().some((text) => text.includes("3 rooms would read it")),
    "the question",
  );
  await story.command("!tyr no");
  await story.pass();
  expect(story.rooms.flatMap(saidIn)).toEqual([]);
});

test("announce: one room that is named needs no yes, and hears it alone", async () => {
  await begin({ rooms: 2 });
  const answer = await story.command(`!tyr announce ${story.rooms[1]} Only here.`);
  await story.pass();
  expect(answer).toMatch(/^✅/);
  expect(story.rooms.map((room) => saidIn(room).length)).toEqual([0, 1]);
});

test("rooms leave: leaves a room that is not protected any more, and nothing else", async () => {
  await begin({ rooms: 2 });
  const [room] = story.rooms;
  expect(await story.command(`!tyr rooms leave ${room}`)).toMatch(
    /I protect it, and !tyr rooms remove .* ends that/,
  );
  expect(await story.command(`!tyr rooms leave ${story.list}`)).toMatch(/a list that I watch/);
  expect(await story.command(`!tyr rooms leave ${story.managementRoom}`)).toMatch(/the management room/);
  expect(story.homeserver.membership(room!, story.bot.userId)).toBe("join");

  await story.command(`!tyr rooms remove ${room}`);
  expect(await story.command(`!tyr rooms leave ${room}`)).toMatch(/^✅/);
  await story.pass();
  expect(story.homeserver.membership(room!, story.bot.userId)).toBe("leave");
  expect(await story.command(`!tyr rooms leave ${room}`)).toMatch(/I am not in/);
});

test("unban --invite: the person is invited to the rooms in which the ban is lifted, and to no other", async () => {
  await begin({ rooms: 3 });
  const rude = story.person("rude");
  await story.command(`!tyr ban ${rude} coc rude`);

  const answer = await story.command(`!tyr unban ${rude} --invite`);
  await story.pass();

  expect(answer).toMatch(/^✅/);
  expect(story.rooms.map((room) => story.homeserver.membership(room, rude))).toEqual(
    story.rooms.map(() => "invite"),
  );
});

test("unban --invite: not for a glob, a server or a room", async () => {
  await begin({ rooms: 1 });
  for (const who of ["@*:evil.test", "evil.test"])
    expect(await story.command(`!tyr unban ${who} --invite`)).toMatch(/--invite is for one person/);
});

test("since: a date, a date with a time, and what is neither", async () => {
  await begin({ rooms: 1 });
  story.person("new");
  await story.pass(1_000);
  const today = new Date(story.clock.now()).toISOString().slice(0, 10);

  expect(await story.command(`!tyr since ${today} show`)).toContain(`who joined since ${today} 00:00 UTC`);
  expect(await story.command(`!tyr since "${today} 00:00" show`)).toContain("@new:hs.test");
  expect(await story.command("!tyr since 2026-02-30 show")).toMatch(/no date/);
  expect(await story.command("!tyr since 2199-01-01 show")).toMatch(/still to come/);
});
