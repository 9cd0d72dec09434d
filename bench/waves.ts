// `npm run waves [-- --seeds 50] [--only NAME]... [--alone] [--jobs 2]`: what becomes of waves and of harmless crowds, on seeds
// that no threshold was chosen by. First the recogniser alone, beside it what usual thresholds do with the same events; then
// the whole bot. It judges: where a gate fails it says which, and ends with 1. `--tuning` takes the other seeds.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { scenes } from "../test/waves/corpus.ts";
import { failures, middle, wholeFailures } from "../test/waves/gates.ts";
import { peers } from "../test/waves/peers.ts";
import type { Scene } from "../test/waves/scene.ts";
import { tableSeeds, tuningSeeds } from "../test/waves/seeds.ts";
import { stageOf, type Trial } from "../test/waves/trial.ts";
import type { WholeOptions } from "../test/waves/whole.ts";
import type { Seen } from "../test/waves/witness.ts";
import type { Done, Task } from "./waves-task.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    only: { type: "string", multiple: true },
    /** Without the whole bot. */
    alone: { type: "boolean", default: false },
    tuning: { type: "boolean", default: false },
    /** So much at a time. */
    jobs: { type: "string", default: String(Math.min(4, availableParallelism())) },
  },
});

interface Life {
  readonly label: string;
  readonly scene: string;
  readonly options?: Omit<WholeOptions, "dataPath">;
  /** Writes take their time there, which is told and not judged. */
  readonly isUntimed?: boolean;
}

/** The whole bot would take many minutes for one of them: days on end, thousands of accounts; or it is away for hours. */
const tooLong: ReadonlySet<string> = new Set(["Fedora", "own start", "M291", "memory"]);

/** What the whole bot lives through; up to a minute each. */
const wholeLives: readonly Life[] = scenes
  .filter(({ name }) => !tooLong.has(name))
  .flatMap(({ name }): readonly Life[] => [
    { label: name, scene: name },
    ...(name === "W8"
      ? [
          { label: "W8, bans without a yes", scene: name, options: { act: "all" } as const },
          { label: "W8, Synapse's write limits", scene: name, options: { isLimited: true }, isUntimed: true },
          { label: "W8, rooms of version 12", scene: name, options: { version: "12" } as const },
          { label: "W8, a third of its servers leaks", scene: name, options: { leaking: 0.33 } },
        ]
      : []),
  ]);

const count = Number(values.seeds);
if (!Number.isInteger(count) || count < 1) {
  console.error(`--seeds ${values.seeds}: expected a whole number above 0`);
  process.exit(2);
}
const seeds = values.tuning ? tuningSeeds(count) : tableSeeds(count);
const wanted = values.only;
const chosen = scenes.filter(({ name }) => !wanted || wanted.includes(name));

const trials = new Map<Scene, Trial[]>(chosen.map((scene) => [scene, []]));
const fired = new Map<Scene, number[]>(chosen.map((scene) => [scene, peers.map(() => 0)]));
const lives = new Map<Life, Seen[]>();
const failed: string[] = [];
await work(
  seeds.flatMap((seed) => [
    ...chosen.map((scene) => ({
      task: { seed, scene: scene.name },
      done: (one: Done) => aloneDone(scene, one),
    })),
    ...(values.alone ? [] : wholeLives)
      .filter(({ scene }) => sceneCalled(scene))
      .map((life) => ({
        task: { seed, scene: life.scene, whole: life.options ?? {} },
        done: (one: Done) => lifeDone(life, one),
      })),
  ]),
  Number(values.jobs),
);

console.log(
  `\n${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}, from ${seeds[0]!}. The recogniser alone:\n`,
);
print(
  ["", "stage", "spoke", "joined", "after", "inside", "others", ...peers.map(({ name }) => name), ""],
  chosen.map(rowOf),
);
if (lives.size > 0) {
  console.log("\nThe whole bot (contain; the middle seed, and the worst):\n");
  print(
    [
      "",
      "harmful",
      "contained",
      "after harmful",
      "rooms cut",
      "cut twice at once",
      "writes",
      "muted",
      "messages",
      "stood > 10 s",
      "banned",
      "others banned",
      "regulars touched",
      "silenced",
      "restored",
      ...peers.map(({ name }) => name),
      "",
    ],
    wholeLives.flatMap((life) => (lives.has(life) ? [wholeRowOf(life, lives.get(life)!)] : [])),
  );
}
for (const [life, seen] of lives) failed.push(...whyFailed(life, seen).map((why) => `${life.label}: ${why}`));
console.log(
  failed.length === 0 ? "\nEvery gate is met." : `\nGates that are not met:\n  ${failed.join("\n  ")}`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** Some at a time, each thread one after the other. */
async function work(
  tasks: readonly { readonly task: Task; readonly done: (one: Done) => void }[],
  jobs: number,
): Promise<void> {
  const left = tasks[Symbol.iterator]();
  let began = 0;
  const thread = async () => {
    const worker = new Worker(new URL("waves-task.ts", import.meta.url));
    for (const { task, done } of left) {
      if (began++ % 50 === 0) console.error(`${began} of ${tasks.length}, seed ${task.seed}`);
      const answer = once(worker, "message");
      worker.postMessage(task);
      const [one] = (await answer) as [Done];
      done(one);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: jobs }, thread));
}

function aloneDone(scene: Scene, one: Done): void {
  if (one.kind !== "alone") return;
  trials.get(scene)!.push(one.trial);
  const counts = fired.get(scene)!;
  for (const [i, isFired] of one.fired.entries()) if (isFired) counts[i]!++;
}

function lifeDone(life: Life, one: Done): void {
  if (one.kind !== "whole") return;
  lives.set(life, [...(lives.get(life) ?? []), one.seen]);
  console.error(
    `  ${life.label}: ${[`${(one.ms / 1_000).toFixed(0)} s`, ...whyFailed(life, [one.seen])].join(", ")}`,
  );
}

function sceneCalled(name: string): Scene | undefined {
  return chosen.find((scene) => scene.name === name);
}

function rowOf(scene: Scene): readonly string[] {
  const those = trials.get(scene)!;
  const stages = those.map(stageOf);
  const last = (["harmful", "recognised", "suspected"] as const).find((stage) => stages.includes(stage));
  const reached = last ? those.flatMap((one) => one.reached[last] ?? []) : [];
  const spread = (of: readonly number[]) => (of.length === 0 ? "" : `${middle(of)} (${Math.max(...of)})`);
  const why = failures(scene, those);
  failed.push(...why.map((one) => `${scene.name}: ${one}`));
  return [
    scene.name,
    last ? `${last} ${reached.length}/${those.length}` : "-",
    spread(reached.map((one) => one.spoke)),
    spread(reached.map((one) => one.joined)),
    spread(reached.map((one) => Math.round(one.afterMs / 1_000))),
    spread(those.map(({ inside }) => inside)),
    String(Math.max(...those.map(({ outsiders }) => outsiders.length))),
    ...peersIn(scene),
    why.length > 0 ? "FAILS" : "",
  ];
}

/** What usual thresholds do with the same events. */
function peersIn(scene: Scene): readonly string[] {
  return fired.get(scene)!.map((times) => (times > 0 ? `${times}/${trials.get(scene)!.length}` : ""));
}

function whyFailed({ scene, isUntimed = false }: Life, seen: readonly Seen[]): readonly string[] {
  return wholeFailures(sceneCalled(scene)!, seen, { isTimed: !isUntimed });
}

function wholeRowOf(life: Life, seen: readonly Seen[]): readonly string[] {
  const spread = (of: (one: Seen) => number | undefined, digits = 0) => {
    const those = seen.flatMap((one) => of(one) ?? []);
    return those.length === 0
      ? "-"
      : `${middle(those).toFixed(digits)} (${Math.max(...those).toFixed(digits)})`;
  };
  return [
    life.label,
    `${seen.filter(({ isHarmful }) => isHarmful).length}/${seen.length}`,
    spread(({ containedMs }) => containedMs && containedMs / 1_000, 1),
    spread(({ afterHarmfulMs }) => afterHarmfulMs && afterHarmfulMs / 1_000, 1),
    spread(({ roomsCut }) => roomsCut),
    spread(({ roomsTwice }) => roomsTwice),
    spread(({ cuts }) => cuts),
    spread(({ muted }) => muted),
    spread(({ messages }) => messages),
    spread(({ stood }) => stood),
    spread(({ banned }) => banned),
    spread(({ bannedOthers }) => bannedOthers.length),
    spread(({ regularsTouched }) => regularsTouched.length),
    spread(({ silenced }) => silenced),
    `${seen.filter(({ unrestored }) => unrestored.length === 0).length}/${seen.length}`,
    ...peersIn(sceneCalled(life.scene)!),
    whyFailed(life, seen).length > 0 ? "FAILS" : "",
  ];
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  for (const row of [head, ...rows])
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ")}`.trimEnd(),
    );
}
