/**
 * After a gap, what is said waits until the gap is read: commands and answers are heard in the order in which they were
 * said, and the last word counts. Waits for a bounded time. Only `stop` waits for nothing, and what was said before it is
 * overtaken by it.
 */
import type { RoomId } from "../../model/ids.ts";
import type { ObservationOf } from "../../model/observation.ts";

type Message = ObservationOf<"message">;

interface Held {
  readonly since: number;
  /** That are being read. */
  gaps: number;
  /** Was there more than one? Then what they hold is told apart by its time alone. */
  isMixed: boolean;
  /** Read to fill the gap. */
  readonly late: Message[];
  readonly live: Message[];
  /** When the last `stop` was said that did not wait. */
  stoppedAt?: number;
}

/** A message that may be heard now. */
export interface Released {
  readonly message: Message;
  readonly isOvertaken: boolean;
}

/** A moderator waits for an answer: what a gap holds is told and not obeyed if it is read later than this. */
const patienceMs = 10_000;
/** In each room. More than that is not said to us while a gap is read; the oldest go. */
const mostHeld = 1_000;

export class HeldMessages {
  readonly #rooms = new Map<RoomId, Held>();
  /** Messages before which `stop` was heard, and was said after them. */
  readonly #overtaken = new WeakSet<Message>();

  /** A gap in a room in which we are spoken to. */
  begin(room: RoomId, at: number): void {
    const held = this.#rooms.get(room);
    if (!held) return void this.#rooms.set(room, { since: at, gaps: 1, isMixed: false, late: [], live: [] });
    held.gaps++;
    held.isMixed = true;
  }

  /** Whether the message waits from now on. */
  hold(message: Message): boolean {
    const held = this.#rooms.get(message.room);
    if (!held) return false;
    const messages = message.late ? held.late : held.live;
    messages.push(message);
    if (message.late && message.event.sentAt <= (held.stoppedAt ?? -Infinity)) this.#overtaken.add(message);
    if (messages.length > mostHeld) messages.shift();
    return true;
  }

  isHolding(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  /** `stop` was said at this time and is obeyed already: it overtakes what waits, and what is read of the time before it. */
  overtake(sentAt: number): void {
    for (const held of this.#rooms.values()) {
      held.stoppedAt = sentAt;
      for (const message of [...held.late, ...held.live]) this.#overtaken.add(message);
    }
  }

  /** A gap was read, or could not be. Gives what may be heard now. */
  end(room: RoomId): readonly Released[] {
    const held = this.#rooms.get(room);
    if (!held || --held.gaps > 0) return [];
    return this.#release(room, held);
  }

  /** What has waited long enough. */
  overdue(now: number): readonly Released[] {
    return [...this.#rooms].flatMap(([room, held]) =>
      // Begun later than now: our clock was set back.
      now - held.since >= patienceMs || now < held.since ? this.#release(room, held) : [],
    );
  }

  /** When the first of them has waited long enough. */
  nextAt(): number | undefined {
    const ends = [...this.#rooms.values()].map(({ since }) => since + patienceMs);
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }

  #release(room: RoomId, { late, live, isMixed }: Held): readonly Released[] {
    this.#rooms.delete(room);
    const all = [...late, ...live];
    const inOrder = isMixed ? all.sort((a, b) => a.event.sentAt - b.event.sentAt) : all;
    return inOrder.map((message) => ({ message, isOvertaken: this.#overtaken.has(message) }));
  }
}
