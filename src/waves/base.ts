/** What an earlier wave, or this one before a restart, had in common: a crowd without anybody in it. */
import { readSketch, type Sketch } from "../kit/sketch.ts";
import type { WaveProfile } from "../model/wave-profiles.ts";
import type { Trait } from "./account.ts";
import type { Crowd } from "./fit.ts";
import { delaySteps } from "./traits.ts";

const delayKey = /^delay:(\d+)$/;

export class Base implements Crowd {
  readonly profile: WaveProfile;
  readonly delayed: number;
  readonly texts: readonly (readonly Sketch[])[];
  readonly #counts: ReadonlyMap<string, number>;
  readonly #delays = new Int32Array(delaySteps + 2);

  constructor(profile: WaveProfile) {
    this.profile = profile;
    this.#counts = new Map(profile.traits.map(({ key, count }) => [key, count]));
    this.texts = profile.texts.map((text) => [readSketch(text)]);
    let delayed = 0;
    for (const { key, count } of profile.traits) {
      const step = Number(delayKey.exec(key)?.[1] ?? -1);
      if (step < 0 || step >= delaySteps) continue;
      this.#delays[step + 1] = count;
      delayed += count;
    }
    this.delayed = delayed;
  }

  get accounts(): number {
    return this.profile.accounts;
  }

  get spoke(): number {
    return this.profile.spoke;
  }

  having({ key }: Pick<Trait, "key">): number {
    return this.#counts.get(key) ?? 0;
  }

  delayedAs(step: number): number {
    return this.#delays[step]! + this.#delays[step + 1]! + this.#delays[step + 2]!;
  }
}
