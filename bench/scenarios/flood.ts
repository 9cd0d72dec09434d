// Five hundred rules at once, ten of them against people who are everywhere.

import type { Scene } from "../../test/support/synapse/scene.ts";
import { type Stage, withStage, writesOfBot } from "../stage.ts";
import { samples } from "../measured.ts";
import { arrivals, bansOf, banWrite, quiet, ruleWrite, Runs, show } from "../support.ts";

const rooms = 20;
const rules = 500;
const people = 10;
const times = samples(3);

export async function flood(): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms }, async (stage) => {
    for (let run = 0; run < times; run++) {
      runs.add(await bareRun(stage, run));
      runs.add(await tyrRun(stage, run));
    }
  });
  show(
    `flood: ${rules} rules 16 at a time, ${people} of them against people in ${rooms} rooms, ${times} runs`,
    [
      { what: "all rules written", measured: runs.of("rulesWritten") },
      { what: "first ban seen, from the first PUT sent", measured: runs.of("first") },
      {
        what: `last of ${people * rooms} bans seen, from the first PUT sent`,
        measured: runs.of("last"),
        bound: runs.of("bound"),
      },
      {
        what: "bans written by the bot",
        measured: runs.of("bans"),
        unit: "",
        target: String(people * rooms),
      },
      {
        what: "messages of the bot, edits included",
        measured: runs.of("messages"),
        unit: "",
        target: "<= 3",
      },
    ],
  );
}

async function crowd(scene: Scene, name: string, run: number): Promise<readonly string[]> {
  const users: string[] = [];
  for (let i = 0; i < people; i++) users.push((await scene.person(`${name}${run}-${i}`, scene.rooms)).userId);
  return users;
}

/** The people's rules stand evenly among the others. */
function entities(users: readonly string[], run: number): readonly string[] {
  const every = rules / people;
  return Array.from({ length: rules }, (_, i) =>
    i % every === every - 1 ? users[Math.floor(i / every)]! : `@nobody${run}-${i}:elsewhere.example`,
  );
}

async function bareRun({ bareScene, bare }: Stage, run: number): Promise<Record<string, number>> {
  const users = await crowd(bareScene, "bare", run);
  await quiet(bareScene.moderator, 1_000);
  const sent = performance.now();
  const writes = [
    ...entities(users, run).map((entity) => ruleWrite(bareScene.list, "user", entity)),
    ...users.flatMap((user) => bareScene.rooms.map((room) => banWrite(room, user))),
  ];
  const [bans] = await Promise.all([
    arrivals(
      bareScene.moderator,
      { count: people * rooms, what: "bans of the bare loop", since: sent },
      bansOf(...users),
    ),
    bare.putAll(writes),
  ]);
  return { bound: bans.at(-1)! - sent };
}

async function tyrRun({ scene, moderator }: Stage, run: number): Promise<Record<string, number>> {
  const users = await crowd(scene, "spammer", run);
  await quiet(scene.moderator, 1_500);
  const sent = performance.now();
  const [bans, rulesWritten] = await Promise.all([
    arrivals(scene.moderator, { count: people * rooms, what: "bans", since: sent }, bansOf(...users)),
    moderator
      .putAll(entities(users, run).map((entity) => ruleWrite(scene.list, "user", entity)))
      .then(() => performance.now()),
  ]);
  await quiet(scene.moderator, 4_000);
  const { all, messages } = writesOfBot(scene, sent);
  return {
    rulesWritten: rulesWritten - sent,
    first: bans[0]! - sent,
    last: bans.at(-1)! - sent,
    bans: all - messages,
    messages,
  };
}
