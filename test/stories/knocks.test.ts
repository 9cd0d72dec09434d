// People who knock: who is let in without a word, whom moderators are asked about, and what their answers lead to.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const rulesType = "m.room.join_rules";

let story: Story;
let folder: string;
/** Who was there before Tyr was. */
let known: string;

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

const lobby = () => story.rooms[0]!;
const joinRule = (room = lobby()) => story.homeserver.state(room, rulesType)!.content;
const membership = (user: string, room = lobby()) => story.homeserver.membership(room, user);
const stranger = (name: string) => story.homeserver.createUser(name).userId;
const knock = (user: string, words?: string, room = lobby()) => story.homeserver.knock(room, user, words);
const asked = () => story.said().filter((text) => /Question \d+:.*to be let in/s.test(text));
const until = (what: RegExp) =>
  story.until(() => story.said().some((text) => what.test(text)), `a message like ${what}`);
const writesOf = (type: string) => story.written(type).length;

/** The gate stands at the first room; the second one is open. */
async function begin(options: StoryOptions = {}): Promise<void> {
  story = new Story({ dataPath: folder, ...options });
  known = story.person("known", story.rooms.slice(1));
  await story.start();
  await story.command(`!tyr rooms knock on ${lobby()}`);
}

describe("a permanent door", () => {
  test("is one write, and is put back byte for byte", async () => {
    story = new Story({ dataPath: folder });
    await story.start();
    const before = JSON.stringify(joinRule());

    const on = await story.command(`!tyr rooms knock on ${lobby()}`);
    const during = joinRule();
    const shown = await story.command("!tyr rooms");
    const status = await story.command("!tyr status");
    const off = await story.command(`!tyr rooms knock off ${lobby()}`);

    expect(on).toContain("People have to knock at Room 1 from now on, and I answer them.");
    expect(during).toEqual({ join_rule: "knock" });
    expect(shown).toContain("people have to knock");
    expect(status).not.toContain("Closed:");
    expect(off).toContain("people can join as before");
    expect(JSON.stringify(joinRule())).toBe(before);
    expect(writesOf(rulesType)).toBe(2);
  });

  test("outlives a restart, calm and days, and is not told of every day", async () => {
    await begin({ onlyPromises: true });
    await story.stop();
    await story.start();

    const calm = await story.command("!tyr calm");
    await story.pass(25 * hour);

    expect(calm).toContain("All is calm: no room is closed.");
    expect(joinRule()).toEqual({ join_rule: "knock" });
    expect(writesOf(rulesType)).toBe(1);
    expect(story.said().filter((text) => text.includes("has been closed"))).toEqual([]);
  });

  test("is taken back by undo", async () => {
    story = new Story({ dataPath: folder });
    await story.start();
    const on = await story.command(`!tyr rooms knock on ${lobby()}`);

    await story.command(`!tyr undo ${undoNumber(on)}`);

    expect(joinRule()).toEqual({ join_rule: "public" });
    expect(await story.command("!tyr rooms")).not.toContain("knock");
  });

  test("leaves a join rule alone that others made, then and afterwards", async () => {
    story = new Story({ dataPath: folder });
    story.homeserver.setState(lobby(), story.moderator, rulesType, "", { join_rule: "knock" });
    await story.start();

    await story.command(`!tyr rooms knock on ${lobby()}`);
    const off = await story.command(`!tyr rooms knock off ${lobby()}`);

    expect(off).toContain("its join rule stays as it is");
    expect(joinRule()).toEqual({ join_rule: "knock" });
    expect(writesOf(rulesType)).toBe(0);
  });

  test("keeps the list of the rooms whose people may come in by themselves", async () => {
    story = new Story({ dataPath: folder });
    const content = {
      join_rule: "restricted",
      allow: [{ type: "m.room_membership", room_id: "!space:hs.test" }],
    };
    story.homeserver.setState(lobby(), story.moderator, rulesType, "", content);
    await story.start();

    await story.command(`!tyr rooms knock on ${lobby()}`);
    const during = joinRule();
    await story.command(`!tyr rooms knock off ${lobby()}`);

    expect(during).toEqual({ ...content, join_rule: "knock_restricted" });
    expect(joinRule()).toEqual(content);
  });

  test.each(["6", "9"])("is impossible in version %s of a room, which is told", async (version) => {
    story = new Story({ dataPath: folder });
    const old = story.room("Old", { version, joinRule: version === "9" ? "restricted" : "public" });
    await story.start();
    await story.command(`!tyr rooms add ${old}`);
    await story.pass();

    const said = await story.command(`!tyr rooms knock on ${old}`);

    expect(said).toContain("it has to be upgraded first");
    expect(await story.command("!tyr rooms")).not.toContain("knock");
  });

  test("is told where Tyr may not change the join rule, or lets nobody in", async () => {
    story = new Story({ dataPath: folder });
    const weak = story.room("Weak", { botLevel: 40 });
    const shy = story.room("Shy", {
      powerLevels: { users: { [story.bot.userId]: 60, [story.moderator]: 100 }, invite: 70 },
    });
    await story.start();
    await story.command(`!tyr rooms add ${weak}`);
    await story.command(`!tyr rooms add ${shy}`);
    await story.pass();

    const cannot = await story.command(`!tyr rooms knock on ${weak}`);
    const silent = await story.command(`!tyr rooms knock on ${shy}`);
    knock(stranger("ann"), undefined, shy);
    await until(/^Question/);

    expect(cannot).toContain("to change the join rule of Weak I need level 50 and have 40");
    expect(silent).toContain("I cannot let anybody in there: to invite I need level 70 and have 60.");
    expect(asked()[0]).toContain("I can let nobody in: to invite in Shy I need level 70 and have 60.");
  });
});

describe("whoever is known passes", () => {
  test("from another room, and nobody is asked", async () => {
    await begin();

    knock(known);
    await story.until(() => membership(known) === "invite", "the invitation");
    await story.pass(minute);
    const why = await story.command(`!tyr why ${known}`);

    expect(asked()).toEqual([]);
    expect(story.said().join("\n")).toContain(`invited ${known} in 1 room`);
    expect(why).toContain("as knock-gate found: was in Room 2 before me");
  });

  test("not who only just came to another room", async () => {
    await begin();
    const fresh = story.person("fresh", story.rooms.slice(1));
    await story.pass(minute);

    knock(fresh);
    await until(/^Question/);

    expect(membership(fresh)).toBe("knock");
  });

  test("who was invited to another room by a moderator does", async () => {
    await begin();
    const guest = stranger("guest");
    story.homeserver.invite(story.rooms[1]!, story.moderator, guest);
    story.homeserver.join(story.rooms[1]!, guest);
    await story.pass(minute);

    knock(guest);
    await story.until(() => membership(guest) === "invite", "the invitation");
  });

  test("who left by themselves comes back; who was removed has to wait", async () => {
    story = new Story({ dataPath: folder });
    const [gone, removed] = [story.person("gone"), story.person("removed")];
    await story.start();
    await story.pass(minute);
    for (const room of story.rooms) {
      story.homeserver.leave(room, gone);
      story.homeserver.kick(room, story.moderator, removed);
    }
    await story.command(`!tyr rooms knock on ${lobby()}`);
    await story.pass(minute);

    knock(gone);
    knock(removed);
    await until(/^Question/);

    expect(membership(gone)).toBe("invite");
    expect(membership(removed)).toBe("knock");
    expect(asked()[0]).toContain(`${removed} (was removed from Room 2 on`);
  });

  test("who was removed from one room does not come back by leaving another; who is unbanned does", async () => {
    story = new Story({ dataPath: folder, rooms: 3 });
    const [removed, unbanned] = [story.person("removed"), story.person("unbanned")];
    await story.start();
    await story.pass(minute);
    const [, second, third] = story.rooms;
    for (const person of [removed, unbanned]) {
      story.homeserver.kick(second!, story.moderator, person);
      await story.pass(minute);
      story.homeserver.leave(third!, person);
      story.homeserver.leave(lobby(), person);
    }
    await story.pass(minute);
    story.homeserver.ban(second!, story.moderator, unbanned);
    await story.pass(minute);
    story.homeserver.unban(second!, story.moderator, unbanned);
    await story.command(`!tyr rooms knock on ${lobby()}`);
    await story.pass(minute);

    knock(removed);
    knock(unbanned);
    await story.until(() => asked().length > 0, "the question");

    expect(asked()[0]).toContain(`${removed} (was removed from`);
    expect(asked()[0]).not.toContain(`${unbanned} (was removed`);
  });

  test("a knock that is refused is no removal", async () => {
    await begin();
    const person = stranger("person");
    knock(person);
    await until(/^Question/);
    await story.command("!tyr knocks deny all");
    await story.command(`!tyr rooms knock on ${story.rooms[1]}`);
    knock(person, undefined, story.rooms[1]);
    await story.until(() => asked().some((text) => text.includes("Room 2")), "the next question");

    expect(story.said().filter((text) => text.includes("was removed from"))).toEqual([]);
  });

  test("the invitations of a day are withdrawn by one undo, and who comes again is asked about", async () => {
    await begin();
    knock(known);
    await story.until(() => membership(known) === "invite", "the invitation");
    await story.pass(minute);
    const number = /undo (\d+)/.exec(
      story.said().findLast((text) => text.includes("knock gate let in"))!,
    )![1];

    await story.command(`!tyr undo ${number}`);
    const withdrawn = membership(known);
    knock(known);
    await until(/^Question/);

    expect(withdrawn).toBe("leave");
    expect(membership(known)).toBe("knock");
  });
});

describe("everybody else waits", () => {
  test("in one question that grows, and is answered for those whom it told of", async () => {
    await begin();
    const people = ["a", "b", "c"].map(stranger);
    for (const user of people) {
      knock(user, `I am ${user} from the meetup`);
      await story.pass(10_000);
    }
    await story.pass(minute);

    const question = asked().at(-1)!;
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes 1");
    await story.until(() => people.every((user) => membership(user) === "invite"), "the invitations");
    await story.pass(minute);

    expect(question).toContain("3 people ask to be let in: Room 1.");
    expect(question).toContain("@a:hs.test: “I am @a:hs.test from the meetup”");
    expect(
      story.homeserver
        .events(story.managementRoom)
        .filter(
          ({ content }) =>
            String(content["body"]).startsWith("Question 1:") && content["m.relates_to"] === undefined,
        ),
    ).toHaveLength(1);
    expect(story.said().join("\n")).toContain("Letting 3 people into Room 1");
    expect(await story.command("!tyr knocks")).toContain("Nobody waits to be let in.");
  });

  test("❌ refuses all of them, and who asks again the same day is not told of again", async () => {
    await begin();
    const people = ["a", "b"].map(stranger);
    for (const user of people) knock(user);
    await until(/2 people ask/);
    await story.pass(minute);
    const message = story.homeserver
      .events(story.managementRoom)
      .find(({ content }) => String(content["body"]).startsWith("Question 1:"))!;
    story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: message.event_id, key: "❌" },
    });
    await story.until(() => people.every((user) => membership(user) === "leave"), "the refusals");
    const before = asked().length;
    knock(people[0]!);
    await story.pass(10 * minute);

    expect(asked()).toHaveLength(before);
    expect(membership(people[0]!)).toBe("knock");
    expect(await story.command("!tyr knocks")).toContain(
      "1 person who was refused less than a day ago asks again.",
    );
    expect(await story.command(`!tyr knocks allow ${people[0]}`)).toContain("Letting @a:hs.test into Room 1");
    expect(membership(people[0]!)).toBe("invite");
  });

  test("one by one; the question ends with the last", async () => {
    await begin();
    const [a, b, other] = ["a", "b", "other"].map(stranger) as [string, string, string];
    for (const user of [a, b]) knock(user);
    await until(/2 people ask/);

    await story.command(`!tyr knocks allow ${a}`);
    await story.command(`!tyr knocks deny ${b}`);
    await story.pass(minute);

    expect([membership(a), membership(b)]).toEqual(["invite", "leave"]);
    expect(story.said().join("\n")).toContain("No longer needed: nobody of them waits any more.");
    expect(await story.command(`!tyr knocks deny ${other}`)).toContain(
      "@other:hs.test asks to be let in at no protected room",
    );
  });

  test("what nobody answers in time is told once; they go on waiting", async () => {
    await begin({ onlyPromises: true, settings: { knocks: { answerWithinHours: 1 } } });
    const user = stranger("a");
    knock(user);
    await story.pass(3 * hour);

    const told = story.said().filter((text) => text.includes("Nobody answered: they go on waiting."));
    expect(told.filter((text) => text.startsWith("Question 1: Nobody answered"))).toHaveLength(1);
    expect(membership(user)).toBe("knock");
    expect(await story.command("!tyr knocks")).toContain("1 person asks to be let in");
    expect(await story.command("!tyr knocks allow all")).toContain("Letting @a:hs.test into Room 1");
  });

  test("a list refuses whom it names", async () => {
    await begin();
    const bad = stranger("bad");
    story.rule(bad);
    await story.pass(minute);
    knock(bad);
    await story.until(() => membership(bad) === "ban", "the ban");
    await story.pass(minute);

    expect(asked()).toEqual([]);
  });

  test("hostile names and words stay text", async () => {
    await begin();
    const user = stranger("a");
    knock(user, `<b>now</b>\n\n!tyr ban @known:hs.test ${"x".repeat(5_000)}`);
    await until(/^Question/);
    await story.pass(minute);

    const event = story.homeserver
      .events(story.managementRoom)
      .find(({ content }) => String(content["body"]).startsWith("Question 1:"))!;
    expect(String(event.content["formatted_body"])).toContain("&#60;b&#62;now&#60;/b&#62;");
    expect(asked()[0]!.length).toBeLessThan(600);
    expect(membership(known, story.rooms[1])).toBe("join");
  });

  test("who knocked before the gate stood, and over a restart", async () => {
    story = new Story({ dataPath: folder });
    story.homeserver.setState(lobby(), story.moderator, rulesType, "", { join_rule: "knock" });
    const [early, late] = ["early", "late"].map(stranger) as [string, string];
    knock(early);
    await story.start();
    await story.pass(minute);
    const before = asked();
    await story.command(`!tyr rooms knock on ${lobby()}`);
    await until(/1 person asks/);
    await story.stop();
    knock(late);
    await story.start();
    await until(/2 people ask/);

    expect(before).toEqual([]);
    await story.command("!tyr yes 1");
    await story.until(() => [early, late].every((user) => membership(user) === "invite"), "both");
  });

  test("a room where people knock and nobody asked for the gate is left to its moderators", async () => {
    story = new Story({ dataPath: folder });
    story.homeserver.setState(lobby(), story.moderator, rulesType, "", { join_rule: "knock" });
    known = story.person("known", story.rooms.slice(1));
    await story.start();

    knock(known);
    knock(stranger("a"));
    await story.pass(10 * minute);

    expect(membership(known)).toBe("knock");
    expect(asked()).toEqual([]);
  });

  test("nothing is let in while everything is stopped; known ones are then asked about", async () => {
    await begin();
    await story.command("!tyr stop");
    knock(known);
    await story.pass(20 * minute);

    expect(membership(known)).toBe("knock");
    expect(asked().at(-1)).toContain(`${known} (was in Room 2 before me)`);
  });

  test("a crash between the answer and the invitations loses none", async () => {
    await begin();
    const people = ["a", "b", "c", "d"].map(stranger);
    for (const user of people) knock(user);
    await until(/4 people ask/);
    await story.pass(minute);
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr yes 1");
    await story.until(() => people.some((user) => membership(user) === "invite"), "the first");
    story.kill();
    await story.start();
    await story.until(() => people.every((user) => membership(user) === "invite"), "all of them");
  });
});

describe("a wave that knocks", () => {
  const people = Array.from(
    { length: 8 },
    (_, i) => `@a${(0x3fa9c2d10e + i * 0x1d3b7).toString(16)}:evil.example`,
  );

  async function withResidents(): Promise<void> {
    story = new Story({
      dataPath: folder,
      settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" } },
    });
    for (let i = 0; i < 30; i++) story.person(`resident${i}`);
    await story.start();
    await story.command(`!tyr rooms knock on ${lobby()}`);
    await story.pass(5 * minute);
  }

  /** Of the open room, until its server is kept out there. */
  async function attack(): Promise<void> {
    const room = story.rooms[1]!;
    const isContained = () => story.deny(room).includes("evil.example");
    for (const [i, user] of people.entries()) {
      if (isContained()) break;
      story.homeserver.join(room, user);
      await story.pass(2_000);
      if (isContained()) break;
      story.homeserver.sendText(room, user, `Earn money number ${i} with us, https://evil.example/x`);
      await story.pass(1_000);
    }
    await story.until(isContained, "the containment");
  }

  test("is refused as part of it; others wait", async () => {
    await withResidents();
    await attack();
    const guest = stranger("guest");
    for (const user of people.slice(0, 4)) knock(user);
    knock(guest);
    await story.until(() => people.slice(0, 4).every((user) => membership(user) === "leave"), "the refusals");
    await until(/1 person asks/);
    const why = await story.command(`!tyr why ${people[0]}`);

    expect(membership(guest)).toBe("knock");
    expect(asked().join("\n")).not.toContain("evil.example");
    expect(why).toContain("refused entry to in 1 room (1 done), as wave-harmful found: part of a wave of");
  });

  test("is refused once it turns out to be one, although it was asked about before", async () => {
    await withResidents();
    knock(people[0]!);
    await until(/1 person asks/);
    await attack();
    await story.until(() => membership(people[0]!) === "leave", "the refusal");
    await story.pass(minute);

    expect(story.said().join("\n")).toContain("No longer needed: nobody of them waits any more.");
  });
});

describe("thousands who knock", () => {
  test("are one message, of which the rest is a number; who is known passes all the same", async () => {
    await begin({ settings: { limits: { knocksRemembered: 50 } } });
    const people = Array.from({ length: 80 }, (_, i) => `@n${i}:evil.example`);
    story.homeserver.inOneGo(() => people.forEach((user) => knock(user)));
    await until(/people ask/);
    await story.pass(2 * minute);
    knock(known);
    await story.until(() => membership(known) === "invite", "the invitation");

    const question = asked().at(-1)!;
    const listed = await story.command("!tyr knocks");
    const denied = await story.command("!tyr knocks deny all");
    await story.pass(minute);

    expect(question).toContain("50 people ask to be let in: Room 1.");
    expect(question).toContain("... and 45 more, 45 of evil.example.");
    expect(question).toContain("30 more people ask whom I do not keep; an answer does not reach them.");
    expect(listed).toContain("30 more people ask; I keep 50");
    expect(denied).toContain("Not letting 80 people into Room 1");
    expect(people.filter((user) => membership(user) === "knock")).toEqual([]);
  });

  test("of whom one answer refused those it told of: the others come into the next question", async () => {
    await begin({ settings: { limits: { knocksRemembered: 50 } } });
    const people = Array.from({ length: 80 }, (_, i) => `@n${i}:evil.example`);
    story.homeserver.inOneGo(() => people.forEach((user) => knock(user)));
    await until(/people ask/);
    await story.pass(minute);

    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr no 1");
    await until(/30 people ask/);

    expect(people.filter((user) => membership(user) === "leave")).toHaveLength(50);
  });

  test("beyond the thousand that one question can name: those come into the next one", async () => {
    await begin();
    const people = Array.from({ length: 1_030 }, (_, i) => `@n${i}:evil.example`);
    story.homeserver.inOneGo(() => people.forEach((user) => knock(user)));
    await until(/people ask/);
    await story.pass(minute);
    const first = asked().at(-1)!;

    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr no 1");
    await until(/Question 2:.*30 people ask/s);

    expect(first).toContain("1,000 people ask to be let in");
    expect(people.slice(1_000).every((user) => membership(user) === "knock")).toBe(true);
  });

  test("many at once are let in by one word only after a yes", async () => {
    await begin();
    const people = Array.from({ length: 60 }, (_, i) => `@n${i}:friends.example`);
    story.homeserver.inOneGo(() => people.forEach((user) => knock(user)));
    await until(/people ask/);

    const said = await story.confirmed("!tyr knocks allow all");
    await story.until(() => people.every((user) => membership(user) === "invite"), "the invitations");

    expect(said).toContain("Letting 60 people into Room 1");
  });
});

describe("raid --knock", () => {
  test("closes the door for two hours at least, and once a day", async () => {
    story = new Story({ dataPath: folder });
    known = story.person("known", story.rooms.slice(1));
    await story.start();
    const before = JSON.stringify(joinRule());

    const raid = await story.command(`!tyr raid ${lobby()} 30m --knock`);
    knock(known);
    const guest = stranger("guest");
    knock(guest);
    await until(/1 person asks/);
    await story.pass(hour);
    const after = joinRule();
    const status = await story.command("!tyr status");
    await story.pass(hour + 10 * minute);
    const opened = JSON.stringify(joinRule());
    const again = await story.command(`!tyr raid ${lobby()} 30m --knock`);

    expect(raid).toContain(
      "Nobody can join by themselves for two hours at least: !tyr knocks shows who asks.",
    );
    expect(membership(known)).toBe("invite");
    expect(after).toEqual({ join_rule: "knock" });
    expect(status).toContain("nobody can join by themselves until");
    expect(opened).toBe(before);
    expect(story.said().join("\n")).toContain("No longer needed: nobody of them waits any more.");
    expect(again).toContain(
      "Room 1: its door was closed and opened less than a day ago, and stays as it is.",
    );
    expect(writesOf(rulesType)).toBe(2);
  });

  test("is opened by calm at once, and by somebody's own client for good", async () => {
    story = new Story({ dataPath: folder });
    await story.start();
    await story.command("!tyr raid --knock");
    const [one, two] = story.rooms as [string, string];
    story.homeserver.setState(one, story.moderator, rulesType, "", { join_rule: "invite" });
    await story.pass(minute);

    await story.command("!tyr calm");

    expect(joinRule(one)).toEqual({ join_rule: "invite" });
    expect(joinRule(two)).toEqual({ join_rule: "public" });
  });

  test("becomes a permanent door by rooms knock on, with no further write", async () => {
    story = new Story({ dataPath: folder });
    await story.start();
    await story.command(`!tyr raid ${lobby()} --knock`);

    await story.command(`!tyr rooms knock on ${lobby()}`);
    await story.command("!tyr calm");
    await story.pass(day / 8);
    const during = joinRule();
    const writes = writesOf(rulesType);
    await story.command(`!tyr rooms knock off ${lobby()}`);

    expect([during, writes]).toEqual([{ join_rule: "knock" }, 1]);
    expect(joinRule()).toEqual({ join_rule: "public" });
  });
});
