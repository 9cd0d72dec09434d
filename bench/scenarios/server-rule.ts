// A rule against a server: the ACL of every room changes once.

import { samples } from "../measured.ts";
import type { KeyOf } from "../support.ts";
import { arrivals, quiet, ruleWrite, Runs, show, stateWrite, type Write } from "../support.ts";
import { type Stage, withStage, writesOfBot } from "../stage.ts";

const rooms = 40;
const times = samples(5);
/** Longer than acl.maxWaitMs: else this rule would belong to the burst of the one before. */
const betweenBurstsMs = 5_500;

export async function serverRule(): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms }, async (stage) => {
    for (let run = 0; run < times; run++) {
      runs.add(await bareRun(stage, run));
      runs.add(await tyrRun(stage, run));
    }
  });
  const inWrites = runs.of("first").map((ms, i) => ms / runs.of("single")[i]!);
  show(`server-rule: ${rooms} rooms, ${times} runs`, [
    { what: "bare write, alone", measured: [], bound: runs.of("single") },
    {
      what: "first ACL seen, from the rule's PUT sent",
      measured: runs.of("first"),
      bound: runs.of("boundFirst"),
    },
    { what: "  the same in bare writes", measured: inWrites, unit: "x", target: "<= 5" },
    { what: "first ACL seen, from the PUT returned", measured: runs.of("firstAfterReturn") },
    {
      what: `last of ${rooms} ACLs seen, from the PUT sent`,
      measured: runs.of("last"),
      bound: runs.of("boundLast"),
      target: "90 %",
    },
    { what: "last ACL seen, from the PUT returned", measured: runs.of("lastAfterReturn") },
    { what: "events written by the bot", measured: runs.of("writes"), unit: "", target: `<= ${rooms + 2}` },
  ]);
}

/** ACLs that deny all of the servers. */
export const aclsWith =
  (servers: readonly string[]): KeyOf =>
  (event, room) => {
    const denied =
      event.type === "m.room.server_acl" ? (event.content["deny"] as readonly string[]) : undefined;
    return denied && servers.every((server) => denied.includes(server)) ? room : undefined;
  };

export function aclWrite(room: string, deny: readonly string[]): Write {
  return stateWrite(room, "m.room.server_acl", "", { allow: ["*"], deny, allow_ip_literals: true });
}

async function bareRun({ bareScene, bare }: Stage, run: number): Promise<Record<string, number>> {
  const server = `bare${run}.example`;
  const single = await bare.oneByOne(
    bareScene.rooms.slice(0, 5).map((room) => aclWrite(room, [`alone${run}.example`])),
  );
  await quiet(bareScene.moderator, 300);
  const sent = performance.now();
  const [acls] = await Promise.all([
    arrivals(
      bareScene.moderator,
      { count: rooms, what: "ACLs of the bare loop", since: sent },
      aclsWith([server]),
    ),
    bare.putAll([
      ruleWrite(bareScene.list, "server", server),
      ...bareScene.rooms.map((room) => aclWrite(room, [server])),
    ]),
  ]);
  return { single, boundFirst: acls[0]! - sent, boundLast: acls.at(-1)! - sent };
}

async function tyrRun({ scene, moderator }: Stage, run: number): Promise<Record<string, number>> {
  const server = `evil${run}.example`;
  await quiet(scene.moderator, betweenBurstsMs);
  const sent = performance.now();
  await moderator.put(ruleWrite(scene.list, "server", server));
  const returned = performance.now();
  const acls = await arrivals(
    scene.moderator,
    { count: rooms, what: "ACLs", since: sent },
    aclsWith([server]),
  );
  const [first, last] = [acls[0]!, acls.at(-1)!];
  await quiet(scene.moderator, 3_000);
  return {
    first: first - sent,
    firstAfterReturn: first - returned,
    last: last - sent,
    lastAfterReturn: last - returned,
    writes: writesOfBot(scene, sent).all,
  };
}
