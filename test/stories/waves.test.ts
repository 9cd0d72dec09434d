// Spam waves, from the first accounts to the last ban: what is asked, told, done and taken back.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { aFolder } from "../support/folder.ts";
import { Chance } from "../waves/blocks/chance.ts";
import { masks } from "../waves/blocks/spam-texts.ts";
import { Story, type StoryOptions } from "../support/story.ts";

const minute = 60_000;

let story: Story;

afterEach(() => story.stop());

/** Thirty residents. Tyr knows what is usual here from the first day, and acts only where it is told to. */
async function begin({ settings, ...options }: StoryOptions = {}): Promise<void> {
  story = new Story({
    ...options,
    settings: { waves: { learnDays: 0, learnPeople: 0, act: "ask" }, ...settings },
  });
  for (let i = 0; i < 30; i++) story.person(`resident${i}`);
  await story.start();
  await story.command("!tyr protections profile usual --now");
  await story.pass(5 * minute);
}

const lobby = () => story.rooms[0]!;
const residents = Array.from({ length: 30 }, (_, i) => `@resident${i}:hs.test`);

interface WaveOptions {
  readonly from?: number;
  readonly server?: string;
  /** `silent`: they only come. */
  readonly text?: ((i: number) => string) | "silent";
  readonly afterMs?: number;
}

const earn = (i: number) =>
  `Dear friend number ${i}, earn money at home with our trading group, join now at https://evil.example/x`;

/** Those who got in: accounts of one server that nobody knows, with names of one form, which write soon after they came. */
async function wave(
  count: number,
  { from = 0, server = "evil.example", text = earn, afterMs = 2_000 }: WaveOptions = {},
): Promise<string[]> {
  const users: string[] = [];
  for (let i = from; i < from + count; i++) {
    const user = `@a${(0x3fa9c2d10e + i * 0x1d3b7).toString(16)}:${server}`;
    // The server is kept out by now.
    if (story.deny(lobby()).includes(server)) break;
    users.push(user);
    story.homeserver.join(lobby(), user);
    await story.pass(afterMs);
    if (story.deny(lobby()).includes(server)) continue;
    if (text !== "silent") story.homeserver.sendText(lobby(), user, text(i));
    await story.pass(1_000);
  }
  return users;
}

const said = (what: RegExp) => story.said().filter((text) => what.test(text));
const until = (what: RegExp) => story.until(() => said(what).length > 0, `a message like ${what}`);
const banned = (users: readonly string[]) => users.filter((user) => story.isBanned(user, [lobby()]));
const untilBanned = (users: readonly string[]) =>
  story.until(() => banned(users).length === users.length, "the bans");
/** What a containment may write over, as text. An ACL that keeps nobody out is as good as none. */
const state = () => ({
  levels: JSON.stringify(story.homeserver.state(lobby(), "m.room.power_levels")?.content),
  deny: story.deny(lobby()),
});
/** The room is open to all servers again. */
const untilOpen = () =>
  story.until(() => story.deny(lobby()).length === 0, "the end of the containment", 60 * minute);
const answer = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);
/** Messages that mention anybody. */
const calls = () =>
  story.homeserver
    .events(story.managementRoom)
    .filter(({ content }) => Object.keys((content["m.mentions"] ?? {}) as Content).length > 0)
    .map(({ content }) => String(content["body"]));
/** What stands in the lobby of what they wrote. */
const visible = (users: readonly string[]) =>
  story.homeserver
    .events(lobby())
    .filter(
      ({ type, sender, content }) => type === "m.room.message" && users.includes(sender) && content["body"],
    );
const question = /^Question \d+:\nA wave of spam/;

describe("a wave that does harm", () => {
  test("is asked about once, by one call, and nobody is banned without a yes", async () => {
    await begin();

    const users = await wave(12);
    await story.pass(10 * minute);

    expect(said(question)).toHaveLength(1);
    expect(calls()).toHaveLength(1);
    expect(banned(users)).toEqual([]);
  });

  test("is cleaned up after a no to whether they are fine, with those who come later", async () => {
    await begin();
    const users = await wave(8);
    await until(question);

    answer("no");
    await untilBanned(users);
    const later = await wave(3, { from: 20, server: "worse.example" });
    await untilBanned(later);
    await story.pass(minute);

    expect(visible([...users, ...later])).toEqual([]);
    expect(banned(residents)).toEqual([]);
    expect(calls()).toHaveLength(1);
  });

  test("is contained by itself and told so, nobody is banned, and the room is opened again to the letter", async () => {
    await begin({ settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" } } });
    const before = state();

    const users = await wave(12);
    await until(question);
    await story.pass(minute);
    const during = story.deny(lobby());
    await story.pass(30 * minute);

    expect(during).toEqual(["evil.example"]);
    expect(
      said(/I keep them out where that silences few others; nobody is banned without a word/),
    ).not.toEqual([]);
    expect(banned(users)).toEqual([]);
    expect(state()).toEqual(before);
  });

  test("is cleaned up without a word, where the config wants that, and told by one call", async () => {
    await begin({ settings: { waves: { learnDays: 0, learnPeople: 0, act: "all" } } });

    const users = await wave(8);
    await untilBanned(users);
    await story.pass(minute);

    expect(said(/^Question/)).toEqual([]);
    expect(calls()).toEqual([expect.stringMatching(/^A wave of spam, \d+ accounts/)]);
    expect(banned(residents)).toEqual([]);
  });

  test("is left alone, where waves are switched off", async () => {
    await begin({ settings: { waves: { act: "off" } } });

    const users = await wave(8);
    await story.pass(minute);

    expect(said(/wave of spam/)).toEqual([]);
    expect(banned(users)).toEqual([]);
  });
});

describe("a cut that would silence many others", () => {
  const first = ["anna", "bruno", "chiara", "dmitri", "elif", "fumiko", "gustav", "hana", "igor", "jun"];
  const last = ["k", ".weber", "42", "_the_cat", "sson", "-dev"];
  const crowd = first.flatMap((one) => last.map((other) => `@${one}${other}:hs.test`));
  /** Sixty people who come over some hours of the day; and no server ACLs, so that only their voice can be taken with the wave's. */
  const beginWithGuests = async () => {
    await begin({
      settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" }, acl: { enabled: false } },
    });
    for (const guest of crowd) {
      story.homeserver.join(lobby(), guest);
      await story.pass(4 * minute);
    }
  };
  const level = () => story.homeserver.state(lobby(), "m.room.power_levels")?.content["events_default"];

  test("waits, and the question says how many and where", async () => {
    await beginWithGuests();

    await wave(8);
    await until(/I wait for your word/);
    await story.pass(minute);

    expect(said(/I wait for your word/).at(-1)).toContain(
      "I wait for your word in Room 1.\n⛔ would take newcomers' voice there, and so also silence 60 people who are no part of it.\n",
    );
    expect(level()).toBe(0);
    expect(said(question)).toHaveLength(1);
    expect(calls()).toHaveLength(1);
  });

  test("is made after ⛔, and silences nobody when it is over", async () => {
    await beginWithGuests();
    const users = await wave(8);
    await until(/I wait for your word/);

    answer("no");
    await untilBanned(users);
    await story.until(() => level() === 1, "the cut");
    await story.until(() => level() === 0, "the release", 60 * minute);

    expect(banned([...crowd, ...residents])).toEqual([]);
  });
});

describe("a wave that comes within one sync", () => {
  test.each(["hs.test", "evil.example"])(
    "from %s is as harmful as one whose accounts come one by one",
    async (server) => {
      story = new Story({ settings: { waves: { learnDays: 0, learnPeople: 0 } } });
      story.person("resident");
      await story.start();

      story.homeserver.inOneGo(() => {
        for (let i = 0; i < 12; i++) {
          const user = `@a${(0x3fa9c2d10e + i * 0x1d3b7).toString(16)}:${server}`;
          story.homeserver.join(lobby(), user);
          story.homeserver.sendText(lobby(), user, masks.twins(earn(i), new Chance(i)));
        }
      });
      await story.pass(minute);

      const [wave] = story.world!.stored.waves.all();
      expect([wave?.stage, wave?.proof, wave?.accounts]).toEqual(["harmful", "masks", 12]);
      const isNew = wave?.shares.some(({ shown }) => shown === "servers from which nobody came before");
      expect(isNew).toBe(server !== "hs.test");
    },
  );
});

describe("all of it is taken back", () => {
  test.each([
    ["by its undo number", () => story.command(`!tyr undo ${numberOf(/redacted \d+ events/)}`)],
    ["as they are fine", () => story.command("!tyr waves fine")],
  ])("%s, and they are left alone from then on", async (_how, takeBack) => {
    await begin();
    const users = await wave(8);
    await until(question);
    answer("no");
    await untilBanned(users);
    await story.pass(minute);

    const reply = await takeBack();
    await story.until(() => banned(users).length === 0, "the lifted bans");
    await untilOpen();
    const later = await wave(4, { from: 20 });
    await story.pass(10 * minute);
    expect(later).toHaveLength(4);

    expect(reply).toMatch(/^✅/);
    expect(banned([...users, ...later])).toEqual([]);
    expect(await story.command("!tyr waves")).toMatch(/they are fine/);
  });

  test("for one person, who is excused", async () => {
    await begin();
    const users = await wave(8);
    await until(question);
    answer("no");
    await untilBanned(users);
    const [one = "", ...others] = users;

    const reply = await story.command(`!tyr waves excuse ${one}`);
    await story.until(() => banned([one]).length === 0, "the lifted ban");
    await untilOpen();
    story.homeserver.join(lobby(), one);
    await story.pass(10 * minute);

    expect(reply).toMatch(/is no part of the wave/);
    expect(banned(users)).toEqual(others);
  });
});

describe("a false alarm is made good", () => {
  const invited = (users: readonly string[]) =>
    users.filter((user) => story.homeserver.membership(lobby(), user) === "invite");
  const offer = /people of the wave that was none are not back\. Invite all of them again\?/;
  /** What Tyr wrote in the lobby. */
  const lines = () => story.homeserver.texts(lobby(), story.bot.userId);

  test("who was banned is offered to be invited, once, and invited after a yes", async () => {
    await begin();
    const users = await wave(8);
    await until(question);
    answer("no");
    await untilBanned(users);
    await story.pass(minute);

    await story.command("!tyr waves fine");
    await until(offer);
    const before = invited(users);
    answer("yes");
    await story.until(() => invited(users).length === users.length, "the invitations");
    await story.pass(10 * minute);

    expect(before).toEqual([]);
    expect(said(offer).filter((text) => !text.startsWith("* "))).toHaveLength(1);
    expect(said(/Inviting 8 people back to 1 room/)).not.toEqual([]);
    expect(await story.command("!tyr waves invite")).toMatch(/^❌ nobody whom it cost their place/);
    expect([...story.world!.settings.labels.values()].map(({ isRight }) => isRight)).toEqual([false]);
  });

  test("nobody is invited without a yes, nor offered who is back", async () => {
    await begin();
    const users = await wave(8);
    await until(question);
    answer("no");
    await untilBanned(users);

    await story.command("!tyr waves fine");
    await story.until(() => banned(users).length === 0, "the lifted bans");
    await until(offer);
    answer("no");
    await story.pass(10 * minute);

    expect(invited(users)).toEqual([]);
    expect(said(offer).filter((text) => !text.startsWith("* "))).toHaveLength(1);
  });

  test("nothing is offered or said where nobody was removed and no room was closed to anybody", async () => {
    await begin();
    await wave(8);
    await until(question);

    answer("yes");
    await story.pass(20 * minute);

    expect(said(/of the wave that was none/)).toEqual([]);
    expect(lines()).toEqual([]);
  });

  test("a room that newcomers could not speak in is told, once, also over a restart", async () => {
    await begin({
      dataPath: aFolder(),
      settings: { waves: { learnDays: 0, learnPeople: 0, act: "contain" }, acl: { enabled: false } },
    });
    // The last ones cannot speak any more.
    await wave(8).catch(() => []);
    await until(question);
    await story.pass(2 * minute);
    answer("yes");
    await story.until(() => lines().length > 0, "the line in the room");

    await story.stop();
    await story.start();
    await story.pass(20 * minute);

    expect(lines()).toEqual([
      expect.stringMatching(
        /^For \d+ minutes?.*newcomers could not speak here: .* Sorry\. The room is open again\.$/,
      ),
    ]);
    expect(said(/of the wave that was none/)).toEqual([]);
  });

  test("a wave that is no false alarm invites nobody", async () => {
    await begin();
    await wave(8);
    await until(question);

    expect(await story.command("!tyr waves invite")).toMatch(
      /^❌ nobody said that the people of that wave are fine/,
    );
  });
});

/** The number in the newest message like that. */
function numberOf(what: RegExp): string {
  return /undo (\d+)/.exec(said(what).at(-1) ?? "")?.[1] ?? "none";
}

describe("what only came", () => {
  test("is removed when the wave is over, and not before", async () => {
    await begin();
    const users = await wave(6);
    await until(question);
    const silent = await wave(4, { from: 50, text: "silent" });
    answer("no");
    await untilBanned(users);
    const before = silent.filter((user) => story.homeserver.membership(lobby(), user) === "join");

    await story.pass(20 * minute);

    const after = silent.filter((user) => story.homeserver.membership(lobby(), user) === "join");
    expect([before, after]).toEqual([silent, []]);
    expect(banned(silent)).toEqual([]);
  });
});

describe("when it is cleaned up", () => {
  const numberIn = (what: RegExp) => /^Question (\d+)/.exec(said(what).at(-1) ?? "")?.[1];
  const isThere = (user: string) => story.homeserver.membership(lobby(), user) === "join";
  const cleaned = async () => {
    const users = await wave(8);
    await until(question);
    answer("no");
    await untilBanned(users);
    return users;
  };
  const rules = () =>
    story.homeserver
      .events(story.list)
      .filter(({ type, sender }) => type === "m.policy.rule.server" && sender === story.bot.userId)
      .map(({ content }) => content["entity"]);

  test("telling those who follow the list is offered once, with the rules, and done after a yes", async () => {
    await begin();
    await cleaned();

    await story.pass(6 * minute);
    const offer = said(/Tell those who follow your list/);
    answer(`!tyr yes ${numberIn(/Tell those who follow/)}`);
    await story.until(() => rules().length > 0, "the rule");
    await story.pass(10 * minute);

    expect(offer).toEqual([
      expect.stringMatching(
        /A wave is cleaned up\. Tell those who follow your list\?\n1 rule on list coc for 7 days would name 8 accounts of it, and nobody else who was ever seen here:\n• the server evil\.example/,
      ),
    ]);
    expect(rules()).toEqual(["evil.example"]);
    expect(said(/^Question \d+:\nA wave is cleaned up/)).toHaveLength(1);
  });

  test("nothing is offered where nobody can follow the list, or where it is only contained", async () => {
    await begin();
    story.homeserver.setState(story.list, story.moderator, "m.room.join_rules", "", { join_rule: "invite" });
    await cleaned();
    await story.pass(20 * minute);

    expect(said(/Tell those who follow/)).toEqual([]);
    expect(said(/only came, and said nothing/)).toEqual([]);
  });

  test("more than 500 who only came are asked about, and removed after a yes", async () => {
    await begin();
    const users = await wave(6);
    await until(question);
    const silent = Array.from(
      { length: 505 },
      (_, i) => `@a${(0x7fa9c2d10e + i * 0x1d3b7).toString(16)}:evil.example`,
    );
    for (const [i, user] of silent.entries()) {
      story.homeserver.join(lobby(), user);
      if (i % 50 === 0) await story.pass(1_000);
    }
    answer("no");
    await untilBanned(users);

    await story.pass(6 * minute);
    expect(silent.filter(isThere)).toHaveLength(505);
    expect(said(/only came, and said nothing/)).toEqual([
      expect.stringMatching(
        /505 accounts of the wave only came, and said nothing\. .* Remove them as well\? It takes 100 seconds\./,
      ),
    ]);
    answer(`!tyr yes ${numberIn(/only came, and said nothing/)}`);
    await story.until(() => !silent.some(isThere), "the removals", 10 * minute);

    expect(residents.filter(isThere)).toEqual(residents);
    expect(banned(silent)).toEqual([]);
  });
});

describe("a wave that is over", () => {
  test.each([
    ["soon", 0],
    ["when it is over", 60 * minute],
  ])(
    "takes nobody along whom somebody unbans %s by a client, nor after a restart",
    async (_when, afterMs) => {
      await begin({ dataPath: aFolder() });
      const users = await wave(8);
      await until(question);
      answer("no");
      await untilBanned(users);
      await untilOpen();
      await story.pass(afterMs);
      const [one = "", ...others] = users;
      story.homeserver.unban(lobby(), story.moderator, one);
      story.homeserver.join(lobby(), one);
      await story.pass(minute);
      const said = story.homeserver.sendText(
        lobby(),
        one,
        "sorry, that was my cousin. Is this the right room?",
      );

      await story.stop();
      await story.start();
      await story.pass(60 * minute);

      expect(story.homeserver.membership(lobby(), one)).toBe("join");
      expect(story.homeserver.event(lobby(), said)?.content["body"]).toMatch(/^sorry/);
      expect(banned(others)).toEqual(others);
      expect([...story.world!.stored.waves.all()].map(({ endedAt }) => endedAt !== undefined)).toEqual([
        true,
      ]);
    },
  );
});

describe("the rules that name it", () => {
  test("are shown first, then written for a while", async () => {
    await begin();
    await story.command("!tyr lists default coc");
    const users = await wave(8);
    await until(question);

    const reply = await story.confirmed("!tyr waves publish --for 2d");

    expect(reply).toMatch(/Writing 1 rule on/);
    expect(said(/This would write 1 rule[^]*the server evil\.example/)).not.toEqual([]);
    const rules = story.homeserver
      .events(story.list)
      .filter(({ type, sender }) => type === "m.policy.rule.server" && sender === story.bot.userId);
    expect(rules.map(({ content }) => content["entity"])).toEqual(["evil.example"]);
    expect(users.length).toBe(8);
  });

  test("are none, where there is no wave", async () => {
    await begin();

    expect(await story.command("!tyr waves publish")).toMatch(/^❌ I know of no wave/);
    expect(await story.command("!tyr waves clean 77")).toMatch(/^❌ I know no wave 77/);
    expect(await story.command("!tyr waves excuse @resident1:hs.test")).toMatch(/belongs to no wave/);
  });
});

describe("a crowd that is expected", () => {
  test("is told, listed, ended and undone", async () => {
    await begin();

    expect(await story.command("!tyr expect 300 from conf.example for 6h")).toMatch(
      /Expecting 300 people from conf\.example until/,
    );
    expect(await story.command("!tyr expect")).toMatch(/300 people from conf\.example/);
    expect(await story.command("!tyr expect end conf.example")).toMatch(/Nobody is expected from/);
    await story.command("!tyr undo last");
    expect(await story.command("!tyr expect")).toMatch(/300 people from conf\.example/);
  });

  test.each([
    ["expect many people", /how many, from which server/],
    ["expect 0", /from 1 to/],
    ["expect 5 from not_a_server!", /is no server name/],
    ["expect 5 for ever", /is neither a span of time/],
    ["expect 5 until 25:00", /is neither a span of time/],
    ["expect end conf.example", /nobody is expected from/],
  ])("%s: says what is wrong", async (text, why) => {
    await begin();

    const reply = await story.command(`!tyr ${text}`);

    expect(reply).toMatch(/^❌/);
    expect(reply).toMatch(why);
  });
});

test("a kill in the middle of cleaning up: the run after it ends what was begun", async () => {
  await begin({ dataPath: aFolder() });
  const users = await wave(12);
  await until(question);
  answer("no");
  await story.until(() => banned(users).length > 2, "the first bans");

  story.kill();
  await story.start();
  await untilBanned(users);

  expect(banned(residents)).toEqual([]);
});

test("a kill in the middle of cleaning up: its message goes on, and tells all that was done by both runs", async () => {
  await begin({ dataPath: aFolder() });
  const users = await wave(12);
  await until(question);
  answer("no");
  await until(/wave of question 1/);
  await story.until(() => banned(users).length > 2, "the first bans");

  story.kill();
  await story.start();
  await untilBanned(users);
  await story.pass(minute);

  const told = story.homeserver
    .events(story.managementRoom)
    .filter(({ content }) => /^(?:\* )?(?:A wave of|The wave of question 1)/.test(String(content["body"])));
  expect(told.filter(({ content }) => content["m.relates_to"] === undefined)).toHaveLength(1);
  expect(told.at(-1)?.content["body"]).toMatch(
    new RegExp(`banned ${users.length} people[^]*Take it back: !tyr undo \\d+`),
  );
});
