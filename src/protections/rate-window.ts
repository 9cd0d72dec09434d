/**
 * Counting what came within a time, where servers lie and lag. Servers that were cut off send much at once, and only the
 * time at which it was said tells that from a flood. But that time is the sender's word: what reaches us in so many times
 * the limit is too much whatever it says of itself.
 */
import type { Utterance } from "../model/recent-speech.ts";
import type { Sighting } from "../automod/define.ts";

const burst = 3;
const lateBurst = 10;
/** What was said longer ago than this was held up on its way. */
const lateMs = 60_000;

export interface Counted {
  readonly sum: number;
  readonly those: readonly Utterance[];
}

/** What is beyond the limit, this utterance included; undefined where nothing is. */
export function beyond(
  { recent, heldUpMs }: Sighting,
  { limit, windowMs, weight }: { limit: number; windowMs: number; weight: (utterance: Utterance) => number },
): Counted | undefined {
  const newest = recent.at(-1);
  if (!newest) return undefined;
  const within = (time: (utterance: Utterance) => number) => {
    const those = recent.filter((one) => weight(one) > 0 && Math.abs(time(newest) - time(one)) < windowMs);
    return { those, sum: those.reduce((all, one) => all + weight(one), 0) };
  };
  const said = within(({ saidAt }) => saidAt);
  if (said.sum > limit) return said;
  if (heldUpMs === Infinity) return undefined;
  const arrived = within(({ at }) => at);
  const factor = newest.at - newest.saidAt > lateMs ? lateBurst : burst;
  // Whoever keeps to the limit says no more than this while it is held up.
  const most = limit * Math.max(factor, Math.ceil(heldUpMs / windowMs));
  return arrived.sum > most ? arrived : undefined;
}
