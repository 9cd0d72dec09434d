/**
 * That it is calm again: said once a wave has gone quiet, is cleaned up as far as somebody wanted that, and every room is
 * open that was closed for a while.
 */
import { describeDuration, minuteMs } from "../../kit/duration.ts";
import { count, say, type Say } from "../../kit/say.ts";
import type { Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { closedForNow } from "../../policy/knock-gate.ts";

/** As long as rooms stay closed for a wave of which nothing comes. */
const quietMs = 10 * minuteMs;
/** What has been quiet for longer is no news. */
const newsMs = 24 * 60 * minuteMs;

/** Undefined while it is not calm, or nobody has to be told. `isCleaned`: nothing is left to be done about its members. */
export function calmAfter(
  wave: Wave,
  { world, at, isCleaned }: { readonly world: WorldView; readonly at: number; readonly isCleaned: boolean },
): Say | undefined {
  const quietFor = at - wave.lastAt;
  const question = world.questions.ofWave(wave.id);
  if (wave.stage === "suspected" || !question || quietFor < quietMs || quietFor > newsMs) return undefined;
  if (world.settings.waveVerdicts.get(wave.id)?.is === "fine" || !isCleaned) return undefined;
  if (closedForNow(world).length > 0) return undefined;
  const since = say`nothing has come of the wave of question ${question.id} for ${describeDuration(quietMs)}, and every room is open`;
  if (!question.answer && !world.settings.waveVerdicts.has(wave.id))
    return say`It is calm again: ${since}. Nobody is banned; the question still waits for you.`;
  return say`All is well again: ${since}. ${whoIsBanned(wave, world)}`;
}

function whoIsBanned({ id }: Wave, world: WorldView): Say {
  const banned = [...world.stored.waveMembers.of(id)].filter(
    ({ user }) => world.protectedRoomsOf(user, ["ban"]).length > 0,
  ).length;
  if (banned === 0) return say`Nobody is banned.`;
  return say`${count(banned, "account")} ${banned === 1 ? "is" : "are"} banned.`;
}
