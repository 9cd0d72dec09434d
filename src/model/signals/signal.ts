/**
 * What can be told of an event, its author and its room. A signal is computed when the first detector reads it, and once
 * for each sighting: the other detectors read the same value. Where the text of an event comes later (a key that
 * arrives late), the event is sighted anew, and nothing is left of what was computed before.
 */
import type { EventSighting } from "./sighting.ts";

export interface Signal<T> {
  /** As people write it, in the settings and words of protections. */
  readonly name: string;
  /** One sentence on what the value means, with its unit. */
  readonly about: string;
  of(sighting: EventSighting): T;
}

export function defineSignal<T>({
  name,
  about,
  compute,
}: {
  readonly name: string;
  readonly about: string;
  readonly compute: (sighting: EventSighting) => T;
}): Signal<T> {
  const place = signals++;
  return {
    name,
    about,
    of(sighting) {
      const values = valuesOf(sighting);
      // Told as undefined it is told, too.
      const known = values[place];
      if (known !== undefined) return known === untold ? (undefined as T) : (known as T);
      const value = compute(sighting);
      values[place] = value === undefined ? untold : value;
      return value;
    },
  };
}

let signals = 0;
const untold = Symbol("undefined");
/** One map for all signals: each entry of such a map costs a good part of a microsecond, and its collection more. */
const computed = new WeakMap<EventSighting, unknown[]>();

function valuesOf(sighting: EventSighting): unknown[] {
  let values = computed.get(sighting);
  if (!values) computed.set(sighting, (values = []));
  return values;
}
