/** What moderators called fine: traits and texts that are no sign of anything for a month. */
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
/** Single traits that are good; the oldest go. */
const mostTraits = 4_096;

export class Good {
  /** Until when. */
  readonly #traits = new Map<string, number>();
  /** Whoever has looked before it changed has to look again. */
  changes = 0;
  #texts: readonly { readonly sketch: Sketch; readonly until: number }[] = [];

  add({ at, accounts, spoke, traits, texts }: WaveProfile): void {
    const until = at + goodForMs;
    for (const { class: one, key, count } of traits)
      if (count >= ownShare * Math.max(1, isContent(one) ? spoke : accounts)) this.addTrait(key, until);
    const sketches = texts.map((text) => ({ sketch: readSketch(text), until }));
    this.#texts = [...this.#texts, ...sketches].slice(-mostTexts);
  }

  addTrait(key: string, until: number): void {
    this.changes++;
    this.#traits.delete(key);
    this.#traits.set(key, until);
    if (this.#traits.size > mostTraits) this.#traits.delete(this.#traits.keys().next().value!);
  }

  has({ key }: Pick<Trait, "key">, at: number): boolean {
    return (this.#traits.get(key) ?? 0) > at;
  }

  isGoodText(text: Sketch, at: number): boolean {
    return this.#texts.some(({ sketch, until }) => until > at && likeness(sketch, text) >= sameText);
  }
}
