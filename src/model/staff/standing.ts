/** How an account stands that acted far more than moderators do, and who may say what becomes of it. */
import { dayMs, minuteMs } from "../../kit/duration.ts";
import type { UserId } from "../ids.ts";
import { isAtLeast, roleOf, whoHas, type RolesWorld } from "../roles.ts";
import type { Settings } from "../settings/settings.ts";
import type { CollectionViews } from "../world/collections.ts";

/**
 * `accused`: it waits for somebody's word. `trusted`: it was them, for a while nothing of theirs is counted. `stopped`: it
 * was not them.
 */
export type StaffStanding = "free" | "accused" | "trusted" | "stopped";

/** The world as far as this looks at it. */
export interface StaffWorld {
  readonly settings: Pick<Settings, "staffVerdicts" | "managementRoom">;
  readonly stored: Pick<CollectionViews, "staffAlarms">;
}

interface World extends StaffWorld, RolesWorld {
  readonly settings: StaffWorld["settings"] & RolesWorld["settings"] & Pick<Settings, "exemptions">;
}

/** Without a word it ends by itself: where two are accused and nobody else is there, nobody could end it. */
export const accusedMs = dayMs;

export function standingOf(
  user: UserId,
  { settings: { staffVerdicts }, stored: { staffAlarms } }: StaffWorld,
  at: number,
): StaffStanding {
  const alarm = staffAlarms.get(user);
  const verdict = staffVerdicts.get(user);
  if (verdict && (!alarm || verdict.at >= alarm.at)) {
    if (verdict.is === "stopped") return "stopped";
    return at < (verdict.until ?? 0) ? "trusted" : "free";
  }
  return alarm && at - alarm.at < accusedMs ? "accused" : "free";
}

/**
 * Whether their word counts for nothing. Where nobody else is in the management room who could judge, as viewers and
 * accounts that are exempt by name cannot, it does all the same: nobody could give it back to them.
 */
export function isPaused(user: UserId, world: World, at: number): boolean {
  if (!world.stored.staffAlarms.isAny && world.settings.staffVerdicts.size === 0) return false;
  const standing = standingOf(user, world, at);
  return (standing === "accused" || standing === "stopped") && othersThan(user, world).length > 0;
}

/**
 * Whether they may say what becomes of the other. Nobody may for whom somebody else has to say the same, nor anybody who
 * was let into the management room only after it had begun: they may have been let in for that. After a day they may, if
 * everybody is gone who was there before: nobody else could give a stopped account its word back.
 */
export function mayJudge(judge: UserId, user: UserId, world: World, at: number): boolean {
  if (!isUnsuspected(judge, user, world, at)) return false;
  if (wasThere(judge, user, world)) return true;
  const alarm = world.stored.staffAlarms.get(user);
  if (!alarm || at - alarm.at < accusedMs) return false;
  return !othersThan(user, world).some(
    (one) => isUnsuspected(one, user, world, at) && wasThere(one, user, world),
  );
}

/** Those who may. */
export function judgesOf(user: UserId, world: World, at: number): readonly UserId[] {
  return othersThan(user, world).filter((one) => mayJudge(one, user, world, at));
}

/**
 * Whether they may say that it is them: that takes an admin, where there is one who may judge. A stop must not have to wait
 * for one.
 */
export function mayTrust(judge: UserId, user: UserId, world: World, at: number): boolean {
  if (!mayJudge(judge, user, world, at)) return false;
  const isAdmin = (one: UserId) => roleOf(one, world) === "admin";
  return isAdmin(judge) || !judgesOf(user, world, at).some(isAdmin);
}

function isUnsuspected(judge: UserId, user: UserId, world: World, at: number): boolean {
  if (judge === user || judge === world.self || !isAtLeast(roleOf(judge, world), "moderator")) return false;
  const standing = standingOf(judge, world, at);
  return standing !== "accused" && standing !== "stopped";
}

/** In the management room, before what the other did began. */
function wasThere(judge: UserId, user: UserId, { settings, members, stored }: World): boolean {
  const room = settings.managementRoom;
  const cameAt = (room && members.get(room, judge)?.since) || 0;
  const since = stored.staffAlarms.get(user)?.since ?? Infinity;
  return cameAt * minuteMs + minuteMs <= since || cameAt === 0;
}

/**
 * Viewers answer nothing. Whoever is exempt by name is another bot mostly, and does not, either; a server or a pattern may be
 * of moderators.
 */
function othersThan(user: UserId, world: World): readonly UserId[] {
  return whoHas("moderator", world).filter((one) => one !== user && !world.settings.exemptions.has(one));
}
