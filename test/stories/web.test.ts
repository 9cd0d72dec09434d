// The web desk with the whole bot behind it: a browser is let in by a word in the room, what is pressed is said there in the
// person's name, and whoever may not is told so and nothing is done.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { aDesk, Browser, formOf, nonceOf, publicUrl, words, type Desk } from "../support/a-browser.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber } from "../support/story.ts";

const minute = 60_000;
let story: Story;
let desk: Desk;
let browser: Browser;
let spammer: string;

beforeEach(async () => {
  story = new Story({ settings: { web: { publicUrl } }, dataPath: aFolder() });
  for (let i = 0; i < 30; i++) story.person(`resident${i}`);
  spammer = story.person("spammer");
  await story.start();
  desk = aDesk(() => story.tyr.desk());
  browser = new Browser(desk);
});
afterEach(async () => {
  await story.stop();
  if (desk.errors.length > 0) throw new Error(JSON.stringify(desk.errors));
});

const room = () => story.managementRoom;
const codeOf = (text: string) => /!tyr web ([a-z]+-[a-z]+-\d\d)/.exec(text)![1]!;
const saidOf = (what: string | RegExp) =>
  story.said().filter((text) => (typeof what === "string" ? text.includes(what) : what.test(text)));

async function says(text: string, by = story.moderator): Promise<string> {
  const event = story.homeserver.sendText(room(), by, text);
  await story.pass(minute / 3);
  return story.answerTo(event) ?? "";
}

/** Says the code, and yes to the question that a new network leads to. */
async function signIn(one = browser, by = story.moderator): Promise<void> {
  const answer = await says(`!tyr web ${codeOf((await one.open("/")).text)}`, by);
  const asked = /^Question (\d+):/.exec(answer)?.[1];
  if (asked !== undefined) await says(`!tyr yes ${asked}`);
}

function moderates(name: string, level = 0): string {
  const user = story.person(name);
  story.homeserver.invite(room(), story.moderator, user);
  story.homeserver.join(room(), user);
  const { content } = story.homeserver.state(room(), "m.room.power_levels")!;
  const users = { ...(content["users"] as Content), [user]: level };
  story.homeserver.setState(room(), story.moderator, "m.room.power_levels", "", { ...content, users });
  return user;
}

describe("signing in", () => {
  test("shows a code, asks where the network is new, and lets in once it is said and answered", async () => {
    const first = await browser.open("/");
    expect(words(first)).toContain("Say this in the management room: !tyr web");
    expect(first.headers.get("set-cookie")).toMatch(
      /^__Host-tyr=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(codeOf((await browser.open("/")).text)).toBe(codeOf(first.text));

    const answer = await says(`!tyr web ${codeOf(first.text)}`);
    expect(answer).toContain("Let a browser in as @mod:hs.test: Firefox on Linux, 203.0.113.7, asked");
    expect(answer).toContain("You have not used the page from that network before");
    expect(words(await browser.open("/"))).toContain("Sign in");

    await says(`!tyr yes ${/^Question (\d+):/.exec(answer)![1]!}`);

    expect(words(await browser.open("/"))).toContain("Nothing needs you. Watching 2 rooms.");
    expect(await says("!tyr web")).toMatch(/1: @mod:hs\.test, Firefox on Linux, network 203\.0\.113,/);
    const again = new Browser(desk, "203.0.113.99");
    expect(await says(`!tyr web ${codeOf((await again.open("/")).text)}`)).toMatch(/^Let a browser in/);
    expect(words(await again.open("/"))).toContain("Nothing needs you");
  });

  test("whoever reads the code in the room gets in with nothing", async () => {
    const { text } = await browser.open("/");
    const other = new Browser(desk, "198.51.100.1");
    await other.open("/");
    await signIn();

    expect(words(await other.open("/"))).toContain("Sign in");
    expect(await says(`!tyr web ${codeOf(text)}`)).toMatch(/was let in already/);
  });

  test("a code that is old, wrong or said on the web lets nobody in", async () => {
    const { text } = await browser.open("/");
    await story.pass(4 * minute);
    expect(await says(`!tyr web ${codeOf(text)}`)).toMatch(/No browser waits with/);
    expect(await says("!tyr web cedar-lamp-00")).toMatch(/No browser waits with/);

    await signIn();
    const other = new Browser(desk, "198.51.100.1");
    const page = await browser.type(`web ${codeOf((await other.open("/")).text)}`);
    expect(page.status).toBe(409);
    expect(words(page)).toContain("A code is said in the management room, and nowhere else");
    expect(words(await other.open("/"))).toContain("Sign in");
  });

  test("undo, a word in the room, time and leaving end it", async () => {
    const ends = async (end: () => Promise<unknown>) => {
      const one = new Browser(desk);
      await signIn(one);
      expect(words(await one.open("/"))).toContain("Nothing needs you");
      await end();
      return words(await one.open("/"));
    };

    expect(await ends(() => says("!tyr undo last"))).toContain("Sign in");
    expect(await ends(() => says("!tyr web end all"))).toContain("Sign in");
    expect(await ends(() => story.pass(31 * minute))).toContain("Sign in");
    const one = new Browser(desk);
    await signIn(one);
    for (let i = 0; i < 26; i++) {
      expect(words(await one.open("/"))).toContain("Nothing needs you");
      await story.pass(27 * minute);
    }
    expect(words(await one.open("/"))).toContain("Nothing needs you");
    await story.pass(20 * minute);
    expect(words(await one.open("/"))).toContain("Sign in");
  });

  test("survives a restart, and signing out ends it also while the homeserver is down", async () => {
    await signIn();
    story.kill();
    await story.start();
    expect(words(await browser.open("/"))).toContain("Nothing needs you");

    story.homeserver.goDown();
    const stolen = browser.cookie;
    const { text } = await browser.open("/");
    expect(words(await browser.send("/sign-out", { nonce: nonceOf(text, "out") }))).toContain(
      "You are signed out",
    );
    browser.cookie = stolen;
    expect(words(await browser.open("/"))).toContain("Sign in");
    story.homeserver.comeUp();
    await story.pass(minute);
  });
});

describe("what is said on the web", () => {
  test("a question is answered by its button, in the person's name, and the journal has it", async () => {
    await signIn();
    story.rule("@resident*:hs.test");
    await story.until(() => saidOf(/^Question 2:/).length > 0, "the question");
    const { text } = await browser.open("/");
    expect(words({ text } as never)).toContain("Needs a yes (1)");

    const pressed = await browser.send("/do", formOf(text, "no 2"));
    expect(words(pressed)).toContain("On its way");
    await story.pass(minute);

    expect(saidOf("@mod:hs.test on the web: !tyr no 2")).toHaveLength(1);
    expect(story.world!.questions.get(2)?.answer).toMatchObject({ yes: false, by: story.moderator });
    expect(words(await browser.open("/"))).toContain("Nothing needs you");
    const journalled = story.database!.all(
      "SELECT action, cause, state FROM decision WHERE kind = 'answer-question' ORDER BY at DESC LIMIT 1",
    )[0]!;
    expect(JSON.parse(journalled[0] as string)).toMatchObject({
      question: 2,
      yes: false,
      by: story.moderator,
    });
    expect(JSON.parse(journalled[1] as string)).toMatchObject({
      kind: "command",
      by: story.moderator,
      text: "no 2",
    });
    expect(journalled[2]).toBe("done");
  });

  test("a ban is done, answered, explained and taken back as if typed", async () => {
    await signIn();
    const page = await browser.open(`/person?user=${encodeURIComponent(spammer)}`);
    const form = formOf(page.text, `ban ${spammer}`);

    const sent = await browser.send("/do", form);
    expect(words(sent)).toContain("On its way");
    await story.until(() => story.isBanned(spammer), "the ban");
    await story.pass(minute);

    const answered = words(await browser.open(`/said/${form.nonce}`));
    expect(answered).toContain("It stands in the management room, in your name");
    expect(await says(`!tyr why ${spammer}`)).toContain(`as @mod:hs.test said`);
    expect(words(await browser.open(`/person?user=${encodeURIComponent(spammer)}`))).toContain("unban");
    await browser.type(`undo ${undoNumber(answered)}`);
    await story.until(() => !story.isBanned(spammer), "the undo");
  });

  test("pressed twice it is done once, and another line under the same form not at all", async () => {
    await signIn();
    const { text } = await browser.open("/");
    const nonce = nonceOf(text, "box");

    await browser.send("/do", { line: `kick ${spammer}`, nonce });
    await browser.send("/do", { line: `kick ${spammer}`, nonce });
    const other = await browser.send("/do", { line: "stop", nonce });
    await story.pass(minute);

    expect(saidOf("on the web: !tyr kick")).toHaveLength(1);
    expect(other.status).toBe(409);
    expect(words(other)).toContain("has said something else already");
    expect(story.world!.settings.stopping.stop).toBeUndefined();
  });

  test("what only looks is shown, and not said", async () => {
    await signIn();
    const before = story.said().length;

    const page = await browser.type("lists");
    const wrong = await browser.type("bann @x:y");
    const missing = await browser.type("kick");

    expect(words(page)).toContain("Nobody was told");
    expect(words(page)).toContain("coc");
    expect(words(wrong)).toContain("Not said");
    expect(words(missing)).toContain("Something is missing");
    await story.pass(minute);
    expect(story.said()).toHaveLength(before);
  });

  test("while the homeserver is down nothing is done, and nothing later without a new word", async () => {
    await signIn();
    story.homeserver.goDown();

    const sent = await browser.type(`ban ${spammer}`);
    expect(words(sent)).toContain("Nothing is done before it stands there");
    await story.pass(5 * minute);
    story.homeserver.comeUp();
    await story.pass(5 * minute);

    expect(story.isBanned(spammer)).toBe(false);
    expect(saidOf("It took too long until this could be said here")).toHaveLength(1);
  });

  test("what was said right before a crash is answered after it, and not done", async () => {
    await signIn();
    await browser.type(`ban ${spammer}`);
    story.kill();
    await story.start();
    await story.pass(2 * minute);

    expect(story.isBanned(spammer)).toBe(false);
    expect(saidOf("I was restarted before I heard this")).toHaveLength(1);
  });
});

test("the journal is found by whom, where, why and what, and tells how it ended", async () => {
  await signIn();
  await browser.type(`kick ${spammer} rude`);
  await browser.type("ban @zebra:striped.example waving");
  await story.pass(minute);
  const find = async (fields: Record<string, string>) =>
    words(await browser.open(`/journal?${new URLSearchParams(fields).toString()}`))
      .split("Search")
      .at(-1)!;

  expect(await find({})).toMatch(/ban.*@zebra:striped\.example.*kicked @spammer:hs\.test Room/);
  expect(await find({ text: "rud" })).toMatch(
    /kicked @spammer:hs\.test Room \d as @mod:hs\.test said kick @spammer/,
  );
  expect(await find({ text: "rude", who: "@zebra:striped.example" })).toContain("Nothing of that kind");
  expect(await find({ who: spammer, kind: "kick", by: story.moderator, room: "room 1" })).toMatch(
    /Room 1.*done/,
  );
  expect(await find({ who: spammer, room: "nowhere" })).toContain("Nothing of that kind");
  expect(await find({ text: `"; DROP TABLE decision -- * NEAR( ^` })).toContain("Nothing of that kind");
  expect(await find({ since: "yesterday" })).toContain("A day is written like");
  expect(await find({ since: "2100-01-01" })).toContain("Nothing of that kind");
  expect(await find({ before: "1" })).toContain("Nothing of that kind");
});

describe("who may not", () => {
  test("a person who left the room a moment ago is out, also with what was on its way", async () => {
    const olga = moderates("olga", 100);
    await signIn(browser, olga);
    const { text } = await browser.open("/");
    story.homeserver.goDown();
    await browser.send("/do", { line: `ban ${spammer}`, nonce: nonceOf(text, "box") });
    story.homeserver.comeUp();
    story.homeserver.leave(room(), olga);
    await story.pass(2 * minute);

    const page = await browser.send("/do", { line: `ban ${spammer}`, nonce: nonceOf(text, "box") });

    expect(page.status).toBe(403);
    expect(words(page)).toContain("You are not signed in. Nothing was done");
    expect(story.isBanned(spammer)).toBe(false);
  });

  test("a viewer looks, and has nothing done", async () => {
    const paul = moderates("paul", 0);
    await story.confirmed("!tyr roles on");
    story.rule("@resident*:hs.test");
    await story.until(() => [...story.world!.questions.open()].length > 0, "the question");
    await signIn(browser, paul);
    const id = story.world!.questions.open().find(({ about }) => about.kind === "rules")!.id;

    const page = await browser.open("/");
    const ban = await browser.type(`ban ${spammer}`);
    const yes = await browser.type(`yes ${id}`);
    await story.pass(minute);

    expect(words(page)).toContain("Others have to answer this");
    expect(page.text).not.toContain(`value="yes ${id}"`);
    expect(words(ban)).toContain("Not said");
    expect(words(yes)).toContain("Not said");
    expect(story.isBanned(spammer)).toBe(false);
    expect(story.world!.questions.get(id)!.answer).toBeUndefined();
  });

  test("a foreign page, a stolen form and a frame get nothing done", async () => {
    await signIn();
    const { text, headers } = await browser.open("/");
    const form = { line: `ban ${spammer}`, nonce: nonceOf(text, "box") };
    const statusOf = async (more: Record<string, string>) => (await browser.send("/do", form, more)).status;

    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await statusOf({ origin: "https://evil.example" })).toBe(403);
    expect(await statusOf({ origin: "null" })).toBe(403);
    expect(await statusOf({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusOf({ host: "evil.example" })).toBe(421);
    expect(await statusOf({ "content-type": "text/plain" })).toBe(415);
    const other = new Browser(desk, "198.51.100.1");
    await signIn(other);
    // The form of another session, of nobody, and one that is made up.
    expect((await other.send("/do", form)).status).toBe(403);
    expect((await new Browser(desk).send("/do", form)).status).toBe(403);
    expect((await browser.send("/do", { ...form, nonce: "made-up.box" })).status).toBe(403);
    expect((await browser.send("/do", { ...form, line: "x".repeat(20_000) })).status).toBe(413);
    await story.pass(minute);
    expect(story.isBanned(spammer)).toBe(false);
  });
});

test("without an address in the config there is no page, and the command says so", async () => {
  await story.stop();
  story = new Story();
  await story.start();
  desk = aDesk(() => story.tyr.desk());

  expect((await new Browser(desk).open("/")).status).toBe(503);
  expect(await says("!tyr web")).toContain("There is no web page");
});
