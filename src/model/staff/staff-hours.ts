/** At which hours of the day people act with their own clients: somebody who never did at this one is perhaps another. */
import { dayMs, hourMs } from "../../kit/duration.ts";
import type { UserId } from "../ids.ts";
import { UnwrittenItems } from "../unwritten-items.ts";

export interface ActingHours {
  readonly user: UserId;
  /** By hour of the day in UTC when they first acted in it, ms since the epoch; 0: never. */
  readonly firstAt: readonly number[];
}

/** To read only. */
export type StaffHoursView = Readonly<Pick<StaffHours, "isUnusual">>;

/** A community has fewer moderators; of who is forgotten no hour is unusual. */
const peopleRemembered = 1_000;
/** Of somebody who was seen to act in fewer, it says nothing that this is none of them. */
const hoursNeeded = 3;

export class StaffHours {
  readonly storedAs = "staff-hours";
  readonly unwritten = new UnwrittenItems<ActingHours>();
  readonly #of = new Map<UserId, ActingHours>();

  get view(): StaffHoursView {
    return this;
  }

  /** Whether they never acted at about this hour before the last day, and are known to act at others. */
  isUnusual(user: UserId, at: number): boolean {
    const firstAt = this.#of.get(user)?.firstAt ?? [];
    const known = firstAt.flatMap((first, hour) => (first > 0 && first <= at - dayMs ? hour : []));
    const now = hourOf(at);
    return known.length >= hoursNeeded && !known.some((hour) => [0, 1, 23].includes((hour - now + 24) % 24));
  }

  acted(user: UserId, at: number): void {
    const firstAt = this.#of.get(user)?.firstAt ?? Array<number>(24).fill(0);
    const hour = hourOf(at);
    // Later than now: the clock was set back.
    if (firstAt[hour]! > 0 && firstAt[hour]! <= at) return;
    const hours = { user, firstAt: firstAt.with(hour, at) };
    this.#of.delete(user);
    this.#of.set(user, hours);
    this.unwritten.note(user, hours);
    if (this.#of.size <= peopleRemembered) return;
    const [oldest] = this.#of.keys();
    this.#of.delete(oldest!);
    this.unwritten.note(oldest!, undefined);
  }

  restore(_key: string, hours: ActingHours): void {
    this.#of.set(hours.user, hours);
  }
}

function hourOf(at: number): number {
  return Math.floor((((at % dayMs) + dayMs) % dayMs) / hourMs);
}
