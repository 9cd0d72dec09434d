// One command about several people: all of them or none, guarded together, taken back together.

import { afterEach, expect, test } from "@jest/globals";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
};
const are = (people: readonly string[], room = story.rooms[0]!) =>
  people.map((user) => story.homeserver.membership(room, user));
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .flatMap(({ content }) => (content["entity"] === undefined ? [] : [content]));

afterEach(() => story.stop());

test.each([
  "!tyr ban @a:hs.test @b:hs.test @c:hs.test spam",
  "!tyr ban @a:hs.test,@b:hs.test;@c:hs.test spam",
  "!tyr ban coc @a:hs.test, @b:hs.test and @c:hs.test: spam",
  "!tyr ban @a:hs.test @b:hs.test coc @c:hs.test @a:hs.test spam",
  "!tyr ban https://matrix.to/#/@a:hs.test [B](https://matrix.to/#/@b:hs.test) @c:hs.test “spam”",
])("%s bans all of them, by one message that one undo takes back", async (command) => {
  await begin();
  const people = ["a", "b", "c"].map((name) => story.person(name));

  const answer = await story.command(command);
  await story.pass();

  expect(answer).toMatch(/^✅/);
  expect(answer).toContain("banned 3 people in 2 rooms");
  expect(are(people)).toEqual(["ban", "ban", "ban"]);
  expect(new Map(rules().map(({ entity, reason }) => [entity, reason]))).toEqual(
    new Map(people.map((user) => [user, "spam"])),
  );
  await story.command(`!tyr undo ${undoNumber(answer)}`);
  await story.pass();
  expect(are(people)).toEqual(["leave", "leave", "leave"]);
  expect(rules()).toEqual([]);
});

test("kick, mute, unmute, warn, redact and unban take several, too", async () => {
  await begin();
  const people = ["a", "b"].map((name) => story.person(name));
  const both = people.join(" ");
  const said = people.map((user) => story.homeserver.sendText(story.rooms[0]!, user, "hello"));
  await story.pass();

  expect(await story.command(`!tyr mute ${both} calm down`)).toMatch(/^✅ [^]*muted 2 people in 2 rooms/);
  expect(await story.command(`!tyr unmute ${both}`)).toMatch(/^✅ [^]*2 people in 2 rooms/);
  expect(await story.command(`!tyr warn ${both} please stop`)).toMatch(/^✅/);
  const warnings = story.rooms
    .flatMap((room) => story.homeserver.events(room))
    .filter((one) => one.sender === story.bot.userId && one.type === "m.room.message");
  expect(warnings.map(({ content }) => content["body"])).toEqual(
    people.map((user) => `${user}: please stop`),
  );
  expect(await story.command(`!tyr redact ${both} spam`)).toMatch(/^✅/);
  await story.pass();
  for (const event of said) expect(story.homeserver.event(story.rooms[0]!, event)?.content).toEqual({});
  expect(await story.command(`!tyr kick ${both} bye`)).toMatch(/^✅/);
  expect(are(people)).toEqual(["leave", "leave"]);
  await story.command(`!tyr ban ${both}`);
  expect(await story.command(`!tyr unban ${both} sorry`)).toMatch(/^✅/);
  await story.pass();
  expect(rules()).toEqual([]);
});

test.each([
  ["a moderator", "!tyr ban @a:hs.test @mod:hs.test spam", "the moderator @mod:hs.test"],
  [
    "a moderator, whom the guard alone would spare",
    "!tyr kick @a:hs.test @mod:hs.test",
    "@mod:hs.test is spared",
  ],
  ["somebody exempt", "!tyr mute @a:hs.test @friend:hs.test", "@friend:hs.test is spared"],
  [
    "somebody who is not there",
    "!tyr kick @a:hs.test @nobody:hs.test",
    "@nobody:hs.test is not in a protected room",
  ],
  ["something that is no whole id", "!tyr ban @a:hs.test @friend spam", "@friend is no whole id"],
])("with %s among them nothing is done to anybody", async (_what, command, why) => {
  await begin();
  const people = ["a", "friend"].map((name) => story.person(name));
  story.homeserver.join(story.rooms[0]!, story.moderator);
  await story.command("!tyr exempt add @friend:hs.test");

  const answer = await story.command(command);
  await story.pass();

  expect(answer).toMatch(/^❌/);
  expect(answer).toContain(why);
  expect(answer).not.toMatch(/Nothing done[^]*Nothing done/);
  expect(are(people)).toEqual(["join", "join"]);
  expect(rules()).toEqual([]);
  expect(story.world!.mutes.inRoom(story.rooms[0]! as never)).toEqual([]);
});

test("exempt and allow take several, and so do what takes them back", async () => {
  await begin();
  const both = ["a", "b"].map((name) => story.person(name));
  const ids = both.join(" ");

  expect(await story.command(`!tyr exempt add ${ids} our friends`)).toMatch(/^✅/);
  expect([...story.world!.settings.exemptions.values()]).toMatchObject(
    both.map((entity) => ({ entity, reason: "our friends" })),
  );
  expect(await story.command(`!tyr exempt remove ${ids}`)).toMatch(/^✅/);
  expect(story.world!.settings.exemptions.size).toBe(0);
  expect(await story.command(`!tyr allow ${ids} appeal accepted`)).toMatch(/^✅/);
  expect(new Set(rules().map(({ entity }) => entity))).toEqual(new Set(both));
  expect(await story.command(`!tyr unallow ${ids}`)).toMatch(/^✅/);
  expect(rules()).toEqual([]);
});

test.each([
  "!tyr deactivate @a:hs.test @b:hs.test spam",
  "!tyr kick @a:hs.test ROOM #other:hs.test calm down",
  "!tyr sweep a.test @b:hs.test",
])("%s does nothing, as a second one would be taken for the reason", async (command) => {
  await begin();
  const people = ["a", "b"].map((name) => story.person(name));

  const answer = await story.command(command.replace("ROOM", story.rooms[0]!));
  await story.pass();

  expect(answer).toMatch(/^❌ [^]*one at a time/);
  expect(answer).toContain("put that into quotes");
  expect(are(people)).toEqual(["join", "join"]);
});

test("they are weighed together: beyond the bound a person is asked", async () => {
  await begin({ settings: { guard: { maxPeople: 1, newcomerHours: 0 } } });
  const people = ["a", "b", "c"].map((name) => story.person(name));

  const answer = await story.confirmed(`!tyr ban ${people.join(" ")} raid`);
  await story.pass();

  expect(story.said().some((text) => text.startsWith("Question 1:"))).toBe(true);
  expect(answer).toMatch(/^✅/);
  expect(are(people)).toEqual(["ban", "ban", "ban"]);
});

test("a list that is missing is asked for once, for all of them", async () => {
  story = new Story();
  const second = story.room("Second", {
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "spam" } }],
  });
  story.settings = { watchedLists: [story.list, second] };
  await story.start();
  const people = ["a", "b"].map((name) => story.person(name));

  expect(await story.command(`!tyr ban ${people.join(" ")} raid`)).toContain("Which list?");
  await story.command("coc");
  await story.pass();

  expect(new Set(rules().map(({ entity }) => entity))).toEqual(new Set(people));
});

test("an id in quotes is the reason, and words with a dot are", async () => {
  await begin();
  const [a, b] = ["a", "b"].map((name) => story.person(name));

  await story.command(`!tyr ban ${a} "${b} said so"`);
  await story.command(`!tyr kick ${a} see example.org and @others`);

  expect(rules()).toMatchObject([{ entity: a, reason: `${b} said so` }]);
  expect(are([b!])).toEqual(["join"]);
});

test("more than anybody types are refused", async () => {
  await begin();
  const many = Array.from({ length: 31 }, (_, i) => `@p${i}:hs.test`).join(" ");

  expect(await story.command(`!tyr ban ${many}`)).toContain("these are 31, and I take 30 at once");
  expect(rules()).toEqual([]);
});
