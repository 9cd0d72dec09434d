// A rule against somebody who is in half of the rooms: how soon the first ban is seen, how soon all are.

import { type Stage, withStage, writesOfBot } from "../stage.ts";
import { samples } from "../measured.ts";
import { arrivals, bansOf, banWrite, quiet, ruleWrite, Runs, show } from "../support.ts";

const rooms = 40;
const present = 20;
const lone = 5;

export async function userRule(): Promise<void> {
  await measure("11", samples(5));
  await measure("12", samples(3));
}

async function measure(version: "11" | "12", times: number): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms, version }, async (stage) => {
    for (let run = 0; run < times; run++) {
      runs.add(await bareRun(stage, run));
      runs.add(await tyrRun(stage, run));
    }
  });
  const single = runs.of("single");
  const inWrites = runs.of("first").map((ms, i) => ms / single[i]!);
  show(`user-rule: ${rooms} rooms of version ${version}, the user in ${present} of them, ${times} runs`, [
    { what: "bare write, alone", measured: [], bound: single },
    {
      what: "first ban seen, from the rule's PUT sent",
      measured: runs.of("first"),
      bound: runs.of("boundFirst"),
    },
    { what: "  the same in bare writes", measured: inWrites, unit: "x", target: "<= 5" },
    { what: "first ban seen, from the PUT returned", measured: runs.of("firstAfterReturn") },
    {
      what: `last of ${present} bans seen, from the PUT sent`,
      measured: runs.of("last"),
      bound: runs.of("boundLast"),
      target: "90 %",
    },
    { what: "last ban seen, from the PUT returned", measured: runs.of("lastAfterReturn") },
    { what: "events written by the bot", measured: runs.of("writes"), unit: "", target: `<= ${present + 2}` },
  ]);
}

async function bareRun({ bareScene, bare }: Stage, run: number): Promise<Record<string, number>> {
  const { userId } = await bareScene.person(`bare${run}`, bareScene.rooms.slice(0, present + lone));
  await quiet(bareScene.moderator, 700);
  const single = await bare.oneByOne(
    bareScene.rooms.slice(present, present + lone).map((room) => banWrite(room, userId)),
  );
  await quiet(bareScene.moderator, 300);
  const sent = performance.now();
  const [bans] = await Promise.all([
    arrivals(
      bareScene.moderator,
      { count: present, what: "bans of the bare loop", since: sent },
      inFirstRooms(bareScene.rooms, userId),
    ),
    bare.putAll([
      ruleWrite(bareScene.list, "user", userId),
      ...bareScene.rooms.slice(0, present).map((room) => banWrite(room, userId)),
    ]),
  ]);
  return { single, boundFirst: bans[0]! - sent, boundLast: bans.at(-1)! - sent };
}

/** The lone writes before it banned the same person elsewhere. */
function inFirstRooms(rooms: readonly string[], userId: string): ReturnType<typeof bansOf> {
  const first = new Set(rooms.slice(0, present));
  return (event, room) => (first.has(room) ? bansOf(userId)(event, room) : undefined);
}

async function tyrRun({ scene, moderator }: Stage, run: number): Promise<Record<string, number>> {
  const { userId } = await scene.person(`spammer${run}`, scene.rooms.slice(0, present));
  await quiet(scene.moderator, 1_000);
  const sent = performance.now();
  await moderator.put(ruleWrite(scene.list, "user", userId));
  const returned = performance.now();
  const bans = await arrivals(scene.moderator, { count: present, what: "bans", since: sent }, bansOf(userId));
  const [first, last] = [bans[0]!, bans.at(-1)!];
  await quiet(scene.moderator, 3_000);
  return {
    first: first - sent,
    firstAfterReturn: first - returned,
    last: last - sent,
    lastAfterReturn: last - returned,
    writes: writesOfBot(scene, sent).all,
  };
}
