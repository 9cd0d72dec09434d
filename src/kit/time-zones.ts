/** Time of day and weekday in a time zone, by the zone data of the runtime. */
import { dayMs, minuteMs } from "./duration.ts";

/** Local time: minutes since midnight, and the day of the week, 0 for Sunday. */
export interface LocalTime {
  readonly minutes: number;
  readonly weekday: number;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/** Making one takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The name of a zone as it is written in the tz database ("Europe/Berlin"), whatever its case; undefined for others. */
export function parseTimeZone(text: string): string | undefined {
  if (text.length > 60) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** `at`: ms since the epoch. `zone`: out of `parseTimeZone`. */
export function localTime(at: number, zone: string): LocalTime {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    minutes: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
    weekday: weekdays.indexOf(parts.get("weekday")!),
  };
}

/**
 * When it is that time of day next, in ms since the epoch: later than `at`. On a day on which clocks are set, it may be
 * off by that hour.
 */
export function nextTimeOfDay(minutes: number, zone: string, at: number): number {
  const now = localTime(at, zone).minutes;
  const wait = (((minutes - now) * minuteMs) % dayMs) + (minutes > now ? 0 : dayMs);
  return at - (at % minuteMs) + wait;
}

/** Minutes since midnight of "07:30"; undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return Number(hours) * 60 + Number(minutes);
}

/** Minutes since midnight of both ends of "23:00-07:00"; past midnight where the second is the earlier one. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** Undefined for anything else, and for hours of no length. */
export function parseHours(text: string): Hours | undefined {
  const [from, to, ...more] = text.split(/\s*[-–]\s*/).map(parseTimeOfDay);
  return from === undefined || to === undefined || from === to || more.length > 0 ? undefined : { from, to };
}

export function isWithin({ from, to }: Hours, minutes: number): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

/** "07:30". */
export function describeTimeOfDay(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
