/**
 * Who has been speaking here for long: for each person the first and the newest day on which we saw them speak, and on
 * how many days they did. By our own clock and our own eyes, so nobody can claim to be a regular.
 */
import { dayMs } from "../kit/duration.ts";
import type { UserId } from "./ids.ts";

export interface SpeakerRecord {
  /** Days since the epoch. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Distinct days. */
  readonly days: number;
}

export interface RegularLimits {
  /** A regular was first seen speaking at least so long ago ... */
  readonly afterDays: number;
  /** ... and on at least so many days. */
  readonly days: number;
}

/** Who speaks here, to read only. */
export type RegularsView = Pick<Regulars, "get" | "isRegular">;

export class Regulars {
  readonly #limits: RegularLimits & { readonly people: number };
  /** In the order of their newest day, the longest silent first. */
  readonly #speakers = new Map<UserId, SpeakerRecord>();

  constructor(limits: RegularLimits & { readonly people: number }) {
    this.#limits = limits;
  }

  /** Notes that the person spoke; answers what is new to be stored, at most once a day. `forgotten` fell off the end. */
  spoke(user: UserId, at: number): { record: SpeakerRecord; forgotten: UserId | undefined } | undefined {
    const day = Math.floor(at / dayMs);
    const known = this.#speakers.get(user);
    // A clock that was wrong for a while must not count days twice.
    if (known && day <= known.lastDay) return undefined;
    const record = known
      ? { firstDay: known.firstDay, lastDay: day, days: known.days + 1 }
      : { firstDay: day, lastDay: day, days: 1 };
    return { record, forgotten: this.#put(user, record) };
  }

  restore(user: UserId, record: SpeakerRecord): void {
    this.#put(user, record);
  }

  get(user: UserId): SpeakerRecord | undefined {
    return this.#speakers.get(user);
  }

  isRegular(user: UserId, at: number): boolean {
    const known = this.#speakers.get(user);
    if (!known) return false;
    return (
      known.days >= this.#limits.days && Math.floor(at / dayMs) - known.firstDay >= this.#limits.afterDays
    );
  }

  #put(user: UserId, record: SpeakerRecord): UserId | undefined {
    this.#speakers.delete(user);
    this.#speakers.set(user, record);
    if (this.#speakers.size <= this.#limits.people) return undefined;
    const oldest = this.#speakers.keys().next().value!;
    this.#speakers.delete(oldest);
    return oldest;
  }
}
