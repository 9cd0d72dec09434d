// Fifty rules against servers, one every 20 ms: ACLs begin at once, and are few.

import { setTimeout as pause } from "node:timers/promises";
import { type Stage, withStage } from "../stage.ts";
import { samples } from "../measured.ts";
import { arrivals, quiet, ruleWrite, Runs, seenSince, show } from "../support.ts";
import { aclsWith, aclWrite } from "./server-rule.ts";

const rooms = 20;
const rules = 50;
const everyMs = 20;
const times = samples(4);
const betweenBurstsMs = 5_500;

export async function burst(): Promise<void> {
  const runs = new Runs();
  await withStage({ rooms }, async (stage) => {
    for (let run = 0; run < times; run++) {
      runs.add(await bareRun(stage, run));
      runs.add(await tyrRun(stage, run));
    }
  });
  show(`burst: ${rules} server rules ${everyMs} ms apart, ${rooms} rooms, ${times} runs`, [
    { what: "all rules written, from the first PUT sent", measured: runs.of("rulesWritten") },
    { what: "first rule seen by the moderator, from its PUT sent", measured: runs.of("ruleSeen") },
    { what: "first ACL seen, from the first PUT sent", measured: runs.of("first") },
    {
      what: "all in force everywhere, from the last PUT returned",
      measured: runs.of("afterLast"),
      bound: runs.of("round"),
    },
    {
      what: "all in force everywhere, from the first PUT sent",
      measured: runs.of("last"),
      bound: runs.of("boundLast"),
    },
    { what: "ACL events a room, at most", measured: runs.of("events"), unit: "", target: "<= 3" },
  ]);
}

function servers(name: string, run: number): readonly string[] {
  return Array.from({ length: rules }, (_, i) => `${name}${run}-${i}.example`);
}

/** The rules, then one round of ACLs: what a bot that knew the last rule beforehand would do. */
async function bareRun({ bareScene, bare }: Stage, run: number): Promise<Record<string, number>> {
  const denied = servers("bare", run);
  await quiet(bareScene.moderator, 500);
  const sent = performance.now();
  await Promise.all(
    denied.map((server, i) =>
      pause(i * everyMs).then(() => bare.put(ruleWrite(bareScene.list, "server", server))),
    ),
  );
  const returned = performance.now();
  const [acls] = await Promise.all([
    arrivals(
      bareScene.moderator,
      { count: rooms, what: "ACLs of the bare loop", since: sent },
      aclsWith(denied),
    ),
    bare.putAll(bareScene.rooms.map((room) => aclWrite(room, denied))),
  ]);
  return { round: acls.at(-1)! - returned, boundLast: acls.at(-1)! - sent };
}

async function tyrRun({ scene, moderator }: Stage, run: number): Promise<Record<string, number>> {
  const denied = servers("evil", run);
  await quiet(scene.moderator, betweenBurstsMs);
  const sent = performance.now();
  await Promise.all(
    denied.map((server, i) =>
      pause(i * everyMs).then(() => moderator.put(ruleWrite(scene.list, "server", server))),
    ),
  );
  const returned = performance.now();
  const acls = await arrivals(
    scene.moderator,
    { count: rooms, what: "ACLs with all servers", since: sent },
    aclsWith(denied),
  );
  await quiet(scene.moderator, 3_000);
  const all = seenSince(scene.moderator, sent).filter(({ event }) => event.type === "m.room.server_acl");
  const events = Math.max(...scene.rooms.map((room) => all.filter(({ roomId }) => roomId === room).length));
  const ruleSeen = seenSince(scene.moderator, sent).find(({ roomId }) => roomId === scene.list)!.at - sent;
  return {
    ruleSeen,
    rulesWritten: returned - sent,
    first: all[0]!.at - sent,
    afterLast: acls.at(-1)! - returned,
    last: acls.at(-1)! - sent,
    events,
  };
}
