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
  const computed = new WeakMap<EventSighting, { readonly value: T }>();
  return {
    name,
    about,
    of(sighting) {
      let found = computed.get(sighting);
      if (!found) computed.set(sighting, (found = { value: compute(sighting) }));
      return found.value;
    },
  };
}
