// What the other rooms feel of rooms that are slow or broken: the same bans with and without them.

import { setTimeout as pause } from "node:timers/promises";
import type { LoggedRequest } from "../../test/homeserver/request-log.ts";
import { type Community, withCommunity } from "../scripted.ts";
import { samples } from "../measured.ts";
import { median, Runs, show } from "../support.ts";

const sound = 100;
const odd = 20;
const times = samples(5);
const patienceMs = 60_000;
const person = "@spammer:evil.test";

type Disturb = (community: Community, rooms: readonly string[]) => Promise<unknown>;

const slow: Disturb = ({ homeserver }, rooms) =>
  homeserver.batch(rooms.map((room) => ["setRoomLatency", room, 10_000]));
const broken: Disturb = ({ homeserver }, rooms) =>
  homeserver.batch(
    rooms.map((room) => [
      "failNext",
      { match: { method: "PUT", path: encodeURIComponent(room) }, status: 500, body: {}, times: 1e6 },
    ]),
  );

const cases: readonly { what: string; odd: number; disturb: Disturb }[] = [
  { what: "all sound", odd: 0, disturb: async () => {} },
  { what: "one room answers after 10 s", odd: 1, disturb: slow },
  { what: "one room fails with 500", odd: 1, disturb: broken },
  { what: `${odd} rooms answer after 10 s`, odd, disturb: slow },
  { what: `${odd} rooms fail with 500`, odd, disturb: broken },
];

export async function isolation(): Promise<void> {
  const lines = [];
  for (const one of cases) {
    const runs = new Runs();
    for (let run = 0; run < times; run++) {
      await withCommunity({ rooms: sound + odd, membersEach: 5 }, async (community) =>
        runs.add(await bansOfTheSound(community, one)),
      );
    }
    lines.push(
      { what: `${one.what}: a ban in the others, the median`, measured: runs.of("middle") },
      { what: "  the last of them", measured: runs.of("last"), target: "at most a fifth more" },
    );
  }
  show(
    `isolation: a rule against somebody who is in ${sound} sound rooms and in the odd ones; scripted homeserver, ${times} runs`,
    lines,
  );
}

async function bansOfTheSound(
  community: Community,
  { odd: count, disturb }: { odd: number; disturb: Disturb },
): Promise<Record<string, number>> {
  const { homeserver, list, author, rooms } = community;
  const others = rooms.slice(odd);
  const troubled = rooms.slice(0, count);
  await homeserver.batch([...others, ...troubled].map((room) => ["join", room, person]));
  const { tyr } = await community.start();
  await pause(1_000);
  await disturb(community, troubled);
  const begun = Date.now();
  await homeserver.call("setState", list, author, "m.policy.rule.user", "rule:1", {
    entity: person,
    recommendation: "m.ban",
    reason: "nuisance",
  });
  const bans = async () => (await homeserver.read("requests")).filter((one) => isBanIn(one, others));
  let done = await bans();
  while (done.length < others.length) {
    if (Date.now() - begun > patienceMs) throw new Error("not all of the sound rooms saw their ban");
    await pause(50);
    done = await bans();
  }
  await tyr.kill();
  await tyr.remove();
  const after = done.map(({ at, durationMs }) => at + durationMs - begun);
  return { middle: median(after), last: Math.max(...after) };
}

function isBanIn({ kind, roomId, status }: LoggedRequest, rooms: readonly string[]): boolean {
  return (
    kind === "PUT state m.room.member" && status === 200 && roomId !== undefined && rooms.includes(roomId)
  );
}
