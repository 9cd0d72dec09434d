/** When a containment is over: nothing asks for it any more, and it has stayed as long as it has to. */
import type { Contained } from "../../model/containments.ts";
import type { Cause } from "../../model/decision.ts";
import type { Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isForGood } from "../../policy/knock-gate.ts";
import { isFine, lastSeen, quietMs } from "./threats.ts";

/** When it may be released, ms since the epoch; now or earlier means at once; undefined while somebody wants it. */
export function releaseDueAt(
  one: Contained,
  { world, now, by }: { readonly world: WorldView; readonly now: number; readonly by: Cause | undefined },
): number | undefined {
  const { room, key, at, stayMs, waves, liftedBy } = one;
  if (liftedBy !== undefined || !world.isProtected(room)) return now;
  if (by || isForGood(one, world.settings)) return undefined;
  const word = world.stored.roomModes.get(room)?.word;
  if (word?.mode === "calm" && word.at >= at) return now;
  const known = waves.flatMap((id) => world.stored.waves.get(id) ?? []);
  const open = known.filter((wave) => !isFine(wave, world) && wave.endedAt === undefined);
  // A door that is closed and opened again within minutes does rooms harm.
  if (waves.length === 0 && key === "join-rule") return at + stayMs;
  // Nobody wants it any more, and whoever did has said so.
  if (waves.length === 0 || (known.length > 0 && known.every((wave) => isFine(wave, world)))) return now;
  const last = (wave: Wave) => Math.max(lastSeen(wave, now), saidAt(wave, world, now));
  return Math.max(at + stayMs, ...open.map((wave) => last(wave) + quietMs));
}

/** When a moderator said that it is to be kept out: that means a while from then, or the room would close once more. */
function saidAt({ id }: Wave, { settings }: WorldView, now: number): number {
  const verdict = settings.waveVerdicts.get(id);
  return verdict?.is === "clean" && verdict.at <= now ? verdict.at : -Infinity;
}

/** What the release is told, and taken back, with. */
export function causeOfRelease({ room, because, at }: Contained, world: WorldView): Cause {
  const word = world.stored.roomModes.get(room)?.word;
  if (word?.mode === "calm" && word.at >= at) return word.because;
  if (because.kind === "finding") return because;
  return { kind: "expiry", event: `containment of ${room} since ${at}`, entity: room };
}
