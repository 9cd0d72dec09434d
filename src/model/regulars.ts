/**
 * Regulars: who has been speaking in our rooms for long. For each person the first and the newest day on which we saw a
 * message of theirs, and on how many days there was one. By our own clock, so that nobody can claim to be a regular.
 */
import { dayMs } from "../kit/duration.ts";
import { lru, type Lru } from "../kit/lru.ts";
import type { UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface SpeakerRecord {
  /** Days since the epoch. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** On how many different days they spoke. */
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
  readonly storedAs = "speaker";
  readonly unwritten = new UnwrittenItems<SpeakerRecord>();
  readonly #limits: RegularLimits & { readonly people: number };
  /** Touched only when a person speaks on a new day, so that the person silent for longest is evicted first. */
  readonly #speakers: Lru<UserId, SpeakerRecord>;
  #forgotten: UserId | undefined;

  constructor(limits: RegularLimits & { readonly people: number }) {
    this.#limits = limits;
    this.#speakers = lru(limits.people, (user) => (this.#forgotten = user));
  }

  get view(): RegularsView {
    return this;
  }

  /** Notes that the person spoke. Gives what changed, at most once a day. `forgotten`: the person evicted for it. */
  spoke(user: UserId, at: number): { record: SpeakerRecord; forgotten: UserId | undefined } | undefined {
    const day = Math.floor(at / dayMs);
    const known = this.#speakers.peek(user);
    // Days count once, even where the clock was wrong for a while.
    if (known && day <= known.lastDay) return undefined;
    const record = known
      ? { firstDay: known.firstDay, lastDay: day, days: known.days + 1 }
      : { firstDay: day, lastDay: day, days: 1 };
    const forgotten = this.#put(user, record);
    this.unwritten.note(user, record);
    if (forgotten !== undefined) this.unwritten.note(forgotten, undefined);
    return { record, forgotten };
  }

  restore(user: UserId, record: SpeakerRecord): void {
    this.#put(user, record);
  }

  get(user: UserId): SpeakerRecord | undefined {
    return this.#speakers.peek(user);
  }

  isRegular(user: UserId, at: number): boolean {
    const known = this.#speakers.peek(user);
    if (!known) return false;
    return (
      known.days >= this.#limits.days && Math.floor(at / dayMs) - known.firstDay >= this.#limits.afterDays
    );
  }

  #put(user: UserId, record: SpeakerRecord): UserId | undefined {
    this.#forgotten = undefined;
    this.#speakers.set(user, record);
    return this.#forgotten;
  }
}
