/** What the members of a cluster have in common: what is told of a wave, and what is kept to know it again by. */
import { likeness, sameText, writeSketch, type Sketch } from "../kit/sketch.ts";
import type { ProfileTrait, WaveProfile } from "../model/wave-profiles.ts";
import type { SharedTrait } from "../model/waves.ts";
import type { Account, Trait } from "./account.ts";
import type { Base } from "./base.ts";
import { isContent } from "./traits.ts";

/** Traits of a profile, the most usual ones, and texts. */
const [profileTraits, profileTexts] = [64, 6];
/** What so many have is shared; so many such things are told. */
const [sharedBy, mostShared] = [0.25, 12];

export interface Common {
  readonly counts: ReadonlyMap<Trait, number>;
  /** By step of the delay. */
  readonly delays: Int32Array;
  readonly size: number;
  readonly spoke: number;
  /** Those who wrote something last. */
  readonly looks: readonly Account[];
  readonly base: Base | undefined;
}

/** What many of them have in common, the most shared first. */
export function sharesOf({ counts, size, spoke, looks }: Common): readonly SharedTrait[] {
  const shared: SharedTrait[] = [];
  for (const [{ class: one, key, shown }, count] of counts) {
    const share = Math.min(1, count / Math.max(1, isContent(one) ? spoke : size));
    if (count >= 2 && share >= sharedBy) shared.push({ class: one, key, shown, share });
  }
  const text = commonText(looks);
  if (text) shared.push(text);
  return shared.toSorted((one, other) => other.share - one.share).slice(0, mostShared);
}

/** Kept, so that the wave goes on after a restart and is known when it comes again. */
export function profileOf(
  { counts, delays, size, spoke, looks, base }: Common,
  { wave, at, known }: { readonly wave: string; readonly at: number; readonly known: WaveProfile["known"] },
): WaveProfile {
  const traits = new Map<string, ProfileTrait>(base?.profile.traits.map((one) => [one.key, one]));
  const add = ({ class: one, key, shown }: Omit<ProfileTrait, "count">, count: number) => {
    traits.set(key, { class: one, key, shown, count: (traits.get(key)?.count ?? 0) + count });
  };
  for (const [trait, count] of counts) add(trait, count);
  for (const [step, count] of delays.entries())
    if (count > 0) add({ class: "delay", key: `delay:${step}`, shown: "" }, count);
  const byCount = [...traits.values()].toSorted((one, other) => other.count - one.count);
  const texts = looks.flatMap((one) => one.texts.slice(-1).map(writeSketch));
  return {
    wave,
    at,
    accounts: (base?.accounts ?? 0) + size,
    spoke: (base?.spoke ?? 0) + spoke,
    traits: byCount.filter(({ count }) => count >= 2).slice(0, profileTraits),
    texts: [...(base?.profile.texts ?? []), ...texts].slice(-profileTexts),
    ...(known ? { known } : {}),
  };
}

/** The text that most others are like. */
function commonText(looks: readonly Account[]): SharedTrait | undefined {
  const all = looks.flatMap(({ texts }) => texts.slice(-1));
  let [common, most] = [undefined as Sketch | undefined, 1];
  for (const one of all) {
    const like = all.filter((other) => likeness(one, other) >= sameText).length;
    if (like > most) [common, most] = [one, like];
  }
  const share = most / Math.max(1, looks.length);
  if (!common || share < sharedBy) return undefined;
  return { class: "text", key: writeSketch(common), shown: "nearly the same text", share };
}
