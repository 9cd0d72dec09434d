/** How long a room stays contained at least: the same again within a day stays twice as long. */
import { dayMs, hourMs } from "../../kit/duration.ts";
import type { Contained } from "../../model/containments.ts";

/** However often it comes. */
const longestMs = 4 * hourMs;

/** `last`: what is known of the same in this room. */
export function stayOf(
  last: Contained | undefined,
  { shortest, at }: { readonly shortest: number; readonly at: number },
): number {
  const isSameAgain = last?.endedAt !== undefined && Math.abs(at - last.endedAt) < dayMs;
  return isSameAgain ? Math.min(longestMs, Math.max(shortest, 2 * last.stayMs)) : shortest;
}
