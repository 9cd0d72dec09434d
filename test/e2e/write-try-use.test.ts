// A moderator writes a rule, tries it on the past, mends it, lets it act and takes it back: from the management room
// alone, on a real Synapse, with 14 days that an application service made. Tyr has been there for nine of them: it is
// started with a clock that is behind, so that it knows its regulars and where they link.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { undoNumber } from "../support/story.ts";
import { textOf } from "../support/synapse/client.ts";
import { ask, question } from "../support/synapse/conversation.ts";
import { Past, registerPast } from "../support/synapse/past.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const day = 86_400_000;
const minute = 60_000;
const known = "https://docs.known.example/start";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let folder: string;
let past: Past;
let lobby: string;
let hall: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tyr-write-"));
  synapse = await startSynapse({ config: await registerPast(folder) });
  past = new Past(synapse.url);
  scene = await setScene(synapse, { rooms: 2 });
  [lobby, hall] = scene.rooms as [string, string];
  await tellThePast();
  await watchForNineDays();
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/**
 * Two regulars; six spammers who link within a minute, twice each, of whom five are banned; one newcomer who links to
 * youtu.be three times and one to gitlab.gnome.org once, who stay; one who links and leaves; one who links where regulars
 * do, and one to a place of the list.
 */
async function tellThePast(): Promise<void> {
  for (const name of ["ann", "bob"]) {
    const who = await past.comes(name, lobby, -20 * day);
    for (let ago = 13; ago > 0; ago--)
      await past.says(who, lobby, -(ago + 0.4) * day, `day ${ago}: ${known}`);
  }
  const spammers: string[] = [];
  for (let i = 0; i < 6; i++) {
    const came = -(8 - i / 2) * day;
    const spammer = await past.comes(`spam-${i}`, lobby, came);
    spammers.push(spammer);
    await past.says(spammer, lobby, came + minute / 2, "free coins at https://s3hrt.example/go");
    await past.says(spammer, lobby, came + minute, "still free: https://s3hrt.example/on");
  }
  const watches = await past.comes("watches", hall, -7 * day);
  for (let i = 1; i < 4; i++) await past.says(watches, hall, -7 * day + i * minute, `https://youtu.be/v${i}`);
  await past.says(watches, hall, -5 * day, "hello again, https://youtu.be/v4");
  const builds = await past.comes("builds", hall, -6 * day);
  await past.says(builds, hall, -6 * day + minute, "see https://gitlab.gnome.org/a/b");
  await past.says(builds, hall, -3 * day, "it is merged");
  const leaves = await past.comes("leaves", hall, -5 * day);
  await past.says(leaves, hall, -5 * day + minute, "mine: https://page.example");
  await past.isMember(leaves, hall, -5 * day + 2 * minute, { membership: "leave" });
  const reads = await past.comes("reads", hall, -4 * day);
  await past.says(reads, hall, -4 * day + minute, `as in ${known}`);
  await past.says(reads, hall, -4 * day + 2 * minute, "and https://www.example.org/faq");
  for (const spammer of spammers.slice(0, 5)) await scene.moderator.ban(lobby, spammer, "spam");
}

/** Three starts with a clock that is behind, in which the regulars speak; then the one of today. */
async function watchForNineDays(): Promise<void> {
  for (const ago of [9, 7, 5, 0]) {
    await tyr?.stop();
    const behind = `const now = Date.now; Date.now = () => now() - ${ago * day}`;
    tyr = await startTyr({
      homeserverUrl: synapse.url,
      accessToken: scene.bot.accessToken,
      folder,
      settings: {
        ...scene.settings,
        guard: { regularAfterDays: 2, regularDays: 2 },
        // Without any protection Tyr does not learn where regulars link.
        protectionProfile: "quiet",
      },
      nodeOptions: [`--import=data:text/javascript,${encodeURIComponent(behind)}`],
    });
    await tyr.logged("watching");
    for (const name of ["ann", "bob"])
      await past.says(`@past-${name}:${serverName()}`, lobby, 0, `again: ${known}`);
    await ask(scene, "!tyr status");
  }
}

const serverName = () => scene.bot.userId.slice(scene.bot.userId.indexOf(":") + 1);
const stands = async (event: string) => {
  const { content } = await scene.moderator.request(
    "GET",
    `/rooms/${encodeURIComponent(lobby)}/event/${encodeURIComponent(event)}`,
  );
  return Object.keys(content as object).length > 0;
};

test("write, try, mend, use, take back", async () => {
  const say = (command: string) => ask(scene, `!tyr protections ${command}`);
  await say("links our-links add example.org");

  const added = await say(
    "add new-links when author is newcomer and any link where (not known and domain not in our-links) then hold",
  );
  expect(added.text).toContain("new-links");
  expect(added.text).toContain("in shadow");

  // By hand: 12 of the spammers, 3 of youtu.be on the first day, 1 of gitlab.gnome.org, 1 of who left.
  const first = (await say("try new-links")).text;
  expect(first).toContain("new-links on 14 days: 17 messages of 9 people would have been held.");
  expect(first).toContain("5 people were banned or removed, by you or by a list: right");
  expect(first).toContain("2 people still write here: wrong");
  expect(first).toContain("2 unknown");
  expect(first).toContain("Precision 71 %");
  expect(first).toContain("It would have met 5 of the 5 people who were banned or removed in that time.");
  expect(first).toContain("Wrong ones: youtu.be (3), gnome.org (1)");
  expect(first).toContain("By room: Room 1 12 · Room 2 5.");

  // As the report says it: domains, as the condition asks for them.
  expect(first).toContain("!tyr protections links our-links add youtu.be, gnome.org");
  await say("links our-links add youtu.be, gnome.org");
  const mended = (await say("try new-links")).text;
  expect(mended).toContain("new-links on 14 days: 13 messages of 7 people would have been held.");
  expect(mended).toContain("5 people were banned or removed, by you or by a list: right");
  expect(mended).toContain("2 unknown");
  expect(mended).toContain("Precision 100 %");
  expect(mended).not.toContain("Wrong ones");

  const acting = await say("act new-links");
  const { userId, client } = await scene.person("guest", [lobby]);
  const good = await client.sendText(lobby, "as https://youtu.be/v9 and https://docs.known.example/a say");
  const bad = await client.sendText(lobby, "more at https://s3hrt.example/x");
  const asked = await question(scene, 1);
  expect(textOf(asked)).toContain(`new-links held 1 message of 1 person in Room 1: ${userId}`);
  await scene.moderator.until((event) => event.type === "m.room.redaction", {
    what: "the held message gone",
  });
  expect([await stands(good), await stands(bad)]).toEqual([true, false]);

  await ask(scene, `!tyr protections show-removed ${userId}`);
  await scene.said(/more at https:\/\/s3hrt\.example\/x/);
  await ask(scene, "!tyr yes 1");
  await scene.moderator.until(
    (event, room) =>
      room === lobby && event.sender === scene.bot.userId && /send it again/.test(textOf(event)),
    { what: "that it may be sent again" },
  );

  await ask(scene, `!tyr undo ${undoNumber(acting.text)}`);
  expect((await say("show new-links")).text).toContain("in shadow");
  await ask(scene, `!tyr undo ${undoNumber(added.text)}`);
  expect((await say("show new-links")).mark).toBe("❌");
  const later = await client.sendText(lobby, "and https://s3hrt.example/y");
  await ask(scene, "!tyr status");
  expect(await stands(later)).toBe(true);
});
