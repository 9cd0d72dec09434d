/**
 * How people came: when they joined each room, who had invited them, and how long it was until their first word. Of those
 * who were there when we came nothing is known.
 */
import { lru, type Lru } from "../kit/lru.ts";
import type { RoomId, UserId } from "./ids.ts";
import { timeBetween, type Stamped } from "./time-between.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** `unknown`: they were invited, and we have forgotten by whom. */
export type Inviter = UserId | "nobody" | "unknown";

export interface Arrival {
  readonly by: Inviter;
  /** The join, until the first word; undefined also where they are invited and have not come. */
  readonly joined?: Stamped;
  /** From the join to the first word, in ms; undefined where that is not known (yet). */
  readonly delayMs?: number;
}

/** How people came, to read only. */
export type ArrivalsView = Readonly<Pick<Arrivals, "get">>;

export class Arrivals {
  readonly storedAs = "arrival";
  readonly unwritten = new UnwrittenItems<Arrival>();
  /** The newest last: beyond the bound those go who came first. */
  readonly #all: Lru<string, Arrival>;

  constructor(remembered: number) {
    this.#all = lru(remembered, (key) => this.unwritten.note(key, undefined));
  }

  get view(): ArrivalsView {
    return this;
  }

  get(room: RoomId, user: UserId): Arrival | undefined {
    return this.#all.peek(keyOf(room, user));
  }

  invited(room: RoomId, user: UserId, by: UserId): void {
    if (this.get(room, user)?.by !== by) this.#set(room, user, { by });
  }

  /** `wasInvited`: an invitation stood, though we may have forgotten whose. */
  joined(room: RoomId, user: UserId, { wasInvited, ...joined }: Stamped & { wasInvited: boolean }): void {
    const by = wasInvited ? (this.get(room, user)?.by ?? "unknown") : "nobody";
    this.#set(room, user, { by, joined: { at: joined.at, sentAt: joined.sentAt } });
  }

  /** They wrote something. `late`: it was read to fill a gap, so another may have been the first. */
  spoke(room: RoomId, user: UserId, { late, ...word }: Stamped & { late: boolean }): void {
    const known = this.get(room, user);
    if (!known?.joined) return;
    const delayMs = late ? undefined : timeBetween(known.joined, word);
    this.#set(room, user, { by: known.by, ...(delayMs === undefined ? {} : { delayMs }) });
  }

  /** They went, or we did not see how they came. */
  forget(room: RoomId, user: UserId): void {
    const key = keyOf(room, user);
    if (this.#all.delete(key)) this.unwritten.note(key, undefined);
  }

  restore(key: string, arrival: Arrival): void {
    this.#all.set(key, arrival);
  }

  #set(room: RoomId, user: UserId, arrival: Arrival): void {
    const key = keyOf(room, user);
    this.#all.set(key, arrival);
    this.unwritten.note(key, arrival);
  }
}

function keyOf(room: RoomId, user: UserId): string {
  return `${room} ${user}`;
}
