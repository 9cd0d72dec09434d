// A second person: what is large waits for somebody else's yes, so that one account that was taken over is not enough; who is
// alone gets there after a pause.

import { afterEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

let story: Story;
afterEach(() => story.stop());

const vera = "@vera:hs.test";
const desk = () => story.managementRoom;
const crowd = () => Array.from({ length: 12 }, (_, i) => `@person${i}:hs.test`);
const areBanned = () => crowd().filter((user) => story.isBanned(user)).length;

/** A dozen people, of whom a ban is large; vera is here as long as the moderator. */
async function begin({
  guard = {},
  budgets = {},
  ...options
}: StoryOptions & { guard?: object; budgets?: object } = {}): Promise<void> {
  const usual = { secondPerson: "large", secondPersonFrom: 10, maxPeople: 1_000, maxRoomShare: 100 };
  story = new Story({ ...options, settings: { guard: { ...usual, ...guard }, budgets } });
  for (const user of crowd()) story.person(user.slice(1).replace(/:.*/, ""));
  for (const name of ["resident1", "resident2"]) story.person(name);
  moderates("vera");
  await story.start();
}

function moderates(name: string): void {
  const user = story.person(name, []);
  story.homeserver.invite(desk(), story.moderator, user);
  story.homeserver.join(desk(), user);
}

async function says(user: string, text: string): Promise<string> {
  const event = story.homeserver.sendText(desk(), user, text);
  await story.pass(minute);
  return story.answerTo(event) ?? "";
}

async function reacts(user: string, key: string, question: string): Promise<void> {
  const asks = story.homeserver
    .events(desk())
    .find(({ content }) => String(content["body"]).startsWith(`Question ${question}:`))!;
  story.homeserver.send(desk(), user, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: asks.event_id, key },
  });
  await story.pass(minute);
}

const numberOf = (answer: string) => /^Question (\d+):/.exec(answer)![1]!;
const said = (what: RegExp) => story.said().filter((text) => what.test(text));
const ban = "!tyr ban @person*:hs.test scam network";

describe("what is large", () => {
  test("waits for somebody else, whatever who asked for it says", async () => {
    await begin();
    await says(vera, "hello");
    const asked = await says(story.moderator, ban);
    const question = numberOf(asked);
    expect(asked).toContain(`Somebody else than ${story.moderator} has to say yes: ${vera} may.`);

    await reacts(story.moderator, "✅", question);
    await reacts(story.moderator, "✅", question);
    await says(story.moderator, "yes");
    expect(await says(story.moderator, `!tyr yes ${question}`)).toMatch(/You asked for it yourself/);
    await story.pass(60 * minute);
    await reacts(story.moderator, "✅", question);

    expect(areBanned()).toBe(0);
    expect(
      said(/^You asked for it yourself, so it has to be somebody else: @vera:hs\.test may\./),
    ).toHaveLength(2);

    await reacts(vera, "✅", question);
    expect(areBanned()).toBe(12);
  });

  test("is dropped by a no of whoever asked for it", async () => {
    await begin();
    await says(vera, "hello");
    const question = numberOf(await says(story.moderator, ban));

    await reacts(story.moderator, "❌", question);

    expect(said(/No, said @mod/)).not.toEqual([]);
    expect(await says(vera, `!tyr yes ${question}`)).toMatch(/is answered/);
    expect(areBanned()).toBe(0);
  });

  test("is not for somebody who was let in just now to say yes to", async () => {
    await begin();
    await says(vera, "hello");
    moderates("friend");
    await story.pass(minute);
    const question = numberOf(await says(story.moderator, ban));

    await reacts("@friend:hs.test", "✅", question);

    expect(said(/^You came to this room less than a day before it was asked/)).toHaveLength(1);
    expect(areBanned()).toBe(0);
  });

  test("is the way back from it, too, and a level of 50 or more", async () => {
    await begin();
    await says(vera, "hello");
    const question = numberOf(await says(story.moderator, ban));
    await reacts(vera, "✅", question);

    expect(await says(story.moderator, "!tyr undo last")).toMatch(/Somebody else than @mod/);
    expect(areBanned()).toBe(12);
    expect(await says(story.moderator, `!tyr powerlevel ${vera} 50 ${story.rooms[0]!}`)).toMatch(
      /Somebody else/,
    );
  });

  test("is what roles are", async () => {
    await begin();
    await says(vera, "hello");

    const asked = await says(story.moderator, "!tyr roles on");
    expect(asked).toContain("Somebody else than @mod:hs.test has to say yes");
    await says(story.moderator, `!tyr yes ${numberOf(asked)}`);

    expect(story.world!.settings.roles).toBeUndefined();
  });
});

describe("who is alone", () => {
  test("gets there after a pause, and is told from when on", async () => {
    await begin({ dataPath: aFolder() });
    const asked = await says(story.moderator, ban);
    const question = numberOf(asked);
    expect(asked).toMatch(
      /Nobody else is here to ask\. The own yes of @mod:hs\.test counts from .* on; a no at any time\./,
    );

    await reacts(story.moderator, "✅", question);
    expect(said(/your own yes counts from/)).not.toEqual([]);
    expect(areBanned()).toBe(0);
    story.kill();
    await story.start();
    await story.pass(9 * minute);
    await says(story.moderator, `!tyr yes ${question}`);

    expect(areBanned()).toBe(12);
  });

  test("is still answered by somebody who comes back", async () => {
    await begin({ guard: { aloneAfterDays: 1 } });
    await says(vera, "hello");
    await story.pass(day + 60 * minute);
    const asked = await says(story.moderator, ban);
    expect(asked).toContain("Nobody else is here to ask.");

    await reacts(vera, "✅", numberOf(asked));

    expect(areBanned()).toBe(12);
  });
});

test("a small ban waits for nobody, and newcomers do not count", async () => {
  await begin();
  await says(story.moderator, "!tyr ban @person1:hs.test spam");
  expect(areBanned()).toBe(1);
  for (let i = 0; i < 15; i++) story.person(`wave${i}`);
  await story.pass(minute);

  const asked = await says(story.moderator, "!tyr ban @wave*:hs.test spam");
  expect(asked).toMatch(/It would hit 15 newcomers/);
  expect(asked).not.toMatch(/else/);
  await says(story.moderator, `!tyr yes ${numberOf(asked)}`);
  await story.until(() => story.isBanned("@wave3:hs.test"), "the ban of the wave");
});

test("with always, whatever waits for a yes waits for somebody else's", async () => {
  await begin({ guard: { secondPerson: "always" } });
  await says(vera, "hello");

  expect(await says(story.moderator, "!tyr protections profile quiet")).toMatch(/Somebody else than @mod/);
});

test("with off, who asked says yes as ever", async () => {
  await begin({ guard: { secondPerson: "off", maxPeople: 5 } });
  await says(vera, "hello");
  const question = numberOf(await says(story.moderator, ban));

  await reacts(story.moderator, "✅", question);

  expect(areBanned()).toBe(12);
});

describe("a budget", () => {
  const one = (n: number) => `!tyr ban @person${n}:hs.test spam`;

  test("is each moderator's own; beyond it somebody else has to say yes, over a restart", async () => {
    await begin({ dataPath: aFolder(), budgets: { removals: 3 } });
    await says(vera, "hello");
    for (const n of [0, 1, 2]) await says(story.moderator, one(n));
    expect(areBanned()).toBe(3);
    story.kill();
    await story.start();

    const asked = await says(story.moderator, one(3));
    expect(asked).toContain("@mod:hs.test would have removed 4 people within ten minutes, and 3 is");
    expect(asked).toContain("Somebody else than @mod:hs.test has to say yes");
    await reacts(story.moderator, "✅", numberOf(asked));
    expect(areBanned()).toBe(3);
    await says(vera, one(4));
    expect(areBanned()).toBe(4);

    await reacts(vera, "✅", numberOf(asked));
    expect(areBanned()).toBe(5);
    await story.pass(10 * minute);
    await says(story.moderator, one(6));
    expect(areBanned()).toBe(6);
  });

  test("counts what somebody has said yes to themselves", async () => {
    await begin({ guard: { secondPersonFrom: 1_000 }, budgets: { removals: 5 } });
    await says(vera, "hello");
    const asked = await says(story.moderator, ban);
    expect(asked).toMatch(/is a glob/);
    expect(asked).toMatch(/within ten minutes/);
    expect(areBanned()).toBe(0);
    await reacts(vera, "✅", numberOf(asked));
    expect(areBanned()).toBe(12);
    await says(story.moderator, "!tyr ban @resident1:hs.test spam");
    expect(story.isBanned("@resident1:hs.test")).toBe(true);
  });

  test("is spent by what they could say yes to themselves, and not by what somebody else did", async () => {
    await begin({ guard: { secondPersonFrom: 1_000 }, budgets: { removals: 12 } });
    await says(vera, "hello");
    const asked = await says(story.moderator, ban);
    expect(asked).not.toMatch(/else/);
    await reacts(story.moderator, "✅", numberOf(asked));
    expect(areBanned()).toBe(12);

    expect(await says(story.moderator, "!tyr ban @resident1:hs.test spam")).toMatch(
      /13 people within ten minutes/,
    );
    expect(story.isBanned("@resident1:hs.test")).toBe(false);
  });

  test("is none where no second person is asked for", async () => {
    await begin({ guard: { secondPerson: "off" }, budgets: { removals: 1 } });
    for (const n of [0, 1, 2]) await says(story.moderator, one(n));

    expect(areBanned()).toBe(3);
  });
});
