// Whom the shipped protections meet in ordinary hours: a community of twelve kinds of rooms, texts that nobody wrote for
// it, profile by profile. `node bench/ordinary.ts --seeds 5 --hours 8` prints one table for each profile.

import { parseArgs } from "node:util";
import { ordinaryHours, type OrdinaryHours } from "../test/ordinary/ordinary-hours.ts";
import { printTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1" },
    hours: { type: "string", default: "8" },
    /** Look for waves, too. */
    waves: { type: "boolean", default: false },
    /** What was found, text by text, of this protection. */
    show: { type: "string" },
  },
});

for (const profile of ["usual", "strict"] as const) {
  const runs: OrdinaryHours[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++)
    runs.push(await ordinaryHours({ seed, hours: Number(values.hours), profile, waves: values.waves }));
  tell(profile, runs);
}
process.exit(0);

function tell(profile: string, runs: readonly OrdinaryHours[]): void {
  const sum = (count: (run: OrdinaryHours) => number) => runs.reduce((all, run) => all + count(run), 0);
  const each = (count: (run: OrdinaryHours) => string) => runs.map(count).join(", ");
  const acts = runs.flatMap((run) => run.acts);
  printTable(`${profile}: ${runs.length} times ${values.hours} ordinary hours of twelve rooms`, [
    { what: "messages and other events", measured: String(sum(({ messages }) => messages)) },
    { what: "people, of them regulars", measured: each(({ people, regulars }) => `${people}/${regulars}`) },
    { what: "acts on a regular", measured: String(acts.filter((act) => act.isRegular).length), target: "0" },
    { what: "acts on others", measured: String(acts.filter((act) => !act.isRegular).length) },
    {
      what: "told in the management room, each time",
      measured: each(({ told }) => String(told.length)),
      ...(profile === "usual" ? { target: "2" } : {}),
    },
  ]);
  const found = new Map<string, number>();
  for (const { protection, room, isRegular, isShadow } of runs.flatMap(({ hits }) => hits)) {
    const what = `${protection}${isShadow ? " (in shadow)" : ""} in ${room}${isRegular ? ", regulars" : ""}`;
    found.set(what, (found.get(what) ?? 0) + 1);
  }
  const rows = [...found].map(([what, times]) => ({ what, measured: String(times) }));
  if (rows.length > 0) printTable(`${profile}: found`, rows);
  for (const { protection, room, who, sentence, said } of runs.flatMap(({ hits }) => hits))
    if (protection === values.show)
      console.log(`  ${room} ${who} ${sentence} ${JSON.stringify(said.slice(0, 100))}`);
}
