/** Parses and describes spans of time, and describes moments, in the forms that people use. */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const units = [
  ["day", dayMs],
  ["hour", hourMs],
  ["minute", minuteMs],
  ["second", 1_000],
] as const;

/** Milliseconds of each unit and its names in lower case. A month counts 30 days and a year 365. */
const unitNames: readonly (readonly [number, readonly string[]])[] = [
  [1_000, ["s", "sec", "secs", "second", "seconds"]],
  [minuteMs, ["m", "min", "mins", "minute", "minutes"]],
  [hourMs, ["h", "hr", "hrs", "hour", "hours"]],
  [dayMs, ["d", "day", "days"]],
  [7 * dayMs, ["w", "wk", "wks", "week", "weeks"]],
  [30 * dayMs, ["mo", "month", "months"]],
  [365 * dayMs, ["y", "yr", "yrs", "year", "years"]],
];

const unitByName = new Map(unitNames.flatMap(([ms, names]) => names.map((name) => [name, ms] as const)));

/** A rule for less than a minute has no effect; a number beyond ten years is a typing error, or for ever is meant. */
const shortestMs = minuteMs;
const longestMs = 10 * 365 * dayMs;

/** For the sentence that refuses a text that is no span of time. */
export const durationExamples = ["30m", "12h", "7d", "2w", "1d12h"] as const;

/**
 * Milliseconds of "30m", "1d12h", "90 minutes" or "1 day and 12 hours": whole numbers with units, each unit once.
 * `undefined` for anything else, and for spans under a minute or over ten years.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > 100) return undefined;
  // Full-width digits, capitals and special spaces count as the plain ones.
  const plain = text.normalize("NFKC").toLowerCase();
  const parts = [...plain.matchAll(/(\d{1,9})\s*([a-z]+)/g)];
  const between = plain.replace(/\d{1,9}\s*[a-z]+/g, "|").replace(/\s+/g, "");
  if (!/^\|(?:,?(?:and)?\|)*$/.test(between)) return undefined;
  const sizes = parts.map(([, , name]) => unitByName.get(name!));
  if (sizes.includes(undefined) || new Set(sizes).size < sizes.length) return undefined;
  const ms = parts.reduce((sum, [, n], i) => sum + Number(n) * sizes[i]!, 0);
  return ms >= shortestMs && ms <= longestMs ? ms : undefined;
}

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

const rough = [
  { below: 22, of: 5, unit: 1, name: "seconds" },
  { below: 145, of: 10, unit: 1, name: "seconds" },
  { below: 4.75 * 60, of: 30, unit: 60, name: "minutes" },
  { below: 100 * 60, of: 60, unit: 60, name: "minutes" },
  { below: 96 * 3_600, of: 3_600, unit: 3_600, name: "hours" },
  { below: 100 * 86_400, of: 86_400, unit: 86_400, name: "days" },
] as const;

/** A span for estimates, rounded by at most a quarter: "10 seconds", "110 seconds", "2.5 minutes", "5 hours". */
export function describeRoughly(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 8.4) return "a few seconds";
  const form = rough.find(({ below }) => seconds < below);
  return form
    ? `${Math.round(seconds / form.of) * (form.of / form.unit)} ${form.name}`
    : "more than 100 days";
}

/** "2026-11-21", in UTC. "?" for a number beyond the range of dates: an event may claim any time. */
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
