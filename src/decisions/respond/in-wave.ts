/**
 * Somebody who belongs to a wave is answered as a part of it: one message, one question, one undo. What other protections find
 * of them joins that, and removes what they wrote; nobody of a wave is muted, warned or removed one by one.
 */
import { valuesOf } from "../../automod/define.ts";
import type { Response } from "../../automod/ladder.ts";
import type { Lookouts } from "../../automod/registry.ts";
import { activeWaveOf, stageAnswered } from "../../model/active-wave.ts";
import type { Target } from "../../model/finding.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Found } from "./found.ts";

/** The shipped rules that look whether somebody belongs to a wave. */
const waveProtections: ReadonlySet<string> = new Set(["wave-suspected", "wave-recognised", "wave-harmful"]);

interface InWaveView {
  readonly world: WorldView;
  readonly lookouts: Pick<Lookouts, "watching">;
}

/**
 * With the wave whose incident it belongs to: what rules for waves find of its members, and what others find once it is no
 * suspicion any more. Of that nothing is asked about anybody alone.
 */
export function inWave(target: Target, found: Found, view: InWaveView): Found {
  const wave = target.kind === "person" ? activeWaveOf(target.user, view.world)?.wave : undefined;
  if (!wave) return found;
  if (isForWaves(found)) return { ...found, wave: wave.id, isAsOne: true };
  if (wave.stage === "suspected") return found;
  if (!isAnswered(wave, target.room, view)) return { ...found, wave: wave.id };
  const mode = found.mode === "ask" ? "alert" : found.mode;
  return { ...found, wave: wave.id, isAsOne: true, mode };
}

/**
 * Whether anything is done about the wave there: the room is closed to it, or the rule for its stage acts. Where neither is so,
 * nobody would do anything about its members but the protection that found them.
 */
function isAnswered(wave: Wave, room: RoomId, { world, lookouts }: InWaveView): boolean {
  if (world.stored.containments.in(room).some(({ waves }) => waves.includes(wave.id))) return true;
  const rule = `wave-${stageAnswered(wave)}`;
  const on = lookouts.watching.find(
    ({ protection, isCandidate }) => protection.name === rule && !isCandidate,
  );
  const values = on && valuesOf(on.protection, world.settings, room);
  return values?.enabled === true && values.mode === "act";
}

/** What is left of a step: it is about what they wrote. Rules for waves do what they say. */
export function asOne(responses: readonly Response[], found: Found): readonly Response[] {
  if (found.isAsOne !== true || isForWaves(found)) return responses;
  return responses.filter((one) => one === "hold" || one === "redact" || one === "alert");
}

function isForWaves({ protection: { name } }: Found): boolean {
  return waveProtections.has(name);
}

/** Whether they would have been muted or removed, and not for a message that only waits. */
export function isLeftToWave(responses: readonly Response[], found: Found): boolean {
  if (found.isAsOne !== true || isForWaves(found) || found.mode !== "act") return false;
  return !responses.includes("hold") && responses.some((one) => hard.has(one));
}
const hard: ReadonlySet<Response> = new Set(["mute", "kick", "ban", "list"]);
