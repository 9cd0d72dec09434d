/**
 * Keys to what was said long ago are deleted: nothing that is old is read again, and the keys of a thousand devices that speak
 * take 5 MB a week.
 */
import type { Clock } from "../../kit/clock.ts";
import type { Engine } from "./engine.ts";

const dayMs = 86_400_000;

/** Where the library keeps them. It has no method to delete any, and reads each from the store when it needs it. */
export const keysOfOthers = { base: "matrix-sdk-crypto", store: "inbound_group_sessions3" } as const;

/** What the engine uses of `store/indexed.ts`. */
export interface KeyStore {
  readonly storeName: string;
  deleteOlder(older: typeof keysOfOthers & { readonly madeBefore: number }): Promise<number>;
}

export interface OldKeysOptions {
  readonly clock: Clock;
  readonly keepDays: number;
  /** Removes what was kept of earlier devices of ours, where that is old. */
  readonly removeSetAside: (at: number) => void;
}

export class OldKeys {
  readonly #clock: Clock;
  readonly #keepDays: number;
  readonly #removeSetAside: (at: number) => void;
  #lookedAt: number | undefined;

  constructor({ clock, keepDays, removeSetAside }: OldKeysOptions) {
    this.#clock = clock;
    this.#keepDays = keepDays;
    this.#removeSetAside = removeSetAside;
  }

  /** At most once a day, and at the start; otherwise resolves at once. */
  async forget(engine: Engine): Promise<void> {
    const now = this.#clock.now();
    if (this.#lookedAt !== undefined && Math.abs(now - this.#lookedAt) < dayMs) return;
    this.#lookedAt = now;
    await engine.forgetKeys(now - this.#keepDays * dayMs);
    this.#removeSetAside(now);
  }
}
