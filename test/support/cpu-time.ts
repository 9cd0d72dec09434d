/**
 * Milliseconds of processor that a piece of work takes. Unlike the time of day it stays the same on a machine that has
 * other things to do, so a bound on it tells quadratic work from a busy neighbour.
 */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
