/** What is made once for the event at hand, whatever rule asks first. */
import type { EventFacts } from "../model/facts/read.ts";

export class OfEvent {
  readonly #most: number;
  readonly #named = new Map<string, (facts: EventFacts, make: () => unknown) => unknown>();
  #facts: EventFacts | undefined;
  /** How many events were at hand: what was made is of one of them. Kept by its number, so that nothing holds old events. */
  #turn = 0;

  /** `most`: names that are known at a time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whoever asks by the same name gets the same. */
  named<T>(name: string): (facts: EventFacts, make: () => T) => T {
    let made = this.#named.get(name);
    if (!made) {
      // Those who have asked by it go on among themselves.
      if (this.#named.size === this.#most) this.#named.clear();
      this.#named.set(name, (made = this.#onceForEach()));
    }
    return made as (facts: EventFacts, make: () => T) => T;
  }

  #onceForEach(): (facts: EventFacts, make: () => unknown) => unknown {
    let turn = 0;
    let value: unknown;
    return (facts, make) => {
      if (this.#facts !== facts) {
        this.#facts = facts;
        this.#turn++;
      }
      if (turn !== this.#turn) {
        value = make();
        turn = this.#turn;
      }
      return value;
    };
  }
}
