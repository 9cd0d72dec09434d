/** Which steps go before others that came earlier, and which take the place of others. */
import { priority } from "../model/actions/priority.ts";
import { placeSetBy } from "../model/actions/places.ts";
import { traitsOf } from "../model/actions/traits.ts";
import type { Decision, Step } from "../model/decision.ts";

/** A message that a moderator waits for. */
export function isReply({ action }: Decision): boolean {
  return action.kind === "tell" && action.replyTo !== undefined && !action.goesFirst;
}

/**
 * The step with its turn among all that waits. Under a rate limit the reply to a moderator would come when all is over; it
 * costs few writes, so it goes before bans. The reply to `stop` goes before everything, and so does
 * what lets rooms talk again.
 */
export function inTurn(step: Step, isLimited: boolean): Step {
  const { action } = step.decision;
  if ((action.kind === "tell" && action.goesFirst) || action.kind === "clear-policy-server")
    return { ...step, priority: priority.containment, rank: Number.MIN_SAFE_INTEGER };
  return isLimited && isReply(step.decision) ? { ...step, ...atOnce } : step;
}

/** Before everything but containment. */
export const atOnce = { priority: priority.banPresent, rank: Number.MIN_SAFE_INTEGER };

/** Of a message only edits are replaced, by later edits of the same one: they need its id. */
export function replaces({ action: newer }: Decision, { action: older }: Decision): boolean {
  if (traitsOf(newer).turn.sameUnderWay === "replace") return newer.kind === older.kind;
  if (newer.kind !== "tell" || older.kind !== "tell") return false;
  const isEdited = older.edits !== undefined && newer.edits === older.edits;
  return newer.key === older.key && isEdited && newer.revision > older.revision;
}

/** The step right before another one that has to wait for it. */
export function rightBefore(other: Step, step: Step): Step {
  const { lane, decision } = step;
  return {
    lane,
    decision,
    priority: Math.min(step.priority, other.priority),
    rank: Number.MIN_SAFE_INTEGER,
  };
}

/** Both set the same, so that only the newer one counts: a person's membership or level, a rule. */
export function setTheSame({ action: one }: Decision, { action: other }: Decision): boolean {
  const place = placeSetBy(one);
  return place !== undefined && place === placeSetBy(other);
}
