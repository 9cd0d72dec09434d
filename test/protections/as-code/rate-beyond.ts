/**
 * The rate at which a person sends, where servers lie and lag. A server that was cut off sends much at once when it is
 * back, and only the time at which it was sent tells that from a flood. But that time is the sender's word: what reaches
 * us in several times the limit within one window is a flood, whatever its timestamps say.
 */
import type { Utterance } from "../../../src/model/recent-speech.ts";
import { heldUpMs } from "../../../src/model/signals/held-up.ts";
import { recent } from "../../../src/model/signals/recent.ts";
import type { EventSighting } from "../../../src/model/signals/sighting.ts";

/** So many times the limit may reach us at once. */
const burst = 3;
/** The same for what claims to be older than `lateMs`. */
const lateBurst = 10;
const lateMs = 60_000;

export interface Rate {
  readonly sum: number;
  readonly counted: readonly Utterance[];
}

export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
  /** What one event counts; 0 is not counted. */
  readonly weight: (utterance: Utterance) => number;
}

/** What the author sent within the window, this event included, where it is more than the limit; undefined otherwise. */
export function rateBeyond(
  sighting: EventSighting,
  { limit, windowMs, weight }: RateLimit,
): Rate | undefined {
  const sent = recent.of(sighting);
  const newest = sent.at(-1);
  if (!newest) return undefined;
  const within = (time: (utterance: Utterance) => number): Rate => {
    const counted = sent.filter((one) => weight(one) > 0 && Math.abs(time(newest) - time(one)) < windowMs);
    return { counted, sum: counted.reduce((all, one) => all + weight(one), 0) };
  };
  const bySendersTime = within(({ saidAt }) => saidAt);
  if (bySendersTime.sum > limit) return bySendersTime;
  const heldUp = heldUpMs.of(sighting);
  if (heldUp === Infinity) return undefined;
  const byOurTime = within(({ at }) => at);
  const factor = newest.at - newest.saidAt > lateMs ? lateBurst : burst;
  // A server that was down delivers late and all at once: so much may come of a person who has kept to the limit meanwhile.
  const most = limit * Math.max(factor, Math.ceil(heldUp / windowMs));
  return byOurTime.sum > most ? byOurTime : undefined;
}
