// What sync leaves out, tells twice or tells late, in all rooms at once: nothing is lost, nothing is done twice, and making good what was missed is no storm of requests.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;

afterEach(() => story.stop());

/** The largest number of reads of rooms that were under way at the same time. */
function mostReadsAtOnce(): () => number {
  let now = 0;
  let most = 0;
  const handle = story.homeserver.handle.bind(story.homeserver);
  story.homeserver.handle = async (request) => {
    const isRead = request.method === "GET" && request.path.includes("/rooms/");
    if (isRead) most = Math.max(most, ++now);
    try {
      return await handle(request);
    } finally {
      if (isRead) now--;
    }
  };
  return () => most;
}

const bansOf = (person: string) =>
  story
    .written("m.room.member")
    .filter((one) => one.state_key === person && one.content["membership"] === "ban");

test("a gap in all rooms at once, over 10,000 rules and 1,000 members, is made good once", async () => {
  story = new Story({ rooms: 20, homeserver: { readLatencyMs: 50 } });
  const here = story.person("here");
  const lifted = story.person("lifted");
  const rule = story.rule(lifted);
  await story.start();
  await story.until(() => story.isBanned(lifted), "the ban before");
  const most = mostReadsAtOnce();
  story.homeserver.clearRequests();

  story.homeserver.skipInSync("all");
  story.homeserver.inOneGo(() => {
    for (let i = 0; i < 1_000; i++)
      story.homeserver.join(story.rooms[i % 20]!, `@${i % 100 === 0 ? "spam" : "person"}${i}:far.example`);
    story.homeserver.addRules(story.list, story.moderator, 10_000);
    story.rule("@spam*:far.example");
    story.rule(here);
    story.homeserver.redact(story.list, story.moderator, rule);
    for (const room of [...story.rooms, story.list])
      for (let i = 0; i < 30; i++) story.homeserver.sendText(room, story.moderator, `chat ${i}`);
  });
  const spammers = Array.from({ length: 10 }, (_, i) => `@spam${i * 100}:far.example`);
  await story.until(
    () => story.isBanned(here) && !story.isBanned(lifted, [story.rooms[0]!]),
    "what was missed",
  );
  await story.pass(60_000);

  const inRoom = (i: number) => story.homeserver.membership(story.rooms[(i * 100) % 20]!, spammers[i]!);
  expect(spammers.map((_, i) => inRoom(i))).toEqual(spammers.map(() => "ban"));
  expect(spammers.map((one) => bansOf(one).length)).toEqual(spammers.map(() => 1));
  expect(bansOf(here)).toHaveLength(20);
  expect(most()).toBeLessThanOrEqual(16);
  // One state and a few pages of the past for each room, and members for none.
  const counts = story.homeserver.requestCounts;
  expect(counts["GET state"]).toBeLessThanOrEqual(23);
  expect(counts["GET members"] ?? 0).toBe(0);
  expect(await story.command("!tyr status")).toMatch(/^✅.*\nTyr is watching 1 list with 10,00\d rules/);
});

test("gap after gap in all rooms reads each room's state no more than once in a while, and at the end once more", async () => {
  story = new Story({ rooms: 10 });
  await story.start();
  story.homeserver.clearRequests();

  for (let i = 0; i < 10; i++) {
    story.homeserver.skipInSync("all");
    story.homeserver.inOneGo(() => {
      for (const room of story.rooms)
        for (let n = 0; n < 3; n++) story.homeserver.sendText(room, story.moderator, `chat ${i} ${n}`);
    });
    await story.pass(1_000);
  }
  const during = story.homeserver.requestCounts["GET state"]!;
  await story.pass(120_000);

  expect(during).toBe(10);
  expect(story.homeserver.requestCounts["GET state"]).toBe(20);
});

test("a sync that goes back and tells everything again has nothing done again", async () => {
  story = new Story({ rooms: 3 });
  await story.start();
  const [banned, back] = [story.person("banned"), story.person("back")];
  story.rule(banned);
  const rule = story.rule(back);
  await story.until(() => story.isBanned(banned) && story.isBanned(back), "the bans");
  story.homeserver.redact(story.list, story.moderator, rule);
  await story.until(() => !story.isBanned(back, [story.rooms[0]!]), "the lifts");
  for (const room of story.rooms) story.homeserver.join(room, back);
  await story.pass(10_000);
  const before = story.written("m.room.member").length;

  for (const steps of [25, 10, 3]) {
    story.homeserver.repeatSync(story.bot.userId, { back: steps });
    story.homeserver.sendText(story.rooms[0]!, story.moderator, "something new");
    await story.pass(20_000);
  }

  expect(story.homeserver.membership(story.rooms[0]!, back)).toBe("join");
  expect(story.isBanned(banned)).toBe(true);
  expect(story.written("m.room.member")).toHaveLength(before);
});

test("what sync never told is found by the command sync, and done", async () => {
  story = new Story({ rooms: 3 });
  const person = story.person("person");
  await story.start();
  const state = { entity: person, recommendation: "m.ban", reason: "" };
  story.homeserver.forceState(story.list, story.moderator, "m.policy.rule.user", "silent", state, {
    silent: true,
  });
  await story.pass(30_000);
  expect(story.isBanned(person)).toBe(false);

  await story.command("!tyr sync");

  await story.until(() => story.isBanned(person), "the bans");
  expect(bansOf(person)).toHaveLength(3);
});

/** So much is said at once that the homeserver leaves out what came before it. */
const chatter = (room: string) => {
  for (let i = 0; i < 150; i++) story.homeserver.sendText(room, story.moderator, `chat ${i}`);
};
const said = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const markOn = (event: string) =>
  story.homeserver
    .events(story.managementRoom)
    .filter((one) => one.type === "m.reaction" && one.sender === story.bot.userId)
    .some((one) => (one.content["m.relates_to"] as { event_id?: string }).event_id === event);

test("a command that the homeserver left out is obeyed", async () => {
  story = new Story();
  const person = story.person("person");
  await story.start();

  const command = story.homeserver.inOneGo(() => {
    const event = said(`!tyr ban ${person} spam`);
    chatter(story.managementRoom);
    return event;
  });
  await story.pass();

  expect(story.isBanned(person)).toBe(true);
  expect(story.answerTo(command)).toContain(`Ban of ${person}`);
  expect(markOn(command)).toBe(true);
});

test("what comes after a gap is heard after what the gap held: the last word counts", async () => {
  story = new Story({ homeserver: { readLatencyMs: 500 } });
  const person = story.person("person");
  await story.start();

  story.homeserver.inOneGo(() => {
    said(`!tyr ban ${person}`);
    chatter(story.managementRoom);
    said(`!tyr unban ${person}`);
  });
  await story.pass();

  expect(story.rooms.map((room) => story.homeserver.membership(room, person))).not.toContain("ban");
  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user").map((one) => one.content)).toEqual([
    {},
  ]);
});

test("an answer and a reaction that the homeserver left out are heard", async () => {
  story = new Story();
  const [one, two] = [story.person("one"), story.person("two")];
  await story.start();
  const question = async (text: string, id: number) => {
    said(text);
    const asked = () =>
      story.homeserver
        .events(story.managementRoom)
        .find(({ content }) => String(content["body"]).startsWith(`Question ${id}:`));
    await story.until(() => asked() !== undefined, "the question");
    await story.pass(1_000);
    return asked()!.event_id;
  };
  const asked = await question("!tyr kick @on*:hs.test", 1);
  await question("!tyr kick @tw*:hs.test", 2);

  story.homeserver.inOneGo(() => {
    story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: asked, key: "✅" },
    });
    said("!tyr yes 2");
    chatter(story.managementRoom);
  });
  await story.pass();

  const left = [one, two].map((person) => story.homeserver.membership(story.rooms[0]!, person));
  expect(left).toEqual(["leave", "leave"]);
});

test("a command that was left out and is heard too late is told, and not obeyed", async () => {
  story = new Story();
  const person = story.person("person");
  await story.start();
  story.homeserver.failNext({ match: { path: "/sync" }, status: 502, times: 1_000 });
  await story.pass(1_000);

  said(`!tyr ban ${person} spam`);
  chatter(story.managementRoom);
  await story.pass(10 * 60_000);
  story.homeserver.clearFaults();
  await story.pass(120_000);

  expect(story.isBanned(person)).toBe(false);
  const told = story.said().filter((text) => text.includes("I could read this only now"));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`ban ${person} spam, ${story.moderator} at `);
});

test("a gap that is read late is told of, and what came after it is heard without it", async () => {
  story = new Story();
  const [first, second] = [story.person("first"), story.person("second")];
  await story.start();
  story.homeserver.failNext({ match: { path: "/messages" }, status: 502, times: 1_000 });

  story.homeserver.inOneGo(() => {
    said(`!tyr ban ${first}`);
    chatter(story.managementRoom);
    said(`!tyr ban ${second}`);
  });
  await story.pass(12_000);
  expect(story.isBanned(second)).toBe(true);
  story.homeserver.clearFaults();
  await story.pass(120_000);

  expect(story.isBanned(first)).toBe(false);
  expect(story.said().filter((text) => text.includes(`ban ${first}, ${story.moderator} at`))).toHaveLength(1);
});

test("a gap that cannot be read is told of", async () => {
  story = new Story();
  await story.start();
  story.homeserver.failNext({
    match: { path: "/messages" },
    status: 403,
    body: { errcode: "M_FORBIDDEN", error: "no" },
    times: 10,
  });

  chatter(story.managementRoom);
  await story.pass(60_000);

  expect(story.said().filter((text) => text.includes("I could not read all of them"))).toHaveLength(1);
});
