/**
 * What protections cost: `npm run bench -- rules`, or `node --expose-gc bench/rules.ts`. Each event is believed by the
 * world first, which is not measured; then all protections look at it. Of five runs the middle one is told. Time of the
 * processor, too, is several times as much on a machine that others use; so a fixed piece of work is measured after every
 * hundred events, and times are told as they would be on a core of 3 GHz that does nothing else. `BENCH_EVENTS=4000`
 * takes so many events; `BENCH_RULES=500` only the tables that begin so.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fold } from "../src/kit/fold.ts";
import { Registry } from "../src/automod/registry.ts";
import { noRules, type OwnRules } from "../src/automod/rule-files.ts";
import { sightingsIn } from "../src/decisions/respond/sightings.ts";
import { Said } from "../src/model/facts/said.ts";
import type { Sighting } from "../src/model/signals/sighting.ts";
import { usualLimits } from "../test/support/limits.ts";
import { shipped } from "../src/protections/shipped.ts";
import { memoryOfCounters } from "./rules/memory.ts";
import { arrivals, attack, community, ordinary, type Sent } from "./rules/community.ts";
import { someRules } from "./rules/some-rules.ts";
import { msSince, speedNow } from "./rules/speed.ts";
import { inMs, printTable, seeded } from "./table.ts";

const events = Number(process.env["BENCH_EVENTS"] ?? 20_000);
const runs = 5;
const batch = 100;
const ordinaryMs = 1_400;
const attackMs = 150;

interface Figures {
  readonly mean: number;
  readonly p99: number;
  readonly folding: number;
  readonly found: number;
}

const peaceful = ordinary(events, seeded(20_261_130));
const nasty = attack(events / 4, seeded(20_261_131));
const rulesOf = (count: number) => someRules(count, seeded(20_261_132));

const wanted = process.env["BENCH_RULES"] ?? "";
for (const [what, own, targets] of [
  [`the ${shipped.length} shipped protections`, noRules, [10, undefined]],
  ["52 rules", rulesOf(52), [10, undefined]],
  ["500 rules", rulesOf(500), [35, 60]],
] as const) {
  if (!what.startsWith(wanted)) continue;
  const [mean, p99] = targets;
  const isOurs = own === noRules;
  const quiet = measured(own, isOurs, peaceful, ordinaryMs);
  const loud = measured(own, isOurs, [...arrivals(), ...nasty], attackMs);
  printTable(`rules: ${what}, ${events} ordinary events, ${nasty.length} of an attack`, [
    ...rowsOf("ordinary", quiet, { mean, p99 }),
    ...rowsOf("attack", loud, { mean: mean * 2, p99: p99 && p99 * 2 }),
  ]);
}

printTable("rules: counters at their bounds, and a start", [
  {
    what: "memory of counters, 300 events of each person",
    measured: inMb(memoryOfCounters(300)),
    target: "8 MB",
  },
  { what: "  one event of each", measured: inMb(memoryOfCounters(1)), target: "8 MB" },
  {
    what: "a second start with 500 rules, over one without",
    measured: inMs(startMs(500) - startMs(0)),
    target: "30 ms",
  },
]);

/** The middle of five starts of a process of its own, after a first one that is not measured. */
function startMs(rules: number): number {
  const program = join(import.meta.dirname, "rules/start.ts");
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  const [, ...starts] = Array.from({ length: runs + 1 }, () =>
    Number(spawnSync(process.execPath, [program, String(rules), folder], { encoding: "utf8" }).stdout),
  );
  rmSync(folder, { recursive: true });
  return median(starts);
}

function inMb(bytes: number): string {
  return bytes === 0 ? "run with --expose-gc" : `${(bytes / 1e6).toFixed(1)} MB`;
}

function rowsOf(
  what: string,
  { mean, p99, folding, found }: Figures,
  target: { readonly mean: number; readonly p99: number | undefined },
) {
  return [
    { what: `${what}: an event, without folding`, measured: inUs(mean - folding), target: inUs(target.mean) },
    { what: "  folding", measured: inUs(folding) },
    {
      what: "  the 99th of 100 events",
      measured: inUs(p99),
      ...(target.p99 ? { target: inUs(target.p99) } : {}),
    },
    { what: "  findings in 100 events", measured: String(Math.round(found * 100)) },
  ];
}

function measured(own: OwnRules, isOurs: boolean, sent: readonly Sent[], everyMs: number): Figures {
  const means: number[] = [];
  const foldings: number[] = [];
  const times: Float64Array[] = [];
  let found = 0;
  for (let run = -1; run < runs; run++) {
    const of = oneRun(own, isOurs, sent, everyMs);
    if (run < 0) continue;
    means.push(of.cpuMs / sent.length);
    foldings.push(of.foldingMs / sent.length);
    times.push(of.times);
    found = of.found / sent.length;
  }
  const each = Array.from(sent, (_, i) => median(times.map((one) => one[i]!)));
  const p99 = each.toSorted((one, other) => one - other)[Math.floor(sent.length * 0.99)]!;
  return { mean: median(means) * 1_000, p99: p99 * 1_000, folding: median(foldings) * 1_000, found };
}

function oneRun(own: OwnRules, isOurs: boolean, sent: readonly Sent[], everyMs: number) {
  const registry = new Registry(isOurs ? shipped : [], { own, countedEvents: usualLimits.countedEvents });
  const on = isOurs
    ? shipped.map(({ name }) => [name, { enabled: true }] as const)
    : [["made-0", { enabled: true }] as const];
  const { world, sees } = community(new Map(on));
  const times = new Float64Array(sent.length);
  let [cpuMs, foldingMs, found, i] = [0, 0, 0, 0];
  const { settings } = world;
  const look = (sighting: Sighting) => {
    for (const { verdict } of registry.lookouts(settings)!.look(sighting)) if (verdict) found++;
  };
  for (let start = 0; start < sent.length; start += batch) {
    const part = sent.slice(start, start + batch);
    const seen = part.map((one) => sees(one, everyMs));
    const sightings = [...sightingsIn({ seen, changes: world.takeChanges() }, world)];
    world.takeRows();
    if (sightings.length < part.length) throw new Error("some events are not looked at");
    const before = process.cpuUsage();
    for (const sighting of sightings) {
      const begun = performance.now();
      look(sighting);
      times[i++] = performance.now() - begun;
    }
    const looking = msSince(before);
    const speed = speedNow();
    cpuMs += looking * speed;
    for (let one = i - sightings.length; one < i; one++) times[one]! *= speed;
    const beforeFolding = process.cpuUsage();
    for (const sighting of sightings) if (sighting.kind !== "tick") fold(new Said(sighting.event).raw);
    foldingMs += msSince(beforeFolding) * speed;
  }
  return { cpuMs, foldingMs, found, times };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

function inUs(us: number): string {
  return `${us.toFixed(1)} µs`;
}
