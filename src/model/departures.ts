/**
 * Who left our rooms lately: by themselves after having been there for a while, so that they may come back; or removed by
 * somebody, so that a person looks before they do.
 */
import { lru, type Lru } from "../kit/lru.ts";
import type { RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Departure {
  readonly room: RoomId;
  /** Ms since the epoch. */
  readonly at: number;
  readonly wasRemoved: boolean;
  /** A knock was refused, or an invitation withdrawn: somebody did not want them, but they were never in the room. */
  readonly wasNeverIn?: true;
}

export type DeparturesView = Readonly<Pick<Departures, "get">>;

export class Departures {
  readonly storedAs = "departure";
  readonly unwritten = new UnwrittenItems<Departure>();
  /** The newest last. Who is forgotten has to be let in by a moderator again. */
  readonly #all: Lru<UserId, Departure>;

  constructor(remembered: number) {
    this.#all = lru(remembered, (user) => this.unwritten.note(user, undefined));
  }

  get view(): DeparturesView {
    return this;
  }

  /** The last one of the person, from any protected room. */
  get(user: UserId): Departure | undefined {
    return this.#all.peek(user);
  }

  set(user: UserId, departure: Departure): void {
    this.#all.set(user, departure);
    this.unwritten.note(user, departure);
  }

  delete(user: UserId): void {
    if (this.#all.delete(user)) this.unwritten.note(user, undefined);
  }

  restore(user: UserId, departure: Departure): void {
    this.#all.set(user, departure);
  }
}
