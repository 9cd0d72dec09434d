// Why a protection found a message or did not, asked by a moderator: nothing is done and nothing is counted.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

const rules = `links: our-links
entries: [ example.org ]
---
rule: new-links
settings: { few: 3 }
when: author is newcomer and any link where (domain not in our-links) and text.words < few * 2
then: redact
---
rule: shouting
when: text.capitals > 80% and text.length > 10
then: warn
---
rule: unread
when: room.usual_pace > 3 and text has "hello"
then: alert
`;

let story: Story;
const begin = async () => {
  story = new Story({ rooms: 2, rules });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const linkTo = (event: string, room = story.rooms[0]!) =>
  `https://matrix.to/#/${encodeURIComponent(room)}/${encodeURIComponent(event)}`;
const explain = (event: string, more = "", room?: string) =>
  story.command(`!tyr protections explain ${linkTo(event, room)}${more}`);

afterEach(() => story.stop());

test("what fits is told part by part, with what each came to; what is far from it is named", async () => {
  await begin();
  const person = story.person("newcomer");
  await story.pass(3 * 3_600_000);
  const event = story.homeserver.sendText(story.rooms[0]!, person, "hello: https://evil.example/x");
  await story.pass(10_000);

  const answer = await explain(event);

  expect(answer).toContain(
    "new-links (in shadow) fits: author is newcomer (author.age 3 hours) ✓ · any link where (domain not in our-links) ✓ [evil.example: domain not in our-links (evil.example) ✓] · text.words 2 < (few 3 * 2) ✓",
  );
  expect(answer).toContain("Far from it: shouting, unread.");
  expect(answer).toContain("as it was when it was sent");
});

test("what does not fit by one part comes near; what is unknown is said to be", async () => {
  await begin();
  const person = story.person("newcomer");
  const near = story.homeserver.sendText(story.rooms[0]!, person, "hello: https://example.org/x");
  const loud = story.homeserver.sendText(story.rooms[0]!, person, "WHO IS THERE AT ALL");
  await story.pass(10_000);

  expect(await explain(near)).toContain(
    "new-links (in shadow) does not fit: author is newcomer (author.age 1 second) ✓ · any link where (domain not in our-links) ✗ [example.org: domain not in our-links (example.org) ✗]",
  );
  expect(await explain(near, " unread")).toContain(
    'unread (in shadow) does not fit, as something is unknown: room.usual_pace unknown > 3 ? · text has "hello" (hello) ✓',
  );
  expect(await explain(loud, " shouting")).toContain(
    "shouting (in shadow) fits: text.capitals 100% > 80% ✓ · text.length 19 > 10 ✓",
  );
});

test("counts are as they are now, and asking counts nothing", async () => {
  await begin();
  await story.command("!tyr protections enable flood");
  const person = story.person("chatty");
  const events = Array.from({ length: 8 }, (_, i) =>
    story.homeserver.sendText(story.rooms[0]!, person, `one ${i}`),
  );
  await story.pass(10_000);

  for (let i = 0; i < 5; i++)
    expect(await explain(events.at(-1)!, " flood")).toContain("by author in seconds: 9 > limit 10");
  expect(story.said().filter((text) => text.startsWith("flood in"))).toEqual([]);
});

test("a moderator's message may fit, and is left alone", async () => {
  await begin();
  const event = story.homeserver.sendText(story.rooms[0]!, story.moderator, "WHO IS THERE AT ALL");
  await story.pass(10_000);

  expect(await explain(event, " shouting")).toContain("fits, but leaves its author alone");
});

test("in reply to a message that links to it, it needs no link", async () => {
  await begin();
  const event = story.homeserver.sendText(story.rooms[0]!, story.person("loud"), "WHO IS THERE AT ALL");
  const linked = story.homeserver.sendText(story.managementRoom, story.moderator, `see ${linkTo(event)}`);
  const asked = story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", {
    msgtype: "m.text",
    body: "!tyr protections explain shouting",
    "m.relates_to": { "m.in_reply_to": { event_id: linked } },
  });
  await story.until(() => story.answerTo(asked) !== undefined, "the answer");

  expect(story.answerTo(asked)).toContain("shouting (in shadow) fits");
});

test.each([
  ["a redacted message", "redacted: nothing is left of it"],
  ["one of a room that is not protected", "is not a protected room"],
  ["one that there is not", "I could not read that message"],
  ["a protection that there is not", "Did you mean shouting?"],
])("%s is told as that", async (what, told) => {
  await begin();
  const person = story.person("person");
  const event = story.homeserver.sendText(story.rooms[0]!, person, "hello");
  const elsewhere = story.room("Elsewhere");
  await story.pass(10_000);
  if (what === "a redacted message") story.homeserver.redact(story.rooms[0]!, person, event);
  const [asked, more, room] = {
    "one of a room that is not protected": [event, "", elsewhere],
    "one that there is not": ["$there-is-none", "", undefined],
    "a protection that there is not": [event, " shoutin", undefined],
  }[what] ?? [event, "", undefined];

  const answer = await explain(asked!, more, room);

  expect(answer).toContain("❌");
  expect(answer).toContain(told);
});
