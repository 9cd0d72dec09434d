// Rules that one community takes from another: as a file, as a reply to a shared rule or to a block of code.

import { afterEach, expect, test } from "@jest/globals";
import type { Content } from "../homeserver/event.ts";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
const begin = async () => {
  story = new Story({ rooms: 2 });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
afterEach(() => story.stop());

const rule = `# for our lobby
rule: scam-links
about: Words of scammers with a link.
when: text has scam and links
then: redact+warn redact+call
warning: No scams, please.
---
words: scam
entries: [airdrop, "*coin"]
`;

const fileOf = (text: string, more: Content = {}): Content => ({
  msgtype: "m.file",
  body: "rules.yaml",
  url: story.homeserver.addFile(story.moderator, text),
  info: { size: text.length },
  ...more,
});
const post = (content: Content) =>
  story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", content);
const reply = (to: string, body: string) =>
  post({ msgtype: "m.text", body, "m.relates_to": { "m.in_reply_to": { event_id: to } } });
const answerTo = async (event: string) => {
  await story.until(() => story.answerTo(event) !== undefined, "the answer");
  return story.answerTo(event)!;
};
/** Says yes to the question that the event led to. */
const yesTo = async (event: string) => {
  const question = /^Question (\d+):/.exec(await answerTo(event))?.[1];
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr yes ${question}`);
  await story.until(() => story.answerTo(event, 1) !== undefined, "the answer after the yes");
  return story.answerTo(event, 1)!;
};

test("a file is shown first; after a yes its rule is in shadow and its list is there; undo takes both back", async () => {
  await begin();
  const command = reply(post(fileOf(rule)), "!tyr protections add");
  const question = await answerTo(command);

  expect(question).toContain(`scam-links, from the file rules.yaml of ${story.moderator}:`);
  expect(question).toContain("It looks for: text has scam and links");
  expect(question).toContain("its answer would be redact+warn redact");
  expect(question).toContain("It warns with: No scams, please.");
  expect(question).toContain("Left out, as every community has its own: call.");
  expect(question).toContain("It brings its list scam: 2 words, airdrop, *coin.");
  expect(await story.command("!tyr protections show scam-links")).toContain("There is no protection");

  const done = await yesTo(command);
  expect(done).toContain("scam-links, version 1, in shadow");
  expect(await story.command("!tyr protections show scam-links")).toContain("is in shadow");
  expect(await story.command("!tyr protections words scam")).toContain("scam has 2 entries");

  await story.command(`!tyr undo ${undoNumber(done)}`);
  expect(await story.command("!tyr protections show scam-links")).toContain("There is no protection");
  expect(await story.command("!tyr protections words scam")).toContain("There is no list");
});

test("a no changes nothing", async () => {
  await begin();
  const command = reply(post(fileOf(rule)), "!tyr protections add");
  await answerTo(command);
  await story.command("!tyr no 1");

  expect(await story.command("!tyr protections show scam-links")).toContain("There is no protection");
});

test("a file may be sent with the command as its caption, and gets the name that is typed", async () => {
  await begin();
  const command = post(fileOf(rule, { filename: "rules.yaml", body: "!tyr protections add our-scam" }));

  expect(await answerTo(command)).toContain("our-scam, from the file rules.yaml");
  expect(await yesTo(command)).toContain("our-scam, version 1, in shadow");
  expect(await story.command("!tyr protections history our-scam")).toContain("rule: our-scam");
});

test("a file without a caption is no command, whatever it is called", async () => {
  await begin();
  post(fileOf(rule, { body: "!tyr protections add" }));
  post(fileOf(rule, { body: "!tyr protections add", filename: "!tyr protections add" }));
  await story.pass(20_000);

  expect(story.said().filter((text) => text.includes("scam-links"))).toEqual([]);
});

test("a shared rule is taken by a reply to it, and says that it is unchanged", async () => {
  await begin();
  await story.command("!tyr protections words scam add airdrop, *coin");
  await story.command("!tyr protections servers bad add evil.example");
  await story.command(
    "!tyr protections add scam-links\n```\nabout: Words <b>of</b> scammers.\nwhen: text has scam and author.server not in bad\nthen: warn list+call # ours\n```",
  );
  const shared = story.homeserver.sendText(
    story.managementRoom,
    story.moderator,
    "!tyr protections share scam-links",
  );
  const text = await answerTo(shared);
  expect(text).toContain("scam-links, version 1, digest ");
  expect(text).toContain('words: scam\nentries: [ airdrop, "*coin" ]');
  expect(text).not.toContain("evil.example");
  expect(text).not.toContain("ours");
  expect(text).toContain("Left out, as every community has its own: call, list.");
  expect(text).toContain("Left out: 1 entry of the list bad of servers, they may be about people.");
  expect(text).toContain("then: warn ban");

  const message = story.homeserver
    .events(story.managementRoom)
    .findLast((one) => one.sender === story.bot.userId && String(one.content["body"]).includes("digest"))!;
  expect(String(message.content["formatted_body"])).toContain("Words &#60;b&#62;of&#60;/b&#62; scammers.");
  const command = reply(message.event_id, "!tyr protections add scam-copy");
  const question = await answerTo(command);
  expect(question).toContain(`scam-copy, from the message of ${story.bot.userId}:`);
  expect(question).toContain("It looks into your list scam (2 entries), which stays as it is");
  expect(question).not.toContain("was changed");
  expect(await yesTo(command)).toContain("scam-copy, version 1, in shadow");
});

test("a block that was changed on the way, or that anybody wrote, is taken as well, and says so", async () => {
  await begin();
  await story.command("!tyr protections add links-out when links then redact");
  const shared = story.homeserver.sendText(
    story.managementRoom,
    story.moderator,
    "!tyr protections share links-out",
  );
  const block = /```yaml[^]*```/.exec(await answerTo(shared))![0];
  const changed = post({
    msgtype: "m.text",
    body: block.replace("redact", "ban").replace("links-out", "all-out"),
  });

  expect(await answerTo(reply(changed, "!tyr protections add"))).toContain(
    "Note: it was changed since it was shared",
  );
  const html = post({
    msgtype: "m.text",
    body: "when: links",
    formatted_body:
      '<p>Look:</p><pre><code class="language-yaml">rule: html-links\nwhen: links and text.length &lt; 40\nthen: alert\n</code></pre>',
  });
  expect(await answerTo(reply(html, "!tyr protections add"))).toContain(
    "It looks for: links and text.length < 40",
  );
});

test.each([
  [
    "an encrypted file without keys",
    () => fileOf(rule, { url: undefined as never, file: { url: "mxc://a/b" } }),
    "could not be fetched",
  ],
  ["a file that says it is large", () => fileOf(rule, { info: { size: 10_000_000 } }), "may have 128 kB"],
  ["a large file", () => fileOf(`${rule}${"# x\n".repeat(40_000)}`, { info: {} }), "more than 128 kB"],
  ["a file that is gone", () => fileOf(rule, { url: "mxc://hs.test/gone" }), "could not be fetched"],
  ["an address that is none", () => fileOf(rule, { url: "https://evil.example" }), "names no file"],
  ["mistakes", () => fileOf("rule: a\nwhen: autor is newcomer\nthen: delete\n"), "2 mistakes"],
  [
    "several rules",
    () => fileOf("rule: a\nwhen: links\nthen: ban\n---\nrule: b\nwhen: links\nthen: ban\n"),
    "There are 2 rules in it, and one is taken at a time: a, b.",
  ],
  ["lists alone", () => fileOf("words: a\nentries: [b]\n"), "there is no rule in it"],
  [
    "the name of a shipped rule",
    () => fileOf("rule: flood\nwhen: links\nthen: ban\n"),
    "is the name of a protection that I have already",
  ],
  ["a bomb", () => fileOf(`rule: a\nwhen: ${"[".repeat(100_000)}`), "too many signs stand together"],
  ["no code at all", () => ({ msgtype: "m.text", body: "hello" }), "What shall it look for?"],
])("%s is refused with a sentence, and nothing is changed", async (_what, content, sentence) => {
  await begin();
  const before = story.world!.settings;

  expect(await answerTo(reply(post(content()), "!tyr protections add"))).toContain(sentence);
  expect(story.world!.settings.rules).toBe(before.rules);
  expect(story.world!.settings.ruleLists).toBe(before.ruleLists);
});

test("of a file with several rules the one that is named is taken", async () => {
  await begin();
  const file = post(
    fileOf("rule: a\nwhen: links\nthen: ban\n---\nrule: b\nwhen: text.mentions > 5\nthen: mute\n"),
  );

  expect(await answerTo(reply(file, "!tyr protections add b"))).toContain("It looks for: text.mentions > 5");
});

test("a list of the same name and another kind keeps a rule out", async () => {
  await begin();
  await story.command("!tyr protections links scam add evil.example");

  expect(await answerTo(reply(post(fileOf(rule)), "!tyr protections add"))).toContain(
    "looks into a list scam of words, and yours of that name is one of links",
  );
});

test("what ships is not shared", async () => {
  await begin();
  expect(await story.command("!tyr protections share flood")).toContain("comes with every Tyr");
  expect(await story.command("!tyr protections share nothing")).toContain("There is no protection");
});

test("as state events it is what a rules room holds: sent there, it is followed as it was", async () => {
  await begin();
  await story.command("!tyr protections words scam add airdrop, free nitro");
  await story.command("!tyr protections add scam-links when text has scam and links then redact");
  const shared = await story.command("!tyr protections share scam-links --state");
  const room = story.room("Rules", { botLevel: 0 });
  const events = [...shared.matchAll(/(io\.tyr\.\w+), state key (\S+):\n```json\n(.*)\n```/g)];
  for (const [, type, key, content] of events)
    story.homeserver.setState(room, story.moderator, type!, key!, JSON.parse(content!) as Content);

  expect(events.map(([, type]) => type)).toEqual(["io.tyr.protection", "io.tyr.words"]);
  await story.command(`!tyr protections follow ${room} again`);
  await story.until(() => story.said().some((text) => text.includes("again/scam-links")), "the news");
  expect(await story.command("!tyr protections show again/scam-links")).toContain(
    "It looks for: text has scam and links",
  );
});
