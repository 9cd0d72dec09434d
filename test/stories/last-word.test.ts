// Commands and their take-backs within moments of each other: the last word counts, in a batch as well as during slow writes.

import { afterEach, describe, expect, test } from "@jest/globals";
import { lastWords } from "../simulation/last-word.ts";
import { pairs } from "../simulation/last-word-pairs.ts";
import { Story } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async () => {
  story = new Story({ rooms: 3 });
  await story.start();
  return story.person("x");
};
/** All in one batch. */
const say = (...lines: readonly string[]) =>
  story.homeserver.inOneGo(() =>
    lines.map((line) => story.homeserver.sendText(story.managementRoom, story.moderator, line)),
  );
const bans = (person: string) =>
  story.rooms.filter((room) => story.homeserver.membership(room, person) === "ban").length;
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .filter(({ content }) => content["entity"] !== undefined).length;

describe("a ban and the unban that arrives with it", () => {
  test("leave no rule and no ban", async () => {
    const x = await begin();

    const [, unban] = say(`!tyr ban ${x} spam`, `!tyr unban ${x}`);
    await story.pass();

    expect([rules(), bans(x)]).toEqual([0, 0]);
    expect(story.answerTo(unban!)).toContain(`Unban of ${x}: 1 rule to take back, 3 bans to lift`);
  });

  test("leave the ban where another one comes after them", async () => {
    const x = await begin();

    say(`!tyr ban ${x} spam`, `!tyr unban ${x}`, `!tyr ban ${x} spam`);
    await story.pass();

    expect([rules(), bans(x)]).toEqual([1, 3]);
  });

  test("leave no ban although the answer to it was lost", async () => {
    const x = await begin();
    story.homeserver.failNext({
      match: { path: "/m.room.member/" },
      status: 500,
      afterEffect: true,
      times: 3,
    });

    say(`!tyr ban ${x} spam`);
    await story.pass(60);
    say(`!tyr unban ${x}`);
    await story.pass(60_000);

    expect([rules(), bans(x)]).toEqual([0, 0]);
  });

  test("leave nothing of a ban that a second moderator had said as well", async () => {
    const x = await begin();

    say(`!tyr ban ${x} spam`, `!tyr ban ${x} spam`, `!tyr unban ${x}`);
    await story.pass();

    expect([rules(), bans(x)]).toEqual([0, 0]);
  });

  test("end as they should where an undo takes back what another undo has left for a ban in between", async () => {
    const x = await begin();
    story.homeserver.setRoomLatency(story.list, 2_000);

    say(`!tyr ban ${x} spam`);
    await story.pass(50);
    say(`!tyr undo ${x}`, `!tyr ban ${x} spam`, `!tyr undo ${x}`);
    await story.pass(60_000);

    expect([rules(), bans(x)]).toEqual([0, 0]);
  });

  test("leave nothing where the undo of a second ban would bring back the rule of the first", async () => {
    const x = await begin();
    say(`!tyr ban ${x} spam`);
    await story.pass();

    say(`!tyr undo ${x}`, `!tyr ban ${x} spam`);
    await story.pass(500);
    say(`!tyr undo ${x}`);
    await story.pass();

    expect([rules(), bans(x)]).toEqual([0, 0]);
  });

  test("concern only the list and the room that are named", async () => {
    const x = await begin();
    const [room] = story.rooms;

    say(`!tyr mute ${x}`, `!tyr unmute ${x} ${room}`);
    await story.pass();

    const muted = story.rooms.map(
      (one) =>
        (story.homeserver.state(one, "m.room.power_levels")!.content["users"] as Record<string, number>)[x],
    );
    expect(muted).toEqual([undefined, -1, -1]);
  });
});

describe("a list that is unwatched while it is still being looked at", () => {
  test("is not watched, and left again", async () => {
    await begin();
    const list = story.room("Another");
    story.homeserver.leave(list, story.bot.userId);
    story.homeserver.setRoomLatency(list, 2_000);

    const [watch, unwatch] = say(`!tyr lists watch ${list}`, `!tyr lists unwatch ${list}`);
    await story.pass(30_000);

    expect(story.world!.settings.lists.map(({ room }) => room)).toEqual([story.list]);
    expect(story.homeserver.membership(list, story.bot.userId)).toBe("leave");
    expect(story.answerTo(watch!)).toContain("Called off");
    expect(story.answerTo(unwatch!)).toContain("called off");
  });

  test("is not asked about any more", async () => {
    const x = await begin();
    const list = story.room("Another");
    story.rule(x, { list });
    story.homeserver.leave(list, story.bot.userId);
    say(`!tyr lists watch ${list}`);
    await story.pass();
    expect(story.world!.questions.open()).toHaveLength(1);

    say(`!tyr lists unwatch ${list}`);
    await story.pass();

    expect(story.world!.questions.open()).toEqual([]);
    expect(bans(x)).toBe(0);
  });

  test("and one that nobody watches, is said not to be", async () => {
    await begin();

    const [unwatch] = say("!tyr lists unwatch !nobody:hs.test");
    await story.pass();

    expect(story.answerTo(unwatch!)).toContain("no list");
  });
});

test("a few hundred random pairs end as the last word said", async () => {
  const ends = (await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => lastWords(seed, 25)))).flat();

  expect(ends.filter(({ violation }) => violation !== undefined).map(({ trace }) => trace)).toEqual([]);
  expect(new Set(ends.map(({ pair }) => pair))).toEqual(new Set(pairs.map(({ name }) => name)));
}, 120_000);
