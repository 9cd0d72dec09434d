/** Facts about the wave that an author belongs to, as it is believed now. */
import { likeness, readSketch, sameText, sketchOf } from "../../kit/sketch.ts";
import { activeWaveOf, stageAnswered, type InWave } from "../active-wave.ts";
import { carriedBy } from "./carried.ts";
import type { Source } from "./source.ts";

export function waveOf({ sighting: { world, user } }: Source): InWave | undefined {
  return activeWaveOf(user, world);
}

export function stageOfWave(source: Source): string {
  const wave = waveOf(source)?.wave;
  return wave ? stageAnswered(wave) : "none";
}

/** What so many of those who have spoken share. */
const sharedBy = 0.5;

export function carriesShared(source: Source): boolean | undefined {
  const found = waveOf(source);
  if (!found) return false;
  if (source.said.isUnreadable) return undefined;
  const shared = found.wave.shares.filter(({ share }) => share >= sharedBy);
  if (shared.length === 0) return false;
  const carried = new Set(carriedBy(source.sighting).map(({ key }) => key));
  if (shared.some(({ key }) => carried.has(key))) return true;
  const text = shared.find((one) => one.class === "text");
  const own = text && sketchOf(source.said.folded.text);
  return own !== undefined && likeness(own, readSketch(text!.key)) >= sameText;
}
