/** How sure a share is that was seen in few cases. */

/** 95 %, from both sides. */
const z = 1.96;

/** The share, from 0 to 1, that lies at least behind `right` of `all` cases: the lower bound of Wilson's score interval. */
export function wilsonLowerBound(right: number, all: number): number {
  if (all <= 0) return 0;
  const share = Math.min(1, Math.max(0, right / all));
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * all)) / all);
  return Math.max(0, (share + (z * z) / (2 * all) - spread) / (1 + (z * z) / all));
}
