// The management room is upgraded: Tyr goes along, if moderators did it, and stays there over a restart.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { initAsync } from "@matrix-org/matrix-sdk-crypto-wasm";
import { aFolder } from "../support/folder.ts";
import { Story } from "../support/story.ts";

let story: Story;
beforeEach(async () => {
  story = new Story({ dataPath: aFolder() });
  await story.start();
});
afterEach(() => story.stop());

const used = () => story.world!.settings.managementRoom as string | undefined;
const predecessor = () => ({ creationContent: { predecessor: { room_id: story.managementRoom } } });
const upgradeTo = (room: string) =>
  story.homeserver.setState(story.managementRoom, story.moderator, "m.room.tombstone", "", {
    replacement_room: room,
  });
const textsIn = (room: string) => story.homeserver.texts(room, story.bot.userId);

test("its successor is where commands are heard, bans go on, and a restart changes nothing of that", async () => {
  const { userId: late } = story.homeserver.createUser("late");
  story.homeserver.invite(story.managementRoom, story.moderator, late);
  story.homeserver.join(story.managementRoom, late);
  const person = story.person("rude");
  const next = story.room("Management anew", { joinRule: "invite", ...predecessor() });

  upgradeTo(next);
  await story.until(() => used() === next, "the new management room");
  await story.until(() => textsIn(next).length > 0, "the message there");
  expect(textsIn(next)[0]).toContain("The management room was upgraded: this room has taken its place");
  expect(textsIn(next)[0]).toContain(`Not here yet, and no moderator until they are: ${late}.`);

  story.homeserver.sendText(next, story.moderator, `!tyr ban ${person} rude`);
  await story.until(() => story.isBanned(person), "the ban");
  story.homeserver.sendText(story.managementRoom, late, `!tyr unban ${person}`);
  await story.pass();
  expect(story.isBanned(person)).toBe(true);

  await story.stop();
  story.launch();
  await story.until(() => textsIn(next).some((text) => text.startsWith("Tyr is watching")), "the start");
  expect(used()).toBe(next);
});

const encryption = { type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } };

test("an encrypted successor is followed, and read from then on", async () => {
  await story.clock.standStill(initAsync());
  const sealed = (room: string) =>
    story.homeserver
      .events(room)
      .filter(({ type, sender }) => type === "m.room.encrypted" && sender === story.bot.userId);
  const next = story.room("Management anew", {
    ...{ joinRule: "invite", initialState: [encryption], ...predecessor() },
  });

  upgradeTo(next);
  await story.until(() => used() === next, "the new management room");
  await story.until(() => sealed(next).length > 0, "the message there");

  expect(textsIn(next)).toEqual([]);
});

test("an encrypted successor is not followed where encryption is switched off, and status says why", async () => {
  await story.stop();
  story = new Story({ settings: { encryption: { enabled: "no" } } });
  await story.start();
  const next = story.room("Management anew", {
    ...{ joinRule: "invite", initialState: [encryption], ...predecessor() },
  });

  upgradeTo(next);
  await story.pass(120_000);

  expect(used()).toBe(story.managementRoom);
  expect(await story.command("!tyr status")).toContain("is invite-only and not encrypted");
});

test.each([
  ["a stranger made", () => story.homeserver.createUser("stranger").userId, "invite"],
  ["everybody can join", () => story.moderator, "public"],
] as const)("a successor that %s is not followed", async (_which, maker, joinRule) => {
  const creator = maker();
  const next = story.homeserver.createRoom({ creator, name: "Trap", joinRule, ...predecessor() });
  story.homeserver.invite(next, creator, story.bot.userId);

  upgradeTo(next);
  await story.pass(120_000);

  expect(used()).toBe(story.managementRoom);
  expect(await story.command("!tyr status")).toContain("This room was upgraded, and I stay here");
});
