/**
 * Whether a rule of the community that has just begun to act meets people whom it should not meet: then it has to stop by
 * itself, as a moderator may be asleep.
 */
import { dayMs, hourMs } from "../../kit/duration.ts";
import type { UserId } from "../../model/ids.ts";
import type { RuleHit } from "../../model/rule-hits.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isNewcomer } from "./immunity.ts";

/** So long a rule has just begun to act. */
export const brakedForMs = dayMs;
/** More people who have been here for a while, within an hour, are too many. Newcomers are not counted: they come in waves. */
const mostPeople = 5;
const newcomerHours = 24;

/** A regular whom it met, or how many people within the last hour. */
export type TooMuch = { readonly regular: UserId } | { readonly people: number };

/** `hits`: all that are remembered of the rule, oldest first. Undefined where nothing speaks against it. */
export function tooMuchFor(
  hits: Iterable<RuleHit>,
  { world, at }: { readonly world: WorldView; readonly at: number },
): TooMuch | undefined {
  const done = [...hits].filter(({ acts }) => acts);
  if (!done[0] || at - done[0].at >= brakedForMs) return undefined;
  const lately = done.filter((hit) => at - hit.at < hourMs);
  const regular = lately.find(({ user }) => world.regulars.isRegular(user, at));
  if (regular) return { regular: regular.user };
  const people = new Set(
    lately.flatMap(({ room, user }) => (isNewcomer({ room, user, at }, newcomerHours, world) ? [] : user)),
  );
  return people.size > mostPeople ? { people: people.size } : undefined;
}
