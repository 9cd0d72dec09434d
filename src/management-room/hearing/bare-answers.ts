/** Which question a bare yes or no is meant for: the only open one, and only right after it was put. */
import { keepNewest } from "../../kit/bounded.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Question } from "../../model/question.ts";

/** A question with more of our own messages after it needs its number or a reply. */
const remembered = 100;

export class BareAnswers {
  /** Our messages since the newest of a person, in the order of the room: an answer may be said before one and heard later. */
  readonly #ours = new Set<EventId>();

  /** We said something. */
  said({ type, eventId }: RoomEvent): void {
    if (type === "m.room.message") this.#ours.add(eventId);
    keepNewest(this.#ours, remembered);
  }

  /** Somebody else said something. */
  over(): void {
    this.#ours.clear();
  }

  only(open: readonly Question[]): Question | undefined {
    const urgent = open.filter(({ about }) => about.kind !== "offer");
    // An offer that nobody cares about keeps no other question from its bare yes, unless it came after it.
    const isOfferNewer = open.some(({ id, about, message }) =>
      about.kind === "offer" && message && this.#ours.has(message) ? id > (urgent[0]?.id ?? 0) : false,
    );
    const [question, ...others] = urgent.length > 0 && !isOfferNewer ? urgent : open;
    return others.length === 0 && question?.message && this.#ours.has(question.message)
      ? question
      : undefined;
  }
}
