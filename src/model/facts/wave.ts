/** Facts about the wave that an author belongs to, as it is believed now. */
import { likeness, readSketch, sameText, sketchOf } from "../../kit/sketch.ts";
import type { Wave, WaveMember } from "../waves.ts";
import { carriedBy } from "./carried.ts";
import type { Source } from "./source.ts";

interface InWave {
  readonly wave: Wave;
  readonly member: WaveMember;
}

/** Not of a wave that was called fine, nor of one that is over and did no harm. */
export function waveOf({ sighting: { world, user } }: Source): InWave | undefined {
  const member = world.stored.waveMembers.get(user);
  const wave = member && world.stored.waves.get(member.wave);
  if (!wave) return undefined;
  const { excused, waveVerdicts } = world.settings;
  if (excused.has(user) || waveVerdicts.get(wave.id)?.is === "fine") return undefined;
  return wave.endedAt !== undefined && wave.stage !== "harmful" ? undefined : { wave, member };
}

/** Of a wave about which a person is asked first nothing is done that could not be let through: it counts as recognised. */
export function stageOfWave(source: Source): string {
  const wave = waveOf(source)?.wave;
  if (!wave) return "none";
  return wave.stage === "harmful" && wave.asksFirst !== undefined ? "recognised" : wave.stage;
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
