// A ban that removes what the person wrote: sixty messages in ten rooms.

import type { Scene } from "../../test/support/synapse/scene.ts";
import { type Stage, withStage, writesOfBot } from "../stage.ts";
import { samples } from "../measured.ts";
import { arrivals, banWrite, type KeyOf, quiet, ruleWrite, Runs, show } from "../support.ts";

const rooms = 10;
const messagesEach = 6;
const times = samples(4);

interface Sighting {
  readonly userId: string;
  readonly messages: readonly { readonly room: string; readonly event: string }[];
}

export async function redact(): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms }, async (stage) => {
    for (let run = 0; run < times; run++) {
      runs.add(await bareRun(stage, run));
      runs.add(await tyrRun(stage, run));
    }
  });
  show(`redact: a ban for spam, ${rooms * messagesEach} messages in ${rooms} rooms, ${times} runs`, [
    { what: "first redaction seen, from the rule's PUT sent", measured: runs.of("first") },
    {
      what: "all redactions seen, from the rule's PUT sent",
      measured: runs.of("last"),
      bound: runs.of("bound"),
    },
    { what: "  bound of the redactions alone", measured: [], bound: runs.of("boundAlone") },
    {
      what: "events written by the bot",
      measured: runs.of("writes"),
      unit: "",
      target: `<= ${rooms * (messagesEach + 1) + 2}`,
    },
  ]);
}

async function speak(scene: Scene, name: string): Promise<Sighting> {
  const { userId, client } = await scene.person(name, scene.rooms);
  const messages: { room: string; event: string }[] = [];
  for (let i = 0; i < messagesEach; i++) {
    messages.push(
      ...(await Promise.all(
        scene.rooms.map(async (room) => ({ room, event: await client.sendText(room, `buy my coins ${i}`) })),
      )),
    );
  }
  await quiet(scene.moderator, 1_000);
  return { userId, messages };
}

function redactionsOf({ messages }: Sighting): KeyOf {
  const events = new Set(messages.map(({ event }) => event));
  return (event) => {
    const redacted = event.type === "m.room.redaction" ? String(event.content["redacts"]) : undefined;
    return redacted !== undefined && events.has(redacted) ? redacted : undefined;
  };
}

async function bareRun({ bareScene, bare }: Stage, run: number): Promise<Record<string, number>> {
  const withBan = await speak(bareScene, `bare${run}`);
  const first = [
    ruleWrite(bareScene.list, "user", withBan.userId, "spam"),
    ...bareScene.rooms.map((room) => banWrite(room, withBan.userId)),
  ];
  const bound = await timeOf(first, withBan);
  const boundAlone = await timeOf([], await speak(bareScene, `alone${run}`));
  return { bound, boundAlone };

  async function timeOf(before: typeof first, said: Sighting): Promise<number> {
    const sent = performance.now();
    const [gone] = await Promise.all([
      arrivals(
        bareScene.moderator,
        { count: said.messages.length, what: "redactions of the bare loop", since: sent },
        redactionsOf(said),
      ),
      bare.putAll([...before, ...said.messages.map(({ room, event }) => bare.redaction(room, event))]),
    ]);
    return gone.at(-1)! - sent;
  }
}

async function tyrRun({ scene, moderator }: Stage, run: number): Promise<Record<string, number>> {
  const said = await speak(scene, `spammer${run}`);
  const sent = performance.now();
  await moderator.put(ruleWrite(scene.list, "user", said.userId, "spam"));
  const gone = await arrivals(
    scene.moderator,
    { count: said.messages.length, what: "redactions", since: sent },
    redactionsOf(said),
  );
  for (const { room, event } of said.messages) {
    const { content } = await scene.moderator.getEvent(room, event);
    if (content["body"] !== undefined) throw new Error(`${event} can still be read`);
  }
  await quiet(scene.moderator, 3_000);
  return { first: gone[0]! - sent, last: gone.at(-1)! - sent, writes: writesOfBot(scene, sent).all };
}
