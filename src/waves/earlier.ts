/** Waves that were harmful and are over: by what they had in common, so that few are compared with an account. */
import { dayMs } from "../kit/duration.ts";
import type { WaveProfile } from "../model/wave-profiles.ts";
import type { Account } from "./account.ts";
import { Base } from "./base.ts";
import { isContent } from "./traits.ts";

const keptMs = 30 * dayMs;
/** What so many of a wave had brings an account to it. */
const shareNeeded = 0.25;
/** Waves that one account is compared with. */
const mostCompared = 4;

export class Earlier {
  readonly #byTrait = new Map<string, Base[]>();
  readonly #waves = new Map<string, Base>();

  set(profile: WaveProfile): void {
    this.delete(profile.wave);
    if (profile.known !== "harmful") return;
    const base = new Base(profile);
    this.#waves.set(profile.wave, base);
    for (const key of telling(profile)) {
      const bases = this.#byTrait.get(key);
      if (bases) bases.push(base);
      else this.#byTrait.set(key, [base]);
    }
  }

  delete(wave: string): void {
    const base = this.#waves.get(wave);
    if (!base) return;
    this.#waves.delete(wave);
    for (const key of telling(base.profile)) {
      const bases = (this.#byTrait.get(key) ?? []).filter((one) => one !== base);
      if (bases.length > 0) this.#byTrait.set(key, bases);
      else this.#byTrait.delete(key);
    }
  }

  of(account: Account, at: number): readonly Base[] {
    if (this.#waves.size === 0) return [];
    const found = new Set<Base>();
    for (const { key } of account.traits)
      for (const base of this.#byTrait.get(key) ?? []) {
        if (at - base.profile.at < keptMs) found.add(base);
        if (found.size === mostCompared) return [...found];
      }
    return [...found];
  }
}

function telling({ accounts, spoke, traits }: WaveProfile): readonly string[] {
  return traits.flatMap(({ class: one, key, count }) =>
    count >= shareNeeded * Math.max(1, isContent(one) ? spoke : accounts) ? key : [],
  );
}
