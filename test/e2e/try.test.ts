// A protection tried on 14 days of a real Synapse's past, which an application service made. The numbers are those of a
// count by hand.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "../support/synapse/conversation.ts";
import { Past, registerPast } from "../support/synapse/past.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const day = 86_400_000;
const minute = 60_000;
const rules = `links: our-links
entries: [ example.org ]
---
rule: new-links
when: author is newcomer and any link where (domain not in our-links)
then: redact+mute
`;

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let folder: string;
let past: Past;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tyr-past-"));
  const ruleFile = join(folder, "own.yaml");
  await writeFile(ruleFile, rules);
  synapse = await startSynapse({ config: await registerPast(folder) });
  past = new Past(synapse.url);
  scene = await setScene(synapse, { rooms: 2 });
  await tellThePast();
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, protectionFiles: [ruleFile] },
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/**
 * One who came before all of it and links each day; seven spammers who link within minutes, of whom five are banned;
 * two newcomers who link and stay; one who links to what is known, and one who came in the first days.
 */
async function tellThePast(): Promise<void> {
  const [lobby, hall] = scene.rooms as [string, string];
  const old = await past.comes("old", lobby, -20 * day);
  for (let i = 13; i > 9; i--) await past.says(old, lobby, -i * day, "https://elsewhere.example/x");
  const early = await past.comes("early", lobby, -12.5 * day);
  await past.says(early, lobby, -12.5 * day + minute, "https://evil.example/x");
  const spammers: string[] = [];
  for (let i = 0; i < 7; i++) {
    const room = i < 4 ? lobby : hall;
    const spammer = await past.comes(`spammer-${i}`, room, -(9 - i) * day);
    spammers.push(spammer);
    await past.says(spammer, room, -(9 - i) * day + minute, "buy at https://evil.example/x");
    await past.says(spammer, room, -(9 - i) * day + 2 * minute, "buy now at https://evil.example/y");
  }
  for (const name of ["stays-1", "stays-2"]) {
    const person = await past.comes(name, hall, -6 * day);
    await past.says(person, hall, -6 * day + minute, "mine: https://youtu.example/v");
    await past.says(person, hall, -3 * day, "hello, and https://youtu.example/w");
  }
  const known = await past.comes("known", hall, -2 * day);
  await past.says(known, hall, -2 * day + minute, "as in https://docs.example.org/a");
  for (const [i, spammer] of spammers.slice(0, 5).entries())
    await scene.moderator.ban(i < 4 ? lobby : hall, spammer, "spam");
}

test("the report of 14 days is that of a count by hand, and nothing was done", async () => {
  const { text, mark } = await ask(scene, "!tyr protections try new-links");

  expect(mark).toBe("✅");
  expect(text).toContain("new-links on 14 days: 16 messages of 9 people would have been redacted.");
  expect(text).toContain("of 2 rooms. The first 3 days only told who is who.");
  expect(text).toContain("5 people were banned or removed, by you or by a list: right");
  expect(text).toContain("2 people still write here: wrong");
  expect(text).toContain("2 unknown");
  // 5 of 7.
  expect(text).toContain("Precision 71 % (at least 36 % with so few).");
  expect(text).toContain("It would have met 5 of the 5 people who were banned or removed in that time.");
  expect(text).toContain("Wrong ones: youtu.example (2)");
  expect(text).toContain("By room: Room 2 8 · Room 1 8.");
  // Who was there when Tyr came, came nobody knows when.
  expect(text).toContain("Could not tell for 1 message (unknown: author is newcomer (1)).");
  for (const room of scene.rooms) {
    const { chunk } = await scene.moderator.messages(room, { limit: 200 });
    const ours = chunk.filter(({ sender, type }) => sender === scene.bot.userId && type !== "m.room.member");
    expect(ours).toEqual([]);
  }
});

test("explain tells why a message of the past would not be found today", async () => {
  const hall = scene.rooms[1]!;
  const { chunk } = await scene.moderator.messages(hall, { limit: 200 });
  const { event_id: event } = chunk.find(({ content }) => String(content["body"]).startsWith("as in"))!;

  const { text } = await ask(
    scene,
    `!tyr protections explain https://matrix.to/#/${encodeURIComponent(hall)}/${encodeURIComponent(event!)} new-links`,
  );

  expect(text).toContain("new-links (in shadow) does not fit");
  expect(text).toContain("[example.org: domain not in our-links (example.org) ✗]");
});
