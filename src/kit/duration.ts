/** Spans and points of time for people. */

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** Milliseconds in the two largest units that fit: "2 days 3 hours", "40 seconds", "less than a second". */
export function describeDuration(ms: number): string {
  const parts: string[] = [];
  let left = Math.max(0, Math.round(ms / 1_000) * 1_000);
  for (const [name, size] of units) {
    const n = Math.floor(left / size);
    if (n > 0) parts.push(`${n} ${name}${n === 1 ? "" : "s"}`);
    else if (parts.length > 0) break;
    left -= n * size;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "less than a second";
}

/** "2026-11-21", in UTC. Times beyond what a date can hold, which anybody may write into an event, are "?". */
export function describeDay(ms: number): string {
  return isoOf(ms)?.slice(0, 10) ?? "?";
}

/** "2026-11-21 13:04 UTC". */
export function describeTime(ms: number): string {
  const iso = isoOf(ms);
  return iso === undefined ? "?" : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function isoOf(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
