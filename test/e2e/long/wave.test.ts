// A wave of spam on real homeservers, from its first account to the last ban that is taken back: 20 rooms of two versions,
// accounts of three servers. E2E_WAVE=200 has so many accounts (45), and waits until the rooms are opened by themselves.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { patienceMs, testLimitMs } from "../../support/patience.ts";
import { type MatrixEvent, type SeenEvent, type TestClient, textOf } from "../../support/synapse/client.ts";
import { ask } from "../../support/synapse/conversation.ts";
import { setScene, type Scene } from "../../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../../support/synapse/synapse.ts";
import { timelineOf } from "../../support/synapse/timeline.ts";
import { makeWave, type SynapseWave } from "../../support/synapse/wave.ts";
import { startTyr, type TyrProcess } from "../../support/tyr-process.ts";

const isWhole = process.env.E2E_WAVE !== undefined;
const count = Number(process.env.E2E_WAVE ?? 45);
const roomCount = 20;
const [levelsType, aclType] = ["m.room.power_levels", "m.room.server_acl"];
/** Who is heard although a room was contained so long ago leads to the next cut. */
const settledMs = 20_000;
/** So long after a start nothing is believed of the time between a join and a word. */
const firstMinuteMs = 61_000;
/** Ten minutes after the last of the wave, and what a busy machine adds. */
const releaseMs = 20 * 60_000;

let synapses: readonly [Synapse, ...Synapse[]];
let scene: Scene;
let tyr: TyrProcess;
let wave: SynapseWave;
let resident: TestClient;
let before: Awaited<ReturnType<typeof closings>>;
let [begunAt, undoNumber] = [0, ""];

beforeAll(async () => {
  const [here, ...others] = await Promise.all(
    [2, 3, 4].map((n) => startSynapse({ federation: true, bindAddress: `127.0.0.${n}` })),
  );
  synapses = [here!, ...others];
  const acl = { allow: ["*"], deny: ["old-trouble.example"], allow_ip_literals: true };
  scene = await setScene(here!, {
    rooms: roomCount,
    version: "both",
    roomState: [{ type: aclType, content: acl }],
  });
  resident = (await scene.person("resident", scene.rooms)).client;
  await scene.crowd("neighbour", 4, scene.rooms);
  tyr = await startTyr({
    homeserverUrl: here!.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      protectionProfile: "usual",
      // As if it had been here for long enough to know what is usual.
      waves: { learnDays: 0, learnPeople: 0 },
    },
  });
  await scene.said(/^Tyr is watching/);
  wave = await makeWave({ homes: synapses, rooms: scene.rooms, count });
  before = await closings();
  await tyr.ranFor(firstMinuteMs);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await Promise.all((synapses ?? []).map((one) => one.stop()));
});

/** What a containment writes, as text. */
const closings = () =>
  Promise.all(
    scene.rooms.map(async (room) => {
      const state = await Promise.all(
        [levelsType, aclType].map((type) => scene.moderator.getStateEvent(room, type)),
      );
      return JSON.stringify(state);
    }),
  );
const isOurs = ({ sender }: MatrixEvent) => sender === scene.bot.userId;
const isClosing = (event: MatrixEvent) => isOurs(event) && [levelsType, aclType].includes(event.type);
/** Tyr's writes to the rooms that close or open them, by room, oldest first. */
const closingWrites = () =>
  Promise.all(scene.rooms.map(async (room) => (await timelineOf(scene.moderator, room)).filter(isClosing)));
/** What Tyr said in the management room by itself since the wave began: no edits, no answers. */
const saidByItself = () =>
  scene.moderator
    .allSeen((event, room) => isOurs(event) && room === scene.managementRoom && textOf(event) !== "")
    .filter(({ at, event }) => at >= begunAt && event.content["m.relates_to"] === undefined);
/** One write, or another one where members are heard long after the first. */
const isAsItShouldBe = ([first, second, ...more]: readonly MatrixEvent[]) =>
  first &&
  more.length === 0 &&
  (!second || (second.type !== first.type && second.origin_server_ts! - first.origin_server_ts! > settledMs));
const closingsSeen = (room: string) =>
  new Set(
    scene.moderator
      .allSeen((event, where) => where === room && isClosing(event))
      .map(({ event }) => event.event_id),
  ).size;
const bannedOthers = async () => {
  const those = new Set(wave.accounts.map(({ userId }) => userId));
  const members = await Promise.all(scene.rooms.map((room) => scene.moderator.members(room)));
  return members.flatMap((one) => [...one].filter(([user, is]) => is === "ban" && !those.has(user)));
};
const isCall = ({ event }: SeenEvent) => Object.keys(event.content["m.mentions"] ?? {}).length > 0;
const question = /^Question \d+:\nA wave of spam, \d+ accounts: they write within seconds of joining/;

test(
  "it is contained with one write a room, asked about by one call, and our own people speak on",
  async () => {
    begunAt = performance.now();
    await wave.strikes();
    await Promise.all(
      scene.rooms.map((room) =>
        scene.moderator.until((event, where) => where === room && isClosing(event), {
          what: `a cut in ${room}`,
        }),
      ),
    );
    await Promise.all(scene.rooms.map((room) => resident.sendText(room, "what was that?")));

    const writes = await closingWrites();
    reportContainment(writes);
    expect(await scene.said(question)).toMatch(/I keep them out where that silences few others/);
    expect(saidByItself().filter(isCall)).toHaveLength(1);
    expect(writes.filter(isAsItShouldBe)).toHaveLength(roomCount);
    expect(await wave.withMembership(scene.moderator, "ban")).toEqual(new Set());
  },
  2 * testLimitMs.e2e,
);

test(
  "it is cleaned up after a word: who spoke is banned, what they wrote is gone, and nobody else is touched",
  async () => {
    const { event } = await scene.moderator.until((one) => question.test(textOf(one)));
    const not = { rel_type: "m.annotation", event_id: event.event_id, key: "⛔" };
    await scene.moderator.sendEvent(scene.managementRoom, "m.reaction", { "m.relates_to": not });
    const spoke = new Set((await wave.messages(scene.moderator)).map(({ sender }) => sender));
    for (const user of spoke)
      await scene.moderator.until(
        (one) => isOurs(one) && one.state_key === user && one.content.membership === "ban",
        { what: `the ban of ${user}` },
      );
    const told = await scene.said(/The wave of question 1, \d+ accounts:\n[^]*banned \d+ people[^]*undo \d+/);
    undoNumber = /undo (\d+)/.exec(told)![1]!;

    const messages = await wave.messages(scene.moderator);
    const banned = await wave.withMembership(scene.moderator, "ban");
    reportCleaning(messages, banned);
    expect(messages.filter(({ content }) => content["body"] !== undefined)).toEqual([]);
    expect([...spoke].filter((user) => !banned.has(user))).toEqual([]);
    expect(await bannedOthers()).toEqual([]);
    // The question, what is done about it, and nothing else.
    expect(saidByItself().map(({ event: one }) => textOf(one).split("\n")[0])).toEqual([
      expect.stringMatching(/^Question 1:/),
      expect.stringMatching(/wave/),
    ]);
    expect(saidByItself().filter(isCall)).toHaveLength(1);
  },
  2 * testLimitMs.e2e,
);

test(
  "the rooms are opened again, to the letter as they were",
  async () => {
    const closed = await closingWrites();
    if (!isWhole) await ask(scene, `!tyr release ${undoNumber}`);
    // Each is put back by one write.
    await Promise.all(
      scene.rooms.map((room, i) =>
        scene.moderator.until(() => closingsSeen(room) === 2 * closed[i]!.length, {
          what: `the release of ${room}`,
          timeoutMs: isWhole ? releaseMs : patienceMs,
        }),
      ),
    );

    if (isWhole)
      report(`${(await wave.withMembership(scene.moderator, "join")).size} accounts are in the rooms still`);
    expect(await closings()).toEqual(before);
  },
  releaseMs + testLimitMs.e2e,
);

test("one line brings everybody back", async () => {
  const undone = await ask(scene, `!tyr undo ${undoNumber}`);
  const [one] = wave.accounts.filter(({ taken }) => taken > 0);

  expect(undone.mark).toBe("✅");
  expect(await wave.withMembership(scene.moderator, "ban")).toEqual(new Set());
  await one!.client.join(one!.rooms[0]!, [synapses[0].serverName]);
  await one!.client.sendText(one!.rooms[0]!, "thank you");
  await scene.moderator.until((event) => event.sender === one!.userId && textOf(event) === "thank you");
  expect(await closings()).toEqual(before);
});

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What whoever asks how good it is wants to know. */
function reportContainment(writes: readonly (readonly MatrixEvent[])[]): void {
  if (!isWhole) return;
  const those = new Set(wave.accounts.map(({ userId }) => userId));
  const [first] = scene.moderator.allSeen(({ sender }) => those.has(sender));
  const cuts = scene.rooms.map(
    (room) => scene.moderator.allSeen((one, at) => at === room && isClosing(one))[0]!,
  );
  const after = cuts.map(({ at }) => Math.round(at - first!.at)).toSorted((one, other) => one - other);
  const kinds = Map.groupBy(writes, (events) => events.map(({ type }) => type).join(" then "));
  const taken = wave.accounts.reduce((sum, one) => sum + one.taken, 0);
  report(
    `${wave.accounts.length} accounts: the first room was closed ${after[0]} ms after the first account came, the last after ${after.at(-1)} ms; ` +
      `${[...kinds].map(([kind, rooms]) => `${rooms.length} by ${kind}`).join(", ")}; their servers took ${taken} messages of theirs, the last ${Math.round(performance.now() - first!.at)} ms after the first account`,
  );
}

function reportCleaning(messages: readonly MatrixEvent[], banned: ReadonlySet<string>): void {
  if (!isWhole) return;
  const stood = messages.map(({ origin_server_ts: at, unsigned }) => {
    const by = unsigned?.["redacted_because"] as MatrixEvent | undefined;
    return by ? by.origin_server_ts! - at! : Infinity;
  });
  const long = stood.filter((ms) => ms > 10_000).length;
  report(
    `${messages.length} messages reached the rooms, ${long} stood for longer than 10 s, the longest ${Math.round(Math.max(...stood))} ms; ${banned.size} accounts are banned`,
  );
}
