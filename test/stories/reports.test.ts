// What people report in rooms and to their homeserver: one case for each person, one message that grows, an answer by
// reaction, word or command, and what reporters' word is worth from then on.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const hour = 60 * minute;

let story: Story;

afterEach(() => story.stop());

interface Begin extends StoryOptions {
  readonly people?: readonly string[];
  readonly isOn?: boolean;
}

const reporters = ["eve", "fay", "gus", "hal", "ida", "jon"];

/** People who were there before Tyr, and one who is loud. */
async function begin({
  people = [...reporters, "loud"],
  isOn = true,
  ...options
}: Begin = {}): Promise<void> {
  story = new Story(options);
  for (const name of people) story.person(name);
  await story.start();
  if (isOn) await story.command("!tyr reports on");
}

const id = (name: string) => `@${name}:hs.test`;
const loud = id("loud");
const lobby = () => story.rooms[0]!;
const relates = (event: ClientEvent) => (event.content["m.relates_to"] ?? {}) as Content;

const says = (text: string, by = loud, room = lobby()) => story.homeserver.sendText(room, by, text);
const flags = (event: string, by: string, { key = "🚩", room = lobby() } = {}) =>
  story.homeserver.send(room, by, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: event, key },
  });
const replies = (event: string, by: string, body: string, room = lobby()) =>
  story.homeserver.send(room, by, "m.room.message", {
    msgtype: "m.text",
    body,
    "m.relates_to": { "m.in_reply_to": { event_id: event } },
  });

/** Messages of Tyr in the management room that are no edits. */
const told = (what: RegExp) =>
  story.homeserver
    .events(story.managementRoom)
    .filter(
      (one) =>
        one.sender === story.bot.userId &&
        one.type === "m.room.message" &&
        relates(one)["rel_type"] === undefined &&
        what.test(String(one.content["body"])),
    );
const caseMessage = (number = 1) => told(new RegExp(`^Report ${number} ·.*\\n`))[0];
/** The newest text of a case's message. */
function caseText(number = 1): string {
  const message = caseMessage(number);
  const edits = story.homeserver
    .events(story.managementRoom)
    .filter(
      (one) => relates(one)["rel_type"] === "m.replace" && relates(one)["event_id"] === message?.event_id,
    );
  const newest = edits.at(-1)?.content["m.new_content"] as Content | undefined;
  return String((newest ?? message?.content)?.["body"]);
}
const until = (what: RegExp, number = 1) =>
  story.until(() => what.test(caseText(number)), `case ${number} as ${what}`);
const untilTold = (what: RegExp) => story.until(() => told(what).length > 0, `a message like ${what}`);
const answers = (key: string, number = 1) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: caseMessage(number)!.event_id, key },
  });
const answersBy = (body: string, number = 1) =>
  replies(caseMessage(number)!.event_id, story.moderator, body, story.managementRoom);
const isRedacted = (event: string, room = lobby()) =>
  story.homeserver.event(room, event)?.unsigned?.["redacted_because"] !== undefined;
const thanks = (room = lobby()) =>
  story.homeserver.texts(room, story.bot.userId).filter((text) => /Thank you/.test(text));

describe("a report in a room", () => {
  test("by 🚩 becomes a case, and the flag goes", async () => {
    await begin();
    const rude = says("something rude");

    const flag = flags(rude, id("eve"));
    await until(/^Report 1 · @loud:hs\.test in Room 1 · 1 person \(weight 0\.5\)/);
    await story.until(() => isRedacted(flag), "the flag's end");

    expect(caseText()).toContain("1 message; the newest: go to it");
    expect(caseText()).toContain("By @eve:hs.test, without a word");
    expect(caseText()).not.toContain("something rude");
    expect(isRedacted(rude)).toBe(false);
  });

  test("by a reply has its reason in it, cleaned and cut", async () => {
    await begin();
    const rude = says("something rude");

    const report = replies(rude, id("eve"), `!tyr report harassment: ${"insults ".repeat(80)}`);
    await until(/harassment\n“harassment: insults/);
    await story.until(() => isRedacted(report), "the reply's end");

    const [reason] = /“[^”]*”/.exec(caseText())!;
    expect(reason.length).toBeLessThan(210);
  });

  test("of a moderator is one, too, and no command", async () => {
    await begin();
    const rude = says("something rude");
    story.homeserver.join(lobby(), story.moderator);

    replies(rude, story.moderator, "!tyr report look at this");
    await until(/1 person \(weight 1\.5\)/);

    expect(told(/what happened/i)).toEqual([]);
  });

  test("is not heard before reports are on, nor after they are off again", async () => {
    await begin({ isOn: false });
    const rude = says("something rude");

    const first = flags(rude, id("eve"));
    await story.pass(minute);
    expect(told(/^Report/)).toEqual([]);
    expect(isRedacted(first)).toBe(false);

    await story.command("!tyr reports on");
    await story.command("!tyr reports off");
    flags(rude, id("fay"));
    await story.pass(minute);
    expect(told(/^Report \d/)).toEqual([]);
  });

  test("of oneself, of what cannot be read, and other reactions are none", async () => {
    await begin();
    const rude = says("something rude");

    flags(rude, loud);
    flags(rude, id("eve"), { key: "👍" });
    flags("$nowhere", id("eve"));
    replies(rude, id("eve"), "I will report you");
    await story.pass(minute);

    expect(told(/^Report \d/)).toEqual([]);
  });

  test("stays where Tyr may not redact, and counts all the same", async () => {
    await begin();
    const weak = story.room("Weak", { botLevel: 0 });
    story.homeserver.join(weak, id("eve"));
    story.homeserver.join(weak, loud);
    await story.command(`!tyr rooms add ${weak}`);
    const rude = says("something rude", loud, weak);

    const flag = flags(rude, id("eve"), { room: weak });
    await until(/in Weak/);
    await story.pass(minute);

    expect(isRedacted(flag, weak)).toBe(false);
    expect(told(/I need level/i)).toEqual([]);
  });
});

describe("several reports of one person", () => {
  test("are one case and one message that grows, however they came", async () => {
    await begin();
    const [one, other] = [says("something rude"), says("more of it")];

    flags(one, id("eve"));
    await until(/1 person/);
    flags(other, id("fay"));
    replies(one, id("gus"), "!tyr report keeps calling people names");
    flags(one, id("hal"));
    flags(one, id("hal"), { key: "🚩️" });
    await until(/4 people/);

    expect(told(/^Report \d+ ·.*\n/)).toHaveLength(1);
    expect(caseText()).toContain("2 messages");
    expect(caseText()).toContain("“keeps calling people names” (@gus:hs.test) · 3 more");
  });

  test("of one server weigh as their root, and a newcomer weighs little", async () => {
    await begin();
    const rude = says("something rude");
    for (const name of ["eve", "fay", "gus", "hal"]) flags(rude, id(name));
    await until(/4 people \(weight 1\)/);

    for (const server of ["a.example", "b.example", "c.example"]) {
      const user = `@new:${server}`;
      story.homeserver.join(lobby(), user);
      flags(rude, user);
    }
    await until(/7 people \(weight 1\.3\)/);

    expect(told(/by now. Please look/)).toEqual([]);
  });

  test("call moderators once by a message of its own where they are heavy", async () => {
    await begin({ settings: { reports: { trusted: ["@eve:hs.test", "@fay:b.example"] } } });
    story.homeserver.join(lobby(), "@fay:b.example");
    const rude = says("something rude");
    flags(rude, id("eve"));
    await until(/weight 1\.5/);
    await story.pass(minute);

    flags(rude, id("gus"));
    replies(rude, id("hal"), "!tyr report violence");
    await untilTold(/by now. Please look/);
    flags(rude, id("ida"));
    await until(/4 people/);
    await story.pass(minute);

    expect(told(/by now. Please look/)).toHaveLength(1);
  });

  test("go on in the same case after a restart", async () => {
    await begin({ dataPath: aFolder() });
    const rude = says("something rude");
    flags(rude, id("eve"));
    await until(/1 person/);
    await story.pass(minute);
    story.kill();
    flags(rude, id("fay"));
    await story.start();

    await until(/2 people/);
    answers("🚫");
    await until(/closed: acted, by @mod:hs\.test/);

    expect(told(/^Report \d+ ·.*\n/)).toHaveLength(1);
    expect(story.isBanned(loud)).toBe(true);
  });
});

describe("a case is answered", () => {
  async function reported(by = ["eve"]): Promise<string> {
    const rude = says("something rude");
    for (const name of by) flags(rude, id(name));
    await until(new RegExp(`${by.length} (person|people)`));
    await story.pass(10_000);
    return rude;
  }

  test("by a reaction that bans, which closes it and thanks the room", async () => {
    await begin();
    await reported(["eve", "fay"]);
    const marks = story.homeserver
      .events(story.managementRoom)
      .filter((one) => one.type === "m.reaction" && relates(one)["event_id"] === caseMessage()!.event_id)
      .map((one) => relates(one)["key"]);
    expect(marks).toEqual(["🚫", "🔇", "🧹", "👌", "👀"]);

    answers("🚫");
    await until(/^Report 1 · @loud:hs\.test in Room 1 · closed: acted, by @mod:hs\.test$/);
    await story.pass(minute);

    expect(story.isBanned(loud)).toBe(true);
    expect(thanks()).toHaveLength(1);
    expect(thanks()[0]).not.toContain("loud");
  });

  test("by a bare word that mutes, and is taken back by the number that is told", async () => {
    await begin();
    await reported();

    const word = answersBy("mute 2h calm down");
    await story.until(() => /undo \d+/.test(story.answerTo(word) ?? ""), "the answer");
    await until(/closed: acted/);

    const levels = () => story.homeserver.state(lobby(), "m.room.power_levels")!.content["users"] as Content;
    expect(levels()[loud]).toBe(-1);
    await story.command(`!tyr undo ${undoNumber(story.answerTo(word)!)}`);
    await story.pass(minute);
    expect(levels()[loud]).toBeUndefined();
  });

  test("by removing what is reported, and nothing else of that person", async () => {
    await begin();
    const rude = await reported();
    const kind = says("something kind");

    answersBy("remove");
    await until(/closed: acted/);

    expect([rude, kind].map((event) => isRedacted(event))).toEqual([true, false]);
    expect(story.isBanned(loud)).toBe(false);
  });

  test("by taking it, then closing it as nothing, which costs the reporter weight", async () => {
    await begin();
    await reported();

    answers("👀");
    await until(/taken by @mod:hs\.test/);
    answersBy("fine");
    await until(/closed: nothing wrong, by @mod:hs\.test/);
    const other = says("a word", id("gus"));
    flags(other, id("eve"));
    await until(/weight 0\.3/, 2);

    expect(story.homeserver.membership(lobby(), loud)).toBe("join");
    expect(await story.command(`!tyr why ${id("eve")}`)).toContain(
      "0 times rightly, 1 times nothing was wrong",
    );
  });

  test("and an undo of that opens it again, and gives the weight back", async () => {
    await begin();
    await reported();
    const closed = await story.command("!tyr reports close 1 nothing");
    await until(/closed: nothing wrong/);

    await story.command(`!tyr undo ${undoNumber(closed)}`);
    await until(/1 person/);

    expect(await story.command(`!tyr why ${id("eve")}`)).not.toContain("Reported others");
  });

  test("by a ban of a moderator's own client", async () => {
    await begin();
    await reported();

    story.homeserver.ban(lobby(), story.moderator, loud);
    await until(/closed: acted, by @mod:hs\.test/);

    expect(told(/^Report 2/)).toEqual([]);
  });

  test("by nobody who only replies something else, nor by who is not in the room", async () => {
    await begin();
    await reported();

    const before = caseText();
    answersBy("ban hammers are fun");
    answersBy("ban for real?");
    answersBy("mute him, or not");
    answersBy("I looked at it, all quiet");
    answersBy("fine by me");
    await story.pass(minute);

    expect(caseText()).toBe(before);
    expect(story.isBanned(loud)).toBe(false);
  });

  test("with commands, which refuse what makes no sense", async () => {
    await begin();
    expect(await story.command("!tyr reports")).toContain("No report waits");
    await reported();

    expect(await story.command("!tyr reports")).toContain("1: @loud:hs.test in Room 1, 1 person, weight 0.5");
    expect(await story.command("!tyr reports 1")).toContain("@eve:hs.test");
    expect(await story.command("!tyr reports 7")).toContain("I know no report 7");
    expect(await story.command("!tyr reports take 1")).toContain("is yours");
    expect(await story.command("!tyr reports --mine")).toContain("taken by @mod:hs.test");
    expect(await story.command("!tyr reports close 1 maybe")).toContain("no way to close");
    expect(await story.command("!tyr reports close 1")).toContain("is closed: acted");
    expect(await story.command("!tyr reports take 1")).toContain("closed already");
    expect(await story.command("!tyr reports --all")).toContain("acted");
  });

  test("is read only by who asks, folded away, and no word of it is kept", async () => {
    await begin();
    await reported();

    await story.command("!tyr reports show 1");
    await untilTold(/Open to read/);

    expect(String(told(/Open to read/)[0]!.content["formatted_body"])).toMatch(/<details>.*something rude/s);
    const rows = story.database!.all("SELECT * FROM decision");
    expect(JSON.stringify(rows)).not.toContain("something rude");
  });

  test("and nobody did for an hour: moderators are reminded, once", async () => {
    await begin();
    await reported();

    await story.pass(hour + minute);
    expect(told(/Nobody has it yet/)).toHaveLength(1);
    await story.pass(2 * hour);
    expect(told(/Nobody has it yet/)).toHaveLength(1);
  });
});

describe("many reports", () => {
  test("of one attacker do nothing to anybody: they are not heard for a day, and one line says so", async () => {
    const people = Array.from({ length: 60 }, (_, i) => `p${i}`);
    await begin({ people: [...people, "mallory"] });
    const said = people.map((name) => says("hello", id(name)));

    for (let i = 0; i < 300; i++) flags(said[i % said.length]!, id("mallory"), { key: "🚩" });
    await untilTold(/reported too many people/);
    await story.pass(5 * minute);

    expect(told(/reported too many people/)).toHaveLength(1);
    expect(told(/^Report \d+ ·.*\n/).length).toBeLessThanOrEqual(3);
    expect(people.every((name) => story.homeserver.membership(lobby(), id(name)) === "join")).toBe(true);
    expect(said.some((event) => isRedacted(event))).toBe(false);
    expect(await story.command("!tyr reports")).toContain("No report waits");
    flags(says("hello", id("p1")), id("mallory"));
    await story.pass(minute);
    expect(await story.command("!tyr reports")).toContain("No report waits");
    expect(await story.command(`!tyr reports unmute ${id("mallory")}`)).toContain("I hear again");
  });

  test("of many people are six messages an hour and one line that counts the others", async () => {
    const people = Array.from({ length: 10 }, (_, i) => `p${i}`);
    await begin({ people: [...people, ...reporters] });

    people.forEach((name, i) => flags(says("hello", id(name)), id(reporters[i % 6]!)));
    await untilTold(/more reports? waits?/);
    await story.pass(5 * minute);

    expect(told(/^Report \d+ ·.*\n/)).toHaveLength(6);
    expect(told(/more reports? waits?/)).toHaveLength(1);
    await story.pass(hour);
    expect(told(/^Report \d+ ·.*\n/)).toHaveLength(10);
  });

  test("of who is silenced by a moderator are not heard until then", async () => {
    await begin();
    await story.command(`!tyr reports mute ${id("eve")} --for 1h`);
    const rude = says("something rude");

    const flag = flags(rude, id("eve"));
    await story.until(() => isRedacted(flag), "the flag's end");
    await story.pass(minute);
    expect(told(/^Report \d/)).toEqual([]);

    await story.pass(hour);
    flags(rude, id("eve"));
    await until(/1 person/);
  });
});

describe("whom a report is about", () => {
  test("where it is a moderator, neither who reports nor why is said", async () => {
    await begin();
    const rude = says("a moderator's word", story.moderator);
    story.homeserver.join(lobby(), story.moderator);

    replies(rude, id("eve"), "!tyr report abuse of power");
    await until(/is one of you/);
    await story.pass(minute);

    expect(caseText()).not.toMatch(/eve|abuse/);
    expect(await story.command("!tyr reports 1")).not.toContain("eve");
    expect(await story.command("!tyr reports close 1 nothing")).toContain("is about you");
    answers("🚫");
    await story.pass(minute);
    expect(story.homeserver.membership(lobby(), story.moderator)).toBe("join");
  });

  test("where it is Tyr, a sentence says so", async () => {
    await begin();
    await story.command(`!tyr warn ${loud} please calm down`);
    const warning = story.rooms
      .flatMap((room) => story.homeserver.events(room))
      .find((one) => one.sender === story.bot.userId && /calm down/.test(String(one.content["body"])))!;

    replies(warning.event_id, id("eve"), "!tyr report rude bot", warning.room_id);
    await untilTold(/@eve:hs\.test reports a message of mine in Room \d: “rude bot”/);

    expect(told(/^Report \d/)).toEqual([]);
  });

  test("where it was looked at, the same message is not told again, and another one is", async () => {
    await begin();
    const rude = says("something rude");
    flags(rude, id("eve"));
    await until(/1 person/);
    await story.command("!tyr reports close 1 nothing");

    flags(rude, id("fay"));
    await story.pass(minute);
    expect(caseMessage(2)).toBeUndefined();

    flags(says("worse"), id("fay"));
    await until(/1 person.*\n.*\n.*\n.*1 earlier report/, 2);
  });
});

describe("the protection reports", () => {
  test("removes what enough people report of a newcomer, and nothing of others", async () => {
    await begin();
    await story.command("!tyr protections enable reports");
    await story.command("!tyr protections act reports");
    await story.command("!tyr protections set reports redactAt 1");
    const newcomer = story.person("newcomer");
    const [bad, old] = [says("buy this", newcomer), says("something rude")];

    for (const name of ["eve", "fay", "gus", "hal", "ida"])
      for (const event of [bad, old]) flags(event, id(name));
    await story.until(() => isRedacted(bad), "the removal");
    await story.pass(minute);

    expect(isRedacted(old)).toBe(false);
    expect(story.homeserver.membership(lobby(), newcomer)).toBe("join");
  });
});

describe("what users report to the homeserver", () => {
  const report = (event: string, by: string, reason: string, room = lobby()) =>
    story.homeserver.report(room, event, { by, reason });

  test("is taken in where Tyr administers it, from then on", async () => {
    await begin({ dataPath: aFolder() });
    story.homeserver.setAdmin(story.bot.userId, true);
    report(says("of old"), id("eve"), "before");
    await story.stop();
    await story.start();
    await untilTold(/1 report that was there before is left to you/);

    const rude = says("something rude");
    report(rude, id("eve"), "spam");
    flags(rude, id("fay"));
    await until(/2 people.*spam/);
    await story.pass(10 * minute);

    expect(told(/^Report \d+ ·.*\n/)).toHaveLength(1);
    expect(caseText()).toContain("“spam” (@eve:hs.test) · 1 more");
  });

  test("is read to its end, each once, also after a restart; none of rooms that are not protected", async () => {
    await begin({ dataPath: aFolder(), people: [...reporters, "loud"] });
    story.homeserver.setAdmin(story.bot.userId, true);
    story.kill();
    await story.start();
    await untilTold(/From now on I take in/);
    const elsewhere = story.homeserver.createRoom({ creator: loud });
    report(says("private", loud, elsewhere), loud, "none of your business", elsewhere);
    const rude = says("something rude");
    for (let i = 0; i < 120; i++) report(rude, id(reporters[i % 6]!), `report ${i}`);
    await until(/6 people/);
    story.kill();
    await story.start();
    await story.pass(10 * minute);

    expect(caseText()).toContain("6 people");
    expect(caseText()).not.toContain("none of your business");
    expect(await story.command("!tyr reports --all")).not.toContain("2: ");
  });

  test("is not looked at where Tyr is no administrator, or the config says so", async () => {
    await begin({ settings: { reports: { fromHomeserver: false } } });
    story.homeserver.setAdmin(story.bot.userId, true);
    report(says("something rude"), id("eve"), "spam");
    await story.pass(5 * minute);

    expect(story.homeserver.requests.some(({ path }) => path.includes("event_reports"))).toBe(false);
  });
});

describe("a note", () => {
  test("is shown by why and with a report, and taken back by an undo", async () => {
    await begin();
    const noted = await story.command(`!tyr note ${loud} promised to calm down`);
    expect(noted).toContain("Noted");
    expect(await story.command(`!tyr why ${loud}`)).toContain("Note of @mod:hs.test");

    flags(says("something rude"), id("eve"));
    await until(/1 note/);
    await story.command(`!tyr undo ${undoNumber(noted)}`);

    expect(await story.command(`!tyr why ${loud}`)).not.toContain("Note of");
    expect(await story.command(`!tyr note remove ${loud}`)).toContain("nothing is noted");
    expect(await story.command(`!tyr note ${loud} ${"x".repeat(400)}`)).toContain("300 characters");
  });
});
