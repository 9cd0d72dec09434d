// First links and pictures of people who have come just now: what they have said before, and what regulars post.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Story } from "../support/story.ts";

const rules = `rule: our-first-link
about: The first words of somebody new are a link to where nobody of us links.
on: [ message, edit ]
when: author.spoken = 0 and author.age < 1d and any link where (not known)
then: redact
---
rule: our-first-media
about: The first thing of somebody new is a picture that nobody of us has posted.
on: media
when: author.spoken = 0 and author.age < 1d and not media.known
then: redact
`;

const dayMs = 86_400_000;

let story: Story;
let room: string;
let dataPath: string;
beforeEach(() => {
  dataPath = mkdtempSync(join(tmpdir(), "tyr-first-words-"));
});
afterEach(async () => {
  await story.stop();
  rmSync(dataPath, { recursive: true });
});

const say = (who: string, body: string) => story.homeserver.sendText(room, who, body);
const show = (who: string, url: string) =>
  story.homeserver.send(room, who, "m.room.message", { msgtype: "m.image", body: "cat.png", url });
const stands = (event: string) =>
  Object.keys(story.homeserver.events(room).find((one) => one.event_id === event)!.content).length > 0;
/** Of a server of their own. */
const comes = (name: string) => {
  const who = `@${name}:elsewhere.example`;
  story.homeserver.join(room, who);
  return who;
};

/** `days`: for so long two regulars were watched since they are regulars. */
const begin = async ({ days = 3 } = {}) => {
  const settings = { guard: { regularAfterDays: 1, regularDays: 2 } };
  story = new Story({ rooms: 1, rules, settings, dataPath });
  [room] = story.rooms as [string];
  const regulars = [story.person("ann"), story.person("bob")];
  comes("old");
  await story.start();
  for (const rule of ["our-first-link", "our-first-media"]) {
    await story.command(`!tyr protections enable ${rule}`);
    await story.command(`!tyr protections set ${rule} alertOnly no`);
  }
  for (let day = 0; day < 2; day++) {
    story.stepClock(dayMs);
    for (const who of regulars) say(who, "good morning");
    await story.pass(5_000);
  }
  story.stepClock(days * dayMs);
  for (const who of regulars) say(who, "the docs are at https://docs.known.example/start");
  show(regulars[0]!, "mxc://hs.test/ours");
  await story.pass(5_000);
};

test("the first link of somebody new is removed; the second message may have one, and what is known passes", async () => {
  await begin();
  const [spammer, guest, talker, changer] = ["spammer", "guest", "talker", "changer"].map(comes) as [
    string,
    string,
    string,
    string,
  ];

  const spam = say(spammer, "coins: https://evil.example/x");
  const known = say(guest, "is https://known.example/faq right?");
  say(talker, "hello all");
  const second = say(talker, "my page: https://talker.example");
  const old = say("@old:elsewhere.example", "my page: https://old.example");
  const staff = say(story.moderator, "https://moderators.example");
  const regular = say("@ann:hs.test", "https://ann.example");
  const original = say(changer, "hello all");
  await story.until(() => !stands(spam), "the redaction");
  const edit = story.homeserver.send(room, changer, "m.room.message", {
    msgtype: "m.text",
    body: "* coins: https://evil.example/y",
    "m.new_content": { msgtype: "m.text", body: "coins: https://evil.example/y" },
    "m.relates_to": { rel_type: "m.replace", event_id: original },
  });
  await story.until(() => !stands(edit), "the redaction of the edit");
  await story.pass(20_000);

  expect([known, second, old, staff, regular, original].map(stands)).toEqual(Array(6).fill(true));
});

test("what was removed was not said: the next link is a first one again", async () => {
  await begin();
  const spammer = comes("spammer");
  const one = say(spammer, "https://evil.example/1");
  await story.until(() => !stands(one), "the redaction");
  await story.pass(20_000);

  const two = say(spammer, "https://evil.example/2");

  await story.until(() => !stands(two), "the second redaction");
});

test("links are held to be new only when regulars were watched for some days", async () => {
  await begin({ days: 2 });
  const link = say(comes("guest"), "https://guest.example");
  await story.pass(30_000);

  expect(stands(link)).toBe(true);
});

test("the first picture of somebody new is removed, unless one of us has posted it", async () => {
  await begin();
  const [spammer, guest, talker] = ["spammer", "guest", "talker"].map(comes) as [string, string, string];

  const spam = show(spammer, "mxc://elsewhere.example/spam");
  const ours = show(guest, "mxc://hs.test/ours");
  say(talker, "hello all");
  const second = show(talker, "mxc://elsewhere.example/cat");
  await story.until(() => !stands(spam), "the redaction");
  await story.pass(20_000);

  expect([ours, second].map(stands)).toEqual([true, true]);
});

test("all of it is known after a restart", async () => {
  await begin();
  const [silent, talker, guest] = ["silent", "talker", "guest"].map(comes) as [string, string, string];
  say(talker, "hello all");
  await story.pass(5_000);
  await story.stop();
  await story.start();
  await story.pass(61_000);

  const second = say(talker, "my page: https://talker.example");
  const known = say(guest, "see https://known.example/faq");
  const old = say("@old:elsewhere.example", "my page: https://old.example");
  const spam = say(silent, "https://evil.example/x");
  const picture = show(comes("painter"), "mxc://elsewhere.example/spam");
  await story.until(() => !stands(spam) && !stands(picture), "the redactions");
  await story.pass(20_000);

  expect([second, known, old].map(stands)).toEqual([true, true, true]);
});
