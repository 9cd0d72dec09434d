// Something between Tyr and its homeserver misbehaves in the middle of the work: a reverse proxy without an upstream,
// connections that are cut without a word.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { MatrixEvent } from "../support/synapse/client.ts";
import { startProxy, type Proxy } from "../support/synapse/proxy.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { timelineOf } from "../support/synapse/timeline.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const people = 12;
const timeoutMs = 2_000;
/** What a sync is given on top of its long poll before it is asked for again. */
const syncGraceMs = 15_000;

let synapse: Synapse;
let proxy: Proxy;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 3 });
  proxy = await startProxy(synapse.url);
  tyr = await startTyr({
    homeserverUrl: proxy.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      ...unasked,
      network: { timeoutMs },
      sync: { longPollMs: 1_000 },
    },
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await proxy?.close();
  await synapse?.stop();
});

/** People come in, and one rule wants them all banned. */
async function ruleAgainstCrowd(name: string): Promise<ReadonlySet<string>> {
  const users = new Set(await scene.crowd(name, people, scene.rooms));
  await scene.moderator.sendState(scene.list, "m.policy.rule.user", name, {
    entity: `@${name}-*:${synapse.serverName}`,
    recommendation: "m.ban",
  });
  return users;
}

const isBanAmong = (users: ReadonlySet<string>) => (event: MatrixEvent) =>
  event.type === "m.room.member" && event.content.membership === "ban" && users.has(event.state_key ?? "");

async function seenBans(users: ReadonlySet<string>, count: number, withinMs = 30_000): Promise<void> {
  const seen = new Set<string>();
  await scene.moderator.until(
    (event) => isBanAmong(users)(event) && seen.add(event.event_id!).size >= count,
    { what: `${count} bans`, timeoutMs: withinMs },
  );
}

async function expectBannedOnce(users: ReadonlySet<string>): Promise<void> {
  for (const room of scene.rooms) {
    const bans = (await timelineOf(scene.moderator, room)).filter(isBanAmong(users));
    expect(new Set(bans.map((event) => event.state_key))).toEqual(users);
    expect(bans).toHaveLength(users.size);
  }
}

test("while a proxy answers 502 with a page, Tyr waits, and goes on when that is over", async () => {
  const users = await ruleAgainstCrowd("proxy");
  await seenBans(users, 5);

  proxy.breakDown();
  await proxy.refused(20);
  proxy.recover();

  await seenBans(users, people * scene.rooms.length);
  await expectBannedOnce(users);
  expect(tyr.output()).toContain("sync works again");
});

test("connections that fall silent cost one time-out, and then the work goes on", async () => {
  const users = await ruleAgainstCrowd("silence");
  await seenBans(users, 5);

  expect(proxy.muteOpenConnections()).toBeGreaterThan(1);
  // Meanwhile somebody writes a rule: to see it, Tyr has to give up its sync as well.
  const { userId } = await scene.person("later", scene.rooms);
  await scene.moderator.sendState(scene.list, "m.policy.rule.user", "later", {
    entity: userId,
    recommendation: "m.ban",
  });

  await seenBans(users, people * scene.rooms.length, 3 * timeoutMs + 4_000);
  await expectBannedOnce(users);
  await seenBans(new Set([userId]), scene.rooms.length, syncGraceMs + 2 * timeoutMs);
});
