// All rooms that Tyr is in, protected on request: by command or config, as they come and go.

import { afterEach, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options: StoryOptions = {}) => {
  story = new Story(options);
  await story.start();
};
afterEach(() => story.stop());

const isProtected = (room: string) => story.world!.isProtected(room as never);

test("rooms joined on protects what Tyr is in and comes to be in, and off lets go of it", async () => {
  await begin();
  const [lobby, space, list] = [
    story.room("Lobby"),
    story.room("Town", { creationContent: { type: "m.space" } }),
    story.room("Other list", { creationContent: { type: "m.policy" } }),
  ];
  story.homeserver.setState(space, story.moderator, "m.space.child", "!far:far.test", { via: ["far.test"] });
  await story.pass(1_000);
  expect(isProtected(lobby)).toBe(false);

  expect(await story.command("!tyr rooms joined on")).toMatch(/^✅/);
  await story.until(() => isProtected(lobby) && isProtected(space), "the rooms");
  const later = story.room("Later");
  const spammer = story.person("spammer", [later]);
  await story.until(() => isProtected(later), "the later room");
  await story.command(`!tyr ban ${spammer} spam`);

  expect(story.isBanned(spammer, [later])).toBe(true);
  expect([list, story.list, story.managementRoom].map(isProtected)).toEqual([false, false, false]);
  // The rooms of a space are followed where somebody asks for it.
  expect([isProtected("!far:far.test"), story.world!.settings.spaces.size]).toEqual([false, 0]);
  expect(await story.command("!tyr rooms")).toMatch(/Lobby .*, as a room that I am in/);

  expect(await story.command("!tyr rooms joined off")).toContain("3 rooms are protected no longer");
  expect([lobby, later, space, ...story.rooms].map(isProtected)).toEqual([false, false, false, true, true]);
  await story.command("!tyr undo last");
  await story.until(() => isProtected(lobby), "the room again");
});

test("a room that is taken out stays out, and one that a person names stays when it is switched off", async () => {
  await begin();
  const [out, named] = [story.room("Out"), story.room("Named")];
  await story.command("!tyr rooms joined on");
  await story.until(() => isProtected(out) && isProtected(named), "the rooms");

  await story.command(`!tyr rooms remove ${out}`);
  const added = await story.command(`!tyr rooms add ${named}`);
  await story.pass(3_600_000);
  await story.command("!tyr rooms joined off");

  expect(added).toContain("is protected already, as a room that I am in; from now on by itself as well");
  expect([isProtected(out), isProtected(named)]).toEqual([false, true]);
});

test("a room that others remove Tyr from is waited for", async () => {
  await begin();
  const room = story.room("Lobby", { botLevel: 50 });
  await story.command("!tyr rooms joined on");
  await story.until(() => isProtected(room), "the room");

  story.homeserver.kick(room, story.moderator, story.bot.userId);
  await story.pass();

  expect(isProtected(room)).toBe(true);
  expect(story.said().join("\n")).toContain("Invite me again");
});

test("the config switches it on, and off says that it comes back", async () => {
  await begin({ rooms: 1, settings: { protectJoinedRooms: true, protectedRooms: [] } });

  await story.until(() => isProtected(story.rooms[0]!), "the room");

  expect(await story.command("!tyr rooms joined off")).toContain(
    "The config has protectJoinedRooms: true: the next start switches it on again.",
  );
});
