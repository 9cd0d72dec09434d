/**
 * What an act of somebody with power is worth in the count of what they did. Who is removed for a reason that Tyr knows is
 * worth nothing, so that cleaning up by hand, be it ever so much, calls nobody.
 */
import { dayMs } from "../../kit/duration.ts";
import type { UserId } from "../../model/ids.ts";
import type { StaffAct } from "../../model/staff/staff-acts.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

export interface WeighView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

/** In thirds of a person. */
const worth = { regular: 9, other: 3, newcomer: 1 } as const;

export function weighed(act: StaffAct, view: WeighView): StaffAct {
  const { world, rulesInForce } = view;
  if (rulesInForce.exemptionOf(act.user)) return { ...act, thirds: 0, spared: "exempt" };
  const [target] = act.targets ?? [];
  const isRemoval = act.kind === "ban" || act.kind === "kick" || act.kind === "mute";
  if (!isRemoval || target === undefined) return { ...act, thirds: worth.other };
  // Of who was not there nothing is taken; a community may copy a list by hand.
  if (act.kind !== "mute" && act.was !== "join") return { ...act, thirds: 0 };
  const spared = reasonFor(target, act, view);
  if (spared) return { ...act, thirds: 0, spared };
  return { ...act, thirds: worthOf(target, act, world) };
}

function reasonFor(
  target: UserId,
  { at, room, cameAt }: StaffAct,
  { world, rulesInForce }: WeighView,
): StaffAct["spared"] {
  if (rulesInForce.verdict(target)?.kind === "ban") return "listed";
  const { stored, settings, offences } = world;
  const wave = stored.waveMembers.get(target)?.wave;
  if (wave !== undefined && !settings.excused.has(target) && settings.waveVerdicts.get(wave)?.is !== "fine")
    return "wave";
  if (offences.timesFound(target, { at, withinMs: dayMs }) > 0) return "found";
  // While a wave is under way whoever has just come may be of it, though nothing tells.
  const isNew = cameAt !== undefined && at - cameAt < dayMs && !world.regulars.isRegular(target, at);
  const isUnderAttack = world.stored.roomModes.of(room, at) !== "calm";
  return isNew && (isUnderAttack || isWaveOpen(world)) ? "wave" : undefined;
}

/** One that is more than a suspicion. */
function isWaveOpen({ stored, settings }: WorldView): boolean {
  return stored.waves
    .open()
    .some(({ id, stage }) => stage !== "suspected" && settings.waveVerdicts.get(id)?.is !== "fine");
}

function worthOf(target: UserId, { at, room, cameAt }: StaffAct, world: WorldView): number {
  const isStaff =
    room === world.settings.managementRoom ||
    world.isSpared(target) ||
    world.rooms.get(room)?.power.isAboveUsual(target) === true;
  if (isStaff || world.regulars.isRegular(target, at)) return worth.regular;
  return cameAt !== undefined && at - cameAt < dayMs ? worth.newcomer : worth.other;
}
