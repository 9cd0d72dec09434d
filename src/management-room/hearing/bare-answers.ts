/** Which question a message that says only "yes" or "no" answers: the only open one, if nobody spoke since it was asked. */
import { keepNewest } from "../../kit/bounded.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Question } from "../../model/question.ts";

/** A question with more of our messages after it has to be answered by number or by a reply. */
const mostOwnMessages = 100;

export class BareAnswers {
  /**
   * Our messages since the last one of a person, in the order of the room's timeline: an answer that was sent before a
   * question may arrive after it.
   */
  readonly #ownMessages = new Set<EventId>();

  /** We sent a message. */
  noteOwn({ type, eventId }: RoomEvent): void {
    if (type === "m.room.message") this.#ownMessages.add(eventId);
    keepNewest(this.#ownMessages, mostOwnMessages);
  }

  /** A person sent something: from now on earlier questions need a number or a reply. */
  noteOther(): void {
    this.#ownMessages.clear();
  }

  /** The question that is meant; undefined where several are open or somebody spoke after it. */
  questionMeant(open: readonly Question[]): Question | undefined {
    const urgent = open.filter(({ about }) => about.kind !== "offer");
    // An open offer may be ignored for ever: it makes a bare yes ambiguous only where it is newer than the question.
    const isOfferNewer = open.some(({ id, about, message }) =>
      about.kind === "offer" && message && this.#ownMessages.has(message) ? id > (urgent[0]?.id ?? 0) : false,
    );
    const [question, ...others] = urgent.length > 0 && !isOfferNewer ? urgent : open;
    return others.length === 0 && question?.message && this.#ownMessages.has(question.message)
      ? question
      : undefined;
  }
}
