// `stop` beside a yes, and what it dropped: the stop wins, and a yes afterwards does exactly what was meant.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async (people: readonly string[], options: StoryOptions = {}) => {
  story = new Story({ rooms: 3, ...options });
  const those = people.map((name) => story.person(name));
  await story.start();
  return those;
};
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const inRoom = (user: string) =>
  story.rooms.filter((room) => story.homeserver.membership(room, user) === "join").length;
const question = (id: number) => {
  const sent = () =>
    story.homeserver
      .events(story.managementRoom)
      .find((one) => String(one.content["body"]).startsWith(`Question ${id}:`));
  return story.until(() => sent() !== undefined, `question ${id}`).then(() => sent()!);
};
const react = (key: string, event: string) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key },
  });

describe("a yes and a stop in one answer of the homeserver", () => {
  const crowd = Array.from({ length: 10 }, (_, i) => `crowd${i}`);
  /** A command that waits for a yes. */
  const asked = async () => {
    const people = await begin(crowd, { settings: { guard: { maxPeople: 4, maxRoomShare: 100 } } });
    say("!tyr kick @crowd*:hs.test rude");
    return { people, message: (await question(1)).event_id };
  };
  const removed = (people: readonly string[]) => people.filter((one) => inRoom(one) < 3).length;

  const yes: Readonly<Record<string, (message: string) => void>> = {
    "a reaction": (message) => void react("✅", message),
    "a bare yes": () => void say("yes"),
    "a typed yes": () => void say("!tyr yes 1"),
  };
  test.each(Object.keys(yes).flatMap((how) => [[how, "before"] as const, [how, "after"] as const]))(
    "%s right %s the stop does nothing, and is told",
    async (how, when) => {
      const { people, message } = await asked();

      story.homeserver.inOneGo(() => {
        if (when === "before") yes[how]!(message);
        say("!tyr stop");
        if (when === "after") yes[how]!(message);
      });
      await story.pass(60_000);

      expect(removed(people)).toBe(0);
      expect(story.world!.settings.stopping.stop).toBeDefined();
      expect(story.world!.questions.get(1)?.answer).toBeUndefined();
      // A bare yes after other words answers nothing, and is not told.
      const isTold = story.said().join("\n").includes("stop was said with it or after it");
      expect(isTold).toBe(how !== "a bare yes" || when === "before");
    },
  );

  test("another yes after the stop is meant", async () => {
    const { people, message } = await asked();
    story.homeserver.inOneGo(() => {
      react("✅", message);
      say("!tyr stop");
    });
    await story.pass(20_000);

    say("!tyr yes 1");

    await story.until(() => removed(people) === 10, "the kicks");
  });

  test("a no is heard", async () => {
    const { message } = await asked();

    story.homeserver.inOneGo(() => {
      react("❌", message);
      say("!tyr stop");
    });
    await story.pass(20_000);

    expect(story.world!.questions.get(1)?.answer?.yes).toBe(false);
  });
});

describe("what a stop dropped is offered after go, and a yes does what was meant", () => {
  /** Dropped before it is carried out. */
  const overtaken = async (command: string | (() => string)) => {
    const typed = story.homeserver.inOneGo(() => {
      const event = typeof command === "string" ? say(command) : command();
      say("!tyr stop");
      return event;
    });
    await story.pass();
    expect(story.answerTo(typed)).toContain("Not done, as stop was said after it.");
  };

  test("a display name means whoever bore it then", async () => {
    const [rude, other] = await begin(["rude", "other"]);
    const call = (who: string, displayname: string) => {
      for (const room of story.rooms)
        story.homeserver.setState(room, who, "m.room.member", who, { membership: "join", displayname });
      story.homeserver.setDisplayName(who, displayname);
    };
    call(rude!, "Johnny");
    await story.pass();
    await overtaken("!tyr kick Johnny");
    call(rude!, "Somebody");
    call(other!, "Johnny");
    await story.command("!tyr go");
    await question(1);

    say("!tyr yes 1");
    await story.until(() => inRoom(rude!) === 0, "the kicks");
    await story.pass();

    expect(inRoom(other!)).toBe(3);
  });

  test("an alias means the room to which it led then", async () => {
    const [rude] = await begin(["rude"]);
    story.homeserver.setAlias("#lobby:hs.test", story.rooms[1]);
    await overtaken(`!tyr kick ${rude} #lobby:hs.test`);
    story.homeserver.setAlias("#lobby:hs.test", story.rooms[2]);
    await story.command("!tyr go");
    await question(1);

    say("!tyr yes 1");
    await story.until(() => inRoom(rude!) === 2, "the kick");
    await story.pass();

    expect(story.rooms.map((room) => story.homeserver.membership(room, rude!))).toEqual([
      "join",
      "leave",
      "join",
    ]);
  });

  test("a reply means the message that it replied to", async () => {
    const [rude] = await begin(["rude"]);
    const about = story.homeserver.sendText(story.managementRoom, story.moderator, `look at ${rude}`);
    await story.pass();
    await overtaken(() =>
      story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", {
        msgtype: "m.text",
        body: "!tyr kick",
        "m.relates_to": { "m.in_reply_to": { event_id: about } },
      }),
    );
    await story.command("!tyr go");
    await question(1);

    say("!tyr yes 1");

    await story.until(() => inRoom(rude!) === 0, "the kicks");
  });

  test("undo last means the command that was the last one then", async () => {
    const [rude, other] = await begin(["rude", "other"]);
    await story.command(`!tyr mute ${rude}`);
    await story.command(`!tyr unmute ${rude}`);
    await overtaken("!tyr undo last");
    await story.command(`!tyr exempt add ${other}`);
    await story.command("!tyr go");
    const asked = await question(1);

    expect(String(asked.content["body"])).toMatch(
      /typed !tyr undo last before the stop.* That is !tyr undo 2\./,
    );
    say("!tyr yes 1");
    await story.pass();

    expect([...story.world!.settings.exemptions.keys()]).toEqual([other]);
    expect(story.world!.rooms.get(story.rooms[0]! as RoomId)!.power.of(rude! as UserId)).toBe(-1);
  });

  test("what was said to an earlier run has to be typed again", async () => {
    const settings = { executor: { startConcurrency: 1, maxConcurrency: 1 } };
    const [rude] = await begin(["rude"], { rooms: 12, dataPath: aFolder(), settings });
    for (const room of story.rooms) story.homeserver.setRoomLatency(room, 10_000);
    say(`!tyr kick ${rude}`);
    await story.pass(3_000);
    story.kill();
    await story.start();
    await story.command("!tyr stop");
    await story.pass(60_000);
    const before = inRoom(rude!);
    await story.command("!tyr go");
    await story.pass();

    expect(before).toBeGreaterThan(0);
    expect(story.said().join("\n")).toContain(
      `${story.moderator} typed !tyr kick ${rude} before the stop, and not all of it was done. I was started anew since`,
    );
    expect(story.world!.questions.open()).toEqual([]);
    expect(inRoom(rude!)).toBe(before);
  });
});
