// The shipped protections under the profile usual: whom they meet, and that ordinary people are left alone.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber } from "../support/story.ts";

const dayMs = 86_400_000;

let story: Story;
let room: string;

/** Two regulars, known links and pictures, and the profile usual after a yes. */
beforeEach(async () => {
  const guard = { regularAfterDays: 1, regularDays: 2 };
  story = new Story({ rooms: 5, settings: { guard }, dataPath: aFolder() });
  room = story.rooms[0]!;
  const regulars = [story.person("ann"), story.person("bob")];
  await story.start();
  await story.confirmed("!tyr protections profile usual");
  await story.until(() => story.world!.settings.profile === "usual", "the profile");
  for (let day = 0; day < 2; day++) {
    story.stepClock(dayMs);
    for (const who of regulars) say(who, `good morning, this is day ${day}`);
    await story.pass(5_000);
  }
  story.stepClock(3 * dayMs);
  for (const who of regulars) say(who, "the docs are at https://docs.known.example/start");
  show(regulars[0]!, "mxc://hs.test/ours");
  await story.pass(61_000);
});
afterEach(() => story.stop());

const say = (who: string, body: string, where = room) => story.homeserver.sendText(where, who, body);
const show = (who: string, url: string, where = room) =>
  story.homeserver.send(where, who, "m.room.message", { msgtype: "m.image", body: "cat.png", url });
const comes = (name: string, rooms: readonly string[] = [room]) => {
  const who = `@${name}:elsewhere.example`;
  for (const one of rooms) story.homeserver.join(one, who);
  return who;
};
const stands = (event: string, where = room) =>
  Object.keys(story.homeserver.event(where, event)?.content ?? {}).length > 0;
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
/** What any protection told. */
const findings = () => told(/^[a-z-]+ in /);

describe("a profile", () => {
  test("is one command for undo, which takes all of it back", async () => {
    const answer = await story.confirmed("!tyr protections profile strict");
    expect(await story.command("!tyr protections")).toContain("newcomer-media");

    await story.command(`!tyr undo ${undoNumber(answer)}`);

    expect(story.world!.settings.protections.get("newcomer-media")).toBeUndefined();
    expect(story.world!.settings.protections.get("first-link")).toEqual({ enabled: true, mode: "shadow" });
    expect(story.world!.settings.profile).toBe("usual");
  });
});

describe("under the profile usual", () => {
  test("a newcomer's text in many rooms is removed, and what they say for a day after that", async () => {
    const spammer = comes("spammer", story.rooms);
    await story.pass(5_000);

    const texts = story.rooms.map((where) => say(spammer, "buy the best coins of all at our place", where));
    await story.until(() => told(/^crossposting in/).length > 0, "the finding");
    await story.pass(20_000);
    const later = say(spammer, "hello again", story.rooms[1]);
    await story.until(() => !stands(later, story.rooms[1]), "what follows an offence");

    expect(stands(texts.at(-1)!, story.rooms.at(-1))).toBe(false);
  });

  test("a link that a newcomer puts in by an edit is held; a regular may", async () => {
    const spammer = comes("spammer");
    const original = say(spammer, "hello all");
    await story.pass(5_000);
    const edited = (who: string, event: string) =>
      story.homeserver.send(room, who, "m.room.message", {
        msgtype: "m.text",
        body: "* https://evil.example/x",
        "m.new_content": { msgtype: "m.text", body: "https://evil.example/x" },
        "m.relates_to": { rel_type: "m.replace", event_id: event },
      });

    const bad = edited(spammer, original);
    const good = edited("@ann:hs.test", say("@ann:hs.test", "a word"));
    await story.until(() => !stands(bad), "the held edit");
    await story.pass(20_000);
    // What is held is a question, and no offence to other rules.
    const later = say(spammer, "is anybody here?");
    await story.pass(20_000);

    expect([good, later].map((event) => stands(event))).toEqual([true, true]);
  });

  test("a first link and a first picture of a newcomer are counted, and nothing is told or done", async () => {
    const [guest, friend] = [comes("guest"), comes("friend")];

    const link = say(guest, "my page: https://page.example");
    const picture = show(friend, "mxc://elsewhere.example/cat");
    await story.pass(20_000);

    expect(await story.command("!tyr protections hits first-link")).toContain("@guest:elsewhere.example");
    expect(await story.command("!tyr protections hits first-media")).toContain("@friend:elsewhere.example");
    expect(findings()).toEqual([]);
    expect([link, picture].map((event) => stands(event))).toEqual([true, true]);
  });
});

const texts = [
  "has anybody got the new release to build?",
  "yes: `npm run build && npm test` worked for me",
  "```\nfor (const [i, x] of xs.entries()) {\n  if (!x) continue;\n  sum += x * i;\n}\n```",
  "TypeError: Cannot read properties of undefined (reading 'map') at /srv/app/index.js:214:17",
  "thanks!!! \u{1f389}\u{1f389}\u{1f389}",
  "see https://docs.known.example/faq and https://known.example/blog",
  "Доброе утро! Кто-нибудь уже пробовал новую версию на Linux?",
  "Привет, у меня тоже не собирается, лог ниже",
  "今日は新しいバージョンを試しました。とても速いです。",
  "我昨天更新了系统,现在一切都正常工作了",
  "שלום לכולם, האם מישהו יכול לעזור לי עם ההתקנה?",
  "สวัสดีครับ ใครเคยติดตั้งบน Raspberry Pi บ้าง",
  "Xin chào mọi người, tôi vừa cài đặt xong phiên bản mới",
  "Καλημέρα! Ξέρει κανείς πότε βγαίνει η επόμενη έκδοση;",
  "∀ε>0 ∃δ>0: |x−a|<δ ⇒ |f(x)−f(a)|<ε",
  "WHO LEFT THE COFFEE MACHINE ON AGAIN",
  "10:22:31 INFO worker-3 done in 214ms (cache hit 97%)",
  "+1",
  "I'd say airdrop the file to me, or free up some space first",
  "@ann:hs.test could you have a look?",
];

test("two hundred ordinary messages of old members, regulars and newcomers find nobody", async () => {
  const old = ["ann", "bob"].map((name) => `@${name}:hs.test`);
  const people = [...old, ...Array.from({ length: 8 }, (_, i) => comes(`person${i}`))];
  await story.pass(5_000);

  const sent: string[] = [];
  for (let round = 0; round < 10; round++) {
    for (const [i, text] of texts.entries()) {
      sent.push(say(people[(i * 3 + round) % people.length]!, round === 0 ? text : `${text} (${round})`));
      if (i % 4 === 0) await story.pass(4_000);
    }
    sent.push(show(people[round % old.length]!, `mxc://hs.test/cat${round}`));
    sent.push(show(people.at(-1)!, "mxc://hs.test/ours"));
  }
  await story.pass(30_000);

  expect(findings()).toEqual([]);
  expect(sent.filter((event) => !stands(event))).toEqual([]);
});
