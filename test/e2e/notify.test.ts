// Whose phone rings, as Synapse counts it: `notification_count` and `highlight_count` of moderators in each case.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { TestClient, textOf } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
/** A moderator who has spoken lately, and one who has not. */
let bob: TestClient;
let cat: TestClient;
let first: string | undefined;
let second: string | undefined;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 2 });
  [first, second] = scene.rooms;
  const join = async (localpart: string) => {
    const one = await scene.person(localpart, []);
    await scene.moderator.invite(scene.managementRoom, one.userId);
    await one.client.join(scene.managementRoom);
    return one;
  };
  ({ client: bob } = await join("bob"));
  ({ client: cat } = await join("cat"));
  await scene.crowd("crowd", 6, [first!]);
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      guard: { maxPeople: 4, maxRoomShare: 100 },
      notify: { restMinutes: 0 },
    },
  });
  await scene.said(/^Tyr is watching/);
  await say(bob, "good morning");
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const say = (client: TestClient, body: string) =>
  client.sendEvent(scene.managementRoom, "m.room.message", { msgtype: "m.text", body });

/** Everything so far is read: what is counted from here on came after the event. */
async function read(event: string): Promise<void> {
  const where = `/rooms/${encodeURIComponent(scene.managementRoom)}/receipt/m.read/${encodeURIComponent(event)}`;
  for (const client of [bob, cat, scene.moderator]) await client.request("POST", where, {});
}

/** Messages that notify, and those of them that mention the person. */
async function counted(client: TestClient): Promise<string> {
  const filter = JSON.stringify({ room: { rooms: [scene.managementRoom] } });
  const answer = await client.request("GET", `/sync?timeout=0&filter=${encodeURIComponent(filter)}`);
  const rooms = (answer["rooms"] as { join: Record<string, Record<string, unknown>> }).join;
  const { notification_count: all, highlight_count: mentions } = rooms[scene.managementRoom]![
    "unread_notifications"
  ] as Record<string, number>;
  return `${all} of which ${mentions} mention`;
}

/** Of bob, cat and the moderator, once Synapse has counted. */
async function counts(expected: readonly string[]): Promise<readonly string[]> {
  let now: readonly string[] = [];
  for (let tries = 0; tries < 50; tries++) {
    now = await Promise.all([bob, cat, scene.moderator].map(counted));
    if (JSON.stringify(now) === JSON.stringify(expected)) return now;
    await pause(100);
  }
  return now;
}

/** The newest message of Tyr's that fits and came after the event. */
async function told(pattern: RegExp, after: string): Promise<string> {
  const isTold = (event: { event_id?: string; sender: string }) => {
    const ids = scene.moderator.seen.map((one) => one.event.event_id);
    return (
      event.sender === scene.bot.userId &&
      pattern.test(textOf(event as never)) &&
      ids.indexOf(event.event_id) > ids.indexOf(after)
    );
  };
  const { event } = await scene.moderator.until((one) => isTold(one), { what: pattern.source });
  return event.event_id!;
}

const nobody = "0 of which 0 mention";
const shown = "1 of which 0 mention";
const called = "1 of which 1 mention";
const rule = (entity: string) =>
  scene.moderator.sendState(scene.list, "m.policy.rule.user", `rule:${entity}`, {
    entity,
    recommendation: "m.ban",
    reason: "spam",
  });

test("an answer to a command, and its edits, notify nobody", async () => {
  const command = await say(scene.moderator, "!tyr status");
  await told(/^Up for/, command);
  await read(command);

  const quiet = [nobody, nobody, nobody];
  expect(await counts(quiet)).toEqual(quiet);
});

test("what lists ask for and what comes of it notify nobody", async () => {
  const { userId } = await scene.person("spammer", [first!]);
  const before = await say(scene.moderator, "a rule comes");
  await rule(userId);
  await told(/banned/, before);
  await read(before);

  const quiet = [nobody, nobody, nobody];
  expect(await counts(quiet)).toEqual(quiet);
});

test("a question mentions those who spoke lately; others are notified as of anything that is said", async () => {
  const before = await say(scene.moderator, "many would be hit");
  await rule("@crowd-*:*");
  await told(/^Question 1:/, before);
  await read(before);

  const expected = [called, shown, called];
  expect(await counts(expected)).toEqual(expected);
});

test("a command that waits mentions who typed it, and an answer by another mentions the asker", async () => {
  const command = await say(scene.moderator, "!tyr kick @crowd-*:*");
  await told(/^Question 2:/, command);
  await read(command);
  const asked = [shown, shown, called];
  const whenAsked = await counts(asked);
  const no = await say(bob, "!tyr no 2");
  await told(/^Question 2: No, said/, no);
  await read(no);

  expect(whenAsked).toEqual(asked);
  expect(await counts(asked)).toEqual(asked);
});

test("a protection that acts mentions the moderators", async () => {
  const enable = await say(scene.moderator, "!tyr protections enable flood");
  await told(/flood/, enable);
  const flooder = await scene.person("flooder", [second!]);
  const before = await say(scene.moderator, "now a flood");
  for (let i = 0; i < 25; i++) {
    const sent = flooder.client.sendText(second!, `flood ${i}`);
    // Muted, it is refused.
    if (!(await sent.then(Boolean, () => false))) break;
  }
  await told(/^flood in Room 2/, before);
  await read(before);

  const expected = [called, shown, called];
  expect(await counts(expected)).toEqual(expected);
});

test("rights that are lost mention the moderators", async () => {
  const before = await say(scene.moderator, "a right goes");
  const levels = (await scene.moderator.getStateEvent(first!, "m.room.power_levels"))!;
  // Nobody may lower who has as much: Tyr gives it up itself.
  const bot = new TestClient(synapse.url, scene.bot.accessToken);
  await bot.sendState(first!, "m.room.power_levels", "", {
    ...levels,
    users: { ...(levels["users"] as Record<string, number>), [scene.bot.userId]: 0 },
  });
  await told(/^Room 1 .*I may not/, before);
  await read(before);

  const expected = [called, shown, called];
  expect(await counts(expected)).toEqual(expected);
});
