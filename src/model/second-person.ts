/**
 * Who may say yes to what takes a second person: somebody else than whoever asked for it, so that one account that was taken
 * over is not enough. Where nobody else is here to ask, the asker's own yes counts after a while, in which it is seen.
 */
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { UserId } from "./ids.ts";
import type { Question } from "./question.ts";
import { whoHas, type Role, type RolesWorld } from "./roles.ts";
import type { LastSpokeView } from "./last-spoke.ts";

interface World extends RolesWorld {
  readonly lastSpoke: LastSpokeView;
}

/** Whoever came to the management room later than this before the question may have been let in for it. */
const hereSinceMs = dayMs;

/** Those of the role who may say yes beside whoever asks. */
export function secondsOf(
  asker: UserId,
  { role, at }: { readonly role: Role; readonly at: number },
  world: RolesWorld,
): readonly UserId[] {
  return whoHas(role, world)
    .filter((user) => user !== asker && isHereSince(user, at, world))
    .toSorted();
}

/** Of these the ones who have said something in the management room lately. */
export function secondsAround(
  seconds: readonly UserId[],
  since: number,
  { lastSpoke }: Pick<World, "lastSpoke">,
): readonly UserId[] {
  const spoke = new Set(lastSpoke.since(since));
  return seconds.filter((user) => spoke.has(user));
}

/**
 * Why their yes to the question does not count: `asked` for it themselves, with when that ends, or `new` here. Undefined
 * where it does.
 */
export function keepsFromYes(
  { about, askedAt }: Pick<Question, "about" | "askedAt">,
  by: UserId,
  { world, at }: { readonly world: RolesWorld; readonly at: number },
): "asked" | "new" | undefined {
  if (about.kind !== "command" || !about.second) return undefined;
  const { ownFrom = Infinity } = about.second;
  if (by === about.event.sender) return at >= ownFrom ? undefined : "asked";
  return isHereSince(by, askedAt, world) ? undefined : "new";
}

/** Where we do not know since when, they were here before us. */
function isHereSince(user: UserId, at: number, { settings, members }: RolesWorld): boolean {
  const room = settings.managementRoom;
  const since = ((room && members.get(room, user)?.since) || 0) * minuteMs;
  return since === 0 || since + hereSinceMs <= at;
}
