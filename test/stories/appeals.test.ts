// Somebody who is banned invites Tyr, writes why they should be let in again, and is answered.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const loud = "@loud:hs.test";

let story: Story;

afterEach(() => story.stop());

async function begin(options: StoryOptions & { readonly isOn?: boolean } = {}): Promise<void> {
  const { isOn = true, ...others } = options;
  story = new Story(others);
  story.person("loud");
  await story.start();
  if (isOn) await story.command("!tyr appeals on");
  await story.command(`!tyr ban ${loud} spam`);
  await story.until(() => story.isBanned(loud), "the ban");
}

/** A room of theirs into which they invite Tyr. */
function invites(by = loud): string {
  const room = story.homeserver.createRoom({ creator: by, joinRule: "invite" });
  story.homeserver.invite(room, by, story.bot.userId);
  return room;
}
const isIn = (room: string) => story.homeserver.membership(room, story.bot.userId) === "join";
const heard = (room: string) => story.homeserver.texts(room, story.bot.userId);
async function appeals(text = "I am sorry", by = loud): Promise<string> {
  const room = invites(by);
  await story.until(() => heard(room).length > 0, "the welcome");
  story.homeserver.sendText(room, by, text);
  return room;
}
const relates = (event: ClientEvent) => (event.content["m.relates_to"] ?? {}) as Content;
const told = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter(
      (one) =>
        one.sender === story.bot.userId &&
        relates(one)["rel_type"] === undefined &&
        /^Appeal \d+ ·.*asks/.test(String(one.content["body"])),
    );
const untilTold = () => story.until(() => told().length > 0, "the appeal");
const textNow = () => {
  const edits = story.homeserver
    .events(story.managementRoom)
    .filter(
      (one) => relates(one)["rel_type"] === "m.replace" && relates(one)["event_id"] === told()[0]!.event_id,
    );
  const newest = edits.at(-1)?.content["m.new_content"] as Content | undefined;
  return String((newest ?? told()[0]!.content)["body"]);
};
const reacts = (key: string) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: told()[0]!.event_id, key },
  });

describe("an appeal", () => {
  test("is put to the moderators, and 👋 lifts the ban, invites, and tells the person", async () => {
    await begin();
    const room = await appeals("I am <b>sorry</b>");
    await untilTold();
    expect(textNow()).toContain("“I am <b>sorry</b>”");
    expect(textNow()).toContain("Banned in 2 rooms");

    reacts("👋");
    await story.until(() => heard(room).some((text) => /your ban is lifted/.test(text)), "the answer");
    await story.until(() => !isIn(room), "the end");

    expect(story.isBanned(loud)).toBe(false);
    expect(story.homeserver.membership(story.rooms[0]!, loud)).toBe("invite");
    await story.until(() => /let in, by @mod:hs\.test/.test(textNow()), "the message's end");
  });

  test("that is denied with words tells them, and that the ban stays; not by name", async () => {
    await begin();
    const room = await appeals();
    await untilTold();
    await story.command("!tyr reports take 1");
    await story.until(() => /taken by @mod/.test(textNow()), "who has it");

    const answer = await story.command("!tyr appeals deny 1 twice is enough");
    await story.until(() => !isIn(room), "the end");

    expect(answer).toContain("The ban of @loud:hs.test stays. I tell them.");
    expect(heard(room).at(-1)).toBe(
      "The moderators have looked at this, and your ban stays. They write: twice is enough",
    );
    expect(heard(room).join()).not.toContain("@mod");
    expect(story.isBanned(loud)).toBe(true);
    expect(await story.command("!tyr appeals deny 1")).toContain("answered already");
    expect(await story.command("!tyr appeals --all")).toContain("the ban stays");
  });

  test("grows with what they write, and goes on after a restart", async () => {
    await begin({ dataPath: aFolder() });
    const room = await appeals("first");
    await untilTold();
    story.kill();
    story.homeserver.sendText(room, loud, "second");
    await story.start();

    await story.until(() => /second/.test(textNow()), "the rest");
    expect(told()).toHaveLength(1);
    await story.command(`!tyr unban ${loud}`);
    await story.until(() => !isIn(room), "the end");
    expect(heard(room).at(-1)).toContain("your ban is lifted");
  });

  test("that a moderator answers by their own client is over", async () => {
    await begin();
    const room = await appeals();
    await untilTold();

    for (const one of story.rooms) story.homeserver.unban(one, story.moderator, loud);
    await story.until(() => !isIn(room), "the end");

    expect(heard(room).at(-1)).toContain("your ban is lifted");
  });

  test("is closed again by whoever says it, after an undo, without another word to them", async () => {
    await begin();
    const room = await appeals();
    await untilTold();
    const answer = await story.command("!tyr appeals deny 1");
    await story.until(() => !isIn(room), "the end");
    const words = heard(room).length;

    await story.command(`!tyr undo ${undoNumber(answer)}`);
    expect(await story.command("!tyr appeals")).toContain("1: @loud:hs.test");
    await story.command("!tyr appeals deny 1");
    await story.pass(hour);

    expect(heard(room)).toHaveLength(words);
    expect(isIn(room)).toBe(false);
  });
});

describe("nobody appeals", () => {
  test("who is not banned, nor where appeals are off", async () => {
    await begin({ isOn: false });
    const [off, other] = [invites(), invites(story.person("quiet"))];
    await story.pass(minute);
    await story.command("!tyr appeals on");
    const second = invites("@quiet:hs.test");
    await story.pass(minute);

    expect([off, other, second].some(isIn)).toBe(false);
    expect(await story.command("!tyr appeals")).toContain("No appeal waits");
  });

  test("again within a week, nor as a moderator does not hear what they report", async () => {
    await begin();
    const room = await appeals();
    await untilTold();
    await story.command("!tyr appeals deny 1");
    await story.until(() => !isIn(room), "the end");

    story.stepClock(6 * day);
    const soon = invites();
    await story.pass(minute);
    expect(isIn(soon)).toBe(false);
    story.stepClock(day);
    await story.command(`!tyr reports mute ${loud}`);
    const muted = invites();
    await story.pass(minute);
    expect(isIn(muted)).toBe(false);
    await story.command(`!tyr reports unmute ${loud}`);
    const heardAgain = invites();
    await story.until(() => isIn(heardAgain), "another appeal");
  });

  test("who invites and writes nothing: it is told to nobody, and left after a day", async () => {
    await begin();
    const room = invites();
    await story.until(() => isIn(room), "the join");
    story.stepClock(day);
    await story.pass(minute);

    expect(isIn(room)).toBe(false);
    expect(told()).toEqual([]);
  });

  test("beyond a few a minute, however many accounts are banned", async () => {
    await begin();
    const names = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const people = names.map((name) => story.person(name));
    for (const one of people) await story.command(`!tyr ban ${one} spam`);
    const rooms = people.map((one) => invites(one));
    await story.pass(30_000);

    expect(rooms.filter(isIn).length).toBe(5);
  });
});

test("the reason of a ban says where to appeal, for all to see", async () => {
  await begin({ settings: { appeals: { contact: "Not right? Write to @tyr:hs.test" } } });
  const member = story.homeserver.state(story.rooms[0]!, "m.room.member", loud);

  expect(member?.content["reason"]).toBe("spam (Not right? Write to @tyr:hs.test)");
});
