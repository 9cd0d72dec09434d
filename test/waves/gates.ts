/** What has to come of a scene, over all seeds: one sentence for whatever did not. */
import { waveStages, type WaveStage } from "../../src/model/waves.ts";
import type { Scene } from "./scene.ts";
import { stageOf, type Reached, type Trial } from "./trial.ts";
import type { Seen } from "./witness.ts";

export function failures({ is, must = {} }: Scene, trials: readonly Trial[]): readonly string[] {
  const touched = trials.reduce((sum, { regulars }) => sum + regulars, 0);
  return [
    ...(must.reach ? reaching(must.reach, must, trials) : []),
    ...(is === "harmless" ? harm(must, trials) : []),
    ...(touched > 0 ? [`${touched} regulars were taken for members`] : []),
  ];
}

function reaching(
  stage: WaveStage,
  { spoke, joined }: NonNullable<Scene["must"]>,
  trials: readonly Trial[],
): readonly string[] {
  const reached = trials.flatMap((trial) => trial.reached[stage] ?? []);
  const missed = trials.length - reached.length;
  const most = (of: (one: Reached) => number) => Math.max(...reached.map(of));
  const failed: string[] = [];
  if (missed > 0) failed.push(`${missed} of ${trials.length} did not reach ${stage}`);
  if (reached.length === 0) return failed;
  const spokeMost = most((one) => one.spoke);
  if (spoke && spokeMost > spoke.most)
    failed.push(`${stage} after ${spokeMost} had spoken, of ${spoke.most} at most`);
  const median = middle(reached.map((one) => one.spoke));
  if (spoke?.median !== undefined && median > spoke.median)
    failed.push(`${stage} after ${median} had spoken in the middle, of ${spoke.median} at most`);
  const joinedMost = most((one) => one.joined);
  if (joined && joinedMost > joined.most)
    failed.push(`${stage} after ${joinedMost} had joined, of ${joined.most} at most`);
  return failed;
}

/** A harmless crowd is never harmful; few may be recognised, of which a person is asked. */
function harm({ atMost }: NonNullable<Scene["must"]>, trials: readonly Trial[]): readonly string[] {
  const reaching = (stage: WaveStage) => trials.filter((trial) => isAtLeast(stageOf(trial), stage)).length;
  const [harmful, recognised] = [reaching("harmful"), reaching("recognised")];
  const allowed = atMost?.stage === "recognised" ? Math.ceil(atMost.share * trials.length) : 0;
  return [
    ...(harmful > 0 ? [`${harmful} of ${trials.length} were called harmful`] : []),
    ...(recognised > allowed
      ? [`${recognised} of ${trials.length} were recognised, of ${allowed} at most`]
      : []),
  ];
}

function isAtLeast(stage: WaveStage | undefined, least: WaveStage): boolean {
  return stage !== undefined && waveStages.indexOf(stage) >= waveStages.indexOf(least);
}

export function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/**
 * From the first account to the last room's cut, where an account comes every second and a half; from the stage to the first
 * cut; messages of a wave that stand for more than ten seconds.
 */
const [containedMs, afterHarmfulMs, stoodMost] = [10_000, 1_500, 15];

/** Of the whole bot. Nobody who is of no wave is banned, no regular is touched, and all is put back. `isTimed`: in time, too. */
export function wholeFailures(
  { is, must }: Scene,
  lives: readonly Seen[],
  { isTimed = true }: { readonly isTimed?: boolean } = {},
): readonly string[] {
  const sum = (of: (seen: Seen) => number) => lives.reduce((total, seen) => total + of(seen), 0);
  const banned = sum(({ bannedOthers }) => bannedOthers.length);
  const touched = sum(({ regularsTouched }) => regularsTouched.length);
  const unrestored = sum((seen) => seen.unrestored.length);
  const cut = sum(({ cuts }) => cuts);
  const harmful = lives.filter(({ isHarmful }) => isHarmful).length;
  return [
    ...(banned > 0 ? [`${banned} people were banned who are of no wave`] : []),
    ...(touched > 0 ? [`${touched} regulars were touched`] : []),
    ...(unrestored > 0 ? [`${unrestored} rooms are not what they were`] : []),
    ...(is === "harmless" && cut > 0 ? [`${cut} cuts because of a harmless crowd`] : []),
    ...(is === "harmless" && harmful > 0 ? [`${harmful} of ${lives.length} were called harmful`] : []),
    ...(isTimed && must?.reach === "harmful" ? containment(lives, must.spoke?.median !== undefined) : []),
  ];
}

function containment(lives: readonly Seen[], isFast: boolean): readonly string[] {
  const times = lives.map((seen) => seen.containedMs ?? Infinity);
  const open = times.filter((time) => time === Infinity).length;
  const median = middle(times);
  const slow = lives.filter((seen) => (seen.afterHarmfulMs ?? 0) > afterHarmfulMs).length;
  const stood = Math.max(...lives.map((seen) => seen.stood));
  const twice = lives.filter(({ roomsTwice }) => roomsTwice > 0).length;
  const muted = lives.reduce((sum, seen) => sum + seen.muted, 0);
  return [
    ...(open > 0 ? [`${open} of ${lives.length} were not contained`] : []),
    ...(isFast && median > containedMs
      ? [`contained after ${(median / 1_000).toFixed(1)} s in the middle, of ${containedMs / 1_000} at most`]
      : []),
    ...(slow > 0
      ? [`${slow} of ${lives.length} were cut more than ${afterHarmfulMs / 1_000} s after they were harmful`]
      : []),
    ...(stood > stoodMost ? [`${stood} messages stood for more than 10 s, of ${stoodMost} at most`] : []),
    ...(twice > 0 ? [`in ${twice} of ${lives.length} one write did not contain a room`] : []),
    ...(muted > 0 ? [`${muted} accounts were muted one by one`] : []),
  ];
}
