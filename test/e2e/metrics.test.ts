// Monitoring: what /metrics tells of a running Tyr agrees with what was done.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../support/patience.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let port: string;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 3 });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked, web: { port: 0, metrics: true } },
  });
  await scene.said(/^Tyr is watching/);
  port = /"port":(\d+),"msg":"health can be asked for"/.exec(tyr.output())![1]!;
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const scraped = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
async function scrapedWhere(fits: (text: string) => boolean): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const text = await scraped();
    if (fits(text)) return text;
    if (performance.now() > deadline) throw new Error(`the figures did not come:\n${text}`);
    await pause(100);
  }
}
/** The value of a series; 0 where it is not told. */
const valueOf = (text: string, series: string) =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1) ?? 0,
  );

test("what is there and what was done is told, as counted by hand", async () => {
  const before = await scraped();
  expect(valueOf(before, "tyr_ready")).toBe(1);
  expect(valueOf(before, 'tyr_rooms{state="well"}')).toBe(3);
  expect(valueOf(before, 'tyr_rules{list="coc"}')).toBe(0);
  expect(valueOf(before, 'tyr_acts_total{kind="ban",outcome="done"}')).toBe(0);
  const { userId } = await scene.person("rude", scene.rooms);

  await scene.moderator.sendText(scene.managementRoom, `!tyr ban ${userId} coc rude`);
  await scene.said(/banned .* in 3 rooms/);

  // The rule is counted once sync has told of it.
  const after = await scrapedWhere((text) => valueOf(text, 'tyr_rules{list="coc"}') === 1);
  expect(valueOf(after, 'tyr_acts_total{kind="ban",outcome="done"}')).toBe(3);
  expect(valueOf(after, 'tyr_acts_total{kind="write-policy",outcome="done"}')).toBe(1);
  expect(valueOf(after, 'tyr_act_seconds_count{cause="command"}')).toBeGreaterThanOrEqual(3);
  expect(valueOf(after, "tyr_questions_open")).toBe(0);
  expect(valueOf(after, "tyr_heard_timestamp_seconds")).toBeGreaterThan(
    valueOf(after, "process_start_time_seconds"),
  );
  for (const secret of [userId, synapse.serverName, ...scene.rooms, scene.bot.accessToken])
    expect(after).not.toContain(secret);
});
