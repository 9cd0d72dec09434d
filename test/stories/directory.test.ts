// Aliases and the public list of rooms: looked up, changed and put back.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
const alias = "#lobby:hs.test";
const target = () => story.homeserver.aliasTarget(alias);

beforeEach(async () => {
  story = new Story();
  await story.start();
});
afterEach(() => story.stop());

test("resolve tells the room, its servers and what it is to us", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);

  const answer = await story.command(`!tyr resolve ${alias}`);

  expect(answer).toContain(`${alias} is ${story.rooms[0]!}, Room 1`);
  expect(answer).toContain("hs.test");
  expect(answer).toContain("a protected room, and I am in it");
  expect(await story.command("!tyr resolve #nowhere:hs.test")).toMatch(/^❌ #nowhere:hs.test leads nowhere/);
});

test("an alias is made, taken back by its number and made again", async () => {
  const made = await story.command(`!tyr alias add ${alias} ${story.rooms[0]!}`);
  expect(target()).toBe(story.rooms[0]);
  const undone = await story.command(`!tyr undo ${undoNumber(made)}`);
  expect(target()).toBeUndefined();
  await story.command(`!tyr undo ${undoNumber(undone)}`);

  expect(made).toContain("made 1 alias");
  expect(target()).toBe(story.rooms[0]);
});

test("an alias is removed, and comes back where it led", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);

  const removed = await story.command(`!tyr alias remove ${alias}`);
  expect(target()).toBeUndefined();
  await story.command(`!tyr undo ${undoNumber(removed)}`);

  expect(target()).toBe(story.rooms[0]);
});

test("an alias moves, and back", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);

  const moved = await story.command(`!tyr alias move ${alias} ${story.rooms[1]!}`);
  expect(moved).toMatch(/^✅/);
  expect(target()).toBe(story.rooms[1]);
  const undone = await story.command(`!tyr undo ${undoNumber(moved)}`);

  expect(undone).toMatch(/^✅/);
  expect(target()).toBe(story.rooms[0]);
});

test("an alias moves to no room that is not there: it is looked up before anything is removed", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);

  const answer = await story.command(`!tyr alias move ${alias} #nowhere:hs.test`);

  expect(answer).toContain("leads nowhere");
  expect(target()).toBe(story.rooms[0]);
});

test("an alias that is taken is not made, and the answer says how to move it", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);

  const answer = await story.command(`!tyr alias add ${alias} ${story.rooms[1]!}`);

  expect(answer).toMatch(/^❌/);
  expect(answer).toContain(`!tyr alias move ${alias} ${story.rooms[1]!}`);
  expect(target()).toBe(story.rooms[0]);
});

test("an alias of another server is left to its people", async () => {
  const answer = await story.command(`!tyr alias add #lobby:other.example ${story.rooms[0]!}`);

  expect(answer).toContain("belongs to other.example, and only accounts of that server can change it");
});

test("what the homeserver does not let us remove is told with what it takes", async () => {
  story.homeserver.setAlias(alias, story.rooms[0]);
  story.homeserver.failNext({
    match: ({ method, path }) => method === "DELETE" && path.includes("/directory/room/"),
    status: 403,
    body: { errcode: "M_FORBIDDEN", error: "You don't have permission to delete the alias." },
    times: 1,
  });

  const answer = await story.command(`!tyr alias remove ${alias}`);

  expect(answer).toContain("You don't have permission to delete the alias");
  expect(answer).toContain("I can remove aliases that I made");
});

test("a room goes on the public list and off it, and an undo turns it round", async () => {
  const room = story.rooms[0]!;

  const listed = await story.command(`!tyr directory add ${room}`);
  expect(story.homeserver.isListed(room)).toBe(true);
  expect(await story.command(`!tyr directory add ${room}`)).toContain("it was so already");
  await story.command(`!tyr undo ${undoNumber(listed)}`);
  expect(story.homeserver.isListed(room)).toBe(false);
  await story.command(`!tyr directory add ${room}`);
  await story.command(`!tyr directory remove ${room}`);

  expect(story.homeserver.isListed(room)).toBe(false);
});
