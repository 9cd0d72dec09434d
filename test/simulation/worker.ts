/** Lives every so many-th seed through and sends what came of it; started by `many.ts`. */
import type { LifeMessage } from "./many.ts";
import { simulate } from "./simulation.ts";

const { from, until, every } = JSON.parse(process.argv[2]!) as { from: number; until: number; every: number };
for (let seed = from; seed < until; seed += every) {
  const { violations, counts } = await simulate(seed);
  const life: LifeMessage = { seed, violations, counts: [...counts] };
  process.send!(life);
}
process.disconnect();
