// Fifteen of the shipped rules on a real Synapse, each acting in a room of its own: it finds its case there, and leaves
// its counter-case alone. All of them, on the scripted homeserver: test/stories/every-shipped-rule.test.ts.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { cases, type Stage } from "../support/shipped-cases.ts";
import { ask } from "../support/synapse/conversation.ts";
import { Guests, Past, registerPast } from "../support/synapse/past.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const sample = [
  ...["flood", "mention-limit", "mention-undeclared", "no-images", "no-voice", "big-media", "words"],
  ...[
    "denied-links",
    "allowed-links",
    "names",
    "avatars",
    "user-ids",
    "inline-pictures",
    "picture-reactions",
  ],
  "reaction-flood",
];

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let folder: string;
let guests: Guests;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tyr-shipped-"));
  synapse = await startSynapse({ config: await registerPast(folder) });
  guests = new Guests(new Past(synapse.url));
  scene = await setScene(synapse, { rooms: sample.length });
  const { accessToken } = scene.bot;
  tyr = await startTyr({ homeserverUrl: synapse.url, accessToken, settings: scene.settings });
  await tyr.logged("watching");
  const say = (command: string) => ask(scene, `!tyr protections ${command}`);
  await say("words bad-words add scoundrel");
  await say("words bad-names add scoundrel");
  await say("links denied-links add bad.example");
  await say("links allowed-links add good.example");
  await say("pictures bad-pictures add mxc://bad.example/a");
  for (const [i, name] of sample.entries()) await say(`act ${name} ${scene.rooms[i]!}`);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const regular = "past-regular";
const idOf = (localpart: string) => `@${localpart}${scene.bot.userId.slice(scene.bot.userId.indexOf(":"))}`;

/** Whoever does something is made, and comes, when they are first heard of. */
async function stageOf(name: string, kind: "bad" | "fine"): Promise<Stage> {
  const room = scene.rooms[sample.indexOf(name)]!;
  const person = (localpart: string) => idOf(`past-${localpart}`);
  const who = person(`${kind}-${name}`);
  if (!cases[name]!.comes) await guests.join(room, who);
  if (kind === "fine") await guests.join(room, idOf(regular));
  return {
    hs: guests,
    room,
    elsewhere: [],
    regular: idOf(regular),
    moderator: scene.moderatorId,
    who,
    other: (nth) => person(`${kind}${nth}-${name}`),
    named: person,
    wait: (ms) => pause(ms),
  };
}

test("each finds its case, and not its counter-case", async () => {
  for (const name of sample) {
    await cases[name]!.leaves(await stageOf(name, "fine"));
    await cases[name]!.finds(await stageOf(name, "bad"));
  }

  for (const [i, name] of sample.entries())
    await scene.said(new RegExp(`^${name} in Room ${i + 1}: @past-bad`));
  await ask(scene, "!tyr status");
  const found = scene.moderator
    .allSeen(({ sender }, room) => room === scene.managementRoom && sender === scene.bot.userId)
    .map(({ event }) => JSON.stringify(event.content))
    .filter((content) => sample.some((name) => content.includes(`"body":"${name} in `)));
  expect(found.length).toBeGreaterThanOrEqual(sample.length);
  expect(found.filter((content) => content.includes("past-fine"))).toEqual([]);
});
