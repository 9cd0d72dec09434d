/** Spans of time for people. */

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** Milliseconds in the two largest units that fit: "2 days 3 hours", "40 seconds", "less than a second". */
export function describeDuration(ms: number): string {
  const parts: string[] = [];
  let left = Math.round(ms / 1_000) * 1_000;
  for (const [name, size] of units) {
    const n = Math.floor(left / size);
    if (n > 0) parts.push(`${n} ${name}${n === 1 ? "" : "s"}`);
    else if (parts.length > 0) break;
    left -= n * size;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "less than a second";
}
