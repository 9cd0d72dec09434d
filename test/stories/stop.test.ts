// `stop` and `go`: one word that stops everything but lifts, says what it dropped, and how to take it up.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

/** `isSlow`: two writes at a time, of two seconds each. */
const begin = async (options: StoryOptions & { people?: readonly string[]; isSlow?: boolean } = {}) => {
  const { people = [], isSlow = false, ...rest } = options;
  story = new Story({
    rooms: 12,
    settings: { executor: isSlow ? { startConcurrency: 2, maxConcurrency: 2 } : {} },
    ...rest,
  });
  for (const room of isSlow ? story.rooms : []) story.homeserver.setRoomLatency(room, 2_000);
  const those = people.map((name) => story.person(name));
  await story.start();
  return those;
};
const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
const banned = (user: string) =>
  story.rooms.filter((room) => story.homeserver.membership(room, user) === "ban").length;
const bannedFirst = (user: string, count = 1) =>
  story.until(() => banned(user) >= count, `${count} bans of ${user}`);
const heard = (text: string) =>
  story.until(() => story.said().some((one) => one.includes(text)), `the words: ${text}`);

describe("while a command is under way", () => {
  test("drops what waits, is answered before it, and says what it dropped", async () => {
    const [spammer] = await begin({ people: ["spammer"], isSlow: true });
    say(`!tyr ban ${spammer} rude`);
    await bannedFirst(spammer!);

    const answer = await story.command("!tyr stop");
    await story.pass();

    expect(banned(spammer!)).toBeLessThan(12);
    expect(answer).toContain("Stopped until !tyr go.");
    expect(answer).toMatch(/Dropped: \d+ bans/);
    expect(answer).toContain("Afterwards I do what lists still ask for.");
    expect(story.said().at(-1)).toMatch(/Stopped: would have banned @spammer:\S+ in \d+ rooms?/);
  });

  test("go makes the bans of the command, as its rule asks for them", async () => {
    const [spammer] = await begin({ people: ["spammer"], isSlow: true });
    say(`!tyr ban ${spammer} rude`);
    await bannedFirst(spammer!);
    await story.command("!tyr stop");
    await story.pass();

    const answer = await story.command("!tyr go");
    await story.pass();

    expect(answer).toBe("✅ Going on: what lists ask for is done now.");
    expect(story.isBanned(spammer!)).toBe(true);
  });

  test("what the homeserver had put off when the stop came is not done either, and told", async () => {
    const [rude] = await begin({ people: ["rude"] });
    story.homeserver.limitWrites({ perSecond: 0.2, burst: 3 });
    const kick = say(`!tyr kick ${rude}`);
    await story.pass(2_000);

    await story.command("!tyr stop");
    await story.pass(60_000);

    const gone = story.rooms.filter((room) => story.homeserver.membership(room, rude!) === "leave").length;
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThan(12);
    expect(story.answerTo(kick)).toContain(`Stopped: would have kicked ${rude} in ${12 - gone} rooms`);
  });

  test("a command without a rule is not done silently by go, and done after a yes", async () => {
    const [rude] = await begin({ people: ["rude"], isSlow: true });
    const kicked = () =>
      story.rooms.filter((room) => story.homeserver.membership(room, rude!) === "leave").length;
    say(`!tyr kick ${rude}`);
    await story.until(() => kicked() > 0, "a kick");
    const stopped = await story.command("!tyr stop");
    const gone = await story.command("!tyr go");
    await heard(`typed !tyr kick ${rude} before the stop`);
    await story.pass();
    const before = kicked();

    say("!tyr yes 1");
    await story.until(() => kicked() === 12, "the kicks");

    expect(stopped).toContain(
      `Afterwards I do what lists still ask for, and offer again: !tyr kick ${rude}.`,
    );
    expect(gone).toContain("1 dropped command is offered again");
    expect(before).toBeLessThan(12);
  });

  test("what a search for messages still finds is left alone, and offered after go", async () => {
    const [rude] = await begin({ rooms: 1, people: ["rude"] });
    for (let i = 0; i < 40; i++) story.homeserver.sendText(story.rooms[0]!, rude!, `rude ${i}`);
    await story.stop();
    await story.start();
    const redactions = () =>
      story.homeserver.events(story.rooms[0]!).filter(({ type }) => type === "m.room.redaction").length;
    const before = redactions();
    story.homeserver.setRoomLatency(story.rooms[0]!, 3_000);
    say(`!tyr redact ${rude}`);
    await story.pass(1_000);

    await story.command("!tyr stop");
    await story.pass(60_000);

    expect(redactions()).toBe(before);
    await story.command("!tyr go");
    await heard(`typed !tyr redact ${rude} before the stop`);
  });

  test("an undo does not come true after it that would act against somebody", async () => {
    const [rude] = await begin({ rooms: 1, people: ["rude"] });
    const room = story.rooms[0]!;
    const isMuted = () =>
      (story.homeserver.state(room, "m.room.power_levels")!.content["users"] as Record<string, number>)[
        rude!
      ] === -1;
    await story.command(`!tyr mute ${rude}`);
    story.homeserver.setRoomLatency(room, 8_000);
    say(`!tyr unmute ${rude}`);
    await story.pass(1_000);
    say("!tyr undo last");
    await story.pass(1_000);

    await story.command("!tyr stop");
    await story.pass(60_000);

    expect(isMuted()).toBe(false);
    await story.command("!tyr go");
    await heard("typed !tyr undo last before the stop");
  });

  test("a command that was undone meanwhile is not offered after go", async () => {
    const [rude] = await begin({ people: ["rude"], isSlow: true });
    say(`!tyr mute ${rude}`);
    await story.pass(3_000);
    await story.command("!tyr stop");
    await story.pass();
    await story.command("!tyr undo last");

    expect(await story.command("!tyr go")).not.toContain("offered again");
    await story.pass();
    expect(story.world!.questions.open()).toEqual([]);
  });

  test("lifts go on", async () => {
    const [rude] = await begin({ people: ["rude"], isSlow: true });
    await story.confirmed(`!tyr ban ${rude} rude`);
    say(`!tyr unban ${rude}`);
    await story.until(() => banned(rude!) < 12, "a lift");

    await story.command("!tyr stop");
    await story.pass(60_000);

    expect(banned(rude!)).toBe(0);
  });
});

test("a process that dies right after the stop goes on stopped, and offers after go what it had dropped", async () => {
  const [rude] = await begin({ people: ["rude"], isSlow: true, dataPath: aFolder() });
  const kicked = () =>
    story.rooms.filter((room) => story.homeserver.membership(room, rude!) === "leave").length;
  say(`!tyr kick ${rude}`);
  await story.until(() => kicked() > 0, "a kick");
  await story.command("!tyr stop");
  story.kill();
  await story.pass();
  const before = kicked();

  await story.start();
  await story.pass();
  expect(kicked()).toBe(before);
  await story.command("!tyr go");
  await heard(`typed !tyr kick ${rude} before the stop`);

  expect(before).toBeLessThan(12);
});

describe("while everything is stopped", () => {
  test("lists and protections only tell, and go makes the bans that lists ask for", async () => {
    const [listed, rude] = await begin({ people: ["listed", "rude"], rooms: 3 });
    await story.command("!tyr protections enable flood");
    await story.command("!tyr stop");

    story.rule(listed!);
    story.rule("evil.example", { kind: "server" });
    for (let i = 0; i < 30; i++) story.homeserver.sendText(story.rooms[0]!, rude!, `flood ${i}`);
    await story.pass();

    const said = story.said().join("\n");
    expect(banned(listed!)).toBe(0);
    expect(story.deny(story.rooms[0]!)).toEqual([]);
    expect(story.homeserver.membership(story.rooms[0]!, rude!)).toBe("join");
    expect(said).toContain(`Stopped: would have banned ${listed} in 3 rooms`);
    expect(said).toContain("Stopped: would have updated the server ACL in 3 rooms");
    expect(said).toMatch(/flood in [^]*Stopped: would have/);

    await story.command("!tyr go");
    await story.until(() => banned(listed!) === 3, "the bans");
    await story.until(() => story.deny(story.rooms[0]!).includes("evil.example"), "the server ACL");
    await story.pass();
    expect(story.homeserver.membership(story.rooms[0]!, rude!)).toBe("join");
  });

  test("what moderators ask for is done", async () => {
    const [rude] = await begin({ people: ["rude"], rooms: 3 });
    await story.command("!tyr stop");

    const answer = await story.command(`!tyr ban ${rude} rude`);

    expect(answer).toContain("✅");
    expect(banned(rude!)).toBe(3);
  });

  test("a rule that goes is lifted", async () => {
    const [listed] = await begin({ people: ["listed"], rooms: 3 });
    const rule = story.rule(listed!);
    story.rule("evil.example", { kind: "server" });
    await story.until(() => banned(listed!) === 3, "the bans");
    await story.until(() => story.deny(story.rooms[2]!).includes("evil.example"), "the server ACL");
    await story.command("!tyr stop");

    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", `rule:${listed}`, {});
    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.server", "rule:evil.example", {});

    expect(rule).toBeDefined();
    await story.until(() => banned(listed!) === 0, "the lifts");
    await story.until(() => story.deny(story.rooms[2]!).length === 0, "the server ACL");
  });

  test("a server is let in again although another one waits to be shut out", async () => {
    await begin({ rooms: 2 });
    story.rule("evil.example", { kind: "server" });
    await story.until(() => story.deny(story.rooms[1]!).includes("evil.example"), "the server ACL");
    await story.pass();
    await story.command("!tyr stop");
    story.rule("worse.example", { kind: "server" });
    await story.pass(120_000);

    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.server", "rule:evil.example", {});
    await story.until(() => story.deny(story.rooms[1]!).length === 0, "the server ACL");
    await story.pass();

    expect(story.rooms.map((room) => story.deny(room))).toEqual([[], []]);
    expect(story.said().join("\n")).toContain("Stopped: would have updated the server ACL in 2 rooms");
    await story.command("!tyr go");
    await story.until(() => story.deny(story.rooms[0]!).includes("worse.example"), "the server ACL");
  });

  test("status says so, and so does the start after a restart", async () => {
    const dataPath = aFolder();
    const [listed] = await begin({ people: ["listed"], rooms: 3, dataPath });
    await story.command("!tyr stop");
    expect(await story.command("!tyr status")).toContain(`Stopped by ${story.moderator} on `);

    await story.stop();
    story.rule(listed!);
    await story.start();
    await story.pass();

    expect(story.said().findLast((text) => text.startsWith("Tyr is watching"))).toContain("Stopped by");
    expect(banned(listed!)).toBe(0);
    await story.command("!tyr go");
    await story.until(() => banned(listed!) === 3, "the bans");
  });

  test("a stop for some time ends by itself, and says so", async () => {
    const [listed] = await begin({ people: ["listed"], rooms: 3 });
    const answer = await story.command("!tyr stop 2h");
    story.rule(listed!);
    await story.pass(7_100_000);
    expect(banned(listed!)).toBe(0);

    await heard("The stop is over: what lists ask for is done now.");
    await story.until(() => banned(listed!) === 3, "the bans");

    expect(answer).toMatch(/Stopped until \d{4}-\d\d-\d\d \d\d:\d\d UTC, or !tyr go\./);
  });

  test("words after it that are no span of time do not keep it from stopping", async () => {
    await begin({ rooms: 1 });

    const answer = await story.command("!tyr stop please");

    expect(answer).toContain("Stopped until !tyr go.");
    expect(answer).toContain("I did not understand please as a span of time");
  });

  test("flags and second lines do not keep it from stopping, either", async () => {
    const [rude] = await begin({ rooms: 1, people: ["rude"] });

    const answer = await story.command("!tyr stop --for 2h");
    expect(answer).toMatch(/^✅ Stopped until \d{4}-\d\d-\d\d \d\d:\d\d UTC, or !tyr go\./);
    expect(await story.command("!tyr stop --now")).toContain("I did not understand --now as a span of time");
    expect(await story.command("!tyr Stop for 30 minutes!")).toMatch(/Stopped until \d/);
    await story.command("!tyr go");
    expect(await story.command(`!tyr stop\n!tyr kick ${rude}`)).toContain("Stopped until !tyr go.");
    expect(story.world!.settings.stopping.stop).toBeDefined();
  });

  test("go says so where nothing is stopped", async () => {
    await begin({ rooms: 1 });

    expect(await story.command("!tyr go")).toContain("❌ nothing is stopped");
  });
});

test("a command that was said before it and is still being looked up is not done, and offered after go", async () => {
  const [rude] = await begin({ people: ["rude"], rooms: 3, homeserver: { readLatencyMs: 3_000 } });
  const unknown = say("!tyr kick nobody-here");
  const other = say(`!tyr kick ${rude}`);

  await story.command("!tyr stop");
  await story.pass();

  expect(story.answerTo(other)).toContain("Not done, as stop was said after it.");
  expect(story.answerTo(unknown)).toBeDefined();
  expect(story.rooms.map((room) => story.homeserver.membership(room, rude!))).toEqual([
    "join",
    "join",
    "join",
  ]);
  await story.command("!tyr go");
  await heard(`typed !tyr kick ${rude} before the stop`);
});

describe("where the homeserver leaves out messages of the management room", () => {
  test("it is heard at once, and what was said before it is not done", async () => {
    const [rude, other] = await begin({
      people: ["rude", "other"],
      isSlow: true,
      homeserver: { readLatencyMs: 2_000 },
    });
    const kicked = (who: string) =>
      story.rooms.filter((room) => story.homeserver.membership(room, who) === "leave").length;
    say(`!tyr kick ${rude}`);
    await story.until(() => kicked(rude!) > 0, "a kick");
    let earlier = "";
    let stopped = "";
    story.homeserver.inOneGo(() => {
      earlier = say(`!tyr kick ${other}`);
      for (let i = 0; i < 150; i++) say(`chat ${i}`);
      stopped = say("!tyr stop");
    });
    const saidAt = story.clock.now();

    await story.until(() => story.answerTo(stopped) !== undefined, "the answer");
    const waitedMs = story.clock.now() - saidAt;
    await story.pass(60_000);

    expect(waitedMs).toBeLessThan(5_000);
    expect(kicked(rude!)).toBeLessThan(12);
    expect(kicked(other!)).toBe(0);
    expect(story.answerTo(earlier)).toContain("Not done, as stop was said after it.");
    await story.command("!tyr go");
    await heard(`typed !tyr kick ${other} before the stop`);
  });
});
