// Protections that a community wrote: off, then only telling, then acting, on the road that all findings take.

import { afterEach, expect, test } from "@jest/globals";
import { Story, undoNumber } from "../support/story.ts";

const rules = `words: scam
entries: [ airdrop, free nitro ]
---
rule: airdrops
about: Masked words with somewhere to go.
on: [ message, edit, reaction ]
when: text spells scam and (links or text.contacts) and author is not regular
then: redact+warn redact+mute
warning: That is not for here.
---
rule: crossposts
about: The same text in several rooms.
settings: { rooms: 2 }
when: distinct room messages by author + text.key anywhere in 10m > rooms
then: redact+mute
---
rule: hex-joins
about: Machine names that come together from a server where nobody of us lives.
on: joins
when: author.name_hex and server.regulars = 0 and count joins where (author.name_hex) by server anywhere in 10m >= 3
then: kick
---
rule: our-after-offence
about: Newcomers who were found at something say nothing more today.
when: author.offences and author is newcomer
then: redact
`;

let story: Story;
const begin = async () => {
  story = new Story({ rooms: 3, rules });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const letAct = async (name: string) => {
  await story.command(`!tyr protections act ${name}`);
};
const stands = (who: string, room = story.rooms[0]!) =>
  story.homeserver
    .events(room)
    .filter(
      (one) => one.sender === who && one.type === "m.room.message" && Object.keys(one.content).length > 0,
    ).length;
const told = (what: RegExp) => story.said().filter((text) => what.test(text));

afterEach(() => story.stop());

test("they are listed, in shadow at first; then they only tell, and act when somebody lets them", async () => {
  await begin();
  const spammer = story.person("spammer");
  expect(await story.command("!tyr protections show airdrops")).toContain("airdrops is in shadow");

  story.homeserver.sendText(story.rooms[0]!, spammer, "а1rdrоp at https://evil.example/x");
  await story.pass(20_000);
  expect(told(/airdrops in/)).toEqual([]);

  expect(await story.command("!tyr protections alert airdrops")).toContain("only tells");
  story.homeserver.sendText(story.rooms[0]!, spammer, "a i r d r o p at https://evil.example/y");
  await story.until(() => told(/airdrops in/).length > 0, "the alert");
  await story.pass(20_000);
  expect(stands(spammer)).toBe(2);

  expect(await story.command("!tyr protections set airdrops alertOnly no")).toContain("mode");
  const other = story.person("other");
  story.homeserver.sendText(story.rooms[0]!, other, "free nitro: https://evil.example/z");
  await story.until(() => stands(other) === 0, "the redaction");
  await story.pass(20_000);
  expect(await story.command(`!tyr why ${other}`)).toContain("as airdrops found");
});

test("honest words, and masked ones without a link, are left alone", async () => {
  await begin();
  await letAct("airdrops");
  const person = story.person("honest");

  for (const text of [
    "as expected: https://good.example",
    "airdrop, says my game",
    "air drop https://good.example",
  ])
    story.homeserver.sendText(story.rooms[0]!, person, text);
  story.homeserver.sendText(story.rooms[0]!, story.moderator, "airdrop https://good.example");
  await story.pass(30_000);

  expect(stands(person)).toBe(3);
  expect(stands(story.moderator)).toBe(1);
  expect(told(/airdrops in/)).toEqual([]);
});

test("the same text in three rooms is met in the third, other texts are not; undo takes the mute back", async () => {
  await begin();
  await letAct("crossposts");
  const [poster, talker] = [story.person("poster"), story.person("talker")];

  for (const [i, room] of story.rooms.entries()) {
    story.homeserver.sendText(room, poster, "Dear friends, write to me today and double what you have!");
    story.homeserver.sendText(
      room,
      talker,
      `What I want to say in room number ${i} is something else, ${"abc"[i]}`,
    );
  }
  await story.until(() => told(/crossposts in/).length > 0, "the finding");
  await story.pass(20_000);

  const [message] = told(/crossposts in/);
  expect(message).toContain(poster);
  expect(message).not.toContain(talker);
  expect(message).toContain("messages of 3 different rooms within 10 minutes");
  expect(story.rooms.map((room) => stands(poster, room))).toEqual([1, 1, 0]);
  expect(await story.command(`!tyr undo ${undoNumber(message!)}`)).toContain("unmuted");
});

test("joins are counted by server: the third is kicked, one from elsewhere and one by a name are not", async () => {
  await begin();
  await letAct("hex-joins");
  const [room] = story.rooms as [string];
  const names = [
    "@0a1b2c3d4e:evil.example",
    "@1a1b2c3d4e:evil.example",
    "@alice:evil.example",
    "@2a1b2c3d4e:good.example",
  ];
  for (const name of names) story.homeserver.join(room, name);
  await story.pass(20_000);
  expect(told(/hex-joins in/)).toEqual([]);

  story.homeserver.join(room, "@3a1b2c3d4e:evil.example");
  await story.until(() => told(/hex-joins in/).length > 0, "the finding");
  await story.pass(20_000);

  const membership = (who: string) =>
    story.homeserver.state(room, "m.room.member", who)?.content["membership"];
  expect(membership("@3a1b2c3d4e:evil.example")).toBe("leave");
  expect(names.map(membership)).toEqual(["join", "join", "join", "join"]);
});

test("a setting of their own is set for one room alone", async () => {
  await begin();
  await letAct("crossposts");
  expect(await story.command(`!tyr protections set crossposts rooms ${story.rooms[2]} 5`)).toContain(
    "becomes 5",
  );
  const poster = story.person("poster");

  for (const room of story.rooms)
    story.homeserver.sendText(room, poster, "Dear friends, write to me today and double what you have!");
  await story.pass(30_000);

  expect(told(/crossposts in/)).toEqual([]);
});

test("who was found is met by the rule about offences, unless they were only told of or it was taken back", async () => {
  await begin();
  await letAct("our-after-offence");
  await letAct("flood");
  await story.command("!tyr protections set flood response redact");
  const [room] = story.rooms as [string];
  const [flooder, other, third] = [story.person("flooder"), story.person("other"), story.person("third")];
  const say = (who: string, text = "and more") => story.homeserver.sendText(room, who, text);
  const flood = (who: string) => {
    for (let i = 0; i < 12; i++) say(who);
  };
  flood(flooder);
  await story.until(() => told(/flood in/).length > 0, "the finding");
  await story.pass(60_000);

  say(flooder);
  say(other);
  await story.until(() => told(/our-after-offence in/).length > 0, "what follows");
  await story.pass(20_000);
  expect([stands(flooder), stands(other)]).toEqual([0, 1]);

  await story.command("!tyr protections set flood response redact+mute");
  flood(other);
  await story.until(() => told(/flood in.*other/).length > 0, "the second finding");
  await story.pass(60_000);
  await story.command(`!tyr undo ${undoNumber(told(/flood in.*other/).at(-1)!)}`);
  await story.pass(60_000);
  say(other, "once more");
  await story.command("!tyr protections set flood alertOnly yes");
  flood(third);
  await story.pass(60_000);
  say(third, "once more");
  await story.pass(20_000);
  expect([stands(other), stands(third)]).toEqual([2, 13]);
});
