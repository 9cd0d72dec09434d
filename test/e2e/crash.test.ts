// Tyr killed and Synapse restarted in the middle of a mass ban: everything is done in the end, and nothing twice.
// E2E_KILLS says how often (3), E2E_SEED at which moments.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { seeded, seedFrom } from "../support/seeded.ts";
import type { MatrixEvent } from "../support/synapse/client.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { timelineOf } from "../support/synapse/timeline.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const kills = Number(process.env.E2E_KILLS ?? 3);
const killsInOneWave = 3;
const seed = seedFrom("E2E_SEED");
const chance = seeded(seed);
/** In three rooms; many make for more moments, but take long to come in. */
const people = kills > killsInOneWave ? 67 : 34;
const patienceMs = 60_000;

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 3 });
  await begin();
  await tyr.logged("watching");
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

async function begin(): Promise<void> {
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked },
    ...(tyr && { folder: tyr.folder }),
  });
}

interface Wave {
  readonly users: ReadonlySet<string>;
  /** Entities of the rules that ban them. */
  readonly entities: readonly string[];
  /** The moderator's message, where it was one. */
  readonly command: string | undefined;
}

/** People come in, and a moderator bans them all with one command. */
async function bannedByCommand(name: string, size = people): Promise<Wave> {
  const users = await usersComeIn(name, size);
  const glob = `@${name}-*:${synapse.serverName}`;
  const command = await say(`!tyr ban ${glob} raid`);
  await saidYes(command);
  return { users, entities: [glob], command };
}

/** A glob may hit anybody, so Tyr asks first. */
async function saidYes(command: string): Promise<void> {
  const { event: asked } = await scene.moderator.until(isQuestionOf(command), {
    what: "the question about the glob",
    timeoutMs: patienceMs,
  });
  await scene.moderator.sendEvent(scene.managementRoom, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: asked.event_id, key: "✅" },
  });
}

/** People come in, and a moderator writes a rule for each of them. */
async function bannedByRules(name: string): Promise<Wave> {
  const users = await usersComeIn(name, people);
  const rules = [...users].map((entity, i) =>
    scene.moderator.sendState(scene.list, "m.policy.rule.user", `${name}-${i}`, {
      entity,
      recommendation: "m.ban",
    }),
  );
  await Promise.all(rules);
  return { users, entities: [...users], command: undefined };
}

async function usersComeIn(name: string, size: number): Promise<ReadonlySet<string>> {
  const users = new Set(await scene.crowd(name, size, scene.rooms));
  // An answer proves that Tyr has seen all of them join: their joins come before it in the stream.
  await marked(await say("!tyr rooms"));
  return users;
}

const say = (text: string) => scene.moderator.sendText(scene.managementRoom, text);
const relation = (event: MatrixEvent) =>
  (event.content["m.relates_to"] ?? {}) as {
    rel_type?: string;
    event_id?: string;
    key?: string;
    "m.in_reply_to"?: { event_id?: string };
  };
const isReplyTo = (command: string) => (event: MatrixEvent) =>
  relation(event)["m.in_reply_to"]?.event_id === command;
const isQuestionOf = (command: string) => (event: MatrixEvent) =>
  isReplyTo(command)(event) && String(event.content["body"]).startsWith("Question ");
const isMarkOf = (command: string) => (event: MatrixEvent) =>
  event.type === "m.reaction" && relation(event).event_id === command;
const marked = (command: string) =>
  scene.moderator.until(isMarkOf(command), { what: "the mark at the command", timeoutMs: patienceMs });
const isBanIn = (wave: Wave) => (event: MatrixEvent) =>
  event.type === "m.room.member" &&
  event.content.membership === "ban" &&
  wave.users.has(event.state_key ?? "");

/** Resolves when so many of the bans have been seen. */
async function seenBans(wave: Wave, count: number): Promise<void> {
  const seen = new Set<string>();
  await scene.moderator.until((event) => isBanIn(wave)(event) && seen.add(event.event_id!).size >= count, {
    what: `${count} bans`,
    timeoutMs: patienceMs,
  });
}

async function expectDoneOnce(wave: Wave): Promise<void> {
  await seenBans(wave, wave.users.size * scene.rooms.length);
  if (wave.command !== undefined) await marked(wave.command);
  // The last kill may have come after the mark, and what is said while Tyr is away is not obeyed.
  await tyr.logged("watching");
  // Whatever was to come twice has come when the next command is answered.
  await marked(await say("!tyr status"));

  for (const room of scene.rooms) {
    const bans = (await timelineOf(scene.moderator, room)).filter(isBanIn(wave));
    expect(new Set(bans.map((event) => event.state_key))).toEqual(wave.users);
    expect(bans).toHaveLength(wave.users.size);
  }
  const rules = (await timelineOf(scene.moderator, scene.list)).map((event) => String(event.content.entity));
  expect(rules.filter((entity) => wave.entities.includes(entity)).sort()).toEqual([...wave.entities].sort());
  if (wave.command !== undefined) await expectAnsweredOnce(wave.command, wave.users);
}

async function expectAnsweredOnce(command: string, users: ReadonlySet<string>): Promise<void> {
  const said = await timelineOf(scene.moderator, scene.managementRoom);
  const answers = said.filter((event) => isReplyTo(command)(event) && !isQuestionOf(command)(event));
  const marks = said.filter(isMarkOf(command));
  expect(answers).toHaveLength(1);
  expect(marks.map((event) => relation(event).key)).toEqual(["✅"]);
  const newest = said.filter((event) => relation(event).event_id === answers[0]!.event_id).at(-1);
  expect(JSON.stringify((newest ?? answers[0]!).content)).toContain(
    `banned ${users.size} people in 3 rooms (${users.size * 3} acts)`,
  );
}

const waves = Array.from({ length: Math.ceil(kills / killsInOneWave) }, (_, wave) =>
  Array.from({ length: Math.min(killsInOneWave, kills - wave * killsInOneWave) }, () => ({
    /** Of the bans that are due, when it happens. */
    part: chance(),
    delayMs: chance() * 100,
  })).sort((one, other) => one.part - other.part),
);

test.each(waves.map((moments, i) => [i + 1, moments] as const))(
  `killed while it bans ${people} people, Tyr goes on when it is started again (wave %i, E2E_SEED=${seed})`,
  async (number, moments) => {
    const wave = await (number % 2 === 1 ? bannedByCommand : bannedByRules)(`wave${number}`);

    for (const { part, delayMs } of moments) {
      await seenBans(wave, Math.max(1, Math.ceil(part * people * scene.rooms.length)));
      await pause(delayMs);
      await tyr.kill();
      await begin();
    }

    await expectDoneOnce(wave);
  },
  5 * patienceMs,
);

test(
  "when Synapse is killed and comes back in the middle of it, Tyr goes on by itself",
  async () => {
    const wave = await bannedByCommand("outage", 15);

    await seenBans(wave, 15);
    await synapse.kill();
    await synapse.restart();

    await expectDoneOnce(wave);
  },
  3 * patienceMs,
);
