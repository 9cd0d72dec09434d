// Rooms that come and go by themselves, through spaces and upgrades: followed, told in one message, shown in `rooms`.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
const begin = async () => {
  story = new Story();
  await story.start();
};
afterEach(() => story.stop());

const aSpace = (name: string) => story.room(name, { creationContent: { type: "m.space" } });
const put = (space: string, ...rooms: readonly string[]) => {
  for (const room of rooms)
    story.homeserver.setState(space, story.moderator, "m.space.child", room, { via: ["hs.test"] });
};
const take = (space: string, room: string) =>
  story.homeserver.setState(space, story.moderator, "m.space.child", room, {});
const isProtected = (room: string) => story.world!.settings.rooms.has(room as never);
const isFollowed = (space: string) => story.world!.settings.spaces.has(space as never);
/** What is said while something happens, edits left out. */
async function saidAfter(act: () => unknown): Promise<readonly string[]> {
  const before = story.said().length;
  await act();
  await story.pass(30_000);
  return story
    .said()
    .slice(before)
    .filter((text) => !text.startsWith("* "));
}
/** A space with one room in it, followed. */
async function followed(): Promise<{ space: string; child: string }> {
  await begin();
  const [space, child] = [aSpace("Town"), story.room("First")];
  put(space, child);
  await story.pass(1_000);
  await story.command(`!tyr rooms add ${space}`);
  await story.until(() => isProtected(child), "the room's protection");
  await story.pass(30_000);
  return { space, child };
}

test("rooms that join a space are protected, and told in one message", async () => {
  const { space } = await followed();
  const rooms = ["Second", "Third"].map((name) => story.room(name));

  const said = await saidAfter(() => put(space, ...rooms));

  expect(said).toEqual([`Now protected, through the space Town: Second ${rooms[0]!}, Third ${rooms[1]!}.`]);
  expect(await story.command("!tyr rooms")).toMatch(/Second .*through Town/);
});

test("a room that leaves a space is protected no longer, and told", async () => {
  const { space, child } = await followed();

  const said = await saidAfter(() => take(space, child));

  expect(said).toEqual([`No longer protected, as no space that I follow holds it: First ${child}.`]);
  expect(await story.command("!tyr rooms")).not.toContain("First");
});

test("a space within a space comes with its rooms and goes with them, told each time", async () => {
  const { space } = await followed();
  const [inner, room] = [aSpace("Quarter"), story.room("Corner")];
  put(inner, room);

  const came = await saidAfter(() => put(space, inner));
  expect(came).toHaveLength(1);
  expect(came[0]).toContain("The space Quarter, which is in Town, is followed too.");
  expect(came[0]).toContain(`Now protected, through the space Quarter: Corner ${room}.`);
  expect(await story.command("!tyr rooms")).toMatch(
    /Corner .*through Quarter(.|\n)*Spaces followed: Town, Quarter/,
  );

  const went = await saidAfter(() => take(space, inner));
  expect(went).toEqual([
    "The space Quarter is followed no longer, nor are its rooms protected: no space holds it any more.",
  ]);
  expect(isProtected(room)).toBe(false);
  expect(await story.command("!tyr rooms")).not.toContain("Quarter");

  // It comes back like any other: nobody has taken it out.
  await saidAfter(() => put(space, inner));
  expect(isProtected(room)).toBe(true);
});

test("whoever takes out a space takes out the spaces within it, and undo brings them back", async () => {
  const { space } = await followed();
  const [inner, room] = [aSpace("Quarter"), story.room("Corner")];
  put(inner, room);
  put(space, inner);
  await story.until(() => isProtected(room), "the inner room's protection");

  await story.command(`!tyr rooms remove ${space}`);
  expect([isFollowed(space), isFollowed(inner), isProtected(room)]).toEqual([false, false, false]);

  await story.command("!tyr undo last");
  await story.until(() => isProtected(room), "the inner room's protection again");
  expect(isFollowed(inner)).toBe(true);
});

test("the successor of an upgraded room is protected, and told", async () => {
  await begin();
  const room = story.rooms[0]!;
  const next = story.room("Room 1 anew", { creationContent: { predecessor: { room_id: room } } });

  const said = await saidAfter(() =>
    story.homeserver.setState(room, story.moderator, "m.room.tombstone", "", { replacement_room: next }),
  );

  expect(said).toEqual([`Room 1 was upgraded: its successor Room 1 anew ${next} is protected as well.`]);
  const rooms = await story.command("!tyr rooms");
  expect(rooms).toContain("Room 1 anew");
  expect(rooms).toContain(`It was upgraded; its successor is ${next}`);
});

test("the successor of an upgraded list is followed, and told", async () => {
  await begin();
  const next = story.room("List anew", { creationContent: { predecessor: { room_id: story.list } } });
  story.rule("@far:far.test", { list: next });

  const said = await saidAfter(() =>
    story.homeserver.setState(story.list, story.moderator, "m.room.tombstone", "", {
      replacement_room: next,
    }),
  );

  expect(said.filter((text) => text.includes("upgraded"))).toEqual([
    `A list was upgraded: I follow its successor List anew ${next} as well.`,
  ]);
  expect(await story.command("!tyr lists")).toContain(next);
});

test("what a moderator asked for is told in the answer alone", async () => {
  const { child } = await followed();

  const said = await saidAfter(() => story.command(`!tyr rooms remove ${child}`));

  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^No longer protecting First/);
});
