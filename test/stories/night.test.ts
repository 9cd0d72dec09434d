// A moderator new to Tyr, alone at night, with nothing but the messages on a phone: from the call to all is well.

import { asString } from "../../src/kit/json.ts";
import { afterEach, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { Story } from "../support/story.ts";

const minute = 60_000;
/** What a phone shows of a message before it has to be opened or scrolled. */
const [screen, whole] = [320, 700];

let story: Story;
let from: number;

afterEach(() => story.stop());

/** Twelve accounts come to two of three rooms, and write two seconds after they came. */
async function night(): Promise<void> {
  story = new Story({ rooms: 3, settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" } } });
  for (let i = 0; i < 30; i++) story.person(`resident${i}`);
  await story.start();
  await story.command("!tyr protections profile usual --now");
  await story.pass(5 * minute);
  from = story.homeserver.events(story.managementRoom).length;
  const isKeptOut = (room: string) => story.deny(room).includes("evil.example");
  for (let i = 0; i < 12; i++) {
    const user = `@a${(0x3fa9c2d10e + i * 0x1d3b7).toString(16)}:evil.example`;
    const room = story.rooms[i % 2]!;
    if (isKeptOut(room)) break;
    story.homeserver.join(room, user);
    await story.pass(2_000);
    const text = `Dear friend number ${i}, earn money at home with our trading group, join now at https://evil.example/x`;
    if (!isKeptOut(room)) story.homeserver.sendText(room, user, text);
    await story.pass(1_000);
  }
  await story.pass(2 * minute);
}

const events = () => story.homeserver.events(story.managementRoom).slice(from);
const bodyOf = ({ content }: { content: Content }) => asString(content["body"]) ?? "";
/** Messages in the room as they stand in the end: each with its newest text, in their order. */
function messages(): readonly string[] {
  const all = new Map<string, string>();
  for (const event of events()) {
    if (event.type !== "m.room.message" || event.sender !== story.bot.userId) continue;
    const relation = (event.content["m.relates_to"] ?? {}) as Content;
    const edited = relation["rel_type"] === "m.replace" ? String(relation["event_id"]) : undefined;
    const text = bodyOf({
      content: (event.content["m.new_content"] as Content | undefined) ?? event.content,
    });
    all.set(edited ?? event.event_id, text);
  }
  return [...all.values()];
}
function tap(key: string): void {
  const question = events().find((event) => bodyOf(event).startsWith("Question 1:"))!;
  story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: question.event_id, key },
  });
}

test("⛔: one tap, five short messages, one call, every room closed and opened once", async () => {
  await night();
  const [call] = messages();
  tap("⛔");
  await story.pass(45 * minute);

  const [toldAtOnce, more] = call!.split("\nMore:\n");
  expect(toldAtOnce!.length).toBeLessThanOrEqual(screen);
  expect(more).toMatch(/^In common: accounts of evil\.example/);
  expect(toldAtOnce).toMatch(/⛔ no: they are banned, .* ✅ yes: what was done is taken back\.$/);
  for (const text of messages()) expect(text.length).toBeLessThanOrEqual(whole);
  expect(messages()).toEqual([
    expect.stringMatching(/^Question 1:\nA wave of spam, 5 accounts: [^]*They are not fine, said @mod/),
    expect.stringMatching(/^The wave of question 1, 5 accounts:\n[^]*banned 5 people in 2 rooms/),
    expect.stringMatching(/^Cleaning up a wave of 5 accounts; .*waves fine takes all of it back/),
    expect.stringMatching(/^Question 2:\nA wave is cleaned up\. Tell those who follow your list\?/),
    expect.stringMatching(/^All is well again: .*every room is open\. 5 accounts are banned\.$/),
  ]);
  const mentions = events().filter(({ content }) => Object.keys(content["m.mentions"] ?? {}).length > 0);
  expect(mentions).toHaveLength(1);
  for (const room of story.rooms.slice(0, 2))
    expect(
      story.homeserver
        .events(room)
        .filter(({ type }) => type === "m.room.server_acl")
        .map(({ content }) => content["deny"]),
    ).toEqual([["evil.example"], []]);
});

test("✅: one tap, and all is as it was", async () => {
  await night();
  tap("✅");
  await story.pass(45 * minute);

  expect(messages().at(-1)).toMatch(/The 5 accounts of the wave are fine/);
  for (const text of messages()) expect(text.length).toBeLessThanOrEqual(whole);
  expect(story.rooms.flatMap((room) => story.deny(room))).toEqual([]);
});

test("no tap: nobody is banned, the rooms open again, and that is told", async () => {
  await night();
  await story.pass(60 * minute);

  expect(messages().at(-1)).toMatch(
    /^It is calm again: .*every room is open\. Nobody is banned; the question still waits for you\.$/,
  );
  expect(messages().filter((text) => text.startsWith("It is calm again"))).toHaveLength(1);
});
