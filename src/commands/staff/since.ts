/** From when on: a span of time, or a time of day. */
import { dayMs, hourMs, minuteMs, parseDuration } from "../../kit/duration.ts";

/** Ms since the epoch; undefined where it is neither. A time of day is the last one, in UTC. */
export function sinceIn(text: string, at: number): number | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^since\s+/, "")
    .replace(/\s*utc$/, "");
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(words) ?? [];
  if (hours === undefined) {
    const ms = parseDuration(words);
    return ms === undefined ? undefined : at - ms;
  }
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const today = Math.floor(at / dayMs) * dayMs;
  const then = today + Number(hours) * hourMs + Number(minutes) * minuteMs;
  return then <= at ? then : then - dayMs;
}
