/** What moderators called fine: traits and texts that are no sign of anything for a month, unless it is taken back. */
import { keepNewest } from "../kit/bounded.ts";
import { dayMs } from "../kit/duration.ts";
import { likeness, readSketch, sameText, type Sketch } from "../kit/sketch.ts";
import type { WaveProfile } from "../model/wave-profiles.ts";
import type { Trait } from "./account.ts";
import { isContent } from "./traits.ts";

const goodForMs = 30 * dayMs;
/** Traits that so many of a wave had are its own; the rest came with its members. */
const ownShare = 0.25;
/** Texts that new ones are compared with, the newest. */
const mostTexts = 32;
/** As many as are remembered. */
const mostProfiles = 64;

export class Good {
  readonly #profiles = new Map<string, WaveProfile>();
  /** Whoever has looked before it changed has to look again. */
  changes = 0;
  /** Until when. */
  #traits: ReadonlyMap<string, number> = new Map();
  #texts: readonly { readonly sketch: Sketch; readonly until: number }[] = [];

  add(profile: WaveProfile): void {
    this.#profiles.delete(profile.wave);
    this.#profiles.set(profile.wave, profile);
    keepNewest(this.#profiles, mostProfiles);
    this.#lookAgain();
  }

  delete(wave: string): void {
    if (this.#profiles.delete(wave)) this.#lookAgain();
  }

  has({ key }: Pick<Trait, "key">, at: number): boolean {
    return (this.#traits.get(key) ?? 0) > at;
  }

  isGoodText(text: Sketch, at: number): boolean {
    return this.#texts.some(({ sketch, until }) => until > at && likeness(sketch, text) >= sameText);
  }

  /** By a person's word only. */
  #lookAgain(): void {
    this.changes++;
    const traits = new Map<string, number>();
    const texts: { sketch: Sketch; until: number }[] = [];
    for (const profile of this.#profiles.values()) {
      const until = profile.at + goodForMs;
      for (const key of ownTraits(profile)) traits.set(key, until);
      texts.push(...profile.texts.map((text) => ({ sketch: readSketch(text), until })));
    }
    this.#traits = traits;
    this.#texts = texts.slice(-mostTexts);
  }
}

function ownTraits({ accounts, spoke, traits }: WaveProfile): readonly string[] {
  return traits.flatMap(({ class: one, key, count }) =>
    count >= ownShare * Math.max(1, isContent(one) ? spoke : accounts) ? key : [],
  );
}
