/**
 * Rooms that are contained: what we changed there for the time of a wave or of an alarm, value by value, so that it can be
 * put back exactly. What is over is remembered for a while: it says how long the next one stays, and what a person released.
 */
import type { Cause } from "./decision.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import type { ContainedKey, PathChange } from "./path-changes.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Contained {
  readonly room: RoomId;
  readonly key: ContainedKey;
  /** What it was done for first: the release is told and taken back with it. */
  readonly because: Cause;
  /** Since when, ms since the epoch, and how long at least, in ms. */
  readonly at: number;
  readonly stayMs: number;
  /** What is about to be written, and by which decision. It is ours as soon as the room shows it. */
  readonly pending?: { readonly by: string; readonly changes: readonly PathChange[] };
  /** What of it is still ours. For a server ACL each path is `deny` and the server. */
  readonly changes: readonly PathChange[];
  /**
   * What has ended before the room showed it: called off and written all the same, where only the answer was lost, or told
   * late, after a restart.
   */
  readonly maybe?: readonly PathChange[];
  /** Our newest event of it. */
  readonly written?: EventId;
  /**
   * What others have changed since. Events of before ours may be told after it, where we were restarted meanwhile: when
   * ours is told then, nothing of it was lost.
   */
  readonly lost?: readonly PathChange[];
  /** Waves for which it stands. */
  readonly waves: readonly string[];
  /** Who took back what it does, by their own client. */
  readonly liftedBy?: UserId;
  /** Waves for which it is not to be done again: somebody took it back. */
  readonly liftedFor?: readonly string[];
  /** It is over, ms since the epoch. */
  readonly endedAt?: number;
}

/** To read only. */
export type ContainmentsView = Readonly<Pick<Containments, "get" | "isAny" | "standing" | "in" | "all">>;

/** Three in each of as many rooms as a large community has; beyond it those go that are over, the oldest first. */
const remembered = 3_000;

export class Containments {
  readonly storedAs = "containment";
  readonly unwritten = new UnwrittenItems<Contained>();
  /** Oldest first. */
  readonly #all = new Map<string, Contained>();
  /** How many are not over: mostly none. */
  #standing = 0;

  get view(): ContainmentsView {
    return this;
  }

  get(room: RoomId, key: ContainedKey): Contained | undefined {
    return this.#all.get(keyOf(room, key));
  }

  /** Whether any is not over. */
  get isAny(): boolean {
    return this.#standing > 0;
  }

  /** Those of the room that are not over. */
  in(room: RoomId): readonly Contained[] {
    if (this.#standing === 0) return [];
    return (["levels", "acl", "join-rule"] as const).flatMap((key) => {
      const one = this.get(room, key);
      return one && one.endedAt === undefined ? [one] : [];
    });
  }

  /** All that are not over. */
  standing(): readonly Contained[] {
    return this.#standing === 0 ? [] : [...this.#all.values()].filter(({ endedAt }) => endedAt === undefined);
  }

  all(): Iterable<Contained> {
    return this.#all.values();
  }

  set(one: Contained): void {
    this.#put(one);
    this.unwritten.note(keyOf(one.room, one.key), one);
    if (this.#all.size <= remembered) return;
    const over = [...this.#all.values()].find(({ endedAt }) => endedAt !== undefined);
    if (!over) return;
    this.#all.delete(keyOf(over.room, over.key));
    this.unwritten.note(keyOf(over.room, over.key), undefined);
  }

  restore(_key: string, one: Contained): void {
    this.#put(one);
  }

  /** Our clock was set back: what began in the future begins now, or it would stay that much longer. */
  lookedAt(now: number): void {
    if (this.#standing === 0) return;
    for (const one of this.standing()) if (one.at > now) this.set({ ...one, at: now });
  }

  #put(one: Contained): void {
    const key = keyOf(one.room, one.key);
    const before = this.#all.get(key);
    if (before && before.endedAt === undefined) this.#standing--;
    if (one.endedAt === undefined) this.#standing++;
    this.#all.delete(key);
    this.#all.set(key, one);
  }
}

function keyOf(room: RoomId, key: ContainedKey): string {
  return `${room} ${key}`;
}
