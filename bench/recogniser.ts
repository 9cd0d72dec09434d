// What the recogniser of waves costs: an event of a young account in each sort of attack, of a regular, and its memory when
// it is full. Prints a table.

import { ACommunity, hex, humanName, regular } from "../test/waves/a-community.ts";
import { saidIn } from "../src/model/facts/said.ts";
import { printTable, type Row } from "./table.ts";

const spam = (i: number) =>
  `Dear friend number ${i}, earn money at home with our trading group, join now at https://evil.example/x`;

const rows: Row[] = [];

/** Microseconds of the middle event, and of the dearest but one in a hundred. */
function measured(
  what: string,
  target: string,
  play: (here: ACommunity, i: number) => void,
  events = 2_000,
): void {
  const here = new ACommunity({ people: 2_000 });
  const times = timesOf(here);
  for (let i = 0; i < events; i++) play(here, i);
  times.sort((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)]! * 1_000);
  rows.push({ what, measured: `${at(0.5)} µs, 99 of 100 below ${at(0.99)}`, target });
}

function timesOf(here: ACommunity): number[] {
  const times: number[] = [];
  const { recogniser } = here;
  const recognise = recogniser.recognise.bind(recogniser);
  recogniser.recognise = (seen) => {
    const sightings = [...seen.sightings];
    // Rules ask for it as well: it is read once.
    for (const one of sightings)
      if (one.kind === "message") void [saidIn(one.event).folded, saidIn(one.event).links];
    const started = performance.now();
    const believed = recognise({ ...seen, sightings });
    if (sightings.length > 0) times.push(performance.now() - started);
    return believed;
  };
  return times;
}

measured("a join, machine names of one server", "60 µs", (here, i) => here.joins(hex(i)));
measured("a join, people of known servers", "60 µs", (here, i) =>
  here.joins(`@${humanName(i)}${i}:matrix.org`),
);
measured("a join, each of a server of its own", "60 µs", (here, i) => here.joins(`@u${i}:s${i}.example`));
measured("a message of a wave, with a link", "60 µs", (here, i) => {
  if (i % 2 === 0) here.joins(hex(i / 2));
  else here.says(hex((i - 1) / 2), spam(i));
});
measured("a message of a newcomer among others", "60 µs", (here, i) => {
  const who = `@${humanName(i >> 1)}${i >> 1}:matrix.org`;
  if (i % 2 === 0) here.joins(who);
  else here.says(who, `how do I build the thing number ${i} on my machine, it says error ${i * 7}`);
});
measured("a message of a regular", "none", (here, i) => here.says(regular((4 * i) % 2_000), spam(i)));

rows.push(inAMinute(), memory());
printTable("The recogniser of waves, one event at a time:", rows);

/** So many member events in one minute, all of one server, one batch each. */
function inAMinute(): Row {
  const here = new ACommunity({ people: 2_000 });
  const times = timesOf(here);
  for (let i = 0; i < 10_000; i++) here.joins(hex(i));
  const all = times.reduce((sum, one) => sum + one, 0);
  return {
    what: "10,000 joins",
    measured: `${Math.round(all)} ms, longest ${Math.round(Math.max(...times))} ms`,
    target: "50 ms each",
  };
}

/** Full of accounts that vary everything, and of waves. */
function memory(): Row {
  const here = new ACommunity({ people: 2_000 });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 12_000; i++) {
    const who = `@u${(i * 7_919) % 99_991}x${i}:s${i % 3_000}.example`;
    here.joins(who);
    here.says(who, `${spam(i)} or at https://h${i}.example/${i}, write to me${i}@h${i}.example`);
  }
  const full = here.recogniser.held;
  globalThis.gc?.();
  const after = process.memoryUsage().heapUsed;
  here.restarts();
  globalThis.gc?.();
  const without = process.memoryUsage().heapUsed;
  const [own, all] = [after - without, after - before].map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`);
  return {
    what: `memory, ${full.accounts} accounts, ${full.traits} traits, ${full.clusters} clusters`,
    measured: globalThis.gc ? `${own} (${all} with what the world keeps)` : "run it with --expose-gc",
    target: "12 MB",
  };
}
