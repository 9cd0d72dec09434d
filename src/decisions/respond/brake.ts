/**
 * Whether a rule of the community that has just begun to act meets people whom it should not meet: then it has to stop by
 * itself, as a moderator may be asleep.
 */
import { dayMs, hourMs } from "../../kit/duration.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { RuleHit } from "../../model/rule-hits.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isNewcomer, longestWaveHours } from "./immunity.ts";

/** So long a rule has just begun to act. */
export const brakedForMs = dayMs;
/** More people who have been here for a while, within an hour, are too many. Newcomers are not counted: they come in waves. */
const mostPeople = 5;
/** From so many people on, a larger share of those who spoke in a room within that hour is too much. */
const shareFrom = 5;
const mostShare = 0.1;

/** A regular whom it met, how many people within the last hour, or how many of those who spoke in a room. */
export type TooMuch =
  | { readonly regular: UserId }
  | { readonly people: number }
  | { readonly people: number; readonly of: number; readonly room: RoomId };

export interface BrakeView {
  readonly world: WorldView;
  readonly at: number;
  /** How many people spoke in the room within the last hour. */
  readonly speakersOf: (room: RoomId) => number;
}

/** `hits`: all that are remembered of the rule, oldest first. Undefined where nothing speaks against it. */
export function tooMuchFor(
  hits: Iterable<RuleHit>,
  { world, at, speakersOf }: BrakeView,
): TooMuch | undefined {
  const done = [...hits].filter(({ acts }) => acts);
  if (!done[0] || at - done[0].at >= brakedForMs) return undefined;
  const lately = done.filter((hit) => at - hit.at < hourMs);
  const regular = lately.find(({ user }) => world.regulars.isRegular(user, at));
  if (regular) return { regular: regular.user };
  const known = lately.filter(({ room, user }) => !isNewcomer({ room, user, at }, longestWaveHours, world));
  const people = peopleIn(known);
  if (people > mostPeople) return { people };
  for (const [room, there] of Map.groupBy(known, (hit) => hit.room)) {
    const [met, of] = [peopleIn(there), speakersOf(room)];
    if (met >= shareFrom && met > of * mostShare) return { people: met, of, room };
  }
  return undefined;
}

function peopleIn(hits: readonly RuleHit[]): number {
  return new Set(hits.map(({ user }) => user)).size;
}
