// A dry run: nothing is written anywhere but words in the management room, and nothing of it counts as done.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story } from "../support/story.ts";

let story: Story;
let dataPath: string;
beforeEach(() => {
  dataPath = aFolder();
});
afterEach(() => story.stop());

/** What the bot sent that changes anything: everything but reads and words in the management room. */
function writes(): readonly string[] {
  const room = encodeURIComponent(story.managementRoom);
  return story.homeserver.requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`)
    .filter((line) => !line.includes(`/rooms/${room}/send/`));
}

function kicks(): number {
  return story.database!.all("SELECT 1 FROM decision WHERE kind = 'kick'").length;
}

describe("a dry run", () => {
  beforeEach(async () => {
    story = new Story({ rooms: 3, dataPath, settings: { dryRun: true } });
    story.person("spammer");
    story.rule("@spammer:hs.test", { reason: "spam" });
    story.rule("evil.example", { kind: "server" });
    await story.start();
  });

  test("says so at the start and in status", async () => {
    expect(story.said()[0]).toContain("Dry run: I write nothing to any room but this one.");
    expect(await story.command("!tyr status")).toContain("Dry run: I write nothing");
  });

  test("writes nothing for what lists ask, says what it would have done, and says it once", async () => {
    await story.until(() => story.said().some((text) => text.includes("would have")), "the report");
    await story.pass(30 * 60_000);

    expect(writes()).toEqual([]);
    expect(story.isBanned("@spammer:hs.test")).toBe(false);
    const told = story.said().filter((text) => text.includes("would have"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Dry run: would have banned @spammer:hs.test in 3 rooms");
    expect(told[0]).toContain("Dry run: would have updated the server ACL in 3 rooms");
  });

  test("answers a ban with what it would have done, in rooms and rules", async () => {
    story.person("rude");

    const answer = await story.command("!tyr ban @rude:hs.test coc rude");

    expect(answer).toContain("✅");
    expect(answer).toContain("Dry run: would have written 1 rule");
    expect(answer).toContain("Dry run: would have banned @rude:hs.test in 3 rooms");
    expect(answer).not.toMatch(/^(banned|wrote)/m);
    expect(writes()).toEqual([]);
  });

  test("can be asked for the same twice", async () => {
    story.person("rude");

    await story.command("!tyr ban @rude:hs.test coc rude");
    const again = await story.command("!tyr ban @rude:hs.test coc rude");

    expect(again).toContain("Dry run: would have banned @rude:hs.test in 3 rooms");
  });

  test.each([
    ["!tyr kick @spammer:hs.test", "would have kicked @spammer:hs.test in 3 rooms"],
    ["!tyr lists create fresh", "would have made 1 list"],
  ])("does not do %s", async (command, text) => {
    expect(await story.command(command)).toContain(`Dry run: ${text}`);
    expect(writes()).toEqual([]);
  });

  test("keeps what moderators settle", async () => {
    await story.command("!tyr exempt add @friend:hs.test");

    expect([...story.world!.settings.exemptions.keys()]).toEqual(["@friend:hs.test"]);
    expect(writes()).toEqual([]);
  });

  test("why and undo know that nothing was done", async () => {
    story.person("rude");
    await story.command("!tyr ban @rude:hs.test coc rude");

    const why = await story.command("!tyr why @rude:hs.test");
    const undo = await story.command("!tyr undo last");

    expect(why).toContain("banned in 3 rooms (3 in a dry run, so not done)");
    expect(undo).toContain("never done: that was a dry run");
    expect(undo).not.toContain("ban to lift");
  });

  test("joins no room", async () => {
    const stranger = story.homeserver.createUser("stranger").userId;
    const room = story.homeserver.createRoom({ creator: stranger, joinRule: "public" });

    const answer = await story.command(`!tyr rooms add ${room}`);
    await story.pass(20 * 60_000);

    expect(answer).toContain("Dry run: would have joined 1 room");
    expect(story.homeserver.membership(room, story.bot.userId)).not.toBe("join");
    expect(story.said().filter((text) => text.includes("would have joined"))).toHaveLength(1);
  });
});

describe("after a dry run, in earnest", () => {
  async function inEarnest(): Promise<void> {
    await story.stop();
    story.settings = {};
    await story.start();
  }

  test("what lists ask for is done, and commands are not said again", async () => {
    story = new Story({ rooms: 2, dataPath, settings: { dryRun: true } });
    story.person("spammer");
    story.person("rude");
    story.rule("@spammer:hs.test", { reason: "spam" });
    await story.start();
    await story.command("!tyr ban @rude:hs.test coc rude");

    await inEarnest();
    await story.until(() => story.isBanned("@spammer:hs.test"), "the ban");
    await story.pass();

    expect(story.isBanned("@rude:hs.test")).toBe(false);
    expect(story.said().at(-1)).not.toContain("Dry run");
  });

  test("a crash in the middle of a dry run leaves nothing to go on with", async () => {
    story = new Story({ rooms: 2, dataPath, settings: { dryRun: true } });
    story.person("rude");
    await story.start();
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @rude:hs.test");
    await story.until(() => kicks() > 0, "the kick");
    story.kill();
    story.settings = {};
    await story.start();
    await story.pass();

    expect(story.homeserver.membership(story.rooms[0]!, "@rude:hs.test")).toBe("join");
  });

  test("a yes of the dry run does not hold: its question is put again", async () => {
    story = new Story({
      rooms: 2,
      dataPath,
      settings: { dryRun: true, guard: { maxPeople: 0, maxRoomShare: 0 } },
    });
    for (const name of ["a", "b", "c", "d", "e", "f"]) story.person(name);
    await story.start();
    await story.pass(2 * 86_400_000);
    story.rule("@?:hs.test");
    await story.until(() => story.said().some((text) => text.startsWith("Question 1")), "the question");
    await story.command("!tyr yes 1");
    await story.until(
      () => story.said().some((text) => text.includes("would have banned 6 people")),
      "the report",
    );

    await story.stop();
    story.settings = { guard: { maxPeople: 0, maxRoomShare: 0 } };
    await story.start();
    await story.until(
      () =>
        story.said().filter((text) => text.startsWith("Question 1:") && text.includes("does it")).length > 1,
      "the question, again",
    );
    await story.pass();

    expect(story.isBanned("@a:hs.test")).toBe(false);
    await story.command("!tyr yes 1");
    await story.until(() => story.isBanned("@a:hs.test"), "the ban");
  });

  test("what a run in earnest left unfinished waits for the next one", async () => {
    story = new Story({ rooms: 2, dataPath });
    story.person("rude");
    await story.start();
    for (const room of story.rooms) story.homeserver.setRoomLoss(room, "requests");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr kick @rude:hs.test");
    await story.until(() => kicks() > 0, "the kick");
    story.kill();
    for (const room of story.rooms) story.homeserver.setRoomLoss(room, undefined);
    story.settings = { dryRun: true };
    await story.start();
    await story.pass();
    const inDryRun = story.rooms.map((room) => story.homeserver.membership(room, "@rude:hs.test"));

    await inEarnest();
    await story.until(
      () => story.rooms.every((room) => story.homeserver.membership(room, "@rude:hs.test") === "leave"),
      "the kick",
    );

    expect(inDryRun).toEqual(["join", "join"]);
  });
});
