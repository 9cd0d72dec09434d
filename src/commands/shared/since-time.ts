/** From when on: a span of time, a time of day, or a date. */
import { dayMs, hourMs, minuteMs, parseDuration } from "../../kit/duration.ts";

/**
 * Ms since the epoch; undefined where it is none of them. A time of day is the last one, in UTC: "03:10". A date is its
 * beginning, or the time that is given with it, in UTC: "2026-11-21", "2026-11-21 13:04", "2026-11-21T13:04".
 */
export function sinceIn(text: string, at: number): number | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^since\s+/, "")
    .replace(/\s*(utc|z)$/, "");
  const [, date, hours, minutes] =
    /^(?:(\d{4}-\d{2}-\d{2})(?:$|[ t]+))?(?:(\d{1,2}):(\d{2}))?$/.exec(words) ?? [];
  const time = timeOfDay(hours, minutes);
  if (time === undefined) return undefined;
  if (date !== undefined) {
    const day = dayOf(date);
    return day === undefined ? undefined : day + time;
  }
  if (hours === undefined) {
    const ms = parseDuration(words);
    return ms === undefined ? undefined : at - ms;
  }
  const then = Math.floor(at / dayMs) * dayMs + time;
  return then <= at ? then : then - dayMs;
}

/** Ms since midnight; undefined where no clock shows it. */
function timeOfDay(hours = "0", minutes = "0"): number | undefined {
  const [h, m] = [Number(hours), Number(minutes)];
  return h > 23 || m > 59 ? undefined : h * hourMs + m * minuteMs;
}

/** The beginning of a day in UTC; undefined for the 30th of February. */
function dayOf(date: string): number | undefined {
  const ms = Date.parse(`${date}T00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : ms;
}
