// Rules of a community about what rooms, people and servers usually do: whom they meet, and whom they leave alone.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

/** With the rule on and acting, past the time in which we catch up. */
async function begin(rule: string, options: ConstructorParameters<typeof Story>[0] = {}): Promise<void> {
  story = new Story({ rooms: 1, rules: rule, ...options });
  await story.start();
  await story.pass(61_000);
  for (const [, name] of rule.matchAll(/^rule: (.+)$/gm)) {
    await story.command(`!tyr protections enable ${name}`);
    await story.command(`!tyr protections set ${name} alertOnly no`);
  }
}
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const found = (rule: string) =>
  story.until(() => told(new RegExp(`^${rule} in`)).length > 0, `what ${rule} found`);
const lobby = () => story.rooms[0]!;
const membership = (who: string) => story.homeserver.membership(lobby(), who);
const isGone = (event: string) =>
  Object.keys(story.homeserver.event(lobby(), event)?.content ?? {}).length === 0;

/** Everybody may invite, and change the name and the topic, as in communities of friends. */
function openToAll(): void {
  const levels = story.homeserver.state(lobby(), "m.room.power_levels")!.content;
  const events = { "m.room.topic": 0, "m.room.name": 0, "m.room.pinned_events": 0 };
  story.homeserver.setState(lobby(), story.moderator, "m.room.power_levels", "", {
    ...levels,
    invite: 0,
    events: { ...(levels["events"] as object), ...events },
  });
}

describe("what changes a room", () => {
  const rule = `rule: our-topic-guard
about: The room is changed by somebody who came lately.
on: state
when: change.what in topic, name, avatar and author.age < 30d
then: redact+warn
`;

  async function changing() {
    await begin(rule);
    openToAll();
    return story.person("vandal");
  }

  test("a topic is removed, and whoever wrote it is warned", async () => {
    const vandal = await changing();

    const topic = story.homeserver.setState(lobby(), vandal, "m.room.topic", "", { topic: "buy here" });
    await found("our-topic-guard");
    await story.until(() => isGone(topic), "the redaction");

    expect(told(/^our-topic-guard in/)[0]).toContain(vandal);
  });

  test("a name is never removed by a redaction, which is said", async () => {
    const vandal = await changing();

    const name = story.homeserver.setState(lobby(), vandal, "m.room.name", "", { name: "buy here" });
    await found("our-topic-guard");
    await story.pass();

    expect(isGone(name)).toBe(false);
    expect(told(/^our-topic-guard in/).at(-1)).toContain("There is nothing to redact");
  });

  test("moderators, other changes, invitations and redactions are left alone", async () => {
    const vandal = await changing();

    story.homeserver.setState(lobby(), story.moderator, "m.room.topic", "", { topic: "welcome" });
    story.homeserver.setState(lobby(), vandal, "m.room.pinned_events", "", { pinned: [] });
    story.homeserver.invite(lobby(), vandal, "@friend:far.example");
    story.homeserver.redact(lobby(), vandal, story.homeserver.sendText(lobby(), vandal, "oops"));
    await story.pass();

    expect(told(/^our-topic-guard in/)).toEqual([]);
  });
});

describe("who removes their own messages", () => {
  const rule = `rule: cleaning
on: redactions
when: count redactions by author in 1m > 5
then: redact+warn
---
rule: inviting
on: invites
when: count invites by author in 1m > 2
then: kick
`;

  test("floods nobody with it; a rule about redactions meets them, and removes none of them", async () => {
    await begin(rule);
    await story.command("!tyr protections enable flood");
    const person = story.person("tidy");
    for (let i = 0; i < 12; i++) {
      const message = story.homeserver.sendText(lobby(), person, `message ${i}`);
      await story.pass(5_000);
      if (i >= 6) story.homeserver.redact(lobby(), person, message);
    }
    const redactions = story.homeserver.events(lobby()).filter(({ type }) => type === "m.room.redaction");
    await found("cleaning");
    await story.pass();

    expect(told(/^flood in/)).toEqual([]);
    expect(redactions.map(({ event_id }) => isGone(event_id))).toEqual(redactions.map(() => false));
  });

  test("the third invitation within a minute is met, two are not; who was invited is left alone", async () => {
    await begin(rule);
    openToAll();
    const [host, polite] = [story.person("host"), story.person("polite")];
    for (const name of ["a", "b"]) {
      story.homeserver.invite(lobby(), host, `@${name}:far.example`);
      story.homeserver.invite(lobby(), polite, `@${name}2:far.example`);
    }
    await story.pass();
    expect(told(/^inviting in/)).toEqual([]);

    story.homeserver.invite(lobby(), host, "@c:far.example");
    await found("inviting");
    await story.until(() => membership(host) === "leave", "the kick");

    expect([membership(polite), membership("@a:far.example")]).toEqual(["join", "invite"]);
  });
});

describe("who comes and goes", () => {
  const rule = `rule: our-flapping
on: memberships
settings: { limit: 4 }
when: count memberships by author in 1h > limit
then: kick
`;

  test("is met when it is too often, and not by inviting people", async () => {
    await begin(rule);
    openToAll();
    const [restless, host] = [story.person("restless"), story.person("host")];
    for (let i = 0; i < 6; i++) story.homeserver.invite(lobby(), host, `@guest${i}:far.example`);
    for (let i = 0; i < 2; i++) {
      story.homeserver.leave(lobby(), restless);
      await story.pass(1_000);
      story.homeserver.join(lobby(), restless);
      await story.pass(1_000);
    }
    await found("our-flapping");
    await story.pass();

    expect([membership(restless), membership(host)]).toEqual(["leave", "join"]);
  });
});

describe("reactions", () => {
  const rule = `rule: our-reaction-flood
on: reactions
settings: { limit: 5 }
when: count reactions by author in 1m > limit
then: redact
`;
  const react = (who: string, to: string, key: string) =>
    story.homeserver.send(lobby(), who, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: to, key },
    });

  test("too many within a minute are removed; as many messages are none", async () => {
    await begin(rule);
    const [clicker, talker] = [story.person("clicker"), story.person("talker")];
    const message = story.homeserver.sendText(lobby(), talker, "hello");
    const reactions = ["a", "b", "c", "d", "e", "f"].map((key) => {
      story.homeserver.sendText(lobby(), talker, `message ${key}`);
      return react(clicker, message, key);
    });
    await found("our-reaction-flood");
    await story.until(() => reactions.every(isGone), "the redactions");

    expect(told(/^our-reaction-flood in/)[0]).not.toContain(talker);
  });
});

describe("how somebody came", () => {
  const rule = `rule: quick
about: Speaks within seconds of coming, and nobody invited them.
on: messages
when: author.delay < 5s and author.invited_by = nobody
then: kick
---
rule: our-late-link
about: A link is put into a message afterwards.
on: edits
when: event.edit_after > 30s and any link.kind in web and author.delay < 1h
then: redact
`;
  const edit = (who: string, message: string, body: string) =>
    story.homeserver.send(lobby(), who, "m.room.message", {
      msgtype: "m.text",
      body: `* ${body}`,
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id: message },
    });
  const come = (who: string) => story.homeserver.join(lobby(), who);

  test("who speaks at once is met; who takes their time, was invited or was there before is not", async () => {
    await begin(rule);
    openToAll();
    const [old, host] = [story.moderator, story.person("host")];
    const [bot, slow, guest] = ["@bot:far.example", "@slow:far.example", "@guest:far.example"];
    story.homeserver.invite(lobby(), host, guest);
    for (const who of [bot, slow, guest]) come(who);
    await story.pass(1_000);
    for (const who of [bot, guest, old]) story.homeserver.sendText(lobby(), who, "hello");
    await story.pass(10_000);
    story.homeserver.sendText(lobby(), slow, "hello");
    await story.until(() => membership(bot) === "leave", "the kick");
    await story.pass();

    expect([slow, guest, old].map(membership)).toEqual(["join", "join", "join"]);
  });

  test("when they came is known after a restart, too", async () => {
    await begin(rule.replace("5s", "5m"), { dataPath: aFolder() });
    const [quick, slow] = ["@quick:far.example", "@slow:far.example"];
    for (const who of [quick, slow]) come(who);
    await story.pass(60_000);
    story.kill();
    await story.start();
    story.homeserver.sendText(lobby(), quick, "hello");
    await story.until(() => membership(quick) === "leave", "the kick");
    await story.pass(300_000);
    story.homeserver.sendText(lobby(), slow, "hello");
    await story.pass();

    expect(membership(slow)).toBe("join");
  });

  test("a link that comes by an edit is met; an edit at once, without a link, or of a message unknown is not", async () => {
    await begin(rule);
    const person = "@person:far.example";
    come(person);
    await story.pass(6_000);
    const say = () => story.homeserver.sendText(lobby(), person, "hello");
    const [first, second, third] = [say(), say(), say()];
    const early = edit(person, first, "https://typo.example");
    await story.pass(60_000);
    const late = edit(person, second, "https://evil.example");
    const plain = edit(person, third, "hello all");
    const unknown = edit(person, "$unknown", "https://evil.example");
    await found("our-late-link");
    await story.until(() => isGone(late), "the redaction");
    await story.pass();

    expect([early, plain, unknown].map(isGone)).toEqual([false, false, false]);
  });
});

describe("joins beyond what is usual", () => {
  const rule = `rule: our-join-rate
about: More people come than usually do at this hour of the week.
on: joins
settings: { limit: 4 }
when: count joins by room in 1h >= limit and room.joins > 3 * room.usual_joins
then: alert
`;
  const hour = 3_600_000;
  let made = 0;
  const come = (room: string, people: number) => {
    for (let i = 0; i < people; i++) story.homeserver.join(room, `@guest${++made}:far.example`);
  };

  test("are told where a week ago it were fewer; not where as many came, nor in the first week", async () => {
    await begin(rule, { rooms: 2, dataPath: aFolder() });
    const [quiet, busy] = story.rooms as [string, string];
    const wholeHour = Math.ceil(story.clock.now() / hour) * hour;
    await story.pass(wholeHour - story.clock.now() + 60_000);
    come(quiet, 1);
    come(busy, 4);
    await story.pass(hour);
    come(quiet, 5);
    await story.pass();
    expect(told(/our-join-rate in/)).toEqual([]);

    await story.stop();
    story.stepClock(wholeHour + 168 * hour + 60_000 - story.clock.now());
    await story.start();
    await story.pass(120_000);
    come(busy, 5);
    await story.pass();
    expect(told(/our-join-rate in/)).toEqual([]);

    come(quiet, 4);
    await found("our-join-rate");
    expect(told(/our-join-rate in/)[0]).toContain("Room 1");
  });
});

test("an event that is not what the specification says is removed; an edit, an unknown type and a redacted one stay", async () => {
  await begin(`rule: our-invalid
on: events
when: event.faults
then: redact
`);
  const person = story.person("odd");
  const send = (type: string, content: object) =>
    story.homeserver.send(lobby(), person, type, { ...content });
  const honest = send("m.room.message", { msgtype: "m.text", body: "hello" });
  const stay = [
    honest,
    send("m.room.message", {
      msgtype: "m.text",
      body: "* hello!",
      "m.new_content": { msgtype: "m.text", body: "hello!" },
      "m.relates_to": { rel_type: "m.replace", event_id: honest },
    }),
    send("org.example.game", { move: { body: 3 } }),
  ];
  story.homeserver.redact(lobby(), person, send("m.room.message", { msgtype: "m.text", body: "oops" }));
  await story.pass();
  expect(told(/^our-invalid in/)).toEqual([]);

  const odd = send("m.room.message", { msgtype: "m.text", body: { html: "x" }, "m.relates_to": [] });
  await story.until(() => isGone(odd), "the redaction");
  expect(stay.map(isGone)).toEqual([false, false, false]);
});

test("people of a server that nobody knew are met, after a restart, too; those of one that was here before are not", async () => {
  const rule = `rule: our-new-servers
on: joins
when: server.age < 1d and server.people >= 2
then: kick
`;
  story = new Story({ rooms: 1, rules: rule, dataPath: aFolder() });
  story.homeserver.join(lobby(), "@old:known.example");
  await story.start();
  await story.pass(61_000);
  await story.command("!tyr protections enable our-new-servers");
  await story.command("!tyr protections set our-new-servers alertOnly no");
  for (const name of ["@a:new.example", "@b:known.example"]) story.homeserver.join(lobby(), name);
  await story.pass();
  expect(told(/^our-new-servers in/)).toEqual([]);

  story.kill();
  await story.start();
  for (const name of ["@c:new.example", "@d:known.example"]) story.homeserver.join(lobby(), name);
  await story.until(() => membership("@c:new.example") === "leave", "the kick");
  await story.pass();

  expect(["@a:new.example", "@b:known.example", "@d:known.example"].map(membership)).toEqual([
    "join",
    "join",
    "join",
  ]);
});
