/** Who is never found, and which regulars are spared the harder responses: the same for all protections. */
import { hourMs } from "../../kit/duration.ts";
import type { Target } from "../../model/finding.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import { membershipAgeOf } from "../../model/signals/membership-age.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Protection, Values } from "../../automod/define.ts";
import { kindSet } from "../../model/facts/kinds.ts";
import type { Response } from "../../automod/ladder.ts";

export interface ImmunityView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

/** A person in a room at a time, ms since the epoch. */
export interface InRoom {
  readonly room: RoomId;
  readonly user: UserId;
  readonly at: number;
}

/** Ourselves, moderators, exempt people, and people who were given any power in the room. */
export function isImmune(
  person: InRoom,
  { newcomersOnly, newcomerHours }: Pick<Values, "newcomersOnly" | "newcomerHours">,
  { world, rulesInForce }: ImmunityView,
): boolean {
  const { room, user } = person;
  if (isLeftAlone(user, { world, rulesInForce })) return true;
  if (world.rooms.get(room)?.power.isAboveUsual(user)) return true;
  return newcomersOnly && !isNewcomer(person, newcomerHours, world) && !world.stored.flags.has(user);
}

/** A rule that looks only at what people do with power is about those whom no other looks at. */
export function isAboutActs({ on }: Pick<Protection, "on">): boolean {
  return on === kindSet("act");
}

/** From a rule about acts only who is exempt is immune: another bot, somebody who does much by hand. */
export function isImmuneTo(
  protection: Pick<Protection, "on">,
  person: InRoom,
  { values, ...view }: ImmunityView & { readonly values: Parameters<typeof isImmune>[1] },
): boolean {
  if (!isAboutActs(protection)) return isImmune(person, values, view);
  return view.rulesInForce.exemptionOf(person.user) !== undefined;
}

/** Our own server, those of moderators, and those where somebody is exempt. */
export function isServerImmune(server: ServerName, { world, rulesInForce }: ImmunityView): boolean {
  if (server === serverOf(world.self)) return true;
  for (const user of world.spared()) if (serverOf(user) === server) return true;
  for (const user of world.members.usersOfServer(server)) if (rulesInForce.exemptionOf(user)) return true;
  return false;
}

/** Only people whom we saw come are newcomers. */
export function isNewcomer(person: InRoom, withinHours: number, world: WorldView): boolean {
  const age = membershipAgeOf(world, person);
  return age !== undefined && age < withinHours * hourMs;
}

/**
 * Regulars are muted where others are removed, as a mute can be taken back whole. From a rule about acts only words
 * follow: a moderator is told of, and never touched.
 */
export function sparingRegulars(
  responses: readonly Response[],
  { user, at }: InRoom,
  {
    spareRegulars,
    protection,
    world,
  }: {
    readonly spareRegulars: boolean;
    readonly protection: Pick<Protection, "on">;
    readonly world: WorldView;
  },
): { readonly responses: readonly Response[]; readonly isSpared: boolean } {
  if (isAboutActs(protection))
    return { responses: responses.filter((one) => one === "alert" || one === "call"), isSpared: false };
  const kept = responses.filter((one) => !removes[one]);
  const isSpared = kept.length < responses.length && spareRegulars && world.regulars.isRegular(user, at);
  return isSpared
    ? { responses: [...new Set<Response>([...kept, "mute"])], isSpared }
    : { responses, isSpared };
}

/** After so long nobody is a newcomer any more, whatever a protection says: newcomers come in waves. */
export const longestWaveHours = 24;

/** Whether it counts against what the protection may do without a question. */
export function spendsBudget(
  responses: readonly Response[],
  target: Target,
  { at, world }: { readonly at: number; readonly world: WorldView },
): boolean {
  const isHard = responses.some((one) => removes[one] || one === "mute");
  return isHard && target.kind === "person" && !isNewcomer({ ...target, at }, longestWaveHours, world);
}

/** Whether the response puts somebody out of a room. */
const removes: Readonly<Record<Response, boolean>> = {
  alert: false,
  hold: false,
  redact: false,
  warn: false,
  mute: false,
  kick: true,
  ban: true,
  list: true,
  reply: false,
  call: false,
};
