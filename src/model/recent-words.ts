/**
 * What people said in the last minutes, in memory alone: what is removed of it is put into the stash. Without it only the
 * last message of a flood could be kept. Bounded by time, number and letters; never written as it is.
 */
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { keepable, type KeptEvent } from "./stash.ts";

interface Heard {
  readonly kept: KeptEvent;
  readonly letters: number;
  readonly at: number;
}

/** As long as detectors look back at one person. */
const keptMs = 15 * 60_000;
const mostEvents = 20_000;
/** 4 million letters are 4 to 8 MB. */
const mostLetters = 4_000_000;
/** What an event takes besides its letters. */
const lettersEach = 200;

export class RecentWords {
  readonly #all = new Map<EventId, Heard>();
  #letters = 0;

  heard(room: RoomId, event: RoomEvent, at: number): void {
    const found = keepable(room, event);
    if (!found) return;
    this.forget(event.eventId);
    const letters = found.letters + lettersEach;
    this.#all.set(event.eventId, { kept: found.kept, letters, at });
    this.#letters += letters;
    for (const [id, oldest] of this.#all) {
      const isBeyond = this.#all.size > mostEvents || this.#letters > mostLetters;
      if (!isBeyond && Math.abs(at - oldest.at) <= keptMs) break;
      this.forget(id);
    }
  }

  get(event: EventId): KeptEvent | undefined {
    return this.#all.get(event)?.kept;
  }

  /** Searches everything: for what the homeserver removes of a person in one go. */
  of(user: UserId, rooms: ReadonlySet<RoomId>): readonly KeptEvent[] {
    return [...this.#all.values()].flatMap(({ kept }) =>
      kept.user === user && rooms.has(kept.room) ? kept : [],
    );
  }

  forget(event: EventId): void {
    this.#letters -= this.#all.get(event)?.letters ?? 0;
    this.#all.delete(event);
  }

  forgetPerson(user: UserId): void {
    for (const [id, { kept }] of this.#all) if (kept.user === user) this.forget(id);
  }
}
