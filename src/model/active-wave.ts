/** The wave that somebody belongs to, as far as anything follows from that. */
import type { UserId } from "./ids.ts";
import type { WaveSettings } from "./settings/waves.ts";
import type { Wave, WaveMember, WaveMembersView, WavesView } from "./waves.ts";

export interface InWave {
  readonly wave: Wave;
  readonly member: WaveMember;
}

interface View {
  readonly stored: { readonly waves: WavesView; readonly waveMembers: WaveMembersView };
  readonly settings: Pick<WaveSettings, "excused" | "waveVerdicts">;
}

/** Not one that was called fine, nor one that is over and did no harm; and not of whom moderators excused. */
export function activeWaveOf(user: UserId, { stored, settings }: View): InWave | undefined {
  const member = stored.waveMembers.get(user);
  const wave = member && stored.waves.get(member.wave);
  if (!wave || settings.excused.has(user) || settings.waveVerdicts.get(wave.id)?.is === "fine")
    return undefined;
  return wave.endedAt !== undefined && wave.stage !== "harmful" ? undefined : { wave, member };
}

/** Of a wave about which a person is asked first nothing is done that could not be let through: it counts as recognised. */
export function stageAnswered({ stage, asksFirst }: Wave): Wave["stage"] {
  return stage === "harmful" && asksFirst !== undefined ? "recognised" : stage;
}
