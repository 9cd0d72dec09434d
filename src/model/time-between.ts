/** The time from one event of a person to another, where servers lag and senders lie about the time. */

/** When an event reached us, by our clock, and when it was sent, as its server says; ms since the epoch. */
export interface Stamped {
  readonly at: number;
  readonly sentAt: number;
}

/** Both clocks may tell so much apart, and a share of a long time. */
const toleranceMs = 10_000;
const toleranceShare = 0.1;

/**
 * In ms, by our clock. Undefined where their server's clock says otherwise: one of the two was held up on its way. Both are
 * of one server, so it does not matter whether its clock is right; a lie leads to not knowing, and that finds nobody.
 */
export function timeBetween(one: Stamped, other: Stamped): number | undefined {
  const ours = other.at - one.at;
  const theirs = other.sentAt - one.sentAt;
  if (ours < 0 || one.sentAt <= 0 || other.sentAt <= 0) return undefined;
  return Math.abs(ours - theirs) <= Math.max(toleranceMs, ours * toleranceShare) ? ours : undefined;
}
