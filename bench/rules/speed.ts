// How fast the machine is at the moment, by a fixed piece of work: others may use it, too.

/** What it takes on a core of 3 GHz that does nothing else. */
const usualMs = 0.41;

/** 1 on such a core, less where everything takes longer. */
export function speedNow(): number {
  const before = process.cpuUsage();
  const done = work();
  return done === 0.5 ? 0 : usualMs / msSince(before);
}

function work(): number {
  let mixed = 1;
  for (let i = 0; i < 300_000; i++) mixed = (Math.imul(mixed, 31) + i) | 0;
  return mixed;
}

export function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
