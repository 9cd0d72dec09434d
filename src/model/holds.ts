/**
 * Whose messages were held, where and when: whoever is held again soon is quiet for a while. And who was let through by a
 * moderator, so that the same protection leaves them alone for a day.
 */
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Hold {
  readonly room: RoomId;
  readonly user: UserId;
  /** When a message of theirs was held last, ms since the epoch. */
  readonly at: number;
}

export interface LetThrough {
  readonly protection: string;
  readonly user: UserId;
  /** Ms since the epoch. */
  readonly at: number;
}

/** Whoever is held again within this time is muted, in that room alone. */
const againMs = 10 * minuteMs;
/** So long the protection leaves alone whom a moderator let through. */
export const letThroughMs = dayMs;

/** The holds, to read only. */
export type HoldsView = Readonly<Pick<Holds, "wasHeld">>;

export class Holds {
  readonly storedAs = "hold";
  readonly unwritten = new UnwrittenItems<Hold>();
  readonly #items: Newest<Hold>;

  /** Beyond so many the oldest are forgotten: nobody is muted for them. */
  constructor(remembered: number) {
    this.#items = new Newest(remembered, this.unwritten);
  }

  get view(): HoldsView {
    return this;
  }

  /** A message of theirs was held there a short time ago. */
  wasHeld(room: RoomId, user: UserId, now: number): boolean {
    const hold = this.#items.get(`${room} ${user}`);
    return hold !== undefined && Math.abs(now - hold.at) < againMs;
  }

  set(hold: Hold): void {
    this.#items.set(`${hold.room} ${hold.user}`, hold);
  }

  restore(key: string, hold: Hold): void {
    this.#items.restore(key, hold);
  }
}

/** Who was let through, to read only. */
export type LetThroughsView = Readonly<Pick<LetThroughs, "isNow" | "isSince">>;

export class LetThroughs {
  readonly storedAs = "let-through";
  readonly unwritten = new UnwrittenItems<LetThrough>();
  readonly #items: Newest<LetThrough>;

  /** Beyond so many the oldest are forgotten: their messages may be held again. */
  constructor(remembered: number) {
    this.#items = new Newest(remembered, this.unwritten);
  }

  get view(): LetThroughsView {
    return this;
  }

  /** The protection leaves the person alone for now. */
  isNow(protection: string, user: UserId, now: number): boolean {
    const one = this.#items.get(`${protection} ${user}`);
    return one !== undefined && Math.abs(now - one.at) < letThroughMs;
  }

  /** They were let through after something was decided: that holds no more. */
  isSince(protection: string, user: UserId, decidedAt: number): boolean {
    const one = this.#items.get(`${protection} ${user}`);
    return one !== undefined && one.at >= decidedAt;
  }

  set(one: LetThrough): void {
    this.#items.set(`${one.protection} ${one.user}`, one);
  }

  restore(key: string, one: LetThrough): void {
    this.#items.restore(key, one);
  }
}

/** Items by key, the newest last; the oldest beyond the bound go. */
export class Newest<T extends object> {
  readonly #most: number;
  readonly #unwritten: UnwrittenItems<T>;
  readonly #all = new Map<string, T>();

  constructor(most: number, unwritten: UnwrittenItems<T>) {
    this.#most = most;
    this.#unwritten = unwritten;
  }

  get(key: string): T | undefined {
    return this.#all.get(key);
  }

  set(key: string, item: T): void {
    this.#all.delete(key);
    this.#all.set(key, item);
    this.#unwritten.note(key, item);
    for (const oldest of this.#all.keys()) {
      if (this.#all.size <= this.#most) return;
      this.#all.delete(oldest);
      this.#unwritten.note(oldest, undefined);
    }
  }

  restore(key: string, item: T): void {
    this.#all.set(key, item);
    if (this.#all.size > this.#most) this.#all.delete(this.#all.keys().next().value!);
  }
}
