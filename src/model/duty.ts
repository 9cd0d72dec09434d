/** Who is on duty at a time, and who is next, by the roster that moderators keep. */
import { dayMs, minuteMs } from "../kit/duration.ts";
import { localTime } from "../kit/time-zones.ts";
import type { UserId } from "./ids.ts";
import type { DutySettings, Watch } from "./settings/duty.ts";

/** So far ahead the next one is looked for; a roster repeats every week. */
const lookedAheadMs = 7 * dayMs;
/** Watches begin at full minutes; a quarter of an hour is close enough for who is next. */
const stepMs = 15 * minuteMs;

/** Those on duty now, in the order in which they were put on the roster. */
export function onDuty({ duty, offDuty }: DutySettings, at: number): readonly UserId[] {
  return [...duty].flatMap(([user, watches]) => {
    const isAway = (offDuty.get(user) ?? 0) > at;
    return !isAway && watches.some((watch) => isOn(watch, at)) ? user : [];
  });
}

/** Who comes next and is not on duty now, and when; undefined where nobody does within a week. */
export function nextOnDuty(
  settings: DutySettings,
  at: number,
): { readonly users: readonly UserId[]; readonly at: number } | undefined {
  const now = new Set(onDuty(settings, at));
  const first = at - (at % stepMs) + stepMs;
  for (let then = first; then <= at + lookedAheadMs; then += stepMs) {
    const users = onDuty(settings, then).filter((user) => !now.has(user));
    if (users.length > 0) return { users, at: then };
  }
  return undefined;
}

function isOn({ from, to, zone, days }: Watch, at: number): boolean {
  const { minutes, weekday } = localTime(at, zone);
  if (from < to) return days.includes(weekday) && minutes >= from && minutes < to;
  // Past midnight, it began the day before. From a time to the same one it lasts a whole day.
  if (minutes >= from) return days.includes(weekday);
  return minutes < to && days.includes((weekday + 6) % 7);
}
