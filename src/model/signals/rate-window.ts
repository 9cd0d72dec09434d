/**
 * The rate at which a person sends, where servers lie and lag. A server that was cut off sends much at once when it is
 * back, and only the time at which it was sent tells that from a flood. But that time is the sender's word: what reaches
 * us in several times the limit within one window is a flood, whatever its timestamps say.
 */
import type { Utterance } from "../recent-speech.ts";
import { heldUpMs } from "./held-up.ts";
import type { EventSighting } from "./sighting.ts";

/** So many times the limit may reach us at once. */
const burst = 3;
/** The same for what claims to be older than `lateMs`. */
const lateBurst = 10;
const lateMs = 60_000;

/** Something that counts, with when it reached us and when it was sent, in ms since the epoch. */
export type Timed = Pick<Utterance, "event" | "at" | "saidAt">;

/** By which both clocks count: where the window ends, and what counts by the arrival. */
interface Bounds {
  readonly newest: Pick<Timed, "at" | "saidAt">;
  /** Not right after a start, when only the sender's time counts. */
  readonly isByArrival: boolean;
  /** By arrival it may be so many times as much. */
  readonly allowance: number;
}

/** `entries`: up to the event, which need not be among them. */
export function boundsOf(entries: readonly Timed[], windowMs: number, sighting: EventSighting): Bounds {
  const last = entries.at(-1);
  const newest = last?.event === sighting.event.eventId ? last : timesOf(sighting);
  const heldUp = heldUpMs.of(sighting);
  const factor = newest.at - newest.saidAt > lateMs ? lateBurst : burst;
  return {
    newest,
    isByArrival: heldUp !== Infinity,
    // A server that was down delivers late and all at once: so much may come of a person who has kept to the limit meanwhile.
    allowance: Math.max(factor, Math.ceil(heldUp / windowMs)),
  };
}

/** A time in the future is the sender's word, and no later than its arrival. */
export function timesOf({ at, event: { sentAt } }: EventSighting): Pick<Timed, "at" | "saidAt"> {
  return { at, saidAt: Math.min(sentAt > 0 ? sentAt : at, at) };
}
