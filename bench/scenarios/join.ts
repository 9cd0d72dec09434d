// Somebody on the list joins a room: how long they are there.

import { TestClient } from "../../test/support/synapse/client.ts";
import type { Scene } from "../../test/support/synapse/scene.ts";
import { type Stage, withStage, writesOfBot } from "../stage.ts";
import { samples } from "../measured.ts";
import { arrivals, bansOf, banWrite, quiet, ruleWrite, Runs, seenSince, show } from "../support.ts";

const rooms = 10;
const joins = samples(10);

export async function join(): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms }, async (stage) => {
    const listed = await people(stage.scene, "listed");
    const watched = await people(stage.bareScene, "watched");
    for (const { userId } of listed) await stage.moderator.put(ruleWrite(stage.scene.list, "user", userId));
    await quiet(stage.scene.moderator, 4_000);
    const follower = new TestClient(stage.scene.synapse.url, stage.bareScene.bot.accessToken);
    await follower.watch();
    for (let run = 0; run < joins; run++) {
      runs.add(await bareRun(stage, follower, watched[run]!, run));
      runs.add(await tyrRun(stage, listed[run]!, run));
    }
    await follower.close();
  });
  const inWrites = (name: string) => runs.of(name).map((ms, i) => ms / runs.of("single")[i]!);
  show(`join: a listed user joins a room, ${joins} times`, [
    { what: "bare write, alone", measured: [], bound: runs.of("single") },
    {
      what: "ban seen, from the join's PUT returned",
      measured: runs.of("afterReturn"),
      bound: runs.of("boundAfterReturn"),
    },
    { what: "  the same in bare writes", measured: inWrites("afterReturn"), unit: "x", target: "<= 3" },
    {
      what: "ban seen, from the join seen",
      measured: runs.of("afterSeen"),
      bound: runs.of("boundAfterSeen"),
    },
    { what: "state events written by the bot", measured: runs.of("writes"), unit: "", target: "1" },
  ]);
}

type Person = Awaited<ReturnType<Scene["person"]>>;

async function people(scene: Scene, name: string): Promise<readonly Person[]> {
  return Promise.all(Array.from({ length: joins }, (_, i) => scene.person(`${name}${i}`, [])));
}

/** A client that knows one user id, waits for their join and bans. */
async function bareRun(
  { bareScene, bare }: Stage,
  follower: TestClient,
  person: Person,
  run: number,
): Promise<Record<string, number>> {
  const room = bareScene.rooms[run % rooms]!;
  const absent = Array.from({ length: 3 }, (_, i) => banWrite(room, `@nobody${run}-${i}:tyr.test`));
  const single = await bare.oneByOne(absent);
  await quiet(bareScene.moderator, 500);
  const banning = follower
    .until((event, where) => where === room && event.state_key === person.userId, { timeoutMs: 60_000 })
    .then(() => bare.put(banWrite(room, person.userId)));
  const { afterReturn, afterSeen } = await joinUntilBanned(bareScene, person, room);
  await banning;
  return { single, boundAfterReturn: afterReturn, boundAfterSeen: afterSeen };
}

async function tyrRun({ scene }: Stage, person: Person, run: number): Promise<Record<string, number>> {
  await quiet(scene.moderator, 2_500);
  const begun = performance.now();
  const { afterReturn, afterSeen } = await joinUntilBanned(scene, person, scene.rooms[run % rooms]!);
  await quiet(scene.moderator, 2_500);
  const { all, messages } = writesOfBot(scene, begun);
  return { afterReturn, afterSeen, writes: all - messages };
}

async function joinUntilBanned(
  scene: Scene,
  person: Person,
  room: string,
): Promise<{ afterReturn: number; afterSeen: number }> {
  const begun = performance.now();
  const banned = arrivals(
    scene.moderator,
    { count: 1, what: "the ban of who joined", since: begun },
    bansOf(person.userId),
  );
  await person.client.join(room);
  const returned = performance.now();
  const [ban] = await banned;
  const joined = seenSince(scene.moderator, begun).find(
    ({ event }) => event.state_key === person.userId && event.content["membership"] === "join",
  );
  if (!joined) throw new Error("the join was not seen before the ban");
  return { afterReturn: ban! - returned, afterSeen: ban! - joined.at };
}
