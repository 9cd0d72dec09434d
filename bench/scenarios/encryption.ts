// What an encrypted management room costs, on a real Synapse with matrix-nio as the moderator's client: memory, starts, how
// soon a command is answered in a room of 30 devices, and how soon a ban is seen while the engine works, dies or is silent.
// Beside each the same with a management room in clear, in turns, on the same Synapse.

import { setTimeout as pause } from "node:timers/promises";
import { type EncryptedScene, setEncryptedScene } from "../../test/support/other-clients/encrypted-scene.ts";
import { unasked } from "../../test/support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../../test/support/synapse/synapse.ts";
import { comeWithDevices, keepTalking, sendNonsense } from "../encrypted-load.ts";
import { measuredRoot, samples } from "../measured.ts";
import { arrivals, bansOf, quiet, Runs, show } from "../support.ts";

const rooms = 20;
/** Beside the moderator who writes. */
const readers = { people: 4, each: 7 };
const manyReaders = { people: 30, each: 50 };
const starts = samples(5);
const answers = samples(20);
const bans = samples(8);
/** A third death within a minute, and the engine is given up. */
const deaths = 2;
/** After so long without an answer it is begun anew, and asked once more. */
const silentMs = 10_000;

interface Side {
  readonly it: EncryptedScene;
  readonly runs: Runs;
}

export async function encryption(): Promise<void> {
  const synapse = await startSynapse();
  const sides: Side[] = [];
  try {
    for (const inClear of [true, false]) {
      const it = await setEncryptedScene(synapse, { rooms, inClear });
      sides.push({ it, runs: new Runs() });
    }
    await measureStarts(sides);
    await measureAnswers(synapse, sides);
    await measureBans(synapse, sides);
    const [clear, encrypted] = sides.map(({ runs }) => runs) as [Runs, Runs];
    showSides({ clear, encrypted });
    await measureTrouble(synapse, sides[1]!);
    showTrouble(encrypted);
  } finally {
    await Promise.all(sides.map(({ it }) => it.close()));
    await synapse.stop();
  }
}

async function measureStarts(sides: readonly Side[]): Promise<void> {
  for (let run = 0; run < starts; run++)
    for (const { it, runs } of sides) {
      const begun = performance.now();
      await start(it);
      runs.add({ [run === 0 ? "first" : "again"]: performance.now() - begun });
      await quiet(it.scene.moderator, 1_000);
      if (run < starts - 1) await it.tyr.stop();
    }
}

async function measureAnswers(synapse: Synapse, sides: readonly Side[]): Promise<void> {
  for (const { it, runs } of sides) {
    await comeWithDevices(synapse, it, readers);
    // The key of the room reaches all devices with the first answer.
    await it.answer("!tyr rooms");
    await pause(2_000);
    runs.add({ memory: await it.tyr.residentMemoryMb() });
  }
  for (let run = 0; run < answers; run++)
    for (const { it, runs } of sides) runs.add({ answer: await answer(it) });
}

async function measureBans(synapse: Synapse, sides: readonly Side[]): Promise<void> {
  for (let run = 0; run < bans; run++)
    for (const { it, runs } of sides) {
      runs.add({ ban: await ban(it, `alone-${run}`) });
      // The same work for the homeserver on both sides: in clear Tyr has no engine that would look at it.
      const load = [keepTalking(it), sendNonsense(synapse, it)];
      runs.add({ banBeside: await ban(it, `beside-${run}`) });
      await Promise.all(load.map((one) => one.end()));
      await it.answer("!tyr rooms");
    }
  for (const { it, runs } of sides) runs.add({ memoryAfter: await it.tyr.residentMemoryMb() });
}

/** Of the encrypted side alone. */
async function measureTrouble(synapse: Synapse, { it, runs }: Side): Promise<void> {
  for (let run = 0; run < deaths; run++) {
    const death = () => process.kill(it.tyr.pid, "SIGUSR2");
    runs.add({ banAtDeath: await ban(it, `death-${run}`, death) });
    runs.add({ answerAfterDeath: await answer(it) });
  }
  await start(it);
  for (let run = 0; run < deaths; run++) {
    const silence = () => process.kill(it.tyr.pid, "SIGHUP");
    const { userId } = await it.scene.person(`silence-${run}`, it.scene.rooms);
    await quiet(it.scene.moderator, 500);
    silence();
    const begun = performance.now();
    const answered = it.answer("!tyr rooms");
    await pause(500);
    runs.add({ banInSilence: await banOf(it, userId, `silence-${run}`) });
    await answered;
    runs.add({ answerAfterSilence: performance.now() - begun });
  }
  await start(it);
  await comeWithDevices(synapse, it, manyReaders);
  const begun = performance.now();
  const answered = it.answer("!tyr rooms").then(() => performance.now() - begun);
  runs.add({ banBesideMany: await ban(it, "many") });
  runs.add({ firstToMany: await answered });
  for (let run = 0; run < deaths; run++) runs.add({ answerToMany: await answer(it) });
  runs.add({ memoryOfMany: await it.tyr.residentMemoryMb() });
}

async function start(it: EncryptedScene): Promise<void> {
  const nodeOptions = ["--import", new URL("../mortal-engine.mjs", import.meta.url).href];
  await it.start({ ...it.byPassword, ...unasked }, { from: "dist", root: measuredRoot, nodeOptions });
}

async function answer(it: EncryptedScene): Promise<number> {
  const begun = performance.now();
  await it.answer("!tyr rooms");
  return performance.now() - begun;
}

/** Until the last room has the ban. `first` is done when the person is there. */
async function ban(it: EncryptedScene, name: string, first = () => {}): Promise<number> {
  const { userId } = await it.scene.person(name, it.scene.rooms);
  await quiet(it.scene.moderator, 500);
  first();
  return banOf(it, userId, name);
}

async function banOf(it: EncryptedScene, userId: string, name: string): Promise<number> {
  const since = performance.now();
  await it.scene.moderator.sendState(it.scene.list, "m.policy.rule.user", name, {
    entity: userId,
    recommendation: "m.ban",
    reason: "bench",
  });
  const seen = await arrivals(it.scene.moderator, { count: rooms, what: "bans", since }, bansOf(userId));
  return seen.at(-1)! - since;
}

function showSides({ clear, encrypted }: { readonly clear: Runs; readonly encrypted: Runs }): void {
  const rows = [
    ["first start, until it watches", "first", "ms", ""],
    ["restart, until it watches", "again", "ms", ""],
    ["resident memory after the start", "memory", "MB", "<= 60 more"],
    ["resident memory after everything", "memoryAfter", "MB", ""],
    ["answer to a command", "answer", "ms", "<= 150 more"],
    [`last of ${rooms} bans by a rule`, "ban", "ms", "the same"],
    ["  while commands are said and nonsense comes for its device", "banBeside", "ms", "the same"],
  ] as const;
  const devices = readers.people * readers.each + 1;
  show(
    `encryption: ${rooms} protected rooms in clear, a management room in clear and an encrypted one, with ${devices} devices of others`,
    rows.flatMap(([what, name, unit, target]) => [
      { what: `${what}; in clear`, unit, measured: clear.of(name) },
      { what: "  encrypted", unit, measured: encrypted.of(name), target },
    ]),
  );
}

function showTrouble(runs: Runs): void {
  const many = manyReaders.people * manyReaders.each;
  show("encryption: trouble in the encrypted one", [
    { what: `last of ${rooms} bans, the engine dies as the rule comes`, measured: runs.of("banAtDeath") },
    { what: "  answer to a command after that", measured: runs.of("answerAfterDeath") },
    {
      what: `last of ${rooms} bans, while the engine is silent about a command`,
      measured: runs.of("banInSilence"),
    },
    {
      what: "  answer to that command",
      measured: runs.of("answerAfterSilence"),
      target: `about ${silentMs.toLocaleString("en")} ms`,
    },
    {
      what: `last of ${rooms} bans, while ${many} devices are given a key`,
      measured: runs.of("banBesideMany"),
    },
    { what: "  the answer that gives them the key", measured: runs.of("firstToMany") },
    { what: "  answers after that", measured: runs.of("answerToMany") },
    { what: "  resident memory then", unit: "MB", measured: runs.of("memoryOfMany") },
  ]);
}
